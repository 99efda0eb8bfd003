// Planning a public notice (公示): its period on the working-day calendar and the planner's
// warning.

#ifndef ALLIANCE_SERVICES_REVIEW_NOTICE_PLAN_H_
#define ALLIANCE_SERVICES_REVIEW_NOTICE_PLAN_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "alliance/review/v1/review.pb.h"
#include "common/act/act.h"
#include "common/act/shape.h"
#include "common/domain/calendar.h"
#include "common/rules/pack.h"
#include "services/review/notice_store.h"
#include "services/review/review_case.h"

namespace alliance::review {

// What stands in a request about the notice itself.
void CheckNotice(const v1::Notice& notice, act::Shape& shape);

// A batch that begins on `start`, not stored yet: period by the pack (R-082, Q2), and whether it
// ends after `deadline`, too late to recommend in time. YEAR_NOT_LOADED when the calendar does not
// reach.
absl::StatusOr<BatchRow> PlanBatch(const rules::Pack& pack, std::string_view round_id,
                                   std::string_view region, domain::CivilDay start,
                                   absl::Time deadline, const v1::Notice& notice,
                                   std::string_view reason, absl::Time now);

// Stores the batch and its history, which is a chain of its own.
void OpenBatch(act::Step& step, const rules::Pack& pack, const BatchRow& batch);
// The chain of a batch: "noticeBatches/<id>".
std::string ChainOf(const BatchRow& batch);

// The period is over: closes the batch at the instant of its end; one that is closed already stays.
// Its cases are CloseDue's.
absl::Status CloseBatchByClock(act::Step& step, const rules::Pack& pack, BatchRow& batch);

// The notice of these cases, of which that was decided, ends now, before its time: writes how each
// ended. MoveAll is to follow.
void EndEarly(act::Step& step, CaseMoves& moves);

// Nothing of the batch is on notice any more: it ends now, before its time.
absl::Status CloseBatchNow(act::Step& step, const rules::Pack& pack, const std::string& reason,
                           BatchRow& batch);

// Puts exactly this version on notice.
NoticeLine LineOf(const BatchRow& batch, const CaseRow& row);

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_NOTICE_PLAN_H_
