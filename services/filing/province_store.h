// The provincial stage: draws, surveys, opinions and collective decisions, all insert-only.

#ifndef ALLIANCE_SERVICES_FILING_PROVINCE_STORE_H_
#define ALLIANCE_SERVICES_FILING_PROVINCE_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/audit/history.h"
#include "common/db/txn.h"

namespace alliance::filing {

// A round's survey draw. `seed` is secret until there is a result.
struct DrawRow {
  std::string round_id;
  std::string seed;         // 64 hexadecimal characters
  std::string seed_digest;  // 32 bytes
  bool closed = false;      // there is a result
  std::string list;         // application names, a line each
  std::string list_digest;  // 32 bytes
  std::string drawn;        // likewise
};

// Nothing when the round has no commitment.
std::optional<DrawRow> FindDraw(db::Txn& txn, std::string_view round_id);
// True once the round's list is closed. It stays true, so a plain read may decide.
bool DrawIsClosed(db::Txn& txn, std::string_view round_id);
// Nothing when there is one already.
std::optional<audit::SealedRow> InsertCommitment(db::Txn& txn, const DrawRow& draw, absl::Time now);
std::optional<audit::SealedRow> InsertDrawResult(db::Txn& txn, const DrawRow& draw, absl::Time now);

// What a survey visit found, or the division's opinion: a text with a serialised document.
struct StatementRow {
  std::string id;
  std::string application_id;
  std::string text;
  std::string document;
};
audit::SealedRow InsertSurvey(db::Txn& txn, const StatementRow& row, absl::Time now);
audit::SealedRow InsertOpinion(db::Txn& txn, const StatementRow& row, absl::Time now);

struct DecisionRow {
  std::string id;
  std::string round_id;
  std::string meeting_number;
  std::string meeting_day;
  std::string minutes;      // serialised document
  std::string list_digest;  // 32 bytes
};
struct DecisionLine {
  std::string application_id;
  int32_t version_number = 0;
  std::string version_digest;  // 32 bytes
  std::string verdict;
  std::string reason;
};
audit::SealedRow InsertDecision(db::Txn& txn, const DecisionRow& row, absl::Time now);
std::vector<audit::SealedRow> InsertDecisionLines(db::Txn& txn, std::string_view decision_id,
                                                  const std::vector<DecisionLine>& lines);

// `count` registry numbers in a row: the first of them. The counter row stays locked until the end
// of the transaction, so numbers are given without gaps.
struct NumberRange {
  int32_t first = 0;
  audit::SealedRow sealed;
};
NumberRange TakeNumbers(db::Txn& txn, std::string_view prefix, int32_t count);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_PROVINCE_STORE_H_
