// Who is calling: identity and role, established by the gateway and trusted from there on.

#ifndef ALLIANCE_COMMON_DOMAIN_CALLER_H_
#define ALLIANCE_COMMON_DOMAIN_CALLER_H_

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace alliance::domain {

enum class Role {
  kApplicant,    // 盟主企业: the lead's staff
  kRecommender,  // 推荐单位: city, Shenfu zone or high-tech zone
  kProvince,     // 主管业务处室: the division in charge
  kRecorder,     // keeps the collective decision (厅党组审定)
  kPublic,       // anyone, by real name: objections only
  kFirm,         // 第三方评价机构
  kFinance,      // prepares and pays the post-subsidy
  kApprover,     // the second person
  kClock,        // the system, when an instant has passed
  kAuditor,      // reads, never acts
  kOperator,     // runs the machines, sees no case
};
inline constexpr int kRoleCount = 11;

// "applicant", "recommender", …: the word in tokens, logs and tables.
std::string_view WordOf(Role role);
std::optional<Role> RoleOf(std::string_view word);

class RoleSet {
 public:
  constexpr RoleSet() = default;
  constexpr RoleSet(Role role) : bits_(Bit(role)) {}  // NOLINT(google-explicit-constructor)
  constexpr RoleSet(std::initializer_list<Role> roles) {
    for (Role role : roles) bits_ |= Bit(role);
  }

  constexpr bool Has(Role role) const { return (bits_ & Bit(role)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  friend constexpr bool operator==(RoleSet, RoleSet) = default;

 private:
  static constexpr uint32_t Bit(Role role) { return uint32_t{1} << static_cast<int>(role); }
  uint32_t bits_ = 0;
};

struct Caller {
  std::string account;
  Role role = Role::kPublic;
  std::string region;        // recommender: the region or zone code, e.g. "210200", "21SF00"
  std::string organisation;  // applicant: the lead's credit code; firm: the firm's id
  std::string display_name;
};

// The system itself acting when a deadline has passed.
Caller ClockCaller();

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_CALLER_H_
