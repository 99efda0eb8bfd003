// Relay: sends what the outbox holds, in order per aggregate, many aggregates at once.
//
// Claims. Only the head of an aggregate may be sent: its first message that is not sent yet. A
// relay claims a head by one UPDATE that sets `due_us` to the end of its lease and `lease_owner` to
// a name used once, and commits it before sending. Whoever holds the head holds the aggregate, so
// there is no need for a partition table, and a message committed here is sent from here at once,
// whichever replica it is. A relay that slept through its lease sends a duplicate, which the
// receiver's inbox drops, and its mark misses, for the row then carries another owner's name.
//
// Failures. The peer cannot be reached or is too slow (UNAVAILABLE, DEADLINE_EXCEEDED,
// RESOURCE_EXHAUSTED, CANCELLED): its lane pauses, 0.2 to 10 s, and one message probes it; this can
// last for days and no message dies of it. The peer refuses (any other code): that aggregate backs
// off, 1 s to 10 min with jitter, and after 20 refusals its head is DEAD; what waits behind it
// stays, other aggregates go on, Backlog.dead tells the operator, Requeue puts it back.
//
// The fast path: Nudge() after commit wakes the claimer; polling every second is only the fallback.

#ifndef ALLIANCE_COMMON_OUTBOX_RELAY_H_
#define ALLIANCE_COMMON_OUTBOX_RELAY_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/db/pool.h"
#include "common/outbox/outbox.h"

namespace alliance::outbox {

// Delivers one message to message.destination. OK = the peer has it committed (or had it before).
// Called from several threads, never for two messages of one aggregate at once.
using Sender = std::function<absl::Status(const Message& message, absl::Time deadline)>;

struct RelayOptions {
  std::vector<std::string> destinations;  // the peers this service sends to
  int senders_per_destination = 8;
  // On their way or next, so that no sender idles; and while `crowded` says that callers wait: they
  // go first. What they filed is safe in the outbox, and the rest of it follows when they are
  // served.
  int claims_per_destination = 32;
  int claims_when_crowded = 2;
  std::function<bool()> crowded;
  absl::Duration poll = absl::Seconds(1);
  absl::Duration send_timeout = absl::Seconds(5);
  absl::Duration lease = absl::Seconds(15);  // longer than send_timeout
  absl::Duration first_backoff = absl::Seconds(1);
  absl::Duration max_backoff = absl::Minutes(10);
  int max_refusals = 20;
  absl::Duration first_pause = absl::Milliseconds(200);
  absl::Duration max_pause = absl::Seconds(10);
  absl::Duration keep_sent = absl::Hours(24 * 14);
  absl::Duration backlog_every = absl::Seconds(10);
  absl::Duration cleanup_every = absl::Hours(1);
  // The system's clock; must outlive the relay. Operational time, never the legal clock.
  const base::Clock* clock = nullptr;
  // For the log: every refusal, death, pause and database failure. Called from the relay's threads.
  std::function<void(std::string_view event, const Message* message, const absl::Status&)> on_event;
};

struct RelayStats {
  Backlog backlog;  // as of the last look, every backlog_every
  int64_t sent = 0;
  int64_t refused = 0;
  int64_t unreachable = 0;
  int64_t died = 0;
  int in_flight = 0;
};

class Relay {
 public:
  Relay(db::Pool& pool, Sender sender, RelayOptions options);
  ~Relay();  // stops

  void Start();

  // No new claims; what is being sent is finished (at most send_timeout), what was only claimed is
  // given back at once.
  void Stop();

  // Something was committed for this peer; without one, for any. Cheap, never blocks.
  void Nudge(std::string_view destination = "");

  // Waits until the peer has the message: "read your own write". DEADLINE_EXCEEDED when it has not
  // by then, UNAVAILABLE at once when its peer is known to be down or has refused it; delivery
  // follows all the same, so the caller answers success. Call Nudge() first.
  absl::Status WaitDelivered(std::string_view message_id, absl::Time deadline);

  RelayStats stats() const;

 private:
  struct Lane;
  struct Claimed;

  // What became of a message here, for WaitDelivered.
  enum class Fate { kSent, kFailed };

  void ClaimLoop();
  void SendLoop(Lane* lane);
  // Marks what one destination has got and claims for it what its free senders can take. A full
  // claim means that more may be waiting.
  absl::Status ClaimFor(Lane* lane);
  static std::vector<Claimed> FindDue(db::Txn& txn, const Lane& lane, absl::Time now, int limit);
  void Deliver(Lane* lane, const Claimed& claimed);
  absl::Status MarkFailed(Lane* lane, const Claimed& claimed, const absl::Status& result);
  void Pause(Lane* lane, const absl::Status& result);
  void GiveBack(const std::vector<Claimed>& claimed, const std::vector<std::string>& sent);
  void Housekeeping();
  void Remember(const std::string& message_id, Fate fate) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool AnyPaused() const;
  void Event(std::string_view event, const Message* message, const absl::Status& status) const;
  absl::Time Now() const;

  db::Pool& pool_;
  const Sender sender_;
  const RelayOptions options_;
  const std::string name_;  // of this relay, random: part of every lease's owner

  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t claims_ ABSL_GUARDED_BY(mutex_) = 0;
  RelayStats stats_ ABSL_GUARDED_BY(mutex_);
  // The latest messages that were tried here, for a WaitDelivered that comes after the fact.
  absl::flat_hash_map<std::string, Fate> recent_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::string> recent_order_ ABSL_GUARDED_BY(mutex_);
  absl::CondVar fate_changed_;
  absl::CondVar work_changed_;                // for the claimer
  std::vector<std::unique_ptr<Lane>> lanes_;  // one per destination; the list never changes
  std::vector<std::thread> threads_;
  absl::Time next_backlog_;  // of the claimer's thread alone
  absl::Time next_cleanup_;
};

}  // namespace alliance::outbox

#endif  // ALLIANCE_COMMON_OUTBOX_RELAY_H_
