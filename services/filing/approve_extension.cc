// ApproveExtension: the second person puts it in force. From here on every decision about the case,
// or the region's cases, knows the later end; nothing else is touched: the clock looks again at the
// old end of a case, finds more time and waits.

#include "alliance/events/v1/events.pb.h"
#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/case/case.h"
#include "services/filing/convert.h"
#include "services/filing/extension_act.h"
#include "services/filing/filing_service.h"
#include "services/filing/rounds.h"

namespace alliance::filing {

using domain::Reason;
using domain::Refuse;

absl::Status FilingService::ApproveExtension(const rpc::Call& call,
                                             const v1::ApproveExtensionRequest& request,
                                             v1::Extension* answer) {
  if (!domain::RoleSet{domain::Role::kProvince, domain::Role::kApprover}.Has(call.caller.role)) {
    return Refuse(Reason::kNotPermitted);
  }
  act::Shape shape;
  const std::string id = shape.Name("name", kExtensions, request.name());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    std::optional<ExtensionRow> row = FindExtension(step.txn(), id);
    if (!row) return Refuse(Reason::kNotPermitted);
    if (row->proposer == call.caller.account) return Refuse(Reason::kSamePerson);
    if (row->approve) return Refuse(Reason::kAlreadyExists, {{"name", request.name()}});
    ASSIGN_OR_RETURN(const std::optional<Application> application, LockExtended(step.txn(), *row));
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, row->round_id));
    RETURN_IF_ERROR(CheckExtension(deps_, step.txn(), step.now(), *row, application).status());
    row->approver = call.caller.account;
    row->approve = step.now();
    auto sealed = InsertApproval(step.txn(), *row);
    if (!sealed) return Refuse(Reason::kAlreadyExists, {{"name", request.name()}});
    v1::Document document;
    if (!document.ParseFromString(row->document)) {
      return absl::InternalError("the stored document of an extension cannot be read");
    }
    step.Record({.case_id = ChainOf(*row),
                 .action = "approve_extension",
                 .from_state = "PROPOSED",
                 .to_state = "APPROVED",
                 .paper_digest = document.sha256(),
                 .rules_digest = pack->digest(),
                 .sealed = {*std::move(sealed)}});
    if (application) {
      const std::string state(domain::WordOf(application->state));
      step.Record({.case_id = application->id,
                   .action = "extend_deadline",
                   .from_state = state,
                   .to_state = state,
                   .reason = row->reason,
                   .paper_digest = document.sha256(),
                   .rules_digest = pack->digest()});
    }
    FillExtension(*row, call.caller, answer);
    events::v1::Event event;
    *event.mutable_extension_approved()->mutable_extension() = *answer;
    return cases::Announce(step, ChainOf(*row), std::move(event));
  });
}

}  // namespace alliance::filing
