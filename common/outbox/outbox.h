// Outbox: an event is a row, written in the same transaction as the change it tells of.
//
//   outbox::Enqueue(txn, {.destination = "review", .aggregate_id = case_id,
//                         .type = "ApplicationSubmitted", .payload = event.SerializeAsString(),
//                         .traceparent = trace});
//
// seq counts per destination and aggregate from 1 without gaps; the relay (relay.h) sends in that
// order and at least once, the receiver (inbox.h) applies each once.

#ifndef ALLIANCE_COMMON_OUTBOX_OUTBOX_H_
#define ALLIANCE_COMMON_OUTBOX_OUTBOX_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/db/pool.h"
#include "common/db/txn.h"

namespace alliance::outbox {

struct Message {
  std::string id;            // made by Enqueue when empty
  std::string destination;   // a peer service: "review"
  std::string aggregate_id;  // the order is kept per destination and aggregate
  int32_t seq = 0;           // set by Enqueue
  std::string type;
  std::string payload;
  std::string traceparent;  // W3C, may be empty
};

// Adds the message and returns its id. One round trip. Two transactions that enqueue for the same
// aggregate at once: one is run again.
std::string Enqueue(db::Txn& txn, const Message& message);

enum class DeliveryState { kWaiting = 0, kSent = 1, kDead = 2 };

// Messages that were given up: the operator's list.
struct DeadMessage {
  Message message;
  int32_t attempts = 0;
  std::string last_error;
  absl::Time created;
  int64_t blocked = 0;  // later messages of the aggregate that wait behind it
};
std::vector<DeadMessage> ListDead(db::Txn& txn, int limit = 100);

// Puts a dead message, and what waits behind it, back in line. False if it is not dead. Nudge the
// relay afterwards.
bool Requeue(db::Txn& txn, std::string_view message_id);

// For metrics, one round trip.
struct Backlog {
  int64_t waiting = 0;
  int64_t dead = 0;
  absl::Duration oldest_unsent;  // zero when nothing waits; dead messages count
};
Backlog ReadBacklog(db::Txn& txn, absl::Time now);

// Deletes sent messages older than `keep`, 500 per transaction. The newest of each aggregate stays
// without its payload: its seq is the counter. The number deleted.
absl::StatusOr<int64_t> Cleanup(db::Pool& pool, absl::Time now, absl::Duration keep,
                                absl::Time deadline);

}  // namespace alliance::outbox

#endif  // ALLIANCE_COMMON_OUTBOX_OUTBOX_H_
