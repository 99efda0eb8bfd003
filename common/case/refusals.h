// One case of a request that names many: refuses for all that are refused at once, with the path of
// each.
//
//   cases::Refusals refusals("review_case");
//   for (…) if (!decision.ok()) refusals.Add("review_cases[2]", CaseName(row), decision.status());
//   RETURN_IF_ERROR(refusals.Done());

#ifndef ALLIANCE_COMMON_CASE_REFUSALS_H_
#define ALLIANCE_COMMON_CASE_REFUSALS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/domain/errors.h"

namespace alliance::cases {

class Refusals {
 public:
  // `kind` is the key of the metadata that names the first case: "review_case", "application".
  explicit Refusals(std::string_view kind) : kind_(kind) {}

  void Add(std::string_view path, std::string_view case_name, const absl::Status& refusal);
  // OK when nothing was added; else the first refusal, saying which case it is about, with a field
  // problem for each.
  absl::Status Done() const;

 private:
  const std::string kind_;
  absl::Status first_;
  std::string first_name_;
  std::vector<domain::FieldProblem> fields_;
};

}  // namespace alliance::cases

#endif  // ALLIANCE_COMMON_CASE_REFUSALS_H_
