// The post-subsidy of one alliance and the rationing of a year (articles 9 and 10, R-100 … R-106).
//
//   amount = method(verified R&D of the lead, grade or score)
//            kept inside [10 %, 30 %] of that R&D, at most 500,000 yuan, rounded down to 0.01 万元,
//            then the budget step (年度财力).
//
// An amount of 0 from the method stays 0: below the first interval there is no floor. The cap beats
// the floor (Q13). Every line carries a trace from which it can be recomputed: RecheckLine does so
// with other arithmetic than ComputeLine. Money is fen, rates are basis points, scores hundredths,
// products are computed in 128 bits and rounded down.

#ifndef ALLIANCE_COMMON_DOMAIN_SUBSIDY_H_
#define ALLIANCE_COMMON_DOMAIN_SUBSIDY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/domain/money.h"

namespace alliance::domain {

enum class Method {
  kFixedByInterval,
  kRateByInterval,
  kMarginal,
  kRateByGrade,
  kRateByScore,
  kMatrix,
};
std::string_view WordOf(Method method);  // "FIXED_BY_INTERVAL"
std::optional<Method> MethodOf(std::string_view word);

// R&D in [lo, hi) gives one fixed sum, or a rate on the base. No `hi`: everything from `lo` on.
struct Interval {
  Fen lo;
  std::optional<Fen> hi;
  Fen sum;
  int64_t rate_bp = 0;
};

struct GradeRate {
  std::string grade;
  int64_t rate_bp = 0;
};

// A straight line between two points; below `from_hundredths` nothing, above `to_hundredths` to_bp.
struct ScoreRate {
  int64_t from_hundredths = 0;
  int64_t from_bp = 0;
  int64_t to_hundredths = 0;
  int64_t to_bp = 0;
};

struct MatrixRow {
  std::string grade;
  std::vector<Interval> intervals;  // a cell with a sum above 0 gives it, else its rate
};

enum class BudgetPolicy { kNone, kRankCutoff, kProRata, kGradePriority, kLowerCap };
std::string_view WordOf(BudgetPolicy policy);  // "RANK_CUTOFF"
std::optional<BudgetPolicy> BudgetPolicyOf(std::string_view word);

struct SubsidyRules {
  Method method = Method::kFixedByInterval;
  std::vector<Interval> fixed;
  std::vector<Interval> rates;
  std::vector<Interval> slices;
  std::vector<GradeRate> grade_rates;  // best first
  ScoreRate score_rate;
  std::vector<MatrixRow> matrix;  // best grade first
  int64_t floor_bp = 1'000;       // 10 %
  int64_t ceiling_bp = 3'000;     // 30 %
  Fen cap = Fen(50 * kFenPerWan);
  Fen unit = Fen(kFenPerHundredthWan);
  std::vector<std::string> paid_grades;  // best first; empty: every grade (择优, Q11)
  // All grades, best first, to check the names in the tables against; empty: paid_grades give the
  // order and names are not checked here.
  std::vector<std::string> grades;
  std::vector<BudgetPolicy> policies;
  std::string method_clause = "实施细则第十条";
  std::string envelope_clause = "实施细则第十条";
  std::string cap_clause = "实施细则第十条";
  std::string gate_clause = "实施细则第九条";
  std::string budget_clause = "实施细则第十条";
  std::string rounding_clause = "Q12";
};

struct SubsidyInput {
  std::string id;               // of the case
  std::string registry_number;  // last of the tie-breakers
  Fen verified_rd;              // 核定数 of the lead, year of the evaluation (Q8, Q9)
  std::string evidence_digest;  // of the document it comes from
  std::string grade;
  int64_t score_hundredths = 0;
  absl::Time first_receipt;
};

inline constexpr std::string_view kStepInput = "input";
inline constexpr std::string_view kStepGate = "grade_gate";
inline constexpr std::string_view kStepMethod = "method";
inline constexpr std::string_view kStepEnvelope = "envelope";
inline constexpr std::string_view kStepCap = "cap";
inline constexpr std::string_view kStepRounding = "rounding";
inline constexpr std::string_view kStepBudget = "budget";

struct TraceStep {
  std::string rule;  // kStepInput … below, in that order; budget once per policy that was applied
  std::string clause;
  std::string text_zh;
  std::string text_en;
  Fen amount;                              // after the step
  std::map<std::string, int64_t> numbers;  // what the step used: "rate_bp", "lo_fen", …

  friend bool operator==(const TraceStep&, const TraceStep&) = default;
};

struct SubsidyLine {
  std::string id;
  Fen computed;              // before the budget step
  Fen amount;                // after it
  bool below_floor = false;  // rationed below 10 % of the R&D: needs a named approval (Q14)
  std::vector<TraceStep> trace;
};

// Before a pack is activated: errors refuse it, warnings ask. Every table that is given must hold,
// the chosen method's must be given; warnings are about the chosen method. An error names its row
// first: "fixed[2]: …", "matrix[1].intervals[0]: …".
struct RuleFindings {
  std::vector<std::string> errors;
  std::vector<std::string> warnings;
};
RuleFindings CheckSubsidyRules(const SubsidyRules& rules);

// One line without the budget step: computed and amount are equal. Refuses a negative R&D.
absl::StatusOr<SubsidyLine> ComputeLine(const SubsidyInput& input, const SubsidyRules& rules);

struct SubsidyRun {
  std::vector<SubsidyLine> lines;  // in the order of the inputs
  Fen total;
  bool over_budget = false;  // no policy brought it down: the run cannot be frozen
};

// All lines and the budget step. Policies are applied in order while the total is above the budget.
//   NONE            nothing
//   RANK_CUTOFF     score order; the first line that no longer fits and all after it get nothing
//   PRO_RATA        everybody the same share by largest remainder; the sum is the budget exactly
//   GRADE_PRIORITY  best grade first; the first grade that no longer fits shares what is left pro
//   rata LOWER_CAP       the largest cap, in whole units, with which the sum fits
// Ties: score, then the earlier receipt, then the registry number.
absl::StatusOr<SubsidyRun> ComputeRun(const std::vector<SubsidyInput>& inputs,
                                      const SubsidyRules& rules,
                                      const std::vector<BudgetPolicy>& policies, Fen budget);

// The budget step alone, on amounts already computed; used by ComputeRun. `lines` and `inputs` have
// the same order.
absl::Status ApplyBudget(const std::vector<SubsidyInput>& inputs, const SubsidyRules& rules,
                         const std::vector<BudgetPolicy>& policies, Fen budget, SubsidyRun& run);

// Recomputes a line from its trace alone and says the first step that does not follow. OK when the
// line holds.
absl::Status RecheckLine(const std::vector<TraceStep>& trace);

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_SUBSIDY_H_
