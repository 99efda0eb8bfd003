// Act: one thing that somebody does, as one transaction.
//
//   return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
//     …load and lock · etag · gather facts, domain::Decide · store…
//     step.Record({.case_id = id, .action = "submit", .from_state = "DRAFT", .to_state =
//     "SUBMITTED"}); step.Emit("review", id, handoff_sequence, std::move(event)); …fill answer…
//     return absl::OkStatus();
//   });
//
// Around the body: the request id is looked up first (a repeat gets the first answer, with another
// body REQUEST_ID_REUSED), the answer is recorded in the same transaction, and after the commit the
// events are sent at once and waited for briefly, so that the caller reads its own write. A refusal
// leaves nothing behind but what EvenIfRefused says. The body may run again (deadlock): it touches
// nothing but `step` and
// `*answer`, which is empty each time.

#ifndef ALLIANCE_COMMON_ACT_ACT_H_
#define ALLIANCE_COMMON_ACT_ACT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "alliance/events/v1/events.pb.h"
#include "common/audit/history.h"
#include "common/base/clock.h"
#include "common/db/pool.h"
#include "common/domain/workflow.h"
#include "common/rpc/call.h"

namespace alliance::outbox {
class Relay;
}  // namespace alliance::outbox
namespace alliance::rules {
class Packs;
}  // namespace alliance::rules

namespace alliance::act {

// What every handler of a service has at hand. All outlive the service.
struct Deps {
  std::string service;  // "filing"
  db::Pool& pool;
  const base::Clock& clock;        // legal time
  rules::Packs& packs;             // a published round is added while the service runs
  outbox::Relay* relay = nullptr;  // tests without peers have none
};

// A row of a case's history. Who, when, under which trace: Step knows.
struct Entry {
  std::string case_id;
  std::string action;      // word of domain::Action
  std::string from_state;  // word of domain::State; empty for the first act
  std::string to_state;
  std::string reason;
  std::optional<std::string> paper_digest = std::nullopt;  // 32 bytes
  std::optional<std::string> rules_digest = std::nullopt;  // 32 bytes
  std::vector<audit::SealedRow> sealed = {};
};

class Step {
 public:
  Step(const Deps& deps, const rpc::Call& call, db::Txn& txn, absl::Time now)
      : deps_(deps), call_(call), txn_(txn), now_(now) {}

  db::Txn& txn() { return txn_; }
  const Deps& deps() const { return deps_; }
  const rpc::Call& call() const { return call_; }
  const domain::Caller& caller() const { return call_.caller; }
  // The legal instant of this act: one for all that it writes. It is taken when the request is
  // here, before any wait for the database, so that our own queue makes nobody late.
  absl::Time now() const { return now_; }

  // Appends to the case's history as this caller.
  audit::Head Record(const Entry& entry);
  // As Record, when the clock decided: at the instant of the deadline, by the system.
  audit::Head RecordByClock(const Entry& entry, absl::Time deadline);

  // Puts an event into the outbox, as of `at` (now() when not given). `handoff_sequence` 0: not a
  // hand-over.
  void Emit(std::string_view destination, std::string_view case_id, int32_t handoff_sequence,
            events::v1::Event event, std::optional<absl::Time> at = std::nullopt);

  // Something that is so whether or not this act is allowed, such as a deadline that has passed:
  // runs in a transaction of its own after the body has refused, and not at all when it has not.
  using Aftermath = std::function<absl::Status(Step&)>;
  void EvenIfRefused(Aftermath aftermath) { aftermath_.push_back(std::move(aftermath)); }
  const std::vector<Aftermath>& aftermath() const { return aftermath_; }

  struct Emitted {
    std::string id;
    std::string destination;
  };
  const std::vector<Emitted>& emitted() const { return emitted_; }
  // What was recorded of each change of state.
  struct Transition {
    std::string action;
    std::string to_state;
  };
  const std::vector<Transition>& transitions() const { return transitions_; }

 private:
  audit::Head Append(const Entry& entry, const domain::Caller& caller, absl::Time at);

  const Deps& deps_;
  const rpc::Call& call_;
  db::Txn& txn_;
  const absl::Time now_;
  std::vector<Emitted> emitted_;
  std::vector<Transition> transitions_;
  std::vector<Aftermath> aftermath_;
};

using Body = absl::FunctionRef<absl::Status(Step&)>;

// `request` has a request_id, a UUID: REQUEST_ID_REQUIRED otherwise.
absl::Status Once(const Deps& deps, const rpc::Call& call, const google::protobuf::Message& request,
                  google::protobuf::Message* answer, Body body);

// As Once, for an answer that must not be kept, such as personal data: the request id is bound to
// its request all the same, and nothing of the answer is stored. A repeat runs the body again, so a
// repeated look is recorded as another look.
absl::Status OnceUnkept(const Deps& deps, const rpc::Call& call,
                        const google::protobuf::Message& request, google::protobuf::Message* answer,
                        Body body);

// Whether this request was answered before; then `answer` is that. For a handler that is made of
// acts of their own and keeps their results with Once at the end.
absl::StatusOr<bool> Replayed(const Deps& deps, const rpc::Call& call,
                              const google::protobuf::Message& request,
                              google::protobuf::Message* answer);

// The same without the relay: nobody waits for peers, who are nudged by whoever asks for this.
Deps Unhurried(const Deps& deps);

// Without a request id: sweeps, which are safe to repeat by themselves.
absl::Status Sweep(const Deps& deps, const rpc::Call& call, Body body);

}  // namespace alliance::act

#endif  // ALLIANCE_COMMON_ACT_ACT_H_
