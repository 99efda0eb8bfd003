// Personal data as those see it who need only know that it is there (docs/threats.md B1-I3). What
// is masked stays in the answer of a reveal, which the history tells, and nowhere else.

#ifndef ALLIANCE_COMMON_DOMAIN_MASK_H_
#define ALLIANCE_COMMON_DOMAIN_MASK_H_

#include <string>
#include <string_view>

namespace alliance::domain {

// "138****1234": digits in the middle of each number are hidden, everything else stays.
std::string MaskPhone(std::string_view phone);

// "张*": all but the first character.
std::string MaskName(std::string_view name);

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_MASK_H_
