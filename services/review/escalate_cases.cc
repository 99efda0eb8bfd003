#include "common/base/status_macros.h"
#include "services/review/review_case.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

constexpr int kChunk = 200;

}  // namespace

absl::StatusOr<int> EscalateOverdue(const act::Deps& deps, const rpc::Call& call) {
  int escalated = 0;
  int chunk = 0;
  do {
    RETURN_IF_ERROR(act::Sweep(deps, call, [&](act::Step& step) -> absl::Status {
      const std::vector<CaseRow> rows =
          LockOverdueCases(step.txn(), step.now(), kChunk, Scope::Service());
      chunk = static_cast<int>(rows.size());
      for (const CaseRow& row : rows) {
        SaveEscalated(step.txn(), row.id, step.now());
        const std::string state(domain::WordOf(row.state));
        // Whose it is, so that the office need not look further.
        step.RecordByClock({.case_id = row.id,
                            .action = "escalate",
                            .from_state = state,
                            .to_state = state,
                            .reason = row.reviewer.empty() ? "未受理" : row.reviewer},
                           *row.review_due);
      }
      return absl::OkStatus();
    }));
    escalated += chunk;
  } while (chunk == kChunk);
  return escalated;
}

}  // namespace alliance::review
