#include "services/filing/clock.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/calendar.h"
#include "common/domain/workflow.h"
#include "common/obs/log.h"
#include "common/outbox/relay.h"
#include "common/rules/packs.h"
#include "services/filing/case_acts.h"
#include "services/filing/case_times.h"
#include "services/filing/convert.h"
#include "services/filing/filing_store.h"
#include "services/filing/registry_store.h"
#include "services/filing/rounds.h"

namespace alliance::filing {
namespace {

using domain::Action;

constexpr int kBatch = 200;

// The instants that the clock's rules ask for are the row's own: they were set, from the case's
// times, when the case entered the state that they end, or found to be later meanwhile.
domain::Facts ClockFacts(absl::Time now, absl::Time due) {
  return {.now = now,
          .window_closes = due,
          .correction_until = due,
          .construction_ends = due,
          .report_closes = due};
}

// When a draft or a returned application ends, its extensions included; never before it came here.
absl::Time EndOf(const act::Deps& deps, act::Step& step, const Application& row) {
  const rules::Pack* pack = deps.packs.Find(base::StrCat(kRounds, row.round_id));
  if (pack == nullptr) return *row.due;  // the round is not served any more
  const domain::CaseTimes times = TimesOf(step.txn(), *pack, row);
  return std::max(*row.due, row.state == domain::State::kDraft ? times.filing().closes
                                                               : times.correcting().closes);
}

absl::StatusOr<std::optional<domain::State>> Tick(const act::Deps& deps, act::Step& step,
                                                  std::string_view id) {
  std::optional<Application> row = LockApplication(step.txn(), id, EveryCase());
  if (!row || !IsDue(row->due, step.now())) return std::nullopt;
  if (row->state != domain::State::kRegistered) {
    row->due = EndOf(deps, step, *row);
    // More time was given meanwhile: the clock looks again at its end.
    if (!IsDue(row->due, step.now())) {
      if (row->state == domain::State::kReturned) row->correction_until = row->due;
      ASSIGN_OR_RETURN(audit::SealedRow sealed, SaveApplication(step.txn(), &*row));
      const std::string state(domain::WordOf(row->state));
      step.Record({.case_id = row->id,
                   .action = "extend_deadline",
                   .from_state = state,
                   .to_state = state,
                   .sealed = {std::move(sealed)}});
      return std::nullopt;
    }
  }
  const Action action =
      row->state == domain::State::kRegistered ? Action::kComplete : Action::kLapse;
  ASSIGN_OR_RETURN(domain::Decision decision,
                   domain::Decide(row->View(), action, domain::ClockCaller(),
                                  ClockFacts(step.now(), *row->due)));
  RETURN_IF_ERROR(Move(step, decision, &*row, {}).status());
  if (action == Action::kComplete) {
    events::v1::Event event;
    event.mutable_alliance_completed()->set_alliance_id(row->id);
    step.Emit("evaluation", row->id, 0, event);
    step.Emit("subsidy", row->id, 0, std::move(event));
  }
  return std::optional(decision.to);
}

absl::StatusOr<bool> TickYear(act::Step& step, std::string_view id) {
  std::optional<YearRow> row = LockYear(step.txn(), id, EveryCase());
  if (!row || !IsDue(row->due, step.now())) return false;
  ASSIGN_OR_RETURN(domain::Decision decision,
                   domain::Decide(row->View(), Action::kLapse, domain::ClockCaller(),
                                  ClockFacts(step.now(), *row->due)));
  RETURN_IF_ERROR(Move(step, decision, &*row, {}).status());
  events::v1::Event event;
  event.mutable_annual_report_missed()->set_alliance_id(row->alliance_id);
  event.mutable_annual_report_missed()->set_year(row->year);
  step.Emit("evaluation", row->id, row->handoff_seq, std::move(event));
  return true;
}

// every registered alliance reports every year, from the one of its registration on.
absl::StatusOr<int> OpenYears(const act::Deps& deps, const rpc::Call& call, int year) {
  int opened = 0;
  const absl::Time begins = domain::StartOf(domain::CivilDay(year, 1, 1));
  RETURN_IF_ERROR(act::Sweep(deps, call, [&](act::Step& step) -> absl::Status {
    opened = 0;
    std::vector<YearRow> years;
    for (const AllianceRow& alliance : AlliancesWithoutYear(step.txn(), year, begins, kBatch)) {
      ASSIGN_OR_RETURN(YearRow row, NewYear(deps, alliance, year, step.now()));
      years.push_back(std::move(row));
    }
    const std::vector<audit::SealedRow> sealed = InsertYears(step.txn(), years);
    for (size_t i = 0; i < years.size(); ++i) {
      step.RecordByClock({.case_id = years[i].id,
                          .action = "open_year",
                          .to_state = std::string(domain::WordOf(years[i].state)),
                          .sealed = {sealed[i]}},
                         begins);
    }
    opened = static_cast<int>(years.size());
    return absl::OkStatus();
  }));
  return opened;
}

void LogFailure(std::string_view case_id, const absl::Status& status) {
  obs::Log(obs::Level::kError, "clock_failed",
           {{"case_id", std::string(case_id)}, {"status", status.ToString()}});
}

absl::Status SweepYears(const act::Deps& deps, const rpc::Call& call, absl::Time now,
                        SweepCount* count) {
  const int this_year = static_cast<int>(domain::DayOf(now).year());
  const int first = deps.packs.all().front()->form_year() + 2;  // the year after the oldest round's
  for (int year = first; year <= this_year; ++year) {
    ASSIGN_OR_RETURN(const int opened, OpenYears(deps, call, year));
    count->opened_years += opened;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ApplyClock(const act::Deps& deps, const rpc::Call& call,
                        std::string_view application) {
  return act::Sweep(deps, call,
                    [&](act::Step& step) { return Tick(deps, step, application).status(); });
}

absl::Status ApplyClockToYear(const act::Deps& deps, const rpc::Call& call, std::string_view year) {
  return act::Sweep(deps, call, [&](act::Step& step) { return TickYear(step, year).status(); });
}

absl::Status SweepDeadlines(const act::Deps& with_relay, const rpc::Call& call, SweepCount* count) {
  // Nobody waits to read this write, so no case waits for its peers.
  const act::Deps deps{.service = with_relay.service,
                       .pool = with_relay.pool,
                       .clock = with_relay.clock,
                       .packs = with_relay.packs};
  const absl::Time now = deps.clock.Now();
  // Years first: an alliance that is complete today was still registered on 1 January.
  RETURN_IF_ERROR(SweepYears(deps, call, now, count));
  std::vector<std::string> applications;
  std::vector<std::string> years;
  RETURN_IF_ERROR(deps.pool.Read(call.deadline, [&](db::Txn& txn) {
    applications = DueApplications(txn, now, kBatch);
    years = DueYears(txn, now, kBatch);
    return absl::OkStatus();
  }));
  for (const std::string& id : applications) {
    std::optional<domain::State> to;
    const absl::Status status = act::Sweep(deps, call, [&](act::Step& step) -> absl::Status {
      ASSIGN_OR_RETURN(to, Tick(deps, step, id));
      return absl::OkStatus();
    });
    if (!status.ok()) {
      LogFailure(id, status);
    } else if (to) {
      ++(*to == domain::State::kCompleted ? count->completed_alliances
                                          : count->lapsed_applications);
    }
  }
  for (const std::string& id : years) {
    bool missed = false;
    const absl::Status status = act::Sweep(deps, call, [&](act::Step& step) -> absl::Status {
      ASSIGN_OR_RETURN(missed, TickYear(step, id));
      return absl::OkStatus();
    });
    if (!status.ok()) {
      LogFailure(id, status);
    } else if (missed) {
      ++count->missed_reports;
    }
  }
  if (with_relay.relay != nullptr) with_relay.relay->Nudge();
  return absl::OkStatus();
}

}  // namespace alliance::filing
