// The statements of the relay, in one place for it and for the test of their plans.

#ifndef ALLIANCE_COMMON_OUTBOX_RELAY_SQL_H_
#define ALLIANCE_COMMON_OUTBOX_RELAY_SQL_H_

#include <cstddef>

#include "common/db/txn.h"

namespace alliance::outbox {

// Heads only: the message before it, if it is still there, has been sent. That never changes back,
// so what was a head when it was read is one when it is claimed.
//
// A join and two indexes by name: with a long backlog the optimiser would rather gather every
// message that is not sent first than stop after the few that are wanted, half a second for each
// look.
inline constexpr db::Sql kDue = {
    "outbox.due",
    "SELECT o.id, o.aggregate_id, o.seq, o.type, o.payload, o.traceparent, o.refusals "
    "FROM outbox o FORCE INDEX (outbox_poll) LEFT JOIN outbox p FORCE INDEX (outbox_order) "
    "ON p.destination=o.destination AND p.aggregate_id=o.aggregate_id AND p.seq=o.seq-1 "
    "AND p.status<>1 WHERE o.status=0 AND o.destination=? AND o.due_us<=? AND p.id IS NULL "
    "ORDER BY o.due_us, o.id LIMIT ?"};

// Claims and marks go by the chunk, one statement for up to sixteen rows. By the primary key
// whatever the optimiser thinks: along outbox_poll it would walk, and lock, the whole backlog for
// each.
inline constexpr size_t kRelayChunk = 16;
#define ALLIANCE_OUTBOX_CHUNK "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
inline constexpr db::Sql kClaim = {
    "outbox.claim",
    "UPDATE outbox FORCE INDEX (PRIMARY) SET due_us=?, lease_owner=?, "
    "attempts=attempts+1 WHERE status=0 AND due_us<=? "
    "AND id IN " ALLIANCE_OUTBOX_CHUNK};
// Which of them are ours, when another relay was quicker with some.
inline constexpr db::Sql kClaimedBy = {"outbox.claimed_by",
                                       "SELECT id FROM outbox FORCE INDEX (PRIMARY) "
                                       "WHERE lease_owner=? AND id IN " ALLIANCE_OUTBOX_CHUNK};
// Whoever holds the lease by now: the peer has them.
inline constexpr db::Sql kSent = {"outbox.sent",
                                  "UPDATE outbox FORCE INDEX (PRIMARY) SET status=1, sent_us=?, "
                                  "lease_owner='', last_error='' WHERE status=0 "
                                  "AND id IN " ALLIANCE_OUTBOX_CHUNK};
#undef ALLIANCE_OUTBOX_CHUNK
inline constexpr db::Sql kFailed = {
    "outbox.failed",
    "UPDATE outbox SET status=?, due_us=?, refusals=?, last_error=?, lease_owner='' "
    "WHERE id=? AND status=0 AND lease_owner=?"};
// What waits behind a head that pauses need not be looked at before it.
inline constexpr db::Sql kHoldBack = {
    "outbox.hold_back",
    "UPDATE outbox SET due_us=? WHERE destination=? AND aggregate_id=? AND seq>? AND status=0"};
inline constexpr db::Sql kGiveBack = {
    "outbox.give_back",
    "UPDATE outbox SET due_us=0, lease_owner='', attempts=attempts-1 "
    "WHERE id=? AND status=0 AND lease_owner=?"};
inline constexpr db::Sql kState = {"outbox.state",
                                   "SELECT status, destination FROM outbox WHERE id=?"};

}  // namespace alliance::outbox

#endif  // ALLIANCE_COMMON_OUTBOX_RELAY_SQL_H_
