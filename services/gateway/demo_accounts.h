// Demonstration accounts: from a text-format file into the account table at start.
//
// Only a DEMO configuration may name such a file (common/process/config.h refuses it otherwise). A
// second start is quick: an account that is there already, with the same role and the same
// password, is left alone, and accounts that share a password file share its one slow hash.

#ifndef ALLIANCE_SERVICES_GATEWAY_DEMO_ACCOUNTS_H_
#define ALLIANCE_SERVICES_GATEWAY_DEMO_ACCOUNTS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "alliance/config/v1/config.pb.h"
#include "common/db/pool.h"

namespace alliance::gateway {

// The first account that cannot be, named: a login twice or of a wrong shape, an unknown role, a
// recommender without region, an applicant or firm without organisation.
absl::Status CheckAccounts(const config::v1::Accounts& accounts);

// How many accounts were new or changed. Password files are found beside `path`.
absl::StatusOr<int> LoadDemoAccounts(const std::string& path, db::Pool& pool, absl::Time legal_now);

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_DEMO_ACCOUNTS_H_
