#include "common/domain/mask.h"

#include <optional>

#include "common/base/text.h"

namespace alliance::domain {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string MaskPhone(std::string_view phone) {
  // Numbers are parted by anything but digits, hyphens and the plus of a country code.
  std::string out(phone);
  size_t first = 0;
  while (first < out.size()) {
    size_t end = first;
    size_t digits = 0;
    while (end < out.size() && (IsDigit(out[end]) || out[end] == '-' || out[end] == '+')) {
      digits += IsDigit(out[end]) ? 1 : 0;
      ++end;
    }
    const size_t shown_first = digits >= 10 ? 3 : 0;
    const size_t shown_last = digits >= 7 ? 4 : 0;
    size_t seen = 0;
    for (size_t i = first; i < end; ++i) {
      if (!IsDigit(out[i])) continue;
      ++seen;
      if (seen > shown_first && seen + shown_last <= digits) out[i] = '*';
    }
    first = end + 1;
  }
  return out;
}

std::string MaskName(std::string_view name) {
  std::string_view rest = name;
  const std::optional<char32_t> first = base::TakeCodePoint(rest);
  std::string out(name.substr(0, name.size() - rest.size()));
  if (!first && !name.empty()) return "*";
  while (base::TakeCodePoint(rest)) out += '*';
  return out;
}

}  // namespace alliance::domain
