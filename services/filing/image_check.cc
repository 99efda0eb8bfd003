#include "services/filing/image_check.h"

#include <zlib.h>

#include <cstddef>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "services/filing/paper_check.h"

namespace alliance::filing {
namespace {

uint8_t Byte(std::string_view content, size_t at) { return static_cast<uint8_t>(content[at]); }

// The big-endian number of `bytes` bytes; the caller knows that they are there.
uint32_t Number(std::string_view content, size_t at, size_t bytes) {
  uint32_t number = 0;
  for (size_t i = 0; i < bytes; ++i) number = number << 8 | Byte(content, at + i);
  return number;
}

absl::Status CheckPixels(int64_t width, int64_t height, int64_t most) {
  if (width == 0 || height == 0) return RefuseFile(FileProblem::kImageBroken);
  if (width > most / height) return RefuseFile(FileProblem::kImagePixels, base::StrCat(most));
  return absl::OkStatus();
}

// Start of frame: any of C0 … CF but DHT, JPG and DAC.
bool IsFrame(uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// Behind the coded data of a scan: at the FF of the next marker that is no restart; npos if none.
size_t EndOfScan(std::string_view content, size_t at) {
  while ((at = content.find('\xFF', at)) != std::string_view::npos && at + 1 < content.size()) {
    const uint8_t next = Byte(content, at + 1);
    if (next != 0x00 && next != 0xFF && (next < 0xD0 || next > 0xD7)) return at;
    at += next == 0xFF ? 1 : 2;
  }
  return std::string_view::npos;
}

}  // namespace

absl::Status CheckJpeg(std::string_view content, int64_t most_pixels) {
  size_t at = 2;  // behind SOI
  bool frame = false;
  bool scan = false;
  while (true) {
    if (at + 2 > content.size()) return RefuseFile(FileProblem::kImageTruncated);
    if (Byte(content, at) != 0xFF) return RefuseFile(FileProblem::kImageBroken);
    const uint8_t marker = Byte(content, at + 1);
    if (marker == 0xFF) {  // fill byte
      ++at;
      continue;
    }
    at += 2;
    if (marker == 0xD9) break;
    if (marker == 0x00 || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
      return RefuseFile(FileProblem::kImageBroken);
    }
    if (at + 2 > content.size()) return RefuseFile(FileProblem::kImageTruncated);
    const size_t length = Number(content, at, 2);
    if (length < 2) return RefuseFile(FileProblem::kImageBroken);
    if (at + length > content.size()) return RefuseFile(FileProblem::kImageTruncated);
    if (IsFrame(marker)) {
      if (length < 8) return RefuseFile(FileProblem::kImageBroken);
      RETURN_IF_ERROR(
          CheckPixels(Number(content, at + 5, 2), Number(content, at + 3, 2), most_pixels));
      frame = true;
    }
    at += length;
    if (marker == 0xDA) {
      scan = true;
      at = EndOfScan(content, at);
      if (at == std::string_view::npos) return RefuseFile(FileProblem::kImageTruncated);
    }
  }
  if (!frame || !scan) return RefuseFile(FileProblem::kImageBroken);
  if (at != content.size()) return RefuseFile(FileProblem::kImageTrailingData);
  return absl::OkStatus();
}

absl::Status CheckPng(std::string_view content, int64_t most_pixels) {
  constexpr size_t kAround = 12;  // length, type and check of a chunk
  size_t at = 8;                  // behind the signature
  bool data = false;
  for (bool first = true;; first = false) {
    if (content.size() - at < kAround) return RefuseFile(FileProblem::kImageTruncated);
    const size_t length = Number(content, at, 4);
    if (length > content.size() - at - kAround) return RefuseFile(FileProblem::kImageTruncated);
    const std::string_view typed = content.substr(at + 4, 4 + length);
    const std::string_view type = typed.substr(0, 4);
    if (crc32(0, reinterpret_cast<const Bytef*>(typed.data()), static_cast<uInt>(typed.size())) !=
        Number(content, at + 8 + length, 4)) {
      return RefuseFile(FileProblem::kImageBroken);
    }
    if (first) {
      if (type != "IHDR" || length != 13) return RefuseFile(FileProblem::kImageBroken);
      RETURN_IF_ERROR(
          CheckPixels(Number(content, at + 8, 4), Number(content, at + 12, 4), most_pixels));
    }
    data |= type == "IDAT" && length > 0;
    at += kAround + length;
    if (type == "IEND") break;
  }
  if (!data) return RefuseFile(FileProblem::kImageBroken);
  if (at != content.size()) return RefuseFile(FileProblem::kImageTrailingData);
  return absl::OkStatus();
}

}  // namespace alliance::filing
