// One request id, one effect, one answer (docs/threats.md I2, I4, F-G1, F-G2).

#include "common/db/idempotency.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/db/pool.h"
#include "common/testing/mariadb.h"

namespace alliance::db {
namespace {

class IdempotencyTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    schema_ = testdb::Schema::Make("idempotency_test");
    schema_->Execute("CREATE TABLE effect (id VARCHAR(80) PRIMARY KEY, version INT NOT NULL)");
    schema_->Execute(
        base::StrCat("GRANT ALL ON ", schema_->name(), ".effect TO ", schema_->user()));
  }
  static void TearDownTestSuite() { schema_.reset(); }
  void SetUp() override { schema_->Clear(); }

  static RequestKey Key(const std::string& caller = "user-1") {
    return {caller, base::NewUuid7(), "alliance.test.v1.Test/Submit", std::string(32, 'a')};
  }

  // An act: the case's version goes from 1 to 2, as every change of state does.
  static absl::StatusOr<std::string> Submit(const RequestKey& key, const std::string& mine) {
    std::string answer;
    RETURN_IF_ERROR(schema_->pool().Run(testdb::Soon(), [&](Txn& txn) -> absl::Status {
      ASSIGN_OR_RETURN(const std::optional<std::string> before, Replay(txn, key));
      if (before.has_value()) {
        answer = *before;
        return absl::OkStatus();
      }
      constexpr Sql kTake = {"test.take", "UPDATE effect SET version=2 WHERE id='c' AND version=1"};
      if (txn.Exec(kTake) != 1) return absl::AbortedError("STALE_ETAG");
      Record(txn, key, mine);
      answer = mine;
      return absl::OkStatus();
    }));
    return answer;
  }

  static inline std::unique_ptr<testdb::Schema> schema_;
};

TEST_F(IdempotencyTest, RepeatGetsTheFirstAnswerByteForByte) {
  schema_->Execute("INSERT INTO effect (id, version) VALUES ('c', 1)");
  const RequestKey key = Key();
  std::string answer;
  for (int i = 0; i < 256; ++i) answer.push_back(static_cast<char>(i));
  EXPECT_EQ(*Submit(key, answer), answer);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(*Submit(key, "another"), answer);
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM idempotency"), 1);
}

TEST_F(IdempotencyTest, AnEmptyAnswerIsAnAnswer) {
  schema_->Execute("INSERT INTO effect (id, version) VALUES ('c', 1)");
  const RequestKey key = Key();
  EXPECT_EQ(*Submit(key, ""), "");
  EXPECT_EQ(*Submit(key, "x"), "");
}

TEST_F(IdempotencyTest, SameIdWithAnotherBodyIsRefused) {
  schema_->Execute("INSERT INTO effect (id, version) VALUES ('c', 1)");
  const RequestKey key = Key();
  ASSERT_TRUE(Submit(key, "x").ok());
  RequestKey other = key;
  other.request_sha256[31] = 'b';
  EXPECT_EQ(Submit(other, "x").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ErrorWordOf(Submit(other, "x").status()), "REQUEST_ID_REUSED");
  other = key;
  other.method = "alliance.test.v1.Test/Withdraw";
  EXPECT_EQ(ErrorWordOf(Submit(other, "x").status()), "REQUEST_ID_REUSED");
}

TEST_F(IdempotencyTest, SameIdOfAnotherCallerIsAnotherRequest) {
  schema_->Execute("INSERT INTO effect (id, version) VALUES ('c', 1)");
  const RequestKey key = Key();
  ASSERT_TRUE(Submit(key, "x").ok());
  RequestKey stranger = key;
  stranger.caller = "user-2";
  EXPECT_EQ(Submit(stranger, "y").status(), absl::AbortedError("STALE_ETAG"))
      << "it neither sees the answer nor is told that the id exists";
}

TEST_F(IdempotencyTest, ARefusalIsNotKept) {
  const RequestKey key = Key();
  EXPECT_EQ(Submit(key, "x").status(), absl::AbortedError("STALE_ETAG"));
  schema_->Execute("INSERT INTO effect (id, version) VALUES ('c', 1)");
  EXPECT_EQ(*Submit(key, "x"), "x");
}

// A hundred at once: the losers run into the winner's version or into its key, and both kinds must
// come back with the winner's answer.
TEST_F(IdempotencyTest, ManyAtOnceHaveOneEffectAndOneAnswer) {
  for (int round = 0; round < 10; ++round) {
    schema_->Clear();
    schema_->Execute("INSERT INTO effect (id, version) VALUES ('c', 1)");
    const RequestKey key = Key();
    constexpr int kCallers = 10;
    std::vector<absl::StatusOr<std::string>> answers(kCallers);
    std::vector<std::thread> threads;
    for (int i = 0; i < kCallers; ++i) {
      threads.emplace_back([&, i] { answers[i] = Submit(key, base::StrCat("answer of ", i)); });
    }
    for (std::thread& thread : threads) thread.join();
    for (const auto& answer : answers) {
      ASSERT_TRUE(answer.ok()) << answer.status();
      EXPECT_EQ(*answer, *answers[0]);
    }
    EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM idempotency"), 1);
  }
}

// As above for an act whose effect does not itself keep two apart: only the key does.
TEST_F(IdempotencyTest, TheKeyAloneKeepsTwoApart) {
  const RequestKey key = Key();
  const auto insert = [&](int me) {
    return schema_->pool().Run(testdb::Soon(), [&](Txn& txn) -> absl::Status {
      ASSIGN_OR_RETURN(const std::optional<std::string> before, Replay(txn, key));
      if (before.has_value()) return absl::OkStatus();
      txn.Exec({"test.effect", "INSERT INTO effect (id, version) VALUES (?, 1)"},
               base::StrCat("e", me));
      Record(txn, key, "x");
      return absl::OkStatus();
    });
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] { EXPECT_TRUE(insert(i).ok()); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM effect"), 1);
}

}  // namespace
}  // namespace alliance::db
