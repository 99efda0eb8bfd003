// Extensions of a deadline: who asked, who approved, and what of it is in force.

#ifndef ALLIANCE_SERVICES_FILING_EXTENSION_STORE_H_
#define ALLIANCE_SERVICES_FILING_EXTENSION_STORE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/audit/history.h"
#include "common/db/txn.h"
#include "common/domain/window.h"
#include "services/filing/filing_store.h"

namespace alliance::filing {

struct ExtensionRow {
  std::string id;
  std::string round_id;
  std::string region;
  std::string application_id;  // empty: every case of the region
  domain::Deadline deadline = domain::Deadline::kEnterprise;
  absl::Time previous_close;
  absl::Time close;
  std::string reason;
  std::string document;  // serialised
  std::string proposer;
  absl::Time propose;
  std::string approver;               // empty: not approved
  std::optional<absl::Time> approve;  // nothing: not approved
};

audit::SealedRow InsertProposal(db::Txn& txn, const ExtensionRow& row);
// Nothing when it is approved already.
std::optional<audit::SealedRow> InsertApproval(db::Txn& txn, const ExtensionRow& row);
std::optional<ExtensionRow> FindExtension(db::Txn& txn, std::string_view id);
// Of a round and, when given, of a region; newest first, ids below `before` ("" = all).
std::vector<ExtensionRow> ListExtensions(db::Txn& txn, std::string_view round_id,
                                         std::string_view region, std::string_view before,
                                         int limit);
// In force for this case or its region, oldest first.
std::vector<ExtensionRow> ExtensionsInForce(db::Txn& txn, const Application& of);

// What lengthens the times of one case or of its region; of every case of a round.
std::vector<domain::Grant> GrantsFor(db::Txn& txn, std::string_view round_id,
                                     std::string_view region, std::string_view application_id);
std::vector<domain::Grant> GrantsOfRound(db::Txn& txn, std::string_view round_id);

// Statistics of a round, in a scope.
struct ExtensionCount {
  int32_t proposed = 0;  // not approved
  int32_t of_cases = 0;
  int32_t of_regions = 0;
};
ExtensionCount CountExtensions(db::Txn& txn, std::string_view round_id, std::string_view region);
std::map<std::string, int32_t> CountStates(db::Txn& txn, std::string_view round_id,
                                           std::string_view region);
bool HasApplications(db::Txn& txn, std::string_view round_id);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_EXTENSION_STORE_H_
