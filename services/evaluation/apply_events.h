// What the events of filing do here.

#ifndef ALLIANCE_SERVICES_EVALUATION_APPLY_EVENTS_H_
#define ALLIANCE_SERVICES_EVALUATION_APPLY_EVENTS_H_

#include "common/act/event_inbox.h"

namespace alliance::evaluation {

// From filing: AllianceRegistered, AllianceDeregistered, AllianceCompleted, and the hand-overs
// AnnualReportSubmitted and AnnualReportMissed. OUT_OF_ORDER while the alliance, or an earlier
// hand-over of the year, is missing; the sender then comes again. HELD_ELSEWHERE for a year that is
// evaluated here: it is not filing's to hand over.
act::Apply ApplyEvents(const act::Deps& deps);

}  // namespace alliance::evaluation

#endif  // ALLIANCE_SERVICES_EVALUATION_APPLY_EVENTS_H_
