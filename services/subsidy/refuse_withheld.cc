// RefuseWithheld: WITHHELD → REFUSED; the money that was reserved goes back to the guard row.

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/request.h"
#include "services/subsidy/subsidy_case.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {
namespace {

absl::Status GiveBackOf(act::Step& step, const Case& row) {
  const std::string plan_id = base::StrCat(row.year);
  if (!GiveBack(step.txn(), plan_id, row.amount_fen)) {
    return absl::InternalError(base::StrCat("plan ", plan_id, " has less reserved than ", row.id));
  }
  const std::optional<Plan> plan = FindPlan(step.txn(), plan_id);
  step.Record({.case_id = base::StrCat("plan-", plan_id),
               .action = "give_back",
               .from_state = "OPEN",
               .to_state = "OPEN",
               .reason = row.id,
               .rules_digest = plan->rules_digest,
               .sealed = {SealOf(*plan)}});
  return absl::OkStatus();
}

}  // namespace

using domain::Action;
using domain::Paper;

absl::Status SubsidyService::RefuseWithheld(const rpc::Call& call,
                                            const v1::DecideSubsidyCaseRequest& request,
                                            v1::SubsidyCase* answer) {
  act::Shape shape;
  const std::string id = CheckDecision(shape, request);
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Case row, cases::Lock<SubsidyCase>(step, Action::kRefuse, id, request.etag()));
    const auto gather = [&](const Case&, domain::Facts& facts) {
      return GatherDecision(request, Paper::kDecision, facts);
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<SubsidyCase>(step, Action::kRefuse, row, gather));
    RETURN_IF_ERROR(GiveBackOf(step, row));
    RETURN_IF_ERROR(cases::Move<SubsidyCase>(step, decision, row, NoteOf(request)).status());
    FillCase(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::subsidy
