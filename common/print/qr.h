// QR codes, as squares to fill.

#ifndef ALLIANCE_COMMON_PRINT_QR_H_
#define ALLIANCE_COMMON_PRINT_QR_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace alliance::print {

struct Qr {
  int side = 0;            // modules
  std::vector<bool> dark;  // side × side, row by row
};

// Level M: a sixth of it may be lost to a stamp or a fold.
absl::StatusOr<Qr> MakeQr(const std::string& text);

}  // namespace alliance::print

#endif  // ALLIANCE_COMMON_PRINT_QR_H_
