// PrepareRun: a run over all that is EVALUATED, which waits for the second person (R-103 … R-105).

#include <utility>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/crypto/canonical.h"
#include "common/domain/errors.h"
#include "services/subsidy/compute.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/request.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {

using domain::Reason;
using domain::Refuse;

absl::Status SubsidyService::PrepareRun(const rpc::Call& call, const v1::PrepareRunRequest& request,
                                        v1::Run* answer) {
  act::Shape shape;
  const std::string year = PlanName(shape, "plan", request.plan());
  RETURN_IF_ERROR(shape.Done());
  if (call.caller.role != domain::Role::kFinance) return Refuse(Reason::kNotPermitted);
  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    const std::optional<Plan> plan = FindPlan(step.txn(), year);
    if (!plan) return Refuse(Reason::kNotPermitted);
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, plan->rules_digest));
    act::Shape policy_shape;
    const auto policies = PoliciesOf(policy_shape, request.budget_policies(), *pack);
    RETURN_IF_ERROR(policy_shape.Done());
    const std::vector<Case> cases = LockEvaluated(step.txn(), std::stoi(plan->id));
    if (cases.empty()) return Refuse(Reason::kInputsIncomplete);
    const int64_t left_fen = plan->budget_fen - plan->used_fen;
    ASSIGN_OR_RETURN(const Computed computed, Compute(cases, *pack, policies, left_fen));

    const Run run{.id = base::NewUuid7(),
                  .plan_id = plan->id,
                  .rules_digest = pack->digest(),
                  .method = std::string(domain::WordOf(pack->subsidy_rules().method)),
                  .policies = computed.policies,
                  .budget_fen = left_fen,
                  .total_fen = computed.total_fen,
                  .digest = computed.digest,
                  .preparer = call.caller.account,
                  .prepare = step.now()};
    std::vector<RunLine> lines;
    std::vector<audit::SealedRow> sealed = {SealOf(run)};
    for (size_t i = 0; i < cases.size(); ++i) {
      lines.push_back({.id = base::StrCat(run.id, "/", cases[i].id),
                       .run_id = run.id,
                       .case_id = cases[i].id,
                       .case_version = cases[i].version,
                       .amount_fen = computed.lines[i].amount_fen(),
                       .content = crypto::Canonical(computed.lines[i])});
      sealed.push_back(SealOf(lines.back()));
    }
    InsertRun(step.txn(), run, lines);
    step.Record({.case_id = base::StrCat("run-", run.id),
                 .action = "prepare_run",
                 .to_state = "PREPARED",
                 .rules_digest = run.rules_digest,
                 .sealed = std::move(sealed)});
    FillRun(run, answer);
    return FillLines(lines, answer);
  });
}

}  // namespace alliance::subsidy
