// Transactions and connections on a real MariaDB: what is kept, what is undone, what is run again.

#include "common/db/pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/base/str.h"
#include "common/testing/mariadb.h"

namespace alliance::db {
namespace {

constexpr Sql kInsert = {"test.insert", "INSERT INTO t (id, number) VALUES (?, ?)"};
constexpr Sql kAdd = {"test.add", "UPDATE t SET number=number+? WHERE id=?"};
constexpr Sql kNumber = {"test.number", "SELECT number FROM t WHERE id=?"};
constexpr Sql kMyId = {"test.my_id", "SELECT CONNECTION_ID()"};
constexpr Sql kOne = {"test.one", "SELECT 1"};

class PoolTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    schema_ = testdb::Schema::Make("pool_test");
    schema_->Execute("CREATE TABLE t (id VARCHAR(20) PRIMARY KEY, number BIGINT NOT NULL)");
    schema_->Execute(base::StrCat("GRANT ALL ON ", schema_->name(), ".t TO ", schema_->user()));
  }
  static void TearDownTestSuite() { schema_.reset(); }
  void SetUp() override { schema_->Execute("DELETE FROM t"); }

  static Options Default(int connections) {
    Options options = schema_->ServiceOptions();
    options.connections = connections;
    return options;
  }
  static std::unique_ptr<Pool> Open(int connections = 2) {
    return *Pool::Open(Default(connections));
  }
  static int64_t Count() { return schema_->Count("SELECT COUNT(*) FROM t"); }
  static void KillConnection(int64_t id) {
    schema_->Execute(base::StrCat("KILL ", id));
    while (schema_->Count(base::StrCat("SELECT COUNT(*) FROM information_schema.processlist "
                                       "WHERE id=",
                                       id)) != 0) {
      absl::SleepFor(absl::Milliseconds(2));
    }
  }

  static inline std::unique_ptr<testdb::Schema> schema_;
};

TEST_F(PoolTest, CommitsOnOkAndOnlyThen) {
  const std::unique_ptr<Pool> pool = Open();
  EXPECT_TRUE(pool->Run(testdb::Soon(),
                        [](Txn& txn) -> absl::Status {
                          txn.Exec(kInsert, "kept", 1);
                          return absl::OkStatus();
                        })
                  .ok());
  const absl::Status refused = pool->Run(testdb::Soon(), [](Txn& txn) -> absl::Status {
    txn.Exec(kInsert, "undone", 1);
    return absl::FailedPreconditionError("round is closed");
  });
  EXPECT_EQ(refused, absl::FailedPreconditionError("round is closed")) << "passed on untouched";
  EXPECT_EQ(Count(), 1);
  EXPECT_THROW(pool->Run(testdb::Soon(),
                         [](Txn& txn) -> absl::Status {
                           txn.Exec(kInsert, "thrown", 1);
                           throw std::runtime_error("a bug");
                         })
                   .IgnoreError(),
               std::runtime_error);
  EXPECT_EQ(Count(), 1);
  EXPECT_EQ(pool->stats().in_use, 0);
  EXPECT_EQ(pool->stats().discards, 1) << "its session was in an unknown state";
}

TEST_F(PoolTest, SessionIsReadCommittedAndStrict) {
  const std::unique_ptr<Pool> pool = Open(1);
  EXPECT_TRUE(pool->Run(testdb::Soon(),
                        [](Txn& txn) -> absl::Status {
                          const Row row = *txn.QueryOne(
                              {"test.session",
                               "SELECT @@tx_isolation, @@autocommit, @@innodb_lock_wait_timeout, "
                               "@@character_set_client, @@time_zone, @@sql_mode"});
                          EXPECT_EQ(row.Get<std::string>(0), "READ-COMMITTED");
                          EXPECT_EQ(row.AsText(1), "0");
                          EXPECT_EQ(row.AsText(2), "5");
                          EXPECT_EQ(row.Get<std::string>(3), "utf8mb4");
                          EXPECT_EQ(row.Get<std::string>(4), "+00:00");
                          EXPECT_NE(row.Get<std::string>(5).find("STRICT_ALL_TABLES"),
                                    std::string::npos);
                          return absl::OkStatus();
                        })
                  .ok());
}

