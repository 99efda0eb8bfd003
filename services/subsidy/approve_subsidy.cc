// ApproveSubsidy: SUBSIDY_NOTICE → APPROVED, when the notice is over, by somebody who neither
// prepared nor froze the run.

#include "common/base/status_macros.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/request.h"
#include "services/subsidy/subsidy_case.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {

using domain::Action;
using domain::Paper;

absl::Status SubsidyService::ApproveSubsidy(const rpc::Call& call,
                                            const v1::DecideSubsidyCaseRequest& request,
                                            v1::SubsidyCase* answer) {
  act::Shape shape;
  const std::string id = CheckDecision(shape, request);
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Case row,
                     cases::Lock<SubsidyCase>(step, Action::kApprove, id, request.etag()));
    const std::optional<Run> run = row.run_id ? FindRun(step.txn(), *row.run_id) : std::nullopt;
    const auto gather = [&](const Case& now, domain::Facts& facts) {
      facts.notice_closes = now.notice_close.value_or(absl::InfiniteFuture());
      if (run) {
        facts.run_prepared_by = run->preparer;
        facts.frozen_by = run->frozen_by;
      }
      return GatherDecision(request, Paper::kApprovalDocument, facts);
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<SubsidyCase>(step, Action::kApprove, row, gather));
    RETURN_IF_ERROR(cases::Move<SubsidyCase>(step, decision, row, NoteOf(request)).status());
    FillCase(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::subsidy
