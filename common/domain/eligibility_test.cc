#include "common/domain/eligibility.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace alliance::domain {
namespace {

ConditionRecord Record(const char* id, ConditionVerdict verdict) {
  return {
      .condition = id, .verdict = verdict, .reason = "属实", .evidence = "A5_MEMBER_LICENCE 第1页"};
}

// each condition separately, with a reason and evidence.
TEST(Conditions, AreDecidedOneByOne) {
  using V = ConditionVerdict;
  struct {
    std::vector<ConditionRecord> records;
    int open, failed;
  } cases[] = {
      {{}, 4, 0},
      {{Record("A4_1", V::kPass)}, 3, 0},
      {{Record("A4_1", V::kPass), Record("A4_2", V::kPass), Record("A4_3", V::kPass),
        Record("A4_4", V::kPass)},
       0,
       0},
      {{Record("A4_1", V::kPass), Record("A4_2", V::kFail), Record("A4_3", V::kCorrect),
        Record("A4_4", V::kOpen)},
       2,
       1},
      {{Record("A4_1", V::kFail), Record("A4_2", V::kFail), Record("A4_3", V::kFail),
        Record("A4_4", V::kFail)},
       0,
       4},
      {{Record("A9_9", V::kPass)}, 4, 0},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(CountConditions(c.records).open, c.open);
    EXPECT_EQ(CountConditions(c.records).failed, c.failed);
  }
}

TEST(Conditions, AVerdictNeedsReasonAndEvidence) {
  std::vector<ConditionRecord> records = {
      Record("A4_1", ConditionVerdict::kPass),
      {.condition = "A4_1"},
      {.condition = "A4_7", .verdict = ConditionVerdict::kFail, .reason = " ", .evidence = ""},
      Record("A4_2", static_cast<ConditionVerdict>(9))};
  std::vector<std::string> found;
  for (const FieldProblem& problem : CheckConditions(records)) {
    found.push_back(problem.field + " " + problem.reason);
  }
  EXPECT_EQ(found, (std::vector<std::string>{
                       "conditions[1].condition CONDITION_TWICE",
                       "conditions[2].condition CONDITION_UNKNOWN", "conditions[2].reason REQUIRED",
                       "conditions[2].evidence REQUIRED", "conditions[3].verdict NOT_IN_LIST"}));
}

TEST(Overrides, AreCountedUntilEachHasAReason) {
  const std::vector<FieldProblem> problems = {
      {.field = "members", .reason = "TALENT_TEAM_ONLY", .severity = Severity::kNeedsOverride},
      {.field = "lead.credit_code", .reason = "CHECK_CHAR", .severity = Severity::kNeedsOverride},
      {.field = "alliance_name", .reason = "NAME_PATTERN", .severity = Severity::kWarning}};
  EXPECT_EQ(CountOverridesMissing(problems, {}), 2);
  EXPECT_EQ(CountOverridesMissing(problems, {{"members", "TALENT_TEAM_ONLY", "院士团队"}}), 1);
  EXPECT_EQ(CountOverridesMissing(problems, {{"members", "TALENT_TEAM_ONLY", " "}}), 2);
  EXPECT_EQ(CountOverridesMissing(problems, {{"members", "CHECK_CHAR", "执照为证"}}), 2);
}

// Q7: the lower of declared and evidenced, 5 % tolerance, both sides of the limit.
TEST(VerifiedRd, IsTheLowerOfDeclaredAndEvidenced) {
  struct {
    int64_t declared, evidenced, amount;
    bool differs;
  } cases[] = {
      {10'500, 10'000, 10'000, false},
      {10'501, 10'000, 10'000, true},
      {9'500, 10'000, 9'500, false},
      {9'499, 10'000, 9'499, true},
      {10'000, 10'000, 10'000, false},
      {1, 0, 0, true},
      {0, 0, 0, false},
  };
  for (const auto& c : cases) {
    const VerifiedRd verified =
        VerifyRd(Fen(c.declared), RdSource::kAuditReport, Fen(c.evidenced), 5).value();
    EXPECT_EQ(verified.amount, Fen(c.amount)) << c.declared;
    EXPECT_EQ(verified.differs.has_value(), c.differs) << c.declared;
  }
  EXPECT_EQ(VerifyRd(Fen(7), RdSource::kForm, Fen(0), 5)->amount, Fen(7));
  EXPECT_TRUE(
      RefusedFor(VerifyRd(Fen(-1), RdSource::kForm, Fen(0), 5).status(), Reason::kAmountNegative));
  for (RdSource source : {RdSource::kAuditReport, RdSource::kA107012Row40, RdSource::kForm}) {
    EXPECT_EQ(RdSourceOf(WordOf(source)), source);
  }
  EXPECT_EQ(RdSourceOf("guess"), std::nullopt);
}

}  // namespace
}  // namespace alliance::domain
