#include "services/filing/registry_store.h"

#include <stdexcept>

#include "common/base/str.h"
#include "common/domain/errors.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Refuse;

#define ALLIANCE_COLUMNS                                                              \
  "a.id, a.registry_number, a.round_id, a.decision_id, a.alliance_name, a.lead_name," \
  " a.lead_code, a.region, a.city, a.register_us, a.register_day, a.construction_day"
constexpr size_t kAllianceColumns = 12;

AllianceRow ReadAlliance(const db::Row& row) {
  return {.id = row.Get<std::string>(0),
          .registry_number = row.Get<std::string>(1),
          .round_id = row.Get<std::string>(2),
          .decision_id = row.Get<std::string>(3),
          .alliance_name = row.Get<std::string>(4),
          .lead_name = row.Get<std::string>(5),
          .lead_code = row.Get<std::string>(6),
          .region = row.Get<std::string>(7),
          .city = row.Get<std::string>(8),
          .registered = row.Get<absl::Time>(9),
          .register_day = row.Get<std::string>(10),
          .construction_day = row.Get<std::string>(11)};
}

domain::State StateIn(const db::Row& row, size_t column) {
  const auto state = domain::StateOf(row.Get<std::string>(column));
  if (!state) throw std::runtime_error("a stored state is not of this release");
  return *state;
}

RegisteredAlliance ReadRegistered(const db::Row& row) {
  return {.row = ReadAlliance(row),
          .state = StateIn(row, kAllianceColumns),
          .version = row.Get<int64_t>(kAllianceColumns + 1),
          .due = row.Get<std::optional<absl::Time>>(kAllianceColumns + 2)};
}

#define YEAR_COLUMNS                                                                          \
  "y.id, y.alliance_id, y.year, y.lead_code, y.region, y.city, y.state, y.holder, y.version," \
  " y.handoff_seq, y.report_number, y.report_opens_us, y.report_until_us, y.due_us,"          \
  " y.verified_rd_fen, y.paid_fen, y.bank_reference, y.update_us"

std::optional<YearRow> ReadYear(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  const auto holder = domain::OwnerOfWord(row->Get<std::string>(7));
  if (!holder) throw std::runtime_error("a stored holder is not of this release");
  return YearRow{.id = row->Get<std::string>(0),
                 .alliance_id = row->Get<std::string>(1),
                 .year = row->Get<int>(2),
                 .lead_code = row->Get<std::string>(3),
                 .region = row->Get<std::string>(4),
                 .city = row->Get<std::string>(5),
                 .state = StateIn(*row, 6),
                 .holder = *holder,
                 .version = row->Get<int64_t>(8),
                 .handoff_seq = row->Get<int32_t>(9),
                 .report_number = row->Get<int32_t>(10),
                 .report_opens = row->Get<absl::Time>(11),
                 .report_until = row->Get<absl::Time>(12),
                 .due = row->Get<std::optional<absl::Time>>(13),
                 .verified_rd_fen = row->Get<std::optional<int64_t>>(14),
                 .paid_fen = row->Get<std::optional<int64_t>>(15),
                 .bank_reference = row->Get<std::optional<std::string>>(16),
                 .update = row->Get<absl::Time>(17)};
}

std::string ReportId(const YearRow& of) { return base::StrCat(of.id, "/", of.report_number); }

}  // namespace

std::vector<audit::SealedRow> InsertAlliances(db::Txn& txn, const std::vector<AllianceRow>& rows) {
  static constexpr db::Sql kInsert = {
      "filing.insert_alliances",
      "INSERT INTO alliance (id, registry_number, round_id, decision_id, alliance_name, lead_name,"
      " lead_code, region, city, register_us, register_day, construction_day) VALUES"};
  std::vector<db::Param> values;
  std::vector<audit::SealedRow> sealed;
  for (const AllianceRow& row : rows) {
    values.insert(values.end(), {row.id, row.registry_number, row.round_id, row.decision_id,
                                 row.alliance_name, row.lead_name, row.lead_code, row.region,
                                 row.city, row.registered, row.register_day, row.construction_day});
    sealed.push_back(audit::Seal("alliance", row.id,
                                 {{"registry_number", row.registry_number},
                                  {"round_id", row.round_id},
                                  {"decision_id", row.decision_id},
                                  {"alliance_name", row.alliance_name},
                                  {"lead_name", row.lead_name},
                                  {"lead_code", row.lead_code},
                                  {"region", row.region},
                                  {"city", row.city},
                                  {"register_us", row.registered},
                                  {"register_day", row.register_day},
                                  {"construction_day", row.construction_day}}));
  }
  if (!rows.empty()) txn.InsertMany(kInsert, 12, values);
  return sealed;
}

