#include "services/subsidy/subsidy_store.h"

#include <utility>

namespace alliance::subsidy {
namespace {

using domain::Caller;
using domain::Role;
using domain::State;

std::string_view Word(State state) { return domain::WordOf(state); }

// A word that the CHECK of its column let in.
State StateAt(const db::Row& row, size_t column, State otherwise) {
  return domain::StateOf(row.Get<std::string>(column)).value_or(otherwise);
}

#define CASE_COLUMNS                                                                               \
  "id, alliance_id, year, region, city, lead_code, lead_name, registry_number, first_receive_us, " \
  "state, version, handoff_seq, grade, total_hundredths, verified_rd_fen, evidence_sha256, "       \
  "run_id, amount_fen, notice_open_us, notice_close_us, claim_fen, rules_digest "

// An alliance struck off the registry (取消备案) gets nothing from then on.
#define STILL_REGISTERED \
  "AND alliance_id NOT IN (SELECT a.id FROM alliance a WHERE a.state='DEREGISTERED') "

Case CaseOf(const db::Row& row) {
  return {.id = row.Get<std::string>(0),
          .alliance_id = row.Get<std::string>(1),
          .year = row.Get<int>(2),
          .region = row.Get<std::string>(3),
          .city = row.Get<std::string>(4),
          .lead_code = row.Get<std::string>(5),
          .lead_name = row.Get<std::string>(6),
          .registry_number = row.Get<std::string>(7),
          .first_receive = row.Get<absl::Time>(8),
          .state = StateAt(row, 9, State::kEvaluated),
          .version = row.Get<int64_t>(10),
          .handoff_seq = row.Get<int32_t>(11),
          .grade = row.Get<std::string>(12),
          .total_hundredths = row.Get<int32_t>(13),
          .verified_rd_fen = row.Get<int64_t>(14),
          .evidence_sha256 = row.Get<std::optional<std::string>>(15),
          .run_id = row.Get<std::optional<std::string>>(16),
          .amount_fen = row.Get<int64_t>(17),
          .notice_open = row.Get<std::optional<absl::Time>>(18),
          .notice_close = row.Get<std::optional<absl::Time>>(19),
          .claim_fen = row.Get<int64_t>(20),
          .rules_digest = row.Get<std::optional<std::string>>(21)};
}

std::vector<Case> CasesOf(const std::vector<db::Row>& rows) {
  std::vector<Case> cases;
  cases.reserve(rows.size());
  for (const db::Row& row : rows) cases.push_back(CaseOf(row));
  return cases;
}

std::optional<Case> CaseOf(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return CaseOf(*row);
}

#define RUN_COLUMNS                                                                              \
  "id, plan_id, state, version, rules_digest, method, policies, budget_fen, total_fen, digest, " \
  "preparer, prepare_us, frozen_by, freeze_us "

std::optional<Run> RunOf(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return Run{.id = row->Get<std::string>(0),
             .plan_id = row->Get<std::string>(1),
             .frozen = row->Get<std::string>(2) == "FROZEN",
             .version = row->Get<int64_t>(3),
             .rules_digest = row->Get<std::string>(4),
             .method = row->Get<std::string>(5),
             .policies = row->Get<std::string>(6),
             .budget_fen = row->Get<int64_t>(7),
             .total_fen = row->Get<int64_t>(8),
             .digest = row->Get<std::string>(9),
             .preparer = row->Get<std::string>(10),
             .prepare = row->Get<absl::Time>(11),
             .frozen_by = row->Get<std::string>(12),
             .freeze = row->Get<std::optional<absl::Time>>(13)};
}

RunLine LineOf(const db::Row& row) {
  return {.id = row.Get<std::string>(0),
          .run_id = row.Get<std::string>(1),
          .case_id = row.Get<std::string>(2),
          .case_version = row.Get<int64_t>(3),
          .amount_fen = row.Get<int64_t>(4),
          .content = row.Get<std::string>(5)};
}

std::string_view RunState(const Run& run) { return run.frozen ? "FROZEN" : "PREPARED"; }

}  // namespace

// Alliances ------------------------------------------------------------------------------------

void InsertAlliance(db::Txn& txn, const Alliance& a) {
  static constexpr db::Sql kInsert = {
      "subsidy.insert_alliance",
      "INSERT INTO alliance (id, registry_number, lead_name, lead_code, region, city, "
      "first_receive_us, state, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  txn.Exec(kInsert, a.id, a.registry_number, a.lead_name, a.lead_code, a.region, a.city,
           a.first_receive, Word(a.state), a.version);
}

std::optional<Alliance> LockAlliance(db::Txn& txn, std::string_view id) {
  static constexpr db::Sql kLock = {
      "subsidy.lock_alliance",
      "SELECT id, registry_number, lead_name, lead_code, region, city, first_receive_us, state, "
      "version FROM alliance WHERE id=? FOR UPDATE"};
  const auto row = txn.QueryOne(kLock, id);
  if (!row) return std::nullopt;
  return Alliance{.id = row->Get<std::string>(0),
                  .registry_number = row->Get<std::string>(1),
                  .lead_name = row->Get<std::string>(2),
                  .lead_code = row->Get<std::string>(3),
                  .region = row->Get<std::string>(4),
                  .city = row->Get<std::string>(5),
                  .first_receive = row->Get<absl::Time>(6),
                  .state = StateAt(*row, 7, State::kRegistered),
                  .version = row->Get<int64_t>(8)};
}

bool SaveAlliance(db::Txn& txn, Alliance& a) {
  static constexpr db::Sql kSave = {
      "subsidy.save_alliance",
      "UPDATE alliance SET registry_number=?, lead_name=?, lead_code=?, region=?, city=?, "
      "first_receive_us=?, state=?, version=version+1 WHERE id=? AND version=?"};
  if (txn.Exec(kSave, a.registry_number, a.lead_name, a.lead_code, a.region, a.city,
               a.first_receive, Word(a.state), a.id, a.version) != 1) {
    return false;
  }
  ++a.version;
  return true;
}

audit::SealedRow SealOf(const Alliance& a) {
  return audit::Seal("alliance", a.id,
                     {{"registry_number", a.registry_number},
                      {"lead_name", a.lead_name},
                      {"lead_code", a.lead_code},
                      {"region", a.region},
                      {"city", a.city},
                      {"first_receive_us", a.first_receive},
                      {"state", Word(a.state)},
                      {"version", a.version}});
}

// The plan -------------------------------------------------------------------------------------

bool InsertPlan(db::Txn& txn, const Plan& p) {
  static constexpr db::Sql kInsert = {
      "subsidy.insert_plan",
      "INSERT INTO plan (id, budget_fen, used_fen, rules_digest, version, open_us, opened_by, "
      "document_sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};
  return txn.InsertIfAbsent(kInsert, p.id, p.budget_fen, p.used_fen, p.rules_digest, p.version,
                            p.open, p.opened_by, p.document_sha256);
}

std::optional<Plan> FindPlan(db::Txn& txn, std::string_view id) {
  static constexpr db::Sql kFind = {
      "subsidy.find_plan",
      "SELECT id, budget_fen, used_fen, rules_digest, version, open_us, opened_by, document_sha256 "
      "FROM plan WHERE id=?"};
  const auto row = txn.QueryOne(kFind, id);
  if (!row) return std::nullopt;
  return Plan{.id = row->Get<std::string>(0),
              .budget_fen = row->Get<int64_t>(1),
              .used_fen = row->Get<int64_t>(2),
              .rules_digest = row->Get<std::string>(3),
              .version = row->Get<int64_t>(4),
              .open = row->Get<absl::Time>(5),
              .opened_by = row->Get<std::string>(6),
              .document_sha256 = row->Get<std::string>(7)};
}

bool Reserve(db::Txn& txn, std::string_view plan_id, int64_t amount_fen) {
  static constexpr db::Sql kReserve = {"subsidy.reserve",
                                       "UPDATE plan SET used_fen=used_fen+?, version=version+1 "
                                       "WHERE id=? AND used_fen+?<=budget_fen"};
  return txn.Exec(kReserve, amount_fen, plan_id, amount_fen) == 1;
}

bool GiveBack(db::Txn& txn, std::string_view plan_id, int64_t amount_fen) {
  static constexpr db::Sql kGiveBack = {
      "subsidy.give_back",
      "UPDATE plan SET used_fen=used_fen-?, version=version+1 WHERE id=? AND used_fen>=?"};
  return txn.Exec(kGiveBack, amount_fen, plan_id, amount_fen) == 1;
}

audit::SealedRow SealOf(const Plan& p) {
  return audit::Seal("plan", p.id,
                     {{"budget_fen", p.budget_fen},
                      {"used_fen", p.used_fen},
                      {"rules_digest", p.rules_digest},
                      {"version", p.version},
                      {"document_sha256", p.document_sha256}});
}

// Cases ----------------------------------------------------------------------------------------

void InsertCase(db::Txn& txn, const Case& c) {
  static constexpr db::Sql kInsert = {
      "subsidy.insert_case",
      "INSERT INTO subsidy_case (" CASE_COLUMNS
      ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  txn.Exec(kInsert, c.id, c.alliance_id, c.year, c.region, c.city, c.lead_code, c.lead_name,
           c.registry_number, c.first_receive, Word(c.state), c.version, c.handoff_seq, c.grade,
           c.total_hundredths, c.verified_rd_fen, c.evidence_sha256, c.run_id, c.amount_fen,
           c.notice_open, c.notice_close, c.claim_fen, c.rules_digest);
}

std::optional<Case> LockCase(db::Txn& txn, std::string_view id) {
  static constexpr db::Sql kLock = {
      "subsidy.lock_case", "SELECT " CASE_COLUMNS "FROM subsidy_case WHERE id=? FOR UPDATE"};
  return CaseOf(txn.QueryOne(kLock, id));
}

std::vector<Case> ListEvaluated(db::Txn& txn, int year) {
  static constexpr db::Sql kList = {
      "subsidy.list_evaluated",
      "SELECT " CASE_COLUMNS
      "FROM subsidy_case WHERE year=? AND state='EVALUATED' " STILL_REGISTERED
      "ORDER BY id LIMIT 100000"};
  return CasesOf(txn.Query(kList, year));
}

std::vector<Case> LockEvaluated(db::Txn& txn, int year) {
  static constexpr db::Sql kLock = {
      "subsidy.lock_evaluated",
      "SELECT " CASE_COLUMNS
      "FROM subsidy_case WHERE year=? AND state='EVALUATED' " STILL_REGISTERED
      "ORDER BY id LIMIT 100000 FOR UPDATE"};
  return CasesOf(txn.Query(kLock, year));
}

std::vector<Case> LockCasesOfRun(db::Txn& txn, std::string_view run_id) {
  static constexpr db::Sql kLock = {
      "subsidy.lock_cases_of_run",
      "SELECT " CASE_COLUMNS
      "FROM subsidy_case WHERE run_id=? ORDER BY id LIMIT 100000 FOR UPDATE"};
  return CasesOf(txn.Query(kLock, run_id));
}

bool SaveCase(db::Txn& txn, Case& c) {
  static constexpr db::Sql kSave = {
      "subsidy.save_case",
      "UPDATE subsidy_case SET alliance_id=?, year=?, region=?, city=?, lead_code=?, lead_name=?, "
      "registry_number=?, first_receive_us=?, state=?, handoff_seq=?, grade=?, total_hundredths=?, "
      "verified_rd_fen=?, evidence_sha256=?, run_id=?, amount_fen=?, notice_open_us=?, "
      "notice_close_us=?, claim_fen=?, rules_digest=?, version=version+1 WHERE id=? AND version=?"};
  if (txn.Exec(kSave, c.alliance_id, c.year, c.region, c.city, c.lead_code, c.lead_name,
               c.registry_number, c.first_receive, Word(c.state), c.handoff_seq, c.grade,
               c.total_hundredths, c.verified_rd_fen, c.evidence_sha256, c.run_id, c.amount_fen,
               c.notice_open, c.notice_close, c.claim_fen, c.rules_digest, c.id, c.version) != 1) {
    return false;
  }
  ++c.version;
  return true;
}

audit::SealedRow SealOf(const Case& c) {
  return audit::Seal("subsidy_case", c.id,
                     {{"alliance_id", c.alliance_id},
                      {"year", c.year},
                      {"region", c.region},
                      {"city", c.city},
                      {"lead_code", c.lead_code},
                      {"lead_name", c.lead_name},
                      {"registry_number", c.registry_number},
                      {"first_receive_us", c.first_receive},
                      {"state", Word(c.state)},
                      {"version", c.version},
                      {"handoff_seq", c.handoff_seq},
                      {"grade", c.grade},
                      {"total_hundredths", c.total_hundredths},
                      {"verified_rd_fen", c.verified_rd_fen},
                      {"evidence_sha256", c.evidence_sha256},
                      {"run_id", c.run_id},
                      {"amount_fen", c.amount_fen},
                      {"notice_open_us", c.notice_open},
                      {"notice_close_us", c.notice_close},
                      {"claim_fen", c.claim_fen},
                      {"rules_digest", c.rules_digest}});
}

std::optional<Case> FindCase(db::Txn& txn, std::string_view id, const Caller& reader) {
  static constexpr db::Sql kByLead = {"subsidy.find_case_by_lead",
                                      "SELECT " CASE_COLUMNS
                                      "FROM subsidy_case WHERE id=? AND lead_code=?"};
  static constexpr db::Sql kByRegion = {
      "subsidy.find_case_by_region",
      "SELECT " CASE_COLUMNS
      "FROM subsidy_case WHERE id=? AND (region=? OR (city<>'' AND city=?))"};
  static constexpr db::Sql kAny = {"subsidy.find_case_any",
                                   "SELECT " CASE_COLUMNS "FROM subsidy_case WHERE id=?"};
  switch (reader.role) {
    case Role::kApplicant:
      return CaseOf(txn.QueryOne(kByLead, id, reader.organisation));
    case Role::kRecommender:
      return CaseOf(txn.QueryOne(kByRegion, id, reader.region, reader.region));
    case Role::kProvince:
    case Role::kRecorder:
    case Role::kFinance:
    case Role::kApprover:
    case Role::kAuditor:
      return CaseOf(txn.QueryOne(kAny, id));
    default:
      return std::nullopt;
  }
}

std::vector<Case> ListCases(db::Txn& txn, const Caller& reader, std::string_view after, int limit) {
  static constexpr db::Sql kByLead = {
      "subsidy.list_cases_by_lead",
      "SELECT " CASE_COLUMNS "FROM subsidy_case WHERE lead_code=? AND id>? ORDER BY id LIMIT ?"};
  static constexpr db::Sql kByRegion = {
      "subsidy.list_cases_by_region",
      "SELECT " CASE_COLUMNS
      "FROM subsidy_case WHERE (region=? OR (city<>'' AND city=?)) AND id>? ORDER BY id LIMIT ?"};
  static constexpr db::Sql kAny = {"subsidy.list_cases_any",
                                   "SELECT " CASE_COLUMNS
                                   "FROM subsidy_case WHERE id>? ORDER BY id LIMIT ?"};
  switch (reader.role) {
    case Role::kApplicant:
      return CasesOf(txn.Query(kByLead, reader.organisation, after, limit));
    case Role::kRecommender:
      return CasesOf(txn.Query(kByRegion, reader.region, reader.region, after, limit));
    case Role::kProvince:
    case Role::kRecorder:
    case Role::kFinance:
    case Role::kApprover:
    case Role::kAuditor:
      return CasesOf(txn.Query(kAny, after, limit));
    default:
      return {};
  }
}

// Runs -----------------------------------------------------------------------------------------

void InsertRun(db::Txn& txn, const Run& r, const std::vector<RunLine>& lines) {
  static constexpr db::Sql kInsert = {"subsidy.insert_run",
                                      "INSERT INTO subsidy_run (" RUN_COLUMNS
                                      ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  static constexpr db::Sql kInsertLines = {
      "subsidy.insert_lines",
      "INSERT INTO subsidy_line (id, run_id, case_id, case_version, amount_fen, content) VALUES"};
  txn.Exec(kInsert, r.id, r.plan_id, RunState(r), r.version, r.rules_digest, r.method, r.policies,
           r.budget_fen, r.total_fen, r.digest, r.preparer, r.prepare, r.frozen_by, r.freeze);
  std::vector<db::Param> values;
  for (const RunLine& line : lines) {
    values.insert(values.end(), {line.id, line.run_id, line.case_id, line.case_version,
                                 line.amount_fen, line.content});
  }
  if (!lines.empty()) txn.InsertMany(kInsertLines, 6, values);
}

std::optional<Run> FindRun(db::Txn& txn, std::string_view id) {
  static constexpr db::Sql kFind = {"subsidy.find_run",
                                    "SELECT " RUN_COLUMNS "FROM subsidy_run WHERE id=?"};
  return RunOf(txn.QueryOne(kFind, id));
}

std::optional<Run> LockRun(db::Txn& txn, std::string_view id) {
  static constexpr db::Sql kLock = {"subsidy.lock_run",
                                    "SELECT " RUN_COLUMNS "FROM subsidy_run WHERE id=? FOR UPDATE"};
  return RunOf(txn.QueryOne(kLock, id));
}

bool SaveRun(db::Txn& txn, Run& r) {
  static constexpr db::Sql kSave = {
      "subsidy.save_run",
      "UPDATE subsidy_run SET state=?, frozen_by=?, freeze_us=?, version=version+1 "
      "WHERE id=? AND version=?"};
  if (txn.Exec(kSave, RunState(r), r.frozen_by, r.freeze, r.id, r.version) != 1) return false;
  ++r.version;
  return true;
}

std::vector<RunLine> ListLines(db::Txn& txn, std::string_view run_id) {
  static constexpr db::Sql kList = {
      "subsidy.list_lines",
      "SELECT id, run_id, case_id, case_version, amount_fen, content FROM subsidy_line "
      "WHERE run_id=? ORDER BY case_id LIMIT 100000"};
  std::vector<RunLine> lines;
  for (const db::Row& row : txn.Query(kList, run_id)) lines.push_back(LineOf(row));
  return lines;
}

std::optional<RunLine> FindLine(db::Txn& txn, std::string_view run_id, std::string_view case_id) {
  static constexpr db::Sql kFind = {
      "subsidy.find_line",
      "SELECT id, run_id, case_id, case_version, amount_fen, content FROM subsidy_line "
      "WHERE run_id=? AND case_id=?"};
  const auto row = txn.QueryOne(kFind, run_id, case_id);
  if (!row) return std::nullopt;
  return LineOf(*row);
}

audit::SealedRow SealOf(const Run& r) {
  return audit::Seal("subsidy_run", r.id,
                     {{"plan_id", r.plan_id},
                      {"state", RunState(r)},
                      {"version", r.version},
                      {"rules_digest", r.rules_digest},
                      {"method", r.method},
                      {"policies", r.policies},
                      {"budget_fen", r.budget_fen},
                      {"total_fen", r.total_fen},
                      {"digest", r.digest},
                      {"preparer", r.preparer},
                      {"frozen_by", r.frozen_by}});
}

audit::SealedRow SealOf(const RunLine& line) {
  return audit::Seal("subsidy_line", line.id,
                     {{"run_id", line.run_id},
                      {"case_id", line.case_id},
                      {"case_version", line.case_version},
                      {"amount_fen", line.amount_fen},
                      {"content", line.content}});
}

// Objections -----------------------------------------------------------------------------------

void InsertObjection(db::Txn& txn, const Objection& o) {
  static constexpr db::Sql kInsert = {
      "subsidy.insert_objection",
      "INSERT INTO objection (id, case_id, objector_name, "
      "objector_contact, grounds, evidence_title, "
      "evidence_sha256, receive_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};
  txn.Exec(kInsert, o.id, o.case_id, o.objector_name, o.objector_contact, o.grounds,
           o.evidence_title, o.evidence_sha256, o.receive);
}

std::vector<Objection> ListObjections(db::Txn& txn, std::string_view case_id) {
  static constexpr db::Sql kList = {
      "subsidy.list_objections",
      "SELECT id, case_id, objector_name, objector_contact, grounds, evidence_title, "
      "evidence_sha256, "
      "receive_us FROM objection WHERE case_id=? ORDER BY id LIMIT 1000"};
  std::vector<Objection> objections;
  for (const db::Row& row : txn.Query(kList, case_id)) {
    objections.push_back({.id = row.Get<std::string>(0),
                          .case_id = row.Get<std::string>(1),
                          .objector_name = row.Get<std::string>(2),
                          .objector_contact = row.Get<std::string>(3),
                          .grounds = row.Get<std::string>(4),
                          .evidence_title = row.Get<std::string>(5),
                          .evidence_sha256 = row.Get<std::string>(6),
                          .receive = row.Get<absl::Time>(7)});
  }
  return objections;
}

int32_t CountObjections(db::Txn& txn, std::string_view case_id) {
  static constexpr db::Sql kCount = {"subsidy.count_objections",
                                     "SELECT COUNT(1) FROM objection WHERE case_id=?"};
  return txn.QueryOne(kCount, case_id)->Get<int32_t>(0);
}

audit::SealedRow SealOf(const Objection& o) {
  return audit::Seal("objection", o.id,
                     {{"case_id", o.case_id},
                      {"objector_name", o.objector_name},
                      {"objector_contact", o.objector_contact},
                      {"grounds", o.grounds},
                      {"evidence_title", o.evidence_title},
                      {"evidence_sha256", o.evidence_sha256},
                      {"receive_us", o.receive}});
}

void InsertObjectionDecision(db::Txn& txn, const ObjectionDecision& d) {
  static constexpr db::Sql kInsert = {
      "subsidy.insert_objection_decision",
      "INSERT INTO objection_decision (id, case_id, action, objections, reason, record_number, "
      "record_title, record_issuer, record_date, record_sha256, account, decide_us) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  txn.Exec(kInsert, d.id, d.case_id, d.action, d.objections, d.reason, d.record.number,
           d.record.title, d.record.issuer, d.record.date, d.record.sha256, d.account, d.decide);
}

audit::SealedRow SealOf(const ObjectionDecision& d) {
  return audit::Seal("objection_decision", d.id,
                     {{"case_id", d.case_id},
                      {"action", d.action},
                      {"objections", d.objections},
                      {"reason", d.reason},
                      {"record_number", d.record.number},
                      {"record_title", d.record.title},
                      {"record_issuer", d.record.issuer},
                      {"record_date", d.record.date},
                      {"record_sha256", d.record.sha256},
                      {"account", d.account},
                      {"decide_us", d.decide}});
}

}  // namespace alliance::subsidy
