// The history of a case is its audit trail: one insert-only row per act, chained
// (docs/decisions/0012-audit-chain.md).
//
//   audit::Head head = audit::Append(txn, {.case_id = id, .at = clock.Now(), .actor =
//   caller.subject, …,
//       .action = "submit", .from_state = "DRAFT", .to_state = "SUBMITTED", .trace_id = trace,
//       .sealed = {audit::Seal("application", id, {{"state", "SUBMITTED"}, {"version", 4}})}});
//
// Append in the same transaction as the change, after the case's row was taken by its version: that
// row keeps two writers apart, and PRIMARY KEY (case_id, seq) forbids a fork even without it (the
// loser's transaction is run again).
//
// hash = SHA-256 over a tag, prev_hash and every field with its length before it. A protected row
// of another table is sealed: its columns as written are digested into the history row, and
// `alliancectl audit verify` rebuilds the digest from the table. The latest seal of a row counts,
// so every later change of a sealed column is sealed again. Seal every row of a table or none: a
// row without a seal in a sealed table is reported as inserted by hand. A row is sealed by one case
// only.

#ifndef ALLIANCE_COMMON_AUDIT_HISTORY_H_
#define ALLIANCE_COMMON_AUDIT_HISTORY_H_

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/db/txn.h"

namespace alliance::audit {

// The digest of a row's columns as they were written, or that the row was lawfully removed.
struct SealedRow {
  std::string table;
  std::string id;
  std::vector<std::string> columns;
  std::string digest;  // 32 bytes; empty = the row was removed
};

// A column's name and the value that was written to it.
using SealedColumn = std::pair<std::string_view, db::Param>;

// `table` has a single-column primary key `id`: visible ASCII without " and \, at most 200. Names
// of tables and columns are [a-z0-9_]+. Anything else throws. Values are what a SELECT gives back:
// text without trailing blanks in CHAR columns, a full-length value in BINARY ones, no floating
// point.
SealedRow Seal(std::string_view table, std::string_view id,
               std::initializer_list<SealedColumn> columns);
SealedRow Seal(std::string_view table, std::string_view id, absl::Span<const SealedColumn> columns);

// The row was deleted on purpose in this transaction.
SealedRow SealRemoved(std::string_view table, std::string_view id);

// One act on one case. Empty text is stored as ''; actor, role, action and trace_id may not be
// empty.
struct Act {
  std::string case_id;
  absl::Time at;      // the legal clock's
  std::string actor;  // the person's or job's id; never "system" (docs/threats.md B3-R1)
  std::string role;   // as it was then
  std::string region;
  std::string organisation;
  std::string action;
  std::string from_state;
  std::string to_state;  // equal to from_state for an edit
  std::string reason;
  std::optional<std::string> paper_digest;  // 32 bytes: the formal letter, minutes, …
  std::optional<std::string> rules_digest;  // 32 bytes: the rule pack that decided
  std::string trace_id;
  std::vector<SealedRow> sealed;
};

// The last row of a case's chain.
struct Head {
  int32_t seq = 0;   // 0: the case has no history yet
  std::string hash;  // 32 bytes; for seq 0 all zero
};

// Inserts the next row and returns the new head. `known` saves the read of the present head when
// the caller has it already (from a row it holds, or an earlier Append of the same transaction).
Head Append(db::Txn& txn, const Act& act, const Head* known = nullptr);

// The present head of a case.
Head ReadHead(db::Txn& txn, std::string_view case_id);

// A stored history row, for timelines and for the verifier.
struct HistoryRow {
  Act act;             // without `sealed`
  std::string sealed;  // as stored: one line per sealed row
  int32_t seq = 0;
  std::string prev_hash;
  std::string hash;
};

// The rows of one case in order, those after `after_seq`, at most `limit`.
std::vector<HistoryRow> ReadHistory(db::Txn& txn, std::string_view case_id, int32_t after_seq = 0,
                                    int limit = 1000);

// What a timeline shows of one case, its last `limit` acts in order: of each the instant, the
// person, his role, the action, the states and the reason; and the row's own seq and hash. The rest
// is empty.
std::vector<HistoryRow> ReadTimeline(db::Txn& txn, std::string_view case_id, int limit = 1000);

// What those did who acted for `region`, in the order of (at, case_id, seq), from `from` on and
// before `until`; those after the given one. Without `sealed`.
struct RegionPage {
  absl::Time from;
  absl::Time until;
  absl::Time after_at = absl::InfinitePast();
  std::string after_case;
  int32_t after_seq = 0;
  int limit = 50;
};
std::vector<HistoryRow> ReadActsOfRegion(db::Txn& txn, std::string_view region,
                                         const RegionPage& page);

// The rows of all cases in the order of (case_id, seq), those after the given one.
std::vector<HistoryRow> ReadHistoryPage(db::Txn& txn, std::string_view after_case,
                                        int32_t after_seq, int limit);

// What `hash` must be.
std::string HashOf(const HistoryRow& row);

// The stored form of seals and back; nothing when the text was not written by FormatSeals.
std::string FormatSeals(const std::vector<SealedRow>& seals);
std::optional<std::vector<SealedRow>> ParseSeals(std::string_view text);

// The digest that Seal makes; nullopt is NULL.
std::string SealDigest(std::string_view table, std::string_view id,
                       absl::Span<const std::string> columns,
                       absl::Span<const std::optional<std::string>> values);

}  // namespace alliance::audit

#endif  // ALLIANCE_COMMON_AUDIT_HISTORY_H_
