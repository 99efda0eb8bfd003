#include <vector>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/scoring.h"
#include "common/domain/subsidy.h"
#include "services/ctl/commands.h"
#include "services/ctl/rule_packs.h"

namespace alliance::ctl {
namespace {

constexpr std::string_view kDefaultPack = "2023";
constexpr std::string_view kGradeGate = "grade_gate";  // a step that is not taken here

bool NeedsGrade(domain::Method method) {
  return method == domain::Method::kRateByGrade || method == domain::Method::kMatrix;
}

// The grade as the pack names it; its English name is accepted too.
absl::StatusOr<std::string> ParseGrade(std::string_view text, const domain::ScoringRules& rules) {
  std::string known;
  for (const domain::Grade& grade : rules.grades) {
    if (text == grade.name || text == grade.name_en) return grade.name;
    base::StrAppend(&known, known.empty() ? "" : ", ", grade.name);
  }
  return WrongValue("--grade", base::StrCat("须为规则包中的等级：", known, "。"),
                    base::StrCat("must be a grade of the pack: ", known, "."));
}

absl::StatusOr<domain::Method> ParseMethod(std::string_view text) {
  if (const auto method = domain::MethodOf(text); method.has_value()) return *method;
  constexpr std::string_view kKnown =
      "FIXED_BY_INTERVAL, RATE_BY_INTERVAL, MARGINAL, RATE_BY_GRADE, RATE_BY_SCORE, MATRIX";
  return WrongValue("--method", base::StrCat("须为 ", kKnown, " 之一。"),
                    base::StrCat("must be one of ", kKnown, "."));
}

// "85.5" to 8550.
absl::StatusOr<int64_t> ParseScore(std::string_view text, const domain::ScoringRules& rules) {
  // Points have the shape of yuan: two decimals, none negative.
  const absl::StatusOr<domain::Fen> hundredths =
      domain::ParseYuan(text, domain::Sign::kNotNegative);
  if (!hundredths.ok() || hundredths->value() > rules.full_hundredths) {
    const std::string full = std::to_string(rules.full_hundredths / 100);
    return WrongValue("--score", base::StrCat("须为 0 至 ", full, "，最多两位小数。"),
                      base::StrCat("must be 0 to ", full, " with at most two decimals."));
  }
  return hundredths->value();
}

Json JsonOf(const domain::TraceStep& step) {
  std::vector<Json::Member> numbers;
  for (const auto& [name, value] : step.numbers) numbers.emplace_back(name, value);
  return Json::Object({{"rule", step.rule},
                       {"clause", step.clause},
                       {"text_zh", step.text_zh},
                       {"text_en", step.text_en},
                       {"amount_fen", step.amount.value()},
                       {"numbers", Json::Object(numbers)}});
}

}  // namespace

absl::StatusOr<int> Quote(const Arguments& arguments, const Context& context) {
  if (!arguments.Has("--rd")) return WrongUse("--rd is missing");
  ASSIGN_OR_RETURN(const rules::Pack pack,
                   FindPack(arguments.Get("--pack").value_or(kDefaultPack)));
  domain::SubsidyRules rules = pack.subsidy_rules();
  rules.paid_grades.clear();  // 择优 is not asked here, nor the budget
  if (arguments.Has("--method")) {
    ASSIGN_OR_RETURN(rules.method, ParseMethod(*arguments.Get("--method")));
  }
  domain::SubsidyInput input{.id = "quote"};
  ASSIGN_OR_RETURN(input.verified_rd,
                   domain::ParseWan(*arguments.Get("--rd"), domain::Sign::kNotNegative));
  if (arguments.Has("--grade")) {
    ASSIGN_OR_RETURN(input.grade, ParseGrade(*arguments.Get("--grade"), pack.scoring_rules()));
  } else if (NeedsGrade(rules.method)) {
    return WrongUse(base::StrCat(domain::WordOf(rules.method), " needs --grade"));
  }
  if (arguments.Has("--score")) {
    ASSIGN_OR_RETURN(input.score_hundredths,
                     ParseScore(*arguments.Get("--score"), pack.scoring_rules()));
  } else if (rules.method == domain::Method::kRateByScore) {
    return WrongUse("RATE_BY_SCORE needs --score");
  }
  ASSIGN_OR_RETURN(const domain::SubsidyLine line, domain::ComputeLine(input, rules));
  std::vector<Json> trace;
  for (const domain::TraceStep& step : line.trace) {
    if (step.rule != kGradeGate) trace.push_back(JsonOf(step));
  }
  context.Print(Json::Object({{"amount_wan", domain::FormatWan(line.computed)},
                              {"amount_fen", line.computed.value()},
                              {"trace", Json::Array(trace)}}));
  return 0;
}

}  // namespace alliance::ctl
