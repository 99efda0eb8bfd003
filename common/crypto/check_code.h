// Check code of a print: what a person types to ask whether a paper is genuine.
//
//   CheckCode(version_digest)            "7C2R-0M4K-9QXT"
//   ReadCheckCode("7c2r 0m4k 9qxt")      the same; nothing when it was mistyped
//
// Eleven characters carry the first 55 bits of the SHA-256, the twelfth is a check character
// (Damm's scheme over GF(32)): any one wrong character and any two neighbours exchanged are found,
// so that a slip of the pen is told from a forged paper. The alphabet is Crockford's: no I, L, O,
// U.

#ifndef ALLIANCE_COMMON_CRYPTO_CHECK_CODE_H_
#define ALLIANCE_COMMON_CRYPTO_CHECK_CODE_H_

#include <optional>
#include <string>
#include <string_view>

namespace alliance::crypto {

// `digest` has at least 7 bytes.
std::string CheckCode(std::string_view digest);

// The code as CheckCode writes it. Case, blanks and hyphens do not matter; I and L are read as 1, O
// as 0. Nothing when `text` is no code or its check character is wrong.
std::optional<std::string> ReadCheckCode(std::string_view text);

}  // namespace alliance::crypto

#endif  // ALLIANCE_COMMON_CRYPTO_CHECK_CODE_H_
