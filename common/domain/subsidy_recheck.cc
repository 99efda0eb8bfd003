// The independent checker: a line must follow from the numbers of its own trace. Where ComputeLine
// divides and rounds, this multiplies and compares, so that one mistake cannot hide in both.

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "common/domain/subsidy.h"

namespace alliance::domain {
namespace {

absl::Status Wrong(const TraceStep& step, const char* what) {
  return absl::FailedPreconditionError(absl::StrCat("step ", step.rule, ": ", what));
}

// value = floor(product ÷ divisor)
bool IsFloorOf(int64_t value, __int128 product, __int128 divisor) {
  const __int128 low = static_cast<__int128>(value) * divisor;
  return divisor > 0 && low <= product && product < low + divisor;
}

class Checker {
 public:
  explicit Checker(const std::vector<TraceStep>& trace) : trace_(trace) {}

  absl::Status Run() {
    if (trace_.empty() || trace_.front().rule != kStepInput) {
      return absl::FailedPreconditionError("the trace does not begin with the input");
    }
    rd_ = Number(trace_.front(), "verified_rd_fen");
    if (rd_ < 0) return Wrong(trace_.front(), "negative R&D");
    static constexpr std::string_view kOrder[] = {
        kStepInput, kStepGate, kStepMethod, kStepEnvelope, kStepCap, kStepRounding, kStepBudget};
    size_t last = 0;
    for (size_t i = 1; i < trace_.size(); ++i) {
      const TraceStep& step = trace_[i];
      const size_t at = std::find(std::begin(kOrder), std::end(kOrder), step.rule) - kOrder;
      const bool budget_again = at == std::size(kOrder) - 1 && at == last;
      const bool budget_after_nothing = step.rule == kStepBudget && ended_;
      if (at == std::size(kOrder) || (at != last + 1 && !budget_again && !budget_after_nothing)) {
        return Wrong(step, "out of order");
      }
      if (ended_ && step.rule != kStepBudget) return Wrong(step, "after the line ended");
      if (absl::Status status = Step(step); !status.ok()) return status;
      amount_ = step.amount.value();
      last = at;
    }
    const bool complete = last >= 5 || (ended_ && last >= 1);
    return complete ? absl::OkStatus() : Wrong(trace_.back(), "the trace stops here");
  }

 private:
  static int64_t Number(const TraceStep& step, const std::string& name) {
    const auto number = step.numbers.find(name);
    return number == step.numbers.end() ? -1 : number->second;
  }

  absl::Status Step(const TraceStep& step) {
    if (step.rule == kStepGate) return Gate(step);
    if (step.rule == kStepMethod) return MethodStep(step);
    if (step.rule == kStepEnvelope) return Envelope(step);
    if (step.rule == kStepCap) {
      const int64_t cap = Number(step, "cap_fen");
      const bool fits = cap >= 0 && step.amount.value() == (amount_ < cap ? amount_ : cap);
      return fits ? absl::OkStatus() : Wrong(step, "not the lesser of amount and cap");
    }
    if (step.rule == kStepRounding) {
      const int64_t unit = Number(step, "unit_fen");
      const bool whole = unit > 0 && step.amount.value() % unit == 0 &&
                         step.amount.value() <= amount_ && amount_ - step.amount.value() < unit;
      return whole ? absl::OkStatus() : Wrong(step, "not rounded down to the unit");
    }
    return Budget(step);
  }

  absl::Status Gate(const TraceStep& step) {
    ended_ = Number(step, "paid") == 0;
    return step.amount.value() == 0 ? absl::OkStatus() : Wrong(step, "an amount before the method");
  }

  absl::Status MethodStep(const TraceStep& step) {
    const int64_t amount = step.amount.value();
    ended_ = amount == 0;
    const int64_t lo = Number(step, "lo_fen");
    const int64_t hi = Number(step, "hi_fen");
    if (lo >= 0 && (rd_ < lo || (hi >= 0 && rd_ >= hi))) return Wrong(step, "another interval");
    bool follows = amount == 0;
    if (step.numbers.contains("sum_fen")) {
      follows = amount == Number(step, "sum_fen");
    } else if (step.numbers.contains("slices")) {
      follows = IsFloorOf(amount, Slices(step), kBasisPoints);
    } else if (step.numbers.contains("rate_bp")) {
      follows =
          IsFloorOf(amount, static_cast<__int128>(rd_) * Number(step, "rate_bp"), kBasisPoints);
    } else if (step.numbers.contains("rate_denominator")) {
      follows = IsFloorOf(amount, static_cast<__int128>(rd_) * Number(step, "rate_numerator_bp"),
                          static_cast<__int128>(kBasisPoints) * Number(step, "rate_denominator"));
    }
    return follows ? absl::OkStatus() : Wrong(step, "does not follow from the R&D");
  }

  // The slices' widths must add up to the R&D; a sum of -1 never matches an amount.
  __int128 Slices(const TraceStep& step) const {
    __int128 sum = 0;
    __int128 width = 0;
    for (int64_t i = 0; i < Number(step, "slices"); ++i) {
      const std::string name = absl::StrCat("slice", i, "_");
      width += Number(step, name + "width_fen");
      sum +=
          static_cast<__int128>(Number(step, name + "width_fen")) * Number(step, name + "rate_bp");
    }
    return width == rd_ ? sum : -1;
  }

  absl::Status Envelope(const TraceStep& step) {
    const int64_t amount = step.amount.value();
    const __int128 low = static_cast<__int128>(rd_) * Number(step, "floor_bp");
    const __int128 high = static_cast<__int128>(rd_) * Number(step, "ceiling_bp");
    const __int128 before = static_cast<__int128>(amount_) * kBasisPoints;
    bool follows = amount == amount_;
    if (before > high) follows = IsFloorOf(amount, high, kBasisPoints);
    // Rounded down, so an amount less than one fen below the floor counts as on it.
    if (before + kBasisPoints <= low) follows = IsFloorOf(amount, low, kBasisPoints);
    return follows ? absl::OkStatus() : Wrong(step, "outside the envelope");
  }

  absl::Status Budget(const TraceStep& step) {
    const int64_t amount = step.amount.value();
    if (Number(step, "before_fen") != amount_) return Wrong(step, "starts from another amount");
    bool follows = false;
    if (step.numbers.contains("kept")) {
      follows = amount == (Number(step, "kept") == 1 ? amount_ : 0);
    } else if (step.numbers.contains("cap_fen")) {
      follows = amount == std::min(amount_, Number(step, "cap_fen"));
    } else if (step.numbers.contains("total_fen")) {
      const int64_t unit = Number(step, "unit_fen");
      follows = unit > 0 && amount % unit == 0 &&
                IsFloorOf(amount / unit - Number(step, "extra"),
                          static_cast<__int128>(amount_) * Number(step, "money_fen"),
                          static_cast<__int128>(Number(step, "total_fen")) * unit);
    }
    return follows ? absl::OkStatus() : Wrong(step, "does not follow from the budget");
  }

  const std::vector<TraceStep>& trace_;
  int64_t rd_ = 0;
  int64_t amount_ = 0;
  bool ended_ = false;
};

}  // namespace

absl::Status RecheckLine(const std::vector<TraceStep>& trace) { return Checker(trace).Run(); }

}  // namespace alliance::domain
