// What dismissing and upholding an objection have in common.

#ifndef ALLIANCE_SERVICES_SUBSIDY_OBJECTION_HANDLING_H_
#define ALLIANCE_SERVICES_SUBSIDY_OBJECTION_HANDLING_H_

#include "alliance/subsidy/v1/subsidy.pb.h"
#include "common/case/case.h"
#include "services/subsidy/subsidy_store.h"

namespace alliance::subsidy {

// Keeps how the objections of the case were handled, with the record of it, for good; the note for
// the move.
cases::Note KeepHandling(act::Step& step, const domain::Decision& decision,
                         const alliance::subsidy::v1::DecideSubsidyCaseRequest& request,
                         const Case& row);

}  // namespace alliance::subsidy

#endif  // ALLIANCE_SERVICES_SUBSIDY_OBJECTION_HANDLING_H_
