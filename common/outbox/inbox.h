// Inbox: the receiver's half of "each event once, in order".
//
//   ASSIGN_OR_RETURN(bool fresh, outbox::Accept(txn, "filing", event.aggregate_id, event.seq));
//   if (!fresh) return absl::OkStatus();   // a duplicate: answer OK, change nothing
//   …the effect, in the same transaction…

#ifndef ALLIANCE_COMMON_OUTBOX_INBOX_H_
#define ALLIANCE_COMMON_OUTBOX_INBOX_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/db/txn.h"

namespace alliance::outbox {

// True: the next one, apply it. False: seen before. OUT_OF_ORDER: one before it has not come yet;
// answer the error and the sender comes again. Two deliveries at once: the second waits for the
// first's commit and then is a duplicate.
absl::StatusOr<bool> Accept(db::Txn& txn, std::string_view source, std::string_view aggregate_id,
                            int32_t seq);

}  // namespace alliance::outbox

#endif  // ALLIANCE_COMMON_OUTBOX_INBOX_H_
