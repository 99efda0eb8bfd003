// Events are written with the change that they tell of.

#include "common/outbox/outbox.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/db/error.h"
#include "common/outbox/test_fixture.h"

namespace alliance::outbox {
namespace {

TEST_F(OutboxTest, EventIsPartOfItsTransaction) {
  const absl::Status status =
      sender_->pool().Run(testdb::Soon(), [&](db::Txn& txn) -> absl::Status {
        Enqueue(txn, {.destination = "review", .aggregate_id = "a", .type = "T", .payload = "x"});
        return absl::FailedPreconditionError("refused after all");
      });
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(sender_->Count("SELECT COUNT(*) FROM outbox"), 0);
}

TEST_F(OutboxTest, SequenceCountsPerDestinationAndAggregate) {
  const std::string id = Send("a", "1");
  EXPECT_TRUE(base::IsUuid(id));
  Send("a", "2");
  Send("b", "1");
  Send("a", "1", "subsidy");
  EXPECT_EQ(
      sender_->Value("SELECT GROUP_CONCAT(destination, '/', aggregate_id, '/', seq, '=', payload "
                     "ORDER BY destination, aggregate_id, seq) FROM outbox"),
      "review/a/1=1,review/a/2=2,review/b/1=1,subsidy/a/1=1");
}

TEST_F(OutboxTest, TwoWritersOfOneAggregateLeaveNoGap) {
  std::vector<std::thread> threads;
  std::atomic<int> sent = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10;) {
        const absl::Status status =
            sender_->pool().Run(testdb::Soon(), [&](db::Txn& txn) -> absl::Status {
              Enqueue(txn, {.destination = "review", .aggregate_id = "a", .type = "T"});
              return absl::OkStatus();
            });
        if (!status.ok()) {
          EXPECT_TRUE(db::Is(status, db::ErrorWord::kConflictRetryExhausted)) << status;
          continue;
        }
        ++i;
        ++sent;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sent, 40);
  EXPECT_EQ(sender_->Value("SELECT CONCAT(COUNT(*), ' ', MAX(seq)) FROM outbox"), "40 40");
}

TEST_F(OutboxTest, IncompleteMessagesAreRefused) {
  const auto word = [&](const Message& message) {
    return db::ErrorWordOf(sender_->pool().Run(testdb::Soon(), [&](db::Txn& txn) -> absl::Status {
      Enqueue(txn, message);
      return absl::OkStatus();
    }));
  };
  EXPECT_EQ(word({.destination = "review", .aggregate_id = "a", .type = "T"}), "");
  EXPECT_EQ(word({.aggregate_id = "a", .type = "T"}), "INTERNAL");
  EXPECT_EQ(word({.destination = "review", .type = "T"}), "INTERNAL");
  EXPECT_EQ(word({.destination = "review", .aggregate_id = "a"}), "INTERNAL");
}

TEST_F(OutboxTest, CleanupKeepsTheCounterAndWhatIsNotSent) {
  for (int i = 1; i <= 3; ++i) Send("old", base::StrCat(i));
  StartRelay();
  AllSent();
  relay_->Stop();
  Send("old", "4");
  Send("never", "1");
  const absl::Time later = absl::Now() + absl::Hours(24 * 15);
  const auto cleanup = [&](absl::Time now) {
    return *Cleanup(sender_->pool(), now, absl::Hours(24 * 14), testdb::Soon());
  };
  EXPECT_EQ(cleanup(absl::Now() + absl::Hours(24 * 13)), 0);
  EXPECT_EQ(cleanup(later), 3);
  EXPECT_EQ(WithStatus(0), 2);
  StartRelay();
  AllSent();
  relay_->Stop();
  EXPECT_EQ(cleanup(later), 0) << "the newest of each stays";
  EXPECT_EQ(sender_->Value("SELECT GROUP_CONCAT(aggregate_id, seq, '=', payload ORDER BY "
                           "aggregate_id) FROM outbox"),
            "never1=,old4=");
  Send("old", "5");
  EXPECT_EQ(sender_->Count("SELECT MAX(seq) FROM outbox"), 5) << "the numbers go on";
}

TEST_F(OutboxTest, BacklogIsMeasured) {
  const auto backlog = [&](absl::Time now) {
    Backlog result;
    EXPECT_TRUE(sender_->pool()
                    .Read(testdb::Soon(),
                          [&](db::Txn& txn) -> absl::Status {
                            result = ReadBacklog(txn, now);
                            return absl::OkStatus();
                          })
                    .ok());
    return result;
  };
  EXPECT_EQ(backlog(absl::Now()).waiting, 0);
  EXPECT_EQ(backlog(absl::Now()).oldest_unsent, absl::ZeroDuration());
  Send("a", "1");
  Send("b", "1");
  sender_->Execute("UPDATE outbox SET status=2 WHERE aggregate_id='b'");
  const Backlog now = backlog(absl::Now() + absl::Minutes(5));
  EXPECT_EQ(now.waiting, 1);
  EXPECT_EQ(now.dead, 1);
  EXPECT_GE(now.oldest_unsent, absl::Minutes(5));
  EXPECT_LT(now.oldest_unsent, absl::Minutes(6));
}

}  // namespace
}  // namespace alliance::outbox
