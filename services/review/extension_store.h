// Extensions that filing told of: what lengthens the times of a round's cases.

#ifndef ALLIANCE_SERVICES_REVIEW_EXTENSION_STORE_H_
#define ALLIANCE_SERVICES_REVIEW_EXTENSION_STORE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/audit/history.h"
#include "common/db/txn.h"
#include "common/domain/window.h"

namespace alliance::review {

struct ExtensionRow {
  std::string id;
  std::string round_id;
  domain::Grant grant;
  std::string extension;  // serialised, as it came
  absl::Time receive;
};

audit::SealedRow InsertExtension(db::Txn& txn, const ExtensionRow& row);
// All of a round.
std::vector<domain::Grant> ListGrants(db::Txn& txn, std::string_view round_id);
// Serialised, of this case or its region, oldest first.
std::vector<std::string> ListExtensions(db::Txn& txn, std::string_view round_id,
                                        std::string_view region, std::string_view case_id);

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_EXTENSION_STORE_H_
