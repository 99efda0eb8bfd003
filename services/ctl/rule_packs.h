// Where alliancectl finds rule packs when no configuration names them.

#ifndef ALLIANCE_SERVICES_CTL_RULE_PACKS_H_
#define ALLIANCE_SERVICES_CTL_RULE_PACKS_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/rules/packs.h"

namespace alliance::ctl {

// The file of `pack`: a path (it holds a / or ends in .textproto), or a name such as "2023" in the
// rules folder. The rules folder is $ALLIANCE_RULES, or common/rules of the source tree that the
// program was built in, or ../share/alliance/rules beside an installed program.
absl::StatusOr<std::string> PackPath(std::string_view pack);

// One pack by name or path.
absl::StatusOr<rules::Pack> FindPack(std::string_view pack);

// The calendar that knows the year of `day`: of `pack` if given, else of the newest such pack in
// the rules folder; a year that none knows is left to the calendar to refuse.
absl::StatusOr<domain::WorkCalendar> FindCalendar(std::optional<std::string_view> pack,
                                                  absl::CivilDay day);

}  // namespace alliance::ctl

#endif  // ALLIANCE_SERVICES_CTL_RULE_PACKS_H_
