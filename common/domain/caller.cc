#include "common/domain/caller.h"

#include <array>
#include <cstddef>

namespace alliance::domain {
namespace {

constexpr std::array<std::string_view, kRoleCount> kRoleWords = {
    "applicant", "recommender", "province", "recorder", "public",   "firm",
    "finance",   "approver",    "clock",    "auditor",  "operator",
};
static_assert(static_cast<int>(Role::kOperator) == kRoleCount - 1);

}  // namespace

std::string_view WordOf(Role role) { return kRoleWords[static_cast<size_t>(role)]; }

std::optional<Role> RoleOf(std::string_view word) {
  for (size_t i = 0; i < kRoleWords.size(); ++i) {
    if (kRoleWords[i] == word) return static_cast<Role>(i);
  }
  return std::nullopt;
}

Caller ClockCaller() {
  return {.account = "clock", .role = Role::kClock, .display_name = "系统时钟"};
}

}  // namespace alliance::domain
