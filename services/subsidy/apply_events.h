// What the events of filing and evaluation do here.

#ifndef ALLIANCE_SERVICES_SUBSIDY_APPLY_EVENTS_H_
#define ALLIANCE_SERVICES_SUBSIDY_APPLY_EVENTS_H_

#include "common/act/event_inbox.h"

namespace alliance::subsidy {

act::Apply ApplyEvents(const act::Deps& deps);

}  // namespace alliance::subsidy

#endif  // ALLIANCE_SERVICES_SUBSIDY_APPLY_EVENTS_H_
