// Passwords: Argon2id by libsodium, 64 MiB and 2 passes (about 0.1 s). The caller limits how many
// run at a time.

#ifndef ALLIANCE_SERVICES_GATEWAY_PASSWORDS_H_
#define ALLIANCE_SERVICES_GATEWAY_PASSWORDS_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace alliance::gateway {

// Longer ones are refused before they are hashed (tests/bad-input.md 4.7).
inline constexpr size_t kLongestPassword = 128;

// "$argon2id$v=19$m=65536,t=2,p=1$…"; fails only when memory is short.
absl::StatusOr<std::string> HashPassword(std::string_view password);

bool IsPassword(const std::string& hash, std::string_view password);

// A hash that no password fits, for logins that do not exist: checking it takes as long as any.
std::string_view HashOfNobody();

// The first line of a file.
absl::StatusOr<std::string> ReadPasswordFile(const std::string& path);

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_PASSWORDS_H_
