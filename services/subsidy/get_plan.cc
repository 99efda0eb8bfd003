// GetPlan.

#include "common/base/status_macros.h"
#include "common/domain/errors.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/request.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {

using domain::Reason;
using domain::Refuse;

absl::Status SubsidyService::GetPlan(const rpc::Call& call, const v1::GetPlanRequest& request,
                                     v1::Plan* answer) {
  act::Shape shape;
  const std::string year = PlanName(shape, "name", request.name());
  RETURN_IF_ERROR(shape.Done());
  // A budget is not for applicants, firms and the public before it is published elsewhere.
  constexpr domain::RoleSet kReaders = {domain::Role::kProvince, domain::Role::kRecorder,
                                        domain::Role::kFinance, domain::Role::kApprover,
                                        domain::Role::kAuditor};
  if (!kReaders.Has(call.caller.role)) return Refuse(Reason::kNotPermitted);
  return deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    const std::optional<Plan> plan = FindPlan(txn, year);
    if (!plan) return Refuse(Reason::kNotPermitted);
    answer->Clear();
    FillPlan(*plan, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::subsidy
