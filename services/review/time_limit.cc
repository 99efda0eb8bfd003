#include "services/review/time_limit.h"

#include <algorithm>

#include "common/domain/calendar.h"
#include "common/domain/window.h"
#include "common/obs/log.h"

namespace alliance::review {
namespace {

using domain::State;

bool IsUnderReview(State state) { return state == State::kSubmitted || state == State::kReviewing; }

void Warn(const CaseRow& row, const absl::Status& why) {
  obs::Log(obs::Level::kWarning, "no_time_limit", {{"case", row.id}, {"status", why.ToString()}});
}

void Start(int days, const rules::Pack& pack, absl::Time now, CaseRow& row) {
  if (days <= 0) return;
  const auto last = pack.calendar().AddWorkdays(domain::DayOf(now), days, /*include_start=*/false);
  if (!last.ok()) return Warn(row, last.status());
  row.review_due = domain::StartOf(*last + 1);
}

// The day of the return is used up; a corrected version gets a day at least.
int DaysLeft(const rules::Pack& pack, absl::Time now, const CaseRow& row) {
  const domain::CivilDay last = domain::DayOf(*row.review_due) - 1;
  const auto left = pack.calendar().CountWorkdays(domain::DayOf(now) + 1, last);
  if (left.ok()) return std::max(*left, 1);
  Warn(row, left.status());
  return 1;
}

}  // namespace

void KeepTimeLimit(const rules::Pack& pack, absl::Time now, CaseRow& row) {
  const bool was = row.stored && IsUnderReview(*row.stored);
  const bool is = IsUnderReview(row.state);
  if (was == is) return;
  if (is) {
    const bool corrected = row.stored == State::kReturned && row.review_days_left > 0;
    Start(corrected ? row.review_days_left : pack.case_workdays(), pack,
          row.state == State::kSubmitted ? row.receive : now, row);
    row.review_days_left = 0;
    return;
  }
  if (row.state == State::kReturned && row.review_due) {
    row.review_days_left = DaysLeft(pack, now, row);
  }
  row.review_due.reset();
}

bool IsOverdue(const CaseRow& row, absl::Time now) {
  return row.review_due && domain::IsOver(*row.review_due, now);
}

}  // namespace alliance::review
