// Which body of alliance.events.v1.Event is which event of common/domain/told.h. A body that is
// missing here does not compile (-Wswitch), nor does an event without a body (EveryToldHasABody).

#ifndef ALLIANCE_COMMON_CASE_TOLD_H_
#define ALLIANCE_COMMON_CASE_TOLD_H_

#include "alliance/events/v1/events.pb.h"
#include "common/domain/told.h"

namespace alliance::cases {

constexpr domain::Told ToldOf(events::v1::Event::BodyCase body) {
  using Event = events::v1::Event;
  using T = domain::Told;
  switch (body) {
    case Event::BODY_NOT_SET:
      return T::kNothing;
    case Event::kApplicationSubmitted:
      return T::kApplicationSubmitted;
    case Event::kApplicationReturned:
      return T::kApplicationReturned;
    case Event::kApplicationRejected:
      return T::kApplicationRejected;
    case Event::kApplicationWithdrawn:
      return T::kApplicationWithdrawn;
    case Event::kApplicationRecommended:
      return T::kApplicationRecommended;
    case Event::kApplicationNotRecommended:
      return T::kApplicationNotRecommended;
    case Event::kApplicationSentBack:
      return T::kApplicationSentBack;
    case Event::kAllianceRegistered:
      return T::kAllianceRegistered;
    case Event::kAllianceDeregistered:
      return T::kAllianceDeregistered;
    case Event::kAllianceCompleted:
      return T::kAllianceCompleted;
    case Event::kAnnualReportSubmitted:
      return T::kAnnualReportSubmitted;
    case Event::kAnnualReportMissed:
      return T::kAnnualReportMissed;
    case Event::kAnnualReportReopened:
      return T::kAnnualReportReopened;
    case Event::kEvaluationPublished:
      return T::kEvaluationPublished;
    case Event::kSubsidyPaid:
      return T::kSubsidyPaid;
    case Event::kRoundPublished:
      return T::kRoundPublished;
    case Event::kExtensionApproved:
      return T::kExtensionApproved;
    case Event::kInterestDeclared:
      return T::kInterestDeclared;
  }
  return T::kNothing;
}

constexpr bool EveryToldHasABody() {
  constexpr int kBodies = events::v1::Event::kInterestDeclared;
  for (const domain::ToldRow& row : domain::kTold) {
    bool found = false;
    for (int body = 0; body <= kBodies && !found; ++body) {
      found = ToldOf(static_cast<events::v1::Event::BodyCase>(body)) == row.told;
    }
    if (!found) return false;
  }
  return true;
}
static_assert(EveryToldHasABody());

}  // namespace alliance::cases

#endif  // ALLIANCE_COMMON_CASE_TOLD_H_
