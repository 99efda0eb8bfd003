#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/review/case_facts.h"
#include "services/review/frozen_list.h"
#include "services/review/review_service.h"

namespace alliance::review {

absl::Status ReviewService::GetRecommendationList(const rpc::Call& call,
                                                  const v1::GetRecommendationListRequest& request,
                                                  v1::RecommendationList* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kListPrefix, request.name());
  RETURN_IF_ERROR(shape.Done());
  return deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    answer->Clear();
    const std::optional<FrozenList> list = FindFrozenList(txn, id, call.caller);
    if (!list) return domain::Refuse(domain::Reason::kNotPermitted);
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, list->row.round_id));
    FillList(*list, *pack, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
