// What the outbox tests share: a sending and a receiving schema, and a peer that applies what it is
// sent through a real inbox and misbehaves on demand.

#ifndef ALLIANCE_COMMON_OUTBOX_TEST_FIXTURE_H_
#define ALLIANCE_COMMON_OUTBOX_TEST_FIXTURE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/str.h"
#include "common/outbox/inbox.h"
#include "common/outbox/outbox.h"
#include "common/outbox/relay.h"
#include "common/testing/mariadb.h"

namespace alliance::outbox {
inline constexpr absl::Duration kPatience = absl::Seconds(20);

// A peer: applies what it is sent through a real inbox in a schema of its own, and misbehaves on
// demand.
class Peer {
 public:
  explicit Peer(testdb::Schema& schema) : schema_(schema) {}

  absl::Status Deliver(const Message& message, absl::Time deadline) {
    ++attempts_;
    absl::Duration delay;
    {
      absl::MutexLock lock(&mutex_);
      if (!running_.insert(message.aggregate_id).second) overlapped_ = true;
      most_running_ = std::max(most_running_, running_.size());
      delay = delay_;
    }
    absl::Status status = DeliverOnce(message, delay, deadline);
    absl::MutexLock lock(&mutex_);
    running_.erase(message.aggregate_id);
    return status;
  }

  Sender AsSender() {
    return
        [this](const Message& message, absl::Time deadline) { return Deliver(message, deadline); };
  }

  // What every later delivery of this aggregate answers; OK makes it well again.
  void Answer(const std::string& aggregate_id, const absl::Status& status) {
    absl::MutexLock lock(&mutex_);
    answers_[aggregate_id] = status;
  }
  void AnswerAll(const absl::Status& status) {
    absl::MutexLock lock(&mutex_);
    all_ = status;
  }
  void LoseAcknowledgements(int count) { lose_acks_ = count; }
  void Delay(absl::Duration delay) {
    absl::MutexLock lock(&mutex_);
    delay_ = delay;
  }

  std::vector<std::string> Applied(const std::string& aggregate_id) {
    absl::MutexLock lock(&mutex_);
    return applied_[aggregate_id];
  }
  size_t AppliedCount() {
    absl::MutexLock lock(&mutex_);
    size_t count = 0;
    for (const auto& [id, payloads] : applied_) count += payloads.size();
    return count;
  }
  int attempts() const { return attempts_; }
  bool overlapped() {
    absl::MutexLock lock(&mutex_);
    return overlapped_;
  }
  size_t most_running() {
    absl::MutexLock lock(&mutex_);
    return most_running_;
  }

 private:
  absl::Status DeliverOnce(const Message& message, absl::Duration delay, absl::Time deadline) {
    absl::SleepFor(delay);
    {
      absl::MutexLock lock(&mutex_);
      if (!all_.ok()) return all_;
      const auto answer = answers_.find(message.aggregate_id);
      if (answer != answers_.end() && !answer->second.ok()) return answer->second;
    }
    bool fresh = false;
    absl::Status status = schema_.pool().Run(deadline, [&](db::Txn& txn) -> absl::Status {
      const absl::StatusOr<bool> accepted =
          Accept(txn, "filing", message.aggregate_id, message.seq);
      if (!accepted.ok()) return accepted.status();
      fresh = *accepted;
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
    if (fresh) {
      absl::MutexLock lock(&mutex_);
      applied_[message.aggregate_id].push_back(message.payload);
    }
    if (lose_acks_ > 0) {
      --lose_acks_;
      return absl::UnavailableError("the acknowledgement got lost");
    }
    return absl::OkStatus();
  }

  testdb::Schema& schema_;
  std::atomic<int> attempts_ = 0;
  std::atomic<int> lose_acks_ = 0;
  absl::Mutex mutex_;
  absl::Duration delay_;
  absl::Status all_;
  std::map<std::string, absl::Status> answers_;
  std::map<std::string, std::vector<std::string>> applied_;
  std::set<std::string> running_;
  bool overlapped_ = false;
  size_t most_running_ = 0;
};

class OutboxTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    sender_ = testdb::Schema::Make("alliance_filing", {}, /*connections=*/12);
    receiver_ = testdb::Schema::Make("alliance_review", {}, /*connections=*/12);
  }
  static void TearDownTestSuite() {
    sender_.reset();
    receiver_.reset();
  }
  void SetUp() override {
    sender_->Clear();
    receiver_->Clear();
    peer_ = std::make_unique<Peer>(*receiver_);
  }
  void TearDown() override { relay_.reset(); }

  static RelayOptions Fast() {
    RelayOptions options;
    options.destinations = {"review"};
    options.poll = absl::Milliseconds(20);
    options.first_backoff = absl::Milliseconds(2);
    options.max_backoff = absl::Milliseconds(20);
    options.first_pause = absl::Milliseconds(2);
    options.max_pause = absl::Milliseconds(20);
    options.backlog_every = absl::Milliseconds(20);
    return options;
  }
  std::unique_ptr<Relay> MakeRelay(RelayOptions options) {
    return std::make_unique<Relay>(sender_->pool(), peer_->AsSender(), std::move(options));
  }
  void StartRelay(RelayOptions options = Fast()) {
    relay_ = MakeRelay(std::move(options));
    relay_->Start();
  }

  static std::string Send(const std::string& aggregate_id, const std::string& payload,
                          const std::string& destination = "review") {
    std::string id;
    const absl::Status status =
        sender_->pool().Run(testdb::Soon(), [&](db::Txn& txn) -> absl::Status {
          id = Enqueue(txn,
                       {.destination = destination,
                        .aggregate_id = aggregate_id,
                        .type = "Tested",
                        .payload = payload,
                        .traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"});
          return absl::OkStatus();
        });
    EXPECT_TRUE(status.ok()) << status;
    return id;
  }
  static bool Requeued(const std::string& id) {
    bool requeued = false;
    const absl::Status status =
        sender_->pool().Run(testdb::Soon(), [&](db::Txn& txn) -> absl::Status {
          requeued = Requeue(txn, id);
          return absl::OkStatus();
        });
    EXPECT_TRUE(status.ok()) << status;
    return requeued;
  }

  static int64_t WithStatus(int status) {
    return sender_->Count(base::StrCat("SELECT COUNT(*) FROM outbox WHERE status=", status));
  }
  template <typename Condition>
  static void Eventually(const char* what, Condition condition) {
    const absl::Time until = absl::Now() + kPatience;
    while (!condition()) {
      ASSERT_LT(absl::Now(), until) << what;
      absl::SleepFor(absl::Milliseconds(2));
    }
  }
  void AllSent() {
    Eventually("all sent", [] { return WithStatus(0) == 0; });
  }
  static std::vector<std::string> Numbers(int count) {
    std::vector<std::string> numbers;
    for (int i = 1; i <= count; ++i) numbers.push_back(base::StrCat(i));
    return numbers;
  }

  static inline std::unique_ptr<testdb::Schema> sender_;
  static inline std::unique_ptr<testdb::Schema> receiver_;
  std::unique_ptr<Peer> peer_;
  std::unique_ptr<Relay> relay_;
};

}  // namespace alliance::outbox

#endif  // ALLIANCE_COMMON_OUTBOX_TEST_FIXTURE_H_
