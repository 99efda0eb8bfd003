#include "common/domain/extension.h"

#include "common/domain/calendar.h"
#include "common/domain/errors.h"
#include "gtest/gtest.h"

namespace alliance::domain {
namespace {

absl::Time Day(int month, int day) { return StartOf(CivilDay(2023, month, day)); }

// On 20 April, a draft is to have until the 27th.
ExtensionFacts Good() {
  const CaseTimes round = {Day(4, 3), Day(4, 26), Day(5, 1)};
  return {.now = Day(4, 20),
          .round = "2023-tsl",
          .deadline = Deadline::kEnterprise,
          .closes = Day(4, 27),
          .state = State::kDraft,
          .in_force = round,
          .of_round = round,
          .most_days = 10};
}

Reason RefusedFor(const ExtensionFacts& facts) {
  const auto details = DetailsOf(CheckExtension(facts));
  return details ? *ReasonOf(details->reason) : Reason::kCount;  // kCount: allowed
}

TEST(Extension, LengthensWhileTheDeadlineHasNotCome) {
  EXPECT_EQ(RefusedFor(Good()), Reason::kCount);
  ExtensionFacts facts = Good();
  const absl::Time closes = facts.in_force.enterprise_deadline;
  for (const absl::Duration step : {absl::Microseconds(1), absl::Milliseconds(1)}) {
    facts.now = closes - step;
    EXPECT_EQ(RefusedFor(facts), Reason::kCount);
    facts.now = closes + step;
    EXPECT_EQ(RefusedFor(facts), Reason::kExtensionLate);
  }
  facts.now = closes;
  EXPECT_EQ(RefusedFor(facts), Reason::kExtensionLate);
}

TEST(Extension, MustEndLaterThanWhatIsInForce) {
  ExtensionFacts facts = Good();
  facts.in_force.enterprise_deadline = Day(4, 27);  // an earlier grant
  EXPECT_EQ(RefusedFor(facts), Reason::kExtensionShortens);
  facts.closes += absl::Microseconds(1);
  EXPECT_EQ(RefusedFor(facts), Reason::kCount);
}

TEST(Extension, HasTheLimitsOfThePackAndOfTheRecommenders) {
  ExtensionFacts facts = Good();
  facts.most_days = std::nullopt;
  EXPECT_EQ(RefusedFor(facts), Reason::kExtensionsNotAllowed);
  facts.most_days = 1;
  EXPECT_EQ(RefusedFor(facts), Reason::kCount);
  facts.closes += absl::Microseconds(1);
  EXPECT_EQ(RefusedFor(facts), Reason::kExtensionTooLong);
  // Counted from the round's own deadline, however far earlier grants went.
  facts = Good();
  facts.deadline = Deadline::kRecommender;
  facts.in_force.recommender_deadline = Day(5, 10);
  facts.closes = Day(5, 11);
  EXPECT_EQ(RefusedFor(facts), Reason::kCount);
  facts.closes += absl::Microseconds(1);
  EXPECT_EQ(RefusedFor(facts), Reason::kExtensionTooLong);
  // A firm's end never passes its region's.
  facts = Good();
  facts.closes = Day(5, 1);
  EXPECT_EQ(RefusedFor(facts), Reason::kCount);
  facts.closes += absl::Microseconds(1);
  EXPECT_EQ(RefusedFor(facts), Reason::kExtensionTooLong);
}

TEST(Extension, OnlyForCasesThatTheDeadlineStillMattersFor) {
  for (const StateRow& row : kStates) {
    ExtensionFacts facts = Good();
    facts.state = row.state;
    EXPECT_EQ(RefusedFor(facts) == Reason::kCount, row.state == State::kDraft) << row.word;
    facts.deadline = Deadline::kRecommender;
    facts.closes = Day(5, 2);
    const bool open = row.state == State::kDraft || row.state == State::kReturned ||
                      row.state == State::kSubmitted || row.state == State::kReviewing ||
                      row.state == State::kPassed || row.state == State::kInNotice ||
                      row.state == State::kObjected || row.state == State::kNoticeClosed;
    EXPECT_EQ(RefusedFor(facts), open ? Reason::kCount : Reason::kExtensionUseless) << row.word;
  }
}

TEST(Extension, OfARegionAsksForNoState) {
  ExtensionFacts facts = Good();
  facts.state = std::nullopt;
  EXPECT_EQ(RefusedFor(facts), Reason::kCount);
}

}  // namespace
}  // namespace alliance::domain
