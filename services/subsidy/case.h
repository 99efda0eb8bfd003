// Case: the steps that every act on a subsidy has in common.

#ifndef ALLIANCE_SERVICES_SUBSIDY_CASE_H_
#define ALLIANCE_SERVICES_SUBSIDY_CASE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "alliance/subsidy/v1/subsidy.pb.h"
#include "common/act/act.h"
#include "common/act/shape.h"
#include "common/domain/workflow.h"
#include "common/rules/packs.h"
#include "services/subsidy/payment_store.h"
#include "services/subsidy/subsidy_store.h"

namespace alliance::subsidy {

// Longest reason and grounds, in characters.
inline constexpr int kLongText = 2000;
// Most payments of one list.
inline constexpr int kMostPerRequest = 500;

// The year behind plans/{yyyy}; "" and a problem in `shape` when it is none.
std::string ReadPlanName(act::Shape& shape, std::string_view field, std::string_view name);
// Letters, digits and . _ -: a bank's reference or an account.
void CheckCode(act::Shape& shape, std::string_view field, std::string_view code, size_t least,
               size_t most);

// The pack of that digest; PACK_INVALID when this process has not loaded it.
absl::StatusOr<const rules::Pack*> PackOf(const act::Deps& deps, std::string_view rules_digest);

// Locks one case for an act. NOT_PERMITTED when it is unknown or out of the caller's scope,
// ETAG_STALE when it is not the version the caller has seen.
absl::StatusOr<Case> TakeFor(act::Step& step, const rpc::Call& call, domain::Action action,
                             std::string_view id, std::optional<std::string_view> etag);

// What the history says about an act, beside the row.
struct Note {
  std::string reason = {};
  std::optional<std::string> paper_digest = std::nullopt;  // 32 bytes
  std::optional<std::string> rules_digest = std::nullopt;  // 32 bytes
  std::vector<audit::SealedRow> sealed = {};               // of other rows that the act wrote
};

// Puts the row into the decided state, saves it and records the act.
absl::Status Move(act::Step& step, const domain::Decision& decision, Case& row, Note note);

// One act on one case with a reason and a document, as most are: shape, lock, `gather` facts,
// decide, `change` the row, store. `paper` is what the document is, when the workflow row names
// one.
struct Act {
  domain::Action action;
  std::optional<domain::Paper> paper = std::nullopt;
};
using Gather = absl::FunctionRef<absl::Status(act::Step&, const Case&, domain::Facts&)>;
using Change = absl::FunctionRef<absl::Status(act::Step&, Case&, Note&)>;
absl::Status DecideOne(const act::Deps& deps, const rpc::Call& call,
                       const alliance::subsidy::v1::DecideSubsidyCaseRequest& request,
                       alliance::subsidy::v1::SubsidyCase* answer, const Act& act, Gather gather,
                       Change change);
absl::Status NoFacts(act::Step&, const Case&, domain::Facts&);
absl::Status NoChange(act::Step&, Case&, Note&);

}  // namespace alliance::subsidy

#endif  // ALLIANCE_SERVICES_SUBSIDY_CASE_H_
