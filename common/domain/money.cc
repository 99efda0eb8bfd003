#include "common/domain/money.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/status_macros.h"
#include "common/base/text.h"
#include "common/domain/errors.h"

namespace alliance::domain {
namespace {

bool IsDigits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "1,234,567" to "1234567"; nothing when a separator is not before a group of three.
bool DropSeparators(std::string_view whole, std::string& digits) {
  const size_t first = whole.find(',');
  if (first == std::string_view::npos) {
    digits = whole;
    return true;
  }
  if (first == 0 || first > 3) return false;
  digits = whole.substr(0, first);
  for (whole.remove_prefix(first); !whole.empty(); whole.remove_prefix(4)) {
    if (whole.size() < 4 || whole[0] != ',' || !IsDigits(whole.substr(1, 3))) return false;
    digits += whole.substr(1, 3);
  }
  return true;
}

// A decimal with at most `max_digits` before and two digits after the point, in hundredths.
absl::StatusOr<int64_t> ParseHundredths(std::string_view typed, Sign sign, size_t max_digits) {
  const std::string folded = base::FoldWidth(typed);
  std::string_view text = base::Trim(folded);
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);

  const size_t point = text.find('.');
  std::string whole;
  if (!DropSeparators(text.substr(0, point), whole) || !IsDigits(whole)) {
    return Refuse(Reason::kAmountNotANumber);
  }
  std::string decimals;
  if (point != std::string_view::npos) {
    decimals = text.substr(point + 1);
    if (!IsDigits(decimals)) return Refuse(Reason::kAmountNotANumber);
    if (decimals.size() > 2) return Refuse(Reason::kAmountTooManyDecimals);
  }
  if (whole.size() > max_digits) return Refuse(Reason::kAmountTooLarge);
  decimals.resize(2, '0');

  int64_t hundredths = 0;  // at most 18 digits: cannot overflow
  for (char c : whole + decimals) hundredths = hundredths * 10 + (c - '0');
  if (!negative) return hundredths;
  if (sign == Sign::kNotNegative) return Refuse(Reason::kAmountNegative);
  if (hundredths == 0) return Refuse(Reason::kAmountNotANumber);
  return -hundredths;
}

// The magnitude, also of the least int64.
uint64_t Magnitude(int64_t value) {
  return value < 0 ? ~static_cast<uint64_t>(value) + 1 : static_cast<uint64_t>(value);
}

}  // namespace

absl::StatusOr<Fen> ParseWan(std::string_view text, Sign sign) {
  ASSIGN_OR_RETURN(const int64_t hundredths, ParseHundredths(text, sign, 12));
  return Fen(hundredths * kFenPerHundredthWan);
}

absl::StatusOr<Fen> ParseYuan(std::string_view text, Sign sign) {
  ASSIGN_OR_RETURN(const int64_t hundredths, ParseHundredths(text, sign, 16));
  return Fen(hundredths);
}

std::string FormatWan(Fen amount) {
  const uint64_t magnitude = Magnitude(amount.value());
  std::string text = absl::StrFormat("%s%d.%06d", amount.value() < 0 ? "-" : "",
                                     magnitude / kFenPerWan, magnitude % kFenPerWan);
  while (text.back() == '0' && text[text.size() - 3] != '.') text.pop_back();
  return text;
}

std::string FormatYuan(Fen amount) {
  const uint64_t magnitude = Magnitude(amount.value());
  return absl::StrFormat("%s%d.%02d", amount.value() < 0 ? "-" : "", magnitude / kFenPerYuan,
                         magnitude % kFenPerYuan);
}

absl::StatusOr<Fen> Add(Fen a, Fen b) {
  int64_t sum = 0;
  if (__builtin_add_overflow(a.value(), b.value(), &sum)) return Refuse(Reason::kAmountTooLarge);
  return Fen(sum);
}

absl::StatusOr<Fen> Subtract(Fen a, Fen b) {
  int64_t difference = 0;
  if (__builtin_sub_overflow(a.value(), b.value(), &difference)) {
    return Refuse(Reason::kAmountTooLarge);
  }
  return Fen(difference);
}

absl::StatusOr<Fen> MultiplyDown(Fen amount, int64_t numerator, int64_t denominator) {
  if (amount.value() < 0 || numerator < 0 || denominator <= 0) {
    return Refuse(Reason::kAmountNegative);
  }
  const __int128 product = static_cast<__int128>(amount.value()) * numerator / denominator;
  if (product > INT64_MAX) return Refuse(Reason::kAmountTooLarge);
  return Fen(static_cast<int64_t>(product));
}

Fen RoundDown(Fen amount, Fen unit) { return Fen(amount.value() - amount.value() % unit.value()); }

}  // namespace alliance::domain
