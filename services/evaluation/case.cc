#include "services/evaluation/case.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/errors.h"
#include "common/domain/scoring.h"
#include "services/evaluation/convert.h"

namespace alliance::evaluation {
namespace {

using domain::Reason;
using domain::Refuse;

constexpr size_t kUuidLength = 36;
constexpr size_t kLongestExpert = 32;

bool IsExpertCode(std::string_view code) {
  return !code.empty() && code.size() <= kLongestExpert &&
         std::all_of(code.begin(), code.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '_' || c == '-';
         });
}

bool IsYear(std::string_view text) {
  return text.size() == 4 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::vector<std::string> EvaluationsNamed(
    act::Shape& shape, const google::protobuf::RepeatedPtrField<std::string>& names) {
  shape.Between("evaluations", names.size(), 1, kMostPerRequest);
  std::vector<std::string> ids;
  std::set<std::string_view> seen;
  for (int i = 0; i < names.size(); ++i) {
    const std::string field = base::StrCat("evaluations[", i, "]");
    ids.push_back(shape.YearlyName(field, kEvaluations, names[i]));
    shape.Check(seen.insert(names[i]).second, field, "DUPLICATE", "重复", "stands twice");
  }
  return ids;
}

std::string CampaignNamed(act::Shape& shape, std::string_view field, std::string_view name) {
  const std::string_view year =
      name.starts_with(kCampaigns) ? name.substr(kCampaigns.size()) : std::string_view();
  shape.Check(IsYear(year), field, "NAME", "名称应为 campaigns/{yyyy}", "must be campaigns/{yyyy}");
  return IsYear(year) ? std::string(year) : "";
}

std::string_view YearOf(std::string_view evaluation_id) {
  return evaluation_id.size() > kUuidLength ? evaluation_id.substr(kUuidLength + 1) : "";
}

absl::StatusOr<const rules::Pack*> PackOf(const act::Deps& deps,
                                          const std::optional<std::string>& rules_digest) {
  const rules::Pack* pack = deps.packs.FindByDigest(rules_digest.value_or(""));
  if (pack == nullptr) {
    return Refuse(Reason::kPackInvalid,
                  {{"where", "rules"}, {"problem", "the pack of this campaign is not loaded"}});
  }
  return pack;
}

std::vector<std::string> VetoesOf(const Evaluation& evaluation) {
  if (!evaluation.report_missed) return {};
  return {std::string(kMissedReportVeto)};
}

absl::Status SetResult(const std::vector<Score>& scores, const rules::Pack& pack,
                       Evaluation& evaluation) {
  std::vector<int64_t> totals;
  totals.reserve(scores.size());
  for (const Score& score : scores) totals.push_back(score.total_hundredths);
  ASSIGN_OR_RETURN(domain::Evaluation result,
                   domain::Evaluate(totals, VetoesOf(evaluation), pack.scoring_rules()));
  evaluation.sum_hundredths = result.sum_hundredths;
  evaluation.expert_count = static_cast<int32_t>(result.experts);
  evaluation.total_hundredths = static_cast<int32_t>(result.total_hundredths);
  evaluation.grade = std::move(result.grade);
  evaluation.veto = std::move(result.veto);
  return absl::OkStatus();
}

void CheckScoreShape(act::Shape& shape, const std::string& field, const v1::Score& score) {
  shape.Check(IsExpertCode(score.expert()), base::StrCat(field, ".expert"), "EXPERT_CODE",
              "专家代码应为 1 至 32 个字母、数字或 . _ -",
              "must be 1 to 32 letters, digits or . _ -");
  shape.Text(base::StrCat(field, ".comment"), score.comment(), kLongText);
}

std::vector<int64_t> ItemsOf(const v1::Score& score) {
  return {score.item_hundredths().begin(), score.item_hundredths().end()};
}

void CheckItems(const std::vector<int64_t>& items, const rules::Pack& pack,
                const std::string& field, std::vector<domain::FieldProblem>& problems) {
  const absl::Status checked = domain::CheckScore(items, pack.scoring_rules(), field);
  if (checked.ok()) return;
  std::vector<domain::FieldProblem> found = domain::DetailsOf(checked)->fields;
  problems.insert(problems.end(), std::make_move_iterator(found.begin()),
                  std::make_move_iterator(found.end()));
}

}  // namespace alliance::evaluation
