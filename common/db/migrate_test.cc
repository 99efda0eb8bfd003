// How a schema comes to be, and who may do what with it.

#include "common/db/migrate.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/testing/mariadb.h"

namespace alliance::db {
namespace {

namespace fs = std::filesystem;

class MigrateTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "/migrate-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    folder_ = root_ + "/demo/migrations";
    fs::create_directories(folder_);
    static int made = 0;
    options_.server = testdb::MariaDb::Shared().Root();
    options_.schema = base::StrCat("migrate_test_", ++made);
    options_.folders = {folder_};
    options_.user = "migrate_user";
    password_ = testdb::MariaDb::Shared().folder() + "/password";
    ASSERT_TRUE(EnsureUser(options_.server, "migrate_user", password_, false).ok());
    Write("0001_first.sql", "-- why\nCREATE TABLE first (id INT PRIMARY KEY);\n");
    Write("0002_second.sql", "CREATE TABLE second_version (id INT PRIMARY KEY)");
  }
  void TearDown() override {
    Sql1("DROP DATABASE IF EXISTS " + options_.schema);
    Sql1("DROP USER migrate_user");
    fs::remove_all(root_);
  }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name) << text;
  }
  void WriteGrants(const std::string& text) {
    std::ofstream(root_ + "/grants.sql") << text;
    options_.grants_files = {root_ + "/grants.sql"};
  }
  std::string Message(const absl::Status& status) { return std::string(status.message()); }
  std::string Failure() { return Message(Migrate(options_).status()); }

  static void Sql1(const std::string& sql) {
    const std::unique_ptr<Pool> pool = *Pool::Open(testdb::MariaDb::Shared().Root());
    const absl::Status status = pool->Run(testdb::Soon(), [&](Txn& txn) -> absl::Status {
      txn.Exec({"test.sql", sql.c_str()});
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
  }
  std::unique_ptr<Pool> AsRoot() {
    return *Pool::Open(testdb::MariaDb::Shared().Root(options_.schema));
  }
  std::unique_ptr<Pool> AsService() {
    Options options = testdb::MariaDb::Shared().Root(options_.schema);
    options.user = "migrate_user";
    options.password_file = password_;
    return *Pool::Open(options);
  }
  static absl::Status Do(Pool& pool, const char* sql) {
    return pool.Run(testdb::Soon(), [&](Txn& txn) -> absl::Status {
      txn.Exec({"test.do", sql});
      return absl::OkStatus();
    });
  }

  std::string root_;
  std::string folder_;
  std::string password_;
  MigrateOptions options_;
};

TEST_F(MigrateTest, FromNothingThenOnlyWhatIsNew) {
  const absl::StatusOr<MigrateReport> first = Migrate(options_);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->applied.size(), 2u);
  EXPECT_EQ(first->already, 0);
  const absl::StatusOr<MigrateReport> again = Migrate(options_);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->applied.size(), 0u);
  EXPECT_EQ(again->already, 2);
  Write("0003_seed.sql", "INSERT INTO first (id) VALUES (1), (2)");
  EXPECT_EQ(Migrate(options_)->applied, (std::vector<std::string>{folder_ + "/0003_seed.sql"}));
  EXPECT_TRUE(Do(*AsRoot(), "INSERT INTO first (id) VALUES (3)").ok());
  EXPECT_FALSE(Do(*AsRoot(), "INSERT INTO first (id) VALUES (2)").ok());
}

TEST_F(MigrateTest, HistoryOfFilesIsNotRewritten) {
  ASSERT_TRUE(Migrate(options_).ok());
  const auto has = [&](const std::string& text) {
    const std::string failure = Failure();
    EXPECT_NE(failure.find(text), std::string::npos) << failure;
  };
  Write("0001_first.sql", "CREATE TABLE first (id BIGINT PRIMARY KEY)");
  has("0001_first.sql was changed after it was applied");
  Write("0001_first.sql", "-- why\nCREATE TABLE first (id INT PRIMARY KEY);\n");
  EXPECT_EQ(Failure(), "");
  fs::remove(folder_ + "/0002_second.sql");
  has("0002_second.sql was applied but is gone");
  Write("0002_second.sql", "CREATE TABLE second_version (id INT PRIMARY KEY)");
  Write("0000_late.sql", "CREATE TABLE late (id INT PRIMARY KEY)");
  has("comes before 0002_second.sql");
}

