// Connection: one session on the server and its prepared statements. Only common/db uses it; it is
// the one place that knows MySQL Connector/C++, so that the driver can be changed here alone.
//
// All functions throw db::Error. After Kind::kLost the connection is broken and must be discarded:
// it is never reconnected, for prepared statements and session settings would be lost in silence.
// Used by one thread at a time.

#ifndef ALLIANCE_COMMON_DB_CONNECTION_H_
#define ALLIANCE_COMMON_DB_CONNECTION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/db/pool.h"
#include "common/db/txn.h"

namespace alliance::db {

class Connection {
 public:
  // Connects and sets the session up: READ COMMITTED, strict mode, lock wait, statement limit. By
  // TCP, refuses a session that is not encrypted.
  static std::unique_ptr<Connection> Dial(const Options& options);

  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Prepared, cached (the 100 last used).
  int64_t Exec(const Sql& sql, absl::Span<const Param> values);
  std::vector<Row> Query(const Sql& sql, absl::Span<const Param> values);

  // Text, for what cannot or need not be prepared: session settings and DDL.
  void ExecText(const std::string& sql);
  std::vector<Row> QueryText(const std::string& sql);

  void Commit();
  void Rollback();

  bool autocommit() const { return autocommit_; }
  void SetAutocommit(bool on);  // a round trip only if it changes

  // Makes the server stop a statement at about `rest`. A round trip only if the limit that stands
  // is below `rest` or more than four times above what it should be.
  void LimitStatements(absl::Duration rest);

  bool broken() const { return broken_; }
  absl::Time dialled() const { return dialled_; }
  absl::Time expires() const { return expires_; }
  void set_expires(absl::Time at) { expires_ = at; }
  absl::Time last_used() const { return last_used_; }
  void set_last_used(absl::Time at) { last_used_ = at; }

 private:
  struct Statement;
  struct Session;

  explicit Connection(const Options& options);
  void SetUp(const Options& options);
  Statement& Prepared(const Sql& sql);
  void Forget(const Sql& sql);
  void Bind(Statement& statement, const Sql& sql, absl::Span<const Param> values);

  // Runs `work` and turns the driver's exceptions into db::Error.
  template <typename Work>
  auto Guard(std::string_view name, Work work) -> decltype(work());

  std::unique_ptr<Session> session_;
  bool mysql_ = false;  // MySQL rather than MariaDB
  bool autocommit_ = true;
  bool broken_ = false;
  absl::Duration full_limit_;
  absl::Duration limit_;
  absl::Time dialled_;
  absl::Time expires_ = absl::InfiniteFuture();
  absl::Time last_used_;
};

}  // namespace alliance::db

#endif  // ALLIANCE_COMMON_DB_CONNECTION_H_
