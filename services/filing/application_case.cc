#include "services/filing/application_case.h"

#include <algorithm>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/rules/packs.h"
#include "services/filing/case_times.h"
#include "services/filing/rounds.h"

namespace alliance::filing {
namespace {

using domain::Action;
using domain::State;

const rules::Pack* PackOfRow(const act::Step& step, const Application& row) {
  return step.deps().packs.Find(base::StrCat(kRounds, row.round_id));
}

bool EndsByClock(State state) {
  return state == State::kDraft || state == State::kReturned || state == State::kRegistered;
}

// When a draft or a returned application ends, its extensions included; never before it came here.
absl::Time EndOf(act::Step& step, const Application& row) {
  const rules::Pack* pack = PackOfRow(step, row);
  if (pack == nullptr) return *row.due;  // the round is not served any more
  const domain::CaseTimes times = TimesOf(step.txn(), *pack, row);
  return std::max(*row.due,
                  row.state == State::kDraft ? times.filing().closes : times.correcting().closes);
}

bool SaveOne(db::Txn& txn, Application& row, absl::Time at) {
  row.update = at;
  row.holder = domain::OwnerOf(row.state);
  if (!EndsByClock(row.state)) row.due.reset();
  return SaveApplication(txn, row);
}

}  // namespace

std::optional<Application> ApplicationCase::Lock(act::Step& step, std::string_view id) {
  const std::optional<Scope> scope = ScopeToAct(step.caller());
  return scope ? LockApplication(step.txn(), id, *scope) : std::nullopt;
}

bool ApplicationCase::Save(act::Step& step, absl::Span<Application> rows, absl::Time at) {
  return std::all_of(rows.begin(), rows.end(),
                     [&](Application& row) { return SaveOne(step.txn(), row, at); });
}

std::optional<std::string> ApplicationCase::Rules(const act::Step& step, const Application& row) {
  const rules::Pack* pack = PackOfRow(step, row);
  return pack == nullptr ? std::nullopt : std::optional(pack->digest());
}

absl::Status ApplicationCase::Tick(act::Step& step, Application& row) {
  const absl::Time due = *row.due;
  Action action = Action::kComplete;
  events::v1::Event completed;
  cases::Note note{.deadline = due};
  if (row.state == State::kRegistered) {
    completed.mutable_alliance_completed()->set_alliance_id(row.id);
    note.events = {completed};
  } else {
    row.due = EndOf(step, row);
    // More time was given meanwhile: the clock looks again at its end.
    if (!cases::IsDue<ApplicationCase>(row, step.now())) {
      if (row.state == State::kReturned) row.correction_until = row.due;
      return cases::Edit<ApplicationCase>(step, "extend_deadline", row, note).status();
    }
    action = Action::kLapse;
    note.deadline = row.due;
  }
  // The instants that the clock's rules ask for are the row's own.
  ASSIGN_OR_RETURN(const domain::Decision decision,
                   domain::Decide(row.View(), action, domain::ClockCaller(),
                                  {.now = step.now(),
                                   .window_closes = *row.due,
                                   .correction_until = *row.due,
                                   .construction_ends = *row.due}));
  return cases::Move<ApplicationCase>(step, decision, row, std::move(note)).status();
}

std::optional<DraftedApplication> DraftCase::Lock(act::Step& step, std::string_view id) {
  const std::optional<Scope> scope = ScopeToAct(step.caller());
  return scope ? LockDrafted(step.txn(), id, *scope) : std::nullopt;
}

bool DraftCase::Save(act::Step& step, absl::Span<DraftedApplication> rows, absl::Time at) {
  return std::all_of(rows.begin(), rows.end(),
                     [&](DraftedApplication& row) { return SaveOne(step.txn(), row, at); });
}

}  // namespace alliance::filing
