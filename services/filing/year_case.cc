#include "services/filing/year_case.h"

#include <algorithm>

#include "common/base/status_macros.h"
#include "common/rules/packs.h"

namespace alliance::filing {

std::optional<YearRow> YearCase::Lock(act::Step& step, std::string_view id) {
  const std::optional<Scope> scope = ScopeToAct(step.caller());
  return scope ? LockYear(step.txn(), id, *scope) : std::nullopt;
}

bool YearCase::Save(act::Step& step, absl::Span<YearRow> rows, absl::Time at) {
  return std::all_of(rows.begin(), rows.end(), [&](YearRow& row) {
    row.update = at;
    row.holder = domain::OwnerOf(row.state);
    if (row.state != domain::State::kReportDue) row.due.reset();
    return SaveYear(step.txn(), row);
  });
}

std::optional<std::string> YearCase::Rules(const act::Step& step, const YearRow& row) {
  const rules::Packs& packs = step.deps().packs;
  const rules::Pack* pack = packs.ForYear(row.year);
  return (pack == nullptr ? *packs.Latest() : *pack).digest();
}

absl::Status YearCase::Tick(act::Step& step, YearRow& row) {
  const absl::Time due = *row.due;
  ASSIGN_OR_RETURN(const domain::Decision decision,
                   domain::Decide(row.View(), domain::Action::kLapse, domain::ClockCaller(),
                                  {.now = step.now(), .report_closes = due}));
  events::v1::Event event;
  event.mutable_annual_report_missed()->set_alliance_id(row.alliance_id);
  event.mutable_annual_report_missed()->set_year(row.year);
  return cases::Move<YearCase>(step, decision, row, {.events = {event}, .deadline = due}).status();
}

}  // namespace alliance::filing
