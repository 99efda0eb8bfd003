// The database goes away, hangs, comes back, or is not who it says: on a server of this test's own.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "common/base/str.h"
#include "common/db/idempotency.h"
#include "common/db/migrate.h"
#include "common/db/pool.h"
#include "common/db/test_proxy.h"
#include "common/testing/mariadb.h"

namespace alliance::db {
namespace {

constexpr Sql kInsert = {"test.insert", "INSERT INTO t (id) VALUES (?)"};

class FaultTest : public ::testing::Test {
 protected:
  static absl::Status Insert(Pool& pool, const std::string& id) {
    return pool.Run(absl::Now() + absl::Seconds(10), [&](Txn& txn) -> absl::Status {
      txn.Exec(kInsert, id);
      return absl::OkStatus();
    });
  }
  static void MakeTable(testdb::MariaDb& server) {
    const std::unique_ptr<Pool> root = *Pool::Open(server.Root());
    for (const char* sql : {"CREATE DATABASE f", "CREATE TABLE f.t (id VARCHAR(20) PRIMARY KEY)"}) {
      ASSERT_TRUE(root->Run(testdb::Soon(),
                            [&](Txn& txn) -> absl::Status {
                              txn.Exec({"test.make", sql});
                              return absl::OkStatus();
                            })
                      .ok());
    }
  }
};

TEST_F(FaultTest, ServerDiesAndComesBack) {  // docs/threats.md F-B1
  testdb::MariaDb server;
  MakeTable(server);
  Options options = server.Root("f");
  options.connections = 3;
  const std::unique_ptr<Pool> pool = *Pool::Open(options);
  EXPECT_TRUE(Insert(*pool, "before").ok());
  EXPECT_TRUE(pool->Ping(testdb::Soon()).ok());
  server.Kill();
  const absl::Status down = Insert(*pool, "down");
  EXPECT_EQ(down.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ErrorWordOf(down), "DATABASE_UNAVAILABLE") << down;
  EXPECT_EQ(ErrorWordOf(pool->Ping(testdb::Soon())), "DATABASE_UNAVAILABLE");
  server.Start();
  EXPECT_TRUE(Insert(*pool, "after").ok()) << "no restart of the service is needed";
  EXPECT_TRUE(pool->Ping(testdb::Soon()).ok());
  // A restart between two calls is not even noticed.
  server.Kill();
  server.Start();
  EXPECT_TRUE(Insert(*pool, "later").ok());
  EXPECT_EQ(pool->stats().in_use, 0);
}

TEST_F(FaultTest, ServerThatHangsDoesNotHoldThreadsForEver) {  // docs/threats.md F-B5
  testdb::MariaDb server;
  MakeTable(server);
  Options options = server.Root("f");
  options.connections = 1;
  options.statement_limit = absl::Seconds(1);
  options.lock_wait = absl::Seconds(1);
  const std::unique_ptr<Pool> pool = *Pool::Open(options);
  EXPECT_TRUE(Insert(*pool, "before").ok());
  server.Freeze();
  const absl::Time began = absl::Now();
  const absl::Status hung = Insert(*pool, "hung");
  EXPECT_EQ(hung.code(), absl::StatusCode::kUnavailable) << hung;
  EXPECT_LT(absl::Now() - began, absl::Seconds(9));
  server.Thaw();
  EXPECT_TRUE(Insert(*pool, "after").ok());
}

// The answer to COMMIT is lost, the work is done: exactly what a client cannot tell from a failure.
TEST_F(FaultTest, LostAnswerToCommit) {  // docs/threats.md F-B3
  const std::unique_ptr<testdb::Schema> schema = testdb::Schema::Make("fault_test");
  const std::string path = testdb::MariaDb::Shared().folder() + "/proxy";
  TestProxy proxy(path, testdb::MariaDb::Shared().socket());
  Options options = schema->ServiceOptions();
  options.socket = path;
  options.connections = 2;
  const std::unique_ptr<Pool> pool = *Pool::Open(options);
  const RequestKey key = {"user-1", "0187438a-96bd-7ce1-9d0a-3f1c2e5b7a90", "S/M",
                          std::string(32, 'd')};
  constexpr Sql kEffect = {"test.effect",
                           "INSERT INTO inbox (source, aggregate_id, last_seq) VALUES ('x', ?, 1)"};
  int runs = 0;
  std::string answer;
  const auto act = [&](const RequestKey& with, const char* what) {
    runs = 0;
    answer.clear();
    return pool->Run(testdb::Soon(), [&](Txn& txn) -> absl::Status {
      ++runs;
      const absl::StatusOr<std::optional<std::string>> before = Replay(txn, with);
      if (!before.ok()) return before.status();
      if (before->has_value()) {
        answer = **before;
        return absl::OkStatus();
      }
      txn.Exec(kEffect, what);
      Record(txn, with, "registered");
      answer = "registered";
      return absl::OkStatus();
    });
  };
  proxy.LoseCommitAnswers(1);
  const absl::Status known = act(key, "a");
  EXPECT_TRUE(known.ok()) << known << ": the key was looked up and was there";
  EXPECT_EQ(answer, "registered");
  EXPECT_EQ(runs, 2) << "the second one replayed";
  EXPECT_EQ(pool->stats().unknown_outcomes, 1);
  EXPECT_EQ(schema->Count("SELECT COUNT(*) FROM inbox"), 1);

  proxy.LoseCommitAnswers(1);
  const absl::Status keyless = pool->Run(testdb::Soon(), [&](Txn& txn) -> absl::Status {
    txn.Exec(kEffect, "b");
    return absl::OkStatus();
  });
  EXPECT_EQ(ErrorWordOf(keyless), "OUTCOME_UNKNOWN") << "without a key it cannot be told";
  EXPECT_EQ(schema->Count("SELECT COUNT(*) FROM inbox WHERE aggregate_id='b'"), 1)
      << "this time it was done";
}

int FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  EXPECT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), size), 0);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  close(fd);
  return ntohs(address.sin_port);
}

class TlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "/db-tls-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    const auto openssl = [&](const std::string& command) {
      const std::string line =
          base::StrCat("cd ", folder_, " && openssl ", command, " 2>openssl.log");
      // tidy-allow(system): openssl's command line makes this test's certificates
      ASSERT_EQ(std::system(line.c_str()), 0) << line;
    };
    std::ofstream(folder_ + "/ext") << "subjectAltName=IP:127.0.0.1,DNS:localhost\n";
    for (const char* ca : {"ca", "other"}) {
      openssl(
          base::StrCat("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
                       "-days 2 -subj /CN=test-",
                       ca, " -keyout ", ca, ".key -out ", ca, ".pem"));
    }
    openssl("req -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -keyout s.key -out s.csr");
    openssl("x509 -req -in s.csr -CA ca.pem -CAkey ca.key -days 2 -extfile ext -out s.pem");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Options Tcp(testdb::MariaDb& server, int port) {
    EXPECT_TRUE(EnsureUser(server.Root(), "tcp_user", server.folder() + "/password", false).ok());
    Options options;
    options.host = "127.0.0.1";
    options.port = port;
    options.tls_ca = folder_ + "/ca.pem";
    options.user = "tcp_user";
    options.password_file = server.folder() + "/password";
    return options;
  }
  std::string folder_;
};

TEST_F(TlsTest, TcpIsEncryptedOrNotUsed) {  // docs/threats.md B4-S2
  const int port = FreePort();
  testdb::MariaDb server(
      {.extra_flags = {base::StrCat("--port=", port), "--bind-address=127.0.0.1",
                       "--ssl-ca=" + folder_ + "/ca.pem", "--ssl-cert=" + folder_ + "/s.pem",
                       "--ssl-key=" + folder_ + "/s.key"}});
  Options options = Tcp(server, port);
  const absl::StatusOr<std::unique_ptr<Pool>> pool = Pool::Open(options);
  ASSERT_TRUE(pool.ok()) << pool.status();
  EXPECT_TRUE((*pool)
                  ->Read(testdb::Soon(),
                         [](Txn& txn) -> absl::Status {
                           EXPECT_NE(txn.QueryOne({"test.cipher", "SHOW STATUS LIKE 'Ssl_cipher'"})
                                         ->Get<std::string>(1),
                                     "");
                           return absl::OkStatus();
                         })
                  .ok());
  options.tls_ca = folder_ + "/other.pem";
  const absl::Status wrong_ca = Pool::Open(options).status();
  EXPECT_FALSE(wrong_ca.ok());
  EXPECT_NE(wrong_ca.message().find("2026"), absl::string_view::npos) << wrong_ca;
}

TEST_F(TlsTest, ServerWithoutTlsIsRefused) {
  const int port = FreePort();
  testdb::MariaDb server(
      {.extra_flags = {base::StrCat("--port=", port), "--bind-address=127.0.0.1", "--skip-ssl"}});
  const absl::Status status = Pool::Open(Tcp(server, port)).status();
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(ErrorWordOf(status), "DATABASE_UNAVAILABLE") << status;
}

}  // namespace
}  // namespace alliance::db
