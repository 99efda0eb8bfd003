// The receiving end of events: what every service answers
// alliance.events.v1.EventService with.

#ifndef ALLIANCE_COMMON_ACT_EVENT_INBOX_H_
#define ALLIANCE_COMMON_ACT_EVENT_INBOX_H_

#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
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

// A hand-over passes a case's token: its sequence is exactly one more than the receiver last knew.
// False: an old one, already overtaken, to be ignored. OUT_OF_ORDER: one is missing in between.
absl::StatusOr<bool> IsNextHandoff(int32_t known, const events::v1::Event& event);

}  // namespace alliance::act

#endif  // ALLIANCE_COMMON_ACT_EVENT_INBOX_H_
