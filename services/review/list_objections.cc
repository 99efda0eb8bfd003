#include "common/act/shape.h"
#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/mask.h"
#include "services/review/convert.h"
#include "services/review/desk_store.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

void FillObjection(const ObjectionRow& row, bool handles, v1::Objection* out) {
  out->set_name(base::StrCat(kObjectionPrefix, row.id));
  out->set_notice_batch(base::StrCat(kBatchPrefix, row.batch_id));
  out->set_objector_name(handles ? row.objector_name : domain::MaskName(row.objector_name));
  if (handles) out->set_objector_contact(row.objector_contact);
  out->set_grounds(row.grounds);
  *out->mutable_evidence() = ToWire(row.evidence);
  act::SetTime(row.receive, out->mutable_receive_time());
}

}  // namespace

// The applicant is never among the readers: the objector is shielded from him (Q23). Each look of
// the office at names and contacts is in the case's history.
absl::Status ReviewService::ListObjections(const rpc::Call& call,
                                           const v1::ListObjectionsRequest& request,
                                           v1::ListObjectionsResponse* answer) {
  act::Shape shape;
  const std::string id = shape.Name("review_case", kCasePrefix, request.review_case());
  RETURN_IF_ERROR(shape.Done());
  const domain::Caller& caller = call.caller;
  const Scope scope = Scope::ToRead(caller);
  const bool handles = caller.role == domain::Role::kRecommender;
  const auto list = [&](db::Txn& txn) -> absl::StatusOr<CaseRow> {
    answer->Clear();
    std::optional<CaseRow> row = FindCase(txn, id, scope);
    if (!row || !MayReadOffice(caller, row->office)) {
      return domain::Refuse(domain::Reason::kNotPermitted);
    }
    if (handles && FindInterest(txn, id, caller.account, scope) != Interest::kNone) {
      return domain::Refuse(domain::Reason::kConflictOfInterest);
    }
    for (const ObjectionRow& objection : ListObjectionsOf(txn, id, scope)) {
      FillObjection(objection, handles, answer->add_objections());
    }
    return *std::move(row);
  };
  if (!handles) {
    return deps_.pool.Read(call.deadline, [&](db::Txn& txn) { return list(txn).status(); });
  }
  return act::OnceUnkept(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(const CaseRow row, list(step.txn()));
    const std::string state(domain::WordOf(row.state));
    step.Record({.case_id = id,
                 .action = "list_objections",
                 .from_state = state,
                 .to_state = state,
                 .reason = ""});
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
