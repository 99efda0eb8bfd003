// Scores, totals and grades of the annual evaluation (article 8, R-094 … R-096, reading Q10).
//
// Every number is in hundredths of a point. A total is the exact mean of the experts' totals, kept
// as a fraction; grades compare the fraction, so 89.996 is not 90 even though it is shown as 89.99.

#ifndef ALLIANCE_COMMON_DOMAIN_SCORING_H_
#define ALLIANCE_COMMON_DOMAIN_SCORING_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/domain/errors.h"

namespace alliance::domain {

struct ScoreItem {
  std::string name;
  int64_t max_hundredths = 0;
};

struct ScoreHead {
  std::string name;  // 建设方向, 运行机制, 创新成效, 组织活动 (R-095; the list is open)
  std::vector<ScoreItem> items;
};

struct Grade {
  std::string name;     // 优秀
  std::string name_en;  // excellent
  int64_t min_hundredths = 0;
};

struct Veto {
  std::string id;  // "V2"
  std::string when;
  std::string grade;
};

struct ScoringRules {
  std::vector<ScoreHead> heads;
  std::vector<Grade> grades;  // best first; the last begins at 0
  std::vector<Veto> vetoes;
  int64_t full_hundredths = 10'000;
  int64_t min_experts = 3;
  int64_t outlier_hundredths = 1'500;  // further from the mean than this: ask
};

// All items in the pack's order: the order of a score's numbers.
std::vector<ScoreItem> ItemsOf(const ScoringRules& rules);

// One expert's numbers: as many as items, each in [0, max]. SCORE_OUT_OF_RANGE with a problem at
// "<field>.item_hundredths[i]" for each that is not.
absl::Status CheckScore(const std::vector<int64_t>& item_hundredths, const ScoringRules& rules,
                        std::string_view field = "score");

// The sum of an expert's items. Call CheckScore first.
int64_t TotalOf(const std::vector<int64_t>& item_hundredths);

struct Evaluation {
  int64_t sum_hundredths = 0;    // of the experts' totals
  int64_t experts = 0;           // total = sum ÷ experts, exactly
  int64_t total_hundredths = 0;  // the same rounded down, for display and ranking
  std::string grade;
  std::string veto;              // id of the veto that set the grade, or ""
  std::vector<size_t> outliers;  // indexes of totals that lie far from the mean
};

// Refuses with SCORES_INCOMPLETE when there are fewer than min_experts totals, unless a veto
// decides. `vetoes` are the ids that apply, for example "V2" after a missed report.
absl::StatusOr<Evaluation> Evaluate(const std::vector<int64_t>& expert_totals,
                                    const std::vector<std::string>& vetoes,
                                    const ScoringRules& rules);

// The grade of the exact total sum ÷ count; count ≥ 1.
std::string_view GradeOf(int64_t sum_hundredths, int64_t count, const ScoringRules& rules);

// 0 for the best grade; -1 when the rules do not know it.
int GradeRank(std::string_view grade, const ScoringRules& rules);

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_SCORING_H_
