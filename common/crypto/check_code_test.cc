#include "common/crypto/check_code.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "common/crypto/digest.h"

namespace alliance::crypto {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

TEST(CheckCode, IsTheBeginningOfTheDigest) {
  struct {
    std::string digest;
    const char* code;
  } rows[] = {
      {std::string(32, '\0'), "0000-0000-0000"},
      {std::string(6, '\0') + std::string(1, '\1'), "0000-0000-0000"},  // the 56th bit is not shown
      {std::string(6, '\0') + std::string(1, '\2'), "0000-0000-0012"},
      {*Unhex("08421084210842"), "1111-1111-1114"},
      {std::string(7, '\xff'), "ZZZZ-ZZZZ-ZZZK"},
      {Sha256("abc"), "Q9W1-DFWF-077K"},
  };
  for (const auto& row : rows) EXPECT_EQ(CheckCode(row.digest), row.code) << Hex(row.digest);
}

TEST(CheckCode, IsReadAsPeopleTypeIt) {
  const std::string code = CheckCode(*Unhex("00443214c74254"));
  EXPECT_EQ(ReadCheckCode(code), code);
  struct {
    const char* text;
    const char* read;
  } rows[] = {
      {"1111-1111-1114", "1111-1111-1114"},
      {"1111 1111 1114", "1111-1111-1114"},
      {"111111111114", "1111-1111-1114"},
      {"liLI-1111-1114", "1111-1111-1114"},
      {"oooo-0000-0000", "0000-0000-0000"},
      {"1111-1111-111", "refused"},
      {"1111-1111-11144", "refused"},
      {"1111-1111-111U", "refused"},
      {"1111-1111-1110", "refused"},
      {"", "refused"},
      {"1111-1111-111\xef\xbc\x9a", "refused"},
  };
  for (const auto& row : rows) {
    const auto read = ReadCheckCode(row.text);
    EXPECT_EQ(read.value_or("refused"), row.read) << row.text;
  }
}

// Every single wrong character and every exchange of neighbours, not a sample.
TEST(CheckCode, FindsEverySlip) {
  for (const char* text : {"abc", "def", ""}) {
    const std::string code = CheckCode(Sha256(text));
    for (size_t i = 0; i < code.size(); ++i) {
      if (code[i] == '-') continue;
      for (const char other : kAlphabet) {
        std::string wrong = code;
        wrong[i] = other;
        EXPECT_EQ(ReadCheckCode(wrong).has_value(), other == code[i]) << wrong;
      }
    }
    std::string plain = code;
    std::erase(plain, '-');
    for (size_t i = 0; i + 1 < plain.size(); ++i) {
      std::string wrong = plain;
      std::swap(wrong[i], wrong[i + 1]);
      EXPECT_EQ(ReadCheckCode(wrong).has_value(), wrong == plain) << wrong;
    }
  }
}

}  // namespace
}  // namespace alliance::crypto
