#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/review/case_act.h"
#include "services/review/convert.h"
#include "services/review/desk_store.h"
#include "services/review/review_service.h"

namespace alliance::review {

// REVIEWING, into the hands of another reviewer of the office. Who that is to be has yet to declare
// before the case opens to him.
absl::Status ReviewService::ReassignCase(const rpc::Call& call,
                                         const v1::ReassignCaseRequest& request,
                                         v1::ReviewCase* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kCasePrefix, request.name());
  shape.Etag(request.etag());
  CheckAccount("reviewer", request.reviewer(), shape);
  shape.OptionalText("reason", request.reason());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Taken taken,
                     Take(step, deps_, call, domain::Action::kReassign, id, request.etag()));
    taken.facts.reason = Written(request.reason());
    ASSIGN_OR_RETURN(const domain::Decision decision, taken.Decide(call.caller));
    if (ReadInterest(step.txn(), id, request.reviewer(), Scope::ToAct(call.caller)) ==
        Interest::kSome) {
      return domain::Refuse(domain::Reason::kConflictOfInterest);
    }
    taken.row.reviewer = request.reviewer();
    RETURN_IF_ERROR(Store(step, taken, decision, {.reason = request.reason()}));
    FillCase(taken.row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
