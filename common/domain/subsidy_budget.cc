// The budget step (年度财力, article 10, reading Q14): what a year's money does to the lines.

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/errors.h"
#include "common/domain/subsidy.h"

namespace alliance::domain {
namespace {

using base::Absl;

// All indexes into the run's lines.
using Order = std::vector<size_t>;

absl::StatusOr<Fen> TotalOf(const std::vector<SubsidyLine>& lines) {
  Fen total;
  for (const SubsidyLine& line : lines) {
    ASSIGN_OR_RETURN(total, Add(total, line.amount));
  }
  return total;
}

class Rationing {
 public:
  Rationing(const std::vector<SubsidyInput>& inputs, const SubsidyRules& rules, Fen budget,
            SubsidyRun& run)
      : inputs_(inputs), rules_(rules), budget_(budget), run_(run) {}

  absl::Status Apply(BudgetPolicy policy) {
    switch (policy) {
      case BudgetPolicy::kNone:
        return absl::OkStatus();
      case BudgetPolicy::kRankCutoff:
        RankCutoff();
        return absl::OkStatus();
      case BudgetPolicy::kProRata:
        ProRata(AllLines(), budget_, BudgetPolicy::kProRata);
        return absl::OkStatus();
      case BudgetPolicy::kGradePriority:
        GradePriority();
        return absl::OkStatus();
      case BudgetPolicy::kLowerCap:
        LowerCap();
        return absl::OkStatus();
    }
    return Refuse(Reason::kInternal);
  }

 private:
  Order AllLines() const {
    Order order(run_.lines.size());
    std::iota(order.begin(), order.end(), size_t{0});
    return order;
  }

  // Ties: score, then the earlier receipt, then the registry number, then the case.
  bool Before(size_t a, size_t b) const {
    const SubsidyInput& x = inputs_[a];
    const SubsidyInput& y = inputs_[b];
    if (x.score_hundredths != y.score_hundredths) return x.score_hundredths > y.score_hundredths;
    if (x.first_receipt != y.first_receipt) return x.first_receipt < y.first_receipt;
    if (x.registry_number != y.registry_number) return x.registry_number < y.registry_number;
    return x.id < y.id;
  }

  size_t GradeRankOf(size_t index) const {
    const auto& grades = rules_.grades.empty() ? rules_.paid_grades : rules_.grades;
    return std::find(grades.begin(), grades.end(), inputs_[index].grade) - grades.begin();
  }

  void Set(size_t index, BudgetPolicy policy, Fen amount, std::string zh, std::string en,
           std::map<std::string, int64_t> numbers) {
    SubsidyLine& line = run_.lines[index];
    numbers["policy"] = static_cast<int64_t>(policy);
    numbers["before_fen"] = line.amount.value();
    line.amount = amount;
    line.trace.push_back({.rule = std::string(kStepBudget),
                          .clause = rules_.budget_clause,
                          .text_zh = absl::StrCat("年度预算", FormatWan(budget_), "万元，",
                                                  Absl(WordOf(policy)), "：", zh),
                          .text_en = absl::StrCat("budget ", FormatWan(budget_), " (万元), ",
                                                  Absl(WordOf(policy)), ": ", en),
                          .amount = amount,
                          .numbers = std::move(numbers)});
  }

  void Keep(size_t index, BudgetPolicy policy) {
    Set(index, policy, run_.lines[index].amount, "全额", "in full", {{"kept", 1}});
  }

  void Drop(size_t index, BudgetPolicy policy) {
    Set(index, policy, Fen(), "预算已用完", "the money is spent", {{"kept", 0}});
  }

  // The first line that does not fit ends it: a smaller one after it must not overtake.
  void RankCutoff() {
    Order order = AllLines();
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return Before(a, b); });
    int64_t left = budget_.value();
    bool spent = false;
    for (size_t index : order) {
      const int64_t amount = run_.lines[index].amount.value();
      spent = spent || amount > left;
      if (spent) {
        Drop(index, BudgetPolicy::kRankCutoff);
      } else {
        left -= amount;
        Keep(index, BudgetPolicy::kRankCutoff);
      }
    }
  }

  // Largest remainder in whole units; in fen when the money is no whole number of units, so that
  // the sum is always exactly `money`.
  void ProRata(Order order, Fen money, BudgetPolicy policy) {
    __int128 total = 0;
    for (size_t index : order) total += run_.lines[index].amount.value();
    if (total == 0) return;
    const int64_t unit = money.value() % rules_.unit.value() == 0 ? rules_.unit.value() : 1;

    struct Share {
      size_t index;
      int64_t units;
      __int128 remainder;
    };
    std::vector<Share> shares;
    int64_t given = 0;
    for (size_t index : order) {
      const __int128 product =
          static_cast<__int128>(run_.lines[index].amount.value()) * money.value();
      const __int128 divisor = total * unit;
      const auto units = static_cast<int64_t>(product / divisor);
      shares.push_back({index, units, product % divisor});
      given += units;
    }
    std::sort(shares.begin(), shares.end(), [&](const Share& a, const Share& b) {
      return a.remainder != b.remainder ? a.remainder > b.remainder : Before(a.index, b.index);
    });
    int64_t left = money.value() / unit - given;
    for (const Share& share : shares) {
      const int64_t extra = left > 0 ? 1 : 0;
      left -= extra;
      Set(share.index, policy, Fen((share.units + extra) * unit), "按比例分配", "pro rata",
          {{"money_fen", money.value()},
           {"total_fen", static_cast<int64_t>(total)},
           {"unit_fen", unit},
           {"extra", extra}});
    }
  }

