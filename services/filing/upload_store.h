// Uploads on their way and who read which paper: their rows and all SQL on them.

#ifndef ALLIANCE_SERVICES_FILING_UPLOAD_STORE_H_
#define ALLIANCE_SERVICES_FILING_UPLOAD_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/db/txn.h"
#include "services/filing/filing_store.h"

namespace alliance::filing {

struct UploadRow {
  std::string id;
  std::string application_id;
  std::string lead_code;
  std::string slot;
  std::string member_code;
  std::string file_name;
  std::optional<std::string> sha256;  // 32 bytes, when the client declared it
  int64_t size_bytes = 0;
  int64_t offset_bytes = 0;  // what is on the disk for good
  absl::Time create;
  absl::Time expire;
};

void InsertUpload(db::Txn& txn, const UploadRow& row);
// Of this enterprise; whoever else asks finds nothing.
std::optional<UploadRow> FindUpload(db::Txn& txn, std::string_view id, std::string_view lead_code);
std::optional<UploadRow> LockUpload(db::Txn& txn, std::string_view id, std::string_view lead_code);
// Whether there is one of any enterprise: for what lies in the store.
bool HasUpload(db::Txn& txn, std::string_view id);
// From one offset to the next; false when somebody else was there first.
bool MoveUpload(db::Txn& txn, std::string_view id, int64_t from, int64_t to);
bool DeleteUpload(db::Txn& txn, std::string_view id);
std::vector<std::string> ExpiredUploads(db::Txn& txn, absl::Time now, int limit);

// What the uploads of an application that have not expired will take, but for `without`.
struct Weight {
  int64_t files = 0;
  int64_t bytes = 0;
};
Weight WeighUploads(db::Txn& txn, std::string_view application_id, absl::Time now,
                    std::string_view without);

// One paper of the application.
std::optional<PaperRow> FindPaper(db::Txn& txn, std::string_view application_id,
                                  std::string_view paper_id);

struct AccessRow {
  std::string id;  // the reader's name for the download
  std::string account;
  std::string paper_id;
  std::string application_id;
  std::string role;
  std::string organisation;
  std::string region;
  std::string sha256;
  absl::Time read;
  std::string trace_id;
};
// False when this reader has named a download of this paper so before.
bool InsertAccess(db::Txn& txn, const AccessRow& row);
// What that download was of, and since when.
struct Access {
  std::string sha256;
  absl::Time read;
};
std::optional<Access> FindAccess(db::Txn& txn, const AccessRow& row);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_UPLOAD_STORE_H_
