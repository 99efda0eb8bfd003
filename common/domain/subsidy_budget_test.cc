#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "common/domain/errors.h"
#include "common/domain/subsidy.h"
#include "gtest/gtest.h"

namespace alliance::domain {
namespace {

using Policies = std::vector<BudgetPolicy>;

Fen Wan(const std::string& text) { return ParseWan(text, Sign::kNotNegative).value(); }

SubsidyRules Rules() {
  SubsidyRules rules{.method = Method::kRateByGrade};
  rules.grades = {"优秀", "良好", "合格", "不合格"};
  rules.grade_rates = {{"优秀", 3'000}, {"良好", 2'000}, {"合格", 1'000}};
  return rules;
}

// 30, 20 and 10 万元 before the budget step, 60 together.
std::vector<SubsidyInput> Three() {
  return {{.id = "a",
           .registry_number = "1",
           .verified_rd = Wan("100"),
           .grade = "优秀",
           .score_hundredths = 9'500},
          {.id = "b",
           .registry_number = "2",
           .verified_rd = Wan("100"),
           .grade = "良好",
           .score_hundredths = 8'500},
          {.id = "c",
           .registry_number = "3",
           .verified_rd = Wan("100"),
           .grade = "合格",
           .score_hundredths = 7'500}};
}

std::vector<std::string> Amounts(const SubsidyRun& run) {
  std::vector<std::string> amounts;
  for (const SubsidyLine& line : run.lines) {
    amounts.push_back(FormatWan(line.amount));
    EXPECT_TRUE(RecheckLine(line.trace).ok()) << line.id << RecheckLine(line.trace);
  }
  return amounts;
}

SubsidyRun RunWith(const Policies& policies, const std::string& budget) {
  return ComputeRun(Three(), Rules(), policies, Wan(budget)).value();
}

using Texts = std::vector<std::string>;

// amount and method follow the year's finances.
TEST(Budget, EnoughMoneyChangesNothing) {
  for (int i = 0; i < 5; ++i) {
    const SubsidyRun run = RunWith({static_cast<BudgetPolicy>(i)}, "60");
    EXPECT_EQ(Amounts(run), (Texts{"30.00", "20.00", "10.00"}));
    EXPECT_FALSE(run.over_budget);
    EXPECT_EQ(run.lines[0].trace.back().rule, kStepRounding);
  }
}

TEST(Budget, NoPolicyLeavesTheRunOverBudget) {
  for (const Policies& policies : {Policies{}, Policies{BudgetPolicy::kNone}}) {
    const SubsidyRun run = RunWith(policies, "59.99");
    EXPECT_TRUE(run.over_budget);
    EXPECT_EQ(run.total, Wan("60"));
  }
}

TEST(RankCutoff, StopsAtTheFirstLineThatDoesNotFit) {
  EXPECT_EQ(Amounts(RunWith({BudgetPolicy::kRankCutoff}, "50")), (Texts{"30.00", "20.00", "0.00"}));
  // 10 would still fit, but a lower score must not overtake a better one.
  EXPECT_EQ(Amounts(RunWith({BudgetPolicy::kRankCutoff}, "49.99")),
            (Texts{"30.00", "0.00", "0.00"}));
  EXPECT_EQ(Amounts(RunWith({BudgetPolicy::kRankCutoff}, "29.99")),
            (Texts{"0.00", "0.00", "0.00"}));
}

TEST(RankCutoff, TiesGoByScoreThenReceiptThenRegistryNumber) {
  std::vector<SubsidyInput> inputs = Three();
  for (SubsidyInput& input : inputs) {
    input.grade = "良好";
    input.score_hundredths = 8'000;
    input.first_receipt = absl::FromUnixSeconds(10);
  }
  inputs[2].first_receipt = absl::FromUnixSeconds(9);
  inputs[0].registry_number = "2";
  inputs[1].registry_number = "1";
  const SubsidyRun run =
      ComputeRun(inputs, Rules(), {BudgetPolicy::kRankCutoff}, Wan("40")).value();
  EXPECT_EQ(Amounts(run), (Texts{"0.00", "20.00", "20.00"}));
}

TEST(ProRata, SumIsTheBudgetExactly) {
  EXPECT_EQ(Amounts(RunWith({BudgetPolicy::kProRata}, "30")), (Texts{"15.00", "10.00", "5.00"}));
  // One unit is left over: remainders 1/2, 2/3 and 5/6, the largest takes it.
  EXPECT_EQ(Amounts(RunWith({BudgetPolicy::kProRata}, "0.05")), (Texts{"0.02", "0.02", "0.01"}));
  EXPECT_EQ(RunWith({BudgetPolicy::kProRata}, "0").total, Fen());
}

TEST(ProRata, ABudgetThatIsNoWholeUnitIsStillSpentExactly) {
  const SubsidyRun run =
      ComputeRun(Three(), Rules(), {BudgetPolicy::kProRata}, Fen(30'000'001)).value();
  EXPECT_EQ(run.total, Fen(30'000'001));
}

TEST(GradePriority, TheMarginalGradeSharesWhatIsLeft) {
  EXPECT_EQ(Amounts(RunWith({BudgetPolicy::kGradePriority}, "40")),
            (Texts{"30.00", "10.00", "0.00"}));
  EXPECT_EQ(Amounts(RunWith({BudgetPolicy::kGradePriority}, "15")),
            (Texts{"15.00", "0.00", "0.00"}));
  EXPECT_EQ(Amounts(RunWith({BudgetPolicy::kGradePriority}, "50")),
            (Texts{"30.00", "20.00", "0.00"}));
}

TEST(LowerCap, IsTheLargestThatFits) {
  EXPECT_EQ(Amounts(RunWith({BudgetPolicy::kLowerCap}, "50")), (Texts{"20.00", "20.00", "10.00"}));
  EXPECT_EQ(Amounts(RunWith({BudgetPolicy::kLowerCap}, "49.99")),
            (Texts{"19.99", "19.99", "10.00"}));
  EXPECT_EQ(Amounts(RunWith({BudgetPolicy::kLowerCap}, "0.02")), (Texts{"0.00", "0.00", "0.00"}));
  EXPECT_EQ(Amounts(RunWith({BudgetPolicy::kLowerCap}, "0.03")), (Texts{"0.01", "0.01", "0.01"}));
}

// Q14: rationing may go below 10 %, the line is flagged and needs a named approval.
TEST(BelowFloor, IsFlaggedForRationingOnly) {
  const SubsidyRun run = RunWith({BudgetPolicy::kLowerCap}, "29.97");
  EXPECT_EQ(Amounts(run), (Texts{"9.99", "9.99", "9.99"}));
  for (const SubsidyLine& line : run.lines) EXPECT_TRUE(line.below_floor);
  for (const SubsidyLine& line : RunWith({BudgetPolicy::kLowerCap}, "30").lines) {
    EXPECT_FALSE(line.below_floor);
  }
  std::vector<SubsidyInput> inputs = Three();
  inputs[2].verified_rd = Wan("99.99");  // 9.99 by rounding is no rationing
  inputs[0].verified_rd = Wan("10000");  // 50 by the cap neither
  const SubsidyRun rich = ComputeRun(inputs, Rules(), {}, Wan("1000")).value();
  for (const SubsidyLine& line : rich.lines) EXPECT_FALSE(line.below_floor);
}

TEST(Policies, ApplyOneAfterTheOtherWhileTheRunIsAboveTheBudget) {
  const SubsidyRun run = RunWith({BudgetPolicy::kNone, BudgetPolicy::kGradePriority}, "40");
  EXPECT_EQ(run.total, Wan("40"));
  EXPECT_TRUE(
      RefusedFor(ComputeRun(Three(), Rules(), {}, Fen(-1)).status(), Reason::kAmountNegative));
}

TEST(Property, RationingSpendsNoMoreThanThereIsAndNobodyGains) {
  std::mt19937_64 random(7);
  const char* grades[] = {"优秀", "良好", "合格", "不合格"};
  for (int round = 0; round < 600; ++round) {
    std::vector<SubsidyInput> inputs(1 + random() % 40);
    for (size_t i = 0; i < inputs.size(); ++i) {
      inputs[i] = {.id = std::to_string(i),
                   .registry_number = std::to_string(i),
                   .verified_rd = Fen(static_cast<int64_t>(random() % 600'000'000)),
                   .grade = grades[random() % 4],
                   .score_hundredths = static_cast<int64_t>(random() % 10'001),
                   .first_receipt = absl::FromUnixSeconds(static_cast<int64_t>(random() % 3))};
    }
    const SubsidyRun free = ComputeRun(inputs, Rules(), {}, Fen(INT64_MAX)).value();
    const Fen budget(static_cast<int64_t>(random() % (free.total.value() + 1)));
    for (int p = 1; p < 5; ++p) {
      const BudgetPolicy policy = static_cast<BudgetPolicy>(p);
      const SubsidyRun run = ComputeRun(inputs, Rules(), {policy}, budget).value();
      ASSERT_LE(run.total, budget);
      ASSERT_FALSE(run.over_budget);
      Amounts(run);
      for (size_t i = 0; i < inputs.size(); ++i) {
        ASSERT_LE(run.lines[i].amount, free.lines[i].amount);
        ASSERT_EQ(run.lines[i].computed, free.lines[i].amount);
      }
      if (policy == BudgetPolicy::kProRata || policy == BudgetPolicy::kGradePriority) {
        ASSERT_EQ(run.total, std::min(budget, free.total));
      }
      if (policy == BudgetPolicy::kLowerCap && free.total > budget) {
        // One unit more would not fit.
        __int128 more = 0;
        const int64_t next = run.lines[0].trace.back().numbers.at("cap_fen") + Rules().unit.value();
        for (const SubsidyLine& line : free.lines) more += std::min(line.amount.value(), next);
        ASSERT_GT(more, budget.value());
      }
      // The order of the inputs decides nothing.
      std::vector<SubsidyInput> shuffled = inputs;
      std::shuffle(shuffled.begin(), shuffled.end(), random);
      const SubsidyRun again = ComputeRun(shuffled, Rules(), {policy}, budget).value();
      for (size_t i = 0; i < shuffled.size(); ++i) {
        ASSERT_EQ(again.lines[i].amount, run.lines[std::stoul(shuffled[i].id)].amount);
      }
    }
  }
}

}  // namespace
}  // namespace alliance::domain