// The server's own count of statements: a transaction of n costs n + 1, a read of n costs n.
TEST_F(PoolTest, NoRoundTripIsWasted) {
  const std::unique_ptr<Pool> pool = Open(1);
  constexpr Sql kQuestions = {"test.questions", "SHOW SESSION STATUS LIKE 'Questions'"};
  const auto questions = [&](Txn& txn) {
    return std::stoi(txn.QueryOne(kQuestions)->Get<std::string>(1));
  };
  int before = 0;
  int after = 0;
  const auto three = [&](Txn& txn) -> absl::Status {
    before = questions(txn);
    txn.Query(kOne);
    txn.Query(kOne);
    after = questions(txn);
    return absl::OkStatus();
  };
  for (int i = 0; i < 2; ++i) {  // the second time everything is prepared
    ASSERT_TRUE(pool->Run(testdb::Soon(), three).ok());
    const int first_after = after;
    ASSERT_TRUE(pool->Run(testdb::Soon(), three).ok());
    EXPECT_EQ(after - before, 3);
    EXPECT_EQ(before - first_after, 2) << "one COMMIT, and this question itself";
  }
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(pool->Read(testdb::Soon(), three).ok());
    const int first_after = after;
    ASSERT_TRUE(pool->Read(testdb::Soon(), three).ok());
    EXPECT_EQ(before - first_after, 1) << "no COMMIT";
  }
}

TEST_F(PoolTest, ReadsSeeCommittedRowsAndCannotWrite) {
  const std::unique_ptr<Pool> pool = Open();
  const absl::Status wrote = pool->Read(testdb::Soon(), [](Txn& txn) -> absl::Status {
    txn.Exec(kInsert, "a", 1);
    return absl::OkStatus();
  });
  EXPECT_EQ(ErrorWordOf(wrote), "INTERNAL");
  EXPECT_EQ(Count(), 0);
  EXPECT_TRUE(pool->Read(testdb::Soon(),
                         [](Txn& txn) -> absl::Status {
                           EXPECT_FALSE(txn.QueryOne(kNumber, "a").has_value());
                           schema_->Execute("INSERT INTO t (id, number) VALUES ('a', 1)");
                           EXPECT_TRUE(txn.QueryOne(kNumber, "a").has_value());
                           return absl::OkStatus();
                         })
                  .ok());
}

TEST_F(PoolTest, SnapshotIsFrozen) {
  const std::unique_ptr<Pool> pool = Open(1);
  for (int i = 0; i < 2; ++i) {
    SetUp();
    EXPECT_TRUE(pool->Snapshot(testdb::Soon(),
                               [](Txn& txn) -> absl::Status {
                                 schema_->Execute("INSERT INTO t (id, number) VALUES ('a', 1)");
                                 EXPECT_FALSE(txn.QueryOne(kNumber, "a").has_value());
                                 return absl::OkStatus();
                               })
                    .ok());
    EXPECT_TRUE(
        pool->Run(testdb::Soon(),
                  [](Txn& txn) -> absl::Status {
                    EXPECT_EQ(
                        txn.QueryOne({"test.iso", "SELECT @@tx_isolation"})->Get<std::string>(0),
                        "READ-COMMITTED");
                    return absl::OkStatus();
                  })
            .ok());
  }
}

