#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/review/case_act.h"
#include "services/review/convert.h"
#include "services/review/desk_store.h"
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
    const std::optional<CaseRow> row = LockCase(step.txn(), id, scope);
    // Whoever may claim may declare.
    if (!row || !domain::MayEver(ViewOf(*row), domain::Action::kClaim, call.caller)) {
      return domain::Refuse(domain::Reason::kNotPermitted);
    }
    const bool interest = !request.no_conflict_of_interest();
    if (interest && Written(request.reason()).empty()) {
      return domain::Refuse(domain::Reason::kReasonRequired);
    }
    const std::string& account = call.caller.account;
    const Interest before = ReadInterest(step.txn(), id, account, scope);
    // An interest is not taken back by saying so.
    if (!interest && before == Interest::kSome) {
      return domain::Refuse(domain::Reason::kConflictOfInterest);
    }
    const std::string state(domain::WordOf(row->state));
    const DeclarationRow declaration = {.case_id = id,
                                        .account = account,
                                        .interest = interest,
                                        .reason = request.reason(),
                                        .at = step.now()};
    step.Emit("filing", id, 0, DeclaredEvent(declaration));
    step.Record({.case_id = id,
                 .action = interest ? "declare_interest" : "declare_no_interest",
                 .from_state = state,
                 .to_state = state,
                 .reason = request.reason(),
                 .sealed = {InsertDeclaration(step.txn(), declaration)}});
    FillCase(*row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
