// Names of cases as people know them, and the case id that every history row carries.

#ifndef ALLIANCE_SERVICES_CTL_CASE_NAME_H_
#define ALLIANCE_SERVICES_CTL_CASE_NAME_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace alliance::ctl {

// "applications/{uuid}", "reviewCases/{uuid}", "alliances/{uuid}", "alliances/{uuid}/years/{yyyy}",
// "evaluations/{uuid}-{yyyy}", "subsidyCases/{uuid}-{yyyy}", or the id alone, to "{uuid}" or
// "{uuid}-{yyyy}".
absl::StatusOr<std::string> CaseIdOf(std::string_view name);

}  // namespace alliance::ctl

#endif  // ALLIANCE_SERVICES_CTL_CASE_NAME_H_
