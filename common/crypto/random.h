// Bytes from the system's random source, for tokens, salts, lease names and jitter.

#ifndef ALLIANCE_COMMON_CRYPTO_RANDOM_H_
#define ALLIANCE_COMMON_CRYPTO_RANDOM_H_

#include <cstddef>
#include <string>

namespace alliance::crypto {

// `count` unpredictable bytes.
std::string RandomBytes(size_t count);

// `count` unpredictable bytes as 2 × count lower-case hexadecimal characters.
std::string RandomHex(size_t count);

// At least 0, below 1.
double RandomFraction();

}  // namespace alliance::crypto

#endif  // ALLIANCE_COMMON_CRYPTO_RANDOM_H_
