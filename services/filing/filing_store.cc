#include "services/filing/filing_store.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "common/base/str.h"
#include "common/domain/errors.h"
#include "services/filing/sql_chunks.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Refuse;

#define APPLICATION_COLUMNS                                                                 \
  "p.id, p.round_id, p.lead_code, p.lead_name, p.alliance_name, p.region, p.city, p.state," \
  " p.holder, p.version, p.handoff_seq, p.version_number, p.version_digest,"                \
  " p.first_receive_us, p.receive_us, p.correction_until_us, p.due_us, p.verified_rd_fen,"  \
  " p.create_us, p.update_us, p.office"
constexpr size_t kApplicationColumns = 21;
// The scope of a read; its five values come from ScopeValues.
#define IN_SCOPE "(?='' OR p.lead_code=?) AND (?='' OR p.region=? OR p.city=?)"

domain::State StateIn(const db::Row& row, size_t column) {
  const auto state = domain::StateOf(row.Get<std::string>(column));
  if (!state) throw std::runtime_error("a stored state is not of this release");
  return *state;
}

domain::Owner OwnerIn(const db::Row& row, size_t column) {
  const auto owner = domain::OwnerOfWord(row.Get<std::string>(column));
  if (!owner) throw std::runtime_error("a stored holder is not of this release");
  return *owner;
}

Application ReadApplication(const db::Row& row) {
  return {.id = row.Get<std::string>(0),
          .round_id = row.Get<std::string>(1),
          .lead_code = row.Get<std::string>(2),
          .lead_name = row.Get<std::string>(3),
          .alliance_name = row.Get<std::string>(4),
          .region = row.Get<std::string>(5),
          .city = row.Get<std::string>(6),
          .state = StateIn(row, 7),
          .holder = OwnerIn(row, 8),
          .version = row.Get<int64_t>(9),
          .handoff_seq = row.Get<int32_t>(10),
          .version_number = row.Get<int32_t>(11),
          .version_digest = row.Get<std::optional<std::string>>(12),
          .first_receive = row.Get<std::optional<absl::Time>>(13),
          .receive = row.Get<std::optional<absl::Time>>(14),
          .correction_until = row.Get<std::optional<absl::Time>>(15),
          .due = row.Get<std::optional<absl::Time>>(16),
          .verified_rd_fen = row.Get<std::optional<int64_t>>(17),
          .create = row.Get<absl::Time>(18),
          .update = row.Get<absl::Time>(19),
          .office = row.Get<std::string>(20)};
}

std::optional<DraftedApplication> ReadDrafted(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  DraftedApplication drafted{ReadApplication(*row)};
  drafted.draft = {.form = row->Get<std::string>(kApplicationColumns),
                   .marks = row->Get<std::string>(kApplicationColumns + 1)};
  return drafted;
}

std::vector<Application> ReadApplications(const std::vector<db::Row>& rows) {
  std::vector<Application> all;
  all.reserve(rows.size());
  for (const db::Row& row : rows) all.push_back(ReadApplication(row));
  return all;
}

audit::SealedRow SealDraft(std::string_view id, const Draft& draft) {
  return audit::Seal("application_draft", id, {{"form", draft.form}, {"marks", draft.marks}});
}

}  // namespace

std::optional<Scope> ScopeOf(const domain::Caller& caller) {
  switch (caller.role) {
    case domain::Role::kApplicant:
      if (caller.organisation.empty()) return std::nullopt;
      return Scope{.lead_code = caller.organisation};
    case domain::Role::kRecommender:
      if (caller.region.empty()) return std::nullopt;
      return Scope{.region = caller.region};
    case domain::Role::kProvince:
    case domain::Role::kRecorder:
    case domain::Role::kFinance:
    case domain::Role::kApprover:
    case domain::Role::kAuditor:
      return EveryCase();
    default:
      return std::nullopt;
  }
}

std::optional<Scope> ScopeToAct(const domain::Caller& caller) {
  return caller.role == domain::Role::kClock ? EveryCase() : ScopeOf(caller);
}

// Rounds -----------------------------------------------------------------------------------------

std::optional<RoundPack> FindRoundPack(db::Txn& txn, std::string_view id) {
  static constexpr db::Sql kFind = {"filing.find_round_pack",
                                    "SELECT id, rules_digest FROM round_pack WHERE id=?"};
  const auto row = txn.QueryOne(kFind, id);
  if (!row) return std::nullopt;
  return RoundPack{.id = row->Get<std::string>(0), .rules_digest = row->Get<std::string>(1)};
}

