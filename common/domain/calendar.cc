#include "common/domain/calendar.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/domain/errors.h"

namespace alliance::domain {

absl::TimeZone Shanghai() { return absl::FixedTimeZone(8 * 60 * 60); }

absl::Time StartOf(CivilDay day) { return absl::FromCivil(day, Shanghai()); }

CivilDay DayOf(absl::Time instant) { return absl::ToCivilDay(instant, Shanghai()); }

std::string FormatInstant(absl::Time instant) {
  if (instant == absl::InfiniteFuture()) return "—";
  if (instant == absl::InfinitePast()) return "—";
  return absl::FormatTime("%Y-%m-%d %H:%M", instant, Shanghai());
}

std::string FormatDay(CivilDay day) { return absl::FormatCivilTime(day); }

std::optional<CivilDay> ParseDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  int parts[3] = {};
  size_t at = 0;
  for (int length = 4; int& part : parts) {
    for (size_t end = at + length; at < end; ++at) {
      if (text[at] < '0' || text[at] > '9') return std::nullopt;
      part = part * 10 + (text[at] - '0');
    }
    ++at;
    length = 2;
  }
  if (parts[0] < 1900 || parts[0] > 2199) return std::nullopt;
  const CivilDay day(parts[0], parts[1], parts[2]);
  if (day.month() != parts[1] || day.day() != parts[2]) return std::nullopt;
  return day;
}

WorkCalendar::WorkCalendar(const std::vector<YearDays>& years) {
  for (const YearDays& year : years) {
    years_.insert(year.year);
    for (const DayRange& range : year.off) {
      for (CivilDay day = range.first; day <= range.last; ++day) off_.insert(day);
    }
    makeup_work_.insert(year.makeup_work.begin(), year.makeup_work.end());
  }
}

absl::StatusOr<bool> WorkCalendar::IsWorkday(CivilDay day) const {
  if (!Loaded(static_cast<int>(day.year()))) {
    return Refuse(Reason::kYearNotLoaded, {{"year", absl::StrCat(day.year())}});
  }
  if (off_.contains(day)) return false;
  if (makeup_work_.contains(day)) return true;
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday != absl::Weekday::saturday && weekday != absl::Weekday::sunday;
}

absl::StatusOr<CivilDay> WorkCalendar::AddWorkdays(CivilDay from, int days,
                                                   bool include_start) const {
  CivilDay day = include_start ? from : from + 1;
  // An unloaded year ends the loop, so it never runs further than the data.
  for (int counted = 0;; ++day) {
    ASSIGN_OR_RETURN(const bool workday, IsWorkday(day));
    if (workday && ++counted >= days) return day;
  }
}

absl::StatusOr<int> WorkCalendar::CountWorkdays(CivilDay first, CivilDay last) const {
  int count = 0;
  for (CivilDay day = first; day <= last; ++day) {
    ASSIGN_OR_RETURN(const bool workday, IsWorkday(day));
    if (workday) ++count;
  }
  return count;
}

absl::StatusOr<NoticePeriod> PlanNotice(const WorkCalendar& calendar, const NoticeRule& rule,
                                        CivilDay first_day) {
  CivilDay last_day = first_day + (rule.include_start ? rule.days - 1 : rule.days);
  if (rule.unit == DayUnit::kWorkday) {
    ASSIGN_OR_RETURN(last_day, calendar.AddWorkdays(first_day, rule.days, rule.include_start));
  }
  return NoticePeriod{.first_day = first_day,
                      .last_day = last_day,
                      .opens = StartOf(first_day),
                      .closes = StartOf(last_day + 1)};
}

absl::StatusOr<CivilDay> LatestNoticeStart(const WorkCalendar& calendar, const NoticeRule& rule,
                                           absl::Time deadline) {
  // A later start never ends earlier, so the first fit found going back is the latest.
  for (CivilDay day = DayOf(deadline);; --day) {
    ASSIGN_OR_RETURN(const bool workday, calendar.IsWorkday(day));
    if (!workday) continue;
    ASSIGN_OR_RETURN(const NoticePeriod period, PlanNotice(calendar, rule, day));
    // What is over at the very deadline cannot be recommended any more.
    if (period.closes < deadline) return day;
  }
}

}  // namespace alliance::domain
