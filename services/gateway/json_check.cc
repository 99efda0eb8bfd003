#include "services/gateway/json_check.h"

#include <optional>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "common/base/str.h"
#include "common/base/text.h"
#include "services/gateway/problem.h"

namespace alliance::gateway {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::optional<char32_t> HexValue(std::string_view four) {
  char32_t value = 0;
  for (char c : four) {
    value *= 16;
    if (IsDigit(c)) {
      value += c - '0';
    } else if (c >= 'a' && c <= 'f') {
      value += c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
      value += c - 'A' + 10;
    } else {
      return std::nullopt;
    }
  }
  return value;
}

// "lead_name" and "leadName" are one field to protobuf.
std::string SameField(std::string_view name) {
  std::string out;
  bool upper = false;
  for (char c : name) {
    if (c == '_') {
      upper = true;
    } else {
      out.push_back(upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
      upper = false;
    }
  }
  return out;
}

// Recursive descent over RFC 8259; the depth limit bounds the stack.
class Checker {
 public:
  explicit Checker(std::string_view text) : rest_(text) {}

  absl::Status Run() {
    SkipBlanks();
    if (Peek() != '{') {
      return Wrong("JSON_SYNTAX", "请求内容须是一个 JSON 对象。",
                   "The body must be a JSON object.");
    }
    if (Value(1)) {
      SkipBlanks();
      if (!rest_.empty()) Syntax();
    }
    return status_;
  }

 private:
  char Peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void SkipBlanks() {
    while (!rest_.empty() &&
           (Peek() == ' ' || Peek() == '\t' || Peek() == '\n' || Peek() == '\r')) {
      rest_.remove_prefix(1);
    }
  }

  absl::Status Wrong(std::string_view reason, std::string_view zh, std::string_view en) const {
    return BadRequest(path_, reason, zh, en);
  }
  bool Fail(std::string_view reason, std::string_view zh, std::string_view en) {
    status_ = Wrong(reason, zh, en);
    return false;
  }
  bool Syntax() {
    return Fail("JSON_SYNTAX", "请求内容不是合法的 JSON。", "The body is not well-formed JSON.");
  }

  bool Value(int depth) {
    if (depth > kMaxJsonDepth) {
      return Fail("JSON_TOO_DEEP", "请求内容嵌套过深。", "The body is nested too deeply.");
    }
    SkipBlanks();
    switch (Peek()) {
      case '{':
        return Object(depth);
      case '[':
        return Array(depth);
      case '"':
        return String(nullptr);
      case 't':
        return Word("true");
      case 'f':
        return Word("false");
      case 'n':
        return Word("null");
      default:
        return Number();
    }
  }

  bool Object(int depth) {
    Take('{');
    SkipBlanks();
    if (Take('}')) return true;
    absl::flat_hash_set<std::string> names;
    const size_t path_before = path_.size();
    do {
      SkipBlanks();
      std::string name;
      if (Peek() != '"') return Syntax();
      if (!String(&name)) return false;
      SkipBlanks();
      if (!Take(':')) return Syntax();
      base::StrAppend(&path_, path_.empty() ? "" : ".", name.substr(0, 64));
      if (!names.insert(SameField(name)).second) {
        return Fail("JSON_NAME_TWICE", "同一字段在请求中出现了两次。",
                    "The same field appears twice in one object.");
      }
      if (!Value(depth + 1)) return false;
      path_.resize(path_before);
      SkipBlanks();
    } while (Take(','));
    return Take('}') || Syntax();
  }

  bool Array(int depth) {
    Take('[');
    SkipBlanks();
    if (Take(']')) return true;
    const size_t path_before = path_.size();
    int index = 0;
    do {
      base::StrAppend(&path_, "[", index++, "]");
      if (!Value(depth + 1)) return false;
      path_.resize(path_before);
      SkipBlanks();
    } while (Take(','));
    return Take(']') || Syntax();
  }

  // Appends the text to `out` if given.
  bool String(std::string* out) {
    Take('"');
    while (true) {
      if (rest_.empty()) return Syntax();
      const unsigned char c = rest_.front();
      if (c == '"') {
        rest_.remove_prefix(1);
        return true;
      }
      if (c == '\\') {
        if (!Escape(out)) return false;
      } else if (c < 0x20) {
        return c == 0 ? Nul() : Syntax();
      } else {
        if (out != nullptr) out->push_back(static_cast<char>(c));
        rest_.remove_prefix(1);
      }
    }
  }

  bool Nul() {
    return Fail("FORBIDDEN_CHARACTER", "文本中不能含有空字符（U+0000）。",
                "Text must not contain the NUL character (U+0000).");
  }

  bool Escape(std::string* out) {
    rest_.remove_prefix(1);
    static constexpr std::string_view kPlain = "\"\\/bfnrt";
    static constexpr std::string_view kMeans = "\"\\/\b\f\n\r\t";
    const size_t at = rest_.empty() ? std::string_view::npos : kPlain.find(rest_.front());
    if (at != std::string_view::npos) {
      if (out != nullptr) out->push_back(kMeans[at]);
      rest_.remove_prefix(1);
      return true;
    }
    std::optional<char32_t> unit = Unit();
    if (!unit) return Syntax();
    if (*unit == 0) return Nul();
    if (*unit >= 0xDC00 && *unit < 0xE000) return Surrogate();
    if (*unit >= 0xD800 && *unit < 0xDC00) {
      if (!Take('\\')) return Surrogate();
      const std::optional<char32_t> low = Unit();
      if (!low || *low < 0xDC00 || *low >= 0xE000) return Surrogate();
      *unit = 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00);
    }
    if (out != nullptr) base::AppendCodePoint(*unit, *out);
    return true;
  }

  // "uXXXX" behind the backslash.
  std::optional<char32_t> Unit() {
    if (rest_.size() < 5 || rest_.front() != 'u') return std::nullopt;
    const std::optional<char32_t> value = HexValue(rest_.substr(1, 4));
    rest_.remove_prefix(5);
    return value;
  }

  bool Surrogate() {
    return Fail("NOT_UTF8", "文本中有不成对的代理项，不是合法的字符。",
                "Text contains a lone surrogate.");
  }

  bool Word(std::string_view word) {
    if (!rest_.starts_with(word)) return Syntax();
    rest_.remove_prefix(word.size());
    return true;
  }

  bool Digits() {
    if (!IsDigit(Peek())) return false;
    while (IsDigit(Peek())) rest_.remove_prefix(1);
    return true;
  }

  bool Number() {
    Take('-');
    if (!Take('0') && !Digits()) return Syntax();
    if (Take('.') && !Digits()) return Syntax();
    if (Take('e') || Take('E')) {
      if (!Take('+')) Take('-');
      if (!Digits()) return Syntax();
    }
    return true;
  }

  std::string_view rest_;
  std::string path_;  // of the value being read
  absl::Status status_;
};

}  // namespace

absl::Status CheckJson(std::string_view text) {
  if (!base::IsUtf8(text)) {
    return BadRequest("", "NOT_UTF8", "请求内容不是合法的 UTF-8。",
                      "The body is not well-formed UTF-8.");
  }
  return Checker(text).Run();
}

}  // namespace alliance::gateway