TEST_F(PoolTest, DeadlockIsRunAgain) {  // 1213
  const std::unique_ptr<Pool> pool = Open();
  schema_->Execute("INSERT INTO t (id, number) VALUES ('a', 0), ('b', 0)");
  absl::Notification locked[2];
  std::atomic<int> runs = 0;
  const auto work = [&](int me, const char* first, const char* second) {
    bool once = true;
    const absl::Status status = pool->Run(testdb::Soon(), [&](Txn& txn) -> absl::Status {
      ++runs;
      txn.Exec(kAdd, 1, first);
      if (once) {
        once = false;
        locked[me].Notify();
        locked[1 - me].WaitForNotification();
      }
      txn.Exec(kAdd, 1, second);
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
  };
  std::thread other([&] { work(1, "b", "a"); });
  work(0, "a", "b");
  other.join();
  EXPECT_EQ(runs, 3) << "the victim ran twice";
  EXPECT_EQ(pool->stats().retries, 1);
  EXPECT_EQ(schema_->Value("SELECT GROUP_CONCAT(number) FROM t"), "2,2");
}

TEST_F(PoolTest, LockWaitEndsAndSaysSo) {  // 1205; docs/threats.md F-B9
  Options options = Default(1);
  options.lock_wait = absl::Seconds(1);
  const std::unique_ptr<Pool> pool = *Pool::Open(options);
  schema_->Execute("INSERT INTO t (id, number) VALUES ('a', 0)");
  int runs = 0;
  const auto add = [&](Txn& txn) -> absl::Status {
    ++runs;
    txn.Exec(kAdd, 1, "a");
    return absl::OkStatus();
  };
  const absl::Status held = schema_->root().Run(testdb::Soon(), [&](Txn& txn) -> absl::Status {
    txn.Exec(kAdd, 10, "a");
    const absl::Status status = pool->Run(testdb::Soon(), add);
    EXPECT_EQ(status.code(), absl::StatusCode::kAborted) << status;
    EXPECT_EQ(ErrorWordOf(status), "CONFLICT_RETRY_EXHAUSTED");
    return absl::OkStatus();
  });
  EXPECT_TRUE(held.ok()) << held;
  EXPECT_EQ(runs, 4) << "three times again, then no more";
  EXPECT_TRUE(pool->Run(testdb::Soon(), add).ok());
  EXPECT_EQ(schema_->Count("SELECT number FROM t"), 11);
}

TEST_F(PoolTest, DeadConnectionIsReplacedOnce) {
  const std::unique_ptr<Pool> pool = Open(1);
  int runs = 0;
  int kills = 1;
  const auto body = [&](Txn& txn) -> absl::Status {
    ++runs;
    txn.Exec(kInsert, "a", 1);
    if (kills-- > 0) KillConnection(txn.QueryOne(kMyId)->Get<int64_t>(0));
    txn.Exec(kInsert, "b", 1);
    return absl::OkStatus();
  };
  EXPECT_TRUE(pool->Run(testdb::Soon(), body).ok());
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(Count(), 2);
  SetUp();
  runs = 0;
  kills = 10;
  const absl::Status status = pool->Run(testdb::Soon(), body);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ErrorWordOf(status), "DATABASE_UNAVAILABLE") << "COMMIT was never sent";
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(Count(), 0);
}

TEST_F(PoolTest, IdleConnectionsThatDiedAreNoticed) {
  const std::unique_ptr<Pool> pool = Open(1);
  const auto id = [&] {
    int64_t id = 0;
    const absl::Status status = pool->Read(testdb::Soon(), [&](Txn& txn) -> absl::Status {
      id = txn.QueryOne(kMyId)->Get<int64_t>(0);
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return id;
  };
  const int64_t first = id();
  EXPECT_EQ(id(), first);
  KillConnection(first);
  EXPECT_NE(id(), first);
}

TEST_F(PoolTest, ConnectionLostDuringCommitIsAnUnknownOutcome) {  // docs/threats.md M9
  const std::unique_ptr<Pool> pool = Open(1);
  int runs = 0;
  const absl::Status status = pool->Run(testdb::Soon(), [&](Txn& txn) -> absl::Status {
    ++runs;
    txn.Exec(kInsert, "a", 1);
    KillConnection(txn.QueryOne(kMyId)->Get<int64_t>(0));
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ErrorWordOf(status), "OUTCOME_UNKNOWN");
  EXPECT_EQ(runs, 1) << "never repeated without a key to look up";
  EXPECT_EQ(pool->stats().unknown_outcomes, 1);
}

TEST_F(PoolTest, FullPoolRefusesAtTheDeadline) {
  const std::unique_ptr<Pool> pool = Open(1);
  const absl::Status outer = pool->Run(testdb::Soon(), [&](Txn&) -> absl::Status {
    const absl::Time began = absl::Now();
    absl::Status inner;
    std::thread other([&] {
      inner = pool->Read(began + absl::Milliseconds(100),
                         [](Txn&) -> absl::Status { return absl::OkStatus(); });
    });
    other.join();
    EXPECT_EQ(inner.code(), absl::StatusCode::kDeadlineExceeded);
    EXPECT_EQ(ErrorWordOf(inner), "DEADLINE");
    EXPECT_GE(absl::Now() - began, absl::Milliseconds(100));
    EXPECT_LT(absl::Now() - began, absl::Seconds(2));
    return absl::OkStatus();
  });
  EXPECT_TRUE(outer.ok());
  EXPECT_EQ(pool->stats().waits, 1);
  EXPECT_EQ(pool->stats().timeouts, 1);
  EXPECT_EQ(pool->stats().waiting, 0);
}

TEST_F(PoolTest, FirstComeFirstServed) {
  const std::unique_ptr<Pool> pool = Open(1);
  std::vector<int> order;  // guarded by the single connection
  std::vector<std::thread> threads;
  const absl::Status outer = pool->Run(testdb::Soon(), [&](Txn&) -> absl::Status {
    for (int i = 0; i < 5; ++i) {
      threads.emplace_back([&, i] {
        const absl::Status status = pool->Run(testdb::Soon(), [&](Txn&) -> absl::Status {
          order.push_back(i);
          return absl::OkStatus();
        });
        EXPECT_TRUE(status.ok());
      });
      while (pool->stats().waiting != i + 1) absl::SleepFor(absl::Milliseconds(1));
    }
    return absl::OkStatus();
  });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST_F(PoolTest, ServerStopsAStatementAtTheDeadline) {
  const std::unique_ptr<Pool> pool = Open(1);
  const auto sleep = [&](absl::Duration deadline) {
    return pool->Run(absl::Now() + deadline, [](Txn& txn) -> absl::Status {
      txn.Exec(kInsert, "a", 1);
      txn.Query({"test.sleep", "SELECT SLEEP(0.4)"});
      return absl::OkStatus();
    });
  };
  const absl::Status late = sleep(absl::Milliseconds(200));
  EXPECT_EQ(late.code(), absl::StatusCode::kDeadlineExceeded) << late;
  EXPECT_EQ(ErrorWordOf(late), "DEADLINE");
  EXPECT_EQ(Count(), 0);
  const absl::Status in_time = sleep(absl::Seconds(5));
  EXPECT_TRUE(in_time.ok()) << in_time << ": the limit was raised again";
  const absl::Status passed = sleep(-absl::Seconds(1));
  EXPECT_EQ(ErrorWordOf(passed), "DEADLINE");
}

TEST_F(PoolTest, OldConnectionsAreReplaced) {
  Options options = Default(1);
  options.max_age = absl::ZeroDuration();
  const std::unique_ptr<Pool> pool = *Pool::Open(options);
  const auto nothing = [](Txn&) -> absl::Status { return absl::OkStatus(); };
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(pool->Read(testdb::Soon(), nothing).ok());
  EXPECT_EQ(pool->stats().dials, 3);
  EXPECT_EQ(pool->stats().discards, 0) << "age is no error";
}

TEST_F(PoolTest, StatementsAndWaitsAreMeasured) {
  Options options = Default(1);
  std::vector<std::string> seen;
  int acquired = 0;
  options.on_statement = [&](std::string_view name, absl::Duration took, bool ok) {
    seen.push_back(base::StrCat(name, ok ? "" : " failed"));
    EXPECT_GE(took, absl::ZeroDuration());
  };
  options.on_acquire = [&](absl::Duration) { ++acquired; };
  const std::unique_ptr<Pool> pool = *Pool::Open(options);
  EXPECT_TRUE(pool->Run(testdb::Soon(),
                        [](Txn& txn) -> absl::Status {
                          txn.Exec(kInsert, "a", 1);
                          EXPECT_FALSE(txn.InsertIfAbsent(kInsert, "a", 1));
                          return absl::OkStatus();
                        })
                  .ok());
  EXPECT_EQ(ErrorWordOf(pool->Run(testdb::Soon(),
                                  [](Txn& txn) -> absl::Status {
                                    txn.Exec(kInsert, "a", 1);
                                    return absl::OkStatus();
                                  })),
            "DUPLICATE");
  EXPECT_EQ(seen, (std::vector<std::string>{"test.insert", "test.insert", "db.commit",
                                            "test.insert failed", "db.rollback"}));
  EXPECT_EQ(acquired, 2);
}

TEST_F(PoolTest, NoUpdateIsLostUnderContention) {  // docs/threats.md M2
  const std::unique_ptr<Pool> pool = Open(6);
  schema_->Execute("INSERT INTO t (id, number) VALUES ('a', 0)");
  constexpr Sql kCas = {"test.cas", "UPDATE t SET number=? WHERE id='a' AND number=?"};
  std::vector<std::thread> threads;
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&] {
      for (int done = 0; done < 50;) {
        const absl::Status status = pool->Run(testdb::Soon(), [&](Txn& txn) -> absl::Status {
          const int64_t number = txn.QueryOne(kNumber, "a")->Get<int64_t>(0);
          if (txn.Exec(kCas, number + 1, number) != 1) return absl::AbortedError("stale");
          return absl::OkStatus();
        });
        if (status.ok()) ++done;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(schema_->Count("SELECT number FROM t"), 300);
}

TEST_F(PoolTest, ReadOnlyServerIsAnOutage) {  // 1290 after a failover; docs/threats.md F-B7
  const std::unique_ptr<Pool> pool = Open(1);
  const auto insert = [&] {
    return pool->Run(testdb::Soon(), [](Txn& txn) -> absl::Status {
      txn.Exec(kInsert, "a", 1);
      return absl::OkStatus();
    });
  };
  schema_->Execute("SET GLOBAL read_only=1");
  EXPECT_EQ(ErrorWordOf(insert()), "DATABASE_UNAVAILABLE");
  EXPECT_EQ(pool->stats().discards, 2) << "the new one was no better";
  schema_->Execute("SET GLOBAL read_only=0");
  EXPECT_TRUE(insert().ok());
}

TEST_F(PoolTest, PingHasAConnectionOfItsOwn) {
  const std::unique_ptr<Pool> pool = Open(1);
  const absl::Status outer =
      pool->Run(testdb::Soon(), [&](Txn&) -> absl::Status { return pool->Ping(testdb::Soon()); });
  EXPECT_TRUE(outer.ok()) << "a busy pool is ready";
}

TEST_F(PoolTest, OpenSaysWhatIsWrongInOneLine) {
  const auto fail = [](Options options) {
    const absl::Status status = Pool::Open(std::move(options)).status();
    EXPECT_FALSE(status.ok());
    EXPECT_EQ(status.message().find('\n'), absl::string_view::npos);
    return std::string(status.message());
  };
  const auto has = [](const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
  };
  Options options = Default(1);
  options.password_file.clear();
  EXPECT_TRUE(has(fail(options), "Access denied"));
  options.password_file = "/nowhere/password";
  EXPECT_TRUE(has(fail(options), "/nowhere/password"));
  options = Default(1);
  options.schema = "alliance_nothing";
  EXPECT_TRUE(has(fail(options), "alliance_nothing"));
  options = Default(1);
  options.socket = "/nowhere/sock";
  const std::string no_server = fail(options);
  EXPECT_TRUE(has(no_server, "/nowhere/sock") && has(no_server, "(2002)")) << no_server;
  options.host = "127.0.0.1";
  EXPECT_TRUE(has(fail(options), "either a socket or a host"));
  options.socket.clear();
  EXPECT_TRUE(has(fail(options), "tls_ca"));
  options.connections = 0;
  options.tls_ca = "x";
  EXPECT_TRUE(has(fail(options), "connections"));
}

}  // namespace
}  // namespace alliance::db
