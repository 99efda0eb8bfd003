// One line of the subsidy: input, gate, method, envelope, cap, rounding, each with its trace step.

#include "common/domain/subsidy.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/domain/errors.h"

namespace alliance::domain {
namespace {

constexpr std::array<std::string_view, 6> kMethodWords = {
    "FIXED_BY_INTERVAL", "RATE_BY_INTERVAL", "MARGINAL", "RATE_BY_GRADE", "RATE_BY_SCORE", "MATRIX",
};
constexpr std::array<std::string_view, 5> kPolicyWords = {"NONE", "RANK_CUTOFF", "PRO_RATA",
                                                          "GRADE_PRIORITY", "LOWER_CAP"};

constexpr int64_t kNoUpperBound = -1;

template <typename Enum, size_t N>
std::optional<Enum> FindWord(const std::array<std::string_view, N>& words, std::string_view word) {
  for (size_t i = 0; i < N; ++i) {
    if (words[i] == word) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

// "22.50" for 2250 basis points.
std::string Percent(int64_t basis_points) {
  const int64_t rest = basis_points % 100;
  return absl::StrCat(basis_points / 100, ".", rest < 10 ? "0" : "", rest);
}

const Interval* FindInterval(const std::vector<Interval>& intervals, Fen rd) {
  for (const Interval& interval : intervals) {
    if (rd >= interval.lo && (!interval.hi || rd < *interval.hi)) return &interval;
  }
  return nullptr;
}

std::string IntervalText(const Interval& interval) {
  return absl::StrCat("[", FormatWan(interval.lo), ", ",
                      interval.hi ? FormatWan(*interval.hi) : "∞", ")");
}

std::map<std::string, int64_t> IntervalNumbers(const Interval& interval) {
  return {{"lo_fen", interval.lo.value()},
          {"hi_fen", interval.hi ? interval.hi->value() : kNoUpperBound}};
}

// What a method gives before the envelope, with the numbers it used.
struct MethodResult {
  Fen amount;
  std::string zh = "不在任何区间内，不予补助";
  std::string en = "in no interval: nothing";
  std::map<std::string, int64_t> numbers;
};

MethodResult Fixed(const Interval& interval) {
  MethodResult result{.amount = interval.sum, .numbers = IntervalNumbers(interval)};
  result.numbers["sum_fen"] = interval.sum.value();
  result.zh = absl::StrCat("研发投入在区间", IntervalText(interval), "万元内，定额",
                           FormatWan(interval.sum), "万元");
  result.en = absl::StrCat("R&D in ", IntervalText(interval), " (万元): the fixed sum ",
                           FormatWan(interval.sum));
  return result;
}

absl::StatusOr<MethodResult> Rate(Fen rd, const Interval& interval) {
  MethodResult result{.numbers = IntervalNumbers(interval)};
  ASSIGN_OR_RETURN(result.amount, MultiplyDown(rd, interval.rate_bp, kBasisPoints));
  result.numbers["rate_bp"] = interval.rate_bp;
  result.zh = absl::StrCat("研发投入在区间", IntervalText(interval), "万元内，按",
                           Percent(interval.rate_bp), "%计");
  result.en = absl::StrCat("R&D in ", IntervalText(interval),
                           " (万元): ", Percent(interval.rate_bp), " % of it");
  return result;
}

absl::StatusOr<MethodResult> Marginal(Fen rd, const std::vector<Interval>& slices) {
  MethodResult result;
  __int128 basis_point_fen = 0;  // one division at the end: nothing is lost between slices
  std::string shown;
  int used = 0;
  for (const Interval& slice : slices) {
    if (rd <= slice.lo) continue;
    const Fen top = slice.hi ? std::min(rd, *slice.hi) : rd;
    basis_point_fen += static_cast<__int128>(top.value() - slice.lo.value()) * slice.rate_bp;
    absl::StrAppend(&shown, shown.empty() ? "" : " + ",
                    FormatWan(Fen(top.value() - slice.lo.value())), "×", Percent(slice.rate_bp),
                    "%");
    const std::string name = absl::StrCat("slice", used++, "_");
    result.numbers[name + "width_fen"] = top.value() - slice.lo.value();
    result.numbers[name + "rate_bp"] = slice.rate_bp;
  }
  const __int128 amount = basis_point_fen / kBasisPoints;
  if (amount > INT64_MAX) return Refuse(Reason::kAmountTooLarge);
  result.amount = Fen(static_cast<int64_t>(amount));
  result.numbers["slices"] = used;
  result.zh = "分段累计：" + (shown.empty() ? "0" : shown);
  result.en = "slice by slice: " + (shown.empty() ? "0" : shown);
  return result;
}

absl::StatusOr<MethodResult> ByGrade(Fen rd, std::string_view grade,
                                     const std::vector<GradeRate>& rates) {
  for (const GradeRate& row : rates) {
    if (row.grade != grade) continue;
    MethodResult result{.numbers = {{"rate_bp", row.rate_bp}}};
    ASSIGN_OR_RETURN(result.amount, MultiplyDown(rd, row.rate_bp, kBasisPoints));
    result.zh = absl::StrCat("等级", row.grade, "，按", Percent(row.rate_bp), "%计");
    result.en = absl::StrCat("grade ", row.grade, ": ", Percent(row.rate_bp), " % of the R&D");
    return result;
  }
  return MethodResult{.zh = "该等级没有补助比例，不予补助",
                      .en = "no rate for this grade: nothing"};
}

absl::StatusOr<MethodResult> ByScore(Fen rd, int64_t score, const ScoreRate& line) {
  if (score < line.from_hundredths) {
    return MethodResult{.zh = "得分低于起补分，不予补助",
                        .en = "score below the first that is paid"};
  }
  // rate = from_bp + (score − from) × (to_bp − from_bp) ÷ (to − from), kept as a fraction.
  const int64_t width = line.to_hundredths - line.from_hundredths;
  const int64_t over = std::min(score, line.to_hundredths) - line.from_hundredths;
  const int64_t numerator = line.from_bp * width + over * (line.to_bp - line.from_bp);
  MethodResult result{.numbers = {{"rate_numerator_bp", numerator}, {"rate_denominator", width}}};
  ASSIGN_OR_RETURN(result.amount, MultiplyDown(rd, numerator, kBasisPoints * width));
  result.zh = absl::StrCat("得分", Percent(score), "，按", Percent(numerator / width), "%计");
  result.en =
      absl::StrCat("score ", Percent(score), ": ", Percent(numerator / width), " % of the R&D");
  return result;
}

absl::StatusOr<MethodResult> FromMatrix(Fen rd, std::string_view grade,
                                        const std::vector<MatrixRow>& matrix) {
  for (const MatrixRow& row : matrix) {
    if (row.grade != grade) continue;
    const Interval* cell = FindInterval(row.intervals, rd);
    if (cell == nullptr) return MethodResult{};
    if (cell->sum > Fen()) return Fixed(*cell);
    return Rate(rd, *cell);
  }
  return MethodResult{.zh = "该等级没有补助标准，不予补助", .en = "no row for this grade: nothing"};
}

absl::StatusOr<MethodResult> ApplyMethod(const SubsidyInput& input, const SubsidyRules& rules) {
  const Fen rd = input.verified_rd;
  switch (rules.method) {
    case Method::kFixedByInterval: {
      const Interval* interval = FindInterval(rules.fixed, rd);
      return interval == nullptr ? MethodResult{} : Fixed(*interval);
    }
    case Method::kRateByInterval: {
      const Interval* interval = FindInterval(rules.rates, rd);
      if (interval == nullptr) return MethodResult{};
      return Rate(rd, *interval);
    }
    case Method::kMarginal:
      return Marginal(rd, rules.slices);
    case Method::kRateByGrade:
      return ByGrade(rd, input.grade, rules.grade_rates);
    case Method::kRateByScore:
      return ByScore(rd, input.score_hundredths, rules.score_rate);
    case Method::kMatrix:
      return FromMatrix(rd, input.grade, rules.matrix);
  }
  return Refuse(Reason::kInternal);
}

// Builds the trace, keeping the amount that the next step starts from.
class LineBuilder {
 public:
  explicit LineBuilder(const SubsidyInput& input) { line_.id = input.id; }

  void Step(std::string_view rule, const std::string& clause, std::string zh, std::string en,
            Fen amount, std::map<std::string, int64_t> numbers) {
    line_.computed = line_.amount = amount;
    line_.trace.push_back({.rule = std::string(rule),
                           .clause = clause,
                           .text_zh = std::move(zh),
                           .text_en = std::move(en),
                           .amount = amount,
                           .numbers = std::move(numbers)});
  }
  Fen amount() const { return line_.amount; }
  SubsidyLine Take() { return std::move(line_); }

 private:
  SubsidyLine line_;
};

}  // namespace

std::string_view WordOf(Method method) { return kMethodWords[static_cast<size_t>(method)]; }
std::optional<Method> MethodOf(std::string_view word) {
  return FindWord<Method>(kMethodWords, word);
}
std::string_view WordOf(BudgetPolicy policy) { return kPolicyWords[static_cast<size_t>(policy)]; }
std::optional<BudgetPolicy> BudgetPolicyOf(std::string_view word) {
  return FindWord<BudgetPolicy>(kPolicyWords, word);
}

absl::StatusOr<SubsidyLine> ComputeLine(const SubsidyInput& input, const SubsidyRules& rules) {
  const Fen rd = input.verified_rd;
  if (rd < Fen()) return Refuse(Reason::kAmountNegative);
  LineBuilder line(input);

  // Q7, Q8, Q9: the lead's verified R&D of the year evaluated.
  line.Step(kStepInput, "Q7",
            absl::StrCat("核定研发投入", FormatWan(rd), "万元，等级", input.grade, "，得分",
                         Percent(input.score_hundredths), "，依据文件", input.evidence_digest),
            absl::StrCat("verified R&D ", FormatWan(rd), " (万元), grade ", input.grade, ", score ",
                         Percent(input.score_hundredths), ", evidence ", input.evidence_digest),
            Fen(), {{"verified_rd_fen", rd.value()}, {"score_hundredths", input.score_hundredths}});

  // Article 9, 择优 (Q11).
  const bool paid = rules.paid_grades.empty() ||
                    std::find(rules.paid_grades.begin(), rules.paid_grades.end(), input.grade) !=
                        rules.paid_grades.end();
  line.Step(kStepGate, rules.gate_clause,
            paid ? "等级在补助范围内" : "等级不在补助范围内，不予补助",
            paid ? "the grade is paid" : "the grade is not paid", Fen(), {{"paid", paid ? 1 : 0}});
  if (!paid) return line.Take();

  ASSIGN_OR_RETURN(MethodResult method, ApplyMethod(input, rules));
  method.numbers["method"] = static_cast<int64_t>(rules.method);
  line.Step(kStepMethod, rules.method_clause, method.zh, method.en, method.amount, method.numbers);
  if (method.amount == Fen()) return line.Take();  // nothing stays nothing: no floor

  // kept inside 10 %–30 % of the R&D.
  ASSIGN_OR_RETURN(const Fen floor, MultiplyDown(rd, rules.floor_bp, kBasisPoints));
  ASSIGN_OR_RETURN(const Fen ceiling, MultiplyDown(rd, rules.ceiling_bp, kBasisPoints));
  const Fen inside = std::clamp(line.amount(), floor, std::max(floor, ceiling));
  line.Step(kStepEnvelope, rules.envelope_clause,
            absl::StrCat("研发投入的", Percent(rules.floor_bp), "%至", Percent(rules.ceiling_bp),
                         "%，即", FormatWan(floor), "至", FormatWan(ceiling), "万元"),
            absl::StrCat(Percent(rules.floor_bp), " % to ", Percent(rules.ceiling_bp),
                         " % of the R&D: ", FormatWan(floor), " to ", FormatWan(ceiling)),
            inside, {{"floor_bp", rules.floor_bp}, {"ceiling_bp", rules.ceiling_bp}});

  // at most 500,000 yuan; the cap beats the floor (Q13).
  line.Step(kStepCap, rules.cap_clause, absl::StrCat("最高", FormatWan(rules.cap), "万元"),
            absl::StrCat("at most ", FormatWan(rules.cap)), std::min(line.amount(), rules.cap),
            {{"cap_fen", rules.cap.value()}});

  line.Step(kStepRounding, rules.rounding_clause,
            absl::StrCat("向下取整至", FormatWan(rules.unit), "万元"),
            absl::StrCat("down to a whole ", FormatWan(rules.unit)),
            RoundDown(line.amount(), rules.unit), {{"unit_fen", rules.unit.value()}});
  return line.Take();
}

}  // namespace alliance::domain
