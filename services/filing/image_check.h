// Whether a picture is whole: its segments from the first byte to the last, and its size in pixels.
// Nothing is decoded, so nothing can blow up.

#ifndef ALLIANCE_SERVICES_FILING_IMAGE_CHECK_H_
#define ALLIANCE_SERVICES_FILING_IMAGE_CHECK_H_

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"

namespace alliance::filing {

absl::Status CheckJpeg(std::string_view content, int64_t most_pixels);
absl::Status CheckPng(std::string_view content, int64_t most_pixels);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_IMAGE_CHECK_H_
