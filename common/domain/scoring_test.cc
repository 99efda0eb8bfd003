#include "common/domain/scoring.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace alliance::domain {
namespace {

ScoringRules Rules() {
  return {.heads = {{"建设方向", {{"符合主导产业方向", 1'000}, {"目标明确", 1'000}}},
                    {"创新成效", {{"研发投入及增长", 8'000}}}},
          .grades = {{"优秀", "excellent", 9'000},
                     {"良好", "good", 8'000},
                     {"合格", "pass", 6'000},
                     {"不合格", "fail", 0}},
          .vetoes = {{"V1", "材料不实", "不合格"}, {"V2", "未提交年度总结", "不合格"}}};
}

std::string GradeFor(std::vector<int64_t> totals) { return Evaluate(totals, {}, Rules())->grade; }

// Reading Q10: compare before rounding, both sides of every limit.
TEST(Grade, IsComparedBeforeRounding) {
  EXPECT_EQ(GradeFor({9'000, 9'000, 9'000}), "优秀");
  EXPECT_EQ(GradeFor({9'000, 9'000, 8'999}), "良好");  // 89.9966…, not 90.00
  EXPECT_EQ(Evaluate({9'000, 9'000, 8'999}, {}, Rules())->total_hundredths, 8'999);
  EXPECT_EQ(GradeFor({8'000, 8'000, 8'000}), "良好");
  EXPECT_EQ(GradeFor({8'000, 7'999, 8'000}), "合格");
  EXPECT_EQ(GradeFor({6'000, 6'000, 6'000}), "合格");
  EXPECT_EQ(GradeFor({6'000, 6'000, 5'999}), "不合格");
  EXPECT_EQ(GradeFor({0, 0, 0}), "不合格");
  EXPECT_EQ(GradeFor({10'000, 10'000, 10'000}), "优秀");
}

// at least three experts, unless a veto decides.
TEST(Evaluate, NeedsEnoughExperts) {
  EXPECT_TRUE(
      RefusedFor(Evaluate({9'000, 9'000}, {}, Rules()).status(), Reason::kScoresIncomplete));
  EXPECT_TRUE(RefusedFor(Evaluate({}, {}, Rules()).status(), Reason::kScoresIncomplete));
  EXPECT_TRUE(RefusedFor(Evaluate({}, {"V9"}, Rules()).status(), Reason::kScoresIncomplete));
}

// Q22: a missing summary blocks the evaluation with a veto grade.
TEST(Veto, SetsTheGradeWhateverTheScore) {
  const Evaluation missed = Evaluate({}, {"V2"}, Rules()).value();
  EXPECT_EQ(missed.grade, "不合格");
  EXPECT_EQ(missed.veto, "V2");
  EXPECT_EQ(missed.total_hundredths, 0);
  const Evaluation excellent = Evaluate({9'900, 9'900, 9'900}, {"V1"}, Rules()).value();
  EXPECT_EQ(excellent.grade, "不合格");
  EXPECT_EQ(excellent.total_hundredths, 9'900);
  ScoringRules mild = Rules();
  mild.vetoes[0].grade = "良好";
  EXPECT_EQ(Evaluate({100, 100, 100}, {"V1"}, mild)->grade, "不合格");  // never lifts
}

TEST(Outliers, LieFarFromTheMean) {
  EXPECT_TRUE(Evaluate({8'000, 8'000, 9'000}, {}, Rules())->outliers.empty());
  EXPECT_EQ(Evaluate({8'000, 8'000, 5'000}, {}, Rules())->outliers, std::vector<size_t>{2});
  ScoringRules exact = Rules();
  exact.outlier_hundredths = 2'000;  // the third lies exactly 20.00 from the mean of 70.00
  EXPECT_TRUE(Evaluate({8'000, 8'000, 5'000}, {}, exact)->outliers.empty());
}

TEST(CheckScore, EveryItemWithinItsRange) {
  EXPECT_TRUE(CheckScore({1'000, 0, 8'000}, Rules()).ok());
  const absl::Status status = CheckScore({1'001, -1, 8'000}, Rules(), "scores[4]");
  ASSERT_TRUE(RefusedFor(status, Reason::kScoreOutOfRange));
  ASSERT_EQ(DetailsOf(status)->fields.size(), 2);
  EXPECT_EQ(DetailsOf(status)->fields[0].field, "scores[4].item_hundredths[0]");
  EXPECT_EQ(DetailsOf(status)->fields[1].field, "scores[4].item_hundredths[1]");
  EXPECT_TRUE(RefusedFor(CheckScore({1, 2}, Rules()), Reason::kScoreOutOfRange));
  EXPECT_TRUE(RefusedFor(CheckScore({1, 2, 3, 4}, Rules()), Reason::kScoreOutOfRange));
  EXPECT_EQ(TotalOf({1'000, 0, 8'000}), 9'000);
  EXPECT_TRUE(RefusedFor(Evaluate({1, 2, 10'001}, {}, Rules()).status(), Reason::kScoreOutOfRange));
}

}  // namespace
}  // namespace alliance::domain
