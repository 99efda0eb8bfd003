#include "common/outbox/outbox.h"

#include <vector>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "services/ctl/commands.h"
#include "services/ctl/suite.h"

namespace alliance::ctl {

absl::StatusOr<int> OutboxDead(const Arguments& /*arguments*/, const Context& context) {
  ASSIGN_OR_RETURN(const Suite suite, Suite::Load(context));
  std::vector<Json> events;
  for (const config::v1::ServiceUnderCare& service : suite.config().services()) {
    ASSIGN_OR_RETURN(const auto pool, suite.OpenAsAuditor(service));
    std::vector<outbox::DeadMessage> dead;
    RETURN_IF_ERROR(pool->Read(Suite::Deadline(), [&](db::Txn& txn) {
      dead = outbox::ListDead(txn);
      return absl::OkStatus();
    }));
    for (const outbox::DeadMessage& event : dead) {
      if (!context.json) {
        context.Say(base::StrCat(event.message.id, "  ", service.name(), " -> ",
                                 event.message.destination, "  case ", event.message.aggregate_id,
                                 "  ", event.message.type, "  ", event.attempts, " attempts, ",
                                 event.blocked, " wait behind it: ", event.last_error));
      }
      events.push_back(Json::Object({{"event_id", event.message.id},
                                     {"source", service.name()},
                                     {"destination", event.message.destination},
                                     {"case_id", event.message.aggregate_id},
                                     {"type", event.message.type},
                                     {"attempts", event.attempts},
                                     {"blocked", event.blocked},
                                     {"last_error", event.last_error}}));
    }
  }
  if (context.json) {
    context.Print(Json::Object({{"dead", Json::Array(events)}}));
  } else if (events.empty()) {
    context.Say("no dead events");
  }
  return 0;
}

absl::StatusOr<int> OutboxRequeue(const Arguments& arguments, const Context& context) {
  if (arguments.names.empty()) return WrongUse("the event's id is missing");
  const std::string& id = arguments.names[0];
  if (!base::IsUuid(id)) {
    return WrongValue("EVENT-ID", "须为 UUID。", "must be a UUID as `outbox dead` prints it.");
  }
  ASSIGN_OR_RETURN(const Suite suite, Suite::Load(context));
  for (const config::v1::ServiceUnderCare& service : suite.config().services()) {
    ASSIGN_OR_RETURN(const auto pool, suite.OpenAsOwner(service));
    bool found = false;
    RETURN_IF_ERROR(pool->Run(Suite::Deadline(), [&](db::Txn& txn) {
      found = outbox::Requeue(txn, id);
      return absl::OkStatus();
    }));
    if (!found) continue;
    if (context.json) {
      context.Print(Json::Object({{"event_id", id}, {"source", service.name()}}));
    } else {
      context.Say(base::StrCat(id, " of ", service.name(), " is in line again"));
    }
    return 0;
  }
  return absl::NotFoundError(base::StrCat("no service has a dead event ", id));
}

}  // namespace alliance::ctl
