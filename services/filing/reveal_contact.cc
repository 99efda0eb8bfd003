// RevealContact: the contact in full for an official of the case who says why. Every reveal is a
// row of the case's history: who, when and why; what was shown stands nowhere but in the answer, so
// a repeated request looks again and is recorded again.

#include <optional>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/text.h"
#include "services/filing/convert.h"
#include "services/filing/draft.h"
#include "services/filing/filing_service.h"
#include "services/filing/interest_store.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Refuse;
using domain::Role;

constexpr domain::RoleSet kWhoMayAsk = {Role::kRecommender, Role::kProvince, Role::kRecorder};

// A zone's city reads the case and does not handle it (Q3).
bool HandlesCase(const Application& row, const domain::Caller& caller) {
  return kWhoMayAsk.Has(caller.role) &&
         (caller.role != Role::kRecommender || caller.region == row.region);
}

}  // namespace

absl::Status FilingService::RevealContact(const rpc::Call& call,
                                          const v1::RevealContactRequest& request,
                                          v1::RevealContactResponse* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kApplications, request.name());
  shape.OptionalText("reason", request.reason(), 500);
  RETURN_IF_ERROR(shape.Done());
  const std::optional<Scope> scope = ScopeOf(call.caller);
  if (!scope) return Refuse(Reason::kNotPermitted);

  return act::OnceUnkept(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    const auto drafted = LockDrafted(step.txn(), id, *scope);
    if (!drafted || !HandlesCase(*drafted, call.caller)) {
      return Refuse(Reason::kNotPermitted);
    }
    RETURN_IF_ERROR(CheckOpen(step.txn(), *drafted, call.caller));
    if (base::VisibleLength(request.reason()) == 0) return Refuse(Reason::kReasonRequired);
    ASSIGN_OR_RETURN(const v1::ApplicationForm form, ReadForm(drafted->draft));
    const std::string state(domain::WordOf(drafted->state));
    step.Record({.case_id = id,
                 .action = "reveal_contact",
                 .from_state = state,
                 .to_state = state,
                 .reason = request.reason()});
    *answer->mutable_contact() = form.contact();
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
