// GetSubsidyCase: the case with its trace, its objections and its timeline, by reader.

#include "common/act/shape.h"
#include "common/act/timeline.h"
#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/errors.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {
namespace {

// Who handles objections may know who objected; the lead and its region never (Q23).
constexpr domain::RoleSet kObjectionReaders = {domain::Role::kProvince, domain::Role::kRecorder,
                                               domain::Role::kFinance, domain::Role::kApprover,
                                               domain::Role::kAuditor};

void FillObjection(const Objection& objection, v1::Objection* out) {
  out->set_name(base::StrCat("objections/", objection.id));
  out->set_objector_name(objection.objector_name);
  out->set_objector_contact(objection.objector_contact);
  out->set_grounds(objection.grounds);
  out->mutable_evidence()->set_title(objection.evidence_title);
  out->mutable_evidence()->set_sha256(objection.evidence_sha256);
  act::SetTime(objection.receive, out->mutable_receive_time());
}

}  // namespace

using domain::Reason;
using domain::Refuse;

absl::Status SubsidyService::GetSubsidyCase(const rpc::Call& call,
                                            const v1::GetSubsidyCaseRequest& request,
                                            v1::SubsidyCase* answer) {
  act::Shape shape;
  const std::string id = shape.YearlyName("name", kCases, request.name());
  RETURN_IF_ERROR(shape.Done());
  return deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    const std::optional<Case> row = FindCase(txn, id, call.caller);
    if (!row) return Refuse(Reason::kNotPermitted);
    answer->Clear();
    FillCase(*row, call.caller, answer);
    // A proposal that the lead has not been told of has no trace for it either.
    const bool lead = call.caller.role == domain::Role::kApplicant;
    if (row->run_id && !(lead && row->state == domain::State::kProposed)) {
      const std::optional<RunLine> line = FindLine(txn, *row->run_id, id);
      v1::Line content;
      if (!line || !content.ParseFromString(line->content)) {
        return absl::InternalError("a stored line cannot be read");
      }
      *answer->mutable_trace() = content.trace();
    }
    if (kObjectionReaders.Has(call.caller.role)) {
      for (const Objection& objection : ListObjections(txn, id)) {
        FillObjection(objection, answer->add_objections());
      }
    }
    act::FillTimeline(audit::ReadTimeline(txn, id), call.caller, answer->mutable_timeline());
    return absl::OkStatus();
  });
}

}  // namespace alliance::subsidy
