// Grants: making a schema's rights what the reviewed files say. Used by Migrate alone (migrate.h).

#ifndef ALLIANCE_COMMON_DB_GRANTS_H_
#define ALLIANCE_COMMON_DB_GRANTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/db/connection.h"
#include "common/db/migrate.h"

namespace alliance::db {

// [a-z0-9_]+, as all names of schemas, tables and users must be.
bool IsPlainName(std::string_view name);

// Each table of the schema needs a line; an append-only table may only be read and inserted into.
absl::Status CheckGrants(const std::vector<Grant>& grants, const std::vector<std::string>& tables);

// Adds what is missing, then revokes what is too much, for the users that `grants` names. The
// statements that were run. Throws db::Error.
std::vector<std::string> ApplyGrants(Connection& connection, const std::string& schema,
                                     const std::vector<Grant>& grants);

}  // namespace alliance::db

#endif  // ALLIANCE_COMMON_DB_GRANTS_H_
