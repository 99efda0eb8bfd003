#include "services/review/notice_store.h"

#include <algorithm>
#include <set>

#include "common/base/str.h"
#include "common/base/uuid.h"
#include "services/review/scope_sql.h"

namespace alliance::review {
namespace {

// The columns of a batch in the order of BatchFrom.
#define BATCH_COLUMNS                                                                            \
  "id, round_id, region, state, version, start_date, last_date, opens_us, closes_us, "           \
  "ends_after_deadline, channel, text_number, text_title, text_issuer, text_date, text_sha256, " \
  "reason, create_us, close_us, link, again"

// The scope of a query: a batch is its office's.
#define BATCH_IN_SCOPE "(? = 1 OR b.region = ?)"
#define BATCH_SCOPE(scope) (scope).all(), (scope).office()

constexpr std::string_view kOpen = "OPEN";
constexpr std::string_view kClosed = "CLOSED";

BatchRow BatchFrom(const db::Row& row) {
  size_t at = 0;
  BatchRow out;
  out.id = row.Get<std::string>(at++);
  out.round_id = row.Get<std::string>(at++);
  out.region = row.Get<std::string>(at++);
  out.open = row.Get<std::string>(at++) == kOpen;
  out.version = row.Get<int64_t>(at++);
  out.start_date = row.Get<std::string>(at++);
  out.last_date = row.Get<std::string>(at++);
  out.opens = row.Get<absl::Time>(at++);
  out.closes = row.Get<absl::Time>(at++);
  out.ends_after_deadline = row.Get<bool>(at++);
  out.channel = row.Get<std::string>(at++);
  out.text.number = row.Get<std::string>(at++);
  out.text.title = row.Get<std::string>(at++);
  out.text.issuer = row.Get<std::string>(at++);
  out.text.date = row.Get<std::string>(at++);
  out.text.sha256 = row.Get<std::string>(at++);
  out.reason = row.Get<std::string>(at++);
  out.create = row.Get<absl::Time>(at++);
  out.close = row.Get<std::optional<absl::Time>>(at++);
  out.link = row.Get<std::string>(at++);
  out.again = row.Get<bool>(at++);
  return out;
}

std::optional<BatchRow> BatchFrom(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return BatchFrom(*row);
}

}  // namespace

audit::SealedRow InsertBatch(db::Txn& txn, const BatchRow& row) {
  constexpr db::Sql kInsert = {
      "review.insert_batch",
      "INSERT INTO notice_batch (" BATCH_COLUMNS
      ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  txn.Exec(kInsert, row.id, row.round_id, row.region, row.open ? kOpen : kClosed, row.version,
           row.start_date, row.last_date, row.opens, row.closes, row.ends_after_deadline,
           row.channel, row.text.number, row.text.title, row.text.issuer, row.text.date,
           row.text.sha256, row.reason, row.create, row.close, row.link, row.again);
  return SealBatch(row);
}

std::optional<BatchRow> FindBatch(db::Txn& txn, std::string_view id, const Scope& scope) {
  constexpr db::Sql kFind = {"review.find_batch", "SELECT " BATCH_COLUMNS
                                                  " FROM notice_batch b WHERE id = ?"
                                                  " AND " BATCH_IN_SCOPE};
  return BatchFrom(txn.QueryOne(kFind, id, BATCH_SCOPE(scope)));
}

std::vector<ListedBatch> ListBatches(db::Txn& txn, const NoticeFilter& filter, const Scope& scope) {
  constexpr db::Sql kList = {
      "review.list_batches",
      "SELECT " BATCH_COLUMNS
      ", (SELECT COUNT(*) FROM notice_line l WHERE l.batch_id = b.id)"
      " FROM notice_batch b WHERE opens_us <= ? AND (opens_us < ? OR (opens_us = ? AND id < ?))"
      " AND (? = 0 OR region = ?)"
      " AND (? = 0 OR (state = 'OPEN' AND closes_us > ?) = ?) AND " BATCH_IN_SCOPE
      " ORDER BY opens_us DESC, id DESC LIMIT ?"};
  std::vector<ListedBatch> batches;
  for (const db::Row& row :
       txn.Query(kList, filter.now, filter.before_opens, filter.before_opens, filter.before_id,
                 filter.region.has_value(), filter.region, filter.running.has_value(), filter.now,
                 filter.running.value_or(false), BATCH_SCOPE(scope), filter.limit)) {
    batches.push_back({.batch = BatchFrom(row), .lines = row.Get<int32_t>(row.size() - 1)});
  }
  return batches;
}

std::optional<BatchRow> LockBatch(db::Txn& txn, std::string_view id, const Scope& scope) {
  constexpr db::Sql kLock = {"review.lock_batch", "SELECT " BATCH_COLUMNS
                                                  " FROM notice_batch b WHERE id = ?"
                                                  " AND " BATCH_IN_SCOPE " FOR UPDATE"};
  return BatchFrom(txn.QueryOne(kLock, id, BATCH_SCOPE(scope)));
}

std::vector<BatchRow> LockBatchesDue(db::Txn& txn, absl::Time now, int limit, const Scope& scope) {
  constexpr db::Sql kLock = {"review.lock_batches_due",
                             "SELECT " BATCH_COLUMNS
                             " FROM notice_batch b WHERE state = 'OPEN' AND closes_us <= ?"
                             " AND " BATCH_IN_SCOPE
                             " ORDER BY closes_us LIMIT ? FOR UPDATE SKIP LOCKED"};
  std::vector<BatchRow> batches;
  for (const db::Row& row : txn.Query(kLock, now, BATCH_SCOPE(scope), limit)) {
    batches.push_back(BatchFrom(row));
  }
  return batches;
}

bool SaveClosed(db::Txn& txn, BatchRow& row, absl::Time at) {
  constexpr db::Sql kSave = {"review.save_closed",
                             "UPDATE notice_batch SET state = 'CLOSED', close_us = ?,"
                             " version = version + 1 WHERE id = ? AND version = ?"};
  if (txn.Exec(kSave, at, row.id, row.version) != 1) return false;
  ++row.version;
  row.open = false;
  row.close = at;
  return true;
}

audit::SealedRow SealBatch(const BatchRow& row) {
  return audit::Seal("notice_batch", row.id,
                     {{"round_id", row.round_id},
                      {"region", row.region},
                      {"state", row.open ? kOpen : kClosed},
                      {"version", row.version},
                      {"start_date", row.start_date},
                      {"last_date", row.last_date},
                      {"opens_us", row.opens},
                      {"closes_us", row.closes},
                      {"ends_after_deadline", row.ends_after_deadline},
                      {"channel", row.channel},
                      {"text_number", row.text.number},
                      {"text_title", row.text.title},
                      {"text_issuer", row.text.issuer},
                      {"text_date", row.text.date},
                      {"text_sha256", row.text.sha256},
                      {"reason", row.reason},
                      {"create_us", row.create},
                      {"close_us", row.close},
                      {"link", row.link},
                      {"again", row.again}});
}

std::vector<audit::SealedRow> InsertNoticeLines(db::Txn& txn,
                                                const std::vector<NoticeLine>& lines) {
  constexpr db::Sql kInsert = {
      "review.insert_notice_lines",
      "INSERT INTO notice_line (id, batch_id, case_id, version_number, version_digest,"
      " alliance_name, lead_name, technical_field, region, high_tech_zone) VALUES"};
  std::vector<audit::SealedRow> sealed;
  if (lines.empty()) return sealed;
  std::vector<std::string> ids;
  ids.reserve(lines.size());
  for (const NoticeLine& line : lines) {
    ids.push_back(base::StrCat(line.batch_id, ".", line.case_id));
  }
  std::vector<db::Param> values;
  for (size_t i = 0; i < lines.size(); ++i) {
    const NoticeLine& line = lines[i];
    values.insert(values.end(), {ids[i], line.batch_id, line.case_id, line.version_number,
                                 line.version_digest, line.alliance_name, line.lead_name,
                                 line.technical_field, line.region, line.high_tech_zone});
    sealed.push_back(audit::Seal("notice_line", ids[i],
                                 {{"batch_id", line.batch_id},
                                  {"case_id", line.case_id},
                                  {"version_number", line.version_number},
                                  {"version_digest", line.version_digest},
                                  {"alliance_name", line.alliance_name},
                                  {"lead_name", line.lead_name},
                                  {"technical_field", line.technical_field},
                                  {"region", line.region},
                                  {"high_tech_zone", line.high_tech_zone}}));
  }
  txn.InsertMany(kInsert, 10, values);
  return sealed;
}

std::vector<NoticeLine> ListNoticeLines(db::Txn& txn, std::string_view batch_id,
                                        const Scope& scope) {
  constexpr db::Sql kList = {
      "review.list_notice_lines",
      "SELECT l.batch_id, l.case_id, l.version_number, l.version_digest, l.alliance_name,"
      " l.lead_name, l.technical_field, l.region, l.high_tech_zone, COALESCE(o.outcome, '')"
      " FROM notice_line l JOIN notice_batch b ON b.id = l.batch_id"
      " LEFT JOIN notice_outcome o ON o.id = l.id WHERE l.batch_id = ? AND " BATCH_IN_SCOPE
      " ORDER BY l.id LIMIT 1000"};
  std::vector<NoticeLine> lines;
  for (const db::Row& row : txn.Query(kList, batch_id, BATCH_SCOPE(scope))) {
    lines.push_back({.batch_id = row.Get<std::string>(0),
                     .case_id = row.Get<std::string>(1),
                     .version_number = row.Get<int32_t>(2),
                     .version_digest = row.Get<std::string>(3),
                     .alliance_name = row.Get<std::string>(4),
                     .lead_name = row.Get<std::string>(5),
                     .technical_field = row.Get<int32_t>(6),
                     .region = row.Get<std::string>(7),
                     .high_tech_zone = row.Get<std::string>(8),
                     .outcome = row.Get<std::string>(9)});
  }
  return lines;
}

std::string_view WordOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kNoObjection:
      return "NO_OBJECTION";
    case Outcome::kRenoticed:
      return "RENOTICED";
    case Outcome::kNoObjectionAfterRenotice:
      return "NO_OBJECTION_AFTER_RENOTICE";
    case Outcome::kUpheld:
      return "UPHELD";
  }
  return "";
}

