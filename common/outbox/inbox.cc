#include "common/outbox/inbox.h"

#include <optional>

#include "common/base/str.h"
#include "common/db/error.h"

namespace alliance::outbox {
namespace {

constexpr db::Sql kFirst = {"inbox.first",
                            "INSERT INTO inbox (source, aggregate_id, last_seq) VALUES (?, ?, 1)"};
constexpr db::Sql kNext = {"inbox.next",
                           "UPDATE inbox SET last_seq=last_seq+1 "
                           "WHERE source=? AND aggregate_id=? AND last_seq=?"};
constexpr db::Sql kLast = {"inbox.last",
                           "SELECT last_seq FROM inbox WHERE source=? AND aggregate_id=?"};

}  // namespace

absl::StatusOr<bool> Accept(db::Txn& txn, std::string_view source, std::string_view aggregate_id,
                            int32_t seq) {
  if (seq < 1) {
    return db::MakeStatus(db::ErrorWord::kOutOfOrder, base::StrCat("seq ", seq, " of an event"));
  }
  // Both statements wait for a delivery of the same event that is still under way.
  const bool next = seq == 1 ? txn.InsertIfAbsent(kFirst, source, aggregate_id)
                             : txn.Exec(kNext, source, aggregate_id, seq - 1) == 1;
  if (next) return true;
  const std::optional<db::Row> row = txn.QueryOne(kLast, source, aggregate_id);
  const int32_t last = row.has_value() ? row->Get<int32_t>(0) : 0;
  if (seq <= last) return false;
  return db::MakeStatus(db::ErrorWord::kOutOfOrder,
                        base::StrCat("event ", seq, " from ", source, " came after ", last));
}

}  // namespace alliance::outbox
