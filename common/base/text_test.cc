#include "common/base/text.h"

#include <string>

#include "gtest/gtest.h"

namespace alliance::base {
namespace {

std::string Repeat(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Utf8, IllFormedSequencesAreRefused) {
  for (std::string_view bad : {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE6\xB1", "\xE9",
                               "\x80", "\xF0\x80\x80\x80", "\xFF", "a\xC3"}) {
    EXPECT_FALSE(IsUtf8(bad)) << testing::PrintToString(std::string(bad));
  }
  for (std::string_view good :
       {"", "abc", "汉", "𠮷", "𬭎", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(IsUtf8(good)) << good;
  }
}

TEST(Utf8, EveryScalarValueRoundTrips) {
  for (char32_t c = 0; c <= 0x10ffff; ++c) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    std::string text;
    AppendCodePoint(c, text);
    std::string_view view = text;
    ASSERT_EQ(TakeCodePoint(view), c);
    ASSERT_TRUE(view.empty());
  }
}

// reading Q18: 限500字 counts Unicode characters without white space.
TEST(CountCharacters, FiveHundredIsCountedInCodePoints) {
  EXPECT_EQ(CountCharacters(Repeat("汉", 500)), 500);
  EXPECT_EQ(CountCharacters(Repeat("汉", 501)), 501);
  EXPECT_EQ(CountCharacters(Repeat("𠮷", 500)), 500);  // 1000 UTF-16 units
  EXPECT_EQ(CountCharacters(Repeat("e\u0301", 250)), 500);
  EXPECT_EQ(CountCharacters("👨‍👩‍👧‍👦"), 7);
  EXPECT_EQ(CountCharacters(" 汉\r\n　汉\t"), 2);
  EXPECT_EQ(CountCharacters(""), 0);
}

// tests/bad-input.md 4.1: one character has one spelling before it is counted, and nothing grows.
TEST(Nfc, OneCharacterHasOneSpelling) {
  EXPECT_EQ(Nfc("e\u0301"), "\u00E9");
  EXPECT_EQ(CountCharacters(Nfc(Repeat("e\u0301", 250))), 250);
  EXPECT_EQ(Nfc("plain\nASCII"), "plain\nASCII");
  for (const char* same : {"汉字", "𠮷野家", "𬭎㛃", "１２３", "（有限公司）", "\uFDFA", "①",
                           "\uE000", "👨‍👩‍👧‍👦", "\u200B", ""}) {
    EXPECT_EQ(Nfc(same), same) << same;
  }
  EXPECT_EQ(Nfc(std::string_view("a\0\u0301", 4)), std::string("a\0\u0301", 4));
  for (const char* damaged :
       {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "汉\xE6\xB1", "\xE9t\xE9"}) {
    EXPECT_EQ(Nfc(damaged), damaged);
  }
}

TEST(PrivateUse, IsFound) {
  for (const char* self_made : {"王\uE000", "\uF8FF", "\U000F0000", "\U0010FFFD"}) {
    EXPECT_TRUE(HasPrivateUse(self_made));
  }
  for (const char* plain : {"", "汉", "𠮷", "\uF900", "\xC0"}) EXPECT_FALSE(HasPrivateUse(plain));
}

TEST(VisibleLength, InvisibleTextIsEmpty) {
  for (std::string_view text :
       {"", " ", "　", "\u200B\u200B", "\u3164", "\uFEFF", "\u202E", "\n\t"}) {
    EXPECT_EQ(VisibleLength(text), 0) << testing::PrintToString(std::string(text));
  }
  EXPECT_EQ(VisibleLength("\u200B汉"), 1);
}

TEST(Forbidden, ControlsAndDirectionOverridesAreRefused) {
  using std::string_literals::operator""s;
  for (const std::string& bad :
       {"a\0b"s, "\x01"s, "\x1b[0m"s, "\x7f"s, "\u0085"s, "\u202E"s, "\u2066"s, "\r"s}) {
    EXPECT_TRUE(HasForbiddenCharacter(bad)) << testing::PrintToString(bad);
  }
  for (const std::string& good : {"汉\n字\t"s, "𬭎㛃"s, "（有限公司）"s, ""s}) {
    EXPECT_FALSE(HasForbiddenCharacter(good)) << good;
  }
}

TEST(Fold, FullWidthBecomesHalfWidth) {
  EXPECT_EQ(FoldWidth("１２３．５，－（有限公司）　Ａ"), "123.5,-(有限公司) A");
  EXPECT_EQ(FoldWidth("\xC0"), "\xC0");
  EXPECT_EQ(FoldWidth("ﷺ"), "ﷺ");  // never NFKC: it would become 18 characters
}

TEST(LineEnds, BrowsersAndUnixAgree) {
  EXPECT_EQ(NormaliseLineEnds("a\r\nb\rc\n"), "a\nb\nc\n");
  EXPECT_EQ(NormaliseLineEnds("\r"), "\n");
}

TEST(Trim, DropsOuterBlanksOnly) {
  EXPECT_EQ(Trim(" 　\uFEFF王 京\n "), "王 京");
  EXPECT_EQ(Trim(" 　"), "");
  EXPECT_EQ(Trim(""), "");
  EXPECT_EQ(Trim("\x80 "), "\x80");
}

}  // namespace
}  // namespace alliance::base