namespace {

// What one line's end writes.
struct OutcomeRow {
  std::string id;
  std::string_view batch_id;
  std::string_view case_id;
  std::string_view outcome;
  absl::Time at;
};

std::vector<audit::SealedRow> InsertOutcomes(db::Txn& txn, const std::vector<OutcomeRow>& rows) {
  constexpr db::Sql kInsert = {
      "review.insert_notice_outcomes",
      "INSERT INTO notice_outcome (id, batch_id, case_id, outcome, end_us) VALUES"};
  std::vector<audit::SealedRow> sealed;
  if (rows.empty()) return sealed;
  std::vector<db::Param> values;
  for (const OutcomeRow& row : rows) {
    values.insert(values.end(), {row.id, row.batch_id, row.case_id, row.outcome, row.at});
    sealed.push_back(audit::Seal("notice_outcome", row.id,
                                 {{"batch_id", row.batch_id},
                                  {"case_id", row.case_id},
                                  {"outcome", row.outcome},
                                  {"end_us", row.at}}));
  }
  txn.InsertMany(kInsert, 5, values);
  return sealed;
}

// ["…","…"]: rows by a list of ids in one round trip.
std::string JsonList(const std::set<std::string>& ids) {
  std::string json = "[";
  for (const std::string& id : ids) {
    base::StrAppend(&json, json.size() == 1 ? "\"" : ",\"", id, "\"");
  }
  json += "]";
  return json;
}

// Of the notices that these cases are in, those that repeat an earlier one.
std::set<std::string> ListRepeatedNotices(db::Txn& txn, const std::vector<CaseRow>& cases) {
  constexpr db::Sql kList = {
      "review.list_repeated_notices",
      "SELECT b.id FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(36) PATH '$')) AS asked"
      " JOIN notice_batch b ON b.id = CONVERT(asked.id USING ascii) COLLATE ascii_bin"
      " WHERE b.again = 1"};
  std::set<std::string> batches;
  for (const CaseRow& row : cases) batches.insert(row.notice_batch);
  const std::string json = JsonList(batches);
  std::set<std::string> repeated;
  for (const db::Row& row : txn.Query(kList, json)) repeated.insert(row.Get<std::string>(0));
  return repeated;
}

}  // namespace

