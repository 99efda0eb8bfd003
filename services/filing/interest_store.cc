#include "services/filing/interest_store.h"

#include <optional>

#include "common/domain/errors.h"

namespace alliance::filing {

audit::SealedRow InsertDeclaration(db::Txn& txn, const Declaration& row) {
  static constexpr db::Sql kInsert = {
      "filing.insert_interest_declaration",
      "INSERT INTO interest_declaration (id, case_id, account, interest, declare_us)"
      " VALUES (?,?,?,?,?)"};
  txn.Exec(kInsert, row.id, row.case_id, row.account, row.interest, row.at);
  return audit::Seal("interest_declaration", row.id,
                     {{"case_id", row.case_id},
                      {"account", row.account},
                      {"interest", row.interest},
                      {"declare_us", row.at}});
}

absl::Status CheckOpen(db::Txn& txn, const Application& row, const domain::Caller& reader) {
  // An interest that was declared once counts for good.
  static constexpr db::Sql kRead = {
      "filing.read_interest",
      "SELECT MAX(interest) FROM interest_declaration WHERE case_id=? AND account=?"};
  if (reader.role != domain::Role::kRecommender) return absl::OkStatus();
  const auto interest = txn.QueryOne(kRead, row.id, reader.account)->Get<std::optional<int64_t>>(0);
  const bool open = interest ? *interest == 0 : reader.region != row.region;
  return open ? absl::OkStatus() : domain::Refuse(domain::Reason::kConflictOfInterest);
}

}  // namespace alliance::filing
