// What the rules look at when somebody acts on a case: the row, the round's pack, the extensions,
// and the desk of who acts.

#ifndef ALLIANCE_SERVICES_REVIEW_CASE_FACTS_H_
#define ALLIANCE_SERVICES_REVIEW_CASE_FACTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/act/act.h"
#include "common/act/shape.h"
#include "common/domain/facts.h"
#include "common/domain/window.h"
#include "common/domain/workflow.h"
#include "common/rules/packs.h"
#include "services/review/desk_store.h"
#include "services/review/extension_store.h"
#include "services/review/review_store.h"

namespace alliance::review {

// ROUND_UNKNOWN when the round is not served any more.
absl::StatusOr<const rules::Pack*> PackOf(const act::Deps& deps, std::string_view round_id);

// The account of a colleague, as people log in; whether it is one of the office only the gateway
// knows.
void CheckAccount(std::string_view field, std::string_view account, act::Shape& shape);

// What has been granted to a round's cases beyond the pack's deadlines, read once for an act.
using Grants = std::vector<domain::Grant>;
domain::CaseTimes TimesOf(const CaseRow& row, const rules::Pack& pack, const Grants& grants);

// The office that has the case forwards it to its city instead of recommending it (Q3).
bool GoesThroughCity(const CaseRow& row, const rules::Pack& pack);

// Everything that the row, the round's pack and the extensions say. Reason, papers and what else a
// request brings are for the handler to add.
void GatherCase(const CaseRow& row, const rules::Pack& pack, const Grants& grants,
                const domain::Caller& caller, domain::Facts& facts);

// Who acts: what they have declared about the case, and in whose place they do so.
struct Desk {
  Interest declared = Interest::kUndeclared;
  std::string stands_in_for = {};  // the holder, when a delegation makes the caller act for them
};

// GatherCase for the act on one case, with the caller's desk. Who has an interest in it may give it
// out of their hands, and nothing else: CONFLICT_OF_INTEREST.
absl::Status Gather(act::Step& step, domain::Action action, const CaseRow& row, Desk& desk,
                    domain::Facts& facts);

// The history names who acted; in whose place, the reason says before what was given.
std::string InWhosePlace(const Desk& desk, std::string_view reason);
// What was given.
std::string_view WithoutPlace(std::string_view reason);

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_CASE_FACTS_H_