std::vector<audit::SealedRow> InsertQuietEnds(db::Txn& txn, const std::vector<CaseRow>& cases,
                                              absl::Time at) {
  if (cases.empty()) return {};
  const std::set<std::string> repeated = ListRepeatedNotices(txn, cases);
  std::vector<OutcomeRow> rows;
  rows.reserve(cases.size());
  for (const CaseRow& row : cases) {
    rows.push_back(
        {.id = base::StrCat(row.notice_batch, ".", row.id),
         .batch_id = row.notice_batch,
         .case_id = row.id,
         .outcome = WordOf(repeated.contains(row.notice_batch) ? Outcome::kNoObjectionAfterRenotice
                                                               : Outcome::kNoObjection),
         // A period that is over ended then, whenever that is written down.
         .at = std::min(at, row.notice_closes.value_or(at))});
  }
  return InsertOutcomes(txn, rows);
}

std::map<std::string, std::string> ListOutcomes(db::Txn& txn, const std::vector<CaseRow>& cases) {
  constexpr db::Sql kList = {
      "review.list_outcomes",
      "SELECT o.case_id, o.outcome FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(73) PATH '$'))"
      " AS asked JOIN notice_outcome o ON o.id = CONVERT(asked.id USING ascii) COLLATE ascii_bin"};
  std::set<std::string> lines;
  for (const CaseRow& row : cases) lines.insert(base::StrCat(row.notice_batch, ".", row.id));
  const std::string json = JsonList(lines);
  std::map<std::string, std::string> outcomes;
  for (const db::Row& row : txn.Query(kList, json)) {
    outcomes.emplace(row.Get<std::string>(0), row.Get<std::string>(1));
  }
  return outcomes;
}

