// The cases of review, their locked versions and what was decided about them: rows and SQL.
//
// A case is taken with LockCase or LockCases and written back over exactly the version that was
// read: SaveCases answers false when another was faster. Every query carries its scope (scope.h);
// what is written is a row that was read in scope.

#ifndef ALLIANCE_SERVICES_REVIEW_REVIEW_STORE_H_
#define ALLIANCE_SERVICES_REVIEW_REVIEW_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/audit/history.h"
#include "common/db/txn.h"
#include "common/domain/eligibility.h"
#include "common/domain/state.h"
#include "services/review/scope.h"

namespace alliance::rules {
class Pack;
}  // namespace alliance::rules

namespace alliance::review {

struct CaseRow {
  std::string id;  // the application's
  std::string round_id;
  std::string region;         // where it was filed: a city, or a zone or district in it
  std::string parent_region;  // the city above, which reads; empty for cities
  std::string office;         // who has it now: the region, or its city once it was forwarded
  std::string lead_code;
  std::string lead_name;
  std::string alliance_name;
  int32_t technical_field = 0;
  std::string high_tech_zone;
  domain::State state = domain::State::kSubmitted;
  std::string reviewer;  // who claimed it; empty: nobody holds it
  int64_t version = 1;   // the etag
  int32_t handoff_seq = 0;
  int32_t version_number = 0;
  std::string version_digest;  // 32 bytes
  int64_t declared_rd_fen = 0;
  int64_t verified_rd_fen = 0;  // 0: not recorded
  std::string verified_rd_evidence;
  int32_t override_count = 0;  // problems of the version that need an override
  std::string override_reason;
  std::string conditions;  // present verdicts, as convert.h writes them
  std::string marks;       // of the last return, likewise
  std::string notice_batch;
  std::optional<absl::Time> notice_opens;
  std::optional<absl::Time> notice_closes;
  int32_t objection_count = 0;
  std::string recommendation;
  std::string forwarding;                // the last one to the city; empty: none
  std::optional<absl::Time> review_due;  // exclusive; nothing: no time runs
  int32_t review_days_left = 0;          // working days, while the applicant corrects
  std::optional<absl::Time> escalate;    // when the clock last told that it was overdue; not sealed
  absl::Time receive;
  absl::Time update;

  // In memory only: the state in the table, nothing when it is not there yet; and the rules that
  // decide about it while they are not the round's present ones.
  std::optional<domain::State> stored;
  const rules::Pack* rules = nullptr;
};

std::optional<CaseRow> FindCase(db::Txn& txn, std::string_view id, const Scope& scope);
std::optional<CaseRow> LockCase(db::Txn& txn, std::string_view id, const Scope& scope);
// By id, in its order; those out of scope are missing.
std::vector<CaseRow> LockCases(db::Txn& txn, std::vector<std::string> ids, const Scope& scope);

struct ListFilter {
  std::string reviewer;                  // empty: anybody's
  std::optional<absl::Time> overdue_at;  // overdue at that instant; nothing: overdue or not
  int32_t technical_field = 0;           // 0: any
  std::string text;                      // in the name of the alliance or of its lead
};
struct ListPage {
  std::vector<domain::State> states;  // empty: all; at most two
  absl::Time after_receive = absl::UnixEpoch();
  std::string after_id;
  int limit = 50;
};
// Oldest receipt first.
std::vector<CaseRow> ListCases(db::Txn& txn, const ListFilter& filter, const ListPage& page,
                               const Scope& scope);
struct StateCount {
  domain::State state;
  int32_t count;
};
std::vector<StateCount> CountCases(db::Txn& txn, const ListFilter& filter, const Scope& scope);

// Cases of one notice batch, locked, by id.
std::vector<CaseRow> LockCasesOfBatch(db::Txn& txn, std::string_view batch_id, const Scope& scope);
// Cases on notice whose period is over, the longest over first, not locked.
struct DueCase {
  std::string id;
  std::string round_id;
};
std::vector<DueCase> ListCasesDue(db::Txn& txn, absl::Time now, const Scope& scope);
// Those of `ids` that are so, locked; what somebody else holds is passed over.
std::vector<CaseRow> LockCasesDue(db::Txn& txn, std::vector<std::string> ids, absl::Time now,
                                  const Scope& scope);
// Cases of a round that review holds, by id: locked, or just read.
std::vector<CaseRow> LockCasesOfRound(db::Txn& txn, std::string_view round_id, const Scope& scope);
std::vector<CaseRow> ListCasesOfRound(db::Txn& txn, std::string_view round_id, const Scope& scope);
// Cases whose time limit is over and that the clock has not told of, locked; those that somebody
// else holds are passed over.
std::vector<CaseRow> LockOverdueCases(db::Txn& txn, absl::Time now, int limit, const Scope& scope);
// That the clock has told of it. Neither the version nor the seal changes: nobody's etag grows
// stale by it, and the history says so anyway.
void SaveEscalated(db::Txn& txn, std::string_view case_id, absl::Time now);

void InsertCase(db::Txn& txn, const CaseRow& row);
// Writes every sealed column of each over its version and counts that up. False: another was faster
// with one.
bool SaveCases(db::Txn& txn, absl::Span<CaseRow> rows);
audit::SealedRow SealCase(const CaseRow& row);

struct VersionRow {
  std::string case_id;
  int32_t number = 0;
  std::string digest;  // 32 bytes
  std::string bytes;
  absl::Time receive;
};
audit::SealedRow InsertVersion(db::Txn& txn, const VersionRow& row);
// The bytes of one version; nothing if it is not there.
std::optional<std::string> FindVersion(db::Txn& txn, std::string_view case_id, int32_t number,
                                       const Scope& scope);

// Who decided, when, about which version.
struct DecidedBy {
  std::string case_id;
  int32_t version_number = 0;
  std::string account;
  absl::Time at;
};
std::vector<audit::SealedRow> InsertConditionDecisions(
    db::Txn& txn, const DecidedBy& by, const std::vector<domain::ConditionRecord>& records);
audit::SealedRow InsertRdDecision(db::Txn& txn, const DecidedBy& by, int64_t amount_fen,
                                  std::string_view evidence);

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_REVIEW_STORE_H_
