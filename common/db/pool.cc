#include "common/db/pool.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/str.h"
#include "common/crypto/random.h"
#include "common/db/connection.h"

namespace alliance::db {
namespace {

constexpr int kMaxRetries = 3;  // after deadlocks and lock waits
constexpr int kMaxRedials = 1;  // after a connection that was found dead
constexpr int kMaxTwins = 3;    // because another has done the same meanwhile

constexpr Sql kCommit = {"db.commit", "COMMIT"};
constexpr Sql kRollback = {"db.rollback", "ROLLBACK"};

absl::Status ToStatus(const Error& e) {
  switch (e.kind()) {
    case Error::Kind::kDuplicate:
      return MakeStatus(ErrorWord::kDuplicate, e.what());
    case Error::Kind::kRetry:
      return MakeStatus(ErrorWord::kConflictRetryExhausted, e.what());
    case Error::Kind::kLost:
      return MakeStatus(ErrorWord::kDatabaseUnavailable, e.what());
    case Error::Kind::kDeadline:
      return MakeStatus(ErrorWord::kDeadline, e.what());
    case Error::Kind::kConstraint:
      return MakeStatus(ErrorWord::kConstraint, e.what());
    case Error::Kind::kDenied:
      return MakeStatus(ErrorWord::kDenied, e.what());
    case Error::Kind::kReprepare:
    case Error::Kind::kInternal:
      break;
  }
  return MakeStatus(ErrorWord::kInternal, e.what());
}

}  // namespace

struct Pool::Waiter {
  absl::CondVar granted_changed;
  bool granted = false;
  std::unique_ptr<Connection> connection;  // null: dial
};

// A connection on loan. It goes back only when Keep() says that its session is clean; otherwise, an
// exception of the body included, it is thrown away.
class Pool::Lease {
 public:
  Lease(Pool& pool, Mode mode, absl::Time deadline)
      : pool_(pool), connection_(pool.Acquire(mode, deadline)) {}
  ~Lease() {
    if (!keep_ || connection_->broken()) connection_.reset();
    pool_.Release(std::move(connection_));
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  Connection& operator*() { return *connection_; }
  Connection* operator->() { return connection_.get(); }
  void Keep() { keep_ = true; }

 private:
  Pool& pool_;
  std::unique_ptr<Connection> connection_;
  bool keep_ = false;
};

// What one run of a body came to.
struct Pool::Attempt {
  absl::Status status;
  bool retry = false;    // undone: run it again
  bool redial = false;   // undone: the connection was dead
  bool unknown = false;  // COMMIT was lost
  std::function<bool(Txn&)> twin;
};

Pool::Pool(Options options) : options_(std::move(options)) {}

absl::StatusOr<std::unique_ptr<Pool>> Pool::Open(Options options) {
  if (options.socket.empty() == options.host.empty()) {
    return MakeStatus(ErrorWord::kInternal, "database: give either a socket or a host");
  }
  if (!options.host.empty() && options.tls_ca.empty()) {
    return MakeStatus(ErrorWord::kInternal, "database: a host needs tls_ca");
  }
  if (options.connections < 1) {
    return MakeStatus(ErrorWord::kInternal, "database: connections must be at least 1");
  }
  std::unique_ptr<Pool> pool(new Pool(std::move(options)));
  try {
    std::unique_ptr<Connection> first = pool->Dial();
    absl::MutexLock lock(&pool->mutex_);
    pool->idle_.push_back(std::move(first));
  } catch (const Error& e) {
    return ToStatus(e);
  }
  return pool;
}

Pool::~Pool() = default;

std::unique_ptr<Connection> Pool::Dial() {
  {
    absl::MutexLock lock(&mutex_);
    ++counters_.dials;
  }
  std::unique_ptr<Connection> connection = Connection::Dial(options_);
  connection->set_expires(connection->dialled() +
                          options_.max_age * (0.9 + 0.2 * crypto::RandomFraction()));
  return connection;
}

std::unique_ptr<Connection> Pool::TakeIdle(Mode mode) {
  if (idle_.empty()) return nullptr;
  const bool autocommit = mode == Mode::kAutocommit;
  const auto fitting = std::find_if(idle_.rbegin(), idle_.rend(), [&](const auto& connection) {
    return connection->autocommit() == autocommit;
  });
  const auto at = fitting == idle_.rend() ? std::prev(idle_.end()) : std::prev(fitting.base());
  std::unique_ptr<Connection> connection = std::move(*at);
  idle_.erase(at);
  return connection;
}

std::unique_ptr<Connection> Pool::Acquire(Mode mode, absl::Time deadline) {
  const absl::Time began = absl::Now();
  std::unique_ptr<Connection> connection;
  bool waited = false;
  {
    absl::MutexLock lock(&mutex_);
    if (in_use_ < options_.connections && waiters_.empty()) {
      ++in_use_;
      connection = TakeIdle(mode);
    } else {
      waited = true;
      ++counters_.waits;
      Waiter waiter;
      waiters_.push_back(&waiter);
      while (!waiter.granted && !waiter.granted_changed.WaitWithDeadline(&mutex_, deadline)) {
      }
      if (!waiter.granted) {
        waiters_.erase(std::find(waiters_.begin(), waiters_.end(), &waiter));
        ++counters_.timeouts;
        throw Error(Error::Kind::kDeadline, 0,
                    base::StrCat("no free database connection of ", options_.connections, " in ",
                                 absl::FormatDuration(absl::Now() - began)));
      }
      connection = std::move(waiter.connection);
    }
  }
  if (options_.on_acquire) {
    options_.on_acquire(waited ? absl::Now() - began : absl::ZeroDuration());
  }
  try {
    if (connection != nullptr && !Prepare(*connection, mode, deadline)) {
      connection.reset();
      DropIdle();
    }
    if (connection == nullptr) {
      connection = Dial();
      if (!Prepare(*connection, mode, deadline)) {
        throw Error(Error::Kind::kLost, 0, "the database ended a new connection");
      }
    }
    return connection;
  } catch (const Error&) {
    Release(nullptr);
    throw;
  }
}

bool Pool::Prepare(Connection& connection, Mode mode, absl::Time deadline) {
  const absl::Time now = absl::Now();
  if (now >= deadline) throw Error(Error::Kind::kDeadline, 0, "the deadline has passed");
  try {
    if (now - connection.last_used() > options_.ping_after) connection.ExecText("DO 1");
    connection.LimitStatements(deadline - now);
    connection.SetAutocommit(mode == Mode::kAutocommit);
    return true;
  } catch (const Error&) {
    return false;
  }
}

void Pool::Release(std::unique_ptr<Connection> connection) {
  const absl::Time now = absl::Now();
  if (connection != nullptr) connection->set_last_used(now);
  std::unique_ptr<Connection> old;  // closed after the lock is free
  absl::MutexLock lock(&mutex_);
  if (connection == nullptr) {
    ++counters_.discards;
  } else if (now >= connection->expires()) {
    old = std::move(connection);
  }
  if (!waiters_.empty()) {
    Waiter* const waiter = waiters_.front();
    waiters_.pop_front();
    waiter->connection = std::move(connection);
    waiter->granted = true;
    waiter->granted_changed.Signal();
    return;
  }
  --in_use_;
  if (connection != nullptr) idle_.push_back(std::move(connection));
}

void Pool::DropIdle() {
  std::vector<std::unique_ptr<Connection>> dropped;
  absl::MutexLock lock(&mutex_);
  counters_.discards += static_cast<int64_t>(idle_.size());
  dropped.swap(idle_);
}

Pool::Attempt Pool::Try(absl::Time deadline, absl::FunctionRef<absl::Status(Txn&)> body) {
  Attempt attempt;
  std::optional<Lease> lease;
  try {
    lease.emplace(*this, Mode::kTransaction, deadline);
  } catch (const Error& e) {
    attempt.status = ToStatus(e);
    return attempt;
  }
  Connection& connection = **lease;
  Txn txn(connection, deadline, /*read_only=*/false, &options_.on_statement);
  try {
    attempt.status = body(txn);
  } catch (const Error& e) {
    attempt.status = ToStatus(e);
    attempt.retry = e.kind() == Error::Kind::kRetry;
    attempt.redial = e.kind() == Error::Kind::kLost;
  }
  attempt.twin = std::move(txn.twin_);
  if (!txn.used_ || connection.broken()) {
    lease->Keep();
    return attempt;
  }
  const Sql& end = attempt.status.ok() ? kCommit : kRollback;
  const absl::Time began = absl::Now();
  bool ended = false;
  try {
    attempt.status.ok() ? connection.Commit() : connection.Rollback();
    ended = true;
    lease->Keep();
  } catch (const Error& e) {
    if (attempt.status.ok()) {
      // Only a conflict says for certain that nothing was done (it is how Galera refuses a COMMIT);
      // after any other failure the work may be there or not (docs/threats.md M9).
      attempt.retry = e.kind() == Error::Kind::kRetry;
      attempt.unknown = !attempt.retry;
      attempt.status =
          attempt.retry ? ToStatus(e) : MakeStatus(ErrorWord::kOutcomeUnknown, e.what());
    }
  }
  if (options_.on_statement) options_.on_statement(end.name, absl::Now() - began, ended);
  return attempt;
}

bool Pool::PauseBeforeRetry(int attempt, absl::Time deadline) {
  {
    absl::MutexLock lock(&mutex_);
    ++counters_.retries;
  }
  const absl::Duration pause =
      absl::Milliseconds(2.0 + 8.0 * crypto::RandomFraction()) * (1 << attempt);
  if (absl::Now() + pause >= deadline) return false;
  absl::SleepFor(pause);
  return true;
}

bool Pool::TwinDone(const std::function<bool(Txn&)>& twin, absl::Time deadline) {
  if (!twin) return false;
  bool done = false;
  const absl::Status looked = Read(deadline, [&](Txn& txn) -> absl::Status {
    done = twin(txn);
    return absl::OkStatus();
  });
  return looked.ok() && done;
}

absl::Status Pool::Run(absl::Time deadline, absl::FunctionRef<absl::Status(Txn&)> body) {
  int retries = 0;
  int redials = 0;
  int twins = 0;
  while (true) {
    Attempt attempt = Try(deadline, body);
    if (attempt.status.ok()) return attempt.status;
    if (attempt.unknown) {
      absl::MutexLock lock(&mutex_);
      ++counters_.unknown_outcomes;
    }
    if (attempt.redial || attempt.unknown) DropIdle();
    if (attempt.redial && redials++ < kMaxRedials) continue;
    if (attempt.retry && retries < kMaxRetries && PauseBeforeRetry(retries++, deadline)) continue;
    // A refusal may come from the change that the same request made a moment ago.
    if (attempt.retry || attempt.redial) return attempt.status;
    if (twins++ < kMaxTwins && TwinDone(attempt.twin, deadline)) continue;
    return attempt.status;
  }
}

absl::Status Pool::ReadWith(Mode mode, absl::Time deadline,
                            absl::FunctionRef<absl::Status(Txn&)> body) {
  for (int attempt = 0;; ++attempt) {
    absl::Status status;
    Error::Kind kind = Error::Kind::kInternal;
    try {
      Lease lease(*this, mode, deadline);
      try {
        if (mode == Mode::kTransaction) {
          lease->ExecText("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
          lease->ExecText("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
        }
        Txn txn(*lease, deadline, /*read_only=*/true, &options_.on_statement);
        status = body(txn);
      } catch (const Error& e) {
        kind = e.kind();
        status = ToStatus(e);
      }
      if (mode == Mode::kTransaction && !lease->broken()) lease->Rollback();
      lease.Keep();
    } catch (const Error& e) {
      return ToStatus(e);  // no connection
    }
    if (kind == Error::Kind::kLost) DropIdle();
    if (attempt < kMaxRedials && kind == Error::Kind::kLost) continue;
    if (attempt < kMaxRetries && kind == Error::Kind::kRetry &&
        PauseBeforeRetry(attempt, deadline)) {
      continue;
    }
    return status;
  }
}

absl::Status Pool::Read(absl::Time deadline, absl::FunctionRef<absl::Status(Txn&)> body) {
  return ReadWith(Mode::kAutocommit, deadline, body);
}

absl::Status Pool::Snapshot(absl::Time deadline, absl::FunctionRef<absl::Status(Txn&)> body) {
  return ReadWith(Mode::kTransaction, deadline, body);
}

absl::Status Pool::Ping(absl::Time deadline) {
  absl::MutexLock lock(&ping_mutex_);
  for (int attempt = 0;; ++attempt) {
    const bool fresh = ping_connection_ == nullptr;
    try {
      if (absl::Now() >= deadline)
        throw Error(Error::Kind::kDeadline, 0, "the deadline has passed");
      if (fresh) ping_connection_ = Dial();
      ping_connection_->LimitStatements(deadline - absl::Now());
      // A statement, not a protocol ping: a Galera node that lost its cluster answers 1047.
      ping_connection_->QueryText("SELECT 1");
      return absl::OkStatus();
    } catch (const Error& e) {
      ping_connection_.reset();
      if (fresh || attempt > 0) return ToStatus(e);
    }
  }
}

PoolStats Pool::stats() const {
  absl::MutexLock lock(&mutex_);
  PoolStats stats = counters_;
  stats.size = options_.connections;
  stats.in_use = in_use_;
  stats.idle = static_cast<int>(idle_.size());
  stats.waiting = static_cast<int>(waiters_.size());
  return stats;
}

}  // namespace alliance::db
