// What is wrong with a pack: where it stands and why.

#ifndef ALLIANCE_COMMON_RULES_PACK_PROBLEM_H_
#define ALLIANCE_COMMON_RULES_PACK_PROBLEM_H_

#include <string>
#include <string_view>
#include <vector>

namespace alliance::rules {

struct PackProblem {
  int line = 0;      // 0: the pack was not read from a text
  std::string path;  // "subsidy.fixed[3].sum_wan"; empty for what is not even syntax
  std::string why;
};
using PackProblems = std::vector<PackProblem>;

// All in one line: "FILE:LINE: path: why; FILE:LINE: …".
std::string TextOf(const PackProblems& problems, std::string_view name);

}  // namespace alliance::rules

#endif  // ALLIANCE_COMMON_RULES_PACK_PROBLEM_H_