std::optional<RegisteredAlliance> FindAlliance(db::Txn& txn, std::string_view id,
                                               const Scope& scope) {
  static constexpr db::Sql kFind = {
      "filing.find_alliance",
      "SELECT " ALLIANCE_COLUMNS
      ", p.state, p.version, p.due_us FROM alliance a"
      " JOIN application p ON p.id=a.id WHERE a.id=? AND (?='' OR a.lead_code=?)"
      " AND (?='' OR a.region=? OR a.city=?)"};
  const auto row = txn.QueryOne(kFind, id, scope.lead_code, scope.lead_code, scope.region,
                                scope.region, scope.region);
  if (!row) return std::nullopt;
  return ReadRegistered(*row);
}

std::vector<RegisteredAlliance> ListAlliances(db::Txn& txn, const Scope& scope,
                                              std::string_view after, int limit) {
#define LIST_HEAD                                  \
  "SELECT " ALLIANCE_COLUMNS                       \
  ", p.state, p.version, p.due_us FROM alliance a" \
  " JOIN application p ON p.id=a.id WHERE a.registry_number>?"
#define LIST_TAIL " ORDER BY a.registry_number LIMIT ?"
  static constexpr db::Sql kOfLead = {"filing.list_alliances_of_lead",
                                      LIST_HEAD " AND a.lead_code=?" LIST_TAIL};
  static constexpr db::Sql kOfRegion = {"filing.list_alliances_of_region",
                                        LIST_HEAD " AND (a.region=? OR a.city=?)" LIST_TAIL};
  static constexpr db::Sql kAll = {"filing.list_alliances", LIST_HEAD LIST_TAIL};
#undef LIST_HEAD
#undef LIST_TAIL
  std::vector<db::Row> rows;
  if (!scope.lead_code.empty()) {
    rows = txn.Query(kOfLead, after, scope.lead_code, limit);
  } else if (!scope.region.empty()) {
    rows = txn.Query(kOfRegion, after, scope.region, scope.region, limit);
  } else {
    rows = txn.Query(kAll, after, limit);
  }
  std::vector<RegisteredAlliance> all;
  for (const db::Row& row : rows) all.push_back(ReadRegistered(row));
  return all;
}

std::vector<AllianceRow> AlliancesWithoutYear(db::Txn& txn, int year, absl::Time before,
                                              int limit) {
  static constexpr db::Sql kFind = {
      "filing.alliances_without_year",
      "SELECT " ALLIANCE_COLUMNS
      " FROM alliance a JOIN application p ON p.id=a.id"
      " LEFT JOIN alliance_year y ON y.alliance_id=a.id AND y.year=?"
      " WHERE y.id IS NULL AND p.state='REGISTERED' AND a.register_us<? ORDER BY a.id LIMIT ?"};
  std::vector<AllianceRow> rows;
  for (const db::Row& row : txn.Query(kFind, year, before, limit))
    rows.push_back(ReadAlliance(row));
  return rows;
}

audit::SealedRow InsertDeregistration(db::Txn& txn, std::string_view alliance_id,
                                      std::string_view reason, std::string_view document,
                                      absl::Time now) {
  static constexpr db::Sql kInsert = {
      "filing.insert_deregistration",
      "INSERT INTO deregistration_decision (id, reason, document, record_us) VALUES (?,?,?,?)"};
  txn.Exec(kInsert, alliance_id, reason, document, now);
  return audit::Seal("deregistration_decision", alliance_id,
                     {{"reason", reason}, {"document", document}, {"record_us", now}});
}

std::string YearId(std::string_view alliance_id, int year) {
  return base::StrCat(alliance_id, "-", year);
}

std::vector<audit::SealedRow> InsertYears(db::Txn& txn, const std::vector<YearRow>& rows) {
  static constexpr db::Sql kInsert = {
      "filing.insert_alliance_years",
      "INSERT INTO alliance_year (id, alliance_id, year, lead_code, region, city, state, holder,"
      " version, handoff_seq, report_number, report_opens_us, report_until_us, due_us, update_us)"
      " VALUES"};
  std::vector<db::Param> values;
  std::vector<audit::SealedRow> sealed;
  for (const YearRow& row : rows) {
    values.insert(values.end(), {row.id, row.alliance_id, row.year, row.lead_code, row.region,
                                 row.city, domain::WordOf(row.state), domain::WordOf(row.holder),
                                 row.version, row.handoff_seq, row.report_number, row.report_opens,
                                 row.report_until, row.due, row.update});
    sealed.push_back(SealYear(row));
  }
  if (!rows.empty()) txn.InsertMany(kInsert, 15, values);
  return sealed;
}

