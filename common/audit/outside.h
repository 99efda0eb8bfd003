// The copy of the checkpoints outside the database: one line each, appended and fsynced.

#ifndef ALLIANCE_COMMON_AUDIT_OUTSIDE_H_
#define ALLIANCE_COMMON_AUDIT_OUTSIDE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace alliance::audit {

struct OutsideFile {
  std::vector<std::string> lines;  // complete ones
  std::string torn;                // after the last line end: an append that a crash cut short
  bool exists = false;
};

absl::StatusOr<OutsideFile> ReadOutside(const std::string& path);

// Appends one line and waits until it is on the disk.
absl::Status AppendOutside(const std::string& path, std::string_view line);

// Cuts the file to `bytes`: what a crash left behind a complete line goes.
absl::Status TruncateOutside(const std::string& path, size_t bytes);

}  // namespace alliance::audit

#endif  // ALLIANCE_COMMON_AUDIT_OUTSIDE_H_
