// PaperStore: the content of papers, in a folder, named by its SHA-256.
//
// Put returns when the bytes are on the disk for good: written to a temporary file, synced, renamed
// to their digest, and the folder synced. So a row that names a digest always finds its file,
// whatever crashes in between; a file without a row is only waste. The same content is stored once.

#ifndef ALLIANCE_SERVICES_FILING_PAPER_STORE_H_
#define ALLIANCE_SERVICES_FILING_PAPER_STORE_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace alliance::filing {

class PaperStore {
 public:
  // Makes the folder if it is missing; fails if nothing can be written there.
  static absl::StatusOr<PaperStore> Open(const std::string& folder);

  // Stores the content; its SHA-256, 32 bytes. Any number of threads.
  absl::StatusOr<std::string> Put(std::string_view content) const;

  // What was stored under this digest; NOT_FOUND, or DATA_LOSS when the file is not what it says.
  absl::StatusOr<std::string> Get(std::string_view sha256) const;

 private:
  explicit PaperStore(std::string folder) : folder_(std::move(folder)) {}

  std::string PathOf(std::string_view sha256) const;

  std::string folder_;
};

// "application/pdf", "image/jpeg" or "image/png" by the first bytes of the content; nothing for any
// other kind. The name of a file proves nothing.
std::optional<std::string_view> MediaTypeOf(std::string_view content);

// True when the name's ending is one of this kind of content.
bool EndingFits(std::string_view file_name, std::string_view media_type);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_PAPER_STORE_H_
