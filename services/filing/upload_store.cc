#include "services/filing/upload_store.h"

namespace alliance::filing {
namespace {

#define UPLOAD_COLUMNS                                                              \
  "id, application_id, lead_code, slot, member_code, file_name, sha256, size_bytes" \
  ", offset_bytes, create_us, expire_us"

std::optional<UploadRow> ReadUpload(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return UploadRow{.id = row->Get<std::string>(0),
                   .application_id = row->Get<std::string>(1),
                   .lead_code = row->Get<std::string>(2),
                   .slot = row->Get<std::string>(3),
                   .member_code = row->Get<std::string>(4),
                   .file_name = row->Get<std::string>(5),
                   .sha256 = row->Get<std::optional<std::string>>(6),
                   .size_bytes = row->Get<int64_t>(7),
                   .offset_bytes = row->Get<int64_t>(8),
                   .create = row->Get<absl::Time>(9),
                   .expire = row->Get<absl::Time>(10)};
}

}  // namespace

void InsertUpload(db::Txn& txn, const UploadRow& row) {
  static constexpr db::Sql kInsert = {"filing.insert_upload", "INSERT INTO upload (" UPLOAD_COLUMNS
                                                              ") VALUES (?,?,?,?,?,?,?,?,?,?,?)"};
  txn.Exec(kInsert, row.id, row.application_id, row.lead_code, row.slot, row.member_code,
           row.file_name, row.sha256, row.size_bytes, row.offset_bytes, row.create, row.expire);
}

std::optional<UploadRow> FindUpload(db::Txn& txn, std::string_view id, std::string_view lead_code) {
  static constexpr db::Sql kFind = {
      "filing.find_upload", "SELECT " UPLOAD_COLUMNS " FROM upload WHERE id=? AND lead_code=?"};
  return ReadUpload(txn.QueryOne(kFind, id, lead_code));
}

std::optional<UploadRow> LockUpload(db::Txn& txn, std::string_view id, std::string_view lead_code) {
  static constexpr db::Sql kLock = {"filing.lock_upload",
                                    "SELECT " UPLOAD_COLUMNS
                                    " FROM upload WHERE id=? AND lead_code=? FOR UPDATE"};
  return ReadUpload(txn.QueryOne(kLock, id, lead_code));
}

bool HasUpload(db::Txn& txn, std::string_view id) {
  static constexpr db::Sql kHas = {"filing.has_upload", "SELECT 1 FROM upload WHERE id=?"};
  return txn.QueryOne(kHas, id).has_value();
}

bool MoveUpload(db::Txn& txn, std::string_view id, int64_t from, int64_t to) {
  static constexpr db::Sql kMove = {
      "filing.move_upload", "UPDATE upload SET offset_bytes=? WHERE id=? AND offset_bytes=?"};
  return txn.Exec(kMove, to, id, from) == 1;
}

bool DeleteUpload(db::Txn& txn, std::string_view id) {
  static constexpr db::Sql kDelete = {"filing.delete_upload", "DELETE FROM upload WHERE id=?"};
  return txn.Exec(kDelete, id) == 1;
}

std::vector<std::string> ExpiredUploads(db::Txn& txn, absl::Time now, int limit) {
  static constexpr db::Sql kExpired = {
      "filing.expired_uploads",
      "SELECT id FROM upload WHERE expire_us<=? ORDER BY expire_us, id LIMIT ?"};
  std::vector<std::string> ids;
  for (const db::Row& row : txn.Query(kExpired, now, limit)) {
    ids.push_back(row.Get<std::string>(0));
  }
  return ids;
}

Weight WeighUploads(db::Txn& txn, std::string_view application_id, absl::Time now,
                    std::string_view without) {
  static constexpr db::Sql kWeigh = {
      "filing.weigh_uploads",
      "SELECT COUNT(1), CAST(COALESCE(SUM(size_bytes), 0) AS SIGNED) FROM upload"
      " WHERE application_id=? AND expire_us>? AND id<>?"};
  const auto row = txn.QueryOne(kWeigh, application_id, now, without);
  return {.files = row->Get<int64_t>(0), .bytes = row->Get<int64_t>(1)};
}

std::optional<PaperRow> FindPaper(db::Txn& txn, std::string_view application_id,
                                  std::string_view paper_id) {
  for (PaperRow& paper : ListPapers(txn, application_id)) {
    if (paper.id == paper_id) return std::move(paper);
  }
  return std::nullopt;
}

bool InsertAccess(db::Txn& txn, const AccessRow& row) {
  static constexpr db::Sql kInsert = {
      "filing.insert_paper_access",
      "INSERT INTO paper_access (id, account, paper_id, application_id, role, organisation, region,"
      " sha256, read_us, trace_id) VALUES (?,?,?,?,?,?,?,?,?,?)"};
  return txn.InsertIfAbsent(kInsert, row.id, row.account, row.paper_id, row.application_id,
                            row.role, row.organisation, row.region, row.sha256, row.read,
                            row.trace_id);
}

std::optional<Access> FindAccess(db::Txn& txn, const AccessRow& row) {
  static constexpr db::Sql kFind = {
      "filing.find_paper_access",
      "SELECT sha256, read_us FROM paper_access WHERE id=? AND account=? AND paper_id=?"};
  const auto found = txn.QueryOne(kFind, row.id, row.account, row.paper_id);
  if (!found) return std::nullopt;
  return Access{.sha256 = found->Get<std::string>(0), .read = found->Get<absl::Time>(1)};
}

}  // namespace alliance::filing
