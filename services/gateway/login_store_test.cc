// Accounts, sessions and attempts on a real database.

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/audit/verify.h"
#include "common/base/str.h"
#include "common/crypto/signing.h"
#include "common/testing/mariadb.h"
#include "services/gateway/account_store.h"
#include "services/gateway/login_limiter.h"
#include "services/gateway/passwords.h"

namespace alliance::gateway {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'682'000'000);

class AccountStoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    schema_ = testdb::Schema::Make("alliance_gateway", {"services/gateway"});
  }
  static void TearDownTestSuite() { schema_.reset(); }
  void SetUp() override { schema_->Clear(); }

  void Run(absl::FunctionRef<void(db::Txn&)> body) {
    const absl::Status status = schema_->pool().Run(testdb::Soon(), [&](db::Txn& txn) {
      body(txn);
      return absl::OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
  }

  Attempt Take(std::string_view login, absl::Time now) {
    Attempt attempt;
    Run([&](db::Txn& txn) { attempt = TakeAttempt(txn, login, now); });
    return attempt;
  }

  static Account Lead() {
    return {.id = "lead-1",
            .password_hash = std::string(HashOfNobody()),
            .role = "applicant",
            .organisation = "91210100MA0000000X",
            .display_name = "盟主"};
  }

  static inline std::unique_ptr<testdb::Schema> schema_;
};

TEST_F(AccountStoreTest, AnAccountRoundTripsAndAChangeEndsItsSessions) {
  Account account = Lead();
  account.certificate_uri = "alliance://firms/F1";
  Run([&](db::Txn& txn) {
    PutAccount(txn, account, kNow, "trace");
    AddSession(txn, std::string(32, 'd'), account, kNow, kNow + absl::Hours(1));
  });
  Run([&](db::Txn& txn) {
    const auto found = FindAccount(txn, "lead-1");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->organisation, account.organisation);
    EXPECT_EQ(found->display_name, "盟主");
    EXPECT_EQ(found->session_version, 1);
    EXPECT_TRUE(found->active);
    EXPECT_EQ(FindAccountByCertificate(txn, "alliance://firms/F1")->id, "lead-1");
    EXPECT_FALSE(FindAccountByCertificate(txn, "alliance://firms/F2"));
    EXPECT_FALSE(FindAccount(txn, "LEAD-1")) << "logins are exact";
    const auto session = FindSession(txn, std::string(32, 'd'));
    ASSERT_TRUE(session);
    EXPECT_EQ(session->session_version, session->account.session_version);
    EXPECT_EQ(session->expire, kNow + absl::Hours(1));
  });
  account.role = "recommender";
  Run([&](db::Txn& txn) { PutAccount(txn, account, kNow, "trace"); });
  Run([&](db::Txn& txn) {
    const auto session = FindSession(txn, std::string(32, 'd'));
    EXPECT_NE(session->session_version, session->account.session_version);
    EXPECT_EQ(session->account.role, "recommender");
  });
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM history WHERE case_id='accounts/lead-1'"), 2);
}

// A role raised by hand in the database, and an account slipped in, are found by `audit verify`.
TEST_F(AccountStoreTest, TheAuditFindsAnAccountChangedByHand) {
  const std::string key = ::testing::TempDir() + "/gateway_audit.key";
  ASSERT_TRUE(crypto::GenerateKeyFiles(key, key + ".pub").ok());
  const auto verifier = crypto::Verifier::Load(key + ".pub");
  ASSERT_TRUE(verifier.ok()) << verifier.status();
  std::filesystem::remove(key);
  std::filesystem::remove(key + ".pub");
  const auto findings = [&] {
    const auto report = audit::Verify(schema_->root(), *verifier, {}, testdb::Soon());
    EXPECT_TRUE(report.ok()) << report.status();
    std::string text;
    for (const audit::Finding& finding : report->findings) {
      base::StrAppend(&text, audit::Name(finding.kind), " ", finding.row, ";");
    }
    return text;
  };
  Account account = Lead();
  Run([&](db::Txn& txn) {
    PutAccount(txn, account, kNow, "trace");
    RecordAct(txn, account, "login", kNow, "trace");
  });
  account.certificate_uri = "alliance://firms/F1";
  account.active = false;
  Run([&](db::Txn& txn) { PutAccount(txn, account, kNow, "trace"); });
  EXPECT_EQ(findings(), "");

  schema_->Execute("UPDATE account SET role='approver' WHERE id='lead-1'");
  EXPECT_EQ(findings(), "ROW_CHANGED account id=lead-1;");
  schema_->Execute("UPDATE account SET role='applicant' WHERE id='lead-1'");
  schema_->Execute(
      "INSERT INTO account SELECT 'ghost', password_hash, 'approver', '', '', 'x', NULL, 1, 1, 0, 0"
      " FROM account");
  EXPECT_EQ(findings(), "ROW_UNSEALED account id=ghost;");
}

TEST_F(AccountStoreTest, ARoleThatDoesNotExistIsRefusedByTheDatabase) {
  Account account = Lead();
  account.role = "emperor";
  const absl::Status status = schema_->pool().Run(testdb::Soon(), [&](db::Txn& txn) {
    PutAccount(txn, account, kNow, "trace");
    return absl::OkStatus();
  });
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM account"), 0);
}

