// One way to act on a case, for every service and every table of cases.
//
//   ASSIGN_OR_RETURN(CaseRow row, cases::Lock<ReviewCase>(step, Action::kReturn, id, etag));
//   const auto gather = [&](const CaseRow& now, Facts& facts) { return Gather(now, &facts); };
//   ASSIGN_OR_RETURN(const Decision decision,
//                    cases::Decide<ReviewCase>(step, Action::kReturn, row, gather));
//   row.marks = …;  // what the act changes beside the state
//   cases::Note note{.reason = request.reason(), .events = {ReturnedEvent(row)}};
//   RETURN_IF_ERROR(cases::Move<ReviewCase>(step, decision, row, std::move(note)).status());
//
// The clock. A case whose instant has passed has lapsed in law, whether or not anybody has looked.
// So Decide lets the clock act first, in the same transaction; and when the act is refused, what
// the clock did is done all the same, in a transaction of its own (Step::EvenIfRefused).
//
// Locks of several kinds in one act are taken in this order: alliances, years, cases, each kind in
// the order of its ids; guard rows and counters last, for only the cases say how much is asked.

#ifndef ALLIANCE_COMMON_CASE_CASE_H_
#define ALLIANCE_COMMON_CASE_CASE_H_

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "alliance/events/v1/events.pb.h"
#include "common/act/act.h"
#include "common/act/shape.h"
#include "common/audit/history.h"
#include "common/base/status_macros.h"
#include "common/domain/errors.h"
#include "common/domain/workflow.h"

