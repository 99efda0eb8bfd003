#include "common/base/uuid.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace alliance::base {
namespace {

// The kernel's generator: forked processes and restored machines never repeat each other.
void FillRandom(void* to, size_t size) {
  auto* bytes = static_cast<uint8_t*>(to);
  while (size > 0) {
    const ssize_t got = getrandom(bytes, size, 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      std::abort();  // no randomness: going on would make guessable or repeated names
    }
    bytes += got;
    size -= static_cast<size_t>(got);
  }
}

// RFC 9562 section 6.2, method 1: a 12-bit counter after the milliseconds. It begins in its lower
// half, so that a burst inside one millisecond has room; a full counter borrows the next one.
struct Tick {
  int64_t milliseconds;
  uint16_t counter;
};

Tick NextTick(uint16_t random) {
  static absl::Mutex mutex(absl::kConstInit);
  static Tick last = {0, 0};
  const int64_t now = absl::ToUnixMillis(absl::Now());
  absl::MutexLock lock(&mutex);
  if (now > last.milliseconds) {
    last = {now, static_cast<uint16_t>(random & 0x7ff)};
  } else if (last.counter == 0xfff) {
    last = {last.milliseconds + 1, static_cast<uint16_t>(random & 0x7ff)};
  } else {
    ++last.counter;
  }
  return last;
}

}  // namespace

std::string NewUuid7() {
  std::array<uint8_t, 16> bytes = {};
  std::array<uint8_t, 10> random = {};
  FillRandom(random.data(), random.size());
  const Tick tick = NextTick(static_cast<uint16_t>(random[0] << 8 | random[1]));
  for (int i = 0; i < 6; ++i) {
    bytes[i] = static_cast<uint8_t>(tick.milliseconds >> (8 * (5 - i)));
  }
  bytes[6] = static_cast<uint8_t>(0x70 | tick.counter >> 8);
  bytes[7] = static_cast<uint8_t>(tick.counter);
  std::memcpy(bytes.data() + 8, random.data() + 2, 8);
  bytes[8] = static_cast<uint8_t>(0x80 | (bytes[8] & 0x3f));

  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kHex[bytes[i] >> 4];
    text += kHex[bytes[i] & 0xf];
  }
  return text;
}

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (hyphen ? c != '-' : !hex) return false;
  }
  return true;
}

}  // namespace alliance::base
