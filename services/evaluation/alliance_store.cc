#include "services/evaluation/alliance_store.h"

namespace alliance::evaluation {

using domain::State;

bool InsertAlliance(db::Txn& txn, const Alliance& alliance) {
  static constexpr db::Sql kInsert = {
      "evaluation.insert_alliance",
      "INSERT INTO alliance (id, registry_number, alliance_name, lead_name, lead_code, region, "
      "city, year, state, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  return txn.InsertIfAbsent(kInsert, alliance.id, alliance.registry_number, alliance.name,
                            alliance.lead_name, alliance.lead_code, alliance.region, alliance.city,
                            alliance.year, domain::WordOf(alliance.state), alliance.version);
}

void InsertMembers(db::Txn& txn, const std::vector<Member>& members) {
  static constexpr db::Sql kInsert = {
      "evaluation.insert_members",
      "INSERT INTO alliance_member (id, alliance_id, credit_code) VALUES"};
  std::vector<db::Param> values;
  for (const Member& member : members) {
    values.insert(values.end(), {member.id, member.alliance_id, member.credit_code});
  }
  txn.InsertMany(kInsert, 3, values);
}

std::vector<std::string> ListMembers(db::Txn& txn, std::string_view alliance_id) {
  static constexpr db::Sql kList = {
      "evaluation.list_members",
      "SELECT credit_code FROM alliance_member WHERE alliance_id=? ORDER BY id LIMIT 1000"};
  std::vector<std::string> codes;
  for (const db::Row& row : txn.Query(kList, alliance_id)) {
    codes.push_back(row.Get<std::string>(0));
  }
  return codes;
}

std::optional<Alliance> LockAlliance(db::Txn& txn, std::string_view id) {
  static constexpr db::Sql kLock = {
      "evaluation.lock_alliance",
      "SELECT id, registry_number, alliance_name, lead_name, lead_code, region, city, year, state, "
      "version FROM alliance WHERE id=? FOR UPDATE"};
  const std::optional<db::Row> row = txn.QueryOne(kLock, id);
  if (!row) return std::nullopt;
  return Alliance{.id = row->Get<std::string>(0),
                  .registry_number = row->Get<std::string>(1),
                  .name = row->Get<std::string>(2),
                  .lead_name = row->Get<std::string>(3),
                  .lead_code = row->Get<std::string>(4),
                  .region = row->Get<std::string>(5),
                  .city = row->Get<std::string>(6),
                  .year = row->Get<int>(7),
                  .state = domain::StateOf(row->Get<std::string>(8)).value_or(State::kRegistered),
                  .version = row->Get<int64_t>(9)};
}

bool SaveAlliance(db::Txn& txn, Alliance& alliance) {
  static constexpr db::Sql kSave = {
      "evaluation.save_alliance",
      "UPDATE alliance SET registry_number=?, alliance_name=?, lead_name=?, lead_code=?, region=?, "
      "city=?, year=?, state=?, version=version+1 WHERE id=? AND version=?"};
  const int64_t matched =
      txn.Exec(kSave, alliance.registry_number, alliance.name, alliance.lead_name,
               alliance.lead_code, alliance.region, alliance.city, alliance.year,
               domain::WordOf(alliance.state), alliance.id, alliance.version);
  if (matched != 1) return false;
  ++alliance.version;
  return true;
}

audit::SealedRow SealOf(const Alliance& alliance) {
  return audit::Seal("alliance", alliance.id,
                     {{"registry_number", alliance.registry_number},
                      {"alliance_name", alliance.name},
                      {"lead_name", alliance.lead_name},
                      {"lead_code", alliance.lead_code},
                      {"region", alliance.region},
                      {"city", alliance.city},
                      {"year", alliance.year},
                      {"state", domain::WordOf(alliance.state)},
                      {"version", alliance.version}});
}

audit::SealedRow SealOf(const Member& member) {
  return audit::Seal("alliance_member", member.id,
                     {{"alliance_id", member.alliance_id}, {"credit_code", member.credit_code}});
}

}  // namespace alliance::evaluation
