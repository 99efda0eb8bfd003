// Pool: a fixed number of database connections, and the transactions that run on them.
//
//   absl::Status status = pool.Run(deadline, [&](db::Txn& txn) -> absl::Status {
//     …statements…
//     return absl::OkStatus();                 // commits; any other status rolls back
//   });
//
// Run      one READ COMMITTED transaction. A deadlock or lock wait (1213, 1205), also at COMMIT,
//          reruns the body, at most three times: a body touches nothing but its Txn and variables
//          that it sets anew each time. A connection found dead before COMMIT was sent is replaced
//          once. Nothing but Run commits.
// Read     autocommit: each SELECT sees what is committed when it runs. No BEGIN, no COMMIT.
// Snapshot several SELECTs on one frozen state (REPEATABLE READ, read only): audits and reports.
//
// Round trips: a connection keeps autocommit off for Run (the first statement begins the
// transaction) and on for Read, and the pool hands out an idle one that already stands as wanted.
// So a Run of n statements costs n + 1, a Read of n costs n. The server-side time limit of
// statements is changed only when the rest of the deadline leaves the present limit far behind.
//
// The server must have: READ COMMITTED allowed with its binary log (binlog_format MIXED or ROW),
// innodb_flush_log_at_trx_commit=1, max_connections above the sum of all pools, max_allowed_packet
// 16M, and for TCP a certificate. max_prepared_stmt_count must cover 100 per connection.

#ifndef ALLIANCE_COMMON_DB_POOL_H_
#define ALLIANCE_COMMON_DB_POOL_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/db/error.h"
#include "common/db/txn.h"

namespace alliance::db {

struct Options {
  // One of the two: a unix socket (no TLS), or host and port (TLS always, the server's certificate
  // checked against tls_ca; a connection without a cipher is refused).
  std::string socket;
  std::string host;
  int port = 3306;
  std::string tls_ca;    // PEM files
  std::string tls_cert;  // ours, for accounts that REQUIRE X509; with tls_key
  std::string tls_key;

  std::string user;
  std::string password_file;  // its first line; empty = no password. Read at every connect.
  std::string schema;         // may be empty for migrations

  int connections = 8;
  absl::Duration connect_timeout = absl::Seconds(3);
  absl::Duration lock_wait = absl::Seconds(5);
  absl::Duration statement_limit = absl::Seconds(10);  // no single statement may run longer
  absl::Duration max_age = absl::Minutes(30);          // ±10 %, so that not all go at once
  absl::Duration ping_after = absl::Seconds(30);       // an idle connection is tested before use

  // For metrics; called on the thread that ran the statement, must be quick.
  std::function<void(std::string_view statement, absl::Duration took, bool ok)> on_statement;
  std::function<void(absl::Duration waited)> on_acquire;  // every hand-out, 0 if none waited
};

// Gauges and counters since Open.
struct PoolStats {
  int size = 0;  // the fixed maximum
  int in_use = 0;
  int idle = 0;
  int waiting = 0;
  int64_t waits = 0;     // calls that found no free connection
  int64_t timeouts = 0;  // of these, those whose deadline came first
  int64_t dials = 0;
  int64_t discards = 0;  // connections thrown away because of an error
  int64_t retries = 0;   // bodies run again
  int64_t unknown_outcomes = 0;
};

class Pool {
 public:
  // Connects once, checks what it finds, and says in one line what is wrong. `options.schema` may
  // be missing on the server only if it is empty here.
  static absl::StatusOr<std::unique_ptr<Pool>> Open(Options options);

  ~Pool();  // no call may be running
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  absl::Status Run(absl::Time deadline, absl::FunctionRef<absl::Status(Txn&)> body);
  absl::Status Read(absl::Time deadline, absl::FunctionRef<absl::Status(Txn&)> body);
  absl::Status Snapshot(absl::Time deadline, absl::FunctionRef<absl::Status(Txn&)> body);

  // One round trip on a connection of its own, so that a busy pool still counts as ready. Never ask
  // it for liveness.
  absl::Status Ping(absl::Time deadline);

  PoolStats stats() const;

 private:
  enum class Mode { kTransaction, kAutocommit };
  struct Waiter;
  class Lease;
  struct Attempt;

  explicit Pool(Options options);

  // An idle connection, if possible one that stands in `mode`, else a new one. Throws db::Error.
  std::unique_ptr<Connection> Acquire(Mode mode, absl::Time deadline);
  // Makes it stand in `mode`, with the deadline's time limit; false if it turns out dead.
  bool Prepare(Connection& connection, Mode mode, absl::Time deadline);
  void Release(std::unique_ptr<Connection> connection);  // null: it was discarded
  std::unique_ptr<Connection> TakeIdle(Mode mode) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::unique_ptr<Connection> Dial();
  void DropIdle();  // after a lost connection the others are likely dead too
  Attempt Try(absl::Time deadline, absl::FunctionRef<absl::Status(Txn&)> body);
  absl::Status ReadWith(Mode mode, absl::Time deadline, absl::FunctionRef<absl::Status(Txn&)> body);
  bool TwinDone(const std::function<bool(Txn&)>& twin, absl::Time deadline);
  bool PauseBeforeRetry(int attempt, absl::Time deadline);

  const Options options_;
  mutable absl::Mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_ ABSL_GUARDED_BY(mutex_);  // last in, first out
  std::deque<Waiter*> waiters_ ABSL_GUARDED_BY(mutex_);  // first come, first served
  int in_use_ ABSL_GUARDED_BY(mutex_) = 0;
  PoolStats counters_ ABSL_GUARDED_BY(mutex_);
  absl::Mutex ping_mutex_;
  std::unique_ptr<Connection> ping_connection_ ABSL_GUARDED_BY(ping_mutex_);
};

}  // namespace alliance::db

#endif  // ALLIANCE_COMMON_DB_POOL_H_
