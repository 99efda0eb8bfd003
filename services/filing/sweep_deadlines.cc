// SweepDeadlines: what the sweeper does by itself, at the operator's word.

#include "common/base/status_macros.h"
#include "services/filing/clock.h"
#include "services/filing/filing_service.h"

namespace alliance::filing {

absl::Status FilingService::SweepDeadlines(const rpc::Call& call,
                                           const v1::SweepDeadlinesRequest& /*request*/,
                                           v1::SweepDeadlinesResponse* answer) {
  if (call.caller.role != domain::Role::kOperator) {
    return domain::Refuse(domain::Reason::kNotPermitted);
  }
  SweepCount count;
  RETURN_IF_ERROR(filing::SweepDeadlines(deps_, call, &count));
  RETURN_IF_ERROR(intake_.Sweep(call));
  answer->set_lapsed_applications(count.lapsed_applications);
  answer->set_missed_reports(count.missed_reports);
  answer->set_completed_alliances(count.completed_alliances);
  return absl::OkStatus();
}

}  // namespace alliance::filing
