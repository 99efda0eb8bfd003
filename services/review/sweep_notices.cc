#include "common/base/status_macros.h"
#include "services/review/case_act.h"
#include "services/review/notice_plan.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

// Cases, and batches, of one transaction.
constexpr int kChunk = 200;

// What a transaction closed.
struct Closed {
  int cases = 0;
  int batches = 0;
};

absl::Status SweepChunk(const act::Deps& deps, const rpc::Call& call, Closed* closed) {
  return act::Sweep(deps, call, [&](act::Step& step) -> absl::Status {
    *closed = {};
    // A round that is not served any more is told to the operator by whoever acts on its cases; it
    // must not stop the others.
    std::vector<CaseRow> rows = LockCasesDue(step.txn(), step.now(), kChunk, Scope::Service());
    std::vector<CaseRow*> due;
    for (CaseRow& row : rows) {
      if (PackOf(deps, row.round_id).ok()) due.push_back(&row);
    }
    closed->cases = static_cast<int>(due.size());
    if (!due.empty()) RETURN_IF_ERROR(CloseByClock(step, deps, std::move(due)));

    for (BatchRow& batch : LockBatchesDue(step.txn(), step.now(), kChunk, Scope::Service())) {
      const absl::StatusOr<const rules::Pack*> pack = PackOf(deps, batch.round_id);
      if (!pack.ok()) continue;
      std::vector<CaseRow> none;
      RETURN_IF_ERROR(CloseBatchByClock(step, deps, **pack, batch, none));
      ++closed->batches;
    }
    return absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<int> SweepDueNotices(const act::Deps& deps, const rpc::Call& call) {
  int cases = 0;
  while (true) {
    Closed closed;
    RETURN_IF_ERROR(SweepChunk(deps, call, &closed));
    cases += closed.cases;
    if (closed.cases < kChunk && closed.batches < kChunk) return cases;
  }
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
