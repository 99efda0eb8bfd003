#include "services/gateway/file_headers.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "services/gateway/problem.h"

namespace alliance::gateway {
namespace {

constexpr size_t kMostDigits = 15;  // of kMostBytes

// Digits alone, as many as a file can have.
std::optional<int64_t> Number(std::string_view text) {
  int64_t number = 0;
  if (text.empty() || text.size() > kMostDigits ||
      text.find_first_not_of("0123456789") != std::string_view::npos ||
      !absl::SimpleAtoi(base::Absl(text), &number)) {
    return std::nullopt;
  }
  return number;
}

// "0-99/200", "0-99/*"
struct ContentRange {
  int64_t first = 0;
  int64_t last = 0;
  std::optional<int64_t> total;
};
std::optional<ContentRange> ContentRangeOf(std::string_view text) {
  constexpr std::string_view kUnit = "bytes ";
  if (!text.starts_with(kUnit)) return std::nullopt;
  text.remove_prefix(kUnit.size());
  const size_t dash = text.find('-');
  const size_t slash = text.find('/');
  if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash) {
    return std::nullopt;
  }
  const auto first = Number(text.substr(0, dash));
  const auto last = Number(text.substr(dash + 1, slash - dash - 1));
  const std::string_view size = text.substr(slash + 1);
  ContentRange range{.total = Number(size)};
  if (!first || !last || *last < *first || (!range.total && size != "*")) return std::nullopt;
  if (range.total && *last >= *range.total) return std::nullopt;
  range.first = *first;
  range.last = *last;
  return range;
}

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

std::optional<FilePath> FilePathOf(std::string_view path) {
  constexpr std::string_view kUploads = "/files/uploads/";
  constexpr std::string_view kPapers = "/files/papers/";
  if (path.starts_with(kUploads)) {
    path.remove_prefix(kUploads.size());
    if (!base::IsUuid(path)) return std::nullopt;
    return FilePath{.upload = true, .name = base::StrCat("uploads/", path)};
  }
  if (!path.starts_with(kPapers)) return std::nullopt;
  path.remove_prefix(kPapers.size());
  const size_t slash = path.find('/');
  if (slash == std::string_view::npos || !base::IsUuid(path.substr(0, slash)) ||
      !base::IsUuid(path.substr(slash + 1))) {
    return std::nullopt;
  }
  return FilePath{.name = base::StrCat("applications/", path.substr(0, slash), "/papers/",
                                       path.substr(slash + 1))};
}

absl::StatusOr<UploadSpan> UploadSpanOf(std::string_view upload_offset,
                                        std::string_view content_range, int64_t body_bytes) {
  UploadSpan span;
  if (!content_range.empty()) {
    const auto range = ContentRangeOf(content_range);
    if (!range || range->last - range->first + 1 != body_bytes) {
      return BadRequest("Content-Range", "BAD_RANGE", "Content-Range 与正文长度不符或格式有误。",
                        "Content-Range must be bytes FIRST-LAST/TOTAL of the body that follows.");
    }
    span = {.offset = range->first, .total = range->total};
  }
  if (!upload_offset.empty()) {
    const auto offset = Number(upload_offset);
    if (!offset || (!content_range.empty() && *offset != span.offset)) {
      return BadRequest("Upload-Offset", "BAD_OFFSET", "Upload-Offset 须为起始字节数。",
                        "Upload-Offset must be the number of the first byte of the body.");
    }
    span.offset = *offset;
  } else if (content_range.empty()) {
    return BadRequest("Upload-Offset", "REQUIRED", "请说明正文从第几字节开始。",
                      "Say where the body begins: Upload-Offset or Content-Range.");
  }
  return span;
}

RangeKind RangeOf(std::string_view range, int64_t size, ByteRange* part) {
  constexpr std::string_view kUnit = "bytes=";
  if (!range.starts_with(kUnit)) return RangeKind::kWhole;
  range.remove_prefix(kUnit.size());
  const size_t dash = range.find('-');
  if (dash == std::string_view::npos) return RangeKind::kWhole;
  const auto first = Number(range.substr(0, dash));
  const auto last = Number(range.substr(dash + 1));
  const bool no_first = dash == 0;
  const bool no_last = dash + 1 == range.size();
  if ((!first && !no_first) || (!last && !no_last) || (no_first && no_last)) {
    return RangeKind::kWhole;
  }
  if (no_first) {  // the last so many bytes
    if (*last == 0 || size == 0) return RangeKind::kUnsatisfiable;
    *part = {.first = std::max<int64_t>(0, size - *last), .count = std::min(size, *last)};
    return RangeKind::kPart;
  }
  if (last && *last < *first) return RangeKind::kWhole;
  if (*first >= size) return RangeKind::kUnsatisfiable;
  const int64_t end = last ? std::min(size, *last + 1) : size;
  *part = {.first = *first, .count = end - *first};
  return RangeKind::kPart;
}

std::string PercentEncoded(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (IsUnreserved(c)) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
  }
  return out;
}

std::string Disposition(std::string_view file_name) {
  std::string plain;
  for (const char c : file_name) plain.push_back(IsUnreserved(c) ? c : '_');
  return base::StrCat("attachment; filename=\"", plain, "\"; filename*=UTF-8''",
                      PercentEncoded(file_name));
}

}  // namespace alliance::gateway
