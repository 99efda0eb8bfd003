// Events on their way: in order, at least once, past crashes, poison and peers that are down.

#include "common/outbox/relay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/clock.h"
#include "common/base/str.h"
#include "common/outbox/relay_sql.h"
#include "common/outbox/test_fixture.h"

namespace alliance::outbox {
namespace {

TEST_F(OutboxTest, SendsEverythingInOrder) {
  for (int i = 1; i <= 10; ++i) {
    for (const char* aggregate : {"a", "b", "c", "d", "e", "f"}) Send(aggregate, base::StrCat(i));
  }
  StartRelay();
  AllSent();
  for (const char* aggregate : {"a", "b", "c", "d", "e", "f"}) {
    EXPECT_EQ(peer_->Applied(aggregate), Numbers(10));
  }
  EXPECT_FALSE(peer_->overlapped());
  EXPECT_EQ(peer_->attempts(), 60);
  EXPECT_EQ(relay_->stats().sent, 60);
  EXPECT_EQ(sender_->Count("SELECT COUNT(*) FROM outbox WHERE lease_owner<>'' OR sent_us IS NULL"),
            0);
}

TEST_F(OutboxTest, MessageArrivesWhole) {
  std::string payload;
  for (int i = 0; i < 256; ++i) payload.push_back(static_cast<char>(i));
  const std::string id = Send("a", payload);
  Message got;
  absl::Mutex mutex;
  Relay relay(
      sender_->pool(),
      [&](const Message& message, absl::Time deadline) {
        EXPECT_GT(deadline, absl::Now());
        absl::MutexLock lock(&mutex);
        got = message;
        return absl::OkStatus();
      },
      Fast());
  relay.Start();
  EXPECT_TRUE(relay.WaitDelivered(id, testdb::Soon()).ok());
  absl::MutexLock lock(&mutex);
  EXPECT_EQ(got.id, id);
  EXPECT_EQ(got.destination, "review");
  EXPECT_EQ(got.aggregate_id, "a");
  EXPECT_EQ(got.seq, 1);
  EXPECT_EQ(got.type, "Tested");
  EXPECT_EQ(got.payload, payload);
  EXPECT_EQ(got.traceparent, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
}

TEST_F(OutboxTest, ManyAggregatesAreOnTheirWayAtOnce) {
  for (int i = 0; i < 16; ++i) Send(base::StrCat("case-", i), "1");
  peer_->Delay(absl::Milliseconds(50));
  StartRelay();
  AllSent();
  EXPECT_GE(peer_->most_running(), 2u);
  EXPECT_LE(peer_->most_running(), 8u) << "senders_per_destination";
}

TEST_F(OutboxTest, CallersGoFirst) {
  for (int i = 0; i < 16; ++i) Send(base::StrCat("case-", i), "1");
  peer_->Delay(absl::Milliseconds(20));
  RelayOptions options = Fast();
  options.crowded = [] { return true; };
  StartRelay(std::move(options));
  AllSent();
  EXPECT_LE(peer_->most_running(), 2u) << "claims_when_crowded";
  EXPECT_EQ(peer_->AppliedCount(), 16u) << "late, but all of them";
}

TEST_F(OutboxTest, NudgedHandOverIsQuick) {
  RelayOptions options = Fast();
  options.poll = absl::Seconds(60);  // only the nudge can be what wakes it
  StartRelay(std::move(options));
  std::vector<absl::Duration> took;
  for (int i = 0; i < 200; ++i) {
    const std::string id = Send(base::StrCat("case-", i), "1");
    const absl::Time began = absl::Now();
    relay_->Nudge("review");
    const absl::Status status = relay_->WaitDelivered(id, absl::Now() + absl::Seconds(5));
    took.push_back(absl::Now() - began);
    ASSERT_TRUE(status.ok()) << status;
  }
  std::sort(took.begin(), took.end());
  RecordProperty("p50", absl::FormatDuration(took[took.size() / 2]));
  RecordProperty("p99", absl::FormatDuration(took[took.size() * 99 / 100]));
  std::printf("hand-over p50 %s p99 %s\n", absl::FormatDuration(took[took.size() / 2]).c_str(),
              absl::FormatDuration(took[took.size() * 99 / 100]).c_str());
  EXPECT_LT(took[took.size() / 2], absl::Milliseconds(20));
}

TEST_F(OutboxTest, WaitingForDelivery) {
  StartRelay();
  const std::string sent = Send("a", "1");
  relay_->Nudge();
  EXPECT_TRUE(relay_->WaitDelivered(sent, testdb::Soon()).ok());
  EXPECT_TRUE(relay_->WaitDelivered(sent, absl::Now()).ok()) << "after the fact, too";
  // Another process sent it: the table knows.
  relay_ = MakeRelay(Fast());
  AllSent();
  EXPECT_TRUE(relay_->WaitDelivered(sent, absl::Now()).ok());
  // Nobody sends.
  const std::string waiting = Send("b", "1");
  const absl::Time began = absl::Now();
  EXPECT_EQ(relay_->WaitDelivered(waiting, began + absl::Milliseconds(50)).code(),
            absl::StatusCode::kDeadlineExceeded);
  EXPECT_LT(absl::Now() - began, absl::Seconds(5));
}

TEST_F(OutboxTest, WaitingIsShortWhenThePeerIsDown) {
  peer_->AnswerAll(absl::UnavailableError("connection refused"));
  RelayOptions options = Fast();
  options.first_pause = options.max_pause = absl::Seconds(30);
  StartRelay(std::move(options));
  const absl::Time began = absl::Now();
  for (int i = 0; i < 5; ++i) {
    const std::string id = Send(base::StrCat("case-", i), "1");
    relay_->Nudge();
    EXPECT_EQ(relay_->WaitDelivered(id, absl::Now() + absl::Seconds(20)).code(),
              absl::StatusCode::kUnavailable);
  }
  EXPECT_LT(absl::Now() - began, absl::Seconds(10)) << "the deadlines were not waited for";
  EXPECT_EQ(peer_->attempts(), 1) << "the lane pauses for all";
}

TEST_F(OutboxTest, CrashBetweenCommitAndRelay) {  // docs/threats.md F-A1
  Send("a", "1");
  Send("a", "2");
  StartRelay();  // the process that comes after
  AllSent();
  EXPECT_EQ(peer_->Applied("a"), Numbers(2));
}

TEST_F(OutboxTest, CrashAfterClaimIsMadeGoodWhenTheLeaseEnds) {  // docs/threats.md F-A2
  Send("a", "1");
  sender_->Execute(base::StrCat("UPDATE outbox SET lease_owner='dead:1', attempts=1, due_us=",
                                absl::ToUnixMicros(absl::Now() + absl::Milliseconds(300))));
  StartRelay();
  AllSent();
  EXPECT_EQ(peer_->Applied("a"), Numbers(1));
}

TEST_F(OutboxTest, LostAcknowledgementIsADuplicateThatIsDropped) {  // docs/threats.md F-D4
  peer_->LoseAcknowledgements(3);
  for (int i = 1; i <= 5; ++i) Send("a", base::StrCat(i));
  StartRelay();
  AllSent();
  EXPECT_EQ(peer_->Applied("a"), Numbers(5));
  EXPECT_EQ(peer_->attempts(), 8);
}

// A relay that slept through its lease must not spoil what its successor did.
TEST_F(OutboxTest, SleeperNeitherMarksNorDoubles) {  // docs/threats.md F-A2
  std::atomic<bool> hold = true;
  std::atomic<int> lost = 0;
  RelayOptions options = Fast();
  options.lease = absl::Milliseconds(100);
  RelayOptions sleepy = options;
  sleepy.on_event = [&](std::string_view event, const Message*, const absl::Status&) {
    if (event == "lease lost") ++lost;
  };
  Relay sleeper(
      sender_->pool(),
      [&](const Message& message, absl::Time deadline) -> absl::Status {
        while (hold) absl::SleepFor(absl::Milliseconds(2));
        const absl::Status status = peer_->Deliver(message, deadline + absl::Minutes(1));
        // Its answer is bad news, which must not reach the row either.
        return status.ok() ? absl::InternalError("late refusal") : status;
      },
      sleepy);
  Send("a", "1");
  sleeper.Start();
  Eventually("claimed", [] {
    return sender_->Count("SELECT COUNT(*) FROM outbox WHERE lease_owner<>''") == 1;
  });
  Send("a", "2");
  StartRelay(options);
  AllSent();
  EXPECT_EQ(peer_->Applied("a"), Numbers(2));
  hold = false;
  Eventually("the sleeper noticed", [&] { return lost >= 1; });
  sleeper.Stop();
  EXPECT_EQ(peer_->Applied("a"), Numbers(2));
  EXPECT_EQ(WithStatus(1), 2);
  EXPECT_EQ(sender_->Count("SELECT MAX(refusals) FROM outbox"), 0);
}

TEST_F(OutboxTest, TwoReplicasKeepTheOrder) {
  for (int i = 1; i <= 20; ++i) {
    for (const char* aggregate : {"a", "b", "c", "d"}) Send(aggregate, base::StrCat(i));
  }
  const std::unique_ptr<Relay> other = MakeRelay(Fast());
  StartRelay();
  other->Start();
  AllSent();
  for (const char* aggregate : {"a", "b", "c", "d"}) {
    EXPECT_EQ(peer_->Applied(aggregate), Numbers(20));
  }
  EXPECT_EQ(peer_->attempts(), 80) << "leases hold: nothing is sent twice";
  EXPECT_FALSE(peer_->overlapped());
  // A count goes up when its transaction has committed, just after the row shows it.
  Eventually("counted", [&] { return relay_->stats().sent + other->stats().sent == 80; });
}

// More than a chunk and not a multiple of one, each head claimed by the replica that came first.
TEST_F(OutboxTest, BacklogLeavesByTheChunkFromTwoReplicas) {
  for (int i = 0; i < 75; ++i) Send(base::StrCat("case-", i), "1");
  const std::unique_ptr<Relay> other = MakeRelay(Fast());
  StartRelay();
  other->Start();
  AllSent();
  EXPECT_EQ(peer_->AppliedCount(), 75u);
  EXPECT_EQ(peer_->attempts(), 75) << "leases hold: nothing is sent twice";
  EXPECT_EQ(sender_->Count("SELECT SUM(attempts) FROM outbox"), 75) << "and claimed once";
  Eventually("counted", [&] { return relay_->stats().sent + other->stats().sent == 75; });
}

TEST_F(OutboxTest, PoisonStopsItsAggregateAloneThenDies) {  // docs/threats.md F-A12
  std::atomic<int> deaths = 0;
  RelayOptions options = Fast();
  options.max_refusals = 5;
  options.on_event = [&](std::string_view event, const Message* message, const absl::Status&) {
    if (event == "dead") {
      EXPECT_EQ(message->aggregate_id, "bad");
      ++deaths;
    }
  };
  peer_->Answer("bad", absl::InvalidArgumentError("毒药"));
  const std::string poison = Send("bad", "1");
  Send("bad", "2");
  for (int i = 1; i <= 5; ++i) Send("good", base::StrCat(i));
  StartRelay(std::move(options));
  Eventually("dead", [] { return WithStatus(2) == 1; });
  Eventually("others sent", [] { return WithStatus(1) == 5; });
  EXPECT_EQ(peer_->Applied("good"), Numbers(5));
  Eventually("told", [&] { return deaths == 1; });
  EXPECT_EQ(sender_->Value("SELECT CONCAT(refusals, ' ', attempts, ' ', last_error) FROM outbox "
                           "WHERE status=2"),
            "5 5 INVALID_ARGUMENT: 毒药");
  Send("bad", "3");
  relay_->Nudge();
  Send("good", "6");
  relay_->Nudge();
  Eventually("still going on", [&] { return peer_->Applied("good").size() == 6; });
  EXPECT_EQ(peer_->Applied("bad").size(), 0u);
  Eventually("marked", [] { return WithStatus(1) == 6; });
  EXPECT_EQ(WithStatus(0), 2) << "what is behind it waits";
  Eventually("counted", [&] { return relay_->stats().backlog.dead == 1; });

  std::vector<DeadMessage> dead;
  ASSERT_TRUE(sender_->pool()
                  .Read(testdb::Soon(),
                        [&](db::Txn& txn) -> absl::Status {
                          dead = ListDead(txn);
                          return absl::OkStatus();
                        })
                  .ok());
  ASSERT_EQ(dead.size(), 1u);
  EXPECT_EQ(dead[0].message.id, poison);
  EXPECT_EQ(dead[0].message.payload, "1");
  EXPECT_EQ(dead[0].blocked, 2);

  peer_->Answer("bad", absl::OkStatus());
  EXPECT_FALSE(Requeued("0187438a-96bd-7ce1-9d0a-3f1c2e5b7a90"));
  EXPECT_TRUE(Requeued(poison));
  EXPECT_FALSE(Requeued(poison)) << "it is alive again";
  relay_->Nudge();
  AllSent();
  EXPECT_EQ(peer_->Applied("bad"), Numbers(3));
}

TEST_F(OutboxTest, UnreachablePeerKillsNothing) {
  RelayOptions options = Fast();
  options.max_refusals = 2;
  peer_->AnswerAll(absl::UnavailableError("connection refused"));
  for (int i = 1; i <= 3; ++i) {
    for (const char* aggregate : {"a", "b"}) Send(aggregate, base::StrCat(i));
  }
  StartRelay(std::move(options));
  Eventually("many attempts", [&] { return peer_->attempts() > 10; });
  EXPECT_EQ(WithStatus(0), 6);
  peer_->AnswerAll(absl::DeadlineExceededError("slow"));
  Eventually("more attempts", [&] { return peer_->attempts() > 20; });
  EXPECT_EQ(WithStatus(0), 6);
  peer_->AnswerAll(absl::OkStatus());
  AllSent();
  EXPECT_EQ(peer_->Applied("a"), Numbers(3));
  EXPECT_EQ(peer_->Applied("b"), Numbers(3));
  EXPECT_EQ(sender_->Count("SELECT MAX(refusals) FROM outbox"), 0);
}

TEST_F(OutboxTest, OnePeerDownDoesNotStopAnother) {
  std::atomic<int> to_subsidy = 0;
  RelayOptions options = Fast();
  options.destinations = {"review", "subsidy"};
  Relay relay(
      sender_->pool(),
      [&](const Message& message, absl::Time deadline) -> absl::Status {
        if (message.destination == "subsidy") {
          ++to_subsidy;
          return absl::OkStatus();
        }
        // tidy-allow(sleep): the peer that hangs is what is tested
        absl::SleepFor(std::min(deadline - absl::Now(), absl::Seconds(2)));
        return absl::DeadlineExceededError("no answer");
      },
      options);
  for (int i = 0; i < 20; ++i) {
    Send(base::StrCat("case-", i), "1");
    Send(base::StrCat("case-", i), "1", "subsidy");
  }
  const absl::Time began = absl::Now();
  relay.Start();
  Eventually("the healthy one has all", [&] { return to_subsidy == 20; });
  EXPECT_LT(absl::Now() - began, absl::Seconds(2)) << "before the first answer of the other";
}

TEST_F(OutboxTest, ExceptionOfTheSenderIsARefusal) {
  std::atomic<int> calls = 0;
  Relay relay(
      sender_->pool(),
      [&](const Message&, absl::Time) -> absl::Status {
        if (++calls == 1) throw std::runtime_error("a bug");
        return absl::OkStatus();
      },
      Fast());
  Send("a", "1");
  relay.Start();
  AllSent();
  EXPECT_EQ(sender_->Count("SELECT refusals FROM outbox"), 1);
}

TEST_F(OutboxTest, OutOfOrderAnswerIsTriedAgain) {
  Send("a", "1");
  receiver_->Execute(
      "INSERT INTO inbox (source, aggregate_id, last_seq) VALUES ('filing', 'b', 1)");
  StartRelay();
  AllSent();
  Send("b", "1");  // known already there: a duplicate
  Send("c", "1");
  sender_->Execute("UPDATE outbox SET seq=2 WHERE aggregate_id='c'");  // its first is missing
  relay_->Nudge();
  Eventually("refused", [] {
    return sender_->Count(
               "SELECT COUNT(*) FROM outbox WHERE aggregate_id='c' AND refusals>0 "
               "AND last_error LIKE 'ABORTED: event 2 from filing came after 0%'") == 1;
  });
  EXPECT_EQ(peer_->Applied("b").size(), 0u);
  receiver_->Execute(
      "INSERT INTO inbox (source, aggregate_id, last_seq) VALUES ('filing', 'c', 1)");
  AllSent();
  EXPECT_EQ(peer_->Applied("c"), Numbers(1));
}

TEST_F(OutboxTest, StopGivesBackWhatWasOnlyClaimed) {
  peer_->Delay(absl::Milliseconds(200));
  for (int i = 0; i < 8; ++i) Send(base::StrCat("case-", i), "1");
  RelayOptions options = Fast();
  options.senders_per_destination = 4;
  options.lease = absl::Minutes(10);
  StartRelay(std::move(options));
  Eventually("claimed", [] {
    return sender_->Count("SELECT COUNT(*) FROM outbox WHERE lease_owner<>''") == 8;
  });
  Eventually("on their way", [&] { return peer_->attempts() == 4; });
  relay_->Stop();
  EXPECT_EQ(sender_->Count("SELECT COUNT(*) FROM outbox WHERE lease_owner<>''"), 0);
  const int64_t sent = WithStatus(1);
  EXPECT_EQ(sent, 4);
  EXPECT_EQ(peer_->AppliedCount(), static_cast<size_t>(sent)) << "what was on its way was finished";
  EXPECT_EQ(
      sender_->Count("SELECT COUNT(*) FROM outbox WHERE status=0 AND due_us=0 AND attempts=0"),
      8 - sent);
  peer_->Delay(absl::ZeroDuration());
  StartRelay();
  AllSent();
  EXPECT_EQ(peer_->AppliedCount(), 8u);
}

TEST_F(OutboxTest, BackoffGrowsAndStaysBelowItsLimit) {
  base::ManualClock clock(absl::FromUnixSeconds(1'700'000'000));
  RelayOptions options;
  options.destinations = {"review"};
  options.poll = absl::Milliseconds(2);
  options.clock = &clock;
  peer_->Answer("bad", absl::InternalError("x"));
  Send("bad", "1");
  StartRelay(std::move(options));
  absl::Duration before;
  for (int refusal = 1; refusal < 20; ++refusal) {
    Eventually("refused", [&] { return sender_->Count("SELECT refusals FROM outbox") == refusal; });
    const absl::Duration wait =
        absl::FromUnixMicros(sender_->Count("SELECT due_us FROM outbox")) - clock.Now();
    const absl::Duration ideal =
        std::min(absl::Seconds(int64_t{1} << (refusal - 1)), absl::Minutes(10));
    EXPECT_GE(wait, 0.79 * ideal) << refusal;
    EXPECT_LE(wait, 1.21 * ideal) << refusal;
    clock.Advance(wait - absl::Milliseconds(1));
    // tidy-allow(sleep): nothing may happen; there is no event to wait for
    absl::SleepFor(absl::Milliseconds(5));
    EXPECT_EQ(peer_->attempts(), refusal) << "not a moment before";
    clock.Advance(absl::Milliseconds(1));
  }
  Eventually("dead after 20", [] { return WithStatus(2) == 1; });
  EXPECT_EQ(peer_->attempts(), 20);
}

TEST_F(OutboxTest, DatabaseOutageIsSurvived) {
  std::atomic<int> database = 0;
  RelayOptions options = Fast();
  options.on_event = [&](std::string_view event, const Message*, const absl::Status&) {
    if (event == "database") ++database;
  };
  StartRelay(std::move(options));
  Send("a", "1");
  AllSent();
  sender_->Execute("ALTER TABLE outbox RENAME TO outbox_away");
  Eventually("noticed", [&] { return database >= 2; });
  EXPECT_LT(database, 100) << "it is not asked again and again";
  sender_->Execute("ALTER TABLE outbox_away RENAME TO outbox");
  Send("a", "2");
  AllSent();
  EXPECT_EQ(peer_->Applied("a"), Numbers(2));
}

// The claim must be served by the index: a sort would look at, and lock, the whole backlog.
TEST_F(OutboxTest, PollingIsServedByTheIndex) {
  for (int i = 0; i < 50; ++i) Send(base::StrCat("case-", i), "1");
  sender_->Value("ANALYZE TABLE outbox");
  std::string text = base::StrCat("EXPLAIN FORMAT=JSON ", kDue.text);
  for (const char* value : {"'review'", "1", "8"}) text.replace(text.find('?'), 1, value);
  const std::string plan = sender_->Value(text);
  EXPECT_NE(plan.find("outbox_poll"), std::string::npos) << plan;
  EXPECT_EQ(plan.find("filesort"), std::string::npos) << plan;
}

}  // namespace
}  // namespace alliance::outbox
