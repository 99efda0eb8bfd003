#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/review/case_act.h"
#include "services/review/convert.h"
#include "services/review/review_service.h"

namespace alliance::review {

// REVIEWING → SUBMITTED. What was recorded so far stays for whoever claims it next.
absl::Status ReviewService::ReleaseCase(const rpc::Call& call,
                                        const v1::ReleaseCaseRequest& request,
                                        v1::ReviewCase* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kCasePrefix, request.name());
  shape.Etag(request.etag());
  shape.OptionalText("reason", request.reason());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Taken taken,
                     Take(step, deps_, call, domain::Action::kRelease, id, request.etag()));
    taken.facts.reason = Written(request.reason());
    ASSIGN_OR_RETURN(const domain::Decision decision, taken.Decide(call.caller));
    taken.row.reviewer.clear();
    RETURN_IF_ERROR(Store(step, taken, decision, {.reason = request.reason()}));
    FillCase(taken.row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
