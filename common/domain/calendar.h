// Days in Asia/Shanghai and the working-day calendar.
//
// Statutory holidays are published year by year (2023: 国办发明电〔2022〕16号), so a year is data
// of the rule pack, and asking about a year that is not loaded is refused with YEAR_NOT_LOADED,
// never guessed. A holiday that starts in the December before does not load that year.
//
// Windows are half-open: [first instant, first instant after). A day ends where the next begins.

#ifndef ALLIANCE_COMMON_DOMAIN_CALENDAR_H_
#define ALLIANCE_COMMON_DOMAIN_CALENDAR_H_

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace alliance::domain {

using CivilDay = absl::CivilDay;

// UTC+8 without summer time: what Asia/Shanghai has been since 1991. Fixed, so that the law does
// not depend on the machine's time-zone files.
absl::TimeZone Shanghai();
// 00:00 of that day.
absl::Time StartOf(CivilDay day);
// The day that `instant` falls on.
CivilDay DayOf(absl::Time instant);
// "2023-04-26 00:00", for texts that people read.
std::string FormatInstant(absl::Time instant);
// "2023-04-26"
std::string FormatDay(CivilDay day);
// The other way, strictly: ten characters, a real day, years 1900 to 2199.
std::optional<CivilDay> ParseDay(std::string_view text);

struct DayRange {
  CivilDay first;
  CivilDay last;  // inclusive
};

struct YearDays {
  int year = 0;
  std::vector<DayRange> off;          // may begin in the December before
  std::vector<CivilDay> makeup_work;  // weekend days that are worked
};

class WorkCalendar {
 public:
  // A calendar that knows no year.
  WorkCalendar() = default;
  explicit WorkCalendar(const std::vector<YearDays>& years);

  bool Loaded(int year) const { return years_.contains(year); }

  absl::StatusOr<bool> IsWorkday(CivilDay day) const;

  // The day on which `days` ≥ 1 working days are complete. With `include_start`, `from` itself is
  // the first when it is a working day, else the first working day after it; without, counting
  // begins on the day after `from`.
  absl::StatusOr<CivilDay> AddWorkdays(CivilDay from, int days, bool include_start) const;

  // Working days in [first, last]; 0 when last < first.
  absl::StatusOr<int> CountWorkdays(CivilDay first, CivilDay last) const;

 private:
  std::set<int> years_;
  std::set<CivilDay> off_;
  std::set<CivilDay> makeup_work_;
};

enum class DayUnit { kWorkday, kCalendarDay };

// How long a public notice (公示) lasts (R-082, reading Q2).
struct NoticeRule {
  int days = 0;
  DayUnit unit = DayUnit::kWorkday;
  bool include_start = true;
  bool early_close_asks = false;  // an unfinished notice asks for a reason, or is denied
};

struct NoticePeriod {
  CivilDay first_day;
  CivilDay last_day;
  absl::Time opens;   // 00:00 of the first day
  absl::Time closes;  // 00:00 of the day after the last
};

absl::StatusOr<NoticePeriod> PlanNotice(const WorkCalendar& calendar, const NoticeRule& rule,
                                        CivilDay first_day);

// The latest first day, a working day, of a notice that is over at `deadline`: 24 April 2023 for
// five working days before 1 May. The planner shows it to recommenders.
absl::StatusOr<CivilDay> LatestNoticeStart(const WorkCalendar& calendar, const NoticeRule& rule,
                                           absl::Time deadline);

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_CALENDAR_H_
