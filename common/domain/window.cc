#include "common/domain/window.h"

#include <algorithm>

namespace alliance::domain {

CaseTimes TimesOf(const CaseTimes& round, const InnerDeadlines& inner,
                  absl::Span<const Grant> grants, std::string_view region,
                  std::string_view case_id) {
  CaseTimes times = round;
  if (inner.enterprise) {
    times.enterprise_deadline = std::min(times.enterprise_deadline, *inner.enterprise);
  }
  if (inner.recommender) {
    times.recommender_deadline = std::min(times.recommender_deadline, *inner.recommender);
  }
  for (const Grant& grant : grants) {
    if (!grant.Covers(region, case_id)) continue;
    absl::Time& deadline = grant.deadline == Deadline::kEnterprise ? times.enterprise_deadline
                                                                   : times.recommender_deadline;
    deadline = std::max(deadline, grant.closes);
  }
  return times;
}

}  // namespace alliance::domain
