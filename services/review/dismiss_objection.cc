#include "common/base/status_macros.h"
#include "services/review/convert.h"
#include "services/review/objection_act.h"
#include "services/review/review_service.h"

namespace alliance::review {

// OBJECTED → IN_NOTICE, or NOTICE_CLOSED when the period is over meanwhile.
absl::Status ReviewService::DismissObjection(const rpc::Call& call,
                                             const v1::HandleObjectionRequest& request,
                                             v1::ReviewCase* answer) {
  act::Shape shape;
  const std::string id = CheckHandling(request, shape);
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Taken taken,
                     TakeObjected(step, deps_, call, domain::Action::kDismiss, id, request));
    ASSIGN_OR_RETURN(const domain::Decision decision, taken.Decide(call.caller));
    RETURN_IF_ERROR(StoreHandling(step, call, taken, decision, request));
    FillCase(taken.row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
