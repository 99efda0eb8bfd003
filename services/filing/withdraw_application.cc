// WithdrawApplication: the lead takes back what filing holds. An end: see create_application.cc.

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/filing/case_acts.h"
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

  return ActOnCase(deps_, call, request, answer, [&](act::Step& step, Due& due) -> absl::Status {
    ASSIGN_OR_RETURN(Application row,
                     LoadToAct(step, call, id, Action::kWithdraw, std::nullopt, due));
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     DecideAct(row.View(), Action::kWithdraw, call.caller,
                               {.now = step.now(), .reason = request.reason()}, due));
    RETURN_IF_ERROR(Move(step, decision, &row, {.reason = request.reason()}).status());
    answer->set_name(request.name());
    answer->set_state(v1::Application::WITHDRAWN);
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
