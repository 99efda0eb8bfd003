#include "services/review/extension_store.h"

namespace alliance::review {
namespace {

constexpr std::string_view kEnterprise = "ENTERPRISE";
constexpr std::string_view kRecommender = "RECOMMENDER";

}  // namespace

audit::SealedRow InsertExtension(db::Txn& txn, const ExtensionRow& row) {
  static constexpr db::Sql kInsert = {
      "review.insert_extension",
      "INSERT INTO extension (id, round_id, region, case_id, deadline, close_us, extension,"
      " receive_us) VALUES (?,?,?,?,?,?,?,?)"};
  const domain::Grant& grant = row.grant;
  const std::string_view deadline =
      grant.deadline == domain::Deadline::kEnterprise ? kEnterprise : kRecommender;
  txn.Exec(kInsert, row.id, row.round_id, grant.region, grant.case_id, deadline, grant.closes,
           row.extension, row.receive);
  return audit::Seal("extension", row.id,
                     {{"round_id", row.round_id},
                      {"region", grant.region},
                      {"case_id", grant.case_id},
                      {"deadline", deadline},
                      {"close_us", grant.closes},
                      {"extension", row.extension},
                      {"receive_us", row.receive}});
}

std::vector<domain::Grant> ListGrants(db::Txn& txn, std::string_view round_id) {
  // Far more than a round has regions and cases with extensions.
  static constexpr db::Sql kList = {"review.list_grants",
                                    "SELECT deadline, close_us, region, case_id FROM extension"
                                    " WHERE round_id=? LIMIT 20000"};
  std::vector<domain::Grant> grants;
  for (const db::Row& row : txn.Query(kList, round_id)) {
    grants.push_back({.deadline = row.Get<std::string>(0) == kEnterprise
                                      ? domain::Deadline::kEnterprise
                                      : domain::Deadline::kRecommender,
                      .closes = row.Get<absl::Time>(1),
                      .region = row.Get<std::string>(2),
                      .case_id = row.Get<std::string>(3)});
  }
  return grants;
}

std::vector<std::string> ListExtensions(db::Txn& txn, std::string_view round_id,
                                        std::string_view region, std::string_view case_id) {
  static constexpr db::Sql kList = {
      "review.list_extensions",
      "SELECT extension FROM extension WHERE round_id=? AND"
      " (case_id=? OR (case_id='' AND region=?)) ORDER BY receive_us, id LIMIT 200"};
  std::vector<std::string> extensions;
  for (const db::Row& row : txn.Query(kList, round_id, case_id, region)) {
    extensions.push_back(row.Get<std::string>(0));
  }
  return extensions;
}

}  // namespace alliance::review
