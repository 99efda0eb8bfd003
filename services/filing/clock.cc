#include "services/filing/clock.h"

#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/domain/calendar.h"
#include "common/outbox/relay.h"
#include "common/rules/packs.h"
#include "services/filing/application_case.h"
#include "services/filing/filing_store.h"
#include "services/filing/registry_store.h"
#include "services/filing/rounds.h"
#include "services/filing/year_case.h"

namespace alliance::filing {
namespace {

constexpr int kBatch = 200;

// every registered alliance reports every year, from the one of its registration on.
absl::StatusOr<int> OpenYears(const act::Deps& deps, const rpc::Call& call, int year) {
  int opened = 0;
  const absl::Time begins = domain::StartOf(domain::CivilDay(year, 1, 1));
  RETURN_IF_ERROR(act::Sweep(act::Unhurried(deps), call, [&](act::Step& step) -> absl::Status {
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

absl::Status SweepDeadlines(const act::Deps& deps, const rpc::Call& call, SweepCount* count) {
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
  for (const domain::State to : cases::Sweep<ApplicationCase>(deps, call, applications)) {
    ++(to == domain::State::kCompleted ? count->completed_alliances : count->lapsed_applications);
  }
  count->missed_reports = static_cast<int>(cases::Sweep<YearCase>(deps, call, years).size());
  if (deps.relay != nullptr) deps.relay->Nudge();
  return absl::OkStatus();
}

}  // namespace alliance::filing
