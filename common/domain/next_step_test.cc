#include "common/domain/next_step.h"

#include "gtest/gtest.h"

namespace alliance::domain {
namespace {

CaseTimes Times() {
  return {.enterprise_deadline = absl::FromUnixSeconds(1'000),
          .recommender_deadline = absl::FromUnixSeconds(2'000)};
}

// each state names who acts, what he does and by when.
TEST(NextStep, EveryStateOfAFilingSaysWhoActs) {
  const CaseTimes times = Times();
  const struct {
    State state;
    std::optional<Role> who;
    std::optional<absl::Time> deadline;
  } kTable[] = {
      {State::kDraft, Role::kApplicant, times.enterprise_deadline},
      {State::kReturned, Role::kApplicant, times.recommender_deadline},
      {State::kSubmitted, Role::kRecommender, times.recommender_deadline},
      {State::kReviewing, Role::kRecommender, times.recommender_deadline},
      {State::kPassed, Role::kRecommender, times.recommender_deadline},
      {State::kInNotice, Role::kRecommender, times.recommender_deadline},
      {State::kObjected, Role::kRecommender, times.recommender_deadline},
      {State::kNoticeClosed, Role::kRecommender, times.recommender_deadline},
      {State::kRecommended, Role::kProvince, std::nullopt},
      {State::kAccepted, Role::kProvince, std::nullopt},
      {State::kSurveying, Role::kProvince, std::nullopt},
      {State::kSurveyed, Role::kProvince, std::nullopt},
      {State::kPendingDecision, Role::kProvince, std::nullopt},
      {State::kRegistered, std::nullopt, std::nullopt},
      {State::kLapsed, std::nullopt, std::nullopt},
      {State::kWithdrawn, std::nullopt, std::nullopt},
      {State::kRejected, std::nullopt, std::nullopt},
      {State::kNotRecommended, std::nullopt, std::nullopt},
      {State::kNotRegistered, std::nullopt, std::nullopt},
      {State::kDeregistered, std::nullopt, std::nullopt},
      {State::kCompleted, std::nullopt, std::nullopt},
  };
  for (const auto& row : kTable) {
    const NextStep step = NextStepOf(row.state, times);
    EXPECT_EQ(step.who, row.who) << WordOf(row.state);
    EXPECT_EQ(step.deadline, row.deadline) << WordOf(row.state);
    EXPECT_FALSE(step.task_zh.empty()) << WordOf(row.state);
    EXPECT_FALSE(step.task_en.empty()) << WordOf(row.state);
    EXPECT_EQ(step.who_zh.empty(), !row.who) << WordOf(row.state);
  }
}

TEST(NextStep, AnObjectionIsNotToldByWhatIsToBeDone) {
  EXPECT_EQ(NextStepOf(State::kObjected, Times()).task_zh,
            NextStepOf(State::kInNotice, Times()).task_zh);
}

TEST(NextStep, SecondsNeverGoBelowNothing) {
  const NextStep step = NextStepOf(State::kDraft, Times());
  EXPECT_EQ(step.SecondsLeft(absl::FromUnixSeconds(400)), 600);
  EXPECT_EQ(step.SecondsLeft(absl::FromUnixMillis(999'001)), 0);
  EXPECT_EQ(step.SecondsLeft(absl::FromUnixSeconds(1'000)), 0);
  EXPECT_EQ(step.SecondsLeft(absl::FromUnixSeconds(5'000)), 0);
  EXPECT_EQ(NextStepOf(State::kRecommended, Times()).SecondsLeft(absl::UnixEpoch()), 0);
}

}  // namespace
}  // namespace alliance::domain
