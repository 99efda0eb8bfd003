#include "services/gateway/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <memory>

#include "services/gateway/problem.h"

namespace alliance::gateway {
namespace {

constexpr int kGzipWindow = 15 + 16;  // 16: gzip header and checksum instead of zlib's
constexpr size_t kChunk = 64 << 10;

absl::Status Damaged() {
  return BadRequest("Content-Encoding", "BAD_GZIP", "请求内容的 gzip 压缩数据已损坏。",
                    "The gzip data of the body is damaged.");
}

Bytef* Bytes(std::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

}  // namespace

absl::StatusOr<std::string> Gunzip(std::string_view packed, size_t limit) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzipWindow) != Z_OK) return absl::InternalError("inflateInit2");
  const std::unique_ptr<z_stream, int (*)(z_streamp)> end(&stream, &inflateEnd);
  stream.next_in = Bytes(packed);
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string plain;
  int result = Z_OK;
  while (result == Z_OK) {
    const size_t before = plain.size();
    // One byte over the limit is room enough to see that it is passed.
    plain.resize(std::min(before + kChunk, limit + 1));
    stream.next_out = Bytes(plain) + before;
    stream.avail_out = static_cast<uInt>(plain.size() - before);
    result = inflate(&stream, Z_NO_FLUSH);
    plain.resize(plain.size() - stream.avail_out);
    if (plain.size() > limit) return TooLarge(limit);
  }
  if (result != Z_STREAM_END || stream.avail_in != 0) return Damaged();
  return plain;
}

std::string Gzip(std::string_view plain) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    return "";
  }
  const std::unique_ptr<z_stream, int (*)(z_streamp)> end(&stream, &deflateEnd);
  std::string packed(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = Bytes(plain);
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = Bytes(packed);
  stream.avail_out = static_cast<uInt>(packed.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) return "";
  packed.resize(stream.total_out);
  return packed;
}

}  // namespace alliance::gateway
