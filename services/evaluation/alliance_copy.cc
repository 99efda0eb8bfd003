#include "services/evaluation/alliance_copy.h"

namespace alliance::evaluation {

std::optional<Alliance> AllianceCopy::Lock(act::Step& step, std::string_view id) {
  return LockAlliance(step.txn(), id);
}

bool AllianceCopy::Save(act::Step& step, absl::Span<Alliance> rows, absl::Time) {
  for (Alliance& row : rows) {
    if (!SaveAlliance(step.txn(), row)) return false;
  }
  return true;
}

void AllianceCopy::Insert(act::Step& step, const Alliance& row) {
  // Events of one alliance come one after the other; should two meet all the same, one waits.
  if (!InsertAlliance(step.txn(), row)) step.txn().RetryWhole("the alliance was told of meanwhile");
}

domain::CaseView AllianceCopy::View(const Alliance& row) {
  return {.state = row.state,
          .holder = domain::OwnerOf(row.state),
          .region = row.region,
          .lead_code = row.lead_code,
          .asked = kHere};
}

absl::Status AllianceCopy::Tick(act::Step&, Alliance&) {
  return absl::InternalError("no instant moves a copy");
}

}  // namespace alliance::evaluation