std::optional<audit::SealedRow> InsertRoundPack(db::Txn& txn, const RoundPack& round,
                                                absl::Time now) {
  static constexpr db::Sql kInsert = {
      "filing.insert_round_pack",
      "INSERT INTO round_pack (id, rules_digest, create_us) VALUES (?,?,?)"};
  if (!txn.InsertIfAbsent(kInsert, round.id, round.rules_digest, now)) return std::nullopt;
  return audit::Seal("round_pack", round.id,
                     {{"rules_digest", round.rules_digest}, {"create_us", now}});
}

// Applications -----------------------------------------------------------------------------------

std::optional<std::vector<audit::SealedRow>> InsertApplication(db::Txn& txn, const Application& row,
                                                               const Draft& draft) {
  static constexpr db::Sql kInsert = {
      "filing.insert_application",
      "INSERT INTO application (id, round_id, lead_code, lead_name, alliance_name, region, city,"
      " state, holder, version, handoff_seq, version_number, due_us, create_us, update_us)"
      " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"};
  static constexpr db::Sql kInsertDraft = {
      "filing.insert_application_draft",
      "INSERT INTO application_draft (id, form, marks) VALUES (?,?,?)"};
  if (!txn.InsertIfAbsent(kInsert, row.id, row.round_id, row.lead_code, row.lead_name,
                          row.alliance_name, row.region, row.city, domain::WordOf(row.state),
                          domain::WordOf(row.holder), row.version, row.handoff_seq,
                          row.version_number, row.due, row.create, row.update)) {
    return std::nullopt;
  }
  txn.Exec(kInsertDraft, row.id, draft.form, draft.marks);
  return std::vector<audit::SealedRow>{SealApplication(row), SealDraft(row.id, draft)};
}

std::optional<DraftedApplication> FindDrafted(db::Txn& txn, std::string_view id,
                                              const Scope& scope) {
  static constexpr db::Sql kFind = {
      "filing.find_application",
      "SELECT " APPLICATION_COLUMNS
      ", d.form, d.marks, COALESCE(r.alliance_id, '') FROM application p"
      " JOIN application_draft d ON d.id=p.id"
      " LEFT JOIN application_renewal r ON r.id=p.id WHERE p.id=? AND " IN_SCOPE};
  const auto row = txn.QueryOne(kFind, id, scope.lead_code, scope.lead_code, scope.region,
                                scope.region, scope.region);
  std::optional<DraftedApplication> drafted = ReadDrafted(row);
  if (drafted) drafted->renews = row->Get<std::string>(kApplicationColumns + 2);
  return drafted;
}

std::optional<DraftedApplication> LockDrafted(db::Txn& txn, std::string_view id,
                                              const Scope& scope) {
  static constexpr db::Sql kLock = {
      "filing.lock_application_and_draft",
      "SELECT " APPLICATION_COLUMNS
      ", d.form, d.marks FROM application p"
      " JOIN application_draft d ON d.id=p.id WHERE p.id=? AND " IN_SCOPE " FOR UPDATE"};
  return ReadDrafted(txn.QueryOne(kLock, id, scope.lead_code, scope.lead_code, scope.region,
                                  scope.region, scope.region));
}

std::optional<Application> LockApplication(db::Txn& txn, std::string_view id, const Scope& scope) {
  static constexpr db::Sql kLock = {"filing.lock_application",
                                    "SELECT " APPLICATION_COLUMNS
                                    " FROM application p WHERE p.id=? AND " IN_SCOPE " FOR UPDATE"};
  const auto row = txn.QueryOne(kLock, id, scope.lead_code, scope.lead_code, scope.region,
                                scope.region, scope.region);
  if (!row) return std::nullopt;
  return ReadApplication(*row);
}

std::vector<Application> LockApplications(db::Txn& txn, std::string_view round_id,
                                          std::vector<std::string> ids) {
  static constexpr db::Sql kLock = {"filing.lock_applications",
                                    "SELECT " APPLICATION_COLUMNS
                                    " FROM application p WHERE p.round_id=? AND p.id IN "
                                    "(" ALLIANCE_FILING_50_MARKS ") ORDER BY p.id FOR UPDATE"};
  std::sort(ids.begin(), ids.end());  // one order for all, so that two acts do not deadlock
  return ReadApplications(QueryChunks(txn, kLock, {db::Param(round_id)}, ids));
}

