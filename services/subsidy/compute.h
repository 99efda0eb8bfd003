// Compute: a run over frozen inputs. The same pack, policies, budget and inputs give the same
// bytes, and so the same digest, anywhere and any time.

#ifndef ALLIANCE_SERVICES_SUBSIDY_COMPUTE_H_
#define ALLIANCE_SERVICES_SUBSIDY_COMPUTE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "alliance/subsidy/v1/subsidy.pb.h"
#include "common/act/act.h"
#include "common/act/shape.h"
#include "common/domain/subsidy.h"
#include "common/rules/packs.h"
#include "services/subsidy/subsidy_store.h"

namespace alliance::subsidy {

struct Computed {
  std::vector<alliance::subsidy::v1::Line> lines;  // in the order of the cases
  int64_t total_fen = 0;
  bool over_budget = false;
  std::string policies;  // words, separated by commas
  std::string digest;    // 32 bytes over pack, policies, budget and lines
};

// The pack of that digest; PACK_INVALID when this process has not loaded it.
absl::StatusOr<const rules::Pack*> PackOf(const act::Deps& deps, std::string_view rules_digest);

// The policies of a request, or the pack's when it names none.
std::vector<domain::BudgetPolicy> PoliciesOf(
    act::Shape& shape,
    const google::protobuf::RepeatedPtrField<alliance::subsidy::v1::BudgetPolicy>& asked,
    const rules::Pack& pack);

// Every line is computed again from its trace alone before it is believed: INTERNAL when the two
// disagree.
absl::StatusOr<Computed> Compute(const std::vector<Case>& cases, const rules::Pack& pack,
                                 const std::vector<domain::BudgetPolicy>& policies,
                                 int64_t budget_fen);

// What the method gives for another R&D figure, under the same pack, without the budget step.
absl::StatusOr<int64_t> Recompute(const Case& row, const rules::Pack& pack, int64_t rd_fen);

}  // namespace alliance::subsidy

#endif  // ALLIANCE_SERVICES_SUBSIDY_COMPUTE_H_
