#include "common/domain/money.h"

#include <cstdint>
#include <random>
#include <string>

#include "common/domain/errors.h"
#include "gtest/gtest.h"

namespace alliance::domain {
namespace {

// tests/bad-input.md 4.3.
TEST(ParseWan, AcceptsWhatTheFormAllows) {
  struct {
    const char* text;
    int64_t fen;
  } cases[] = {
      {"0", 0},
      {"123.45", 123'450'000},
      {"0.01", 10'000},
      {"1.5", 1'500'000},
      {"１２", 12'000'000},
      {"１，２３４．５", 1'234'500'000},
      {"1,234.5", 1'234'500'000},
      {"1,234,567", 1'234'567'000'000},
      {" 7 ", 7'000'000},
      {"　7　", 7'000'000},
      {"007", 7'000'000},
      {"999999999999.99", 999'999'999'999'990'000},
  };
  for (const auto& c : cases) {
    const absl::StatusOr<Fen> fen = ParseWan(c.text, Sign::kNotNegative);
    ASSERT_TRUE(fen.ok()) << c.text << ": " << fen.status();
    EXPECT_EQ(fen->value(), c.fen) << c.text;
  }
}

TEST(ParseWan, RefusesEverythingElse) {
  struct {
    const char* text;
    Reason reason;
  } cases[] = {
      {"", Reason::kAmountNotANumber},
      {" ", Reason::kAmountNotANumber},
      {"无", Reason::kAmountNotANumber},
      {"NaN", Reason::kAmountNotANumber},
      {"Infinity", Reason::kAmountNotANumber},
      {"-Infinity", Reason::kAmountNotANumber},
      {"1e309", Reason::kAmountNotANumber},
      {"1e3", Reason::kAmountNotANumber},
      {"12.", Reason::kAmountNotANumber},
      {".5", Reason::kAmountNotANumber},
      {"0x10", Reason::kAmountNotANumber},
      {"+5", Reason::kAmountNotANumber},
      {"--5", Reason::kAmountNotANumber},
      {"1 2", Reason::kAmountNotANumber},
      {"1.2.3", Reason::kAmountNotANumber},
      {"12,34", Reason::kAmountNotANumber},
      {",123", Reason::kAmountNotANumber},
      {"1,234,", Reason::kAmountNotANumber},
      {"1234,567", Reason::kAmountNotANumber},
      {"1.2,345", Reason::kAmountNotANumber},
      {"-", Reason::kAmountNotANumber},
      {"1.234", Reason::kAmountTooManyDecimals},
      {"1.000", Reason::kAmountTooManyDecimals},
      {"1000000000000", Reason::kAmountTooLarge},
      {"9007199254740993", Reason::kAmountTooLarge},
      {"9223372036854775807", Reason::kAmountTooLarge},
      {"-0", Reason::kAmountNegative},
      {"-0.01", Reason::kAmountNegative},
      {"-5", Reason::kAmountNegative},
  };
  for (const auto& c : cases) {
    const absl::StatusOr<Fen> fen = ParseWan(c.text, Sign::kNotNegative);
    EXPECT_TRUE(RefusedFor(fen.status(), c.reason)) << c.text << ": " << fen.status();
    EXPECT_EQ(fen.status().code(), absl::StatusCode::kInvalidArgument);
  }
}

// 利润总额 may be negative, nothing else.
TEST(ParseWan, OnlyWhereASignIsAllowedMayAnAmountBeNegative) {
  EXPECT_EQ(ParseWan("-12.30", Sign::kAny).value(), Fen(-12'300'000));
  EXPECT_EQ(ParseWan("－12.30", Sign::kAny).value(), Fen(-12'300'000));
  EXPECT_TRUE(RefusedFor(ParseWan("-12.30", Sign::kNotNegative).status(), Reason::kAmountNegative));
}

TEST(Format, EveryAmountReadsBackAsItself) {
  std::mt19937_64 random(20230403);
  for (int i = 0; i < 100'000; ++i) {
    const int64_t hundredths =
        static_cast<int64_t>(random() % 199'999'999'999'999) - 99'999'999'999'999;
    const Fen fen(hundredths * kFenPerHundredthWan);
    ASSERT_EQ(ParseWan(FormatWan(fen), Sign::kAny).value(), fen);
    const Fen odd(hundredths);
    ASSERT_EQ(ParseYuan(FormatYuan(odd), Sign::kAny).value(), odd);
  }
}

TEST(Format, NeverHidesAFen) {
  EXPECT_EQ(FormatWan(Fen(0)), "0.00");
  EXPECT_EQ(FormatWan(Fen(1)), "0.000001");
  EXPECT_EQ(FormatWan(Fen(123'450'000)), "123.45");
  EXPECT_EQ(FormatWan(Fen(-500'000)), "-0.50");
  EXPECT_EQ(FormatWan(Fen(INT64_MIN)), "-9223372036854.775808");
  EXPECT_EQ(FormatYuan(Fen(50'000'000)), "500000.00");
  EXPECT_EQ(FormatYuan(Fen(-1)), "-0.01");
  EXPECT_EQ(FormatYuan(Fen(INT64_MIN)), "-92233720368547758.08");
}

TEST(ParseYuan, TaxSheetsAreInYuan) {
  EXPECT_EQ(ParseYuan("500,000.00", Sign::kNotNegative).value(), Fen(50'000'000));
  EXPECT_EQ(ParseYuan("9999999999999999.99", Sign::kNotNegative).value(),
            Fen(999'999'999'999'999'999));
  EXPECT_TRUE(RefusedFor(ParseYuan("10000000000000000", Sign::kNotNegative).status(),
                         Reason::kAmountTooLarge));
}

TEST(Arithmetic, OverflowIsRefusedNotWrapped) {
  EXPECT_EQ(Add(Fen(1), Fen(2)).value(), Fen(3));
  EXPECT_TRUE(RefusedFor(Add(Fen(INT64_MAX), Fen(1)).status(), Reason::kAmountTooLarge));
  EXPECT_TRUE(RefusedFor(Subtract(Fen(INT64_MIN), Fen(1)).status(), Reason::kAmountTooLarge));
  EXPECT_EQ(MultiplyDown(Fen(INT64_MAX), 3'000, 10'000).value(), Fen(2'767'011'611'056'432'742));
  EXPECT_TRUE(
      RefusedFor(MultiplyDown(Fen(INT64_MAX), 10'001, 10'000).status(), Reason::kAmountTooLarge));
  EXPECT_FALSE(MultiplyDown(Fen(-1), 1, 1).ok());
  EXPECT_EQ(RoundDown(Fen(29'997'000), Fen(kFenPerHundredthWan)), Fen(29'990'000));
}

}  // namespace
}  // namespace alliance::domain
