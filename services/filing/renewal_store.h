// Which application continues which alliance: rows and SQL.

#ifndef ALLIANCE_SERVICES_FILING_RENEWAL_STORE_H_
#define ALLIANCE_SERVICES_FILING_RENEWAL_STORE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/audit/history.h"
#include "common/db/txn.h"

namespace alliance::filing {

audit::SealedRow InsertRenewal(db::Txn& txn, std::string_view application_id,
                               std::string_view alliance_id, absl::Time now);
// The applications that continue an alliance, oldest first.
std::vector<std::string> RenewalsOf(db::Txn& txn, std::string_view alliance_id);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_RENEWAL_STORE_H_
