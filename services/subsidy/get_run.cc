// GetRun.

#include "common/base/status_macros.h"
#include "common/domain/errors.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {

using domain::Reason;
using domain::Refuse;

absl::Status SubsidyService::GetRun(const rpc::Call& call, const v1::GetRunRequest& request,
                                    v1::Run* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kRuns, request.name());
  RETURN_IF_ERROR(shape.Done());
  constexpr domain::RoleSet kReaders = {domain::Role::kProvince, domain::Role::kFinance,
                                        domain::Role::kApprover, domain::Role::kAuditor};
  if (!kReaders.Has(call.caller.role)) return Refuse(Reason::kNotPermitted);
  return deps_.pool.Snapshot(call.deadline, [&](db::Txn& txn) -> absl::Status {
    const std::optional<Run> run = FindRun(txn, id);
    if (!run) return Refuse(Reason::kNotPermitted);
    answer->Clear();
    FillRun(*run, answer);
    return FillLines(ListLines(txn, id), answer);
  });
}

}  // namespace alliance::subsidy
