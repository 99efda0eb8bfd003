// Migrations and grants: how a schema comes to be, under the DDL user.
//
// A folder holds files NNNN_name.sql with exactly one statement each, applied in the order of their
// names; folders in the order given. Every schema gets common/db/migrations first, then its
// service's services/<x>/migrations. What was applied is in `schema_migration` with its digest: a
// file that changed afterwards, or is gone, stops everything.
//
// DIGESTS of a folder lists what was released, below the version it was released with; it only
// grows (tests/tidy/migrations.py). A database with a file in its place that no release has is
// older than that version, and is refused unchanged.
//
// A row in `schema_migration_lock`, held by an open transaction, keeps two runs apart and is free
// the moment a killed run's connection closes.
//
// DDL commits by itself, so a run killed between a statement and its record leaves a "started"
// mark. The next run repeats that statement and takes "exists already" or "is gone already" as
// done.
//
// Grants are lines of their own reviewed files (deploy/db/grants.sql, services/<x>/grants.sql):
//
//   GRANT SELECT, INSERT ON {schema}.history TO {user}; -- append-only: the audit trail
//
// {schema} is replaced by the schema and {user} by the service's user of the same name; a line may
// name another user. After Migrate the users named have exactly these rights in the schema: missing
// ones are added first, others then revoked, so a running service never loses one it keeps. A table
// without a line, a comment missing, or an append-only table (history, audit_checkpoint, …_version,
// …_decision, …_score, …_line, …_access) with more than SELECT and INSERT is refused.

#ifndef ALLIANCE_COMMON_DB_MIGRATE_H_
#define ALLIANCE_COMMON_DB_MIGRATE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/db/pool.h"

namespace alliance::db {

struct MigrateOptions {
  Options server;                         // as the DDL user; `schema` is ignored
  std::string schema;                     // made if missing: "alliance_filing"
  std::vector<std::string> folders;       // in order
  std::vector<std::string> grants_files;  // empty: grants are left alone
  std::string user;                       // the service's database user; empty = the schema's name
};

struct MigrateReport {
  std::vector<std::string> applied;  // "services/filing/migrations/0002_member.sql", now
  int already = 0;                   // applied by earlier runs
  std::vector<std::string> granted;  // statements of rights that were added or revoked
};

absl::StatusOr<MigrateReport> Migrate(const MigrateOptions& options);

// Does the schema that `pool` stands in have every file of the folders, unchanged? The service's
// own question at its start; one line names the first difference.
absl::Status CheckMigrated(Pool& pool, const std::vector<std::string>& folders);

// Creates or updates a user with the password in the first line of `password_file` (letters,
// digits,
// - and _, 16 to 128 of them). With `require_tls` the user may connect by TLS only.
absl::Status EnsureUser(const Options& server, std::string_view user,
                        const std::string& password_file, bool require_tls);

// One line of a grants file, parsed.
struct Grant {
  std::vector<std::string> privileges;  // sorted: of SELECT, INSERT, UPDATE, DELETE
  std::string table;
  std::string user;
  std::string where;  // "services/filing/grants.sql:7"

  friend bool operator==(const Grant&, const Grant&) = default;
};

// Parses the text of a grants file; the error names file and line.
absl::StatusOr<std::vector<Grant>> ParseGrants(std::string_view text, std::string_view file_name,
                                               std::string_view schema, std::string_view user);

}  // namespace alliance::db

#endif  // ALLIANCE_COMMON_DB_MIGRATE_H_
