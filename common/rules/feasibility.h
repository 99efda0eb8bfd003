// Feasibility: what the calendar leaves of a round between its two deadlines (reading Q2).
//
//   2023: 3 working days from 26 to 30 April; a notice of five must start by 24 April
//
// A report, never a refusal: a round with too few days is the department's to publish all the same.

#ifndef ALLIANCE_COMMON_RULES_FEASIBILITY_H_
#define ALLIANCE_COMMON_RULES_FEASIBILITY_H_

#include <optional>
#include <string>
#include <vector>

#include "common/domain/calendar.h"
#include "common/domain/window.h"
#include "common/rules/pack.h"

namespace alliance::rules {

// The latest notice of one kind that is over when the recommenders must be done.
struct NoticeChoice {
  domain::NoticeRule rule;
  std::optional<domain::CivilDay> latest_start;  // nothing: none that starts in the round fits
  std::optional<domain::CivilDay> last_day;      // of that notice
};

struct FeasibilityWarning {
  std::string reason;  // stable word: NOTICE_BEFORE_DEADLINE, NOTICE_NEVER_FITS, …
  std::string zh;
  std::string en;
};

struct Feasibility {
  std::string region;  // empty: the round itself
  // The days that the recommenders have after the firms' last one, both ends counted.
  domain::CivilDay first_day;
  domain::CivilDay last_day;
  std::optional<int> workdays;  // of them; nothing when the calendar does not reach
  // The pack's own notice first, then the same length by the other units and ways of counting.
  std::vector<NoticeChoice> notices;
  std::vector<FeasibilityWarning> warnings;
};

Feasibility FeasibilityOf(const domain::WorkCalendar& calendar, const domain::NoticeRule& notice,
                          const domain::CaseTimes& times);

// Of the round, then of each region that has deadlines of its own.
std::vector<Feasibility> FeasibilityOf(const Pack& pack);

}  // namespace alliance::rules

#endif  // ALLIANCE_COMMON_RULES_FEASIBILITY_H_
