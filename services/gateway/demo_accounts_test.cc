// Loading the accounts of a demonstration.

#include "services/gateway/demo_accounts.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "common/base/str.h"
#include "common/process/config.h"
#include "common/testing/certs.h"
#include "common/testing/mariadb.h"
#include "google/protobuf/text_format.h"
#include "services/gateway/account_store.h"
#include "services/gateway/passwords.h"

namespace alliance::gateway {
namespace {

constexpr char kAccounts[] = R"(
  accounts { login: "lead-1" password_file: "password" role: "applicant" organisation: "91X"
             display_name: "盟主" }
  accounts { login: "firm-1" password_file: "password" role: "firm" organisation: "F1"
             display_name: "机构" certificate_uri: "alliance://firms/F1" })";

class DemoAccountsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    schema_ = testdb::Schema::Make("alliance_gateway", {"services/gateway"});
  }
  static void TearDownTestSuite() { schema_.reset(); }
  void SetUp() override {
    schema_->Clear();
    folder_ = ::testing::TempDir() + "/demo_accounts";
    std::filesystem::create_directories(folder_);
    Write("password", "first\nsecond line");
    Write("accounts.textproto", kAccounts);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& name, std::string_view text) {
    std::ofstream(folder_ + "/" + name) << text;
  }
  absl::StatusOr<int> Load() {
    return LoadDemoAccounts(folder_ + "/accounts.textproto", schema_->pool(),
                            absl::FromUnixSeconds(1'682'000'000));
  }
  std::string Hash(const std::string& login) {
    return schema_->Value("SELECT password_hash FROM account WHERE id='" + login + "'");
  }

  std::string folder_;
  static inline std::unique_ptr<testdb::Schema> schema_;
};

TEST_F(DemoAccountsTest, AccountsAreLoadedOnceAndShareOneHash) {
  EXPECT_EQ(*Load(), 2);
  EXPECT_TRUE(IsPassword(Hash("lead-1"), "first"));
  EXPECT_EQ(Hash("lead-1"), Hash("firm-1"));
  const std::string before = Hash("lead-1");
  EXPECT_EQ(*Load(), 0) << "a second start changes nothing";
  EXPECT_EQ(Hash("lead-1"), before);
}

TEST_F(DemoAccountsTest, OneMoreAccountTakesTheHashThatIsThere) {
  ASSERT_EQ(*Load(), 2);
  Write("accounts.textproto", base::StrCat(R"(accounts { login: "a-first" password_file: "password"
      role: "finance" display_name: "财务" })",
                                           kAccounts));
  EXPECT_EQ(*Load(), 1);
  EXPECT_EQ(Hash("a-first"), Hash("lead-1"));
}

TEST_F(DemoAccountsTest, AChangedRoleOrPasswordIsTakenOver) {
  ASSERT_EQ(*Load(), 2);
  std::string changed = kAccounts;
  changed.replace(changed.find("91X"), 3, "91Y");
  Write("accounts.textproto", changed);
  EXPECT_EQ(*Load(), 1);
  EXPECT_EQ(schema_->Value("SELECT organisation FROM account WHERE id='lead-1'"), "91Y");
  EXPECT_EQ(schema_->Count("SELECT session_version FROM account WHERE id='lead-1'"), 2);
  Write("password", "changed");
  EXPECT_EQ(*Load(), 2);
  EXPECT_TRUE(IsPassword(Hash("firm-1"), "changed"));
}

TEST_F(DemoAccountsTest, TheFirstWrongAccountIsNamed) {
  struct Row {
    const char* account;
    const char* why;
  };
  const Row kRows[] = {
      {R"(login: "A" password_file: "p" role: "finance" display_name: "x")", "login must be"},
      {R"(login: "a" password_file: "p" role: "king" display_name: "x")", "role \"king\""},
      {R"(login: "a" password_file: "p" role: "clock" display_name: "x")", "role \"clock\""},
      {R"(login: "a" password_file: "p" role: "public" display_name: "x")", "role \"public\""},
      {R"(login: "a" password_file: "p" role: "recommender" display_name: "x")", "region"},
      {R"(login: "a" password_file: "p" role: "applicant" display_name: "x")", "organisation"},
      {R"(login: "a" password_file: "p" role: "firm" display_name: "x")", "organisation"},
      {R"(login: "a" password_file: "p" role: "finance")", "display_name"},
      {R"(login: "a" role: "finance" display_name: "x")", "password_file"},
      {R"(login: "lead-1" password_file: "p" role: "finance" display_name: "x")", "twice"},
      {R"(login: "a" password_file: "p" role: "finance" display_name: "x"
          certificate_uri: "alliance://firms/F1")",
       "certificate_uri"},
  };
  for (const Row& row : kRows) {
    Write("accounts.textproto", base::StrCat(kAccounts, "accounts {", row.account, "}"));
    const auto loaded = Load();
    ASSERT_FALSE(loaded.ok()) << row.account;
    EXPECT_NE(loaded.status().message().find(row.why), absl::string_view::npos) << loaded.status();
  }
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM account"), 0) << "all or nothing";
}

TEST_F(DemoAccountsTest, UnreadableFilesAreNamed) {
  std::filesystem::remove(folder_ + "/password");
  EXPECT_NE(Load().status().message().find("/password"), absl::string_view::npos);
  Write("accounts.textproto", "accounts { passwort: \"x\" }");
  EXPECT_NE(Load().status().message().find("accounts.textproto:1"), absl::string_view::npos)
      << Load().status();
  std::filesystem::remove(folder_ + "/accounts.textproto");
  EXPECT_NE(Load().status().message().find("cannot read"), absl::string_view::npos);
}

// The accounts of deploy/ themselves: every role, every office, and nothing wrong.
TEST_F(DemoAccountsTest, TheDemonstrationsOwnAccountsAreGood) {
  config::v1::Accounts accounts;
  ASSERT_TRUE(
      process::ReadTextFile(ALLIANCE_SOURCE_DIR "/deploy/config/accounts.textproto", &accounts)
          .ok());
  EXPECT_TRUE(CheckAccounts(accounts).ok()) << CheckAccounts(accounts);
  EXPECT_GE(accounts.accounts_size(), 20);
}

TEST(DemoAccounts, AreRefusedInProduction) {
  config::v1::Config config;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"(environment: PRODUCTION listen { grpc_address: "a:1" admin_address: "a:2" }
         gateway { demo_accounts_file: "accounts.textproto" })",
      &config));
  const absl::Status status = process::CheckConfig(config, "gateway");
  EXPECT_NE(status.message().find("demo_accounts_file is for DEMO only"), absl::string_view::npos)
      << status;
}

}  // namespace
}  // namespace alliance::gateway
