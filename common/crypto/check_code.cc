#include "common/crypto/check_code.h"

#include <cstddef>
#include <cstdint>

namespace alliance::crypto {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr size_t kCharacters = 12;
constexpr size_t kGroup = 4;

// x · 2 in GF(2^5) with x^5 + x^2 + 1.
constexpr uint32_t Twice(uint32_t x) { return ((x << 1) ^ ((x & 16) != 0 ? 0b100101U : 0U)) & 31; }

// Damm: the character that follows `values` so that the whole comes out as 0. Each position has a
// factor of its own, a power of 2, none of them 0 and no two neighbours alike.
uint32_t CheckOf(const uint32_t (&values)[kCharacters]) {
  uint32_t interim = 0;
  for (size_t i = 0; i + 1 < kCharacters; ++i) interim = Twice(interim ^ values[i]);
  return interim;
}

std::string Shown(const uint32_t (&values)[kCharacters]) {
  std::string out;
  for (size_t i = 0; i < kCharacters; ++i) {
    if (i > 0 && i % kGroup == 0) out += '-';
    out += kAlphabet[values[i]];
  }
  return out;
}

// 32 when it is not of the alphabet.
uint32_t ValueOf(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'I' || c == 'L') c = '1';
  if (c == 'O') c = '0';
  const size_t at = kAlphabet.find(c);
  return at == std::string_view::npos ? 32 : static_cast<uint32_t>(at);
}

}  // namespace

std::string CheckCode(std::string_view digest) {
  uint64_t bits = 0;
  for (size_t i = 0; i < 7; ++i) bits = bits << 8 | static_cast<uint8_t>(digest[i]);
  uint32_t values[kCharacters] = {};
  for (size_t i = 0; i + 1 < kCharacters; ++i) {
    values[i] = static_cast<uint32_t>(bits >> (51 - 5 * i)) & 31;  // the first 55 of 56 bits
  }
  values[kCharacters - 1] = CheckOf(values);
  return Shown(values);
}

std::optional<std::string> ReadCheckCode(std::string_view text) {
  uint32_t values[kCharacters] = {};
  size_t count = 0;
  for (const char c : text) {
    if (c == '-' || c == ' ') continue;
    const uint32_t value = ValueOf(c);
    if (value > 31 || count == kCharacters) return std::nullopt;
    values[count++] = value;
  }
  if (count != kCharacters || CheckOf(values) != values[kCharacters - 1]) return std::nullopt;
  return Shown(values);
}

}  // namespace alliance::crypto
