// Scanner: reads back the JSON that this library writes, and nothing else: one spelling, no white
// space, so that equal content has equal bytes.

#ifndef ALLIANCE_COMMON_AUDIT_SCAN_H_
#define ALLIANCE_COMMON_AUDIT_SCAN_H_

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/crypto/digest.h"

namespace alliance::audit {

// Text that stands between quotes without any escape.
inline bool IsPlainText(std::string_view text, size_t max) {
  if (text.empty() || text.size() > max) return false;
  for (const char c : text) {
    if (c < 0x21 || c > 0x7e || c == '"' || c == '\\') return false;
  }
  return true;
}

// Each function is true and moves on when the text fits, else false.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool AtEnd() const { return rest_.empty(); }

  bool Literal(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  // "text", of IsPlainText.
  bool Quoted(std::string* out) {
    if (!rest_.starts_with('"')) return false;
    const size_t end = rest_.find('"', 1);
    if (end == std::string_view::npos) return false;
    *out = std::string(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return IsPlainText(*out, 200);
  }

  // "<hexadecimal>" of this many bytes.
  bool QuotedHex(size_t bytes, std::string* out) {
    std::string text;
    if (!Quoted(&text) || text.size() != bytes * 2) return false;
    const std::optional<std::string> value = crypto::Unhex(text);
    if (!value.has_value() || crypto::Hex(*value) != text) return false;
    *out = *value;
    return true;
  }

  template <typename T>
  bool Number(T* out) {
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), *out);
    if (error != std::errc()) return false;
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    return true;
  }

 private:
  std::string_view rest_;
};

}  // namespace alliance::audit

#endif  // ALLIANCE_COMMON_AUDIT_SCAN_H_