// docs/threats.md B4-T2: the trail of accounts cannot be rewritten by the gateway itself.
TEST_F(AccountStoreTest, TheGatewayMayNotRewriteHistoryOrDeleteAccounts) {
  Run([&](db::Txn& txn) { PutAccount(txn, Lead(), kNow, "trace"); });
  static constexpr db::Sql kForge = {"test.forge", "UPDATE history SET actor='x'"};
  static constexpr db::Sql kDelete = {"test.delete", "DELETE FROM account"};
  for (const db::Sql& sql : {kForge, kDelete}) {
    const absl::Status status = schema_->pool().Run(testdb::Soon(), [&](db::Txn& txn) {
      txn.Exec(sql);
      return absl::OkStatus();
    });
    EXPECT_TRUE(db::Is(status, db::ErrorWord::kDenied)) << status;
  }
}

TEST_F(AccountStoreTest, FiveAttemptsThenALockThatGrowsToAnHour) {
  absl::Time now = kNow;
  for (int i = 1; i <= 5; ++i) {
    const Attempt attempt = Take("lead-1", now);
    EXPECT_FALSE(attempt.locked) << i;
    EXPECT_EQ(attempt.failures, i);
  }
  EXPECT_TRUE(Take("lead-1", now).locked);
  EXPECT_EQ(Take("lead-1", now).failures, 5) << "a locked login is not counted further";
  EXPECT_TRUE(Take("lead-1", now + absl::Minutes(5) - absl::Seconds(1)).locked);
  now += absl::Minutes(5);
  EXPECT_FALSE(Take("lead-1", now).locked);
  EXPECT_TRUE(Take("lead-1", now + absl::Minutes(10) - absl::Seconds(1)).locked);
  EXPECT_FALSE(Take("lead-2", now).locked) << "another login is another count";
  EXPECT_EQ(LockTime(5), absl::Minutes(5));
  EXPECT_EQ(LockTime(7), absl::Minutes(20));
  EXPECT_EQ(LockTime(9), absl::Hours(1));
  EXPECT_EQ(LockTime(1'000'000), absl::Hours(1));
}

TEST_F(AccountStoreTest, SuccessAndADayForgetFailures) {
  for (int i = 0; i < 4; ++i) Take("lead-1", kNow);
  Run([&](db::Txn& txn) { ForgetAttempts(txn, "lead-1"); });
  EXPECT_EQ(Take("lead-1", kNow).failures, 1);
  EXPECT_EQ(Take("lead-1", kNow + absl::Hours(25)).failures, 1);
}

// Guesses at the same moment must not slip past the limit.
TEST_F(AccountStoreTest, FiftyAttemptsAtOnceLetFiveThrough) {
  std::atomic<int> let_through = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 5; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        if (!Take("lead-1", kNow).locked) ++let_through;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(let_through, 5);
}

TEST_F(AccountStoreTest, WhatHasEndedIsTidiedAway) {
  Run([&](db::Txn& txn) {
    PutAccount(txn, Lead(), kNow, "trace");
    AddSession(txn, std::string(32, 'a'), Lead(), kNow, kNow + absl::Hours(1));
    AddSession(txn, std::string(32, 'b'), Lead(), kNow, kNow + absl::Hours(48));
    TakeAttempt(txn, "x", kNow);
    Tidy(txn, kNow + absl::Hours(25));
  });
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM session"), 1);
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM login_attempt"), 0);
}

TEST(Passwords, HashAndCheck) {
  const auto hash = HashPassword("correct horse");
  ASSERT_TRUE(hash.ok());
  EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
  EXPECT_TRUE(IsPassword(*hash, "correct horse"));
  EXPECT_FALSE(IsPassword(*hash, "Correct horse"));
  EXPECT_FALSE(IsPassword(*hash, ""));
  EXPECT_FALSE(IsPassword(std::string(HashOfNobody()), ""));
  EXPECT_FALSE(IsPassword("", "x"));
  EXPECT_FALSE(IsPassword(*hash, std::string(kLongestPassword + 1, 'x')));
}

TEST(Passwords, LoginNames) {
  for (const char* good : {"a", "lead-1", "officer.shenyang_2", "0a"}) EXPECT_TRUE(IsLogin(good));
  for (const char* bad : {"", "-a", ".a", "A", "a b", "a'", "盟主", "a@b"})
    EXPECT_FALSE(IsLogin(bad));
  EXPECT_TRUE(IsLogin(std::string(64, 'a')));
  EXPECT_FALSE(IsLogin(std::string(65, 'a')));
}

TEST(LoginLimiter, OneSourceFailsSoOftenAndGetsTriesBackSlowly) {
  LoginLimiter limiter({.failures = 3, .one_back_per = absl::Seconds(10)});
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(limiter.MayTry("10.0.0.1", kNow)) << i;
    limiter.CountFailure("10.0.0.1", kNow);
  }
  EXPECT_FALSE(limiter.MayTry("10.0.0.1", kNow));
  EXPECT_TRUE(limiter.MayTry("10.0.0.2", kNow));
  EXPECT_FALSE(limiter.MayTry("10.0.0.1", kNow + absl::Seconds(9)));
  EXPECT_TRUE(limiter.MayTry("10.0.0.1", kNow + absl::Seconds(10)));
}

}  // namespace
}  // namespace alliance::gateway
