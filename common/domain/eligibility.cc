#include "common/domain/eligibility.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/base/text.h"
#include "common/domain/problem.h"

namespace alliance::domain {
namespace {

constexpr std::array<std::string_view, 3> kSourceWords = {"audit_report", "a107012_row40", "form"};

bool Known(std::string_view id) {
  return std::any_of(kConditions.begin(), kConditions.end(),
                     [&](const ConditionRow& row) { return row.id == id; });
}

}  // namespace

std::vector<FieldProblem> CheckConditions(const std::vector<ConditionRecord>& records) {
  std::vector<FieldProblem> problems;
  std::set<std::string> seen;
  for (size_t i = 0; i < records.size(); ++i) {
    const ConditionRecord& record = records[i];
    const std::string row = absl::StrCat("conditions[", i, "]");
    if (!Known(record.condition)) {
      problems.push_back(MakeProblem(Problem::kConditionUnknown, row + ".condition"));
    } else if (!seen.insert(record.condition).second) {
      problems.push_back(MakeProblem(Problem::kConditionTwice, row + ".condition"));
    }
    if (record.verdict < ConditionVerdict::kOpen || record.verdict > ConditionVerdict::kCorrect) {
      problems.push_back(MakeProblem(Problem::kNotInList, row + ".verdict"));
    }
    if (record.verdict == ConditionVerdict::kOpen) continue;
    // pass, fail or needs correction, each with reason and evidence.
    if (base::VisibleLength(record.reason) == 0) {
      problems.push_back(MakeProblem(Problem::kRequired, row + ".reason"));
    }
    if (base::VisibleLength(record.evidence) == 0) {
      problems.push_back(MakeProblem(Problem::kRequired, row + ".evidence"));
    }
  }
  return problems;
}

ConditionCount CountConditions(const std::vector<ConditionRecord>& records) {
  std::map<std::string, ConditionVerdict> verdicts;
  for (const ConditionRecord& record : records) verdicts[record.condition] = record.verdict;
  ConditionCount count;
  for (const ConditionRow& row : kConditions) {
    const auto verdict = verdicts.find(std::string(row.id));
    if (verdict != verdicts.end() && verdict->second == ConditionVerdict::kPass) continue;
    if (verdict != verdicts.end() && verdict->second == ConditionVerdict::kFail) {
      ++count.failed;
    } else {
      ++count.open;
    }
  }
  return count;
}

int CountOverridesMissing(const std::vector<FieldProblem>& problems,
                          const std::vector<Override>& overrides) {
  return static_cast<int>(
      std::count_if(problems.begin(), problems.end(), [&](const FieldProblem& problem) {
        if (problem.severity != Severity::kNeedsOverride) return false;
        return std::none_of(overrides.begin(), overrides.end(), [&](const Override& answer) {
          return answer.field == problem.field && answer.problem == problem.reason &&
                 base::VisibleLength(answer.reason) > 0;
        });
      }));
}

std::string_view WordOf(RdSource source) { return kSourceWords[static_cast<size_t>(source)]; }

std::optional<RdSource> RdSourceOf(std::string_view word) {
  for (size_t i = 0; i < kSourceWords.size(); ++i) {
    if (kSourceWords[i] == word) return static_cast<RdSource>(i);
  }
  return std::nullopt;
}

absl::StatusOr<VerifiedRd> VerifyRd(Fen declared, RdSource source, Fen evidenced,
                                    int64_t tolerance_percent) {
  if (declared < Fen() || evidenced < Fen()) return Refuse(Reason::kAmountNegative);
  if (source == RdSource::kForm) evidenced = declared;
  VerifiedRd verified{.amount = std::min(declared, evidenced)};
  const __int128 apart =
      static_cast<__int128>(std::max(declared, evidenced).value()) - verified.amount.value();
  if (apart * 100 > static_cast<__int128>(evidenced.value()) * tolerance_percent) {
    verified.differs = MakeProblem(Problem::kX09, "verified_rd_fen",
                                   {{"declared", FormatWan(declared)},
                                    {"evidenced", FormatWan(evidenced)},
                                    {"percent", absl::StrCat(tolerance_percent)}});
  }
  return verified;
}

}  // namespace alliance::domain
