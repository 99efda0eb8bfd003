#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/review/convert.h"
#include "services/review/desk_store.h"
#include "services/review/review_case.h"
#include "services/review/review_service.h"

namespace alliance::review {

// A reviewer of the office that has the case, in any state. The case itself does not change.
absl::Status ReviewService::DeclareInterest(const rpc::Call& call,
                                            const v1::DeclareInterestRequest& request,
                                            v1::ReviewCase* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kCasePrefix, request.name());
  shape.OptionalText("reason", request.reason());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    const Scope scope = Scope::ToAct(call.caller);
    // Whoever may claim may declare.
    ASSIGN_OR_RETURN(const CaseRow row,
                     cases::Lock<ReviewCase>(step, domain::Action::kClaim, id, std::nullopt));
    const bool interest = !request.no_conflict_of_interest();
    const std::string reason = cases::Written(request.reason());
    if (interest && reason.empty()) {
      return domain::Refuse(domain::Reason::kReasonRequired);
    }
    const std::string& account = call.caller.account;
    const Interest before = FindInterest(step.txn(), id, account, scope);
    // An interest is not taken back by saying so.
    if (!interest && before == Interest::kSome) {
      return domain::Refuse(domain::Reason::kConflictOfInterest);
    }
    const std::string state(domain::WordOf(row.state));
    const DeclarationRow declaration = {.case_id = id,
                                        .account = account,
                                        .interest = interest,
                                        .reason = reason,
                                        .at = step.now()};
    RETURN_IF_ERROR(cases::Announce(step, id, DeclaredEvent(declaration)));
    step.Record({.case_id = id,
                 .action = interest ? "declare_interest" : "declare_no_interest",
                 .from_state = state,
                 .to_state = state,
                 .reason = reason,
                 .sealed = {InsertDeclaration(step.txn(), declaration)}});
    FillCase(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
