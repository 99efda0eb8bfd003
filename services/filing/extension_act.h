// What proposing and approving an extension have in common: whose case or region it is, and whether
// more time may be given now.

#ifndef ALLIANCE_SERVICES_FILING_EXTENSION_ACT_H_
#define ALLIANCE_SERVICES_FILING_EXTENSION_ACT_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/act/act.h"
#include "common/domain/window.h"
#include "services/filing/extension_store.h"
#include "services/filing/filing_store.h"

namespace alliance::filing {

// The case of an extension, locked, so that the clock does not lapse it meanwhile; nothing for a
// region's. NOT_PERMITTED when it is not there.
absl::StatusOr<std::optional<Application>> LockExtended(db::Txn& txn, const ExtensionRow& row);

// domain::CheckExtension with what the round, the region and the case say as of `now`. On success
// the end that is in force.
absl::StatusOr<absl::Time> CheckExtension(const act::Deps& deps, db::Txn& txn, absl::Time now,
                                          const ExtensionRow& row,
                                          const std::optional<Application>& application);

// The chain of an extension's history.
std::string ChainOf(const ExtensionRow& row);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_EXTENSION_ACT_H_
