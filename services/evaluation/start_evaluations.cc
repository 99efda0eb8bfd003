#include <set>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "services/evaluation/case.h"
#include "services/evaluation/convert.h"
#include "services/evaluation/evaluation_case.h"
#include "services/evaluation/evaluation_service.h"

namespace alliance::evaluation {

using domain::Action;
using domain::Decision;

absl::Status EvaluationService::StartEvaluations(const rpc::Call& call,
                                                 const v1::StartEvaluationsRequest& request,
                                                 v1::StartEvaluationsResponse* answer) {
  act::Shape shape;
  const std::string year = CampaignNamed(shape, "campaign", request.campaign());
  const std::vector<std::string> ids = EvaluationsNamed(shape, request.evaluations());
  for (size_t i = 0; i < ids.size(); ++i) {
    shape.Check(ids[i].empty() || YearOf(ids[i]) == year, base::StrCat("evaluations[", i, "]"),
                "OTHER_YEAR", "不属于该年度评价", "is not of the campaign's year");
  }
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(std::vector<Evaluation> evaluations,
                     LockAll(step, Action::kStartEvaluation, ids));
    // Campaigns and assignments are only ever added.
    const std::optional<Campaign> campaign = FindCampaign(step.txn(), year);
    const std::vector<std::string> assigned = ListAssigned(step.txn(), ids);
    const std::set<std::string> with_firm(assigned.begin(), assigned.end());

    const auto gather = [&](const Evaluation& now, domain::Facts& facts) {
      facts.campaign_open = campaign.has_value();
      // After a missed report the veto decides: nothing is left to score (Q22).
      facts.assignments_made = with_firm.contains(now.id) || now.report_missed;
      return absl::OkStatus();
    };

    std::vector<cases::Moving<Evaluation>> moves;
    for (Evaluation& evaluation : evaluations) {
      ASSIGN_OR_RETURN(
          const Decision decision,
          cases::Decide<EvaluationCase>(step, Action::kStartEvaluation, evaluation, gather));
      evaluation.start = step.now();
      evaluation.rules_digest = campaign->rules_digest;
      moves.push_back({.row = std::move(evaluation), .decision = decision});
    }
    RETURN_IF_ERROR(cases::MoveAll<EvaluationCase>(step, moves));
    for (const auto& moved : moves) {
      FillHead(moved.row, call.caller, answer->add_evaluations());
    }
    return absl::OkStatus();
  });
}

}  // namespace alliance::evaluation
