#include "services/filing/extension_store.h"

namespace alliance::filing {
namespace {

// Far more than a round has regions and cases with extensions.
#define MOST_GRANTS "20000"

#define COLUMNS                                                                           \
  "SELECT p.id, p.round_id, p.region, p.application_id, p.deadline, p.previous_close_us," \
  " p.close_us, p.reason, p.document, p.proposer, p.propose_us, a.approver, a.approve_us"

constexpr std::string_view WordOf(domain::Deadline deadline) {
  return deadline == domain::Deadline::kEnterprise ? "ENTERPRISE" : "RECOMMENDER";
}

domain::Deadline DeadlineOf(std::string_view word) {
  return word == WordOf(domain::Deadline::kEnterprise) ? domain::Deadline::kEnterprise
                                                       : domain::Deadline::kRecommender;
}

ExtensionRow ReadExtension(const db::Row& row) {
  return {.id = row.Get<std::string>(0),
          .round_id = row.Get<std::string>(1),
          .region = row.Get<std::string>(2),
          .application_id = row.Get<std::string>(3),
          .deadline = DeadlineOf(row.Get<std::string>(4)),
          .previous_close = row.Get<absl::Time>(5),
          .close = row.Get<absl::Time>(6),
          .reason = row.Get<std::string>(7),
          .document = row.Get<std::string>(8),
          .proposer = row.Get<std::string>(9),
          .propose = row.Get<absl::Time>(10),
          .approver = row.Get<std::optional<std::string>>(11).value_or(""),
          .approve = row.Get<std::optional<absl::Time>>(12)};
}

std::vector<ExtensionRow> ReadExtensions(const std::vector<db::Row>& rows) {
  std::vector<ExtensionRow> out;
  out.reserve(rows.size());
  for (const db::Row& row : rows) out.push_back(ReadExtension(row));
  return out;
}

std::vector<domain::Grant> ReadGrants(const std::vector<db::Row>& rows) {
  std::vector<domain::Grant> grants;
  grants.reserve(rows.size());
  for (const db::Row& row : rows) {
    grants.push_back({.deadline = DeadlineOf(row.Get<std::string>(0)),
                      .closes = row.Get<absl::Time>(1),
                      .region = row.Get<std::string>(2),
                      .case_id = row.Get<std::string>(3)});
  }
  return grants;
}

}  // namespace

audit::SealedRow InsertProposal(db::Txn& txn, const ExtensionRow& row) {
  static constexpr db::Sql kInsert = {
      "filing.insert_extension_proposal",
      "INSERT INTO extension_proposal (id, round_id, region, application_id, deadline,"
      " previous_close_us, close_us, reason, document, proposer, propose_us)"
      " VALUES (?,?,?,?,?,?,?,?,?,?,?)"};
  txn.Exec(kInsert, row.id, row.round_id, row.region, row.application_id, WordOf(row.deadline),
           row.previous_close, row.close, row.reason, row.document, row.proposer, row.propose);
  return audit::Seal("extension_proposal", row.id,
                     {{"round_id", row.round_id},
                      {"region", row.region},
                      {"application_id", row.application_id},
                      {"deadline", WordOf(row.deadline)},
                      {"previous_close_us", row.previous_close},
                      {"close_us", row.close},
                      {"reason", row.reason},
                      {"document", row.document},
                      {"proposer", row.proposer},
                      {"propose_us", row.propose}});
}

std::optional<audit::SealedRow> InsertApproval(db::Txn& txn, const ExtensionRow& row) {
  static constexpr db::Sql kInsert = {
      "filing.insert_extension_approval",
      "INSERT INTO extension_approval (id, round_id, region, application_id, deadline, close_us,"
      " approver, approve_us) VALUES (?,?,?,?,?,?,?,?)"};
  if (!txn.InsertIfAbsent(kInsert, row.id, row.round_id, row.region, row.application_id,
                          WordOf(row.deadline), row.close, row.approver, row.approve)) {
    return std::nullopt;
  }
  return audit::Seal("extension_approval", row.id,
                     {{"round_id", row.round_id},
                      {"region", row.region},
                      {"application_id", row.application_id},
                      {"deadline", WordOf(row.deadline)},
                      {"close_us", row.close},
                      {"approver", row.approver},
                      {"approve_us", row.approve}});
}

std::optional<ExtensionRow> FindExtension(db::Txn& txn, std::string_view id) {
  static constexpr db::Sql kFind = {
      "filing.find_extension", COLUMNS
      " FROM extension_proposal p LEFT JOIN extension_approval a ON a.id=p.id"
      " WHERE p.id=?"};
  const auto row = txn.QueryOne(kFind, id);
  return row ? std::optional(ReadExtension(*row)) : std::nullopt;
}

std::vector<ExtensionRow> ListExtensions(db::Txn& txn, std::string_view round_id,
                                         std::string_view region, std::string_view before,
                                         int limit) {
  static constexpr db::Sql kList = {
      "filing.list_extensions", COLUMNS
      " FROM extension_proposal p LEFT JOIN extension_approval a ON a.id=p.id"
      " WHERE p.round_id=? AND (?='' OR p.region=?) AND (?='' OR p.id<?)"
      " ORDER BY p.id DESC LIMIT ?"};
  return ReadExtensions(txn.Query(kList, round_id, region, region, before, before, limit));
}

std::vector<ExtensionRow> ExtensionsInForce(db::Txn& txn, const Application& of) {
  static constexpr db::Sql kList = {
      "filing.extensions_in_force", COLUMNS
      " FROM extension_approval a JOIN extension_proposal p ON p.id=a.id"
      " WHERE a.round_id=? AND (a.application_id=? OR (a.application_id='' AND"
      " a.region=?)) ORDER BY a.approve_us, a.id LIMIT 200"};
  return ReadExtensions(
      txn.Query(kList, of.round_id, of.id, of.office.empty() ? of.region : of.office));
}

std::vector<domain::Grant> GrantsFor(db::Txn& txn, std::string_view round_id,
                                     std::string_view region, std::string_view application_id) {
  // An empty application_id finds the region's alone.
  static constexpr db::Sql kList = {
      "filing.grants_for",
      "SELECT deadline, close_us, region, application_id FROM extension_approval"
      " WHERE round_id=? AND ((application_id='' AND region=?) OR application_id=NULLIF(?,''))"
      " LIMIT " MOST_GRANTS};
  return ReadGrants(txn.Query(kList, round_id, region, application_id));
}

std::vector<domain::Grant> GrantsOfRound(db::Txn& txn, std::string_view round_id) {
  static constexpr db::Sql kList = {
      "filing.grants_of_round",
      "SELECT deadline, close_us, region, application_id FROM extension_approval"
      " WHERE round_id=? LIMIT " MOST_GRANTS};
  return ReadGrants(txn.Query(kList, round_id));
}

ExtensionCount CountExtensions(db::Txn& txn, std::string_view round_id, std::string_view region) {
  static constexpr db::Sql kCount = {
      "filing.count_extensions",
      "SELECT COUNT(*), CAST(COALESCE(SUM(a.id IS NULL), 0) AS SIGNED),"
      " CAST(COALESCE(SUM(a.id IS NOT NULL AND p.application_id=''), 0) AS SIGNED)"
      " FROM extension_proposal p LEFT JOIN extension_approval a ON a.id=p.id"
      " WHERE p.round_id=? AND (?='' OR p.region=?)"};
  const auto row = txn.QueryOne(kCount, round_id, region, region);
  ExtensionCount count{.proposed = row->Get<int32_t>(1), .of_regions = row->Get<int32_t>(2)};
  count.of_cases = row->Get<int32_t>(0) - count.proposed - count.of_regions;
  return count;
}

std::map<std::string, int32_t> CountStates(db::Txn& txn, std::string_view round_id,
                                           std::string_view region) {
  static constexpr db::Sql kCount = {"filing.count_states",
                                     "SELECT state, COUNT(*) FROM application WHERE round_id=? AND"
                                     " (?='' OR region=? OR city=?) GROUP BY state LIMIT 100"};
  std::map<std::string, int32_t> counts;
  for (const db::Row& row : txn.Query(kCount, round_id, region, region, region)) {
    counts[row.Get<std::string>(0)] = row.Get<int32_t>(1);
  }
  return counts;
}

bool HasApplications(db::Txn& txn, std::string_view round_id) {
  static constexpr db::Sql kAny = {"filing.has_applications",
                                   "SELECT 1 FROM application WHERE round_id=? LIMIT 1"};
  return txn.QueryOne(kAny, round_id).has_value();
}

}  // namespace alliance::filing
