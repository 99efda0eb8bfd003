#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "common/obs/log.h"
#include "services/review/case_facts.h"
#include "services/review/notice_plan.h"
#include "services/review/review_case.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

// Cases, or batches, of one transaction.
constexpr size_t kChunk = 200;

// Cases whose notice is over. A round that is not served any more is told to the operator by
// whoever acts on its cases.
absl::StatusOr<std::vector<std::string>> FindDue(const act::Deps& deps, const rpc::Call& call) {
  std::vector<std::string> ids;
  RETURN_IF_ERROR(deps.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    ids.clear();
    for (DueCase& due : ListCasesDue(txn, deps.clock.Now(), Scope::Service())) {
      if (PackOf(deps, due.round_id).ok()) ids.push_back(std::move(due.id));
    }
    return absl::OkStatus();
  }));
  return ids;
}

// All in one transaction; how many.
absl::StatusOr<int> CloseTogether(const act::Deps& deps, const rpc::Call& call,
                                  const std::vector<std::string>& ids) {
  int closed = 0;
  RETURN_IF_ERROR(act::Sweep(deps, call, [&](act::Step& step) -> absl::Status {
    std::vector<CaseRow> rows = LockCasesDue(step.txn(), ids, step.now(), Scope::Service());
    closed = static_cast<int>(rows.size());
    return CloseDue(step, absl::MakeSpan(rows));
  }));
  return closed;
}

absl::Status CloseBatchesDue(const act::Deps& deps, const rpc::Call& call) {
  size_t closed = 0;
  do {
    RETURN_IF_ERROR(act::Sweep(deps, call, [&](act::Step& step) -> absl::Status {
      closed = 0;
      for (BatchRow& batch : LockBatchesDue(step.txn(), step.now(), kChunk, Scope::Service())) {
        const absl::StatusOr<const rules::Pack*> pack = PackOf(deps, batch.round_id);
        if (!pack.ok()) continue;
        RETURN_IF_ERROR(CloseBatchByClock(step, **pack, batch));
        ++closed;
      }
      return absl::OkStatus();
    }));
  } while (closed == kChunk);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<int> SweepDueNotices(const act::Deps& deps, const rpc::Call& call) {
  ASSIGN_OR_RETURN(const std::vector<std::string> due, FindDue(deps, call));
  int closed = 0;
  for (size_t at = 0; at < due.size(); at += kChunk) {
    const std::vector<std::string> ids(due.begin() + at,
                                       due.begin() + std::min(at + kChunk, due.size()));
    const absl::StatusOr<int> together = CloseTogether(deps, call, ids);
    if (together.ok()) {
      closed += *together;
      continue;
    }
    // One that cannot be closed keeps nobody else's notice open: each by itself.
    obs::Log(obs::Level::kWarning, "notices_not_closed_together",
             {{"status", together.status().ToString()}});
    closed += static_cast<int>(cases::Sweep<ReviewCase>(deps, call, ids).size());
  }
  RETURN_IF_ERROR(CloseBatchesDue(deps, call));
  return closed;
}

absl::Status ReviewService::SweepNotices(const rpc::Call& call, const v1::SweepNoticesRequest&,
                                         v1::SweepNoticesResponse* answer) {
  if (call.caller.role != domain::Role::kOperator) {
    return domain::Refuse(domain::Reason::kNotPermitted);
  }
  ASSIGN_OR_RETURN(const int closed, SweepDueNotices(deps_, call));
  ASSIGN_OR_RETURN(const int escalated, EscalateOverdue(deps_, call));
  answer->set_closed_cases(closed);
  answer->set_escalated_cases(escalated);
  return absl::OkStatus();
}

}  // namespace alliance::review