  void GradePriority() {
    Order order = AllLines();
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return GradeRankOf(a) < GradeRankOf(b); });
    int64_t left = budget_.value();
    for (size_t first = 0; first < order.size();) {
      size_t last = first;
      __int128 wanted = 0;
      Order grade;
      for (; last < order.size() && GradeRankOf(order[last]) == GradeRankOf(order[first]); ++last) {
        wanted += run_.lines[order[last]].amount.value();
        grade.push_back(order[last]);
      }
      first = last;
      if (wanted <= left) {
        left -= static_cast<int64_t>(wanted);
        for (size_t index : grade) Keep(index, BudgetPolicy::kGradePriority);
      } else if (left > 0) {
        ProRata(grade, Fen(left), BudgetPolicy::kGradePriority);
        left = 0;
      } else {
        for (size_t index : grade) Drop(index, BudgetPolicy::kGradePriority);
      }
    }
  }

  // The sum grows with the cap, so the largest that fits is found by halving.
  void LowerCap() {
    const auto sum_under = [&](int64_t cap) {
      __int128 sum = 0;
      for (const SubsidyLine& line : run_.lines) sum += std::min(line.amount.value(), cap);
      return sum;
    };
    const int64_t unit = rules_.unit.value();
    int64_t fits = 0;
    int64_t exceeds = rules_.cap.value() / unit + 1;  // in units; the sum is above the budget there
    while (exceeds - fits > 1) {
      const int64_t middle = fits + (exceeds - fits) / 2;
      (sum_under(middle * unit) <= budget_.value() ? fits : exceeds) = middle;
    }
    const Fen cap(fits * unit);
    for (size_t index : AllLines()) {
      Set(index, BudgetPolicy::kLowerCap, std::min(run_.lines[index].amount, cap),
          absl::StrCat("上限降为", FormatWan(cap), "万元"),
          absl::StrCat("the cap is lowered to ", FormatWan(cap)), {{"cap_fen", cap.value()}});
    }
  }

  const std::vector<SubsidyInput>& inputs_;
  const SubsidyRules& rules_;
  const Fen budget_;
  SubsidyRun& run_;
};

}  // namespace

absl::Status ApplyBudget(const std::vector<SubsidyInput>& inputs, const SubsidyRules& rules,
                         const std::vector<BudgetPolicy>& policies, Fen budget, SubsidyRun& run) {
  if (budget < Fen()) return Refuse(Reason::kAmountNegative);
  ASSIGN_OR_RETURN(run.total, TotalOf(run.lines));
  Rationing rationing(inputs, rules, budget, run);
  for (BudgetPolicy policy : policies) {
    if (run.total <= budget) break;
    RETURN_IF_ERROR(rationing.Apply(policy));
    ASSIGN_OR_RETURN(run.total, TotalOf(run.lines));
  }
  run.over_budget = run.total > budget;

  // Q14: rationing may fall below 10 %, but then somebody signs for it by name. Rounding and the
  // cap are not rationing.
  for (SubsidyLine& line : run.lines) line.below_floor = false;
  for (size_t i = 0; i < run.lines.size(); ++i) {
    SubsidyLine& line = run.lines[i];
    if (line.amount >= line.computed) continue;
    ASSIGN_OR_RETURN(Fen floor, MultiplyDown(inputs[i].verified_rd, rules.floor_bp, 10'000));
    floor = RoundDown(std::min(floor, rules.cap), rules.unit);
    line.below_floor = line.amount < floor;
  }
  return absl::OkStatus();
}

absl::StatusOr<SubsidyRun> ComputeRun(const std::vector<SubsidyInput>& inputs,
                                      const SubsidyRules& rules,
                                      const std::vector<BudgetPolicy>& policies, Fen budget) {
  SubsidyRun run;
  run.lines.reserve(inputs.size());
  for (const SubsidyInput& input : inputs) {
    ASSIGN_OR_RETURN(SubsidyLine line, ComputeLine(input, rules));
    run.lines.push_back(std::move(line));
  }
  RETURN_IF_ERROR(ApplyBudget(inputs, rules, policies, budget, run));
  return run;
}

}  // namespace alliance::domain