audit::SealedRow InsertOutcome(db::Txn& txn, std::string_view batch_id, std::string_view case_id,
                               Outcome outcome, absl::Time at) {
  return InsertOutcomes(txn, {{.id = base::StrCat(batch_id, ".", case_id),
                               .batch_id = batch_id,
                               .case_id = case_id,
                               .outcome = WordOf(outcome),
                               .at = at}})
      .front();
}

audit::SealedRow InsertObjection(db::Txn& txn, const ObjectionRow& row) {
  constexpr db::Sql kInsert = {
      "review.insert_objection",
      "INSERT INTO objection (id, case_id, batch_id, objector_name, objector_contact, grounds,"
      " evidence_number, evidence_title, evidence_issuer, evidence_date, evidence_sha256,"
      " receive_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  txn.Exec(kInsert, row.id, row.case_id, row.batch_id, row.objector_name, row.objector_contact,
           row.grounds, row.evidence.number, row.evidence.title, row.evidence.issuer,
           row.evidence.date, row.evidence.sha256, row.receive);
  return audit::Seal("objection", row.id,
                     {{"case_id", row.case_id},
                      {"batch_id", row.batch_id},
                      {"objector_name", row.objector_name},
                      {"objector_contact", row.objector_contact},
                      {"grounds", row.grounds},
                      {"evidence_number", row.evidence.number},
                      {"evidence_title", row.evidence.title},
                      {"evidence_issuer", row.evidence.issuer},
                      {"evidence_date", row.evidence.date},
                      {"evidence_sha256", row.evidence.sha256},
                      {"receive_us", row.receive}});
}

std::vector<ObjectionRow> ListObjectionsOf(db::Txn& txn, std::string_view case_id,
                                           const Scope& scope) {
  constexpr db::Sql kList = {
      "review.list_objections",
      "SELECT o.id, o.case_id, o.batch_id, o.objector_name, o.objector_contact, o.grounds,"
      " o.evidence_number, o.evidence_title, o.evidence_issuer, o.evidence_date,"
      " o.evidence_sha256, o.receive_us FROM objection o JOIN review_case c ON c.id = o.case_id"
      " WHERE o.case_id = ? AND " CASE_IN_SCOPE " ORDER BY o.receive_us, o.id LIMIT 1000"};
  std::vector<ObjectionRow> objections;
  for (const db::Row& row : txn.Query(kList, case_id, CASE_SCOPE(scope))) {
    objections.push_back({.id = row.Get<std::string>(0),
                          .case_id = row.Get<std::string>(1),
                          .batch_id = row.Get<std::string>(2),
                          .objector_name = row.Get<std::string>(3),
                          .objector_contact = row.Get<std::string>(4),
                          .grounds = row.Get<std::string>(5),
                          .evidence = {.number = row.Get<std::string>(6),
                                       .title = row.Get<std::string>(7),
                                       .issuer = row.Get<std::string>(8),
                                       .date = row.Get<std::string>(9),
                                       .sha256 = row.Get<std::string>(10)},
                          .receive = row.Get<absl::Time>(11)});
  }
  return objections;
}

audit::SealedRow InsertObjectionDecision(db::Txn& txn, const ObjectionDecisionRow& row) {
  constexpr db::Sql kInsert = {
      "review.insert_objection_decision",
      "INSERT INTO objection_decision (id, case_id, batch_id, action, objections, reason,"
      " record_number, record_title, record_issuer, record_date, record_sha256, account,"
      " decide_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  const std::string id = base::NewUuid7();
  txn.Exec(kInsert, id, row.case_id, row.batch_id, row.action, row.objections, row.reason,
           row.record.number, row.record.title, row.record.issuer, row.record.date,
           row.record.sha256, row.account, row.at);
  return audit::Seal("objection_decision", id,
                     {{"case_id", row.case_id},
                      {"batch_id", row.batch_id},
                      {"action", row.action},
                      {"objections", row.objections},
                      {"reason", row.reason},
                      {"record_number", row.record.number},
                      {"record_title", row.record.title},
                      {"record_issuer", row.record.issuer},
                      {"record_date", row.record.date},
                      {"record_sha256", row.record.sha256},
                      {"account", row.account},
                      {"decide_us", row.at}});
}

}  // namespace alliance::review
