#include "services/filing/province_store.h"

#include "common/base/str.h"

namespace alliance::filing {

std::optional<DrawRow> FindDraw(db::Txn& txn, std::string_view round_id) {
  static constexpr db::Sql kFind = {
      "filing.find_draw",
      "SELECT c.id, c.seed, c.seed_digest, r.list, r.list_digest, r.drawn FROM draw_commitment c"
      " LEFT JOIN draw_result r ON r.id=c.id WHERE c.id=?"};
  const auto row = txn.QueryOne(kFind, round_id);
  if (!row) return std::nullopt;
  DrawRow draw{.round_id = row->Get<std::string>(0),
               .seed = row->Get<std::string>(1),
               .seed_digest = row->Get<std::string>(2),
               .closed = !row->IsNull(3)};
  if (draw.closed) {
    draw.list = row->Get<std::string>(3);
    draw.list_digest = row->Get<std::string>(4);
    draw.drawn = row->Get<std::string>(5);
  }
  return draw;
}

bool DrawIsClosed(db::Txn& txn, std::string_view round_id) {
  static constexpr db::Sql kFind = {"filing.draw_is_closed",
                                    "SELECT draw_us FROM draw_result WHERE id=?"};
  return txn.QueryOne(kFind, round_id).has_value();
}

std::optional<audit::SealedRow> InsertCommitment(db::Txn& txn, const DrawRow& draw,
                                                 absl::Time now) {
  static constexpr db::Sql kInsert = {
      "filing.insert_draw_commitment",
      "INSERT INTO draw_commitment (id, seed, seed_digest, commit_us) VALUES (?,?,?,?)"};
  if (!txn.InsertIfAbsent(kInsert, draw.round_id, draw.seed, draw.seed_digest, now)) {
    return std::nullopt;
  }
  return audit::Seal("draw_commitment", draw.round_id,
                     {{"seed", draw.seed}, {"seed_digest", draw.seed_digest}, {"commit_us", now}});
}

std::optional<audit::SealedRow> InsertDrawResult(db::Txn& txn, const DrawRow& draw,
                                                 absl::Time now) {
  static constexpr db::Sql kInsert = {
      "filing.insert_draw_result",
      "INSERT INTO draw_result (id, list, list_digest, drawn, draw_us) VALUES (?,?,?,?,?)"};
  if (!txn.InsertIfAbsent(kInsert, draw.round_id, draw.list, draw.list_digest, draw.drawn, now)) {
    return std::nullopt;
  }
  return audit::Seal("draw_result", draw.round_id,
                     {{"list", draw.list},
                      {"list_digest", draw.list_digest},
                      {"drawn", draw.drawn},
                      {"draw_us", now}});
}

audit::SealedRow InsertSurvey(db::Txn& txn, const StatementRow& row, absl::Time now) {
  static constexpr db::Sql kInsert = {
      "filing.insert_survey",
      "INSERT INTO application_survey (id, application_id, findings, document, record_us)"
      " VALUES (?,?,?,?,?)"};
  txn.Exec(kInsert, row.id, row.application_id, row.text, row.document, now);
  return audit::Seal("application_survey", row.id,
                     {{"application_id", row.application_id},
                      {"findings", row.text},
                      {"document", row.document},
                      {"record_us", now}});
}

audit::SealedRow InsertOpinion(db::Txn& txn, const StatementRow& row, absl::Time now) {
  static constexpr db::Sql kInsert = {
      "filing.insert_opinion",
      "INSERT INTO application_opinion (id, application_id, opinion, document, record_us)"
      " VALUES (?,?,?,?,?)"};
  txn.Exec(kInsert, row.id, row.application_id, row.text, row.document, now);
  return audit::Seal("application_opinion", row.id,
                     {{"application_id", row.application_id},
                      {"opinion", row.text},
                      {"document", row.document},
                      {"record_us", now}});
}

audit::SealedRow InsertDecision(db::Txn& txn, const DecisionRow& row, absl::Time now) {
  static constexpr db::Sql kInsert = {"filing.insert_decision",
                                      "INSERT INTO meeting_decision (id, round_id, meeting_number, "
                                      "meeting_day, minutes, list_digest,"
                                      " record_us) VALUES (?,?,?,?,?,?,?)"};
  txn.Exec(kInsert, row.id, row.round_id, row.meeting_number, row.meeting_day, row.minutes,
           row.list_digest, now);
  return audit::Seal("meeting_decision", row.id,
                     {{"round_id", row.round_id},
                      {"meeting_number", row.meeting_number},
                      {"meeting_day", row.meeting_day},
                      {"minutes", row.minutes},
                      {"list_digest", row.list_digest},
                      {"record_us", now}});
}

std::vector<audit::SealedRow> InsertDecisionLines(db::Txn& txn, std::string_view decision_id,
                                                  const std::vector<DecisionLine>& lines) {
  static constexpr db::Sql kInsert = {
      "filing.insert_decision_lines",
      "INSERT INTO meeting_decision_line (id, decision_id, application_id, version_number,"
      " version_digest, verdict, reason) VALUES"};
  std::vector<std::string> ids;
  ids.reserve(lines.size());  // values point into it
  std::vector<db::Param> values;
  std::vector<audit::SealedRow> sealed;
  for (const DecisionLine& line : lines) {
    ids.push_back(base::StrCat(decision_id, "/", line.application_id));
    values.insert(values.end(), {ids.back(), decision_id, line.application_id, line.version_number,
                                 line.version_digest, line.verdict, line.reason});
    sealed.push_back(audit::Seal("meeting_decision_line", ids.back(),
                                 {{"decision_id", decision_id},
                                  {"application_id", line.application_id},
                                  {"version_number", line.version_number},
                                  {"version_digest", line.version_digest},
                                  {"verdict", line.verdict},
                                  {"reason", line.reason}}));
  }
  txn.InsertMany(kInsert, 7, values);
  return sealed;
}

NumberRange TakeNumbers(db::Txn& txn, std::string_view prefix, int32_t count) {
  static constexpr db::Sql kStart = {"filing.start_registry_counter",
                                     "INSERT INTO registry_counter (id, last_number) VALUES (?,0)"};
  static constexpr db::Sql kTake = {"filing.take_registry_numbers",
                                    "UPDATE registry_counter SET last_number=last_number+?"
                                    " WHERE id=?"};
  static constexpr db::Sql kRead = {"filing.read_registry_counter",
                                    "SELECT last_number FROM registry_counter WHERE id=?"};
  if (txn.Exec(kTake, count, prefix) == 0) {
    txn.InsertIfAbsent(kStart, prefix);
    txn.Exec(kTake, count, prefix);
  }
  // Our own UPDATE holds the row: nobody else can have changed what is read here.
  const int32_t last = txn.QueryOne(kRead, prefix)->Get<int32_t>(0);
  return {.first = last - count + 1,
          .sealed = audit::Seal("registry_counter", prefix, {{"last_number", last}})};
}

}  // namespace alliance::filing
