#include "common/db/idempotency.h"

#include "absl/time/clock.h"
#include "common/db/error.h"

namespace alliance::db {
namespace {

constexpr Sql kFind = {"db.idempotency_find",
                       "SELECT method, request_sha256, answer FROM idempotency "
                       "WHERE caller=? AND request_id=?"};

constexpr Sql kIsThere = {"db.idempotency_is_there",
                          "SELECT 1 FROM idempotency WHERE caller=? AND request_id=?"};

constexpr Sql kInsert = {"db.idempotency_insert",
                         "INSERT INTO idempotency "
                         "(caller, request_id, method, request_sha256, answer, created_us) "
                         "VALUES (?, ?, ?, ?, ?, ?)"};

}  // namespace

absl::StatusOr<std::optional<std::string>> Replay(Txn& txn, const RequestKey& key) {
  const std::optional<Row> row = txn.QueryOne(kFind, key.caller, key.request_id);
  if (!row.has_value()) {
    txn.AskBeforeFailing([caller = key.caller, id = key.request_id](Txn& later) {
      return later.QueryOne(kIsThere, caller, id).has_value();
    });
    return std::nullopt;
  }
  if (row->Get<std::string>(0) != key.method || row->Get<std::string>(1) != key.request_sha256) {
    return MakeStatus(ErrorWord::kRequestIdReused,
                      "the request id came before with another method or body");
  }
  return row->Get<std::string>(2);
}

void Record(Txn& txn, const RequestKey& key, std::string_view answer) {
  const bool first = txn.InsertIfAbsent(kInsert, key.caller, key.request_id, key.method,
                                        key.request_sha256, answer, absl::Now());
  if (!first) txn.RetryWhole("the same request was answered meanwhile");
}

}  // namespace alliance::db
