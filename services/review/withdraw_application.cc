#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/review/case_act.h"
#include "services/review/convert.h"
#include "services/review/review_service.h"

namespace alliance::review {

// SUBMITTED, REVIEWING or PASSED → WITHDRAWN, by the firm. While filing holds the case this answers
// HELD_ELSEWHERE, as filing does while review holds it.
absl::Status ReviewService::WithdrawApplication(
    const rpc::Call& call, const filing::v1::WithdrawApplicationRequest& request,
    filing::v1::WithdrawApplicationResponse* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kApplicationPrefix, request.name());
  shape.OptionalText("reason", request.reason());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Taken taken,
                     Take(step, deps_, call, domain::Action::kWithdraw, id, std::nullopt));
    taken.facts.reason = Written(request.reason());
    ASSIGN_OR_RETURN(const domain::Decision decision, taken.Decide(call.caller));
    RETURN_IF_ERROR(Store(step, taken, decision, {.reason = request.reason()}));
    events::v1::Event event;
    event.mutable_application_withdrawn()->set_reason(request.reason());
    step.Emit("filing", id, taken.row.handoff_seq, std::move(event));
    answer->set_name(request.name());
    answer->set_state(ToWire(taken.row.state));
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
