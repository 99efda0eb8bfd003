#include "services/review/desk_store.h"

#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/domain/window.h"
#include "services/review/scope_sql.h"

namespace alliance::review {

audit::SealedRow InsertDeclaration(db::Txn& txn, const DeclarationRow& row) {
  constexpr db::Sql kInsert = {"review.insert_declaration",
                               "INSERT INTO interest_declaration (id, case_id, account, interest,"
                               " reason, declare_us) VALUES (?, ?, ?, ?, ?, ?)"};
  const std::string id = base::NewUuid7();
  txn.Exec(kInsert, id, row.case_id, row.account, row.interest, row.reason, row.at);
  return audit::Seal("interest_declaration", id,
                     {{"case_id", row.case_id},
                      {"account", row.account},
                      {"interest", row.interest},
                      {"reason", row.reason},
                      {"declare_us", row.at}});
}

Interest FindInterest(db::Txn& txn, std::string_view case_id, std::string_view account,
                      const Scope& scope) {
  constexpr db::Sql kFind = {
      "review.find_interest",
      "SELECT i.interest FROM interest_declaration i JOIN review_case c ON c.id = i.case_id"
      " WHERE i.case_id = ? AND i.account = ? AND " CASE_IN_SCOPE
      " ORDER BY i.interest DESC LIMIT 1"};
  const std::optional<db::Row> row = txn.QueryOne(kFind, case_id, account, CASE_SCOPE(scope));
  if (!row) return Interest::kUndeclared;
  return row->Get<bool>(0) ? Interest::kSome : Interest::kNone;
}

std::set<std::string> ListInterests(db::Txn& txn, std::string_view account) {
  constexpr db::Sql kList = {
      "review.list_interests",
      "SELECT case_id FROM interest_declaration WHERE account = ? AND interest = 1 LIMIT 100000"};
  std::set<std::string> cases;
  for (const db::Row& row : txn.Query(kList, account)) cases.insert(row.Get<std::string>(0));
  return cases;
}

audit::SealedRow InsertDelegation(db::Txn& txn, const DelegationRow& row) {
  constexpr db::Sql kInsert = {
      "review.insert_delegation",
      "INSERT INTO delegation (id, region, holder, delegate, end_us, reason, account, create_us)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};
  txn.Exec(kInsert, row.id, row.region, row.holder, row.delegate, row.end, row.reason, row.account,
           row.create);
  return audit::Seal("delegation", row.id,
                     {{"region", row.region},
                      {"holder", row.holder},
                      {"delegate", row.delegate},
                      {"end_us", row.end},
                      {"reason", row.reason},
                      {"account", row.account},
                      {"create_us", row.create}});
}

std::string FindDelegate(db::Txn& txn, std::string_view office, std::string_view holder,
                         absl::Time now, const Scope& scope) {
  constexpr db::Sql kFind = {
      "review.find_delegate",
      "SELECT d.delegate, d.end_us FROM delegation d WHERE d.region = ? AND d.holder = ?"
      " AND (? = 1 OR d.region = ? OR d.region = ?) ORDER BY d.create_us DESC, d.id DESC LIMIT 1"};
  if (holder.empty()) return "";
  const std::optional<db::Row> row =
      txn.QueryOne(kFind, office, holder, scope.all(), scope.office(), scope.region());
  if (!row || domain::IsOver(row->Get<absl::Time>(1), now)) return "";
  return row->Get<std::string>(0);
}

audit::SealedRow InsertForwarding(db::Txn& txn, const ForwardingRow& row) {
  constexpr db::Sql kInsert = {
      "review.insert_forwarding",
      "INSERT INTO forwarding (id, round_id, region, city, list_digest, letter_number,"
      " letter_title, letter_issuer, letter_date, letter_sha256, account, forward_us, list_id)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  txn.Exec(kInsert, row.id, row.round_id, row.region, row.city, row.list_digest, row.letter.number,
           row.letter.title, row.letter.issuer, row.letter.date, row.letter.sha256, row.account,
           row.at, row.list_id);
  return audit::Seal("forwarding", row.id,
                     {{"round_id", row.round_id},
                      {"region", row.region},
                      {"city", row.city},
                      {"list_digest", row.list_digest},
                      {"letter_number", row.letter.number},
                      {"letter_title", row.letter.title},
                      {"letter_issuer", row.letter.issuer},
                      {"letter_date", row.letter.date},
                      {"letter_sha256", row.letter.sha256},
                      {"account", row.account},
                      {"forward_us", row.at},
                      {"list_id", row.list_id}});
}

}  // namespace alliance::review
