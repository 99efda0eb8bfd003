// CreatePlan: the budget of a year, which is also the guard row.

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/errors.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {

using domain::Reason;
using domain::Refuse;

absl::Status SubsidyService::CreatePlan(const rpc::Call& call, const v1::CreatePlanRequest& request,
                                        v1::Plan* answer) {
  act::Shape shape;
  shape.Between("year", request.year(), 2000, 2999);
  // A thousand milliard yuan: far above any budget, far below overflow.
  shape.Between("budget_fen", request.budget_fen(), 1, 100'000'000'000'000);
  shape.Document("budget_document", request.budget_document());
  RETURN_IF_ERROR(shape.Done());
  if (call.caller.role != domain::Role::kFinance) return Refuse(Reason::kNotPermitted);
  const rules::Pack* pack = deps_.packs.ForYear(request.year());
  if (pack == nullptr) {
    return Refuse(Reason::kRoundUnknown, {{"round", base::StrCat(request.year())}});
  }

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    const Plan plan{.id = base::StrCat(request.year()),
                    .budget_fen = request.budget_fen(),
                    .rules_digest = pack->digest(),
                    .open = step.now(),
                    .opened_by = call.caller.account,
                    .document_sha256 = request.budget_document().sha256()};
    if (!InsertPlan(step.txn(), plan)) {
      return Refuse(Reason::kAlreadyExists, {{"name", base::StrCat(kPlans, plan.id)}});
    }
    step.Record({.case_id = base::StrCat("plan-", plan.id),
                 .action = "create_plan",
                 .to_state = "OPEN",
                 .paper_digest = plan.document_sha256,
                 .rules_digest = plan.rules_digest,
                 .sealed = {SealOf(plan)}});
    FillPlan(plan, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::subsidy
