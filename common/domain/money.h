// Money: whole fen in 64 bits. 1 万元 = 1,000,000 fen; 0.01 万元 = 100 yuan = 10,000 fen.
//
// No floating point anywhere; every sum that could overflow is checked; nothing is rounded unless a
// rule says so. Forms speak 万元 with two decimals (R-046 and reading Q19), banks speak yuan.

#ifndef ALLIANCE_COMMON_DOMAIN_MONEY_H_
#define ALLIANCE_COMMON_DOMAIN_MONEY_H_

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace alliance::domain {

class Fen {
 public:
  constexpr Fen() = default;
  constexpr explicit Fen(int64_t value) : value_(value) {}

  constexpr int64_t value() const { return value_; }
  friend constexpr auto operator<=>(Fen, Fen) = default;  // NOLINT(modernize-use-nullptr)

 private:
  int64_t value_ = 0;
};

inline constexpr int64_t kFenPerYuan = 100;
inline constexpr int64_t kFenPerWan = 1'000'000;
inline constexpr int64_t kFenPerHundredthWan = 10'000;
inline constexpr int64_t kBasisPoints = 10'000;  // of the whole

enum class Sign { kNotNegative, kAny };  // only 利润总额 may be negative

// "1,234.50" 万元 to fen. Full-width digits and correctly placed thousands separators are folded,
// outer blanks dropped; then `-?\d{1,12}(\.\d{1,2})?`. Refuses with AMOUNT_NOT_A_NUMBER,
// AMOUNT_TOO_MANY_DECIMALS (a third decimal is never rounded away), AMOUNT_NEGATIVE or
// AMOUNT_TOO_LARGE. "-0" is refused: nobody means it.
absl::StatusOr<Fen> ParseWan(std::string_view text, Sign sign);

// The same for yuan with up to two decimals: tax sheets are in yuan.
absl::StatusOr<Fen> ParseYuan(std::string_view text, Sign sign);

// "1234.50": two decimals, more only where the amount has them ("0.123456"), never rounded.
std::string FormatWan(Fen amount);
// "12345000.00"
std::string FormatYuan(Fen amount);

// Refuse with AMOUNT_TOO_LARGE instead of overflowing.
absl::StatusOr<Fen> Add(Fen a, Fen b);
absl::StatusOr<Fen> Subtract(Fen a, Fen b);

// floor(amount × numerator ÷ denominator), computed in 128 bits. Needs amount ≥ 0, numerator ≥ 0,
// denominator > 0.
absl::StatusOr<Fen> MultiplyDown(Fen amount, int64_t numerator, int64_t denominator);

// Down to a whole multiple of `unit`. Needs amount ≥ 0, unit > 0.
Fen RoundDown(Fen amount, Fen unit);

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_MONEY_H_
