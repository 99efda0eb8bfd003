#include "services/filing/renewal_store.h"

namespace alliance::filing {

audit::SealedRow InsertRenewal(db::Txn& txn, std::string_view application_id,
                               std::string_view alliance_id, absl::Time now) {
  static constexpr db::Sql kInsert = {
      "filing.insert_renewal",
      "INSERT INTO application_renewal (id, alliance_id, renew_us) VALUES (?,?,?)"};
  txn.Exec(kInsert, application_id, alliance_id, now);
  return audit::Seal("application_renewal", application_id,
                     {{"alliance_id", alliance_id}, {"renew_us", now}});
}

std::vector<std::string> RenewalsOf(db::Txn& txn, std::string_view alliance_id) {
  static constexpr db::Sql kFind = {
      "filing.find_renewals",
      "SELECT id FROM application_renewal WHERE alliance_id=? ORDER BY id LIMIT 100"};
  std::vector<std::string> applications;
  for (const db::Row& row : txn.Query(kFind, alliance_id)) {
    applications.push_back(row.Get<std::string>(0));
  }
  return applications;
}

}  // namespace alliance::filing