std::vector<Application> LockInState(db::Txn& txn, std::string_view round_id, domain::State state) {
  static constexpr db::Sql kLock = {"filing.lock_in_state",
                                    "SELECT " APPLICATION_COLUMNS
                                    " FROM application p WHERE p.round_id=? AND p.state=?"
                                    " ORDER BY p.id LIMIT 100000 FOR UPDATE"};
  return ReadApplications(txn.Query(kLock, round_id, domain::WordOf(state)));
}

std::vector<Application> ListApplications(db::Txn& txn, const Scope& scope, std::string_view states,
                                          std::string_view before, int limit) {
#define LIST_TAIL                                                 \
  " AND (?='' OR p.id<?) AND (?='' OR FIND_IN_SET(p.state, ?)>0)" \
  " ORDER BY p.id DESC LIMIT ?"
  static constexpr db::Sql kOfLead = {"filing.list_of_lead",
                                      "SELECT " APPLICATION_COLUMNS
                                      " FROM application p WHERE p.lead_code=?" LIST_TAIL};
  static constexpr db::Sql kOfRegion = {
      "filing.list_of_region",
      "SELECT " APPLICATION_COLUMNS " FROM application p WHERE (p.region=? OR p.city=?)" LIST_TAIL};
  static constexpr db::Sql kAll = {
      "filing.list_all", "SELECT " APPLICATION_COLUMNS " FROM application p WHERE 1=1" LIST_TAIL};
#undef LIST_TAIL
  std::vector<db::Row> rows;
  if (!scope.lead_code.empty()) {
    rows = txn.Query(kOfLead, scope.lead_code, before, before, states, states, limit);
  } else if (!scope.region.empty()) {
    rows = txn.Query(kOfRegion, scope.region, scope.region, before, before, states, states, limit);
  } else {
    rows = txn.Query(kAll, before, before, states, states, limit);
  }
  return ReadApplications(rows);
}

std::vector<std::string> DueApplications(db::Txn& txn, absl::Time now, int limit) {
  static constexpr db::Sql kDue = {
      "filing.due_applications",
      "SELECT id FROM application WHERE due_us<=? ORDER BY due_us, id LIMIT ?"};
  std::vector<std::string> ids;
  for (const db::Row& row : txn.Query(kDue, now, limit)) ids.push_back(row.Get<std::string>(0));
  return ids;
}

bool SaveApplication(db::Txn& txn, Application& row) {
  static constexpr db::Sql kSave = {
      "filing.save_application",
      "UPDATE application SET lead_name=?, alliance_name=?, region=?, city=?, state=?, holder=?,"
      " version=version+1, handoff_seq=?, version_number=?, version_digest=?, first_receive_us=?,"
      " receive_us=?, correction_until_us=?, due_us=?, verified_rd_fen=?, update_us=?,"
      " office=? WHERE id=? AND version=?"};
  if (txn.Exec(kSave, row.lead_name, row.alliance_name, row.region, row.city,
               domain::WordOf(row.state), domain::WordOf(row.holder), row.handoff_seq,
               row.version_number, row.version_digest, row.first_receive, row.receive,
               row.correction_until, row.due, row.verified_rd_fen, row.update, row.office, row.id,
               row.version) != 1) {
    return false;
  }
  ++row.version;
  return true;
}

audit::SealedRow SealApplication(const Application& row) {
  return audit::Seal("application", row.id,
                     {{"round_id", row.round_id},
                      {"lead_code", row.lead_code},
                      {"lead_name", row.lead_name},
                      {"alliance_name", row.alliance_name},
                      {"region", row.region},
                      {"city", row.city},
                      {"state", domain::WordOf(row.state)},
                      {"holder", domain::WordOf(row.holder)},
                      {"version", row.version},
                      {"handoff_seq", row.handoff_seq},
                      {"version_number", row.version_number},
                      {"version_digest", row.version_digest},
                      {"first_receive_us", row.first_receive},
                      {"receive_us", row.receive},
                      {"correction_until_us", row.correction_until},
                      {"due_us", row.due},
                      {"verified_rd_fen", row.verified_rd_fen},
                      {"create_us", row.create},
                      {"update_us", row.update},
                      {"office", row.office}});
}

audit::SealedRow SaveDraft(db::Txn& txn, std::string_view id, const Draft& draft) {
  static constexpr db::Sql kSave = {"filing.save_application_draft",
                                    "UPDATE application_draft SET form=?, marks=? WHERE id=?"};
  txn.Exec(kSave, draft.form, draft.marks, id);
  return SealDraft(id, draft);
}

// Papers -----------------------------------------------------------------------------------------

