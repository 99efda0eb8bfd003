// PaperStore: the content of papers, named by its SHA-256. One small interface; a local folder
// behind it.
//
// Content comes in two ways: whole (Put), or piece by piece into a temporary that bears the id of
// its upload and gets its digest as a second name when it is complete (Keep). Whatever returns OK
// is on the disk for good: bytes are synced before they are counted, names before they are told. So
// a row that names a digest always finds its file, and nothing half-written ever has a digest for a
// name, whatever crashes in between. A file without a row is only waste. The same content is stored
// once.

#ifndef ALLIANCE_SERVICES_FILING_PAPER_STORE_H_
#define ALLIANCE_SERVICES_FILING_PAPER_STORE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace alliance::filing {

// All methods may be called by any number of threads; for one temporary, one at a time.
class PaperStore {
 public:
  virtual ~PaperStore() = default;

  // The bytes of a complete temporary, as long as this lives.
  class View {
   public:
    virtual ~View() = default;
    virtual std::string_view content() const = 0;
  };

  // Writes a piece at its offset, makes the temporary if it is the first, cuts off what an earlier
  // attempt left behind it, and syncs.
  virtual absl::Status Append(std::string_view id, int64_t offset, std::string_view bytes) = 0;
  // NOT_FOUND, or DATA_LOSS when it does not have this size.
  virtual absl::StatusOr<std::unique_ptr<View>> Open(std::string_view id, int64_t size_bytes) = 0;
  // The complete temporary is found under its digest as well.
  virtual absl::Status Keep(std::string_view id, std::string_view sha256) = 0;
  // Takes the temporary away, if there is one; what was kept of it stays.
  virtual absl::Status Drop(std::string_view id) = 0;
  // Ids of temporaries that nobody has written to for so long.
  virtual std::vector<std::string> Idle(absl::Duration age) = 0;

  // Up to `limit` bytes from `offset`; NOT_FOUND.
  virtual absl::StatusOr<std::string> Read(std::string_view sha256, int64_t offset,
                                           int64_t limit) = 0;

  // Stores the content; its SHA-256, 32 bytes.
  absl::StatusOr<std::string> Put(std::string_view content);
  // NOT_FOUND, or DATA_LOSS when the file is not what its name says.
  absl::Status Verify(std::string_view sha256);
};

// Papers in a folder. Makes it if it is missing; fails if nothing can be written there.
absl::StatusOr<std::unique_ptr<PaperStore>> OpenPaperFolder(const std::string& folder);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_PAPER_STORE_H_
