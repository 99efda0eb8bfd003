#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/errors.h"
#include "common/rules/packs.h"
#include "services/evaluation/case.h"
#include "services/evaluation/convert.h"
#include "services/evaluation/evaluation_service.h"

namespace alliance::evaluation {

using domain::Reason;
using domain::Refuse;

absl::Status EvaluationService::CreateCampaign(const rpc::Call& call,
                                               const v1::CreateCampaignRequest& request,
                                               v1::Campaign* answer) {
  act::Shape shape;
  shape.Between("year", request.year(), 2000, 2999);
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    // No case yet, so no row of the workflow: the province commissions the evaluation.
    if (call.caller.role != domain::Role::kProvince) return Refuse(Reason::kNotPermitted);
    const std::string id = base::StrCat(request.year());
    const rules::Pack* pack = deps_.packs.ForYear(request.year());
    if (pack == nullptr) return Refuse(Reason::kRoundUnknown, {{"round", id}});

    const Campaign campaign = {.id = id,
                               .rules_digest = pack->digest(),
                               .open = step.now(),
                               .opened_by = call.caller.account};
    const std::string name = base::StrCat(kCampaigns, id);
    if (!InsertCampaign(step.txn(), campaign)) {
      return Refuse(Reason::kAlreadyExists, {{"name", name}});
    }
    step.Record({.case_id = name,
                 .action = "create_campaign",
                 .from_state = "",
                 .to_state = "OPEN",
                 .reason = "",
                 .rules_digest = pack->digest(),
                 .sealed = {SealOf(campaign)}});
    FillCampaign(campaign, *pack, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::evaluation
