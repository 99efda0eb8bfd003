// Extensions of a deadline: may more time be given (reading Q1)?
//
// The same question is asked when an extension is proposed and again, as of then, when it is
// approved. A deadline that has passed is never opened again: what lapsed at it has lapsed, and all
// who kept it are treated alike.

#ifndef ALLIANCE_COMMON_DOMAIN_EXTENSION_H_
#define ALLIANCE_COMMON_DOMAIN_EXTENSION_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/domain/state.h"
#include "common/domain/window.h"

namespace alliance::domain {

struct ExtensionFacts {
  absl::Time now;
  std::string round;  // for texts
  Deadline deadline = Deadline::kEnterprise;
  absl::Time closes;             // the new end
  std::optional<State> state;    // of the case; nothing for a region
  CaseTimes in_force;            // of the case or the region, grants included
  CaseTimes of_round;            // as the pack has them for everybody
  std::optional<int> most_days;  // beyond the round's own deadline; nothing: no extension at all
};

// EXTENSIONS_NOT_ALLOWED, EXTENSION_USELESS, EXTENSION_LATE, EXTENSION_SHORTENS,
// EXTENSION_TOO_LONG, in this order.
absl::Status CheckExtension(const ExtensionFacts& facts);

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_EXTENSION_H_
