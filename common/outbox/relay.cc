#include "common/outbox/relay.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/time/clock.h"
#include "absl/types/span.h"
#include "common/base/str.h"
#include "common/base/text.h"
#include "common/crypto/random.h"
#include "common/db/error.h"
#include "common/outbox/relay_sql.h"

namespace alliance::outbox {
namespace {

constexpr size_t kRemembered = 4096;
constexpr size_t kMaxErrorCharacters = 400;
constexpr absl::Duration kDatabaseLimit = absl::Seconds(10);  // for each of our own transactions
constexpr absl::Duration kMaxDatabasePause = absl::Seconds(10);
constexpr int kMarkAttempts = 3;
constexpr int64_t kBlocked = std::numeric_limits<int64_t>::max();  // due when requeued

// Failures that say nothing about the message, only about the way to the peer.
bool IsUnreachable(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kCancelled:
      return true;
    default:
      return false;
  }
}

// For the last_error column: text, not too long, cut between characters.
std::string Shorten(const absl::Status& status) {
  const std::string text =
      base::StrCat(absl::StatusCodeToString(status.code()), ": ", base::Std(status.message()));
  std::string_view rest = text;
  std::string out;
  for (size_t i = 0; i < kMaxErrorCharacters && !rest.empty(); ++i) {
    const std::optional<char32_t> c = base::TakeCodePoint(rest);
    if (c.has_value()) {
      base::AppendCodePoint(*c, out);
    } else {
      out += '?';
      rest.remove_prefix(1);
    }
  }
  return out;
}

// `values` and the ids from `first` on, a whole chunk of them: the last fills what is left.
std::vector<db::Param> WithChunk(std::vector<db::Param> values, absl::Span<const std::string> ids,
                                 size_t first) {
  for (size_t i = 0; i < kRelayChunk; ++i)
    values.emplace_back(ids[std::min(first + i, ids.size() - 1)]);
  return values;
}

void MarkSent(db::Txn& txn, absl::Span<const std::string> ids, absl::Time now) {
  for (size_t first = 0; first < ids.size(); first += kRelayChunk) {
    txn.ExecValues(kSent, WithChunk({now}, ids, first));
  }
}

// Those of `ids` whose lease is `owner`'s from now until `until`.
absl::flat_hash_set<std::string> Lease(db::Txn& txn, absl::Span<const std::string> ids,
                                       std::string_view owner, absl::Time now, absl::Time until) {
  absl::flat_hash_set<std::string> ours;
  for (size_t first = 0; first < ids.size(); first += kRelayChunk) {
    const auto chunk = ids.subspan(first, kRelayChunk);
    const int64_t leased = txn.ExecValues(kClaim, WithChunk({until, owner, now}, ids, first));
    if (leased == static_cast<int64_t>(chunk.size())) {
      ours.insert(chunk.begin(), chunk.end());
    } else if (leased > 0) {
      for (const db::Row& row : txn.QueryValues(kClaimedBy, WithChunk({owner}, ids, first))) {
        ours.insert(row.Get<std::string>(0));
      }
    }
  }
  return ours;
}

absl::Duration Jitter(absl::Duration base) { return base * (0.8 + 0.4 * crypto::RandomFraction()); }

}  // namespace

struct Relay::Claimed {
  Message message;
  std::string owner;
  int32_t refusals = 0;
};

// The way to one peer. Guarded by Relay::mutex_.
struct Relay::Lane {
  std::string destination;
  std::deque<Claimed> queue;
  int sending = 0;
  std::vector<std::string> sent;  // ids that the peer has and the outbox does not know of yet
  bool wanted = true;             // look into the outbox now
  // Consecutive times that the peer could not be reached; until `paused_until` it is left alone,
  // then one message probes it.
  int failures = 0;
  absl::Time paused_until = absl::InfinitePast();
  absl::CondVar work;
};

Relay::Relay(db::Pool& pool, Sender sender, RelayOptions options)
    : pool_(pool),
      sender_(std::move(sender)),
      options_(std::move(options)),
      name_(crypto::RandomHex(8)) {
  for (const std::string& destination : options_.destinations) {
    lanes_.push_back(std::make_unique<Lane>());
    lanes_.back()->destination = destination;
  }
}

Relay::~Relay() { Stop(); }

absl::Time Relay::Now() const {
  return options_.clock == nullptr ? absl::Now() : options_.clock->Now();
}

void Relay::Event(std::string_view event, const Message* message,
                  const absl::Status& status) const {
  if (options_.on_event) options_.on_event(event, message, status);
}

void Relay::Start() {
  next_backlog_ = absl::Now();
  next_cleanup_ = absl::Now() + options_.cleanup_every;
  threads_.emplace_back([this] { ClaimLoop(); });
  for (const std::unique_ptr<Lane>& lane : lanes_) {
    for (int i = 0; i < options_.senders_per_destination; ++i) {
      threads_.emplace_back([this, lane = lane.get()] { SendLoop(lane); });
    }
  }
}

