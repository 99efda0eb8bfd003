// The headers of file transfers, as pure functions: where an upload goes on, which part of a file a
// download wants, and under which name it is saved.

#ifndef ALLIANCE_SERVICES_GATEWAY_FILE_HEADERS_H_
#define ALLIANCE_SERVICES_GATEWAY_FILE_HEADERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace alliance::gateway {

// More bytes than any body or file has. Every length and offset in a header is below it, so sums
// and differences of two of them fit int64_t.
inline constexpr int64_t kMostBytes = 999'999'999'999'999;

// What a path under /files/ names.
struct FilePath {
  bool upload = false;
  std::string name;  // "uploads/{uuid}" or "applications/{uuid}/papers/{uuid}"
};
// "/files/uploads/{uuid}" and "/files/papers/{uuid}/{uuid}"; nothing for any other path.
std::optional<FilePath> FilePathOf(std::string_view path);

// Where the body of an upload stands in its file.
struct UploadSpan {
  int64_t offset = 0;
  std::optional<int64_t> total;  // of the file, when the client says it
};
// From "Upload-Offset: 0" or "Content-Range: bytes 0-99/200", which agree with the length of the
// body and with each other. INVALID_REQUEST that names the header.
absl::StatusOr<UploadSpan> UploadSpanOf(std::string_view upload_offset,
                                        std::string_view content_range, int64_t body_bytes);

// A part of a file of `size` bytes (RFC 9110, 14.2).
struct ByteRange {
  int64_t first = 0;
  int64_t count = 0;
};
enum class RangeKind { kWhole, kPart, kUnsatisfiable };
// What is no range of bytes, or several at once, is answered with the whole file.
RangeKind RangeOf(std::string_view range, int64_t size, ByteRange* part);

// "attachment; filename=\"____.pdf\"; filename*=UTF-8''%E5…" (RFC 6266): whatever the name is, it
// ends neither the header nor the quotes, and it is never shown in the page.
std::string Disposition(std::string_view file_name);

// Letters, digits and -._~ as they are, everything else as %XX.
std::string PercentEncoded(std::string_view text);

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_FILE_HEADERS_H_
