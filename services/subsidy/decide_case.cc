// The acts that decide one case with a reason and a document: objections, approval, withholding,
// and a payment tried again.

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/errors.h"
#include "services/subsidy/case.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {

using domain::Action;
using domain::Paper;

absl::Status SubsidyService::DismissSubsidyObjection(const rpc::Call& call,
                                                     const v1::DecideSubsidyCaseRequest& request,
                                                     v1::SubsidyCase* answer) {
  return DecideOne(deps_, call, request, answer, {Action::kDismiss, Paper::kHandlingRecord},
                   NoFacts, NoChange);
}

absl::Status SubsidyService::UpholdSubsidyObjection(const rpc::Call& call,
                                                    const v1::DecideSubsidyCaseRequest& request,
                                                    v1::SubsidyCase* answer) {
  return DecideOne(deps_, call, request, answer, {Action::kUphold, Paper::kHandlingRecord}, NoFacts,
                   NoChange);
}

absl::Status SubsidyService::ApproveSubsidy(const rpc::Call& call,
                                            const v1::DecideSubsidyCaseRequest& request,
                                            v1::SubsidyCase* answer) {
  return DecideOne(
      deps_, call, request, answer, {Action::kApprove, Paper::kApprovalDocument},
      [](act::Step& step, const Case& row, domain::Facts& facts) -> absl::Status {
        facts.notice_closes = row.notice_close.value_or(absl::InfiniteFuture());
        const std::optional<Run> run = row.run_id ? ReadRun(step.txn(), *row.run_id) : std::nullopt;
        if (run) {
          facts.run_prepared_by = run->preparer;
          facts.frozen_by = run->frozen_by;
        }
        return absl::OkStatus();
      },
      NoChange);
}

absl::Status SubsidyService::ReleaseWithheld(const rpc::Call& call,
                                             const v1::DecideSubsidyCaseRequest& request,
                                             v1::SubsidyCase* answer) {
  return DecideOne(deps_, call, request, answer, {Action::kReleaseWithheld, Paper::kDecision},
                   NoFacts, NoChange);
}

// The money that was reserved goes back to the guard row.
absl::Status SubsidyService::RefuseWithheld(const rpc::Call& call,
                                            const v1::DecideSubsidyCaseRequest& request,
                                            v1::SubsidyCase* answer) {
  return DecideOne(deps_, call, request, answer, {Action::kRefuse, Paper::kDecision}, NoFacts,
                   [](act::Step& step, Case& row, Note&) -> absl::Status {
                     const std::string plan_id = base::StrCat(row.year);
                     if (!GiveBack(step.txn(), plan_id, row.amount_fen)) {
                       return absl::InternalError(
                           base::StrCat("plan ", plan_id, " has less reserved than ", row.id));
                     }
                     const std::optional<Plan> plan = ReadPlan(step.txn(), plan_id);
                     step.Record({.case_id = base::StrCat("plan-", plan_id),
                                  .action = "give_back",
                                  .from_state = "OPEN",
                                  .to_state = "OPEN",
                                  .reason = row.id,
                                  .sealed = {SealOf(*plan)}});
                     return absl::OkStatus();
                   });
}

absl::Status SubsidyService::RetryPayment(const rpc::Call& call,
                                          const v1::DecideSubsidyCaseRequest& request,
                                          v1::SubsidyCase* answer) {
  return DecideOne(deps_, call, request, answer, {Action::kRetryPayment}, NoFacts, NoChange);
}

}  // namespace alliance::subsidy
