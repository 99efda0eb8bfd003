// The receiving end of events: what every service answers
// alliance.events.v1.EventService with.

#ifndef ALLIANCE_COMMON_ACT_EVENT_INBOX_H_
#define ALLIANCE_COMMON_ACT_EVENT_INBOX_H_

#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "alliance/events/v1/events.pb.h"
#include "common/act/act.h"
#include "common/rpc/handler.h"

namespace alliance::act {

// What an event does to the receiver, in the transaction of its inbox row. A refusal leaves the
// event with the sender, who stops this case and tells the operator; so refuse only what must be
// looked at.
using Apply = std::function<absl::Status(Step& step, const events::v1::Event& event)>;

class EventInbox {
 public:
  EventInbox(const Deps& deps, Apply apply) : deps_(deps), apply_(std::move(apply)) {}

  ALLIANCE_RPC(Deliver, events::v1::DeliverRequest, events::v1::DeliverResponse)

 private:
  const Deps& deps_;
  const Apply apply_;
};

}  // namespace alliance::act

#endif  // ALLIANCE_COMMON_ACT_EVENT_INBOX_H_
