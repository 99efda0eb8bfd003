// What dismissing, repeating the notice and upholding have in common.

#ifndef ALLIANCE_SERVICES_REVIEW_OBJECTION_ACT_H_
#define ALLIANCE_SERVICES_REVIEW_OBJECTION_ACT_H_

#include <string>

#include "absl/status/statusor.h"
#include "alliance/review/v1/review.pb.h"
#include "common/act/act.h"
#include "common/act/shape.h"
#include "services/review/case_act.h"

namespace alliance::review {

// The shape of the request; the case's id.
std::string CheckHandling(const v1::HandleObjectionRequest& request, act::Shape& shape);

// The objected case with reason and handling record as facts.
absl::StatusOr<Taken> TakeObjected(act::Step& step, const act::Deps& deps, const rpc::Call& call,
                                   domain::Action action, const std::string& id,
                                   const v1::HandleObjectionRequest& request);

// Keeps how the objections of the case were handled, for good; then stores the case.
absl::Status StoreHandling(act::Step& step, const rpc::Call& call, Taken& taken,
                           const domain::Decision& decision,
                           const v1::HandleObjectionRequest& request,
                           std::vector<audit::SealedRow> sealed = {});

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_OBJECTION_ACT_H_
