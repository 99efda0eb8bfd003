// A case as it was at an instant: the auditor's question "what did you know then".

#ifndef ALLIANCE_SERVICES_REVIEW_CASE_AS_OF_H_
#define ALLIANCE_SERVICES_REVIEW_CASE_AS_OF_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "alliance/review/v1/review.pb.h"
#include "common/db/txn.h"
#include "common/domain/caller.h"
#include "services/review/review_store.h"

namespace alliance::review {

// Replays the history of the case, whose row is as it is now, up to and with `at`. INVALID_REQUEST
// on as_of when the case had not arrived. `withheld`: without what the firm wrote.
absl::Status FillCaseAsOf(db::Txn& txn, const CaseRow& now, absl::Time at,
                          const domain::Caller& reader, bool withheld, v1::ReviewCase* out);

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_CASE_AS_OF_H_
