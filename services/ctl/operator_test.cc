// The commands that look after a suite, on a real MariaDB with two services' schemas.

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_split.h"
#include "common/audit/checkpoint.h"
#include "common/audit/history.h"
#include "common/base/clock.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/obs/metrics.h"
#include "common/outbox/outbox.h"
#include "common/testing/mariadb.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "services/ctl/ctl_testing.h"

namespace alliance::ctl {
namespace {

namespace fs = std::filesystem;

constexpr char kCase[] = "0187438a-96bd-7ce1-9d0a-3f1c2e5b7a90";

// A port that nobody listens on.
int FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
  close(fd);
  return ntohs(address.sin_port);
}

google::protobuf::Struct Parse(const std::string& json) {
  google::protobuf::Struct read;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &read).ok()) << json;
  return read;
}

class OperatorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / base::NewUuid7();
    fs::create_directories(folder_ / "config");
    absl::StatusOr<std::unique_ptr<db::Pool>> root =
        db::Pool::Open(testdb::MariaDb::Shared().Root());
    ASSERT_TRUE(root.ok()) << root.status();
    for (const char* statement :
         {"DROP DATABASE IF EXISTS alliance_filing", "DROP DATABASE IF EXISTS alliance_review",
          "CREATE USER IF NOT EXISTS 'alliance_filing'@'%'",
          "CREATE USER IF NOT EXISTS 'alliance_review'@'%'",
          "CREATE USER IF NOT EXISTS 'alliance_audit'@'%'"}) {
      const absl::Status done = (*root)->Run(testdb::Soon(), [&](db::Txn& txn) {
        txn.Exec(db::Sql{"ctl_test.setup", statement});
        return absl::OkStatus();
      });
      ASSERT_TRUE(done.ok()) << statement << ": " << done;
    }
    ASSERT_EQ(Ctl({"keys", "make", (folder_ / "filing.key").string()}).code, 0);
    ASSERT_EQ(Ctl({"keys", "make", (folder_ / "review.key").string()}).code, 0);
    WriteConfig(Config());
  }

  void TearDown() override {
    fs::current_path("/");
    fs::remove_all(folder_);
  }

  std::string Config() const {
    const db::Options root = testdb::MariaDb::Shared().Root();
    std::string text = "environment: DEMO\nclock_file: \"clock\"\n";
    for (const char* user : {"ddl", "auditor"}) {
      base::StrAppend(&text, user, " { socket: \"", root.socket, "\" user: \"", root.user,
                      "\" }\n");
    }
    for (const char* service : {"filing", "review"}) {
      base::StrAppend(&text, "services { name: \"", service, "\" schema: \"alliance_", service,
                      "\" admin_address: \"127.0.0.1:", admin_port_, "\"\n",
                      "  migration_folders: \"" ALLIANCE_SOURCE_DIR "/common/db/migrations\"\n",
                      "  grants_files: \"" ALLIANCE_SOURCE_DIR "/deploy/db/grants.sql\"\n",
                      "  audit_key_file: \"", service, ".key.pub\" checkpoint_file: \"", service,
                      ".jsonl\" }\n");
    }
    return text;
  }

  void WriteConfig(const std::string& text) const {
    std::ofstream(folder_ / "config" / "ctl.textproto") << text;
  }

  Said Run(std::vector<std::string> words) const {
    words.insert(words.begin(), {"--config", (folder_ / "config" / "ctl.textproto").string()});
    return Ctl(words);
  }
  google::protobuf::Struct RunJson(std::vector<std::string> words) const {
    words.push_back("--json");
    return Parse(Run(words).out);
  }

  std::unique_ptr<db::Pool> Open(const std::string& schema) const {
    absl::StatusOr<std::unique_ptr<db::Pool>> pool =
        db::Pool::Open(testdb::MariaDb::Shared().Root(schema));
    EXPECT_TRUE(pool.ok()) << pool.status();
    return *std::move(pool);
  }

  void InSchema(const std::string& schema, const std::function<void(db::Txn&)>& body) const {
    const absl::Status status = Open(schema)->Run(testdb::Soon(), [&](db::Txn& txn) {
      body(txn);
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
  }

  void Record(const std::string& schema, const std::string& case_id, std::string_view at,
              const std::string& action, const std::string& to) const {
    absl::Time instant;
    std::string error;
    ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, base::Absl(at), &instant, &error)) << error;
    InSchema(schema, [&](db::Txn& txn) {
      audit::Append(txn, {.case_id = case_id,
                          .at = instant,
                          .actor = "lead-shenyang",
                          .role = "applicant",
                          .action = action,
                          .from_state = "DRAFT",
                          .to_state = to,
                          .trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"});
    });
  }

  fs::path folder_;
  int admin_port_ = FreePort();
};

TEST_F(OperatorTest, MigratesFromEmptyAndOnceOnly) {
  const auto first = RunJson({"migrate"});
  const auto& schemas = first.fields().at("schemas").list_value().values();
  ASSERT_EQ(schemas.size(), 2);
  EXPECT_EQ(schemas[0].struct_value().fields().at("schema").string_value(), "alliance_filing");
  EXPECT_GT(schemas[0].struct_value().fields().at("applied").list_value().values_size(), 3);
  EXPECT_GT(schemas[0].struct_value().fields().at("granted").list_value().values_size(), 3);

  const Said again = Run({"migrate"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_NE(again.out.find("alliance_review: 0 applied"), std::string::npos) << again.out;
  EXPECT_EQ(again.out.find("GRANT"), std::string::npos) << again.out;
}

TEST_F(OperatorTest, MigrateRefusesADatabaseOlderThanTheFirstRelease) {
  ASSERT_EQ(Run({"migrate"}).code, 0);
  InSchema("alliance_review", [](db::Txn& txn) {
    txn.Exec({"test.older", "UPDATE schema_migration SET sha256=REPEAT('x', 32)"});
  });
  const Said said = Run({"migrate"});
  EXPECT_EQ(said.code, 1);
  EXPECT_NE(said.err.find("alliance_review: the database is older than 0.1.0: its "
                          "db/0001_history.sql is another"),
            std::string::npos)
      << said.err;
  EXPECT_NE(said.err.find("Make a new database, or go on with the programs that made this one"),
            std::string::npos)
      << said.err;
}

TEST_F(OperatorTest, MigrateNamesTheSchemaItFailedIn) {
  std::string text = Config();
  text.replace(text.find("/common/db/migrations"), sizeof("/common/db/migrations") - 1, "/gone");
  WriteConfig(text);
  const Said said = Run({"migrate"});
  EXPECT_EQ(said.code, 1);
  EXPECT_NE(said.err.find("alliance_filing: "), std::string::npos) << said.err;
}

TEST_F(OperatorTest, TellsACaseOverAllServicesInOrder) {
  ASSERT_EQ(Run({"migrate"}).code, 0);
  Record("alliance_filing", kCase, "2023-04-03T09:00:00+08:00", "create", "DRAFT");
  Record("alliance_filing", kCase, "2023-04-04T09:00:00+08:00", "submit", "SUBMITTED");
  Record("alliance_filing", kCase, "2023-05-02T09:00:00+08:00", "accept", "ACCEPTED");
  Record("alliance_review", kCase, "2023-04-05T09:00:00+08:00", "claim", "REVIEWING");
  Record("alliance_review", base::StrCat(kCase, "-2023"), "2023-12-01T09:00:00+08:00", "report",
         "REPORTED");
  Record("alliance_review", base::NewUuid7(), "2023-04-05T09:00:00+08:00", "claim", "REVIEWING");

  const auto told = RunJson({"case", base::StrCat("applications/", kCase)});
  EXPECT_EQ(told.fields().at("case_id").string_value(), kCase);
  std::vector<std::string> steps;
  for (const auto& entry : told.fields().at("timeline").list_value().values()) {
    const auto& fields = entry.struct_value().fields();
    steps.push_back(fields.at("service").string_value() + " " + fields.at("action").string_value());
  }
  EXPECT_EQ(steps, (std::vector<std::string>{"filing create", "filing submit", "review claim",
                                             "filing accept", "review report"}));
  const auto& first = told.fields().at("timeline").list_value().values(0).struct_value().fields();
  EXPECT_EQ(first.at("at").string_value(), "2023-04-03T09:00:00.000000+08:00");
  EXPECT_EQ(first.at("to").string_value(), "DRAFT");
  EXPECT_EQ(first.at("hash").string_value().size(), 64u);

  const Said people = Run({"case", kCase});
  EXPECT_EQ(std::count(people.out.begin(), people.out.end(), '\n'), 5) << people.out;
  EXPECT_NE(people.out.find("2023-04-05 09:00:00  review  claim"), std::string::npos) << people.out;

  const Said year = Run({"case", base::StrCat("subsidyCases/", kCase, "-2023")});
  EXPECT_EQ(std::count(year.out.begin(), year.out.end(), '\n'), 1) << "a year alone";
}

TEST_F(OperatorTest, AnUnknownCaseIsSaidAndAWrongNameIsRefused) {
  ASSERT_EQ(Run({"migrate"}).code, 0);
  const Said unknown = Run({"case", base::NewUuid7()});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_NE(unknown.err.find("no service has a history"), std::string::npos) << unknown.err;
  const Said wrong = Run({"case", "rounds/2023"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_NE(wrong.err.find("INVALID_REQUEST"), std::string::npos) << wrong.err;
}

TEST_F(OperatorTest, AuditIsCleanUntilARowIsChangedByHand) {
  ASSERT_EQ(Run({"migrate"}).code, 0);
  const std::string other = base::NewUuid7();
  Record("alliance_filing", kCase, "2023-04-03T09:00:00+08:00", "create", "DRAFT");
  Record("alliance_filing", other, "2023-04-03T09:00:00+08:00", "create", "DRAFT");
  const Said clean = Run({"audit", "verify"});
  EXPECT_EQ(clean.code, 0) << clean.out << clean.err;
  EXPECT_TRUE(clean.out.ends_with("clean\n")) << clean.out;

  InSchema("alliance_filing", [&](db::Txn& txn) {
    txn.Exec(db::Sql{"ctl_test.forge", "UPDATE history SET reason='forged' WHERE case_id=?"},
             kCase);
  });
  const Said found = Run({"audit", "verify"});
  EXPECT_EQ(found.code, 1);
  EXPECT_NE(found.out.find("filing: HISTORY_EDITED"), std::string::npos) << found.out;
  EXPECT_NE(found.out.find(kCase), std::string::npos) << found.out;
  EXPECT_EQ(Run({"audit", "verify", "--case", kCase}).code, 1);
  EXPECT_EQ(Run({"audit", "verify", "--case", other}).code, 0);

  const auto json = RunJson({"audit", "verify"});
  EXPECT_FALSE(json.fields().at("clean").bool_value());
  const auto& services = json.fields().at("services").list_value();
  EXPECT_EQ(services.values(0).struct_value().fields().at("findings").list_value().values_size(),
            1);
  EXPECT_EQ(services.values(1).struct_value().fields().at("findings").list_value().values_size(),
            0);
}

TEST_F(OperatorTest, AuditWithoutTheKeyFailsInsteadOfPassing) {
  ASSERT_EQ(Run({"migrate"}).code, 0);
  fs::remove(folder_ / "review.key.pub");
  const Said said = Run({"audit", "verify"});
  EXPECT_EQ(said.code, 1);
  EXPECT_NE(said.err.find("review: "), std::string::npos) << said.err;
}

TEST_F(OperatorTest, StatusSaysWhoIsNotReadyAndWhy) {
  ASSERT_EQ(Run({"migrate"}).code, 0);
  const Said down = Run({"status"});
  EXPECT_EQ(down.code, 1);
  EXPECT_NE(down.out.find("filing: NOT READY, 127.0.0.1:"), std::string::npos) << down.out;

  std::string error;
  std::string because;
  const auto admin = obs::AdminServer::Start(
      base::StrCat("127.0.0.1:", admin_port_), [&] { return because; }, &error);
  ASSERT_NE(admin, nullptr) << error;
  const Said well = Run({"status"});
  EXPECT_EQ(well.code, 0) << well.out;
  EXPECT_NE(well.out.find("review: ready"), std::string::npos) << well.out;
  EXPECT_NE(well.out.find("last checkpoint none yet"), std::string::npos) << well.out;

  because = "the database does not answer";
  const auto json = RunJson({"status"});
  EXPECT_FALSE(json.fields().at("well").bool_value());
  const auto& filing = json.fields().at("services").list_value().values(0).struct_value().fields();
  EXPECT_FALSE(filing.at("ready").bool_value());
  EXPECT_EQ(filing.at("not_ready_because").string_value(), because);
  EXPECT_TRUE(filing.at("database").bool_value());
}

TEST_F(OperatorTest, StatusSaysThatADatabaseIsMissing) {
  const Said said = Run({"status"});
  EXPECT_EQ(said.code, 1);
  EXPECT_NE(said.out.find("filing: "), std::string::npos);
  EXPECT_NE(said.out.find("database: "), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("review: "), std::string::npos) << "all services are asked";
}

TEST_F(OperatorTest, ADeadEventIsListedAndPutInLineAgain) {
  ASSERT_EQ(Run({"migrate"}).code, 0);
  EXPECT_EQ(Run({"outbox", "dead"}).out, "no dead events\n");
  std::string id;
  InSchema("alliance_review", [&](db::Txn& txn) {
    id = outbox::Enqueue(txn, {.destination = "filing",
                               .aggregate_id = kCase,
                               .type = "ApplicationReturned",
                               .payload = "x"});
    txn.Exec(db::Sql{"ctl_test.kill",
                     "UPDATE outbox SET status=2, attempts=20, last_error='refused' WHERE id=?"},
             id);
  });
  const Said listed = Run({"outbox", "dead"});
  EXPECT_NE(listed.out.find(id), std::string::npos) << listed.out;
  EXPECT_NE(listed.out.find("review -> filing"), std::string::npos) << listed.out;
  EXPECT_EQ(RunJson({"outbox", "dead"}).fields().at("dead").list_value().values_size(), 1);

  const auto json = RunJson({"outbox", "requeue", id});
  EXPECT_EQ(json.fields().at("source").string_value(), "review");
  EXPECT_EQ(Run({"outbox", "dead"}).out, "no dead events\n");
  EXPECT_EQ(Run({"outbox", "requeue", id}).code, 1) << "it is not dead any more";
  EXPECT_NE(Run({"outbox", "requeue", "x"}).err.find("INVALID_REQUEST"), std::string::npos);
}

TEST_F(OperatorTest, TheDemoClockIsSetForEveryProcess) {
  const Said set = Run({"clock", "set", "2023-04-20T09:00:00+08:00"});
  EXPECT_EQ(set.code, 0) << set.err;
  absl::StatusOr<std::unique_ptr<base::SharedOffsetClock>> clock =
      base::SharedOffsetClock::Open((folder_ / "clock").string());
  ASSERT_TRUE(clock.ok()) << clock.status();
  absl::Time nine;
  std::string error;
  ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, "2023-04-20T09:00:00+08:00", &nine, &error));
  EXPECT_GE((*clock)->Now(), nine);
  EXPECT_LT((*clock)->Now(), nine + absl::Minutes(1));
  EXPECT_NE(Run({"clock", "show"}).out.find("2023-04-20T09:0"), std::string::npos);

  EXPECT_EQ(Run({"clock", "set", "real"}).code, 0);
  EXPECT_LT(absl::AbsDuration((*clock)->Now() - absl::Now()), absl::Minutes(1));
  for (const char* nonsense :
       {"", "yesterday", "2023-04-20", "2023-13-20T09:00:00+08:00", "2023-04-20T09:00:00",
        "2023-04-25T24:00+08:00", "2023-04-25T24:00:00+08:00", "04/20/2023 09:00", "9"}) {
    const Said said = Run({"clock", "set", nonsense});
    EXPECT_EQ(said.code, 1) << nonsense;
    EXPECT_NE(said.err.find("INSTANT"), std::string::npos) << said.err;
  }
}

TEST_F(OperatorTest, InProductionNobodySetsTheClock) {
  std::string text = Config();
  text.replace(text.find("DEMO"), 4, "PRODUCTION");
  WriteConfig(text);
  EXPECT_NE(Run({"clock", "show"}).err.find("clock_file is for DEMO only"), std::string::npos);

  text.replace(text.find("clock_file: \"clock\"\n"), sizeof("clock_file: \"clock\"\n") - 1, "");
  WriteConfig(text);
  const Said said = Run({"clock", "set", "2023-04-20T09:00:00+08:00"});
  EXPECT_EQ(said.code, 1);
  EXPECT_NE(said.err.find("CLOCK_NOT_SETTABLE"), std::string::npos) << said.err;
  const Said show = Run({"clock", "show"});
  EXPECT_EQ(show.code, 0) << show.err;
  EXPECT_NE(show.out.find("the system's time"), std::string::npos) << show.out;
}

TEST_F(OperatorTest, ABrokenConfigurationIsNamedWithItsLine) {
  WriteConfig("environment: DEMO\nnonsense: 1\n");
  const Said unknown = Run({"status"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_NE(unknown.err.find("ctl.textproto:2"), std::string::npos) << unknown.err;

  WriteConfig("services { name: \"filing\" schema: \"x\" }\n");
  EXPECT_NE(Run({"status"}).err.find("environment"), std::string::npos);
  WriteConfig("environment: DEMO\n");
  EXPECT_NE(Run({"status"}).err.find("services is missing"), std::string::npos);
  WriteConfig("environment: DEMO\nservices { name: \"filing\" }\n");
  EXPECT_NE(Run({"status"}).err.find("services.schema is missing"), std::string::npos);
  WriteConfig("environment: DEMO\nservices { name: \"filing\" schema: \"x\" }\n");
  EXPECT_NE(Run({"migrate"}).err.find("ddl.user is missing"), std::string::npos);
  EXPECT_NE(Run({"case", kCase}).err.find("auditor.user is missing"), std::string::npos);
  const Said gone = Ctl({"--config", "/nowhere/ctl.textproto", "status"});
  EXPECT_EQ(gone.code, 1);
  EXPECT_NE(gone.err.find("/nowhere/ctl.textproto"), std::string::npos) << gone.err;
}

}  // namespace
}  // namespace alliance::ctl
