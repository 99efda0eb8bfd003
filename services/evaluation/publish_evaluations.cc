#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "services/evaluation/case.h"
#include "services/evaluation/convert.h"
#include "services/evaluation/evaluation_case.h"
#include "services/evaluation/evaluation_service.h"

namespace alliance::evaluation {
namespace {

using domain::Action;
using domain::Decision;

// The list as it would be published now; the caller names the digest of the one that was decided
// on.
std::string ListDigest(const std::vector<Evaluation>& evaluations) {
  std::vector<std::string> lines;
  for (const Evaluation& evaluation : evaluations) {
    lines.push_back(base::StrCat(NameOf(evaluation), "\t", evaluation.total_hundredths.value_or(0),
                                 "\t", evaluation.grade, "\n"));
  }
  std::sort(lines.begin(), lines.end());
  crypto::Sha256Hasher hasher;
  for (const std::string& line : lines) hasher.Add(line);
  return hasher.Finish();
}

events::v1::Event Published(const Evaluation& evaluation) {
  events::v1::Event event;
  events::v1::EvaluationPublished& published = *event.mutable_evaluation_published();
  published.set_alliance_id(evaluation.alliance_id);
  published.set_year(evaluation.year);
  published.set_total_hundredths(evaluation.total_hundredths.value_or(0));
  published.set_grade(evaluation.grade);
  published.set_verified_rd_fen(evaluation.verified_rd_fen);
  published.set_evidence_sha256(evaluation.evidence_sha256.value_or(""));
  return event;
}

}  // namespace

absl::Status EvaluationService::PublishEvaluations(const rpc::Call& call,
                                                   const v1::PublishEvaluationsRequest& request,
                                                   v1::PublishEvaluationsResponse* answer) {
  act::Shape shape;
  const std::string year = CampaignNamed(shape, "campaign", request.campaign());
  const std::vector<std::string> ids = EvaluationsNamed(shape, request.evaluations());
  for (size_t i = 0; i < ids.size(); ++i) {
    shape.Check(ids[i].empty() || YearOf(ids[i]) == year, base::StrCat("evaluations[", i, "]"),
                "OTHER_YEAR", "不属于该年度评价", "is not of the campaign's year");
  }
  shape.HexDigest("list_digest", request.list_digest());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(std::vector<Evaluation> evaluations, LockAll(step, Action::kPublish, ids));
    std::map<std::string, int> open_appeals;
    for (OpenAppeals& open : ListOpenAppeals(step.txn(), ids)) {
      open_appeals.emplace(std::move(open.evaluation_id), open.count);
    }
    const std::string digest = ListDigest(evaluations);
    const bool matches = crypto::Hex(digest) == absl::AsciiStrToLower(request.list_digest());

    const auto gather = [&](const Evaluation& now, domain::Facts& facts) {
      facts.papers_given = domain::Paper::kResultList;  // the list that the digest names
      facts.list_matches = matches;
      facts.appeal_closes = now.appeal_close.value_or(absl::InfiniteFuture());
      const auto open = open_appeals.find(now.id);
      facts.open_appeals = open == open_appeals.end() ? 0 : open->second;
      return absl::OkStatus();
    };

    std::vector<cases::Moving<Evaluation>> moves;
    for (Evaluation& evaluation : evaluations) {
      ASSIGN_OR_RETURN(const Decision decision,
                       cases::Decide<EvaluationCase>(step, Action::kPublish, evaluation, gather));
      evaluation.publish = step.now();
      cases::Note note = {.paper_digest = digest, .events = {Published(evaluation)}};
      moves.push_back(
          {.row = std::move(evaluation), .decision = decision, .note = std::move(note)});
    }
    RETURN_IF_ERROR(cases::MoveAll<EvaluationCase>(step, moves));
    for (const auto& moved : moves) {
      FillHead(moved.row, call.caller, answer->add_evaluations());
    }
    return absl::OkStatus();
  });
}

}  // namespace alliance::evaluation
