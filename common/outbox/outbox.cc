#include "common/outbox/outbox.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/db/error.h"

namespace alliance::outbox {
namespace {

// The next seq is taken in the INSERT itself. Two at once collide on (destination, aggregate, seq).
constexpr db::Sql kEnqueue = {"outbox.enqueue",
                              "INSERT INTO outbox (id, destination, aggregate_id, seq, type, "
                              "payload, traceparent, created_us) "
                              "SELECT ?, ?, ?, COALESCE(MAX(seq), 0) + 1, ?, ?, ?, ? FROM outbox "
                              "WHERE destination=? AND aggregate_id=?"};

constexpr db::Sql kDead = {
    "outbox.dead",
    "SELECT o.id, o.destination, o.aggregate_id, o.seq, o.type, o.payload, o.traceparent, "
    "o.attempts, o.last_error, o.created_us, "
    "(SELECT COUNT(*) FROM outbox b WHERE b.destination=o.destination "
    "AND b.aggregate_id=o.aggregate_id AND b.seq>o.seq) "
    "FROM outbox o WHERE o.status=2 ORDER BY o.created_us LIMIT ?"};

constexpr db::Sql kFindDead = {
    "outbox.find_dead", "SELECT destination, aggregate_id FROM outbox WHERE id=? AND status=2"};
constexpr db::Sql kRevive = {
    "outbox.revive",
    "UPDATE outbox SET status=0, due_us=0, refusals=0, lease_owner='' WHERE id=? AND status=2"};
constexpr db::Sql kUnblock = {
    "outbox.unblock",
    "UPDATE outbox SET due_us=0 WHERE destination=? AND aggregate_id=? AND status=0"};

constexpr db::Sql kBacklog = {"outbox.backlog",
                              "SELECT COUNT(*), COALESCE(SUM(status=2), 0), MIN(created_us) FROM "
                              "outbox WHERE status IN (0, 2)"};

constexpr db::Sql kOldSent = {
    "outbox.old_sent",
    "SELECT o.id FROM outbox o WHERE o.status=1 AND o.sent_us<? AND EXISTS (SELECT 1 FROM outbox n "
    "WHERE n.destination=o.destination AND n.aggregate_id=o.aggregate_id AND n.seq>o.seq) LIMIT ?"};
constexpr db::Sql kDelete = {"outbox.delete", "DELETE FROM outbox WHERE id=? AND status=1"};
constexpr db::Sql kEmpty = {
    "outbox.empty",
    "UPDATE outbox SET payload='' WHERE status=1 AND sent_us<? AND payload<>'' LIMIT ?"};

constexpr int kCleanupBatch = 500;

}  // namespace

std::string Enqueue(db::Txn& txn, const Message& message) {
  if (message.destination.empty() || message.aggregate_id.empty() || message.type.empty()) {
    throw db::Error(db::Error::Kind::kInternal, 0,
                    "outbox: a message without destination, aggregate or type");
  }
  std::string id = message.id.empty() ? base::NewUuid7() : message.id;
  const bool inserted = txn.InsertIfAbsent(kEnqueue, id, message.destination, message.aggregate_id,
                                           message.type, message.payload, message.traceparent,
                                           absl::Now(), message.destination, message.aggregate_id);
  if (!inserted) txn.RetryWhole("another event of the aggregate was written meanwhile");
  return id;
}

std::vector<DeadMessage> ListDead(db::Txn& txn, int limit) {
  std::vector<DeadMessage> dead;
  for (const db::Row& row : txn.Query(kDead, limit)) {
    DeadMessage entry;
    entry.message = {.id = row.Get<std::string>(0),
                     .destination = row.Get<std::string>(1),
                     .aggregate_id = row.Get<std::string>(2),
                     .seq = row.Get<int32_t>(3),
                     .type = row.Get<std::string>(4),
                     .payload = row.Get<std::string>(5),
                     .traceparent = row.Get<std::string>(6)};
    entry.attempts = row.Get<int32_t>(7);
    entry.last_error = row.Get<std::string>(8);
    entry.created = row.Get<absl::Time>(9);
    entry.blocked = row.Get<int64_t>(10);
    dead.push_back(std::move(entry));
  }
  return dead;
}

bool Requeue(db::Txn& txn, std::string_view message_id) {
  const std::optional<db::Row> dead = txn.QueryOne(kFindDead, message_id);
  if (!dead.has_value() || txn.Exec(kRevive, message_id) != 1) return false;
  txn.Exec(kUnblock, dead->Get<std::string>(0), dead->Get<std::string>(1));
  return true;
}

Backlog ReadBacklog(db::Txn& txn, absl::Time now) {
  const std::optional<db::Row> row = txn.QueryOne(kBacklog);
  Backlog backlog;
  backlog.dead = row->Get<int64_t>(1);
  backlog.waiting = row->Get<int64_t>(0) - backlog.dead;
  const auto oldest = row->Get<std::optional<absl::Time>>(2);
  if (oldest.has_value()) backlog.oldest_unsent = std::max(now - *oldest, absl::ZeroDuration());
  return backlog;
}

absl::StatusOr<int64_t> Cleanup(db::Pool& pool, absl::Time now, absl::Duration keep,
                                absl::Time deadline) {
  int64_t deleted = 0;
  std::vector<db::Row> old;
  do {
    RETURN_IF_ERROR(pool.Run(deadline, [&](db::Txn& txn) -> absl::Status {
      old = txn.Query(kOldSent, now - keep, kCleanupBatch);
      for (const db::Row& row : old) txn.Exec(kDelete, row.Get<std::string>(0));
      return absl::OkStatus();
    }));
    deleted += static_cast<int64_t>(old.size());
  } while (static_cast<int>(old.size()) == kCleanupBatch);
  int64_t emptied = 0;
  do {
    RETURN_IF_ERROR(pool.Run(deadline, [&](db::Txn& txn) -> absl::Status {
      emptied = txn.Exec(kEmpty, now - keep, kCleanupBatch);
      return absl::OkStatus();
    }));
  } while (emptied == kCleanupBatch);
  return deleted;
}

}  // namespace alliance::outbox
