#include "common/crypto/random.h"

#include <sodium.h>

#include <cstdlib>

#include "common/crypto/digest.h"

namespace alliance::crypto {

std::string RandomBytes(size_t count) {
  // 0 the first time, 1 later; without it libsodium's generator may not be seeded.
  if (sodium_init() < 0) std::abort();
  std::string bytes(count, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

std::string RandomHex(size_t count) { return Hex(RandomBytes(count)); }

double RandomFraction() {
  if (sodium_init() < 0) std::abort();
  return static_cast<double>(randombytes_random()) / 4294967296.0;
}

}  // namespace alliance::crypto
