// What a pack's subsidy tables must satisfy before anybody is paid by them (reading Q12).

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/domain/subsidy.h"

namespace alliance::domain {
namespace {

class RuleChecker {
 public:
  explicit RuleChecker(const SubsidyRules& rules) : rules_(rules) {}

  RuleFindings Run() {
    Envelope();
    if (!findings_.errors.empty()) return std::move(findings_);
    // A trial run may try any method, so every table must hold; the chosen one must be there.
    if (Wanted(Method::kFixedByInterval, rules_.fixed) && Contiguous(rules_.fixed, "fixed")) {
      Sums(rules_.fixed, "fixed");
    }
    if (Wanted(Method::kRateByInterval, rules_.rates) && Contiguous(rules_.rates, "rates")) {
      RatesByInterval();
    }
    if (Wanted(Method::kMarginal, rules_.slices) && Contiguous(rules_.slices, "slices")) Slices();
    if (Wanted(Method::kRateByGrade, rules_.grade_rates)) GradeRates();
    if (rules_.method == Method::kRateByScore || rules_.score_rate.to_hundredths != 0) ScoreLine();
    if (Wanted(Method::kMatrix, rules_.matrix)) Matrix();
    return std::move(findings_);
  }

 private:
  template <typename... Parts>
  void Error(const Parts&... parts) {
    findings_.errors.push_back(absl::StrCat(parts...));
  }
  template <typename... Parts>
  void Warn(const Parts&... parts) {
    findings_.warnings.push_back(absl::StrCat(parts...));
  }

  template <typename Table>
  bool Wanted(Method method, const Table& table) const {
    return rules_.method == method || !table.empty();
  }

  void Envelope() {
    if (rules_.floor_bp < 0 || rules_.floor_bp > rules_.ceiling_bp || rules_.ceiling_bp == 0 ||
        rules_.ceiling_bp > kBasisPoints) {
      Error("the envelope must satisfy 0 <= floor <= ceiling, 0 < ceiling <= 100 %");
    }
    if (rules_.unit <= Fen()) Error("the rounding unit must be above 0");
    if (rules_.cap < Fen()) Error("the cap must not be negative");
    if (rules_.unit > Fen() && rules_.cap.value() % rules_.unit.value() != 0) {
      Error("the cap must be a whole number of rounding units");
    }
    for (const std::string& grade : rules_.paid_grades) {
      if (!Known(grade)) Error("the paid grade ", grade, " is not a grade");
    }
  }

  bool Contiguous(const std::vector<Interval>& intervals, const std::string& table) {
    const size_t errors = findings_.errors.size();
    if (intervals.empty()) Error(table, ": no intervals");
    for (size_t i = 0; i < intervals.size(); ++i) {
      const Interval& interval = intervals[i];
      const bool last = i + 1 == intervals.size();
      if (interval.lo < Fen()) Error(table, "[", i, "]: negative");
      if (interval.hi && *interval.hi <= interval.lo) Error(table, "[", i, "]: empty interval");
      if (!last && interval.hi != intervals[i + 1].lo) {
        Error(table, "[", i, "]: does not end where the next begins");
      }
      if (last && interval.hi) Error(table, "[", i, "]: the last interval must have no end");
    }
    return findings_.errors.size() == errors;
  }

  // amount ≤ rate × rd and amount ≥ rate × rd, without division.
  static bool AtMost(Fen amount, int64_t rate_bp, Fen rd) {
    return static_cast<__int128>(amount.value()) * kBasisPoints <=
           static_cast<__int128>(rd.value()) * rate_bp;
  }
  static bool AtLeast(Fen amount, int64_t rate_bp, Fen rd) {
    return static_cast<__int128>(amount.value()) * kBasisPoints >=
           static_cast<__int128>(rd.value()) * rate_bp;
  }

  // a fixed sum must lie in 10 %–30 % of every R&D in its interval, or be the cap.
  void Sum(const Interval& interval, const std::string& where) {
    if (interval.sum < Fen()) Error(where, ": negative sum");
    if (interval.sum > rules_.cap) Error(where, ": the sum is above the cap");
    if (!AtMost(interval.sum, rules_.ceiling_bp, interval.lo)) {
      Error(where, ": the sum is above the ceiling at the low end of its interval");
    }
    const bool above_floor = interval.hi && AtLeast(interval.sum, rules_.floor_bp, *interval.hi);
    if (!above_floor && interval.sum != rules_.cap) {
      Error(where, ": the sum is below the floor at the high end of its interval");
    }
  }

  void Sums(const std::vector<Interval>& intervals, const std::string& table) {
    for (size_t i = 0; i < intervals.size(); ++i) {
      Sum(intervals[i], absl::StrCat(table, "[", i, "]"));
      if (i > 0 && intervals[i].sum < intervals[i - 1].sum) {
        Error(table, "[", i, "]: less than the interval before");
      }
    }
  }

  void RateInside(int64_t rate_bp, const std::string& where) {
    if (rate_bp < rules_.floor_bp || rate_bp > rules_.ceiling_bp) {
      Error(where, ": the rate is outside the envelope");
    }
  }

  void RatesByInterval() {
    for (size_t i = 0; i < rules_.rates.size(); ++i) {
      const Interval& interval = rules_.rates[i];
      RateInside(interval.rate_bp, absl::StrCat("rates[", i, "]"));
      if (i == 0 || rules_.method != Method::kRateByInterval) continue;
      const Fen before = CellAmount(rules_.rates[i - 1], Fen(interval.lo.value() - 1));
      const Fen at = CellAmount(interval, interval.lo);
      if (at < before) {
        Warn("rates[", i, "]: a cliff: ", FormatWan(before), " just below ", FormatWan(interval.lo),
             " but ", FormatWan(at), " at it");
      }
    }
  }

