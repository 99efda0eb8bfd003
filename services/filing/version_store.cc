#include "services/filing/version_store.h"

#include <algorithm>

#include "common/base/str.h"

namespace alliance::filing {
namespace {

VersionRow ReadVersion(const db::Row& row) {
  return {.number = row.Get<int32_t>(0),
          .digest = row.Get<std::string>(1),
          .rules_digest = row.Get<std::string>(2),
          .receive = row.Get<absl::Time>(3)};
}

std::optional<std::string> ContentOf(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return row->Get<std::string>(0);
}

}  // namespace

std::vector<VersionRow> ListVersionRows(db::Txn& txn, std::string_view application_id, int limit) {
  static constexpr db::Sql kList = {
      "filing.list_versions",
      "SELECT number, digest, rules_digest, receive_us FROM application_version"
      " WHERE application_id=? ORDER BY number DESC LIMIT ?"};
  std::vector<VersionRow> versions;
  for (const db::Row& row : txn.Query(kList, application_id, limit)) {
    versions.push_back(ReadVersion(row));
  }
  std::reverse(versions.begin(), versions.end());
  return versions;
}

std::optional<VersionRow> FindVersionRow(db::Txn& txn, std::string_view application_id,
                                         int32_t number) {
  static constexpr db::Sql kFind = {
      "filing.find_version_row",
      "SELECT number, digest, rules_digest, receive_us FROM application_version"
      " WHERE application_id=? AND number=?"};
  const auto row = txn.QueryOne(kFind, application_id, number);
  if (!row) return std::nullopt;
  return ReadVersion(*row);
}

std::optional<std::string> FindLockedOfLead(db::Txn& txn, std::string_view round_id,
                                            std::string_view lead_code) {
  static constexpr db::Sql kFind = {"filing.find_locked_of_lead",
                                    "SELECT v.content FROM application p JOIN application_version v"
                                    " ON v.application_id=p.id AND v.number=p.version_number"
                                    " WHERE p.round_id=? AND p.lead_code=?"};
  return ContentOf(txn.QueryOne(kFind, round_id, lead_code));
}

std::optional<std::string> FindLocked(db::Txn& txn, std::string_view application_id) {
  static constexpr db::Sql kFind = {"filing.find_locked",
                                    "SELECT v.content FROM application p JOIN application_version v"
                                    " ON v.application_id=p.id AND v.number=p.version_number"
                                    " WHERE p.id=?"};
  return ContentOf(txn.QueryOne(kFind, application_id));
}

void InsertMentions(db::Txn& txn, const Application& of, const std::vector<Mention>& mentions) {
  // One statement for all of them. Values are letters and digits only (MentionsOf), so JSON needs
  // no escapes.
  static constexpr db::Sql kInsert = {
      "filing.insert_mentions",
      "INSERT INTO application_mention (application_id, version_number, kind, value)"
      " SELECT ?, ?, t.kind, t.value FROM JSON_TABLE(?, '$[*]' COLUMNS ("
      "kind VARCHAR(16) PATH '$[0]',"
      " value VARCHAR(64) PATH '$[1]')) AS t"};
  if (mentions.empty()) return;
  std::string json;
  for (const Mention& mention : mentions) {
    base::StrAppend(&json, json.empty() ? "[[\"" : ",[\"", mention.kind, "\",\"", mention.value,
                    "\"]");
  }
  json += "]";
  txn.Exec(kInsert, of.id, of.version_number, json);
}

std::vector<MentionElsewhere> FindMentionsElsewhere(db::Txn& txn, const Application& of) {
  static constexpr db::Sql kFind = {
      "filing.find_mentions_elsewhere",
      "SELECT o.kind, o.value, p.alliance_name, p.region FROM application_mention o"
      " JOIN application_mention m ON m.kind=o.kind AND m.value=o.value"
      " AND m.application_id<>o.application_id"
      " JOIN application p ON p.id=m.application_id AND p.version_number=m.version_number"
      " AND p.round_id=?"
      " WHERE o.application_id=? AND o.version_number=? ORDER BY o.kind, o.value, p.id LIMIT 200"};
  std::vector<MentionElsewhere> found;
  for (const db::Row& row : txn.Query(kFind, of.round_id, of.id, of.version_number)) {
    found.push_back({.kind = row.Get<std::string>(0),
                     .value = row.Get<std::string>(1),
                     .alliance_name = row.Get<std::string>(2),
                     .region = row.Get<std::string>(3)});
  }
  return found;
}

}  // namespace alliance::filing