std::optional<YearRow> FindYear(db::Txn& txn, std::string_view id, const Scope& scope) {
  static constexpr db::Sql kFind = {"filing.find_alliance_year",
                                    "SELECT " YEAR_COLUMNS
                                    " FROM alliance_year y WHERE y.id=? AND (?='' OR y.lead_code=?)"
                                    " AND (?='' OR y.region=? OR y.city=?)"};
  return ReadYear(txn.QueryOne(kFind, id, scope.lead_code, scope.lead_code, scope.region,
                               scope.region, scope.region));
}

std::optional<YearRow> LockYear(db::Txn& txn, std::string_view id, const Scope& scope) {
  static constexpr db::Sql kLock = {"filing.lock_alliance_year",
                                    "SELECT " YEAR_COLUMNS
                                    " FROM alliance_year y WHERE y.id=? AND (?='' OR y.lead_code=?)"
                                    " AND (?='' OR y.region=? OR y.city=?) FOR UPDATE"};
  return ReadYear(txn.QueryOne(kLock, id, scope.lead_code, scope.lead_code, scope.region,
                               scope.region, scope.region));
}

std::vector<std::string> DueYears(db::Txn& txn, absl::Time now, int limit) {
  static constexpr db::Sql kDue = {
      "filing.due_alliance_years",
      "SELECT id FROM alliance_year WHERE due_us<=? ORDER BY due_us, id LIMIT ?"};
  std::vector<std::string> ids;
  for (const db::Row& row : txn.Query(kDue, now, limit)) ids.push_back(row.Get<std::string>(0));
  return ids;
}

audit::SealedRow SealYear(const YearRow& row) {
  return audit::Seal("alliance_year", row.id,
                     {{"alliance_id", row.alliance_id},
                      {"year", row.year},
                      {"lead_code", row.lead_code},
                      {"region", row.region},
                      {"city", row.city},
                      {"state", domain::WordOf(row.state)},
                      {"holder", domain::WordOf(row.holder)},
                      {"version", row.version},
                      {"handoff_seq", row.handoff_seq},
                      {"report_number", row.report_number},
                      {"report_opens_us", row.report_opens},
                      {"report_until_us", row.report_until},
                      {"due_us", row.due},
                      {"verified_rd_fen", row.verified_rd_fen},
                      {"paid_fen", row.paid_fen},
                      {"bank_reference", row.bank_reference},
                      {"update_us", row.update}});
}

bool SaveYear(db::Txn& txn, YearRow& row) {
  static constexpr db::Sql kSave = {
      "filing.save_alliance_year",
      "UPDATE alliance_year SET state=?, holder=?, version=version+1, handoff_seq=?,"
      " report_number=?, report_until_us=?, due_us=?, verified_rd_fen=?, paid_fen=?,"
      " bank_reference=?, update_us=? WHERE id=? AND version=?"};
  if (txn.Exec(kSave, domain::WordOf(row.state), domain::WordOf(row.holder), row.handoff_seq,
               row.report_number, row.report_until, row.due, row.verified_rd_fen, row.paid_fen,
               row.bank_reference, row.update, row.id, row.version) != 1) {
    return false;
  }
  ++row.version;
  return true;
}

audit::SealedRow InsertReport(db::Txn& txn, const YearRow& of, std::string_view digest,
                              std::string_view content, absl::Time now) {
  static constexpr db::Sql kInsert = {
      "filing.insert_annual_report",
      "INSERT INTO annual_report_version (id, year_id, number, digest, receive_us, content)"
      " VALUES (?,?,?,?,?,?)"};
  const std::string id = ReportId(of);
  txn.Exec(kInsert, id, of.id, of.report_number, digest, now, content);
  return audit::Seal("annual_report_version", id,
                     {{"year_id", of.id},
                      {"number", of.report_number},
                      {"digest", digest},
                      {"receive_us", now},
                      {"content", content}});
}

std::optional<std::string> FindReport(db::Txn& txn, const YearRow& of) {
  static constexpr db::Sql kFind = {"filing.find_annual_report",
                                    "SELECT content FROM annual_report_version WHERE id=?"};
  const auto row = txn.QueryOne(kFind, ReportId(of));
  if (!row) return std::nullopt;
  return row->Get<std::string>(0);
}

}  // namespace alliance::filing
