#include "services/gateway/passwords.h"

#include <sodium.h>

#include <fstream>

#include "common/base/str.h"

namespace alliance::gateway {
namespace {

constexpr unsigned long long kPasses = 2;
constexpr size_t kMemoryBytes = 64 << 20;

bool SodiumReady() {
  static const bool ready = sodium_init() >= 0;
  return ready;
}

}  // namespace

absl::StatusOr<std::string> HashPassword(std::string_view password) {
  char hash[crypto_pwhash_STRBYTES];
  if (!SodiumReady() ||
      crypto_pwhash_str(hash, password.data(), password.size(), kPasses, kMemoryBytes) != 0) {
    return absl::ResourceExhaustedError("not enough memory to hash a password");
  }
  return std::string(hash);
}

bool IsPassword(const std::string& hash, std::string_view password) {
  return SodiumReady() && password.size() <= kLongestPassword &&
         crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

std::string_view HashOfNobody() {
  // Of 32 random bytes that were thrown away.
  return "$argon2id$v=19$m=65536,t=2,p=1$H31gxQVIZV1wGMps1KI+Zg"
         "$QX98F3AAnJh0E89b6eODmf7AiPjfTm4bRUigx+gtLjo";
}

absl::StatusOr<std::string> ReadPasswordFile(const std::string& path) {
  std::ifstream file(path);
  std::string password;
  if (!file || !std::getline(file, password) || password.empty()) {
    return absl::FailedPreconditionError(
        base::StrCat("password file ", path, ": cannot be read or is empty"));
  }
  if (password.size() > kLongestPassword) {
    return absl::FailedPreconditionError(
        base::StrCat("password file ", path, ": longer than ", kLongestPassword, " bytes"));
  }
  return password;
}

}  // namespace alliance::gateway
