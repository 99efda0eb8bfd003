#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/review/case_act.h"
#include "services/review/convert.h"
#include "services/review/desk_store.h"
#include "services/review/review_service.h"

namespace alliance::review {

// SUBMITTED → REVIEWING.
absl::Status ReviewService::ClaimCase(const rpc::Call& call, const v1::ClaimCaseRequest& request,
                                      v1::ReviewCase* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kCasePrefix, request.name());
  shape.Etag(request.etag());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Taken taken,
                     Take(step, deps_, call, domain::Action::kClaim, id, request.etag()));
    const Interest declared =
        ReadInterest(step.txn(), id, call.caller.account, Scope::ToAct(call.caller));
    taken.facts.coi_declared_none =
        request.no_conflict_of_interest() && declared != Interest::kSome;
    ASSIGN_OR_RETURN(const domain::Decision decision, taken.Decide(call.caller));
    taken.row.reviewer = call.caller.account;
    Why why;
    if (declared == Interest::kUndeclared) {
      const DeclarationRow declaration = {
          .case_id = id, .account = call.caller.account, .at = step.now()};
      why.sealed.push_back(InsertDeclaration(step.txn(), declaration));
      step.Emit("filing", id, 0, DeclaredEvent(declaration));
    }
    RETURN_IF_ERROR(Store(step, taken, decision, std::move(why)));
    FillCase(taken.row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