void Relay::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    for (const std::unique_ptr<Lane>& lane : lanes_) lane->work.SignalAll();
    work_changed_.SignalAll();
    fate_changed_.SignalAll();
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  std::vector<Claimed> unsent;
  std::vector<std::string> sent;
  {
    absl::MutexLock lock(&mutex_);
    for (const std::unique_ptr<Lane>& lane : lanes_) {
      std::move(lane->queue.begin(), lane->queue.end(), std::back_inserter(unsent));
      lane->queue.clear();
      std::move(lane->sent.begin(), lane->sent.end(), std::back_inserter(sent));
      lane->sent.clear();
    }
  }
  GiveBack(unsent, sent);
}

void Relay::Nudge(std::string_view destination) {
  absl::MutexLock lock(&mutex_);
  for (const std::unique_ptr<Lane>& lane : lanes_) {
    if (destination.empty() || lane->destination == destination) lane->wanted = true;
  }
  work_changed_.Signal();
}

// Claiming ---------------------------------------------------------------------------------------

void Relay::ClaimLoop() {
  absl::Duration database_pause = absl::ZeroDuration();
  while (true) {
    std::vector<Lane*> wanted;
    {
      absl::MutexLock lock(&mutex_);
      const auto ready = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        for (const std::unique_ptr<Lane>& lane : lanes_) {
          if (!lane->sent.empty()) return true;
          if (lane->wanted && lane->paused_until <= absl::Now()) return true;
        }
        return false;
      };
      absl::Time until = absl::Now() + options_.poll;
      if (database_pause > absl::ZeroDuration()) {
        // Nothing but the end wakes it: a database that is down is not asked more often because
        // there is more to do.
        until = absl::Now() + Jitter(database_pause);
        while (!stopping_ && !work_changed_.WaitWithDeadline(&mutex_, until)) {
        }
      } else {
        for (const std::unique_ptr<Lane>& lane : lanes_) {
          if (lane->paused_until > absl::Now()) until = std::min(until, lane->paused_until);
        }
        while (!stopping_ && !ready() && !work_changed_.WaitWithDeadline(&mutex_, until)) {
        }
      }
      if (stopping_) return;
      const absl::Time now = absl::Now();
      for (const std::unique_ptr<Lane>& lane : lanes_) {
        const bool open = lane->paused_until <= now && (lane->wanted || until <= now);
        if (!open && lane->sent.empty()) continue;
        if (open) lane->wanted = false;
        wanted.push_back(lane.get());
      }
    }
    absl::Status status;
    for (Lane* lane : wanted) {
      status = ClaimFor(lane);
      if (!status.ok()) break;
    }
    if (status.ok()) {
      database_pause = absl::ZeroDuration();
      Housekeeping();
    } else {
      Event("database", nullptr, status);
      database_pause = std::clamp(database_pause * 2, options_.first_pause, kMaxDatabasePause);
      absl::MutexLock lock(&mutex_);
      for (Lane* lane : wanted) lane->wanted = true;
    }
  }
}

absl::Status Relay::ClaimFor(Lane* lane) {
  int most = options_.claims_per_destination;
  if (options_.crowded && options_.crowded()) most = std::min(most, options_.claims_when_crowded);
  int free = 0;
  std::string owner;
  std::vector<std::string> sent;
  {
    absl::MutexLock lock(&mutex_);
    sent.swap(lane->sent);
    const int busy = lane->sending + static_cast<int>(lane->queue.size());
    // One message probes a peer that was down.
    free = (lane->failures > 0 ? 1 : most) - busy;
    if (absl::Now() < lane->paused_until) free = 0;
    owner = base::StrCat(name_, ":", ++claims_);
  }
  // A sender that ends asks again.
  if (free <= 0 && sent.empty()) return absl::OkStatus();

  // One transaction for what was sent and what is sent next: a commit for each would be most of
  // what a hand-over costs.
  std::vector<Claimed> claimed;
  bool more = false;
  const absl::Status status =
      pool_.Run(absl::Now() + kDatabaseLimit, [&](db::Txn& txn) -> absl::Status {
        claimed.clear();
        const absl::Time now = Now();
        MarkSent(txn, sent, now);
        if (free <= 0) return absl::OkStatus();
        std::vector<Claimed> due = FindDue(txn, *lane, now, free);
        more = static_cast<int>(due.size()) == free;
        std::vector<std::string> ids;
        for (const Claimed& head : due) ids.push_back(head.message.id);
        const auto ours = Lease(txn, ids, owner, now, now + options_.lease);
        for (Claimed& head : due) {
          if (!ours.contains(head.message.id)) continue;
          claimed.push_back(std::move(head));
          claimed.back().owner = owner;
        }
        return absl::OkStatus();
      });
  absl::MutexLock lock(&mutex_);
  if (!status.ok()) {
    // What was sent is marked the next time; after an unknown outcome that changes nothing, and the
    // leases, if they were written, run out by themselves.
    std::move(sent.begin(), sent.end(), std::back_inserter(lane->sent));
    return status;
  }
  stats_.sent += static_cast<int64_t>(sent.size());
  if (more) lane->wanted = true;
  for (Claimed& head : claimed) {
    lane->queue.push_back(std::move(head));
    lane->work.Signal();
  }
  return absl::OkStatus();
}

