// SHA-256 and SM3, as raw bytes and as hexadecimal text.
//
//   std::string digest = Sha256(form.SerializeAsString());   // 32 bytes, for a BINARY(32) column
//   std::string shown = Hex(digest);                          // 64 lower-case characters

#ifndef ALLIANCE_COMMON_CRYPTO_DIGEST_H_
#define ALLIANCE_COMMON_CRYPTO_DIGEST_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace alliance::crypto {

inline constexpr size_t kSha256Bytes = 32;

// 32 raw bytes.
std::string Sha256(std::string_view bytes);
// SM3 (GM/T 0004-2012), 32 raw bytes: for those who may rest on no other digest.
std::string Sm3(std::string_view bytes);

// The same digest, fed piece by piece. AddField() puts the length before the bytes, so that
// ("ab", "c") and ("a", "bc") differ; use it whenever more than one value is hashed.
class Sha256Hasher {
 public:
  Sha256Hasher();
  ~Sha256Hasher();
  Sha256Hasher(Sha256Hasher&&) noexcept;
  Sha256Hasher& operator=(Sha256Hasher&&) noexcept;

  void Add(std::string_view bytes);
  void AddField(std::string_view bytes);  // 8 bytes of length, big endian, then the bytes
  void AddNumber(int64_t value);          // 8 bytes, big endian

  // 32 raw bytes. The hasher then starts from nothing again.
  std::string Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Lower-case hexadecimal.
std::string Hex(std::string_view bytes);

// The bytes of an even number of hexadecimal digits (either case); nothing for any other text.
std::optional<std::string> Unhex(std::string_view text);

// Compares without stopping at the first difference: for secrets and for signed values.
bool EqualInConstantTime(std::string_view a, std::string_view b);

}  // namespace alliance::crypto

#endif  // ALLIANCE_COMMON_CRYPTO_DIGEST_H_
