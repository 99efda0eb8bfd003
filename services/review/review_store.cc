#include "services/review/review_store.h"

#include <algorithm>
#include <utility>

#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "services/review/scope_sql.h"

namespace alliance::review {
namespace {

// The columns of a case in the order of CaseFrom.
#define CASE_COLUMNS                                                                             \
  "c.id, c.round_id, c.region, c.parent_region, c.lead_code, c.lead_name, c.alliance_name, "     \
  "c.technical_field, c.high_tech_zone, c.state, c.reviewer, c.version, c.handoff_seq, "         \
  "c.version_number, c.version_digest, c.declared_rd_fen, c.verified_rd_fen, "                   \
  "c.verified_rd_evidence, c.override_count, c.override_reason, c.conditions, c.marks, "         \
  "c.notice_batch, c.notice_opens_us, c.notice_closes_us, c.objection_count, c.recommendation, " \
  "c.receive_us, c.update_us, c.office, c.forwarding, c.review_due_us, c.review_days_left, "     \
  "c.escalate_us"
// Rows by a list of ids in one round trip: the list is one JSON value.
#define CASES_ASKED                                                        \
  "FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(36) PATH '$')) AS asked " \
  "JOIN review_case c ON c.id = CONVERT(asked.id USING ascii) COLLATE ascii_bin "

CaseRow CaseFrom(const db::Row& row) {
  size_t at = 0;
  CaseRow out;
  out.id = row.Get<std::string>(at++);
  out.round_id = row.Get<std::string>(at++);
  out.region = row.Get<std::string>(at++);
  out.parent_region = row.Get<std::string>(at++);
  out.lead_code = row.Get<std::string>(at++);
  out.lead_name = row.Get<std::string>(at++);
  out.alliance_name = row.Get<std::string>(at++);
  out.technical_field = row.Get<int32_t>(at++);
  out.high_tech_zone = row.Get<std::string>(at++);
  // A word that is none stands for a row changed by hand; the CHECK of the table forbids it.
  out.state = domain::StateOf(row.Get<std::string>(at++)).value();
  out.reviewer = row.Get<std::string>(at++);
  out.version = row.Get<int64_t>(at++);
  out.handoff_seq = row.Get<int32_t>(at++);
  out.version_number = row.Get<int32_t>(at++);
  out.version_digest = row.Get<std::string>(at++);
  out.declared_rd_fen = row.Get<int64_t>(at++);
  out.verified_rd_fen = row.Get<int64_t>(at++);
  out.verified_rd_evidence = row.Get<std::string>(at++);
  out.override_count = row.Get<int32_t>(at++);
  out.override_reason = row.Get<std::string>(at++);
  out.conditions = row.Get<std::string>(at++);
  out.marks = row.Get<std::string>(at++);
  out.notice_batch = row.Get<std::string>(at++);
  out.notice_opens = row.Get<std::optional<absl::Time>>(at++);
  out.notice_closes = row.Get<std::optional<absl::Time>>(at++);
  out.objection_count = row.Get<int32_t>(at++);
  out.recommendation = row.Get<std::string>(at++);
  out.receive = row.Get<absl::Time>(at++);
  out.update = row.Get<absl::Time>(at++);
  out.office = row.Get<std::string>(at++);
  out.forwarding = row.Get<std::string>(at++);
  out.review_due = row.Get<std::optional<absl::Time>>(at++);
  out.review_days_left = row.Get<int32_t>(at++);
  out.escalate = row.Get<std::optional<absl::Time>>(at++);
  out.stored = out.state;
  return out;
}

std::vector<CaseRow> CasesFrom(const std::vector<db::Row>& rows) {
  std::vector<CaseRow> cases;
  cases.reserve(rows.size());
  for (const db::Row& row : rows) cases.push_back(CaseFrom(row));
  return cases;
}

std::optional<CaseRow> CaseFrom(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return CaseFrom(*row);
}

// ["…","…"], sorted and without repeats, so that two batches lock in the same order.
std::string JsonList(std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::string json = "[";
  for (const std::string& id : ids) {
    base::StrAppend(&json, json.size() == 1 ? "\"" : ",\"", id, "\"");
  }
  json += "]";
  return json;
}

}  // namespace

std::optional<CaseRow> FindCase(db::Txn& txn, std::string_view id, const Scope& scope) {
  constexpr db::Sql kFind = {"review.find_case",
                             "SELECT " CASE_COLUMNS
                             " FROM review_case c WHERE c.id = ? AND " CASE_IN_SCOPE};
  return CaseFrom(txn.QueryOne(kFind, id, CASE_SCOPE(scope)));
}

std::optional<CaseRow> LockCase(db::Txn& txn, std::string_view id, const Scope& scope) {
  constexpr db::Sql kLock = {"review.lock_case",
                             "SELECT " CASE_COLUMNS
                             " FROM review_case c WHERE c.id = ? AND " CASE_IN_SCOPE " FOR UPDATE"};
  return CaseFrom(txn.QueryOne(kLock, id, CASE_SCOPE(scope)));
}

std::vector<CaseRow> LockCases(db::Txn& txn, std::vector<std::string> ids, const Scope& scope) {
  constexpr db::Sql kLock = {"review.lock_cases",
                             "SELECT " CASE_COLUMNS " " CASES_ASKED "WHERE " CASE_IN_SCOPE
                             " ORDER BY c.id FOR UPDATE"};
  return CasesFrom(txn.Query(kLock, JsonList(std::move(ids)), CASE_SCOPE(scope)));
}

// What a desk asks for beside the state, and its values.
#define CASE_ASKED_FOR                                                 \
  "(? = '' OR c.reviewer = ?) AND (? IS NULL OR c.review_due_us <= ?)" \
  " AND (? = 0 OR c.technical_field = ?)"                              \
  " AND (? = '' OR LOCATE(?, c.alliance_name) > 0 OR LOCATE(?, c.lead_name) > 0)"
#define ASKED_FOR(asked)                                                      \
  (asked).reviewer, (asked).reviewer, (asked).overdue_at, (asked).overdue_at, \
      (asked).technical_field, (asked).technical_field, (asked).text, (asked).text, (asked).text

std::vector<CaseRow> ListCases(db::Txn& txn, const ListFilter& filter, const ListPage& page,
                               const Scope& scope) {
  constexpr db::Sql kList = {"review.list_cases",
                             "SELECT " CASE_COLUMNS " FROM review_case c WHERE " CASE_IN_SCOPE
                             " AND " CASE_ASKED_FOR
                             " AND (? = 0 OR c.state = ? OR c.state = ?)"
                             " AND (c.receive_us > ? OR (c.receive_us = ? AND c.id > ?))"
                             " ORDER BY c.receive_us, c.id LIMIT ?"};
  std::optional<std::string_view> first;
  std::optional<std::string_view> second;
  if (!page.states.empty()) first = domain::WordOf(page.states.front());
  if (page.states.size() > 1) second = domain::WordOf(page.states[1]);
  return CasesFrom(txn.Query(kList, CASE_SCOPE(scope), ASKED_FOR(filter), first.has_value(), first,
                             second, page.after_receive, page.after_receive, page.after_id,
                             page.limit));
}

std::vector<StateCount> CountCases(db::Txn& txn, const ListFilter& filter, const Scope& scope) {
  constexpr db::Sql kCount = {"review.count_cases",
                              "SELECT c.state, COUNT(1) FROM review_case c WHERE " CASE_IN_SCOPE
                              " AND " CASE_ASKED_FOR " GROUP BY c.state"};
  std::vector<StateCount> counts;
  for (const db::Row& row : txn.Query(kCount, CASE_SCOPE(scope), ASKED_FOR(filter))) {
    counts.push_back({domain::StateOf(row.Get<std::string>(0)).value(), row.Get<int32_t>(1)});
  }
  return counts;
}

std::vector<CaseRow> LockCasesOfBatch(db::Txn& txn, std::string_view batch_id, const Scope& scope) {
  constexpr db::Sql kLock = {"review.lock_cases_of_batch",
                             "SELECT " CASE_COLUMNS
                             " FROM review_case c WHERE c.notice_batch = ? AND " CASE_IN_SCOPE
                             " ORDER BY c.id LIMIT 1000 FOR UPDATE"};
  return CasesFrom(txn.Query(kLock, batch_id, CASE_SCOPE(scope)));
}

std::vector<DueCase> ListCasesDue(db::Txn& txn, absl::Time now, const Scope& scope) {
  constexpr db::Sql kList = {"review.list_cases_due",
                             "SELECT c.id, c.round_id FROM review_case c"
                             " WHERE c.state = 'IN_NOTICE' AND c.notice_closes_us <= ?"
                             " AND " CASE_IN_SCOPE " ORDER BY c.notice_closes_us LIMIT 20000"};
  std::vector<DueCase> due;
  for (const db::Row& row : txn.Query(kList, now, CASE_SCOPE(scope))) {
    due.push_back({.id = row.Get<std::string>(0), .round_id = row.Get<std::string>(1)});
  }
  return due;
}

std::vector<CaseRow> LockCasesDue(db::Txn& txn, std::vector<std::string> ids, absl::Time now,
                                  const Scope& scope) {
  constexpr db::Sql kLock = {"review.lock_cases_due",
                             "SELECT " CASE_COLUMNS " " CASES_ASKED
                             "WHERE c.state = 'IN_NOTICE' AND c.notice_closes_us <= ?"
                             " AND " CASE_IN_SCOPE " ORDER BY c.id FOR UPDATE SKIP LOCKED"};
  return CasesFrom(txn.Query(kLock, JsonList(std::move(ids)), now, CASE_SCOPE(scope)));
}

// The states in which review holds a case (common/domain/state.h).
#define CASES_HELD                                                                                \
  " FROM review_case c WHERE c.round_id = ? AND c.state IN ('SUBMITTED', 'REVIEWING', 'PASSED', " \
  "'IN_NOTICE', 'OBJECTED', 'NOTICE_CLOSED') AND " CASE_IN_SCOPE " ORDER BY c.id LIMIT 20000"

std::vector<CaseRow> LockCasesOfRound(db::Txn& txn, std::string_view round_id, const Scope& scope) {
  constexpr db::Sql kLock = {"review.lock_cases_of_round",
                             "SELECT " CASE_COLUMNS CASES_HELD " FOR UPDATE"};
  return CasesFrom(txn.Query(kLock, round_id, CASE_SCOPE(scope)));
}

std::vector<CaseRow> ListCasesOfRound(db::Txn& txn, std::string_view round_id, const Scope& scope) {
  constexpr db::Sql kList = {"review.list_cases_of_round", "SELECT " CASE_COLUMNS CASES_HELD};
  return CasesFrom(txn.Query(kList, round_id, CASE_SCOPE(scope)));
}

std::vector<CaseRow> LockOverdueCases(db::Txn& txn, absl::Time now, int limit, const Scope& scope) {
  constexpr db::Sql kLock = {"review.lock_overdue_cases",
                             "SELECT " CASE_COLUMNS
                             " FROM review_case c WHERE c.review_due_us <= ?"
                             " AND (c.escalate_us IS NULL OR c.escalate_us < c.review_due_us)"
                             " AND " CASE_IN_SCOPE
                             " ORDER BY c.review_due_us LIMIT ? FOR UPDATE SKIP LOCKED"};
  return CasesFrom(txn.Query(kLock, now, CASE_SCOPE(scope), limit));
}

void SaveEscalated(db::Txn& txn, std::string_view case_id, absl::Time now) {
  constexpr db::Sql kSave = {"review.save_escalated",
                             "UPDATE review_case SET escalate_us = ? WHERE id = ?"};
  txn.Exec(kSave, now, case_id);
}

void InsertCase(db::Txn& txn, const CaseRow& row) {
  constexpr db::Sql kInsert = {
      "review.insert_case",
      "INSERT INTO review_case (id, round_id, region, parent_region, lead_code, lead_name,"
      " alliance_name, technical_field, high_tech_zone, state, reviewer, version, handoff_seq,"
      " version_number, version_digest, declared_rd_fen, verified_rd_fen, verified_rd_evidence,"
      " override_count, override_reason, conditions, marks, notice_batch, notice_opens_us,"
      " notice_closes_us, objection_count, recommendation, receive_us, update_us, office,"
      " forwarding, review_due_us, review_days_left)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
      " ?, ?, ?, ?, ?, ?)"};
  txn.Exec(kInsert, row.id, row.round_id, row.region, row.parent_region, row.lead_code,
           row.lead_name, row.alliance_name, row.technical_field, row.high_tech_zone,
           domain::WordOf(row.state), row.reviewer, row.version, row.handoff_seq,
           row.version_number, row.version_digest, row.declared_rd_fen, row.verified_rd_fen,
           row.verified_rd_evidence, row.override_count, row.override_reason, row.conditions,
           row.marks, row.notice_batch, row.notice_opens, row.notice_closes, row.objection_count,
           row.recommendation, row.receive, row.update, row.office, row.forwarding, row.review_due,
           row.review_days_left);
}

namespace {

bool SaveCase(db::Txn& txn, const CaseRow& row) {
  constexpr db::Sql kSave = {
      "review.save_case",
      "UPDATE review_case SET round_id = ?, region = ?, parent_region = ?, lead_code = ?,"
      " lead_name = ?, alliance_name = ?, technical_field = ?, high_tech_zone = ?, state = ?,"
      " reviewer = ?, version = version + 1, handoff_seq = ?, version_number = ?,"
      " version_digest = ?, declared_rd_fen = ?, verified_rd_fen = ?, verified_rd_evidence = ?,"
      " override_count = ?, override_reason = ?, conditions = ?, marks = ?, notice_batch = ?,"
      " notice_opens_us = ?, notice_closes_us = ?, objection_count = ?, recommendation = ?,"
      " receive_us = ?, update_us = ?, office = ?, forwarding = ?, review_due_us = ?,"
      " review_days_left = ? WHERE id = ? AND version = ?"};
  return txn.Exec(kSave, row.round_id, row.region, row.parent_region, row.lead_code, row.lead_name,
                  row.alliance_name, row.technical_field, row.high_tech_zone,
                  domain::WordOf(row.state), row.reviewer, row.handoff_seq, row.version_number,
                  row.version_digest, row.declared_rd_fen, row.verified_rd_fen,
                  row.verified_rd_evidence, row.override_count, row.override_reason, row.conditions,
                  row.marks, row.notice_batch, row.notice_opens, row.notice_closes,
                  row.objection_count, row.recommendation, row.receive, row.update, row.office,
                  row.forwarding, row.review_due, row.review_days_left, row.id, row.version) == 1;
}

// A statement of many rows is cut at about this size, far below what the server takes.
constexpr size_t kMostJson = 1 << 20;

std::string JsonTime(const std::optional<absl::Time>& time) {
  return time ? base::StrCat(absl::ToUnixMicros(*time)) : "null";
}

// For SaveMany: ids, codes and words as they are, all that people wrote in hex, so that nothing
// needs escaping; the long ones last.
std::string JsonCase(const CaseRow& row) {
  return base::StrCat(
      "{\"id\":\"", row.id, "\",\"version\":", row.version, ",\"round\":\"", row.round_id,
      "\",\"region\":\"", row.region, "\",\"parent\":\"", row.parent_region,
      "\",\"field\":", row.technical_field, ",\"state\":\"", domain::WordOf(row.state),
      "\",\"handoff\":", row.handoff_seq, ",\"number\":", row.version_number,
      ",\"declared\":", row.declared_rd_fen, ",\"verified\":", row.verified_rd_fen,
      ",\"evidence\":\"", row.verified_rd_evidence, "\",\"overrides\":", row.override_count,
      ",\"batch\":\"", row.notice_batch, "\",\"opens\":", JsonTime(row.notice_opens),
      ",\"closes\":", JsonTime(row.notice_closes), ",\"objections\":", row.objection_count,
      ",\"recommendation\":\"", row.recommendation,
      "\",\"receive\":", absl::ToUnixMicros(row.receive),
      ",\"update\":", absl::ToUnixMicros(row.update), ",\"office\":\"", row.office,
      "\",\"forwarding\":\"", row.forwarding, "\",\"due\":", JsonTime(row.review_due),
      ",\"left\":", row.review_days_left, ",\"digest\":\"", crypto::Hex(row.version_digest),
      "\",\"zone\":\"", crypto::Hex(row.high_tech_zone), "\",\"code\":\"",
      crypto::Hex(row.lead_code), "\",\"reviewer\":\"", crypto::Hex(row.reviewer), "\",\"lead\":\"",
      crypto::Hex(row.lead_name), "\",\"alliance\":\"", crypto::Hex(row.alliance_name),
      "\",\"override\":\"", crypto::Hex(row.override_reason), "\",\"conditions\":\"",
      crypto::Hex(row.conditions), "\",\"marks\":\"", crypto::Hex(row.marks), "\"}");
}

// One round trip for the rows of `json`; how many were written.
int64_t SaveMany(db::Txn& txn, const std::string& json) {
  constexpr db::Sql kSave = {
      "review.save_cases",
      "UPDATE review_case c JOIN JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(36) PATH '$.id',"
      " version BIGINT PATH '$.version', round_id VARCHAR(63) PATH '$.round',"
      " region VARCHAR(16) PATH '$.region', parent_region VARCHAR(16) PATH '$.parent',"
      " technical_field INT PATH '$.field', high_tech_zone VARCHAR(32) PATH '$.zone',"
      " state VARCHAR(20) PATH '$.state', handoff_seq INT PATH '$.handoff',"
      " version_number INT PATH '$.number', declared_rd_fen BIGINT PATH '$.declared',"
      " verified_rd_fen BIGINT PATH '$.verified',"
      " verified_rd_evidence VARCHAR(20) PATH '$.evidence',"
      " override_count INT PATH '$.overrides', notice_batch VARCHAR(36) PATH '$.batch',"
      " opens_us BIGINT PATH '$.opens', closes_us BIGINT PATH '$.closes',"
      " objection_count INT PATH '$.objections',"
      " recommendation VARCHAR(36) PATH '$.recommendation', receive_us BIGINT PATH '$.receive',"
      " update_us BIGINT PATH '$.update', office VARCHAR(16) PATH '$.office',"
      " forwarding VARCHAR(36) PATH '$.forwarding', due_us BIGINT PATH '$.due',"
      " days_left INT PATH '$.left', version_digest VARCHAR(64) PATH '$.digest',"
      " lead_code VARCHAR(128) PATH '$.code', reviewer VARCHAR(160) PATH '$.reviewer',"
      " lead_name VARCHAR(4800) PATH '$.lead', alliance_name VARCHAR(4800) PATH '$.alliance',"
      " override_reason LONGTEXT PATH '$.override', conditions LONGTEXT PATH '$.conditions',"
      " marks LONGTEXT PATH '$.marks')) AS n"
      " ON c.id = CONVERT(n.id USING ascii) COLLATE ascii_bin"
      " SET c.round_id = n.round_id, c.region = n.region, c.parent_region = n.parent_region,"
      " c.lead_code = UNHEX(n.lead_code), c.lead_name = CONVERT(UNHEX(n.lead_name) USING utf8mb4),"
      " c.alliance_name = CONVERT(UNHEX(n.alliance_name) USING utf8mb4),"
      " c.technical_field = n.technical_field, c.high_tech_zone = UNHEX(n.high_tech_zone),"
      " c.state = n.state, c.reviewer = UNHEX(n.reviewer), c.version = c.version + 1,"
      " c.handoff_seq = n.handoff_seq, c.version_number = n.version_number,"
      " c.version_digest = UNHEX(n.version_digest), c.declared_rd_fen = n.declared_rd_fen,"
      " c.verified_rd_fen = n.verified_rd_fen, c.verified_rd_evidence = n.verified_rd_evidence,"
      " c.override_count = n.override_count,"
      " c.override_reason = CONVERT(UNHEX(n.override_reason) USING utf8mb4),"
      " c.conditions = UNHEX(n.conditions), c.marks = UNHEX(n.marks),"
      " c.notice_batch = n.notice_batch, c.notice_opens_us = n.opens_us,"
      " c.notice_closes_us = n.closes_us, c.objection_count = n.objection_count,"
      " c.recommendation = n.recommendation, c.receive_us = n.receive_us,"
      " c.update_us = n.update_us, c.office = n.office, c.forwarding = n.forwarding,"
      " c.review_due_us = n.due_us, c.review_days_left = n.days_left"
      " WHERE c.version = n.version"};
  return txn.Exec(kSave, json);
}

}  // namespace

bool SaveCases(db::Txn& txn, absl::Span<CaseRow> rows) {
  if (rows.size() == 1) {
    if (!SaveCase(txn, rows.front())) return false;
  } else {
    int64_t saved = 0;
    std::string json;
    for (const CaseRow& row : rows) {
      base::StrAppend(&json, json.empty() ? "[" : ",", JsonCase(row));
      if (json.size() < kMostJson && &row != &rows.back()) continue;
      json += "]";
      saved += SaveMany(txn, json);
      json.clear();
    }
    if (saved != static_cast<int64_t>(rows.size())) return false;
  }
  for (CaseRow& row : rows) {
    ++row.version;
    row.stored = row.state;
  }
  return true;
}

audit::SealedRow SealCase(const CaseRow& row) {
  return audit::Seal("review_case", row.id,
                     {{"round_id", row.round_id},
                      {"region", row.region},
                      {"parent_region", row.parent_region},
                      {"lead_code", row.lead_code},
                      {"lead_name", row.lead_name},
                      {"alliance_name", row.alliance_name},
                      {"technical_field", row.technical_field},
                      {"high_tech_zone", row.high_tech_zone},
                      {"state", domain::WordOf(row.state)},
                      {"reviewer", row.reviewer},
                      {"version", row.version},
                      {"handoff_seq", row.handoff_seq},
                      {"version_number", row.version_number},
                      {"version_digest", row.version_digest},
                      {"declared_rd_fen", row.declared_rd_fen},
                      {"verified_rd_fen", row.verified_rd_fen},
                      {"verified_rd_evidence", row.verified_rd_evidence},
                      {"override_count", row.override_count},
                      {"override_reason", row.override_reason},
                      {"conditions", row.conditions},
                      {"marks", row.marks},
                      {"notice_batch", row.notice_batch},
                      {"notice_opens_us", row.notice_opens},
                      {"notice_closes_us", row.notice_closes},
                      {"objection_count", row.objection_count},
                      {"recommendation", row.recommendation},
                      {"receive_us", row.receive},
                      {"update_us", row.update},
                      {"office", row.office},
                      {"forwarding", row.forwarding},
                      {"review_due_us", row.review_due},
                      {"review_days_left", row.review_days_left}});
}

audit::SealedRow InsertVersion(db::Txn& txn, const VersionRow& row) {
  constexpr db::Sql kInsert = {
      "review.insert_version",
      "INSERT INTO review_version (id, case_id, number, digest, bytes, receive_us)"
      " VALUES (?, ?, ?, ?, ?, ?)"};
  const std::string id = base::StrCat(row.case_id, ".", row.number);
  txn.Exec(kInsert, id, row.case_id, row.number, row.digest, row.bytes, row.receive);
  return audit::Seal("review_version", id,
                     {{"case_id", row.case_id},
                      {"number", row.number},
                      {"digest", row.digest},
                      {"bytes", row.bytes},
                      {"receive_us", row.receive}});
}

std::optional<std::string> FindVersion(db::Txn& txn, std::string_view case_id, int32_t number,
                                       const Scope& scope) {
  constexpr db::Sql kFind = {"review.find_version",
                             "SELECT v.bytes FROM review_version v"
                             " JOIN review_case c ON c.id = v.case_id"
                             " WHERE v.case_id = ? AND v.number = ? AND " CASE_IN_SCOPE};
  const std::optional<db::Row> row = txn.QueryOne(kFind, case_id, number, CASE_SCOPE(scope));
  if (!row) return std::nullopt;
  return row->Get<std::string>(0);
}

std::vector<audit::SealedRow> InsertConditionDecisions(
    db::Txn& txn, const DecidedBy& by, const std::vector<domain::ConditionRecord>& records) {
  constexpr db::Sql kInsert = {
      "review.insert_condition_decisions",
      "INSERT INTO condition_decision (id, case_id, version_number, condition_id, verdict, reason,"
      " evidence, account, decide_us) VALUES"};
  std::vector<audit::SealedRow> sealed;
  if (records.empty()) return sealed;
  std::vector<std::string> ids;
  for (size_t i = 0; i < records.size(); ++i) ids.push_back(base::NewUuid7());
  std::vector<db::Param> values;
  for (size_t i = 0; i < records.size(); ++i) {
    const domain::ConditionRecord& record = records[i];
    values.insert(values.end(),
                  {ids[i], by.case_id, by.version_number, record.condition, record.verdict,
                   record.reason, record.evidence, by.account, by.at});
    sealed.push_back(audit::Seal("condition_decision", ids[i],
                                 {{"case_id", by.case_id},
                                  {"version_number", by.version_number},
                                  {"condition_id", record.condition},
                                  {"verdict", record.verdict},
                                  {"reason", record.reason},
                                  {"evidence", record.evidence},
                                  {"account", by.account},
                                  {"decide_us", by.at}}));
  }
  txn.InsertMany(kInsert, 9, values);
  return sealed;
}

audit::SealedRow InsertRdDecision(db::Txn& txn, const DecidedBy& by, int64_t amount_fen,
                                  std::string_view evidence) {
  constexpr db::Sql kInsert = {
      "review.insert_rd_decision",
      "INSERT INTO rd_decision (id, case_id, version_number, amount_fen, evidence, account,"
      " decide_us) VALUES (?, ?, ?, ?, ?, ?, ?)"};
  const std::string id = base::NewUuid7();
  txn.Exec(kInsert, id, by.case_id, by.version_number, amount_fen, evidence, by.account, by.at);
  return audit::Seal("rd_decision", id,
                     {{"case_id", by.case_id},
                      {"version_number", by.version_number},
                      {"amount_fen", amount_fen},
                      {"evidence", evidence},
                      {"account", by.account},
                      {"decide_us", by.at}});
}

}  // namespace alliance::review
