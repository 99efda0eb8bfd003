#include "common/print/printable.h"

#include <cstdint>
#include <optional>

#include "absl/strings/str_format.h"
#include "common/base/text.h"

namespace alliance::print {
namespace {

bool IsVariationSelector(char32_t c) {
  return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef);
}

bool IsHidden(char32_t c) {
  if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return true;
  std::string alone;
  base::AppendCodePoint(c, alone);
  if (base::HasForbiddenCharacter(alone)) return true;
  return c == 0x2028 || c == 0x2029 || (base::IsInvisible(c) && !IsVariationSelector(c));
}

}  // namespace

std::string Printable(std::string_view text) {
  const std::string lines = base::NormaliseLineEnds(text);
  std::string_view rest = lines;
  std::string out;
  while (!rest.empty()) {
    const std::optional<char32_t> code_point = base::TakeCodePoint(rest);
    if (!code_point) {
      absl::StrAppendFormat(&out, "<0x%02X>", static_cast<uint8_t>(rest.front()));
      rest.remove_prefix(1);
    } else if (*code_point == '\n') {
      out += '\n';
    } else if (*code_point == '\t') {
      out += ' ';
    } else if (IsHidden(*code_point)) {
      absl::StrAppendFormat(&out, "<U+%04X>", static_cast<uint32_t>(*code_point));
    } else {
      base::AppendCodePoint(*code_point, out);
    }
  }
  return out;
}

}  // namespace alliance::print
