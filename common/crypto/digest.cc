#include "common/crypto/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <cstdlib>

namespace alliance::crypto {
namespace {

// The digest functions of libcrypto fail only for want of memory.
void Must(int result) {
  if (result != 1) std::abort();
}

int Nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

struct Sha256Hasher::State {
  State() { Must(context != nullptr && EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1); }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  EVP_MD_CTX* context = EVP_MD_CTX_new();
};

Sha256Hasher::Sha256Hasher() : state_(std::make_unique<State>()) {}
Sha256Hasher::~Sha256Hasher() = default;
Sha256Hasher::Sha256Hasher(Sha256Hasher&&) noexcept = default;
Sha256Hasher& Sha256Hasher::operator=(Sha256Hasher&&) noexcept = default;

void Sha256Hasher::Add(std::string_view bytes) {
  Must(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()));
}

void Sha256Hasher::AddField(std::string_view bytes) {
  AddNumber(static_cast<int64_t>(bytes.size()));
  Add(bytes);
}

void Sha256Hasher::AddNumber(int64_t value) {
  std::array<char, 8> big_endian;
  for (int i = 0; i < 8; ++i) {
    big_endian[i] = static_cast<char>(static_cast<uint64_t>(value) >> (56 - 8 * i));
  }
  Add({big_endian.data(), big_endian.size()});
}

std::string Sha256Hasher::Finish() {
  std::string digest(kSha256Bytes, '\0');
  Must(EVP_DigestFinal_ex(state_->context, reinterpret_cast<unsigned char*>(digest.data()),
                          nullptr));
  Must(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr));
  return digest;
}

std::string Sha256(std::string_view bytes) {
  std::string digest(kSha256Bytes, '\0');
  Must(EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()),
                  nullptr, EVP_sha256(), nullptr));
  return digest;
}

std::string Sm3(std::string_view bytes) {
  std::string digest(kSha256Bytes, '\0');
  Must(EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()),
                  nullptr, EVP_sm3(), nullptr));
  return digest;
}

std::string Hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (unsigned char byte : bytes) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

std::optional<std::string> Unhex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = Nibble(text[i]);
    const int low = Nibble(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

bool EqualInConstantTime(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace alliance::crypto
