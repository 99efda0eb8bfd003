#include "common/rules/feasibility.h"

#include <string>

#include "gtest/gtest.h"

namespace alliance::rules {
namespace {

using domain::CivilDay;
using domain::DayUnit;

const Pack& Pack2023() {
  static const Pack* pack =
      new Pack(LoadPack(ALLIANCE_SOURCE_DIR "/common/rules/2023.textproto").value());
  return *pack;
}

CivilDay Day(int month, int day) { return CivilDay(2023, month, day); }

std::vector<std::string> WarningsOf(const Feasibility& report) {
  std::vector<std::string> reasons;
  for (const FeasibilityWarning& warning : report.warnings) {
    reasons.push_back(warning.reason);
    EXPECT_NE(warning.zh, "");
    EXPECT_NE(warning.en, "");
  }
  return reasons;
}

// R-010, Q2: the notice of 2023 leaves three working days, and a notice must start by 24 April.
TEST(Feasibility, Of2023) {
  const std::vector<Feasibility> reports = FeasibilityOf(Pack2023());
  ASSERT_EQ(reports.size(), 1u);
  const Feasibility& report = reports.front();
  EXPECT_EQ(report.first_day, Day(4, 26));
  EXPECT_EQ(report.last_day, Day(4, 30));
  EXPECT_EQ(report.workdays, 3);
  ASSERT_EQ(report.notices.size(), 4u);
  EXPECT_EQ(report.notices[0].latest_start, Day(4, 24));
  EXPECT_EQ(report.notices[0].last_day, Day(4, 28));
  EXPECT_EQ(WarningsOf(report),
            (std::vector<std::string>{"NOTICE_BEFORE_DEADLINE", "DEADLINE_ON_DAY_OFF"}));
  EXPECT_NE(report.warnings[0].zh.find("2023-04-24"), std::string::npos);
  EXPECT_NE(report.warnings[1].en.find("recommenders, 2023-04-30"), std::string::npos);
}

// Q2: length, unit and start-day rule each move the latest start; never a day later fits.
TEST(Feasibility, TheLatestStartOfEachWayOfCounting) {
  const domain::CaseTimes times = Pack2023().times_of("");
  const struct {
    int days;
    DayUnit unit;
    bool include_start;
    CivilDay latest;
  } kRows[] = {
      {5, DayUnit::kWorkday, true, Day(4, 24)},
      {5, DayUnit::kWorkday, false, Day(4, 23)},  // a Sunday that is worked
      {3, DayUnit::kWorkday, true, Day(4, 26)},
      {7, DayUnit::kWorkday, true, Day(4, 21)},
      {5, DayUnit::kCalendarDay, true, Day(4, 25)},
      {5, DayUnit::kCalendarDay, false, Day(4, 24)},
      {7, DayUnit::kCalendarDay, true, Day(4, 23)},
  };
  for (const auto& row : kRows) {
    const domain::NoticeRule rule{row.days, row.unit, row.include_start};
    const NoticeChoice choice = FeasibilityOf(Pack2023().calendar(), rule, times).notices.front();
    EXPECT_EQ(choice.latest_start, row.latest) << row.days << " " << row.include_start;
    const auto period = domain::PlanNotice(Pack2023().calendar(), rule, row.latest);
    EXPECT_LT(period->closes, times.recommender_deadline) << "at the deadline it is too late";
    EXPECT_EQ(choice.last_day, period->last_day);
    // The next working day would be too late.
    CivilDay next = row.latest + 1;
    while (!Pack2023().calendar().IsWorkday(next).value()) ++next;
    EXPECT_GE(domain::PlanNotice(Pack2023().calendar(), rule, next)->closes,
              times.recommender_deadline);
  }
}

TEST(Feasibility, WarnsOfWhatCannotBe) {
  const domain::WorkCalendar& calendar = Pack2023().calendar();
  const domain::NoticeRule five{.days = 5};
  const auto times = [](CivilDay opens, CivilDay closes, CivilDay ends) {
    return domain::CaseTimes{domain::StartOf(opens), domain::StartOf(closes),
                             domain::StartOf(ends)};
  };
  // Enough time: nothing to warn of.
  EXPECT_TRUE(
      WarningsOf(FeasibilityOf(calendar, five, times(Day(4, 3), Day(4, 22), Day(4, 29)))).empty());
  // One day less between them.
  EXPECT_EQ(WarningsOf(FeasibilityOf(calendar, five, times(Day(4, 3), Day(4, 25), Day(4, 29)))),
            std::vector<std::string>{"NOTICE_BEFORE_DEADLINE"});
  // A round that is shorter than a notice.
  EXPECT_EQ(WarningsOf(FeasibilityOf(calendar, five, times(Day(4, 25), Day(4, 26), Day(4, 29)))),
            std::vector<std::string>{"NOTICE_NEVER_FITS"});
  // A calendar that ends before the round does.
  EXPECT_EQ(WarningsOf(FeasibilityOf(calendar, five,
                                     times(Day(12, 1), Day(12, 29), CivilDay(2024, 1, 10)))),
            std::vector<std::string>{"YEAR_NOT_LOADED"});
}

// A deadline in the afternoon: that day is the firms', the next is the region's first.
TEST(Feasibility, ADeadlineInsideADay) {
  const domain::CaseTimes times = {domain::StartOf(Day(4, 3)),
                                   domain::StartOf(Day(4, 25)) + absl::Hours(17),
                                   domain::StartOf(Day(4, 28)) + absl::Hours(17)};
  const Feasibility report = FeasibilityOf(Pack2023().calendar(), Pack2023().notice_rule(), times);
  EXPECT_EQ(report.first_day, Day(4, 26));
  EXPECT_EQ(report.last_day, Day(4, 28));
  EXPECT_EQ(report.workdays, 3);
  // The notice of 24 to 28 April is over at midnight, after 17:00.
  EXPECT_EQ(report.notices.front().latest_start, Day(4, 23));
}

}  // namespace
}  // namespace alliance::rules