namespace alliance::cases {

// A table of cases, said once by the service that has it: a struct of static functions beside the
// resource. None is optional, so a misspelt clock does not compile; a table without one has a Due
// that says nothing.
template <typename K>
concept Kind = requires(act::Step& step, typename K::Row& row, const typename K::Row& seen,
                        absl::Span<typename K::Row> rows, std::string_view id, absl::Time at) {
  { seen.id } -> std::convertible_to<std::string_view>;
  { seen.version } -> std::convertible_to<int64_t>;
  requires std::same_as<decltype(row.state), domain::State>;
  requires std::same_as<decltype(row.handoff_seq), int32_t>;
  { K::kHere } -> std::convertible_to<domain::Owner>;
  // In the caller's scope; locked until the end of the transaction.
  { K::Lock(step, id) } -> std::same_as<std::optional<typename K::Row>>;
  // Every sealed column of each, over its version, which becomes the next; as of `at`. False:
  // somebody else changed one.
  { K::Save(step, rows, at) } -> std::same_as<bool>;
  { K::Seal(seen) } -> std::same_as<audit::SealedRow>;
  { K::View(seen) } -> std::same_as<domain::CaseView>;
  // Digest of the rules that decide about it, 32 bytes, for the history.
  { K::Rules(step, seen) } -> std::same_as<std::optional<std::string>>;
  // When the clock acts on it.
  { K::Due(seen) } -> std::same_as<std::optional<absl::Time>>;
  // What the clock does then: a Move, or an Edit that puts Due off, with Note::deadline.
  { K::Tick(step, row) } -> std::same_as<absl::Status>;
};

// What an act leaves beside the row.
struct Note {
  std::string reason = {};                                 // goes into the history as Written
  std::optional<std::string> paper_digest = std::nullopt;  // 32 bytes
  std::vector<audit::SealedRow> sealed = {};               // other rows that the act wrote
  // Exactly the body that the row of the workflow names, or nothing.
  std::vector<events::v1::Event> events = {};
  std::optional<absl::Time> deadline = std::nullopt;  // the clock decided: its instant
};

// A reason as it is kept: without blanks around it; blanks alone are none. For the other places
// that an act writes its reason to, so that all say the same.
std::string Written(std::string_view reason);

namespace internal {

// One change of a row, in words: what the templates below leave to do once for all kinds.
struct Change {
  std::string case_id;
  std::string action;
  std::string from_state;
  std::string to_state;
  std::optional<std::string> rules_digest;
  audit::SealedRow own;
  int32_t handoff_seq = 0;
};

absl::Status CheckTold(domain::Told told, const std::vector<events::v1::Event>& events);
audit::Head Write(act::Step& step, Change change, Note note, domain::Told told);
// The sender, the receiver and the move are as the tables say.
absl::Status CheckArrival(const act::Step& step, const events::v1::Event& event);
absl::StatusOr<bool> IsNextHandoff(int32_t known, const events::v1::Event& event);
// Of a case that is new here.
absl::StatusOr<bool> IsFirstHandoff(const events::v1::Event& event);
// The state of a case that stays in other hands than `here`; nothing for a hand-over.
std::optional<domain::State> StateElsewhere(domain::Owner here, const events::v1::Event& event);
absl::Status HeldHere(domain::Owner here);
void LogFailedTick(std::string_view case_id, const absl::Status& status);

}  // namespace internal

template <Kind K>
bool IsDue(const typename K::Row& row, absl::Time now) {
  const std::optional<absl::Time> due = K::Due(row);
  return due && *due <= now;
}

// For a row that was locked together with others: NOT_PERMITTED for an act that this caller never
// does to this case, then ETAG_STALE. Without an etag freshness is not asked for.
template <Kind K>
absl::Status Check(act::Step& step, domain::Action action, const typename K::Row& row,
                   std::optional<std::string_view> etag);

// NOT_PERMITTED for a case that is unknown or out of scope as well.
template <Kind K>
absl::StatusOr<typename K::Row> Lock(act::Step& step, domain::Action action, std::string_view id,
                                     std::optional<std::string_view> etag);

// domain::Decide, with the clock before everybody else. `gather(row, facts)` adds what the request
// says; it may run twice and changes nothing. An act that is refused by a rule in the old state and
// for WRONG_STATE in the new one hears the rule ("the window closed at …").
template <Kind K>
absl::StatusOr<domain::Decision> Decide(
    act::Step& step, domain::Action action, typename K::Row& row,
    const std::function<absl::Status(const typename K::Row&, domain::Facts&)>& gather);

// For an act whose rule asks nothing of the request.
template <Kind K>
absl::StatusOr<domain::Decision> Decide(act::Step& step, domain::Action action,
                                        typename K::Row& row) {
  return Decide<K>(step, action, row,
                   [](const typename K::Row&, domain::Facts&) { return absl::OkStatus(); });
}

// State, handoff_seq, row, seal, history and event: here only. INTERNAL, so that nothing is
// committed, unless note.events is what decision.row names.
template <Kind K>
absl::StatusOr<audit::Head> Move(act::Step& step, const domain::Decision& decision,
                                 typename K::Row& row, Note note);

template <typename Row>
struct Moving {
  Row row;
  domain::Decision decision;
  Note note = {};
};
// The same for many, whose rows are saved together; each with its own history and events. Those of
// the clock are all of one instant.
template <Kind K>
absl::Status MoveAll(act::Step& step, std::vector<Moving<typename K::Row>>& moves);

// A change that is no row of the workflow: a deadline extended, a firm assigned.
template <Kind K>
absl::StatusOr<audit::Head> Edit(act::Step& step, std::string_view action, typename K::Row& row,
                                 Note note);

// The other end of a Move. True: this event is the next of the case (`known` is null for one that
// is new here). False: it has been overtaken. OUT_OF_ORDER, or HELD_ELSEWHERE when the case is in
// our own hands, so that nobody else can hand it over. What hands nothing over tells how a case
// stands that we keep a copy of: it comes in the order of its lane, and is the next unless the copy
// says the same already.
template <Kind K>
absl::StatusOr<bool> IsNext(act::Step& step, const events::v1::Event& event,
                            const typename K::Row* known);
// The row takes the event's state, and the handoff_seq of a hand-over; then as Move. LandNew
// inserts it: K::Insert.
template <Kind K>
absl::Status Land(act::Step& step, const events::v1::Event& event, typename K::Row& row, Note note);
template <Kind K>
absl::Status LandNew(act::Step& step, const events::v1::Event& event, typename K::Row& row,
                     Note note);

// An event of no row, to all its receivers in the order of `chain`. INTERNAL for one that a row
// names.
absl::Status Announce(act::Step& step, std::string_view chain, events::v1::Event event);

// The clock on each of these, a transaction each; a failure is logged and stops nobody else. The
// states that cases have come to.
template <Kind K>
std::vector<domain::State> Sweep(const act::Deps& deps, const rpc::Call& call,
                                 const std::vector<std::string>& ids);

// Templates ---------------------------------------------------------------------------------------

namespace internal {

// A case cannot come to more deadlines than this within one act.
inline constexpr int kMostTicks = 3;

template <Kind K>
absl::Status TickIfDue(act::Step& step, std::string_view id) {
  std::optional<typename K::Row> row = K::Lock(step, id);
  for (int tick = 0; row && IsDue<K>(*row, step.now()); ++tick) {
    if (tick == kMostTicks) return absl::InternalError("the clock turns on the spot");
    RETURN_IF_ERROR(K::Tick(step, *row));
  }
  return absl::OkStatus();
}

// The row as it is in memory, into words for the history; `from` is the state it was in.
template <Kind K>
Change ChangeOf(act::Step& step, std::string_view action, std::string_view from,
                const typename K::Row& row) {
  return {.case_id = std::string(row.id),
          .action = std::string(action),
          .from_state = std::string(from),
          .to_state = std::string(domain::WordOf(row.state)),
          .rules_digest = K::Rules(step, row),
          .own = K::Seal(row),
          .handoff_seq = row.handoff_seq};
}

template <Kind K>
void Enter(const events::v1::Event& event, typename K::Row& row) {
  row.state = *domain::StateOf(event.to_state());
  if (domain::OwnerOf(row.state) == K::kHere) row.handoff_seq = event.handoff_sequence();
}

template <Kind K>
void Enter(const domain::Decision& decision, typename K::Row& row) {
  row.state = decision.to;
  if (domain::OwnerOf(decision.to) != K::kHere) ++row.handoff_seq;
}

}  // namespace internal

template <Kind K>
absl::Status Check(act::Step& step, domain::Action action, const typename K::Row& row,
                   std::optional<std::string_view> etag) {
  if (!domain::MayEver(K::View(row), action, step.caller())) {
    return domain::Refuse(domain::Reason::kNotPermitted);
  }
  if (etag) RETURN_IF_ERROR(act::CheckEtag(*etag, row.version));
  if (IsDue<K>(row, step.now())) {
    step.EvenIfRefused(
        [id = std::string(row.id)](act::Step& after) { return internal::TickIfDue<K>(after, id); });
  }
  return absl::OkStatus();
}

template <Kind K>
absl::StatusOr<typename K::Row> Lock(act::Step& step, domain::Action action, std::string_view id,
                                     std::optional<std::string_view> etag) {
  std::optional<typename K::Row> row = K::Lock(step, id);
  if (!row) return domain::Refuse(domain::Reason::kNotPermitted);
  RETURN_IF_ERROR(Check<K>(step, action, *row, etag));
  return *std::move(row);
}

template <Kind K>
absl::StatusOr<domain::Decision> Decide(
    act::Step& step, domain::Action action, typename K::Row& row,
    const std::function<absl::Status(const typename K::Row&, domain::Facts&)>& gather) {
  const auto decide = [&]() -> absl::StatusOr<domain::Decision> {
    domain::Facts facts{.now = step.now()};
    RETURN_IF_ERROR(gather(row, facts));
    return domain::Decide(K::View(row), action, step.caller(), facts);
  };
  if (!IsDue<K>(row, step.now())) return decide();
  const absl::StatusOr<domain::Decision> before = decide();
  for (int tick = 0; IsDue<K>(row, step.now()); ++tick) {
    if (tick == internal::kMostTicks) return absl::InternalError("the clock turns on the spot");
    RETURN_IF_ERROR(K::Tick(step, row));
  }
  absl::StatusOr<domain::Decision> after = decide();
  if (domain::RefusedFor(after.status(), domain::Reason::kWrongState) && !before.ok() &&
      !domain::RefusedFor(before.status(), domain::Reason::kWrongState)) {
    return before.status();
  }
  return after;
}

template <Kind K>
absl::StatusOr<audit::Head> Move(act::Step& step, const domain::Decision& decision,
                                 typename K::Row& row, Note note) {
  RETURN_IF_ERROR(internal::CheckTold(decision.row->told, note.events));
  internal::Enter<K>(decision, row);
  if (!K::Save(step, absl::MakeSpan(&row, 1), note.deadline.value_or(step.now()))) {
    return domain::Refuse(domain::Reason::kEtagStale);
  }
  return internal::Write(step,
                         internal::ChangeOf<K>(step, domain::WordOf(decision.row->action),
                                               domain::WordOf(decision.row->from), row),
                         std::move(note), decision.row->told);
}

template <Kind K>
absl::Status MoveAll(act::Step& step, std::vector<Moving<typename K::Row>>& moves) {
  if (moves.empty()) return absl::OkStatus();
  std::vector<typename K::Row> rows;
  rows.reserve(moves.size());
  const std::optional<absl::Time> deadline = moves.front().note.deadline;
  for (Moving<typename K::Row>& move : moves) {
    if (move.note.deadline != deadline) {
      return absl::InternalError("moves of several instants are not saved together");
    }
    RETURN_IF_ERROR(internal::CheckTold(move.decision.row->told, move.note.events));
    internal::Enter<K>(move.decision, move.row);
    rows.push_back(std::move(move.row));
  }
  if (!K::Save(step, absl::MakeSpan(rows), deadline.value_or(step.now()))) {
    return domain::Refuse(domain::Reason::kEtagStale);
  }
  for (size_t i = 0; i < moves.size(); ++i) {
    moves[i].row = std::move(rows[i]);
    const domain::Transition& row = *moves[i].decision.row;
    internal::Write(step,
                    internal::ChangeOf<K>(step, domain::WordOf(row.action),
                                          domain::WordOf(row.from), moves[i].row),
                    std::move(moves[i].note), row.told);
  }
  return absl::OkStatus();
}

template <Kind K>
absl::StatusOr<audit::Head> Edit(act::Step& step, std::string_view action, typename K::Row& row,
                                 Note note) {
  RETURN_IF_ERROR(internal::CheckTold(domain::Told::kNothing, note.events));
  if (!K::Save(step, absl::MakeSpan(&row, 1), note.deadline.value_or(step.now()))) {
    return domain::Refuse(domain::Reason::kEtagStale);
  }
  return internal::Write(step, internal::ChangeOf<K>(step, action, domain::WordOf(row.state), row),
                         std::move(note), domain::Told::kNothing);
}

template <Kind K>
absl::StatusOr<bool> IsNext(act::Step& step, const events::v1::Event& event,
                            const typename K::Row* known) {
  RETURN_IF_ERROR(internal::CheckArrival(step, event));
  if (const auto state = internal::StateElsewhere(K::kHere, event)) {
    if (known != nullptr && domain::OwnerOf(known->state) == K::kHere) {
      return internal::HeldHere(K::kHere);
    }
    return known == nullptr || known->state != *state;
  }
  if (known == nullptr) return internal::IsFirstHandoff(event);
  ASSIGN_OR_RETURN(const bool next, internal::IsNextHandoff(known->handoff_seq, event));
  if (next && domain::OwnerOf(known->state) == K::kHere) return internal::HeldHere(K::kHere);
  return next;
}

template <Kind K>
absl::Status Land(act::Step& step, const events::v1::Event& event, typename K::Row& row,
                  Note note) {
  RETURN_IF_ERROR(internal::CheckTold(domain::Told::kNothing, note.events));
  internal::Enter<K>(event, row);
  if (!K::Save(step, absl::MakeSpan(&row, 1), step.now())) {
    step.txn().RetryWhole("the case was changed meanwhile");
  }
  internal::Write(step, internal::ChangeOf<K>(step, event.action(), event.from_state(), row),
                  std::move(note), domain::Told::kNothing);
  return absl::OkStatus();
}

template <Kind K>
absl::Status LandNew(act::Step& step, const events::v1::Event& event, typename K::Row& row,
                     Note note) {
  RETURN_IF_ERROR(internal::CheckTold(domain::Told::kNothing, note.events));
  internal::Enter<K>(event, row);
  K::Insert(step, row);
  internal::Write(step, internal::ChangeOf<K>(step, event.action(), event.from_state(), row),
                  std::move(note), domain::Told::kNothing);
  return absl::OkStatus();
}

template <Kind K>
std::vector<domain::State> Sweep(const act::Deps& deps, const rpc::Call& call,
                                 const std::vector<std::string>& ids) {
  std::vector<domain::State> reached;
  // Whoever looks, the clock decides, for every case.
  rpc::Call clock = call;
  clock.caller = domain::ClockCaller();
  const act::Deps unhurried = act::Unhurried(deps);
  for (const std::string& id : ids) {
    std::optional<domain::State> to;
    const absl::Status status = act::Sweep(unhurried, clock, [&](act::Step& step) -> absl::Status {
      to.reset();
      std::optional<typename K::Row> row = K::Lock(step, id);
      if (!row || !IsDue<K>(*row, step.now())) return absl::OkStatus();
      const domain::State from = row->state;
      RETURN_IF_ERROR(K::Tick(step, *row));
      if (row->state != from) to = row->state;
      return absl::OkStatus();
    });
    if (!status.ok()) internal::LogFailedTick(id, status);
    if (status.ok() && to) reached.push_back(*to);
  }
  return reached;
}

}  // namespace alliance::cases

#endif  // ALLIANCE_COMMON_CASE_CASE_H_
