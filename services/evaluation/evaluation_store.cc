#include "services/evaluation/evaluation_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_join.h"
#include "common/base/str.h"

namespace alliance::evaluation {
namespace {

using domain::Caller;
using domain::Role;
using domain::State;

std::string_view Word(State state) { return domain::WordOf(state); }

// A word that the CHECK of its column let in.
State StateAt(const db::Row& row, size_t column) {
  return domain::StateOf(row.Get<std::string>(column)).value_or(State::kReported);
}

// A JSON array for JSON_TABLE: ids of letters, digits and hyphens need no escape.
std::string JsonOf(const std::vector<std::string>& ids) {
  return absl::StrCat("[\"", absl::StrJoin(ids, "\",\""), "\"]");
}

std::vector<std::string> Texts(const std::vector<db::Row>& rows) {
  std::vector<std::string> texts;
  texts.reserve(rows.size());
  for (const db::Row& row : rows) texts.push_back(row.Get<std::string>(0));
  return texts;
}

#define WANTED_ROWS "FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(80) PATH '$')) w "
#define WANTED_ID "CONVERT(w.id USING ascii) COLLATE ascii_bin"
#define WANTED WANTED_ROWS "STRAIGHT_JOIN evaluation e ON e.id=" WANTED_ID " "
#define EVALUATION_COLUMNS                                                                 \
  "e.id, e.alliance_id, e.year, e.region, e.city, e.lead_code, e.alliance_name, e.state, " \
  "e.version, e.handoff_seq, e.report_id, e.report_missed, e.verified_rd_fen, "            \
  "e.evidence_sha256, e.rules_digest, e.start_us, e.sum_hundredths, e.expert_count, "      \
  "e.total_hundredths, e.grade, e.veto, e.outlier_answer, e.preliminary_us, "              \
  "e.appeal_close_us, e.appeal_id, e.publish_us "

Evaluation EvaluationOf(const db::Row& row) {
  return {.id = row.Get<std::string>(0),
          .alliance_id = row.Get<std::string>(1),
          .year = row.Get<int>(2),
          .region = row.Get<std::string>(3),
          .city = row.Get<std::string>(4),
          .lead_code = row.Get<std::string>(5),
          .alliance_name = row.Get<std::string>(6),
          .state = StateAt(row, 7),
          .version = row.Get<int64_t>(8),
          .handoff_seq = row.Get<int32_t>(9),
          .report_id = row.Get<std::optional<std::string>>(10),
          .report_missed = row.Get<bool>(11),
          .verified_rd_fen = row.Get<int64_t>(12),
          .evidence_sha256 = row.Get<std::optional<std::string>>(13),
          .rules_digest = row.Get<std::optional<std::string>>(14),
          .start = row.Get<std::optional<absl::Time>>(15),
          .sum_hundredths = row.Get<std::optional<int64_t>>(16),
          .expert_count = row.Get<std::optional<int32_t>>(17),
          .total_hundredths = row.Get<std::optional<int32_t>>(18),
          .grade = row.Get<std::string>(19),
          .veto = row.Get<std::string>(20),
          .outlier_answer = row.Get<std::string>(21),
          .preliminary = row.Get<std::optional<absl::Time>>(22),
          .appeal_close = row.Get<std::optional<absl::Time>>(23),
          .appeal_id = row.Get<std::optional<std::string>>(24),
          .publish = row.Get<std::optional<absl::Time>>(25)};
}

std::vector<Evaluation> EvaluationsOf(const std::vector<db::Row>& rows) {
  std::vector<Evaluation> evaluations;
  evaluations.reserve(rows.size());
  for (const db::Row& row : rows) evaluations.push_back(EvaluationOf(row));
  return evaluations;
}

std::vector<int64_t> ItemsIn(std::string_view text) {
  std::vector<int64_t> items;
  int64_t value = 0;
  for (const char c : text) {
    if (c == ',') {
      items.push_back(std::exchange(value, 0));
    } else {
      value = value * 10 + (c - '0');
    }
  }
  items.push_back(value);
  return items;
}

std::string TextOf(const std::vector<int64_t>& items) { return absl::StrJoin(items, ","); }

}  // namespace

// Campaigns and firms --------------------------------------------------------------------------

bool InsertCampaign(db::Txn& txn, const Campaign& campaign) {
  static constexpr db::Sql kInsert = {
      "evaluation.insert_campaign",
      "INSERT INTO campaign (id, rules_digest, open_us, opened_by) VALUES (?, ?, ?, ?)"};
  return txn.InsertIfAbsent(kInsert, campaign.id, campaign.rules_digest, campaign.open,
                            campaign.opened_by);
}

std::optional<Campaign> FindCampaign(db::Txn& txn, std::string_view id) {
  static constexpr db::Sql kFind = {
      "evaluation.find_campaign",
      "SELECT id, rules_digest, open_us, opened_by FROM campaign WHERE id=?"};
  const std::optional<db::Row> row = txn.QueryOne(kFind, id);
  if (!row) return std::nullopt;
  return Campaign{.id = row->Get<std::string>(0),
                  .rules_digest = row->Get<std::string>(1),
                  .open = row->Get<absl::Time>(2),
                  .opened_by = row->Get<std::string>(3)};
}

audit::SealedRow SealOf(const Campaign& campaign) {
  return audit::Seal("campaign", campaign.id,
                     {{"rules_digest", campaign.rules_digest},
                      {"open_us", campaign.open},
                      {"opened_by", campaign.opened_by}});
}

bool InsertFirm(db::Txn& txn, const Firm& firm) {
  static constexpr db::Sql kInsert = {"evaluation.insert_firm",
                                      "INSERT INTO firm (id, credit_code) VALUES (?, ?)"};
  return txn.InsertIfAbsent(kInsert, firm.id, firm.credit_code);
}

std::optional<Firm> FindFirm(db::Txn& txn, std::string_view id) {
  static constexpr db::Sql kFind = {"evaluation.find_firm",
                                    "SELECT id, credit_code FROM firm WHERE id=?"};
  const std::optional<db::Row> row = txn.QueryOne(kFind, id);
  if (!row) return std::nullopt;
  return Firm{.id = row->Get<std::string>(0), .credit_code = row->Get<std::string>(1)};
}

audit::SealedRow SealOf(const Firm& firm) {
  return audit::Seal("firm", firm.id, {{"credit_code", firm.credit_code}});
}

void InsertAssignments(db::Txn& txn, const std::vector<Assignment>& assignments) {
  static constexpr db::Sql kInsert = {
      "evaluation.insert_assignments",
      "INSERT INTO assignment (id, evaluation_id, firm, assign_us, assigned_by) VALUES"};
  std::vector<db::Param> values;
  for (const Assignment& one : assignments) {
    values.insert(values.end(), {one.id, one.evaluation_id, one.firm, one.assign, one.assigned_by});
  }
  txn.InsertMany(kInsert, 5, values);
}

audit::SealedRow SealOf(const Assignment& assignment) {
  return audit::Seal("assignment", assignment.id,
                     {{"evaluation_id", assignment.evaluation_id},
                      {"firm", assignment.firm},
                      {"assign_us", assignment.assign},
                      {"assigned_by", assignment.assigned_by}});
}

std::vector<std::string> ListFirms(db::Txn& txn, std::string_view evaluation_id) {
  static constexpr db::Sql kList = {
      "evaluation.list_firms",
      "SELECT firm FROM assignment WHERE evaluation_id=? ORDER BY firm LIMIT 100"};
  return Texts(txn.Query(kList, evaluation_id));
}

std::vector<std::string> ListAssigned(db::Txn& txn, const std::vector<std::string>& ids) {
  static constexpr db::Sql kList = {"evaluation.list_assigned",
                                    "SELECT DISTINCT e.id " WANTED
                                    "JOIN assignment a ON a.evaluation_id=e.id LIMIT 500"};
  return Texts(txn.Query(kList, JsonOf(ids)));
}

std::vector<std::string> ListConflicts(db::Txn& txn, const std::vector<std::string>& ids,
                                       std::string_view credit_code) {
  static constexpr db::Sql kList = {
      "evaluation.list_conflicts",
      "SELECT e.id " WANTED
      "JOIN alliance_member m ON m.alliance_id=e.alliance_id AND m.credit_code=? LIMIT 500"};
  return Texts(txn.Query(kList, JsonOf(ids), credit_code));
}

std::vector<AssignedTo> ListAssignedTo(db::Txn& txn, const std::vector<std::string>& ids,
                                       std::string_view firm) {
  static constexpr db::Sql kList = {
      "evaluation.list_assigned_to",
      "SELECT e.id, EXISTS (SELECT 1 FROM firm f JOIN alliance_member m ON "
      "m.credit_code=f.credit_code WHERE f.id=a.firm AND m.alliance_id=e.alliance_id) " WANTED
      "JOIN assignment a ON a.evaluation_id=e.id AND a.firm=? LIMIT 500"};
  std::vector<AssignedTo> assigned;
  for (const db::Row& row : txn.Query(kList, JsonOf(ids), firm)) {
    assigned.push_back({.evaluation_id = row.Get<std::string>(0), .conflict = row.Get<bool>(1)});
  }
  return assigned;
}

// Evaluations ----------------------------------------------------------------------------------

void InsertEvaluation(db::Txn& txn, const Evaluation& e) {
  static constexpr db::Sql kInsert = {
      "evaluation.insert_evaluation",
      "INSERT INTO evaluation (id, alliance_id, year, region, city, lead_code, alliance_name, "
      "state, version, handoff_seq, report_id, report_missed, verified_rd_fen, evidence_sha256, "
      "grade, veto, outlier_answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  txn.Exec(kInsert, e.id, e.alliance_id, e.year, e.region, e.city, e.lead_code, e.alliance_name,
           Word(e.state), e.version, e.handoff_seq, e.report_id, e.report_missed, e.verified_rd_fen,
           e.evidence_sha256, e.grade, e.veto, e.outlier_answer);
}

std::vector<Evaluation> LockEvaluations(db::Txn& txn, const std::vector<std::string>& ids,
                                        const Caller& caller) {
  // By the key that has the lead in it: by the id alone another's row would be locked to look.
  static constexpr db::Sql kByLead = {"evaluation.lock_by_lead",
                                      "SELECT " EVALUATION_COLUMNS WANTED_ROWS
                                      "STRAIGHT_JOIN evaluation e FORCE INDEX (evaluation_lead) ON "
                                      "e.lead_code=? AND e.id=" WANTED_ID
                                      " ORDER BY e.id LIMIT 500 FOR UPDATE"};
  static constexpr db::Sql kByFirm = {
      "evaluation.lock_by_firm",
      "SELECT " EVALUATION_COLUMNS WANTED_ROWS
      "STRAIGHT_JOIN assignment a ON a.evaluation_id=" WANTED_ID
      " AND a.firm=? "
      "STRAIGHT_JOIN evaluation e ON e.id=a.evaluation_id ORDER BY e.id LIMIT 500 FOR UPDATE"};
  static constexpr db::Sql kAny = {"evaluation.lock_any", "SELECT " EVALUATION_COLUMNS WANTED
                                                          "ORDER BY e.id LIMIT 500 FOR UPDATE"};
  // Rows are locked in the order of the list.
  std::vector<std::string> in_order = ids;
  std::sort(in_order.begin(), in_order.end());
  const std::string list = JsonOf(in_order);
  switch (caller.role) {
    case Role::kApplicant:
      return EvaluationsOf(txn.Query(kByLead, list, caller.organisation));
    case Role::kFirm:
      return EvaluationsOf(txn.Query(kByFirm, list, caller.organisation));
    case Role::kProvince:
    case Role::kClock:
      return EvaluationsOf(txn.Query(kAny, list));
    default:
      return {};
  }
}

bool SaveEvaluation(db::Txn& txn, Evaluation& e) {
  static constexpr db::Sql kSave = {
      "evaluation.save_evaluation",
      "UPDATE evaluation SET alliance_id=?, year=?, region=?, city=?, lead_code=?, "
      "alliance_name=?, state=?, version=version+1, handoff_seq=?, report_id=?, "
      "report_missed=?, verified_rd_fen=?, evidence_sha256=?, rules_digest=?, start_us=?, "
      "sum_hundredths=?, expert_count=?, total_hundredths=?, grade=?, veto=?, outlier_answer=?, "
      "preliminary_us=?, appeal_close_us=?, appeal_id=?, publish_us=? WHERE id=? AND version=?"};
  const int64_t matched =
      txn.Exec(kSave, e.alliance_id, e.year, e.region, e.city, e.lead_code, e.alliance_name,
               Word(e.state), e.handoff_seq, e.report_id, e.report_missed, e.verified_rd_fen,
               e.evidence_sha256, e.rules_digest, e.start, e.sum_hundredths, e.expert_count,
               e.total_hundredths, e.grade, e.veto, e.outlier_answer, e.preliminary, e.appeal_close,
               e.appeal_id, e.publish, e.id, e.version);
  if (matched != 1) return false;
  ++e.version;
  return true;
}

audit::SealedRow SealOf(const Evaluation& e) {
  return audit::Seal("evaluation", e.id,
                     {{"alliance_id", e.alliance_id},
                      {"year", e.year},
                      {"region", e.region},
                      {"city", e.city},
                      {"lead_code", e.lead_code},
                      {"alliance_name", e.alliance_name},
                      {"state", Word(e.state)},
                      {"version", e.version},
                      {"handoff_seq", e.handoff_seq},
                      {"report_id", e.report_id},
                      {"report_missed", e.report_missed},
                      {"verified_rd_fen", e.verified_rd_fen},
                      {"evidence_sha256", e.evidence_sha256},
                      {"rules_digest", e.rules_digest},
                      {"start_us", e.start},
                      {"sum_hundredths", e.sum_hundredths},
                      {"expert_count", e.expert_count},
                      {"total_hundredths", e.total_hundredths},
                      {"grade", e.grade},
                      {"veto", e.veto},
                      {"outlier_answer", e.outlier_answer},
                      {"preliminary_us", e.preliminary},
                      {"appeal_close_us", e.appeal_close},
                      {"appeal_id", e.appeal_id},
                      {"publish_us", e.publish}});
}

std::optional<Evaluation> FindEvaluation(db::Txn& txn, std::string_view id, const Caller& reader) {
  static constexpr db::Sql kByLead = {"evaluation.find_by_lead",
                                      "SELECT " EVALUATION_COLUMNS
                                      "FROM evaluation e WHERE e.id=? AND e.lead_code=?"};
  static constexpr db::Sql kByRegion = {"evaluation.find_by_region",
                                        "SELECT " EVALUATION_COLUMNS
                                        "FROM evaluation e WHERE e.id=? AND "
                                        "(e.region=? OR (e.city=? AND e.city<>''))"};
  static constexpr db::Sql kByFirm = {
      "evaluation.find_by_firm",
      "SELECT " EVALUATION_COLUMNS
      "FROM evaluation e JOIN assignment a ON a.evaluation_id=e.id AND a.firm=? WHERE e.id=?"};
  static constexpr db::Sql kAny = {"evaluation.find_any",
                                   "SELECT " EVALUATION_COLUMNS "FROM evaluation e WHERE e.id=?"};
  std::optional<db::Row> row;
  switch (reader.role) {
    case Role::kApplicant:
      row = txn.QueryOne(kByLead, id, reader.organisation);
      break;
    case Role::kRecommender:
      row = txn.QueryOne(kByRegion, id, reader.region, reader.region);
      break;
    case Role::kFirm:
      row = txn.QueryOne(kByFirm, reader.organisation, id);
      break;
    case Role::kProvince:
    case Role::kRecorder:
    case Role::kFinance:
    case Role::kApprover:
    case Role::kAuditor:
      row = txn.QueryOne(kAny, id);
      break;
    default:
      break;
  }
  if (!row) return std::nullopt;
  return EvaluationOf(*row);
}

std::vector<Evaluation> ListEvaluations(db::Txn& txn, const Caller& reader, std::string_view after,
                                        int limit) {
  static constexpr db::Sql kByLead = {
      "evaluation.list_by_lead",
      "SELECT " EVALUATION_COLUMNS
      "FROM evaluation e WHERE e.lead_code=? AND e.id>? ORDER BY e.id LIMIT ?"};
  static constexpr db::Sql kByRegion = {
      "evaluation.list_by_region",
      "SELECT " EVALUATION_COLUMNS
      "FROM evaluation e WHERE (e.region=? OR (e.city=? AND e.city<>'')) AND e.id>? "
      "ORDER BY e.id LIMIT ?"};
  static constexpr db::Sql kByFirm = {
      "evaluation.list_by_firm",
      "SELECT " EVALUATION_COLUMNS
      "FROM assignment a JOIN evaluation e ON e.id=a.evaluation_id "
      "WHERE a.firm=? AND a.evaluation_id>? ORDER BY a.evaluation_id LIMIT ?"};
  static constexpr db::Sql kAny = {"evaluation.list_any",
                                   "SELECT " EVALUATION_COLUMNS
                                   "FROM evaluation e WHERE e.id>? ORDER BY e.id LIMIT ?"};
  switch (reader.role) {
    case Role::kApplicant:
      return EvaluationsOf(txn.Query(kByLead, reader.organisation, after, limit));
    case Role::kRecommender:
      return EvaluationsOf(txn.Query(kByRegion, reader.region, reader.region, after, limit));
    case Role::kFirm:
      return EvaluationsOf(txn.Query(kByFirm, reader.organisation, after, limit));
    case Role::kProvince:
    case Role::kRecorder:
    case Role::kFinance:
    case Role::kApprover:
    case Role::kAuditor:
      return EvaluationsOf(txn.Query(kAny, after, limit));
    default:
      return {};
  }
}

// Reports, scores and appeals ------------------------------------------------------------------

void InsertReport(db::Txn& txn, const Report& report) {
  static constexpr db::Sql kInsert = {
      "evaluation.insert_report",
      "INSERT INTO report_version (id, evaluation_id, report, report_sha256, verified_rd_fen, "
      "receive_us) VALUES (?, ?, ?, ?, ?, ?)"};
  txn.Exec(kInsert, report.id, report.evaluation_id, report.report, report.report_sha256,
           report.verified_rd_fen, report.receive);
}

std::optional<std::string> FindReport(db::Txn& txn, std::string_view id) {
  static constexpr db::Sql kFind = {"evaluation.find_report",
                                    "SELECT report FROM report_version WHERE id=?"};
  const std::optional<db::Row> row = txn.QueryOne(kFind, id);
  if (!row) return std::nullopt;
  return row->Get<std::string>(0);
}

audit::SealedRow SealOf(const Report& report) {
  return audit::Seal("report_version", report.id,
                     {{"evaluation_id", report.evaluation_id},
                      {"report", report.report},
                      {"report_sha256", report.report_sha256},
                      {"verified_rd_fen", report.verified_rd_fen},
                      {"receive_us", report.receive}});
}

void InsertScores(db::Txn& txn, const std::vector<Score>& scores) {
  static constexpr db::Sql kInsert = {
      "evaluation.insert_scores",
      "INSERT INTO evaluation_score (id, evaluation_id, firm, expert, revision, items, "
      "total_hundredths, comment, push_us, pushed_by) VALUES"};
  std::vector<std::string> items;
  items.reserve(scores.size());
  std::vector<db::Param> values;
  for (const Score& s : scores) {
    items.push_back(TextOf(s.item_hundredths));
    values.insert(values.end(), {s.id, s.evaluation_id, s.firm, s.expert, s.revision, items.back(),
                                 s.total_hundredths, s.comment, s.push, s.pushed_by});
  }
  txn.InsertMany(kInsert, 10, values);
}

std::vector<Score> ListScores(db::Txn& txn, std::string_view evaluation_id, std::string_view firm) {
  static constexpr db::Sql kList = {
      "evaluation.list_scores",
      "SELECT s.id, s.evaluation_id, s.firm, s.expert, s.revision, s.items, s.total_hundredths, "
      "s.comment, s.push_us, s.pushed_by FROM evaluation_score s "
      "WHERE s.evaluation_id=? AND (?='' OR s.firm=?) AND NOT EXISTS (SELECT 1 FROM "
      "evaluation_score n WHERE n.evaluation_id=s.evaluation_id AND n.firm=s.firm AND "
      "n.expert=s.expert AND n.revision=s.revision+1) ORDER BY s.firm, s.expert LIMIT 1000"};
  std::vector<Score> scores;
  for (const db::Row& row : txn.Query(kList, evaluation_id, firm, firm)) {
    scores.push_back({.id = row.Get<std::string>(0),
                      .evaluation_id = row.Get<std::string>(1),
                      .firm = row.Get<std::string>(2),
                      .expert = row.Get<std::string>(3),
                      .revision = row.Get<int32_t>(4),
                      .item_hundredths = ItemsIn(row.Get<std::string>(5)),
                      .total_hundredths = row.Get<int32_t>(6),
                      .comment = row.Get<std::string>(7),
                      .push = row.Get<absl::Time>(8),
                      .pushed_by = row.Get<std::string>(9)});
  }
  return scores;
}

audit::SealedRow SealOf(const Score& score) {
  const std::string items = TextOf(score.item_hundredths);
  return audit::Seal("evaluation_score", score.id,
                     {{"evaluation_id", score.evaluation_id},
                      {"firm", score.firm},
                      {"expert", score.expert},
                      {"revision", score.revision},
                      {"items", items},
                      {"total_hundredths", score.total_hundredths},
                      {"comment", score.comment},
                      {"push_us", score.push},
                      {"pushed_by", score.pushed_by}});
}

std::vector<LatestRevision> ListRevisions(db::Txn& txn, const std::vector<std::string>& ids,
                                          std::string_view firm) {
  static constexpr db::Sql kList = {
      "evaluation.list_revisions",
      "SELECT e.id, s.expert, MAX(s.revision) " WANTED
      "JOIN evaluation_score s ON s.evaluation_id=e.id AND s.firm=? GROUP BY e.id, s.expert "
      "LIMIT 20000"};
  std::vector<LatestRevision> revisions;
  for (const db::Row& row : txn.Query(kList, JsonOf(ids), firm)) {
    revisions.push_back({.evaluation_id = row.Get<std::string>(0),
                         .expert = row.Get<std::string>(1),
                         .revision = row.Get<int32_t>(2)});
  }
  return revisions;
}

void InsertAppeal(db::Txn& txn, const Appeal& appeal) {
  static constexpr db::Sql kInsert = {
      "evaluation.insert_appeal",
      "INSERT INTO appeal (id, evaluation_id, grounds, evidence_title, evidence_sha256, file_us, "
      "filed_by) VALUES (?, ?, ?, ?, ?, ?, ?)"};
  txn.Exec(kInsert, appeal.id, appeal.evaluation_id, appeal.grounds, appeal.evidence_title,
           appeal.evidence_sha256, appeal.file, appeal.filed_by);
}

void InsertAppealDecision(db::Txn& txn, const AppealDecision& decision) {
  static constexpr db::Sql kInsert = {"evaluation.insert_appeal_decision",
                                      "INSERT INTO appeal_decision (id, evaluation_id, answer, "
                                      "paper_title, paper_sha256, rescored, "
                                      "decide_us, decided_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};
  txn.Exec(kInsert, decision.id, decision.evaluation_id, decision.answer, decision.paper_title,
           decision.paper_sha256, decision.rescored, decision.decide, decision.decided_by);
}

std::optional<AppealTexts> FindAppeal(db::Txn& txn, std::string_view id) {
  static constexpr db::Sql kFind = {"evaluation.find_appeal",
                                    "SELECT a.grounds, d.answer FROM appeal a LEFT JOIN "
                                    "appeal_decision d ON d.id=a.id WHERE a.id=?"};
  const std::optional<db::Row> row = txn.QueryOne(kFind, id);
  if (!row) return std::nullopt;
  return AppealTexts{.grounds = row->Get<std::string>(0),
                     .answer = row->Get<std::optional<std::string>>(1).value_or("")};
}

std::vector<OpenAppeals> ListOpenAppeals(db::Txn& txn, const std::vector<std::string>& ids) {
  static constexpr db::Sql kList = {
      "evaluation.list_open_appeals",
      "SELECT e.id, COUNT(1) " WANTED
      "JOIN appeal a ON a.evaluation_id=e.id LEFT JOIN appeal_decision d ON d.id=a.id "
      "WHERE d.id IS NULL GROUP BY e.id LIMIT 500"};
  std::vector<OpenAppeals> counts;
  for (const db::Row& row : txn.Query(kList, JsonOf(ids))) {
    counts.push_back({.evaluation_id = row.Get<std::string>(0), .count = row.Get<int>(1)});
  }
  return counts;
}

audit::SealedRow SealOf(const Appeal& appeal) {
  return audit::Seal("appeal", appeal.id,
                     {{"evaluation_id", appeal.evaluation_id},
                      {"grounds", appeal.grounds},
                      {"evidence_title", appeal.evidence_title},
                      {"evidence_sha256", appeal.evidence_sha256},
                      {"file_us", appeal.file},
                      {"filed_by", appeal.filed_by}});
}

audit::SealedRow SealOf(const AppealDecision& decision) {
  return audit::Seal("appeal_decision", decision.id,
                     {{"evaluation_id", decision.evaluation_id},
                      {"answer", decision.answer},
                      {"paper_title", decision.paper_title},
                      {"paper_sha256", decision.paper_sha256},
                      {"rescored", decision.rescored},
                      {"decide_us", decision.decide},
                      {"decided_by", decision.decided_by}});
}

#undef WANTED_ROWS
#undef WANTED_ID
#undef WANTED
#undef EVALUATION_COLUMNS

}  // namespace alliance::evaluation
