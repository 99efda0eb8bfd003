// What the clock does: a draft or a returned application lapses, a construction period ends, a
// yearly report is found missing, and every registered alliance gets its next year on 1 January.
//
// Each case in its own transaction, at the instant of its deadline, once: whoever looks first (a
// reader, an act, the sweeper) makes it so, and the others find it done.

#ifndef ALLIANCE_SERVICES_FILING_CLOCK_H_
#define ALLIANCE_SERVICES_FILING_CLOCK_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/act/act.h"
#include "common/domain/window.h"

namespace alliance::filing {

// Has the clock something to do with a row that is due then?
inline bool IsDue(const std::optional<absl::Time>& due, absl::Time now) {
  return due && domain::IsOver(*due, now);
}

struct SweepCount {
  int lapsed_applications = 0;
  int missed_reports = 0;
  int completed_alliances = 0;
  int opened_years = 0;
};
// At most a few hundred cases of each kind; the next sweep goes on. A case that cannot be moved is
// logged and does not stop the others.
absl::Status SweepDeadlines(const act::Deps& deps, const rpc::Call& call, SweepCount* count);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_CLOCK_H_
