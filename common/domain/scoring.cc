#include "common/domain/scoring.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "common/base/str.h"
#include "common/domain/problem.h"

namespace alliance::domain {

using base::Absl;

std::vector<ScoreItem> ItemsOf(const ScoringRules& rules) {
  std::vector<ScoreItem> items;
  for (const ScoreHead& head : rules.heads) {
    items.insert(items.end(), head.items.begin(), head.items.end());
  }
  return items;
}

absl::Status CheckScore(const std::vector<int64_t>& item_hundredths, const ScoringRules& rules,
                        std::string_view field) {
  const std::vector<ScoreItem> items = ItemsOf(rules);
  const std::string path = absl::StrCat(Absl(field), ".item_hundredths");
  if (item_hundredths.size() != items.size()) {
    return Refuse(Reason::kScoreOutOfRange, {},
                  {MakeProblem(Problem::kScoreItems, path,
                               {{"got", absl::StrCat(item_hundredths.size())},
                                {"needed", absl::StrCat(items.size())}})});
  }
  std::vector<FieldProblem> problems;
  for (size_t i = 0; i < items.size(); ++i) {
    if (item_hundredths[i] >= 0 && item_hundredths[i] <= items[i].max_hundredths) continue;
    problems.push_back(MakeProblem(Problem::kScoreRange, absl::StrCat(path, "[", i, "]"),
                                   {{"max", absl::StrCat(items[i].max_hundredths)}}));
  }
  if (problems.empty()) return absl::OkStatus();
  return Refuse(Reason::kScoreOutOfRange, {}, std::move(problems));
}

int64_t TotalOf(const std::vector<int64_t>& item_hundredths) {
  int64_t total = 0;
  for (int64_t hundredths : item_hundredths) total += hundredths;
  return total;
}

std::string_view GradeOf(int64_t sum_hundredths, int64_t count, const ScoringRules& rules) {
  // sum ÷ count ≥ min without dividing: compared before rounding (Q10).
  for (const Grade& grade : rules.grades) {
    if (sum_hundredths >= grade.min_hundredths * count) return grade.name;
  }
  return "";
}

int GradeRank(std::string_view grade, const ScoringRules& rules) {
  for (size_t i = 0; i < rules.grades.size(); ++i) {
    if (rules.grades[i].name == grade) return static_cast<int>(i);
  }
  return -1;
}

absl::StatusOr<Evaluation> Evaluate(const std::vector<int64_t>& expert_totals,
                                    const std::vector<std::string>& vetoes,
                                    const ScoringRules& rules) {
  Evaluation result;
  result.experts = static_cast<int64_t>(expert_totals.size());
  for (int64_t total : expert_totals) {
    if (total < 0 || total > rules.full_hundredths) return Refuse(Reason::kScoreOutOfRange);
    result.sum_hundredths += total;
  }
  if (result.experts > 0) {
    result.total_hundredths = result.sum_hundredths / result.experts;
    result.grade = GradeOf(result.sum_hundredths, result.experts, rules);
  }
  for (size_t i = 0; i < expert_totals.size(); ++i) {
    const int64_t apart = expert_totals[i] * result.experts - result.sum_hundredths;
    if (std::abs(apart) > rules.outlier_hundredths * result.experts) result.outliers.push_back(i);
  }
  // The worst veto decides; it can only lower the grade.
  for (const Veto& veto : rules.vetoes) {
    if (std::find(vetoes.begin(), vetoes.end(), veto.id) == vetoes.end()) continue;
    if (GradeRank(veto.grade, rules) >= GradeRank(result.grade, rules)) {
      result.grade = veto.grade;
      result.veto = veto.id;
    }
  }
  if (result.experts < rules.min_experts && result.veto.empty()) {
    return Refuse(Reason::kScoresIncomplete, {{"got", absl::StrCat(result.experts)},
                                              {"needed", absl::StrCat(rules.min_experts)}});
  }
  return result;
}

}  // namespace alliance::domain
