#include "common/db/error.h"

#include <array>
#include <cstddef>
#include <optional>

#include "absl/strings/cord.h"
#include "common/base/str.h"

namespace alliance::db {
namespace {

struct WordRow {
  ErrorWord word;
  std::string_view name;
  absl::StatusCode code;
};

constexpr std::array kWords = std::to_array<WordRow>({
    {ErrorWord::kDatabaseUnavailable, "DATABASE_UNAVAILABLE", absl::StatusCode::kUnavailable},
    {ErrorWord::kOutcomeUnknown, "OUTCOME_UNKNOWN", absl::StatusCode::kUnavailable},
    {ErrorWord::kDeadline, "DEADLINE", absl::StatusCode::kDeadlineExceeded},
    {ErrorWord::kDuplicate, "DUPLICATE", absl::StatusCode::kAlreadyExists},
    {ErrorWord::kConflictRetryExhausted, "CONFLICT_RETRY_EXHAUSTED", absl::StatusCode::kAborted},
    {ErrorWord::kConstraint, "CONSTRAINT", absl::StatusCode::kFailedPrecondition},
    {ErrorWord::kDenied, "DENIED", absl::StatusCode::kInternal},
    {ErrorWord::kRequestIdReused, "REQUEST_ID_REUSED", absl::StatusCode::kInvalidArgument},
    {ErrorWord::kOutOfOrder, "OUT_OF_ORDER", absl::StatusCode::kAborted},
    {ErrorWord::kInternal, "INTERNAL", absl::StatusCode::kInternal},
});

constexpr bool InOrder() {
  for (size_t i = 0; i < kWords.size(); ++i) {
    if (kWords[i].word != static_cast<ErrorWord>(i)) return false;
  }
  return kWords.size() == static_cast<size_t>(ErrorWord::kInternal) + 1;
}
static_assert(InOrder());

const WordRow& RowOf(ErrorWord word) { return kWords[static_cast<size_t>(word)]; }

}  // namespace

std::string_view Name(ErrorWord word) { return RowOf(word).name; }

absl::Status MakeStatus(ErrorWord word, std::string_view message) {
  absl::Status status(RowOf(word).code, base::Absl(message));
  status.SetPayload(base::Absl(kErrorPayload), absl::Cord(base::Absl(Name(word))));
  return status;
}

std::string ErrorWordOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(base::Absl(kErrorPayload));
  return payload.has_value() ? std::string(*payload) : "";
}

bool Is(const absl::Status& status, ErrorWord word) { return ErrorWordOf(status) == Name(word); }

}  // namespace alliance::db