std::vector<PaperRow> ListPapers(db::Txn& txn, std::string_view application_id) {
  static constexpr db::Sql kList = {
      "filing.list_papers",
      "SELECT id, slot, member_code, file_name, media_type, sha256, size_bytes, verdict, attach_us,"
      " sm3"
      " FROM application_paper WHERE application_id=? ORDER BY slot, member_code LIMIT 2000"};
  std::vector<PaperRow> papers;
  for (const db::Row& row : txn.Query(kList, application_id)) {
    papers.push_back({.id = row.Get<std::string>(0),
                      .slot = row.Get<std::string>(1),
                      .member_code = row.Get<std::string>(2),
                      .file_name = row.Get<std::string>(3),
                      .media_type = row.Get<std::string>(4),
                      .sha256 = row.Get<std::string>(5),
                      .sm3 = row.Get<std::optional<std::string>>(9),
                      .size_bytes = row.Get<int64_t>(6),
                      .verdict = row.Get<std::string>(7),
                      .attach = row.Get<absl::Time>(8)});
  }
  return papers;
}

audit::SealedRow PutPaper(db::Txn& txn, std::string_view application_id, const PaperRow& row,
                          bool replace) {
  static constexpr db::Sql kInsert = {
      "filing.insert_paper",
      "INSERT INTO application_paper (file_name, media_type, sha256, size_bytes, verdict, "
      "attach_us, sm3,"
      " id, application_id, slot, member_code) VALUES (?,?,?,?,?,?,?,?,?,?,?)"};
  static constexpr db::Sql kReplace = {
      "filing.replace_paper",
      "UPDATE application_paper SET file_name=?, media_type=?, sha256=?, size_bytes=?, verdict=?,"
      " attach_us=?, sm3=? WHERE id=? AND application_id=? AND slot=? AND member_code=?"};
  txn.Exec(replace ? kReplace : kInsert, row.file_name, row.media_type, row.sha256, row.size_bytes,
           row.verdict, row.attach, row.sm3, row.id, application_id, row.slot, row.member_code);
  return audit::Seal("application_paper", row.id,
                     {{"application_id", application_id},
                      {"slot", row.slot},
                      {"member_code", row.member_code},
                      {"file_name", row.file_name},
                      {"media_type", row.media_type},
                      {"sha256", row.sha256},
                      {"size_bytes", row.size_bytes},
                      {"verdict", row.verdict},
                      {"attach_us", row.attach},
                      {"sm3", row.sm3}});
}

// Locked versions --------------------------------------------------------------------------------

namespace {
std::string VersionId(std::string_view application_id, int32_t number) {
  return base::StrCat(application_id, "/", number);
}
}  // namespace

audit::SealedRow InsertVersion(db::Txn& txn, const Application& of, std::string_view rules_digest,
                               std::string_view content) {
  static constexpr db::Sql kInsert = {"filing.insert_version",
                                      "INSERT INTO application_version (id, application_id, "
                                      "number, digest, rules_digest, receive_us,"
                                      " content) VALUES (?,?,?,?,?,?,?)"};
  const std::string id = VersionId(of.id, of.version_number);
  txn.Exec(kInsert, id, of.id, of.version_number, of.version_digest, rules_digest, of.receive,
           content);
  return audit::Seal("application_version", id,
                     {{"application_id", of.id},
                      {"number", of.version_number},
                      {"digest", of.version_digest},
                      {"rules_digest", rules_digest},
                      {"receive_us", of.receive},
                      {"content", content}});
}

std::optional<std::string> FindVersion(db::Txn& txn, std::string_view application_id,
                                       int32_t number) {
  static constexpr db::Sql kFind = {"filing.find_version",
                                    "SELECT content FROM application_version WHERE id=?"};
  const auto row = txn.QueryOne(kFind, VersionId(application_id, number));
  if (!row) return std::nullopt;
  return row->Get<std::string>(0);
}

std::vector<LockedVersion> FindVersions(db::Txn& txn, const std::vector<Application>& of) {
  static constexpr db::Sql kFind = {"filing.find_versions",
                                    "SELECT application_id, content FROM application_version"
                                    " WHERE id IN (" ALLIANCE_FILING_50_MARKS ")"};
  std::vector<std::string> ids;
  for (const Application& row : of) ids.push_back(VersionId(row.id, row.version_number));
  std::vector<LockedVersion> versions;
  for (const db::Row& row : QueryChunks(txn, kFind, {}, ids)) {
    versions.push_back(
        {.application_id = row.Get<std::string>(0), .content = row.Get<std::string>(1)});
  }
  return versions;
}

}  // namespace alliance::filing
