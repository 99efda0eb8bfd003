// Events are applied once and in order, however often they come.

#include "common/outbox/inbox.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "common/db/error.h"
#include "common/outbox/test_fixture.h"

namespace alliance::outbox {
namespace {

TEST_F(OutboxTest, InboxTellsNextDuplicateAndGapApart) {
  const auto accept = [&](int32_t seq, const std::string& source = "filing",
                          const std::string& aggregate = "a") -> std::string {
    std::string result;
    const absl::Status status =
        receiver_->pool().Run(testdb::Soon(), [&](db::Txn& txn) -> absl::Status {
          const absl::StatusOr<bool> fresh = Accept(txn, source, aggregate, seq);
          if (!fresh.ok()) return fresh.status();
          result = *fresh ? "next" : "duplicate";
          return absl::OkStatus();
        });
    if (!status.ok()) {
      EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
      return db::ErrorWordOf(status);
    }
    return result;
  };
  EXPECT_EQ(accept(2), "OUT_OF_ORDER") << "the first has not come";
  EXPECT_EQ(accept(1), "next");
  EXPECT_EQ(accept(1), "duplicate");
  EXPECT_EQ(accept(3), "OUT_OF_ORDER");
  EXPECT_EQ(accept(2), "next");
  EXPECT_EQ(accept(3), "next");
  EXPECT_EQ(accept(1), "duplicate");
  EXPECT_EQ(accept(3), "duplicate");
  EXPECT_EQ(accept(0), "OUT_OF_ORDER");
  EXPECT_EQ(accept(-1), "OUT_OF_ORDER");
  EXPECT_EQ(accept(1, "filing", "b"), "next") << "each aggregate for itself";
  EXPECT_EQ(accept(1, "review"), "next") << "each source for itself";
}

TEST_F(OutboxTest, RefusedEffectLeavesTheInboxAsItWas) {
  for (const bool fails : {true, false}) {
    const absl::Status status =
        receiver_->pool().Run(testdb::Soon(), [&](db::Txn& txn) -> absl::Status {
          EXPECT_TRUE(*Accept(txn, "filing", "a", 1));
          return fails ? absl::InternalError("a bug") : absl::OkStatus();
        });
    EXPECT_EQ(status.ok(), !fails);
  }
}

TEST_F(OutboxTest, OneEventDeliveredManyTimesAtOnceIsAppliedOnce) {  // docs/threats.md F-D1
  for (int32_t seq = 1; seq <= 10; ++seq) {
    std::atomic<int> fresh = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 5; ++t) {
      threads.emplace_back([&] {
        bool applied = false;
        const absl::Status status =
            receiver_->pool().Run(testdb::Soon(), [&](db::Txn& txn) -> absl::Status {
              const absl::StatusOr<bool> accepted = Accept(txn, "filing", "a", seq);
              if (!accepted.ok()) return accepted.status();
              applied = *accepted;
              return absl::OkStatus();
            });
        EXPECT_TRUE(status.ok()) << status;
        if (applied) ++fresh;
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(fresh, 1);
  }
}

}  // namespace
}  // namespace alliance::outbox
