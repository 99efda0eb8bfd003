#include "common/act/shape.h"
#include "common/act/timeline.h"
#include "common/base/status_macros.h"
#include "services/review/case_act.h"
#include "services/review/convert.h"
#include "services/review/review_service.h"

namespace alliance::review {

absl::Status ReviewService::GetReviewCase(const rpc::Call& call,
                                          const v1::GetReviewCaseRequest& request,
                                          v1::ReviewCase* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kCasePrefix, request.name());
  RETURN_IF_ERROR(shape.Done());
  const Scope scope = ReadScope(call.caller);
  if (scope.none()) return domain::Refuse(domain::Reason::kNotPermitted);

  bool due = false;
  const auto read = [&](db::Txn& txn) -> absl::Status {
    answer->Clear();
    due = false;
    const std::optional<CaseRow> row = ReadCase(txn, id, scope);
    if (!row) return domain::Refuse(domain::Reason::kNotPermitted);
    if (IsDue(*row, deps_.clock.Now())) {
      due = true;
      return absl::OkStatus();
    }
    FillCase(*row, call.caller, answer);
    const std::optional<std::string> bytes = ReadVersion(txn, row->id, row->version_number);
    if (!bytes || !FillVersion(*bytes, *row, call.caller, answer)) {
      return absl::InternalError("the locked version cannot be read");
    }
    for (const std::string& extension : ReadExtensions(txn, row->round_id, row->region, row->id)) {
      filing::v1::Extension* shown = answer->add_extensions();
      shown->ParseFromString(extension);  // our own bytes
      if (call.caller.role != domain::Role::kApplicant) continue;
      shown->clear_proposer();
      shown->clear_approver();
    }
    act::FillTimeline(audit::ReadTimeline(txn, row->id), call.caller, answer->mutable_timeline());
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, read));
  if (!due) return absl::OkStatus();

  // The notice has ended since: the clock's step comes first.
  RETURN_IF_ERROR(act::Sweep(deps_, call, [&](act::Step& step) -> absl::Status {
    std::optional<CaseRow> row = LockCase(step.txn(), id, scope);
    if (!row || !IsDue(*row, step.now())) return absl::OkStatus();
    return CloseByClock(step, deps_, {&*row});
  }));
  return deps_.pool.Read(call.deadline, read);
}

}  // namespace alliance::review
