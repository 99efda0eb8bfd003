#include "common/rules/pack_problem.h"

#include "common/base/str.h"

namespace alliance::rules {

std::string TextOf(const PackProblems& problems, std::string_view name) {
  std::string text;
  for (const PackProblem& problem : problems) {
    if (!text.empty()) text += "; ";
    base::StrAppend(&text, name);
    if (problem.line > 0) base::StrAppend(&text, ":", problem.line);
    base::StrAppend(&text, ": ", problem.path, problem.path.empty() ? "" : ": ", problem.why);
  }
  return text;
}

}  // namespace alliance::rules
