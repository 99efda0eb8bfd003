// TrialRun: what a year's evaluated alliances would get (R-103 … R-105).

#include "common/base/status_macros.h"
#include "common/crypto/digest.h"
#include "common/domain/errors.h"
#include "services/subsidy/compute.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/request.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {

using domain::Reason;
using domain::Refuse;

absl::Status SubsidyService::TrialRun(const rpc::Call& call, const v1::TrialRunRequest& request,
                                      v1::Run* answer) {
  act::Shape shape;
  const std::string year = PlanName(shape, "plan", request.plan());
  shape.Between("budget_fen", request.budget_fen(), 0, 100'000'000'000'000);
  RETURN_IF_ERROR(shape.Done());
  if (call.caller.role != domain::Role::kFinance) return Refuse(Reason::kNotPermitted);
  return deps_.pool.Snapshot(call.deadline, [&](db::Txn& txn) -> absl::Status {
    const std::optional<Plan> plan = FindPlan(txn, year);
    if (!plan) return Refuse(Reason::kNotPermitted);
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, plan->rules_digest));
    act::Shape policy_shape;
    const auto policies = PoliciesOf(policy_shape, request.budget_policies(), *pack);
    RETURN_IF_ERROR(policy_shape.Done());
    const int64_t budget_fen =
        request.budget_fen() > 0 ? request.budget_fen() : plan->budget_fen - plan->used_fen;
    ASSIGN_OR_RETURN(const Computed computed,
                     Compute(ListEvaluated(txn, std::stoi(plan->id)), *pack, policies, budget_fen));
    answer->Clear();
    answer->set_plan(request.plan());
    answer->set_rules_digest(pack->digest_hex());
    answer->set_method(std::string(domain::WordOf(pack->subsidy_rules().method)));
    answer->set_total_fen(computed.total_fen);
    answer->set_digest(crypto::Hex(computed.digest));
    for (const v1::Line& line : computed.lines) *answer->add_lines() = line;
    return absl::OkStatus();
  });
}

}  // namespace alliance::subsidy
