#include "common/rules/feasibility.h"

#include <set>
#include <string>
#include <utility>

#include "common/base/str.h"

namespace alliance::rules {
namespace {

using domain::CivilDay;
using domain::FormatDay;

// The last day on which something that ends at `closes` is still open.
CivilDay LastDayBefore(absl::Time closes) { return domain::DayOf(closes - absl::Microseconds(1)); }

NoticeChoice LatestOf(const domain::WorkCalendar& calendar, const domain::NoticeRule& rule,
                      const domain::CaseTimes& times) {
  NoticeChoice choice{.rule = rule};
  const auto start = domain::LatestNoticeStart(calendar, rule, times.recommending().closes);
  if (!start.ok() || *start < domain::DayOf(times.opens)) return choice;
  const auto period = domain::PlanNotice(calendar, rule, *start);
  if (!period.ok()) return choice;
  choice.latest_start = *start;
  choice.last_day = period->last_day;
  return choice;
}

void WarnOfDayOff(const domain::WorkCalendar& calendar, absl::Time closes, std::string_view who_zh,
                  std::string_view who_en, Feasibility& report) {
  const CivilDay day = LastDayBefore(closes);
  const absl::StatusOr<bool> workday = calendar.IsWorkday(day);
  if (!workday.ok() || *workday) return;
  report.warnings.push_back(
      {"DEADLINE_ON_DAY_OFF", base::StrCat(who_zh, "截止日", FormatDay(day), "不是工作日。"),
       base::StrCat("The last day of the ", who_en, ", ", FormatDay(day), ", is a day off.")});
}

}  // namespace

Feasibility FeasibilityOf(const domain::WorkCalendar& calendar, const domain::NoticeRule& notice,
                          const domain::CaseTimes& times) {
  Feasibility report{.first_day = LastDayBefore(times.filing().closes) + 1,
                     .last_day = LastDayBefore(times.recommending().closes)};
  if (const auto days = calendar.CountWorkdays(report.first_day, report.last_day); days.ok()) {
    report.workdays = *days;
  }
  report.notices.push_back(LatestOf(calendar, notice, times));
  for (const domain::DayUnit unit : {domain::DayUnit::kWorkday, domain::DayUnit::kCalendarDay}) {
    for (const bool include_start : {true, false}) {
      if (unit == notice.unit && include_start == notice.include_start) continue;
      report.notices.push_back(LatestOf(
          calendar, {.days = notice.days, .unit = unit, .include_start = include_start}, times));
    }
  }

  const std::optional<CivilDay>& latest = report.notices.front().latest_start;
  const bool reached = report.workdays.has_value() &&
                       calendar.IsWorkday(domain::DayOf(times.recommending().closes)).ok();
  if (!reached) {
    report.warnings.push_back({"YEAR_NOT_LOADED", "规则包的节假日安排未覆盖推荐截止日。",
                               "The pack's calendar does not reach the recommenders' deadline."});
  } else if (!latest) {
    report.warnings.push_back(
        {"NOTICE_NEVER_FITS", "批次期间内任何一天开始公示，都不能在推荐截止前期满。",
         "No notice that starts in the round is over before the recommenders' deadline."});
  } else if (*latest < report.first_day) {
    report.warnings.push_back(
        {"NOTICE_BEFORE_DEADLINE",
         base::StrCat("公示最晚须于", FormatDay(*latest),
                      "开始，早于企业截止：最后提交的申请来不及公示期满，须分批公示或说明原因。"),
         base::StrCat("A notice must start by ", FormatDay(*latest),
                      ", before the firms' deadline: what is submitted last cannot be on notice "
                      "to its end; give notice in batches, or a reason.")});
  }
  WarnOfDayOff(calendar, times.filing().closes, "企业", "firms", report);
  WarnOfDayOff(calendar, times.recommending().closes, "推荐单位", "recommenders", report);
  return report;
}

std::vector<Feasibility> FeasibilityOf(const Pack& pack) {
  std::vector<Feasibility> reports = {
      FeasibilityOf(pack.calendar(), pack.notice_rule(), pack.times_of(""))};
  // Of each region with deadlines or a notice of its own.
  std::set<std::string> regions;
  for (const auto& region : pack.proto().round().region_deadlines()) {
    regions.insert(region.region());
  }
  for (const auto& region : pack.proto().notice().regions()) regions.insert(region.region());
  for (const std::string& region : regions) {
    reports.push_back(
        FeasibilityOf(pack.calendar(), pack.notice_rule(region), pack.times_of(region)));
    reports.back().region = region;
  }
  return reports;
}

}  // namespace alliance::rules
