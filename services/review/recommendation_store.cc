#include "services/review/recommendation_store.h"

#include "common/base/str.h"

// The scope of a query: a list is its office's, to read and to act on.
#define LIST_IN_SCOPE "(? = 1 OR r.region = ? OR r.region = ?)"
#define LIST_SCOPE(scope) (scope).all(), (scope).region(), (scope).office()

namespace alliance::review {

audit::SealedRow InsertList(db::Txn& txn, const ListRow& row) {
  constexpr db::Sql kInsert = {
      "review.insert_list",
      "INSERT INTO recommendation_list (id, round_id, region, list_digest, letter_number,"
      " letter_date, letter_issuer, account, prepare_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  txn.Exec(kInsert, row.id, row.round_id, row.region, row.list_digest, row.letter_number,
           row.letter_date, row.letter_issuer, row.account, row.prepare);
  return audit::Seal("recommendation_list", row.id,
                     {{"round_id", row.round_id},
                      {"region", row.region},
                      {"list_digest", row.list_digest},
                      {"letter_number", row.letter_number},
                      {"letter_date", row.letter_date},
                      {"letter_issuer", row.letter_issuer},
                      {"account", row.account},
                      {"prepare_us", row.prepare}});
}

std::vector<audit::SealedRow> InsertListLines(db::Txn& txn, std::string_view list_id,
                                              const std::vector<ListLine>& lines) {
  constexpr db::Sql kInsert = {
      "review.insert_list_lines",
      "INSERT INTO recommendation_list_line (id, list_id, position, case_id, version_number,"
      " version_digest, alliance_name, lead_name, lead_code, technical_field, high_tech_zone,"
      " verified_rd_fen, outcome) VALUES"};
  std::vector<audit::SealedRow> sealed;
  if (lines.empty()) return sealed;
  std::vector<std::string> ids;
  ids.reserve(lines.size());
  for (const ListLine& line : lines) ids.push_back(base::StrCat(list_id, ".", line.case_id));
  std::vector<db::Param> values;
  for (size_t i = 0; i < lines.size(); ++i) {
    const ListLine& line = lines[i];
    const int64_t position = static_cast<int64_t>(i) + 1;
    values.insert(values.end(),
                  {ids[i], list_id, position, line.case_id, line.version_number,
                   line.version_digest, line.alliance_name, line.lead_name, line.lead_code,
                   line.technical_field, line.high_tech_zone, line.verified_rd_fen, line.outcome});
    sealed.push_back(audit::Seal("recommendation_list_line", ids[i],
                                 {{"list_id", list_id},
                                  {"position", position},
                                  {"case_id", line.case_id},
                                  {"version_number", line.version_number},
                                  {"version_digest", line.version_digest},
                                  {"alliance_name", line.alliance_name},
                                  {"lead_name", line.lead_name},
                                  {"lead_code", line.lead_code},
                                  {"technical_field", line.technical_field},
                                  {"high_tech_zone", line.high_tech_zone},
                                  {"verified_rd_fen", line.verified_rd_fen},
                                  {"outcome", line.outcome}}));
  }
  txn.InsertMany(kInsert, 13, values);
  return sealed;
}

std::optional<ListRow> FindList(db::Txn& txn, std::string_view id, const Scope& scope) {
  constexpr db::Sql kFind = {
      "review.find_list",
      "SELECT id, round_id, region, list_digest, letter_number, letter_date, letter_issuer,"
      " account, prepare_us FROM recommendation_list r WHERE id = ? AND " LIST_IN_SCOPE};
  const std::optional<db::Row> row = txn.QueryOne(kFind, id, LIST_SCOPE(scope));
  if (!row) return std::nullopt;
  return ListRow{.id = row->Get<std::string>(0),
                 .round_id = row->Get<std::string>(1),
                 .region = row->Get<std::string>(2),
                 .list_digest = row->Get<std::string>(3),
                 .letter_number = row->Get<std::string>(4),
                 .letter_date = row->Get<std::string>(5),
                 .letter_issuer = row->Get<std::string>(6),
                 .account = row->Get<std::string>(7),
                 .prepare = row->Get<absl::Time>(8)};
}

std::vector<ListLine> ListLinesOf(db::Txn& txn, std::string_view list_id, const Scope& scope) {
  constexpr db::Sql kList = {
      "review.list_lines",
      "SELECT case_id, version_number, version_digest, alliance_name, lead_name, lead_code,"
      " technical_field, high_tech_zone, verified_rd_fen, outcome FROM recommendation_list_line l"
      " JOIN recommendation_list r ON r.id = l.list_id WHERE list_id = ? AND " LIST_IN_SCOPE
      " ORDER BY position LIMIT 1000"};
  std::vector<ListLine> lines;
  for (const db::Row& row : txn.Query(kList, list_id, LIST_SCOPE(scope))) {
    lines.push_back({.case_id = row.Get<std::string>(0),
                     .version_number = row.Get<int32_t>(1),
                     .version_digest = row.Get<std::string>(2),
                     .alliance_name = row.Get<std::string>(3),
                     .lead_name = row.Get<std::string>(4),
                     .lead_code = row.Get<std::string>(5),
                     .technical_field = row.Get<int32_t>(6),
                     .high_tech_zone = row.Get<std::string>(7),
                     .verified_rd_fen = row.Get<int64_t>(8),
                     .outcome = row.Get<std::string>(9)});
  }
  return lines;
}

audit::SealedRow InsertRecommendation(db::Txn& txn, const RecommendationRow& row) {
  constexpr db::Sql kInsert = {
      "review.insert_recommendation",
      "INSERT INTO recommendation (id, round_id, region, list_digest, letter_number, letter_title,"
      " letter_issuer, letter_date, letter_sha256, account, recommend_us, list_id)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  txn.Exec(kInsert, row.id, row.round_id, row.region, row.list_digest, row.letter.number,
           row.letter.title, row.letter.issuer, row.letter.date, row.letter.sha256, row.account,
           row.at, row.list_id);
  return audit::Seal("recommendation", row.id,
                     {{"round_id", row.round_id},
                      {"region", row.region},
                      {"list_digest", row.list_digest},
                      {"letter_number", row.letter.number},
                      {"letter_title", row.letter.title},
                      {"letter_issuer", row.letter.issuer},
                      {"letter_date", row.letter.date},
                      {"letter_sha256", row.letter.sha256},
                      {"account", row.account},
                      {"recommend_us", row.at},
                      {"list_id", row.list_id}});
}

std::vector<audit::SealedRow> InsertRecommendationLines(db::Txn& txn,
                                                        std::string_view recommendation_id,
                                                        const std::vector<CaseRow>& cases) {
  constexpr db::Sql kInsert = {
      "review.insert_recommendation_lines",
      "INSERT INTO recommendation_line (id, recommendation_id, case_id, version_number,"
      " version_digest, verified_rd_fen) VALUES"};
  std::vector<audit::SealedRow> sealed;
  if (cases.empty()) return sealed;
  std::vector<std::string> ids;
  ids.reserve(cases.size());
  for (const CaseRow& row : cases) ids.push_back(base::StrCat(recommendation_id, ".", row.id));
  std::vector<db::Param> values;
  for (size_t i = 0; i < cases.size(); ++i) {
    const CaseRow& row = cases[i];
    values.insert(values.end(), {ids[i], recommendation_id, row.id, row.version_number,
                                 row.version_digest, row.verified_rd_fen});
    sealed.push_back(audit::Seal("recommendation_line", ids[i],
                                 {{"recommendation_id", recommendation_id},
                                  {"case_id", row.id},
                                  {"version_number", row.version_number},
                                  {"version_digest", row.version_digest},
                                  {"verified_rd_fen", row.verified_rd_fen}}));
  }
  txn.InsertMany(kInsert, 6, values);
  return sealed;
}

}  // namespace alliance::review
