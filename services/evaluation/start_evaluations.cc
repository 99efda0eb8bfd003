#include <set>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "services/evaluation/case.h"
#include "services/evaluation/convert.h"
#include "services/evaluation/evaluation_service.h"

namespace alliance::evaluation {

using domain::Action;
using domain::Decision;
using domain::State;

absl::Status EvaluationService::StartEvaluations(const rpc::Call& call,
                                                 const v1::StartEvaluationsRequest& request,
                                                 v1::StartEvaluationsResponse* answer) {
  act::Shape shape;
  const std::string year = ReadCampaignName(shape, "campaign", request.campaign());
  const std::vector<std::string> ids = ReadNames(shape, request.evaluations());
  for (size_t i = 0; i < ids.size(); ++i) {
    shape.Check(ids[i].empty() || YearOf(ids[i]) == year, base::StrCat("evaluations[", i, "]"),
                "OTHER_YEAR", "不属于该年度评价", "is not of the campaign's year");
  }
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(std::vector<Evaluation> evaluations,
                     TakeAllFor(step, call, Action::kStartEvaluation, ids));
    // Campaigns and assignments are only ever added.
    const std::optional<Campaign> campaign = ReadCampaign(step.txn(), year);
    const std::vector<std::string> assigned = AssignedOf(step.txn(), ids);
    const std::set<std::string> with_firm(assigned.begin(), assigned.end());

    for (Evaluation& evaluation : evaluations) {
      const domain::Facts facts = {
          .now = step.now(),
          .campaign_open = campaign.has_value(),
          // After a missed report the veto decides: nothing is left to score (Q22).
          .assignments_made = with_firm.contains(evaluation.id) || evaluation.report_missed};
      ASSIGN_OR_RETURN(const Decision decision,
                       Decide(ViewOf(evaluation), Action::kStartEvaluation, call.caller, facts));
      const State from = evaluation.state;
      evaluation.state = decision.to;
      evaluation.start = step.now();
      evaluation.rules_digest = campaign->rules_digest;
      RETURN_IF_ERROR(Store(step, evaluation, from, {.action = WordOf(Action::kStartEvaluation)}));
      ShowHead(evaluation, call.caller, answer->add_evaluations());
    }
    return absl::OkStatus();
  });
}

}  // namespace alliance::evaluation
