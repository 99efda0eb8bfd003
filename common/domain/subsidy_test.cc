#include "common/domain/subsidy.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "common/domain/errors.h"
#include "gtest/gtest.h"

namespace alliance::domain {
namespace {

Fen Wan(const std::string& text) { return ParseWan(text, Sign::kNotNegative).value(); }

Interval FixedSum(const char* lo, const char* hi, const char* sum) {
  return {.lo = Wan(lo), .hi = hi == nullptr ? std::optional<Fen>() : Wan(hi), .sum = Wan(sum)};
}

Interval RateOn(const char* lo, const char* hi, int64_t rate_bp) {
  return {.lo = Wan(lo), .hi = hi == nullptr ? std::optional<Fen>() : Wan(hi), .rate_bp = rate_bp};
}

// The sample tables of reading Q12.
SubsidyRules Sample(Method method) {
  SubsidyRules rules{.method = method};
  rules.fixed = {FixedSum("10", "30", "3"),    FixedSum("30", "50", "8"),
                 FixedSum("50", "100", "15"),  FixedSum("100", "200", "25"),
                 FixedSum("200", "300", "35"), FixedSum("300", nullptr, "50")};
  rules.rates = {RateOn("10", "50", 3'000), RateOn("50", "250", 2'000),
                 RateOn("250", nullptr, 1'000)};
  rules.slices = {RateOn("0", "50", 3'000), RateOn("50", "150", 2'000),
                  RateOn("150", nullptr, 1'000)};
  rules.grades = {"优秀", "良好", "合格", "不合格"};
  rules.grade_rates = {{"优秀", 3'000}, {"良好", 2'000}, {"合格", 1'000}};
  rules.score_rate = {
      .from_hundredths = 6'000, .from_bp = 1'000, .to_hundredths = 10'000, .to_bp = 3'000};
  rules.matrix = {
      {"优秀", rules.fixed},
      {"良好",
       {FixedSum("30", "50", "5"), FixedSum("50", "100", "10"), RateOn("100", nullptr, 1'100)}}};
  return rules;
}

SubsidyInput Input(const std::string& rd, const std::string& grade = "优秀",
                   int64_t score = 8'500) {
  return {.id = "case-" + rd,
          .registry_number = rd,
          .verified_rd = Wan(rd),
          .evidence_digest = "d1ge57",
          .grade = grade,
          .score_hundredths = score,
          .first_receipt = absl::FromUnixSeconds(0)};
}

// A line, and the proof that it can be recomputed from its trace.
Fen Line(const SubsidyInput& input, const SubsidyRules& rules) {
  const SubsidyLine line = ComputeLine(input, rules).value();
  const absl::Status recheck = RecheckLine(line.trace);
  EXPECT_TRUE(recheck.ok()) << input.id << ": " << recheck;
  EXPECT_EQ(line.trace.back().amount, line.amount);
  return line.amount;
}

// against the table that the department can check by hand.
TEST(Vectors, EveryMethodGivesTheSumsOfTheTable) {
  std::ifstream file(std::string(ALLIANCE_SOURCE_DIR) + "/tests/golden/subsidy-vectors.json");
  std::stringstream text;
  text << file.rdbuf();
  google::protobuf::Struct vectors;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(text.str(), &vectors).ok());
  struct {
    const char* column;
    Method method;
    const char* grade;
  } columns[] = {
      {"fixed", Method::kFixedByInterval, "优秀"}, {"g30", Method::kRateByGrade, "优秀"},
      {"g20", Method::kRateByGrade, "良好"},       {"g10", Method::kRateByGrade, "合格"},
      {"marginal", Method::kMarginal, "优秀"},     {"interp_85", Method::kRateByScore, "优秀"},
  };
  int rows = 0;
  for (const auto& row : vectors.fields().at("rows").list_value().values()) {
    const auto& cells = row.struct_value().fields();
    const std::string rd = cells.at("rd").string_value();
    for (const auto& column : columns) {
      EXPECT_EQ(Line(Input(rd, column.grade), Sample(column.method)),
                Wan(cells.at(column.column).string_value()))
          << rd << " " << column.column;
    }
    ++rows;
  }
  EXPECT_EQ(rows, 14);
}

TEST(Fixed, OneFenOnEitherSideOfEveryBoundary) {
  const SubsidyRules rules = Sample(Method::kFixedByInterval);
  Fen below;  // below the first interval: nothing, and no floor
  for (const Interval& interval : rules.fixed) {
    SubsidyInput input = Input("0");
    input.verified_rd = Fen(interval.lo.value() - 1);
    EXPECT_EQ(Line(input, rules), below) << FormatWan(interval.lo);
    input.verified_rd = interval.lo;
    EXPECT_EQ(Line(input, rules), interval.sum) << FormatWan(interval.lo);
    below = interval.sum;
  }
}

TEST(RateByInterval, IsARateOnTheWholeBase) {
  const SubsidyRules rules = Sample(Method::kRateByInterval);
  EXPECT_EQ(Line(Input("249.99"), rules), Wan("49.99"));
  EXPECT_EQ(Line(Input("250"), rules), Wan("25"));
  EXPECT_EQ(Line(Input("9.99"), rules), Wan("0"));
  const RuleFindings findings = CheckSubsidyRules(rules);
  EXPECT_TRUE(findings.errors.empty());
  EXPECT_EQ(findings.warnings.size(), 2);  // the cliffs at 50 and 250
}

TEST(Matrix, MixesSumsAndRates) {
  const SubsidyRules rules = Sample(Method::kMatrix);
  EXPECT_EQ(Line(Input("30", "优秀"), rules), Wan("8"));
  EXPECT_EQ(Line(Input("30", "良好"), rules), Wan("5"));
  EXPECT_EQ(Line(Input("123.45", "良好"), rules), Wan("13.57"));
  EXPECT_EQ(Line(Input("29.99", "良好"), rules), Wan("0"));
  EXPECT_EQ(Line(Input("30", "合格"), rules), Wan("0"));
}

// Q13: 500 万元 and 166.67 万元, one fen on either side.
TEST(Envelope, CapBeatsFloorFromFiveMillionYuanOn) {
  SubsidyRules rules = Sample(Method::kRateByGrade);
  rules.unit = Fen(1);
  const auto amount = [&](int64_t rd_fen, const char* grade) {
    SubsidyInput input = Input("0", grade);
    input.verified_rd = Fen(rd_fen);
    return Line(input, rules).value();
  };
  EXPECT_EQ(amount(499'999'999, "合格"), 49'999'999);
  EXPECT_EQ(amount(500'000'000, "合格"), 50'000'000);
  EXPECT_EQ(amount(500'000'001, "合格"), 50'000'000);
  EXPECT_EQ(amount(500'000'011, "合格"), 50'000'000);  // 10 % is above the cap
  EXPECT_EQ(amount(166'666'666, "优秀"), 49'999'999);
  EXPECT_EQ(amount(166'666'667, "优秀"), 50'000'000);
  EXPECT_EQ(amount(166'666'700, "优秀"), 50'000'000);
}

TEST(Envelope, LiftsToTenAndCutsToThirtyPercent) {
  SubsidyRules rules = Sample(Method::kFixedByInterval);
  rules.fixed = {FixedSum("10", nullptr, "5")};
  EXPECT_EQ(Line(Input("10"), rules), Wan("3"));  // 30 % of 10
  EXPECT_EQ(Line(Input("40"), rules), Wan("5"));
  EXPECT_EQ(Line(Input("60"), rules), Wan("6"));    // 10 % of 60
  EXPECT_EQ(Line(Input("900"), rules), Wan("50"));  // the cap
  rules.cap = Fen();
  EXPECT_EQ(Line(Input("40"), rules), Fen());
}

// R-011, Q10, Q11: 择优.
TEST(Gate, OnlyPaidGradesArePaid) {
  SubsidyRules rules = Sample(Method::kFixedByInterval);
  rules.paid_grades = {"优秀", "良好"};
  EXPECT_EQ(Line(Input("100", "良好"), rules), Wan("25"));
  EXPECT_EQ(Line(Input("100", "合格"), rules), Fen());
  EXPECT_EQ(Line(Input("100", ""), rules), Fen());
}

TEST(RateByScore, BelowTheFirstPaidScoreIsNothing) {
  const SubsidyRules rules = Sample(Method::kRateByScore);
  EXPECT_EQ(Line(Input("100", "合格", 5'999), rules), Fen());
  EXPECT_EQ(Line(Input("100", "合格", 6'000), rules), Wan("10"));
  EXPECT_EQ(Line(Input("100", "合格", 10'000), rules), Wan("30"));
}

TEST(ComputeLine, RefusesWhatIsNoResearchSpend) {
  SubsidyInput input = Input("0");
  input.verified_rd = Fen(-1);
  EXPECT_TRUE(
      RefusedFor(ComputeLine(input, Sample(Method::kMarginal)).status(), Reason::kAmountNegative));
  input.verified_rd = Fen(INT64_MAX);  // products in 128 bits: no wrap
  EXPECT_EQ(ComputeLine(input, Sample(Method::kMarginal))->amount, Wan("50"));
  EXPECT_EQ(ComputeLine(input, Sample(Method::kRateByScore))->amount, Wan("50"));
}

TEST(ComputeLine, IsTheSameEveryTime) {
  for (int method = 0; method < 6; ++method) {
    const SubsidyRules rules = Sample(static_cast<Method>(method));
    EXPECT_EQ(ComputeLine(Input("123.45"), rules)->trace,
              ComputeLine(Input("123.45"), rules)->trace);
  }
}

TEST(Property, RandomLinesStayInsideTheLawAndRecheck) {
  std::mt19937_64 random(20230331);
  const char* grades[] = {"优秀", "良好", "合格", "不合格"};
  for (int i = 0; i < 60'000; ++i) {
    const SubsidyRules rules = Sample(static_cast<Method>(random() % 6));
    SubsidyInput input = Input("0", grades[random() % 4], static_cast<int64_t>(random() % 10'001));
    const int64_t scale[] = {1'000'000'000, 100'000'000, 10'000'000'000'000, 1'000};
    input.verified_rd = Fen(static_cast<int64_t>(random()) & INT64_MAX % scale[random() % 4]);
    const Fen amount = Line(input, rules);
    ASSERT_LE(amount, rules.cap);
    ASSERT_LE(static_cast<__int128>(amount.value()) * 10,
              static_cast<__int128>(input.verified_rd.value()) * 3);
    ASSERT_EQ(amount.value() % rules.unit.value(), 0);
    if (amount > Fen() && amount < rules.cap) {
      ASSERT_GT((amount.value() + rules.unit.value()) * 10, input.verified_rd.value());
    }
  }
}

TEST(Recheck, NoticesEveryChangedNumber) {
  for (int method = 0; method < 6; ++method) {
    for (const char* rd : {"60", "123.45", "700"}) {
      const std::vector<TraceStep> trace =
          ComputeLine(Input(rd), Sample(static_cast<Method>(method)))->trace;
      for (size_t i = 0; i < trace.size(); ++i) {
        for (int64_t by : {1, -1, 1'000'000}) {
          std::vector<TraceStep> changed = trace;
          changed[i].amount = Fen(changed[i].amount.value() + by);
          if (i > 0) {
            EXPECT_FALSE(RecheckLine(changed).ok()) << method << " " << trace[i].rule;
          }
        }
        std::vector<TraceStep> shorter = trace;
        shorter.erase(shorter.begin() + static_cast<int64_t>(i));
        EXPECT_FALSE(RecheckLine(shorter).ok()) << method << " without " << trace[i].rule;
      }
    }
  }
  EXPECT_FALSE(RecheckLine({}).ok());
}

TEST(PackCheck, SampleTablesAreSound) {
  for (int method = 0; method < 6; ++method) {
    const RuleFindings findings = CheckSubsidyRules(Sample(static_cast<Method>(method)));
    EXPECT_EQ(findings.errors, std::vector<std::string>{}) << method;
  }
}

// A trial run may try any method, so a broken table is refused whichever method is chosen.
TEST(PackCheck, LooksAtEveryTableThatIsGiven) {
  SubsidyRules rules = Sample(Method::kFixedByInterval);
  rules.slices[0].lo = Fen(1);
  EXPECT_EQ(CheckSubsidyRules(rules).errors,
            std::vector<std::string>{"slices[0]: must begin at 0"});
  rules.slices.clear();
  EXPECT_TRUE(CheckSubsidyRules(rules).errors.empty());
  rules.method = Method::kMarginal;
  EXPECT_FALSE(CheckSubsidyRules(rules).errors.empty());
}

TEST(PackCheck, RefusesTablesThatBreakTheLaw) {
  struct {
    const char* what;
    Method method;
    void (*change)(SubsidyRules&);
  } cases[] = {
      {"a gap", Method::kFixedByInterval, [](SubsidyRules& r) { r.fixed[1].lo = Wan("31"); }},
      {"no open end", Method::kFixedByInterval,
       [](SubsidyRules& r) { r.fixed[5].hi = Wan("900"); }},
      {"an early open end", Method::kFixedByInterval,
       [](SubsidyRules& r) { r.fixed[0].hi.reset(); }},
      {"above 30 % of lo", Method::kFixedByInterval,
       [](SubsidyRules& r) { r.fixed[0].sum = Wan("3.01"); }},
      {"below 10 % of hi", Method::kFixedByInterval,
       [](SubsidyRules& r) { r.fixed[0].sum = Wan("2.99"); }},
      {"open end below the cap", Method::kFixedByInterval,
       [](SubsidyRules& r) { r.fixed[5].sum = Wan("49"); }},
      {"above the cap", Method::kFixedByInterval,
       [](SubsidyRules& r) { r.fixed[5].sum = Wan("51"); }},
      {"falling", Method::kFixedByInterval,
       [](SubsidyRules& r) {
         r.fixed[1].sum = Wan("5"), r.fixed[0].hi = r.fixed[1].lo = Wan("16"),
         r.fixed[0].sum = Wan("3"), r.fixed[2].sum = Wan("4");
       }},
      {"empty", Method::kFixedByInterval, [](SubsidyRules& r) { r.fixed.clear(); }},
      {"rate outside", Method::kRateByInterval,
       [](SubsidyRules& r) { r.rates[0].rate_bp = 3'001; }},
      {"negative slice", Method::kMarginal, [](SubsidyRules& r) { r.slices[2].rate_bp = -1; }},
      {"slices not from 0", Method::kMarginal, [](SubsidyRules& r) { r.slices[0].lo = Fen(1); }},
      {"worse grade gets more", Method::kRateByGrade,
       [](SubsidyRules& r) { r.grade_rates[1].rate_bp = 3'000, r.grade_rates[0].rate_bp = 2'000; }},
      {"unknown grade", Method::kRateByGrade,
       [](SubsidyRules& r) { r.grade_rates[0].grade = "特优"; }},
      {"paid grade without a rate", Method::kRateByGrade,
       [](SubsidyRules& r) { r.paid_grades = {"不合格"}; }},
      {"better score gets less", Method::kRateByScore,
       [](SubsidyRules& r) { r.score_rate.to_bp = 900; }},
      {"a point for a line", Method::kRateByScore,
       [](SubsidyRules& r) { r.score_rate.to_hundredths = 6'000; }},
      {"matrix: worse grade gets more", Method::kMatrix,
       [](SubsidyRules& r) { r.matrix[1].intervals = {RateOn("20", nullptr, 1'500)}; }},
      {"matrix: empty", Method::kMatrix, [](SubsidyRules& r) { r.matrix.clear(); }},
      {"floor above ceiling", Method::kMarginal, [](SubsidyRules& r) { r.floor_bp = 3'001; }},
      {"no ceiling", Method::kMarginal, [](SubsidyRules& r) { r.floor_bp = r.ceiling_bp = 0; }},
      {"no unit", Method::kMarginal, [](SubsidyRules& r) { r.unit = Fen(); }},
      {"cap no whole unit", Method::kMarginal, [](SubsidyRules& r) { r.cap = Fen(1); }},
      {"paid grade unknown", Method::kMarginal, [](SubsidyRules& r) { r.paid_grades = {"特优"}; }},
  };
  for (const auto& c : cases) {
    SubsidyRules rules = Sample(c.method);
    c.change(rules);
    EXPECT_FALSE(CheckSubsidyRules(rules).errors.empty()) << c.what;
  }
}

TEST(SubsidyWords, ReadBackAsThemselves) {
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(MethodOf(WordOf(static_cast<Method>(i))), static_cast<Method>(i));
  }
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(BudgetPolicyOf(WordOf(static_cast<BudgetPolicy>(i))), static_cast<BudgetPolicy>(i));
  }
  EXPECT_EQ(MethodOf("RATIO"), std::nullopt);
  EXPECT_EQ(BudgetPolicyOf(""), std::nullopt);
}

}  // namespace
}  // namespace alliance::domain
