// Notices and objections: rows and SQL.

#ifndef ALLIANCE_SERVICES_REVIEW_NOTICE_STORE_H_
#define ALLIANCE_SERVICES_REVIEW_NOTICE_STORE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/audit/history.h"
#include "common/db/txn.h"
#include "services/review/review_store.h"

namespace alliance::review {

// A document that an act rests on; its content is kept by digest.
struct DocumentRow {
  std::string number;
  std::string title;
  std::string issuer;
  std::string date;
  std::string sha256;  // 32 bytes
};

struct BatchRow {
  std::string id;
  std::string round_id;
  std::string region;
  bool open = true;
  int64_t version = 1;
  std::string start_date;
  std::string last_date;  // inclusive
  absl::Time opens;
  absl::Time closes;  // exclusive
  bool ends_after_deadline = false;
  std::string channel;
  std::string link;
  DocumentRow text;
  std::string reason;  // the answer to the planner's warning
  absl::Time create;
  std::optional<absl::Time> close;  // when it was closed
  bool again = false;               // repeats a notice after an objection was handled
};

// What of a case is public, frozen as it was put on notice.
struct NoticeLine {
  std::string batch_id;
  std::string case_id;
  int32_t version_number = 0;
  std::string version_digest;
  std::string alliance_name;
  std::string lead_name;
  int32_t technical_field = 0;
  std::string region;
  std::string high_tech_zone;
  std::string outcome;  // word of an Outcome; empty: none yet
};

audit::SealedRow InsertBatch(db::Txn& txn, const BatchRow& row);
std::optional<BatchRow> FindBatch(db::Txn& txn, std::string_view id, const Scope& scope);
std::optional<BatchRow> LockBatch(db::Txn& txn, std::string_view id, const Scope& scope);

// Notices that have begun by `now`, latest start first, with the number of their lines.
struct NoticeFilter {
  absl::Time now;
  std::optional<std::string> region;
  std::optional<bool> running;  // else past; nullopt: both
  absl::Time before_opens = absl::InfiniteFuture();
  std::string before_id;
  int limit = 50;
};
struct ListedBatch {
  BatchRow batch;
  int32_t lines = 0;
};
std::vector<ListedBatch> ListBatches(db::Txn& txn, const NoticeFilter& filter, const Scope& scope);
// Open batches whose period is over, locked; those that somebody else holds are passed over.
std::vector<BatchRow> LockBatchesDue(db::Txn& txn, absl::Time now, int limit, const Scope& scope);
// Sets it closed over its version. False: another was faster.
bool SaveClosed(db::Txn& txn, BatchRow& row, absl::Time at);
audit::SealedRow SealBatch(const BatchRow& row);

// One seal per line, in the order given.
std::vector<audit::SealedRow> InsertNoticeLines(db::Txn& txn, const std::vector<NoticeLine>& lines);
std::vector<NoticeLine> ListNoticeLines(db::Txn& txn, std::string_view batch_id,
                                        const Scope& scope);

// How a line ended.
enum class Outcome { kNoObjection, kRenoticed, kNoObjectionAfterRenotice, kUpheld };
std::string_view WordOf(Outcome outcome);

// The present notices of `cases` ended at `at` with nothing left open: which outcome that is
// depends on whether the notice repeated an earlier one. One seal per case, in the order given.
std::vector<audit::SealedRow> InsertQuietEnds(db::Txn& txn, const std::vector<CaseRow>& cases,
                                              absl::Time at);
// The word of each case's outcome in its present notice, by the id of the case.
std::map<std::string, std::string> ListOutcomes(db::Txn& txn, const std::vector<CaseRow>& cases);
audit::SealedRow InsertOutcome(db::Txn& txn, std::string_view batch_id, std::string_view case_id,
                               Outcome outcome, absl::Time at);

struct ObjectionRow {
  std::string id;
  std::string case_id;
  std::string batch_id;
  std::string objector_name;
  std::string objector_contact;
  std::string grounds;
  DocumentRow evidence;
  absl::Time receive;
};
// Those of a case, oldest first.
std::vector<ObjectionRow> ListObjectionsOf(db::Txn& txn, std::string_view case_id,
                                           const Scope& scope);
audit::SealedRow InsertObjection(db::Txn& txn, const ObjectionRow& row);

// How the objections to a case were handled.
struct ObjectionDecisionRow {
  std::string case_id;
  std::string batch_id;
  std::string action;  // dismiss, renotice, uphold
  int32_t objections = 0;
  std::string reason;
  DocumentRow record;
  std::string account;
  absl::Time at;
};
audit::SealedRow InsertObjectionDecision(db::Txn& txn, const ObjectionDecisionRow& row);

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_NOTICE_STORE_H_
