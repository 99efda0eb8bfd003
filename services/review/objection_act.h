// What dismissing, repeating the notice and upholding have in common.

#ifndef ALLIANCE_SERVICES_REVIEW_OBJECTION_ACT_H_
#define ALLIANCE_SERVICES_REVIEW_OBJECTION_ACT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "alliance/review/v1/review.pb.h"
#include "common/act/act.h"
#include "common/act/shape.h"
#include "services/review/case_facts.h"
#include "services/review/review_case.h"

namespace alliance::review {

// The shape of the request; the case's id.
std::string CheckHandling(const v1::HandleObjectionRequest& request, act::Shape& shape);

// Gather with reason and handling record.
absl::Status GatherHandling(act::Step& step, domain::Action action,
                            const v1::HandleObjectionRequest& request, const CaseRow& row,
                            Desk& desk, domain::Facts& facts);

// Keeps how the objections of the case were handled, for good: what the Move leaves beside the row.
cases::Note InsertHandling(act::Step& step, const domain::Decision& decision,
                           const v1::HandleObjectionRequest& request, const CaseRow& row,
                           const Desk& desk, std::vector<audit::SealedRow> sealed = {});

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_OBJECTION_ACT_H_
