// What the other services tell filing.

#ifndef ALLIANCE_SERVICES_FILING_APPLY_EVENTS_H_
#define ALLIANCE_SERVICES_FILING_APPLY_EVENTS_H_

#include "common/act/act.h"
#include "common/act/event_inbox.h"

namespace alliance::filing {

// For EventInbox. An old hand-over is ignored; one that overtook another is OUT_OF_ORDER; what
// contradicts our own rows is refused, so that the sender stops the case and the operator looks.
act::Apply ApplyEvents(const act::Deps& deps);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_APPLY_EVENTS_H_
