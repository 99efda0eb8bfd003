#include "common/domain/calendar.h"

#include <string>

#include "common/domain/errors.h"
#include "gtest/gtest.h"

namespace alliance::domain {
namespace {

// 国办发明电〔2022〕16号
WorkCalendar Calendar2023() {
  const auto day = [](int month, int d, int year = 2023) { return CivilDay(year, month, d); };
  return WorkCalendar({{.year = 2023,
                        .off = {{day(12, 31, 2022), day(1, 2)},
                                {day(1, 21), day(1, 27)},
                                {day(4, 5), day(4, 5)},
                                {day(4, 29), day(5, 3)},
                                {day(6, 22), day(6, 24)},
                                {day(9, 29), day(10, 6)}},
                        .makeup_work = {day(1, 28), day(1, 29), day(4, 23), day(5, 6), day(6, 25),
                                        day(10, 7), day(10, 8)}}});
}

CivilDay Day(int month, int day) { return CivilDay(2023, month, day); }

// The calendar of 2023 (国办发明电〔2022〕16号) and the days of the notice, line by line.
TEST(WorkCalendar, WorkingDaysOfTheFilingWindow) {
  EXPECT_EQ(Calendar2023().CountWorkdays(Day(4, 3), Day(4, 25)).value(), 17);
  EXPECT_EQ(Calendar2023().CountWorkdays(Day(4, 26), Day(4, 30)).value(), 3);
  EXPECT_EQ(Calendar2023().CountWorkdays(Day(4, 30), Day(4, 26)).value(), 0);
}

TEST(WorkCalendar, FiveWorkingDaysFromEachStart) {
  struct {
    CivilDay from, counting_it, not_counting_it;
  } cases[] = {
      {Day(4, 21), Day(4, 26), Day(4, 27)}, {Day(4, 23), Day(4, 27), Day(4, 28)},
      {Day(4, 24), Day(4, 28), Day(5, 4)},  {Day(4, 25), Day(5, 4), Day(5, 5)},
      {Day(4, 26), Day(5, 5), Day(5, 6)},   {Day(4, 28), Day(5, 8), Day(5, 9)},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Calendar2023().AddWorkdays(c.from, 5, true).value(), c.counting_it) << c.from;
    EXPECT_EQ(Calendar2023().AddWorkdays(c.from, 5, false).value(), c.not_counting_it) << c.from;
  }
}

TEST(WorkCalendar, AStartThatIsNoWorkdayCountsFromTheFirstThatIs) {
  EXPECT_EQ(Calendar2023().AddWorkdays(Day(4, 30), 1, true).value(), Day(5, 4));
  EXPECT_EQ(Calendar2023().AddWorkdays(Day(4, 30), 1, false).value(), Day(5, 4));
  EXPECT_EQ(Calendar2023().AddWorkdays(Day(4, 22), 5, true).value(), Day(4, 27));
}

TEST(WorkCalendar, HolidaysAndMadeUpWeekends) {
  EXPECT_TRUE(Calendar2023().IsWorkday(Day(4, 23)).value());    // a Sunday that is worked
  EXPECT_TRUE(Calendar2023().IsWorkday(Day(5, 6)).value());     // a Saturday that is worked
  EXPECT_FALSE(Calendar2023().IsWorkday(Day(5, 1)).value());    // a Monday off
  EXPECT_FALSE(Calendar2023().IsWorkday(Day(12, 31)).value());  // a Sunday
  EXPECT_EQ(absl::GetWeekday(Day(12, 31)), absl::Weekday::sunday);
}

TEST(WorkCalendar, AYearThatIsNotLoadedIsRefused) {
  const WorkCalendar calendar = Calendar2023();
  for (CivilDay day : {CivilDay(2022, 12, 31), CivilDay(2024, 1, 1)}) {
    EXPECT_TRUE(RefusedFor(calendar.IsWorkday(day).status(), Reason::kYearNotLoaded)) << day;
  }
  EXPECT_TRUE(
      RefusedFor(calendar.AddWorkdays(Day(12, 28), 5, true).status(), Reason::kYearNotLoaded));
  EXPECT_TRUE(RefusedFor(calendar.CountWorkdays(CivilDay(2022, 12, 30), Day(1, 5)).status(),
                         Reason::kYearNotLoaded));
  EXPECT_TRUE(RefusedFor(WorkCalendar().IsWorkday(Day(4, 3)).status(), Reason::kYearNotLoaded));
  EXPECT_FALSE(calendar.Loaded(2022));
}

// R-082, readings Q1 and Q2.
TEST(Notice, EndsWhereTheNextDayBegins) {
  const NoticePeriod period =
      PlanNotice(Calendar2023(), {.days = 5, .include_start = true}, Day(4, 24)).value();
  EXPECT_EQ(period.last_day, Day(4, 28));
  EXPECT_EQ(period.opens, absl::FromUnixSeconds(1682265600));  // 2023-04-24T00:00+08:00
  EXPECT_EQ(FormatInstant(period.closes), "2023-04-29 00:00");
  const NoticePeriod calendar_days =
      PlanNotice(WorkCalendar(), {.days = 7, .unit = DayUnit::kCalendarDay}, Day(4, 24)).value();
  EXPECT_EQ(calendar_days.last_day, Day(4, 30));
  const NoticePeriod without_start =
      PlanNotice(WorkCalendar(), {.days = 7, .unit = DayUnit::kCalendarDay, .include_start = false},
                 Day(4, 24))
          .value();
  EXPECT_EQ(without_start.last_day, Day(5, 1));
}

TEST(Notice, TheLatestStartBeforeTheRecommendersDeadlineIs24April) {
  const absl::Time deadline = StartOf(Day(5, 1));
  EXPECT_EQ(LatestNoticeStart(Calendar2023(), {.days = 5}, deadline).value(), Day(4, 24));
  EXPECT_EQ(
      LatestNoticeStart(Calendar2023(), {.days = 5, .include_start = false}, deadline).value(),
      Day(4, 23));
  EXPECT_EQ(LatestNoticeStart(Calendar2023(), {.days = 3}, deadline).value(), Day(4, 26));
  EXPECT_TRUE(RefusedFor(LatestNoticeStart(WorkCalendar(), {.days = 5}, deadline).status(),
                         Reason::kYearNotLoaded));
}

// Windows are half-open: 25 April belongs to the window, 26 April 00:00 does not.
TEST(Days, AreThoseOfShanghaiWhereverTheServerIs) {
  const absl::Time last_moment = StartOf(Day(4, 26)) - absl::Nanoseconds(1);
  EXPECT_EQ(DayOf(last_moment), Day(4, 25));
  EXPECT_EQ(DayOf(StartOf(Day(4, 26))), Day(4, 26));
  EXPECT_EQ(FormatDay(Day(4, 26)), "2023-04-26");
}

TEST(ParseDay, IsStrict) {
  EXPECT_EQ(ParseDay("2023-04-26"), Day(4, 26));
  EXPECT_EQ(ParseDay("2024-02-29"), CivilDay(2024, 2, 29));
  for (const char* bad : {"", "2023-4-26", "2023-02-29", "2023-13-01", "2023-00-10", "1899-12-31",
                          "2200-01-01", "04/26/2023", "2023-04-26 ", "2023-04-2x", "２023-04-26"}) {
    EXPECT_EQ(ParseDay(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace alliance::domain
