#include "common/act/event_inbox.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/domain/errors.h"
#include "common/outbox/inbox.h"

namespace alliance::act {

using domain::Reason;
using domain::Refuse;

absl::Status EventInbox::Deliver(const rpc::Call& call, const events::v1::DeliverRequest& request,
                                 events::v1::DeliverResponse* answer) {
  const events::v1::Event& event = request.event();
  if (event.source() != call.peer) return Refuse(Reason::kNotPermitted);
  return Sweep(deps_, call, [&](Step& step) -> absl::Status {
    answer->set_applied(false);
    ASSIGN_OR_RETURN(const bool fresh,
                     outbox::Accept(step.txn(), event.source(), event.case_id(), event.sequence()));
    if (!fresh) return absl::OkStatus();
    answer->set_applied(true);
    return apply_(step, event);
  });
}

}  // namespace alliance::act
