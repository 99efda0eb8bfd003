// WithdrawApplication: the lead takes back what filing holds. An end: see create_application.cc.

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/text.h"
#include "services/filing/application_case.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"

namespace alliance::filing {

using domain::Action;

absl::Status FilingService::WithdrawApplication(const rpc::Call& call,
                                                const v1::WithdrawApplicationRequest& request,
                                                v1::WithdrawApplicationResponse* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kApplications, request.name());
  shape.OptionalText("reason", request.reason());
  RETURN_IF_ERROR(shape.Done());
  const std::string reason(base::Trim(request.reason()));

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Application row,
                     cases::Lock<ApplicationCase>(step, Action::kWithdraw, id, std::nullopt));
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<ApplicationCase>(step, Action::kWithdraw, row));
    RETURN_IF_ERROR(cases::Move<ApplicationCase>(step, decision, row, {.reason = reason}).status());
    answer->set_name(request.name());
    answer->set_state(v1::Application::WITHDRAWN);
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