// Below: what was released with 0.1.0 is the two files of SetUp.
class ReleaseTest : public MigrateTest {
 protected:
  void SetUp() override {
    MigrateTest::SetUp();
    Write("DIGESTS", base::StrCat("# 0.1.0\n", Line("0001_first.sql"), Line("0002_second.sql")));
  }
  std::string Line(const std::string& name) {
    std::ifstream file(folder_ + "/" + name);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return base::StrCat(crypto::Hex(crypto::Sha256(text)), "  ", name, "\n");
  }
  // Refused by both, for this reason, and left as it was.
  void Refused(const std::string& reason) {
    const std::string before = Recorded();
    const std::string checked = Message(CheckMigrated(*AsRoot(), options_.folders));
    for (const std::string& failure : {Failure(), checked}) {
      EXPECT_NE(failure.find(reason), std::string::npos) << failure;
      EXPECT_EQ(failure.find('\n'), std::string::npos) << failure;
    }
    EXPECT_EQ(Recorded(), before);
  }
  std::string Recorded() {
    std::string all;
    const absl::Status status = AsRoot()->Read(testdb::Soon(), [&](Txn& txn) -> absl::Status {
      for (const Row& row : txn.Query({"test.all",
                                       "SELECT name FROM schema_migration UNION ALL SELECT "
                                       "table_name FROM information_schema.tables WHERE "
                                       "table_schema=DATABASE() ORDER BY 1"})) {
        base::StrAppend(&all, row.Get<std::string>(0), " ");
      }
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return all;
  }
};

TEST_F(ReleaseTest, AFreshDatabaseAndOneOfTheReleaseAreTaken) {
  EXPECT_EQ(Migrate(options_)->applied.size(), 2u);
  EXPECT_EQ(Migrate(options_)->already, 2);
  Write("0003_third.sql", "CREATE TABLE third (id INT PRIMARY KEY)");
  EXPECT_EQ(Migrate(options_)->applied.size(), 1u) << "what is not released yet is applied too";
  EXPECT_TRUE(CheckMigrated(*AsRoot(), options_.folders).ok());
}

TEST_F(ReleaseTest, ADatabaseInterruptedOnItsWayToTheReleaseIsTaken) {
  fs::rename(folder_ + "/DIGESTS", root_ + "/DIGESTS");
  fs::rename(folder_ + "/0002_second.sql", root_ + "/0002_second.sql");
  ASSERT_TRUE(Migrate(options_).ok());
  fs::rename(root_ + "/DIGESTS", folder_ + "/DIGESTS");
  fs::rename(root_ + "/0002_second.sql", folder_ + "/0002_second.sql");
  EXPECT_EQ(Migrate(options_)->applied.size(), 1u);
}

TEST_F(ReleaseTest, AnOlderDatabaseIsRefusedWithItsVersionAndTheWayOut) {
  ASSERT_TRUE(Migrate(options_).ok());
  const auto record = [&](const std::string& sql) { ASSERT_TRUE(Do(*AsRoot(), sql.c_str()).ok()); };
  const std::string out =
      " (1970-01-02). Make a new database, or go on with the programs that made this one; it was "
      "not changed";
  record("UPDATE schema_migration SET applied_us=86400000000");
  // A file that was another then.
  record("UPDATE schema_migration SET sha256=REPEAT('x', 32) WHERE name='0001_first.sql'");
  Refused(
      base::StrCat("the database is older than 0.1.0: its demo/0001_first.sql is another", out));
  // One that came before without a file of the release.
  record("DELETE FROM schema_migration WHERE name='0001_first.sql'");
  Refused(
      base::StrCat("the database is older than 0.1.0: its demo/0002_second.sql came without "
                   "0001_first.sql",
                   out));
  // One that no release has.
  record("DELETE FROM schema_migration");
  record("DROP TABLE first");
  record("DROP TABLE second_version");
  ASSERT_EQ(Failure(), "");
  record(
      "UPDATE schema_migration SET applied_us=86400000000, name='0001_b.sql' "
      "WHERE name='0002_second.sql'");
  Refused(
      base::StrCat("the database is older than 0.1.0: its demo/0001_b.sql is of no release", out));
}

TEST_F(ReleaseTest, AnOlderDatabaseIsNamedByTheReleaseItIsOlderThan) {
  Write("0003_third.sql", "CREATE TABLE third (id INT PRIMARY KEY)");
  ASSERT_TRUE(Migrate(options_).ok());
  Write("0003_third.sql", "CREATE TABLE third (id BIGINT PRIMARY KEY)");
  Refused("0003_third.sql was changed after it was applied; write a new migration");
  Write("DIGESTS", base::StrCat("# 0.1.0\n", Line("0001_first.sql"), Line("0002_second.sql"),
                                "# 0.2.0\n", Line("0003_third.sql")));
  Refused("the database is older than 0.2.0: its demo/0003_third.sql is another");
}

TEST_F(ReleaseTest, ProgramsOlderThanTheDatabaseAreSuspected) {
  Write("0003_third.sql", "CREATE TABLE third (id INT PRIMARY KEY)");
  ASSERT_TRUE(Migrate(options_).ok());
  fs::remove(folder_ + "/0003_third.sql");
  Refused("0003_third.sql was applied but is gone: are these programs older than the database?");
}

TEST_F(ReleaseTest, FilesThatAreNotTheReleaseAreRefused) {
  const std::string digests =
      base::StrCat("# 0.1.0\n", Line("0001_first.sql"), Line("0002_second.sql"));
  const auto refused = [&](const std::string& reason) {
    const std::string failure = Failure();
    EXPECT_NE(failure.find(reason), std::string::npos) << failure;
  };
  Write("DIGESTS", digests + Line("0003_third.sql"));
  refused("lacks 0003_third.sql, which was released");
  Write("DIGESTS", digests.substr(digests.find('\n') + 1));
  refused("is neither a version nor a digest");
  Write("DIGESTS", digests + "0003_third.sql\n");
  refused("is neither a version nor a digest");
  Write("DIGESTS", digests);
  Write("0001_first.sql", "CREATE TABLE first (id BIGINT PRIMARY KEY)");
  refused("0001_first.sql was changed after its release; write a new migration");
}

TEST_F(MigrateTest, BrokenFilesAreNamed) {
  const auto has = [&](const std::string& text) {
    const std::string failure = Failure();
    EXPECT_NE(failure.find(text), std::string::npos) << failure;
  };
  Write("notes.txt", "x");
  has("notes.txt: a migration is named");
  fs::remove(folder_ + "/notes.txt");
  Write("0002_other.sql", "SELECT 1");
  has("has the number of");
  fs::remove(folder_ + "/0002_other.sql");
  Write("0003_empty.sql", " ;\n");
  has("0003_empty.sql is empty");
  Write("0003_empty.sql",
        "CREATE TABLE a (id INT PRIMARY KEY); CREATE TABLE b (id INT PRIMARY KEY)");
  has("0003_empty.sql: ");  // two statements
  Write("0003_empty.sql", "CREATE TABEL a (id INT PRIMARY KEY)");
  has("0003_empty.sql: ");
  Write("0003_empty.sql", "CREATE TABLE a (id INT PRIMARY KEY)");
  EXPECT_EQ(Failure(), "") << "a file that never worked may be put right";
  options_.folders.push_back(root_ + "/nowhere/migrations");
  has("nowhere");
  options_.folders.pop_back();
  const std::string schema = options_.schema;
  options_.schema = "Robert'); DROP";
  has("names are made of");
  options_.schema = schema;
}

TEST_F(MigrateTest, KilledHalfWayIsFinishedByTheNextRun) {  // docs/threats.md F-B13
  ASSERT_TRUE(Migrate(options_).ok());
  Write("0003_third.sql", "CREATE TABLE third (id INT PRIMARY KEY)");
  // As the killed run left it: the statement done, its mark not.
  ASSERT_TRUE(Do(*AsRoot(), "CREATE TABLE third (id INT PRIMARY KEY)").ok());
  ASSERT_TRUE(Do(*AsRoot(),
                 "INSERT INTO schema_migration (folder, name, sha256, started_us) "
                 "VALUES ('demo', '0003_third.sql', REPEAT('x', 32), 1)")
                  .ok());
  EXPECT_FALSE(CheckMigrated(*AsRoot(), options_.folders).ok());
  EXPECT_EQ(Migrate(options_)->applied.size(), 1u);
  EXPECT_TRUE(CheckMigrated(*AsRoot(), options_.folders).ok());
  // Without the mark a table that is in the way is an error, not success.
  Write("0004_fourth.sql", "CREATE TABLE fourth (id INT PRIMARY KEY)");
  ASSERT_TRUE(Do(*AsRoot(), "CREATE TABLE fourth (id INT PRIMARY KEY)").ok());
  EXPECT_NE(Failure().find("0004_fourth.sql"), std::string::npos);
}

TEST_F(MigrateTest, TwoRunsAtOnceApplyEachFileOnce) {
  Write("0003_seed.sql", "INSERT INTO first (id) VALUES (1)");
  std::vector<std::thread> threads;
  std::atomic<int> applied = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const absl::StatusOr<MigrateReport> report = Migrate(options_);
      ASSERT_TRUE(report.ok()) << report.status();
      applied += static_cast<int>(report->applied.size());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(applied, 3);
}

TEST_F(MigrateTest, ServiceChecksItsSchema) {
  ASSERT_TRUE(Migrate(options_).ok());
  const std::unique_ptr<Pool> pool = AsRoot();
  EXPECT_TRUE(CheckMigrated(*pool, options_.folders).ok());
  Write("0003_third.sql", "CREATE TABLE third (id INT PRIMARY KEY)");
  EXPECT_NE(Message(CheckMigrated(*pool, options_.folders)).find("run alliancectl migrate"),
            std::string::npos);
}

constexpr char kGoodGrants[] =
    "-- a comment\n"
    "GRANT SELECT, INSERT, UPDATE ON {schema}.first TO {user}; -- the work\n"
    "GRANT SELECT, INSERT ON {schema}.second_version TO {user}; -- append-only\n"
    "GRANT SELECT ON {schema}.schema_migration TO {user}; -- the check at start\n";

TEST_F(MigrateTest, GrantsAreExactlyTheFile) {
  WriteGrants(kGoodGrants);
  const absl::StatusOr<MigrateReport> report = Migrate(options_);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->granted.size(), 6u);
  const std::unique_ptr<Pool> service = AsService();
  EXPECT_TRUE(Do(*service, "INSERT INTO first (id) VALUES (1)").ok());
  EXPECT_TRUE(Do(*service, "UPDATE first SET id=2").ok());
  EXPECT_EQ(ErrorWordOf(Do(*service, "DELETE FROM first")), "DENIED");
  EXPECT_TRUE(Do(*service, "INSERT INTO second_version (id) VALUES (1)").ok());
  EXPECT_EQ(ErrorWordOf(Do(*service, "UPDATE second_version SET id=2")), "DENIED");
  EXPECT_EQ(ErrorWordOf(Do(*service, "CREATE TABLE x (id INT)")), "DENIED");
  EXPECT_EQ(Migrate(options_)->granted.size(), 0u) << "nothing to do the second time";

  // Drift is put right: what is too much goes, what is missing comes.
  Sql1(base::StrCat("GRANT DELETE ON ", options_.schema, ".first TO migrate_user"));
  Sql1(base::StrCat("GRANT CREATE ON `", options_.schema, "`.* TO migrate_user"));
  Sql1(base::StrCat("REVOKE INSERT ON ", options_.schema, ".first FROM migrate_user"));
  EXPECT_EQ(Migrate(options_)->granted.size(), 3u);
  EXPECT_EQ(Migrate(options_)->granted.size(), 0u);
  EXPECT_EQ(ErrorWordOf(Do(*AsService(), "DELETE FROM first")), "DENIED");
  EXPECT_TRUE(Do(*AsService(), "INSERT INTO first (id) VALUES (7)").ok());
}

TEST_F(MigrateTest, BadGrantsAreRefusedByLine) {
  struct Case {
    std::string line;
    std::string complaint;
  };
  const std::vector<Case> cases = {
      {"GRANT UPDATE ON {schema}.second_version TO {user}; -- because", "append-only"},
      {"GRANT DELETE ON {schema}.first TO {user};", "says why"},
      {"GRANT DELETE ON {schema}.first TO {user}", "write \"GRANT"},
      {"GRANT ALL ON {schema}.first TO {user}; -- because", "not a right"},
      {"GRANT DROP ON {schema}.first TO {user}; -- because", "not a right"},
      {"GRANT SELECT ON mysql.user TO {user}; -- because", "{schema}.<table>"},
      {"GRANT SELECT ON {schema}.nothing TO {user}; -- because", "no table nothing"},
      {"GRANT INSERT ON {schema}.* TO {user}; -- because", "only SELECT"},
      {"GRANT SELECT ON {schema}.first TO {user}; -- because", "second line"},
      {"GRANT SELECT ON {schema}.first TO nobody'@'%; -- because", "names are made"},
      {"REVOKE SELECT ON {schema}.first TO {user}; -- because", "write \"GRANT"},
      {"GRANT SELECT ON {schema}.first TO ghost; -- because", "ghost does not exist"},
  };
  for (const Case& c : cases) {
    WriteGrants(kGoodGrants + c.line + "\n");
    const std::string failure = Failure();
    EXPECT_NE(failure.find(c.complaint), std::string::npos) << c.line << ": " << failure;
    if (c.complaint != "ghost does not exist") {
      EXPECT_NE(failure.find("grants.sql:5"), std::string::npos) << failure;
    }
  }
  WriteGrants("GRANT SELECT ON {schema}.schema_migration TO {user}; -- the check at start\n");
  EXPECT_NE(Failure().find("table first has no line"), std::string::npos);
}

TEST_F(MigrateTest, PasswordsAreChecked) {
  const auto fail = [&](const std::string& password) {
    std::ofstream(root_ + "/pw") << password << "\n";
    return EnsureUser(options_.server, "migrate_user", root_ + "/pw", false).code();
  };
  EXPECT_EQ(fail("short"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(fail("quote'quote'quote'quote"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(fail("0123456789abcdef"), absl::StatusCode::kOk);
  EXPECT_EQ(EnsureUser(options_.server, "x'y", root_ + "/pw", false).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(EnsureUser(options_.server, "migrate_user", "/nowhere", false).code(),
            absl::StatusCode::kNotFound);
}

// The rights that every service has on the common tables (docs/threats.md B4-T2).
TEST(CommonGrants, HistoryIsAppendOnly) {
  const std::unique_ptr<testdb::Schema> schema = testdb::Schema::Make("alliance_filing");
  const auto word = [&](const std::string& sql) {
    return ErrorWordOf(schema->pool().Run(testdb::Soon(), [&](Txn& txn) -> absl::Status {
      txn.Exec({"test.right", sql.c_str()});
      return absl::OkStatus();
    }));
  };
  for (const char* table : {"history", "audit_checkpoint", "idempotency"}) {
    EXPECT_EQ(word(base::StrCat("DELETE FROM ", table)), "DENIED") << table;
    EXPECT_EQ(word(base::StrCat("TRUNCATE TABLE ", table)), "DENIED") << table;
    EXPECT_EQ(word(base::StrCat("DROP TABLE ", table)), "DENIED") << table;
  }
  EXPECT_EQ(word("UPDATE history SET actor='x'"), "DENIED");
  EXPECT_EQ(word("UPDATE audit_checkpoint SET at_us=1"), "DENIED");
  EXPECT_EQ(word("UPDATE idempotency SET answer=''"), "DENIED");
  EXPECT_EQ(word("DELETE FROM inbox"), "DENIED");
  EXPECT_EQ(word("UPDATE schema_migration SET name='x'"), "DENIED");
  EXPECT_EQ(word("UPDATE inbox SET last_seq=1"), "");
  EXPECT_EQ(word("DELETE FROM outbox"), "");
  // The exact number that the grants test of the issue names.
  std::string message(schema->pool()
                          .Run(testdb::Soon(),
                               [](Txn& txn) -> absl::Status {
                                 txn.Exec({"test.right", "UPDATE history SET actor='x'"});
                                 return absl::OkStatus();
                               })
                          .message());
  EXPECT_NE(message.find("1142"), std::string::npos) << message;
  // A service sees no other service's schema (docs/threats.md B4-E1), the auditor writes nothing.
  const std::unique_ptr<testdb::Schema> other = testdb::Schema::Make("alliance_review");
  EXPECT_EQ(word(base::StrCat("INSERT INTO ", other->name(), ".history SELECT * FROM history")),
            "DENIED");
  const std::unique_ptr<Pool> auditor = *Pool::Open(schema->AuditOptions());
  EXPECT_TRUE(
      auditor
          ->Read(testdb::Soon(),
                 [](Txn& txn) -> absl::Status {
                   EXPECT_EQ(txn.Query({"test.read", "SELECT case_id FROM history"}).size(), 0u);
                   return absl::OkStatus();
                 })
          .ok());
  EXPECT_EQ(ErrorWordOf(auditor->Run(testdb::Soon(),
                                     [](Txn& txn) -> absl::Status {
                                       txn.Exec({"test.write", "DELETE FROM outbox"});
                                       return absl::OkStatus();
                                     })),
            "DENIED");
}

}  // namespace
}  // namespace alliance::db
