// One request id, one effect, one answer (docs/decisions/0009-request-ids.md).
//
//   pool.Run(deadline, [&](db::Txn& txn) -> absl::Status {
//     ASSIGN_OR_RETURN(std::optional<std::string> before, db::Replay(txn, key));
//     if (before) { answer = *before; return absl::OkStatus(); }
//     …the effect…
//     db::Record(txn, key, answer);
//     return absl::OkStatus();
//   });
//
// Two of the same at once: the loser's Record (or its refusal, if the winner's change is what it
// ran into) undoes its transaction, Pool::Run runs the body again, and Replay gives the winner's
// answer. A connection lost during COMMIT: Pool::Run looks the key up; if it is there the body runs
// again and replays, if not the caller hears OUTCOME_UNKNOWN and may safely repeat the request.

#ifndef ALLIANCE_COMMON_DB_IDEMPOTENCY_H_
#define ALLIANCE_COMMON_DB_IDEMPOTENCY_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/db/txn.h"

namespace alliance::db {

// Who asked for what. The same id from two callers is two requests.
struct RequestKey {
  std::string caller;          // at most 80 characters, ASCII
  std::string request_id;      // a UUID
  std::string method;          // "alliance.filing.v1.FilingService/SubmitApplication"
  std::string request_sha256;  // 32 bytes: the digest of the request without transport fields
};

// The first answer to this request; nothing if it is new. The id with another method or digest is
// REQUEST_ID_REUSED.
absl::StatusOr<std::optional<std::string>> Replay(Txn& txn, const RequestKey& key);

// Keeps the answer, in the same transaction as the effect.
void Record(Txn& txn, const RequestKey& key, std::string_view answer);

}  // namespace alliance::db

#endif  // ALLIANCE_COMMON_DB_IDEMPOTENCY_H_
