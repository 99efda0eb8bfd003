// GetRound: open to everybody, for the windows and the draw are public.

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"
#include "services/filing/province_store.h"
#include "services/filing/rounds.h"

namespace alliance::filing {

absl::Status FilingService::GetRound(const rpc::Call& call, const v1::GetRoundRequest& request,
                                     v1::Round* answer) {
  act::Shape shape;
  const std::string id = shape.Slug("name", kRounds, request.name());
  RETURN_IF_ERROR(shape.Done());
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, id));
  const bool inside =
      call.caller.role != domain::Role::kApplicant && ScopeOf(call.caller).has_value();
  return deps_.pool.Read(call.deadline, [&](db::Txn& txn) {
    answer->Clear();
    ShowRound(txn, *pack, portal_address_, answer);
    if (const auto draw = FindDraw(txn, id)) FillDraw(*draw, inside, answer->mutable_survey_draw());
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
