// What a client sends stands inside one JSON string of one line (tests/bad-input.md 4.5).

#include "common/obs/log.h"

#include <algorithm>
#include <string>

#include "common/base/text.h"
#include "gtest/gtest.h"

namespace alliance::obs {
namespace {

using std::string_literals::operator""s;

std::string Logged(const std::string& value) {
  testing::internal::CaptureStderr();
  Log(Level::kInfo, "call", {{"value", value}, {"after", 7}});
  return testing::internal::GetCapturedStderr();
}

TEST(Log, AValueStaysInsideItsString) {
  const struct {
    std::string value;
    std::string written;
  } kTable[] = {
      {"plain", "plain"},
      {"汉字 𬭎 👨‍👩‍👧‍👦", "汉字 𬭎 👨‍👩‍👧‍👦"},
      {"a\nb", "a\\nb"},
      {"a\r\nb\t", "a\\u000d\\nb\\u0009"},
      {"\",\"level\":\"debug", "\\\",\\\"level\\\":\\\"debug"},
      {"\\", "\\\\"},
      {"\x1b[31m", "\\u001b[31m"},
      {"\u009b31m", "\\u009b31m"},
      {"a\0b"s, "a\\u0000b"},
      {"a\x7f", "a\\u007f"},
      {"%n%n%s", "%n%n%s"},
      {"\xC0\xAF", "\\ufffd\\ufffd"},
      {"\xE6\xB1", "\\ufffd\\ufffd"},
      {"", ""},
      {std::string(4096, 'x'), std::string(4096, 'x')},
      {std::string(4097, 'x'), std::string(4096, 'x') + "…"},
      {std::string(1 << 20, 'x'), std::string(4096, 'x') + "…"},
  };
  for (const auto& row : kTable) {
    const std::string line = Logged(row.value);
    EXPECT_TRUE(
        line.ends_with(",\"event\":\"call\",\"value\":\"" + row.written + "\",\"after\":7}\n"))
        << line;
    EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1) << line;
    EXPECT_TRUE(base::IsUtf8(line));
  }
  // Cut in the middle of a character: still UTF-8.
  EXPECT_TRUE(base::IsUtf8(Logged("x" + std::string(4094, 'y') + "汉汉")));
}

TEST(Log, BelowTheLevelNothingIsWritten) {
  testing::internal::CaptureStderr();
  Log(Level::kDebug, "quiet");
  Log(Level::kInfo, "loud");
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(log.find("quiet"), std::string::npos);
  EXPECT_NE(log.find("loud"), std::string::npos);
}

}  // namespace
}  // namespace alliance::obs
