#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/domain/calendar.h"
#include "common/domain/scoring.h"
#include "services/evaluation/case.h"
#include "services/evaluation/convert.h"
#include "services/evaluation/evaluation_case.h"
#include "services/evaluation/evaluation_service.h"

namespace alliance::evaluation {
namespace {

using domain::Action;
using domain::Decision;
using domain::State;

// Whether the scores suffice, and how many lie far apart.
absl::Status GatherScores(const std::vector<Score>& scores, const rules::Pack& pack,
                          const Evaluation& evaluation, bool outliers_answered,
                          domain::Facts& facts) {
  const domain::ScoringRules& rules = pack.scoring_rules();
  facts.experts_scored = static_cast<int>(scores.size());
  facts.experts_needed = static_cast<int>(rules.min_experts);
  // A veto needs no scores.
  facts.scores_complete = evaluation.report_missed || facts.experts_scored >= facts.experts_needed;
  if (!facts.scores_complete || outliers_answered) return absl::OkStatus();
  std::vector<int64_t> totals;
  for (const Score& score : scores) totals.push_back(score.total_hundredths);
  ASSIGN_OR_RETURN(const domain::Evaluation result,
                   domain::Evaluate(totals, VetoesOf(evaluation), rules));
  facts.open_outliers = static_cast<int>(result.outliers.size());
  return absl::OkStatus();
}

}  // namespace

absl::Status EvaluationService::PublishPreliminary(const rpc::Call& call,
                                                   const v1::PublishPreliminaryRequest& request,
                                                   v1::Evaluation* answer) {
  act::Shape shape;
  const std::string id = shape.YearlyName("name", kEvaluations, request.name());
  shape.Etag(request.etag());
  shape.OptionalText("outlier_answer", request.outlier_answer(), kLongText);
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(
        Evaluation evaluation,
        cases::Lock<EvaluationCase>(step, Action::kPublishPreliminary, id, request.etag()));
    const std::string outlier_answer = cases::Written(request.outlier_answer());
    std::vector<Score> scores;
    const rules::Pack* pack = nullptr;
    if (evaluation.state == State::kEvaluating) {
      ASSIGN_OR_RETURN(pack, PackOf(deps_, evaluation.rules_digest));
      scores = ListScores(step.txn(), id, "");
    }
    const auto gather = [&](const Evaluation& now, domain::Facts& facts) {
      // Not under way, it is refused for its state, whatever the scores.
      if (pack == nullptr) return absl::OkStatus();
      return GatherScores(scores, *pack, now, !outlier_answer.empty(), facts);
    };
    ASSIGN_OR_RETURN(
        const Decision decision,
        cases::Decide<EvaluationCase>(step, Action::kPublishPreliminary, evaluation, gather));

    RETURN_IF_ERROR(SetResult(scores, *pack, evaluation));
    evaluation.outlier_answer = outlier_answer;
    evaluation.preliminary = step.now();
    // The day itself does not count; the last one ends at 24:00 (Civil Code 201, 203).
    evaluation.appeal_close =
        domain::StartOf(domain::DayOf(step.now()) + pack->proto().evaluation().appeal_days() + 1);
    RETURN_IF_ERROR(
        cases::Move<EvaluationCase>(step, decision, evaluation, {.reason = outlier_answer})
            .status());
    FillHead(evaluation, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::evaluation
