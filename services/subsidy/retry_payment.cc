// RetryPayment: PAYMENT_FAILED → PAYING.

#include "common/base/status_macros.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/request.h"
#include "services/subsidy/subsidy_case.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {

using domain::Action;

absl::Status SubsidyService::RetryPayment(const rpc::Call& call,
                                          const v1::DecideSubsidyCaseRequest& request,
                                          v1::SubsidyCase* answer) {
  act::Shape shape;
  const std::string id = CheckDecision(shape, request);
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Case row,
                     cases::Lock<SubsidyCase>(step, Action::kRetryPayment, id, request.etag()));
    const auto gather = [&](const Case&, domain::Facts& facts) {
      facts.reason = request.reason();
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<SubsidyCase>(step, Action::kRetryPayment, row, gather));
    RETURN_IF_ERROR(cases::Move<SubsidyCase>(step, decision, row, NoteOf(request)).status());
    FillCase(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::subsidy
