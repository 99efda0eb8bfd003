// What can go wrong with the database, as absl::Status with one stable word.
//
// The word travels in the status payload `db/error`; common/rpc maps it to the wire in one place.
// The message is for the log: it names the statement and may quote the server, so it must never be
// shown to a caller.
//
//   word                      code                 meaning
//   DATABASE_UNAVAILABLE      UNAVAILABLE          no connection, or it broke before COMMIT was
//   sent: nothing was done OUTCOME_UNKNOWN           UNAVAILABLE          the connection broke
//   during COMMIT: it may or may not be done DEADLINE                  DEADLINE_EXCEEDED    no free
//   connection, or a statement ran, past the deadline: nothing was done DUPLICATE ALREADY_EXISTS a
//   unique key exists already CONFLICT_RETRY_EXHAUSTED  ABORTED              deadlock or lock wait
//   in every attempt: nothing was done CONSTRAINT                FAILED_PRECONDITION  CHECK,
//   foreign key, NOT NULL, length or range: a bug of the caller DENIED                    INTERNAL
//   a right is missing in grants.sql REQUEST_ID_REUSED         INVALID_ARGUMENT     the request id
//   came before with another body (idempotency.h) OUT_OF_ORDER              ABORTED              an
//   event overtook another (outbox/inbox.h) INTERNAL                  INTERNAL             anything
//   else

#ifndef ALLIANCE_COMMON_DB_ERROR_H_
#define ALLIANCE_COMMON_DB_ERROR_H_

#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"

namespace alliance::db {

inline constexpr std::string_view kErrorPayload = "db/error";

enum class ErrorWord {
  kDatabaseUnavailable,
  kOutcomeUnknown,
  kDeadline,
  kDuplicate,
  kConflictRetryExhausted,
  kConstraint,
  kDenied,
  kRequestIdReused,
  kOutOfOrder,
  kInternal,
};

// "DATABASE_UNAVAILABLE", …
std::string_view Name(ErrorWord word);

// A status with the word's code and payload.
absl::Status MakeStatus(ErrorWord word, std::string_view message);

// The word of a status made here; empty for any other status.
std::string ErrorWordOf(const absl::Status& status);
bool Is(const absl::Status& status, ErrorWord word);

// Thrown by Txn's statements and caught by Pool alone; it exists only inside a transaction body. A
// body never catches it: after most of these the transaction is gone.
class Error : public std::exception {
 public:
  enum class Kind {
    kDuplicate,  // 1062
    kRetry,      // deadlock, lock wait, lost race: rerun the whole transaction
    kLost,       // the connection is unusable
    kDeadline,
    kConstraint,
    kDenied,
    kReprepare,  // the prepared statement is stale; handled inside Txn
    kInternal,
  };

  // `code` is the server's or client library's error number, 0 for our own.
  Error(Kind kind, int code, std::string message)
      : kind_(kind), code_(code), message_(std::move(message)) {}

  Kind kind() const { return kind_; }
  int code() const { return code_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  Kind kind_;
  int code_;
  std::string message_;
};

}  // namespace alliance::db

#endif  // ALLIANCE_COMMON_DB_ERROR_H_
