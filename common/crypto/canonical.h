// The bytes of a message that a digest is taken of.

#ifndef ALLIANCE_COMMON_CRYPTO_CANONICAL_H_
#define ALLIANCE_COMMON_CRYPTO_CANONICAL_H_

#include <string>

#include "google/protobuf/message.h"

namespace alliance::crypto {

// Equal messages have equal bytes: map entries in the order of their keys.
std::string Canonical(const google::protobuf::Message& message);

}  // namespace alliance::crypto

#endif  // ALLIANCE_COMMON_CRYPTO_CANONICAL_H_
