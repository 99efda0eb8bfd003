#include "services/review/replay_store.h"

#include <map>
#include <utility>

#include "common/base/uuid.h"

namespace alliance::review {

audit::SealedRow InsertReturn(db::Txn& txn, const DecidedBy& by, std::string_view marks) {
  constexpr db::Sql kInsert = {
      "review.insert_return",
      "INSERT INTO case_return (id, case_id, version_number, marks, account, return_us)"
      " VALUES (?, ?, ?, ?, ?, ?)"};
  const std::string id = base::NewUuid7();
  txn.Exec(kInsert, id, by.case_id, by.version_number, marks, by.account, by.at);
  return audit::Seal("case_return", id,
                     {{"case_id", by.case_id},
                      {"version_number", by.version_number},
                      {"marks", marks},
                      {"account", by.account},
                      {"return_us", by.at}});
}

std::string MarksAsOf(db::Txn& txn, std::string_view case_id, absl::Time at) {
  constexpr db::Sql kFind = {"review.marks_as_of",
                             "SELECT marks FROM case_return WHERE case_id = ? AND return_us <= ?"
                             " ORDER BY return_us DESC, id DESC LIMIT 1"};
  const std::optional<db::Row> row = txn.QueryOne(kFind, case_id, at);
  return row ? row->Get<std::string>(0) : "";
}

std::optional<VersionThen> FindNthVersion(db::Txn& txn, std::string_view case_id, int64_t count) {
  constexpr db::Sql kFind = {"review.find_nth_version",
                             "SELECT number, digest, receive_us FROM review_version"
                             " WHERE case_id = ? ORDER BY number LIMIT ?, 1"};
  if (count < 1) return std::nullopt;
  const std::optional<db::Row> row = txn.QueryOne(kFind, case_id, count - 1);
  if (!row) return std::nullopt;
  return VersionThen{.number = row->Get<int32_t>(0),
                     .digest = row->Get<std::string>(1),
                     .receive = row->Get<absl::Time>(2)};
}

std::vector<domain::ConditionRecord> ConditionsAsOf(db::Txn& txn, std::string_view case_id,
                                                    int32_t version_number, absl::Time at) {
  constexpr db::Sql kList = {
      "review.conditions_as_of",
      "SELECT condition_id, verdict, reason, evidence FROM condition_decision"
      " WHERE case_id = ? AND version_number = ? AND decide_us <= ? ORDER BY decide_us, id"
      " LIMIT 100000"};
  std::map<std::string, domain::ConditionRecord> latest;
  for (const db::Row& row : txn.Query(kList, case_id, version_number, at)) {
    domain::ConditionRecord record = {.condition = row.Get<std::string>(0),
                                      .verdict = row.Get<domain::ConditionVerdict>(1),
                                      .reason = row.Get<std::string>(2),
                                      .evidence = row.Get<std::string>(3)};
    latest[record.condition] = std::move(record);
  }
  std::vector<domain::ConditionRecord> records;
  for (auto& [id, record] : latest) records.push_back(std::move(record));
  return records;
}

VerifiedRd VerifiedRdAsOf(db::Txn& txn, std::string_view case_id, int32_t version_number,
                          absl::Time at) {
  constexpr db::Sql kFind = {"review.verified_rd_as_of",
                             "SELECT amount_fen, evidence FROM rd_decision"
                             " WHERE case_id = ? AND version_number = ? AND decide_us <= ?"
                             " ORDER BY decide_us DESC, id DESC LIMIT 1"};
  const std::optional<db::Row> row = txn.QueryOne(kFind, case_id, version_number, at);
  if (!row) return {};
  return {.amount_fen = row->Get<int64_t>(0), .evidence = row->Get<std::string>(1)};
}

int32_t CountObjectionsAsOf(db::Txn& txn, std::string_view case_id, absl::Time at) {
  constexpr db::Sql kCount = {
      "review.objections_as_of",
      "SELECT COUNT(*) FROM objection WHERE case_id = ? AND receive_us <= ?"};
  return txn.QueryOne(kCount, case_id, at)->Get<int32_t>(0);
}

std::string NoticeAsOf(db::Txn& txn, std::string_view case_id, absl::Time at) {
  constexpr db::Sql kFind = {
      "review.notice_as_of",
      "SELECT b.id FROM notice_line l JOIN notice_batch b ON b.id = l.batch_id"
      " WHERE l.case_id = ? AND b.create_us <= ? ORDER BY b.create_us DESC, b.id DESC LIMIT 1"};
  const std::optional<db::Row> row = txn.QueryOne(kFind, case_id, at);
  return row ? row->Get<std::string>(0) : "";
}

}  // namespace alliance::review