std::vector<Relay::Claimed> Relay::FindDue(db::Txn& txn, const Lane& lane, absl::Time now,
                                           int limit) {
  std::vector<Claimed> due;
  for (const db::Row& row : txn.Query(kDue, lane.destination, now, limit)) {
    Claimed head;
    head.message = {.id = row.Get<std::string>(0),
                    .destination = lane.destination,
                    .aggregate_id = row.Get<std::string>(1),
                    .seq = row.Get<int32_t>(2),
                    .type = row.Get<std::string>(3),
                    .payload = row.Get<std::string>(4),
                    .traceparent = row.Get<std::string>(5)};
    head.refusals = row.Get<int32_t>(6);
    due.push_back(std::move(head));
  }
  return due;
}

void Relay::GiveBack(const std::vector<Claimed>& claimed, const std::vector<std::string>& sent) {
  if (claimed.empty() && sent.empty()) return;
  const absl::Status status =
      pool_.Run(absl::Now() + kDatabaseLimit, [&](db::Txn& txn) -> absl::Status {
        MarkSent(txn, sent, Now());
        for (const Claimed& head : claimed) txn.Exec(kGiveBack, head.message.id, head.owner);
        return absl::OkStatus();
      });
  if (!status.ok()) Event("database", nullptr, status);
}

void Relay::Housekeeping() {
  const absl::Time now = absl::Now();
  if (now >= next_backlog_) {
    next_backlog_ = now + options_.backlog_every;
    Backlog backlog;
    const absl::Status status = pool_.Read(now + kDatabaseLimit, [&](db::Txn& txn) -> absl::Status {
      backlog = ReadBacklog(txn, Now());
      return absl::OkStatus();
    });
    absl::MutexLock lock(&mutex_);
    if (status.ok()) stats_.backlog = backlog;
  }
  if (now >= next_cleanup_) {
    next_cleanup_ = now + options_.cleanup_every;
    const absl::Status status =
        Cleanup(pool_, Now(), options_.keep_sent, now + kDatabaseLimit).status();
    if (!status.ok()) Event("cleanup", nullptr, status);
  }
}

// Sending ----------------------------------------------------------------------------------------

void Relay::SendLoop(Lane* lane) {
  while (true) {
    Claimed claimed;
    {
      absl::MutexLock lock(&mutex_);
      while (!stopping_ && lane->queue.empty()) lane->work.Wait(&mutex_);
      if (stopping_) return;
      claimed = std::move(lane->queue.front());
      lane->queue.pop_front();
      ++lane->sending;
      ++stats_.in_flight;
    }
    Deliver(lane, claimed);
    absl::MutexLock lock(&mutex_);
    --lane->sending;
    --stats_.in_flight;
    lane->wanted = true;  // the next of this aggregate, or what found no free sender
    work_changed_.Signal();
  }
}

void Relay::Deliver(Lane* lane, const Claimed& claimed) {
  absl::Status result;
  try {
    result = sender_(claimed.message, absl::Now() + options_.send_timeout);
  } catch (const std::exception& e) {
    result = absl::InternalError(e.what());
  }
  if (IsUnreachable(result)) Pause(lane, result);
  {
    absl::MutexLock lock(&mutex_);
    if (!IsUnreachable(result)) {
      lane->failures = 0;
      lane->paused_until = absl::InfinitePast();
    }
    // Who waits for the peer need not wait for our mark too.
    Remember(claimed.message.id, result.ok() ? Fate::kSent : Fate::kFailed);
    fate_changed_.SignalAll();
    if (result.ok()) {
      lane->sent.push_back(claimed.message.id);
      return;
    }
  }
  for (int attempt = 0; attempt < kMarkAttempts; ++attempt) {
    const absl::Status marked = MarkFailed(lane, claimed, result);
    if (marked.ok()) return;
    // After the last attempt the lease runs out and the message is sent again; the receiver knows
    // it then.
    Event("database", &claimed.message, marked);
    absl::SleepFor(absl::Milliseconds(100));
  }
}

