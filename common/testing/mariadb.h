// A real MariaDB for tests: one private server per test binary, one schema per suite.
//
//   class StoreTest : public ::testing::Test {
//    protected:
//     static void SetUpTestSuite() { schema_ = testdb::Schema::Make("alliance_filing",
//     {"services/filing"}); } static void TearDownTestSuite() { schema_.reset(); } void SetUp()
//     override { schema_->Clear(); } static inline std::unique_ptr<testdb::Schema> schema_;
//   };
//   … schema_->pool().Run(…)      as the service's user, with the grants of the repository
//
// The server starts at the first Make, on a unix socket in a folder of its own, and is killed when
// the binary ends. mariadbd missing, or not starting, ends the binary with an error: a test that
// needs a database never passes without one. The empty data folder is made once per build tree.
//
// Server: innodb_flush_log_at_trx_commit=2, which survives the death of the server process but not
// of the machine; production uses 1.

#ifndef ALLIANCE_COMMON_TESTING_MARIADB_H_
#define ALLIANCE_COMMON_TESTING_MARIADB_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/db/pool.h"

namespace alliance::testdb {

// A deadline far enough for any test statement.
absl::Time Soon();

struct ServerOptions {
  std::vector<std::string> extra_flags;  // for mariadbd
};

class MariaDb {
 public:
  // The binary's shared server.
  static MariaDb& Shared();

  explicit MariaDb(const ServerOptions& options = {});
  ~MariaDb();
  MariaDb(const MariaDb&) = delete;
  MariaDb& operator=(const MariaDb&) = delete;

  // As the administrator, by the socket, no password.
  db::Options Root(std::string_view schema = "") const;

  const std::string& folder() const { return folder_; }
  const std::string& socket() const { return socket_; }
  pid_t pid() const { return pid_; }

  // Faults.
  void Kill();    // SIGKILL, waits for the end
  void Start();   // after Kill, same data; waits until ready
  void Freeze();  // SIGSTOP
  void Thaw();    // SIGCONT

 private:
  std::string folder_;
  std::string socket_;
  std::vector<std::string> flags_;
  pid_t pid_ = -1;
};

class Schema {
 public:
  // A schema of its own for `service_schema` ("alliance_filing"), migrated from
  // common/db/migrations and each folder's migrations/, with the grants of deploy/db/grants.sql and
  // each folder's grants.sql. Folders are relative to the source tree. Ends the binary with the
  // reason if that fails.
  static std::unique_ptr<Schema> Make(std::string_view service_schema,
                                      const std::vector<std::string>& service_folders = {},
                                      int connections = 8);
  ~Schema();  // drops it

  db::Pool& pool() { return *pool_; }  // as the service's user
  db::Pool& root() { return *root_; }  // as the administrator, in this schema

  db::Options ServiceOptions() const;  // to open another pool: "the service restarted"
  db::Options AuditOptions() const;    // the read-only auditor of `alliancectl audit verify`

  const std::string& name() const { return name_; }
  const std::string& user() const { return user_; }

  // Deletes the rows of every table.
  void Clear();

  // As the administrator: one statement that gives no rows, of any kind.
  void Execute(const std::string& sql);
  // And one that does: the first column of the first row as text.
  std::string Value(const std::string& sql);
  int64_t Count(const std::string& sql);  // as Value, for a number

 private:
  Schema() = default;

  std::string name_;
  std::string user_;
  std::unique_ptr<db::Pool> pool_;
  std::unique_ptr<db::Pool> root_;
};

}  // namespace alliance::testdb

#endif  // ALLIANCE_COMMON_TESTING_MARIADB_H_