  void Slices() {
    if (rules_.slices.front().lo != Fen()) Error("slices[0]: must begin at 0");
    for (size_t i = 0; i < rules_.slices.size(); ++i) {
      // More R&D never gives less.
      if (rules_.slices[i].rate_bp < 0 || rules_.slices[i].rate_bp > kBasisPoints) {
        Error("slices[", i, "]: the rate must be between 0 and 100 %");
      }
    }
  }

  void GradeRates() {
    if (rules_.grade_rates.empty()) Error("grade_rates: empty");
    for (size_t i = 0; i < rules_.grade_rates.size(); ++i) {
      const GradeRate& row = rules_.grade_rates[i];
      const std::string where = absl::StrCat("grade_rates[", i, "]");
      KnownGrade(row.grade, where);
      if (row.rate_bp != 0) RateInside(row.rate_bp, where);
      if (i > 0 && row.rate_bp > rules_.grade_rates[i - 1].rate_bp) {
        Error(where, ": more than the better grade before");
      }
    }
    EveryPaidGradeHas([&](const std::string& grade) {
      return std::any_of(rules_.grade_rates.begin(), rules_.grade_rates.end(),
                         [&](const GradeRate& row) { return row.grade == grade; });
    });
  }

  void ScoreLine() {
    const ScoreRate& line = rules_.score_rate;
    if (line.from_hundredths < 0 || line.from_hundredths >= line.to_hundredths) {
      Error("score_rate: must go from a lower to a higher score");
    }
    if (line.from_bp > line.to_bp) Error("score_rate: a better score must not give less");
    RateInside(line.from_bp, "score_rate.from");
    RateInside(line.to_bp, "score_rate.to");
  }

  void Matrix() {
    if (rules_.matrix.empty()) Error("matrix: empty");
    std::set<int64_t> points = {1'000'000 * kFenPerWan};
    for (size_t r = 0; r < rules_.matrix.size(); ++r) {
      const MatrixRow& row = rules_.matrix[r];
      const std::string where = absl::StrCat("matrix[", r, "]");
      KnownGrade(row.grade, where);
      if (!Contiguous(row.intervals, where)) return;
      for (size_t i = 0; i < row.intervals.size(); ++i) {
        const Interval& cell = row.intervals[i];
        const std::string cell_where = absl::StrCat(where, ".intervals[", i, "]");
        if (cell.sum > Fen() && cell.rate_bp > 0) Error(cell_where, ": a sum and a rate");
        if (cell.sum > Fen()) Sum(cell, cell_where);
        if (cell.sum == Fen() && cell.rate_bp != 0) RateInside(cell.rate_bp, cell_where);
        points.insert({cell.lo.value(), std::max<int64_t>(0, cell.lo.value() - 1)});
      }
    }
    EveryPaidGradeHas([&](const std::string& grade) {
      return std::any_of(rules_.matrix.begin(), rules_.matrix.end(),
                         [&](const MatrixRow& row) { return row.grade == grade; });
    });
    Monotone(points);
  }

  // Cells are flat or rise, so it is enough to look at both sides of every boundary.
  void Monotone(const std::set<int64_t>& points) {
    for (size_t r = 0; r < rules_.matrix.size(); ++r) {
      Fen last;
      for (int64_t point : points) {
        const Fen amount = RowAmount(rules_.matrix[r], Fen(point));
        const std::string where =
            absl::StrCat("matrix[", r, "] at ", FormatWan(Fen(point)), " 万元");
        if (amount < last) Error(where, ": less than with less R&D");
        last = amount;
        if (r > 0 && amount > RowAmount(rules_.matrix[r - 1], Fen(point))) {
          Error(where, ": more than the better grade");
        }
      }
    }
  }

  Fen RowAmount(const MatrixRow& row, Fen rd) const {
    for (const Interval& cell : row.intervals) {
      if (rd >= cell.lo && (!cell.hi || rd < *cell.hi)) return CellAmount(cell, rd);
    }
    return Fen();
  }

  Fen CellAmount(const Interval& cell, Fen rd) const {
    const __int128 amount = cell.sum > Fen()
                                ? cell.sum.value()
                                : static_cast<__int128>(rd.value()) * cell.rate_bp / kBasisPoints;
    return Fen(static_cast<int64_t>(std::min<__int128>(amount, rules_.cap.value())));
  }

  bool Known(const std::string& grade) const {
    return rules_.grades.empty() ||
           std::find(rules_.grades.begin(), rules_.grades.end(), grade) != rules_.grades.end();
  }

  void KnownGrade(const std::string& grade, const std::string& where) {
    if (!Known(grade)) Error(where, ": ", grade, " is not a grade");
  }

  template <typename Has>
  void EveryPaidGradeHas(const Has& has) {
    for (const std::string& grade : rules_.paid_grades) {
      if (!has(grade)) Error("the paid grade ", grade, " has no row");
    }
  }

  const SubsidyRules& rules_;
  RuleFindings findings_;
};

}  // namespace

RuleFindings CheckSubsidyRules(const SubsidyRules& rules) { return RuleChecker(rules).Run(); }

}  // namespace alliance::domain
