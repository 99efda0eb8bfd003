#include "common/base/status_macros.h"
#include "common/domain/errors.h"
#include "services/evaluation/case.h"
#include "services/evaluation/convert.h"
#include "services/evaluation/evaluation_service.h"

namespace alliance::evaluation {
namespace {

using domain::Reason;
using domain::Refuse;
using domain::Role;

// Everybody who has to do with evaluations; an operator sees none.
constexpr domain::RoleSet kReaders = {Role::kApplicant, Role::kRecommender, Role::kProvince,
                                      Role::kRecorder,  Role::kFirm,        Role::kFinance,
                                      Role::kApprover,  Role::kAuditor};

}  // namespace

absl::Status EvaluationService::GetCampaign(const rpc::Call& call,
                                            const v1::GetCampaignRequest& request,
                                            v1::Campaign* answer) {
  act::Shape shape;
  const std::string id = CampaignNamed(shape, "name", request.name());
  RETURN_IF_ERROR(shape.Done());

  return deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    const std::optional<Campaign> campaign = FindCampaign(txn, id);
    if (!campaign || !kReaders.Has(call.caller.role)) return Refuse(Reason::kNotPermitted);
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, campaign->rules_digest));
    FillCampaign(*campaign, *pack, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::evaluation
