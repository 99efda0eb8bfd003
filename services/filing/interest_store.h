// What reviewers have declared about cases, as review tells it.

#ifndef ALLIANCE_SERVICES_FILING_INTEREST_STORE_H_
#define ALLIANCE_SERVICES_FILING_INTEREST_STORE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/audit/history.h"
#include "common/db/txn.h"
#include "common/domain/caller.h"
#include "services/filing/filing_store.h"

namespace alliance::filing {

struct Declaration {
  std::string id;
  std::string case_id;
  std::string account;
  bool interest = false;
  absl::Time at;
};
audit::SealedRow InsertDeclaration(db::Txn& txn, const Declaration& row);

// Whether a case that `reader` may know of opens to him: what the firm wrote, and its papers. To a
// reviewer of its region with his declaration to have no interest in it, CONFLICT_OF_INTEREST until
// then; to all others without, but never to a reviewer who has declared an interest.
absl::Status CheckOpen(db::Txn& txn, const Application& row, const domain::Caller& reader);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_INTEREST_STORE_H_
