#include "common/act/act.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/crypto/canonical.h"
#include "common/crypto/digest.h"
#include "common/db/idempotency.h"
#include "common/domain/errors.h"
#include "common/obs/log.h"
#include "common/obs/metrics.h"
#include "common/outbox/outbox.h"
#include "common/outbox/relay.h"

namespace alliance::act {
namespace {

using domain::Reason;
using domain::Refuse;

// How long a hand-over waits for the peer before it answers success all the same.
constexpr absl::Duration kReadYourWrite = absl::Milliseconds(300);
// How many calls may wait so at once. It is for a person who looks at the next screen; under load
// the wait would hold every worker, and the acts themselves would queue behind it.
constexpr int kMostWaiting = 4;

std::string RequestIdOf(const google::protobuf::Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("request_id");
  return field == nullptr ? "" : request.GetReflection()->GetString(request, field);
}

absl::StatusOr<db::RequestKey> KeyOf(const rpc::Call& call,
                                     const google::protobuf::Message& request) {
  const std::string request_id = RequestIdOf(request);
  if (!base::IsUuid(request_id)) return Refuse(Reason::kRequestIdRequired);
  return db::RequestKey{.caller = call.caller.account,
                        .request_id = request_id,
                        .method = std::string(call.method),
                        .request_sha256 = crypto::Sha256(crypto::Canonical(request))};
}

absl::Status ReadAgain(const std::string& before, google::protobuf::Message* answer) {
  return answer->ParseFromString(before) ? absl::OkStatus()
                                         : absl::InternalError("a recorded answer cannot be read");
}

// What is left of an act to be done when it is committed.
struct Outcome {
  std::vector<Step::Emitted> emitted;
  std::vector<Step::Transition> transitions;
  std::vector<Step::Aftermath> aftermath;  // of a body that refused
};

// Counted after the commit, so that an act that is rolled back or run again counts never or once.
void CountTransitions(const std::vector<Step::Transition>& transitions) {
  for (const Step::Transition& transition : transitions) {
    obs::Counter("case_transitions_total", "Changes of state that were committed.",
                 {{"action", transition.action}, {"to_state", transition.to_state}})
        .Increment();
  }
}

void WaitForPeers(const Deps& deps, const rpc::Call& call,
                  const std::vector<Step::Emitted>& emitted) {
  if (deps.relay == nullptr || emitted.empty()) return;
  for (const Step::Emitted& event : emitted) deps.relay->Nudge(event.destination);
  static std::atomic<int> waiting{0};
  const absl::Cleanup leave = [] { --waiting; };
  if (++waiting > kMostWaiting) return;
  const absl::Time until = std::min(call.deadline, absl::Now() + kReadYourWrite);
  for (const Step::Emitted& event : emitted) {
    // A peer that is down or slow gets it later; the act is done either way.
    if (!deps.relay->WaitDelivered(event.id, until).ok()) return;
  }
}

}  // namespace

audit::Head Step::Append(const Entry& entry, const domain::Caller& caller, absl::Time at) {
  if (entry.from_state != entry.to_state) {
    transitions_.push_back({.action = entry.action, .to_state = entry.to_state});
  }
  return audit::Append(txn_, {.case_id = entry.case_id,
                              .at = at,
                              .actor = caller.account,
                              .role = std::string(domain::WordOf(caller.role)),
                              .region = caller.region,
                              .organisation = caller.organisation,
                              .action = entry.action,
                              .from_state = entry.from_state,
                              .to_state = entry.to_state,
                              .reason = entry.reason,
                              .paper_digest = entry.paper_digest,
                              .rules_digest = entry.rules_digest,
                              .trace_id = call_.trace.trace_id,
                              .sealed = entry.sealed});
}

audit::Head Step::Record(const Entry& entry) { return Append(entry, call_.caller, now_); }

audit::Head Step::RecordByClock(const Entry& entry, absl::Time deadline) {
  return Append(entry, domain::ClockCaller(), deadline);
}

void Step::Emit(std::string_view destination, std::string_view case_id, int32_t handoff_sequence,
                events::v1::Event event, std::optional<absl::Time> at) {
  event.set_event_id(base::NewUuid7());
  event.set_source(deps_.service);
  event.set_case_id(std::string(case_id));
  event.set_occur_time_us(absl::ToUnixMicros(at.value_or(now_)));
  event.set_handoff_sequence(handoff_sequence);
  const auto* descriptor = event.GetDescriptor();
  const auto* body =
      event.GetReflection()->GetOneofFieldDescriptor(event, descriptor->oneof_decl(0));
  const std::string id = outbox::Enqueue(txn_, {.id = event.event_id(),
                                                .destination = std::string(destination),
                                                .aggregate_id = std::string(case_id),
                                                .type = body->message_type()->name(),
                                                .payload = event.SerializeAsString(),
                                                .traceparent = call_.trace.Parent()});
  emitted_.push_back({.id = id, .destination = std::string(destination)});
}

namespace {

enum class Keep { kAnswer, kRequestOnly };

// What the body leaves to be done after its transaction, whichever way that ends.
absl::Status Collect(const Step& step, absl::Status status, Outcome* done) {
  if (!status.ok()) {
    done->aftermath = step.aftermath();
  } else {
    *done = {.emitted = step.emitted(), .transitions = step.transitions()};
  }
  return status;
}

// The refusal is the answer either way: a sweep comes again if this fails.
void RunAftermath(const Deps& deps, const rpc::Call& call, const Step::Aftermath& aftermath) {
  const absl::Status status = Sweep(Unhurried(deps), call, aftermath);
  if (!status.ok()) {
    obs::Log(obs::Level::kError, "aftermath_failed",
             {{"method", std::string(call.method)},
              {"trace_id", call.trace.trace_id},
              {"status", status.ToString()}});
  }
  if (deps.relay != nullptr) deps.relay->Nudge();
}

absl::Status Finish(const Deps& deps, const rpc::Call& call, const Outcome& done,
                    const absl::Status& status) {
  if (!status.ok()) {
    for (const Step::Aftermath& aftermath : done.aftermath) RunAftermath(deps, call, aftermath);
    return status;
  }
  CountTransitions(done.transitions);
  WaitForPeers(deps, call, done.emitted);
  return status;
}

absl::Status Do(const Deps& deps, const rpc::Call& call, const google::protobuf::Message& request,
                google::protobuf::Message* answer, Keep keep, Body body) {
  const absl::Time now = deps.clock.Now();
  ASSIGN_OR_RETURN(const db::RequestKey key, KeyOf(call, request));
  Outcome done;
  return Finish(deps, call, done, deps.pool.Run(call.deadline, [&](db::Txn& txn) -> absl::Status {
    answer->Clear();
    done = {};
    ASSIGN_OR_RETURN(const std::optional<std::string> before, db::Replay(txn, key));
    if (before && keep == Keep::kAnswer) return ReadAgain(*before, answer);
    Step step(deps, call, txn, now);
    RETURN_IF_ERROR(Collect(step, body(step), &done));
    if (!before) {
      db::Record(txn, key, keep == Keep::kAnswer ? crypto::Canonical(*answer) : std::string());
    }
    return absl::OkStatus();
  }));
}

}  // namespace

absl::Status Once(const Deps& deps, const rpc::Call& call, const google::protobuf::Message& request,
                  google::protobuf::Message* answer, Body body) {
  return Do(deps, call, request, answer, Keep::kAnswer, body);
}

absl::Status OnceUnkept(const Deps& deps, const rpc::Call& call,
                        const google::protobuf::Message& request, google::protobuf::Message* answer,
                        Body body) {
  return Do(deps, call, request, answer, Keep::kRequestOnly, body);
}

absl::StatusOr<bool> Replayed(const Deps& deps, const rpc::Call& call,
                              const google::protobuf::Message& request,
                              google::protobuf::Message* answer) {
  ASSIGN_OR_RETURN(const db::RequestKey key, KeyOf(call, request));
  bool again = false;
  RETURN_IF_ERROR(deps.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<std::string> before, db::Replay(txn, key));
    again = before.has_value();
    return again ? ReadAgain(*before, answer) : absl::OkStatus();
  }));
  return again;
}

Deps Unhurried(const Deps& deps) {
  return {.service = deps.service, .pool = deps.pool, .clock = deps.clock, .packs = deps.packs};
}

absl::Status Sweep(const Deps& deps, const rpc::Call& call, Body body) {
  const absl::Time now = deps.clock.Now();
  Outcome done;
  return Finish(deps, call, done, deps.pool.Run(call.deadline, [&](db::Txn& txn) -> absl::Status {
    done = {};
    Step step(deps, call, txn, now);
    return Collect(step, body(step), &done);
  }));
}

}  // namespace alliance::act
