#include "common/domain/window.h"

#include <vector>

#include "common/domain/calendar.h"
#include "common/domain/workflow.h"
#include "gtest/gtest.h"

namespace alliance::domain {
namespace {

absl::Time Day(int month, int day) { return StartOf(CivilDay(2023, month, day)); }

CaseTimes Round() { return {Day(4, 3), Day(4, 26), Day(5, 1)}; }

const absl::Duration kSteps[] = {absl::Microseconds(1), absl::Milliseconds(1)};

// Q1: from the opening instant on, and never at the closing one.
TEST(Window, IsOpenFromItsFirstInstantToJustBeforeItsEnd) {
  const Window window = Round().filing();
  EXPECT_EQ(PhaseAt(window, window.opens), Phase::kOpen);
  EXPECT_EQ(PhaseAt(window, window.closes), Phase::kOver);
  for (const absl::Duration step : kSteps) {
    EXPECT_EQ(PhaseAt(window, window.opens - step), Phase::kBefore);
    EXPECT_EQ(PhaseAt(window, window.closes - step), Phase::kOpen);
    EXPECT_EQ(PhaseAt(window, window.closes + step), Phase::kOver);
    EXPECT_FALSE(IsOver(window.closes, window.closes - step));
  }
  EXPECT_TRUE(IsOver(window.closes, window.closes));
}

// Q1: instants in Asia/Shanghai, whatever the machine believes.
TEST(Window, EndsAtMidnightInShanghai) {
  EXPECT_EQ(Round().filing().closes, absl::FromUnixSeconds(1'682'438'400));  // 2023-04-25T16:00Z
  EXPECT_EQ(Round().recommending().closes, absl::FromUnixSeconds(1'682'870'400));
}

TEST(Window, AClockSetBackFindsItOpenAgain) {
  const Window window = Round().filing();
  EXPECT_FALSE(IsOpen(window, window.closes));
  EXPECT_TRUE(IsOpen(window, window.closes - absl::Hours(1)));
}

TEST(Window, OneThatEndsBeforeItBeginsIsNeverOpen) {
  const Window window{Day(4, 26), Day(4, 25)};
  for (int day = 24; day <= 27; ++day) EXPECT_FALSE(IsOpen(window, Day(4, day)));
}

// Q1: a region may close earlier than the round, and only earlier.
TEST(CaseTimes, ARegionsOwnDeadlineOnlyCuts) {
  CaseTimes times = TimesOf(Round(), {.enterprise = Day(4, 20)}, {}, "210200", "a");
  EXPECT_EQ(times.filing().closes, Day(4, 20));
  EXPECT_EQ(times.recommending().closes, Day(5, 1));
  times = TimesOf(Round(), {.recommender = Day(4, 28)}, {}, "210200", "a");
  EXPECT_EQ(times.filing().closes, Day(4, 26));
  EXPECT_EQ(times.correcting().closes, Day(4, 28));
  EXPECT_EQ(TimesOf(Round(), {.enterprise = Day(4, 27)}, {}, "", "").filing().closes, Day(4, 26));
}

// Q1: an extension lengthens the deadline that it names, for whom it names, and nothing else.
TEST(CaseTimes, AGrantLengthensForWhomItIs) {
  const std::vector<Grant> grants = {
      {Deadline::kEnterprise, Day(4, 28), "210200", ""},
      {Deadline::kEnterprise, Day(4, 27), "210200", ""},  // shorter than the other
      {Deadline::kRecommender, Day(5, 8), "210100", "b"},
      {Deadline::kRecommender, Day(4, 20), "210100", "c"},  // never shortens
  };
  const auto times = [&](std::string_view region, std::string_view id) {
    return TimesOf(Round(), {}, grants, region, id);
  };
  EXPECT_EQ(times("210200", "a").filing().closes, Day(4, 28));
  EXPECT_EQ(times("210200", "a").recommending().closes, Day(5, 1));
  EXPECT_EQ(times("210100", "a").filing().closes, Day(4, 26));
  EXPECT_EQ(times("210100", "b").filing().closes, Day(4, 26));
  EXPECT_EQ(times("210100", "b").recommending().closes, Day(5, 8));
  EXPECT_EQ(times("210100", "b").correcting().closes, Day(5, 8));
  EXPECT_EQ(times("210100", "c").recommending().closes, Day(5, 1));
  // A grant also moves a region's own earlier deadline, which then ends where the grant says.
  EXPECT_EQ(TimesOf(Round(), {.enterprise = Day(4, 20)}, grants, "210200", "a").filing().closes,
            Day(4, 28));
}

// every rule that asks whether something is open says the same at the same
// instant: what one allows until then, its opposite allows from then on.
TEST(Window, TheRulesAgreeAtTheClosingInstant) {
  const absl::Time closes = Day(4, 26);
  const Caller nobody;
  const struct {
    Rule open;
    Rule over;
    Reason late;
    Reason early;
  } kPairs[] = {
      {InWindow, WindowOver, Reason::kWindowClosed, Reason::kWindowStillOpen},
      {InCorrectionTime, CorrectionTimeOver, Reason::kCorrectionTimeOver,
       Reason::kCorrectionTimeLeft},
      {FrozenListInWindow, RoundOver, Reason::kRecommendClosed, Reason::kRecommendStillOpen},
      {ReportInTime, ReportTimeOver, Reason::kReportClosed, Reason::kReportStillOpen},
      {InAppealTime, AppealTimeOver, Reason::kAppealLate, Reason::kAppealTimeLeft},
  };
  for (const auto& pair : kPairs) {
    Facts facts{.window_opens = Day(4, 3),
                .window_closes = closes,
                .correction_until = closes,
                .recommend_opens = Day(4, 3),
                .recommend_closes = closes,
                .list_matches = true,
                .report_opens = Day(4, 3),
                .report_closes = closes,
                .appeal_opens = Day(4, 3),
                .appeal_closes = closes};
    for (const absl::Duration step : kSteps) {
      facts.now = closes - step;
      EXPECT_EQ(pair.open(facts, nobody).kind, Verdict::Kind::kAllow) << WordOf(pair.late);
      EXPECT_EQ(pair.over(facts, nobody).reason, pair.early);
      for (const absl::Time now : {closes, closes + step}) {
        facts.now = now;
        EXPECT_EQ(pair.open(facts, nobody).reason, pair.late);
        EXPECT_EQ(pair.over(facts, nobody).kind, Verdict::Kind::kAllow) << WordOf(pair.early);
      }
    }
  }
}

}  // namespace
}  // namespace alliance::domain
