// The time limit of a review: working days of the round's pack, counted from the day after the case
// came, standing still while the applicant corrects.

#ifndef ALLIANCE_SERVICES_REVIEW_TIME_LIMIT_H_
#define ALLIANCE_SERVICES_REVIEW_TIME_LIMIT_H_

#include "absl/time/time.h"
#include "common/rules/pack.h"
#include "services/review/review_store.h"

namespace alliance::review {

// The case is about to be saved in another state than it has in the table. Coming under review
// starts the clock, a version's at its receipt however late it reached us, with the days that were
// left if it comes back corrected; a return stops it; any other way out ends it. A calendar that
// does not reach so far gives no limit, and says so in the log.
void KeepTimeLimit(const rules::Pack& pack, absl::Time now, CaseRow& row);

bool IsOverdue(const CaseRow& row, absl::Time now);

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_TIME_LIMIT_H_