void Relay::Pause(Lane* lane, const absl::Status& result) {
  {
    absl::MutexLock lock(&mutex_);
    ++stats_.unreachable;
    const absl::Time now = absl::Now();
    if (now < lane->paused_until) return;  // others in flight failed with the same outage
    absl::Duration pause = options_.first_pause * (1 << std::min(lane->failures, 16));
    pause = std::min(pause, options_.max_pause);
    ++lane->failures;
    lane->paused_until = now + Jitter(pause);
  }
  Event("unreachable", nullptr, result);
}

absl::Status Relay::MarkFailed(Lane* lane, const Claimed& claimed, const absl::Status& result) {
  const Message& message = claimed.message;
  const absl::Time now = Now();
  const bool refused = !IsUnreachable(result);
  const int32_t refusals = claimed.refusals + (refused ? 1 : 0);
  const bool dead = refused && refusals >= options_.max_refusals;
  int64_t due_us = 0;
  {
    absl::MutexLock lock(&mutex_);
    if (dead) {
      due_us = kBlocked;
    } else if (refused) {
      const absl::Duration backoff = std::min(
          options_.first_backoff * static_cast<double>(int64_t{1} << std::min(refusals - 1, 30)),
          options_.max_backoff);
      due_us = absl::ToUnixMicros(now + Jitter(backoff));
    } else {
      // As soon as the lane opens again; in real time that is when the pause ends.
      due_us = absl::ToUnixMicros(now +
                                  std::max(lane->paused_until - absl::Now(), absl::ZeroDuration()));
    }
  }
  bool mine = false;
  absl::Status status = pool_.Run(absl::Now() + kDatabaseLimit, [&](db::Txn& txn) -> absl::Status {
    mine = txn.Exec(kFailed, dead ? 2 : 0, due_us, refusals, Shorten(result), message.id,
                    claimed.owner) == 1;
    if (mine && refused) {
      txn.Exec(kHoldBack, due_us, message.destination, message.aggregate_id, message.seq);
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  if (!mine) {
    Event("lease lost", &message, result);
    return absl::OkStatus();
  }
  {
    absl::MutexLock lock(&mutex_);
    stats_.refused += refused ? 1 : 0;
    stats_.died += dead ? 1 : 0;
  }
  if (dead) {
    Event("dead", &message, result);
  } else if (refused) {
    Event("refused", &message, result);
  }
  return absl::OkStatus();
}

// Waiting ----------------------------------------------------------------------------------------

void Relay::Remember(const std::string& message_id, Fate fate) {
  const auto [entry, is_new] = recent_.insert_or_assign(message_id, fate);
  if (!is_new) return;
  recent_order_.push_back(message_id);
  if (recent_order_.size() > kRemembered) {
    recent_.erase(recent_order_.front());
    recent_order_.pop_front();
  }
}

bool Relay::AnyPaused() const {
  absl::MutexLock lock(&mutex_);
  const absl::Time now = absl::Now();
  return std::any_of(lanes_.begin(), lanes_.end(),
                     [&](const auto& lane) { return now < lane->paused_until; });
}

absl::Status Relay::WaitDelivered(std::string_view message_id, absl::Time deadline) {
  const std::string id(message_id);
  int state = 0;
  std::string destination;
  const auto look = [&] {
    const absl::Time limit = std::max(deadline, absl::Now() + absl::Milliseconds(50));
    return pool_.Read(limit, [&](db::Txn& txn) -> absl::Status {
      const std::optional<db::Row> row = txn.QueryOne(kState, id);
      if (!row.has_value()) return absl::NotFoundError("no such message in the outbox");
      state = row->Get<int32_t>(0);
      destination = row->Get<std::string>(1);
      return absl::OkStatus();
    });
  };
  constexpr int kIsSent = static_cast<int>(DeliveryState::kSent);
  if (AnyPaused() && look().ok()) {
    if (state == kIsSent) return absl::OkStatus();
    absl::MutexLock lock(&mutex_);
    for (const std::unique_ptr<Lane>& lane : lanes_) {
      if (lane->destination == destination && absl::Now() < lane->paused_until) {
        return absl::UnavailableError("the peer is down; delivery follows");
      }
    }
  }
  {
    absl::MutexLock lock(&mutex_);
    bool late = false;
    while (true) {
      const auto known = recent_.find(id);
      if (known != recent_.end() && known->second == Fate::kSent) return absl::OkStatus();
      if (known != recent_.end()) {
        return absl::UnavailableError("the first attempt failed; delivery follows");
      }
      if (late || stopping_) break;
      late = fate_changed_.WaitWithDeadline(&mutex_, deadline);
    }
  }
  // Another replica may have sent it.
  if (look().ok() && state == kIsSent) return absl::OkStatus();
  return absl::DeadlineExceededError("not delivered yet; delivery follows");
}

RelayStats Relay::stats() const {
  absl::MutexLock lock(&mutex_);
  return stats_;
}

}  // namespace alliance::outbox
