#include "common/base/text.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "utf8proc.h"

namespace alliance::base {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

template <size_t N>
bool In(const Range (&ranges)[N], char32_t code_point) {
  for (const Range& range : ranges) {
    if (code_point >= range.first && code_point <= range.last) return true;
  }
  return false;
}

// Unicode property White_Space.
constexpr Range kWhiteSpace[] = {
    {0x09, 0x0d},     {0x20, 0x20},     {0x85, 0x85},     {0xa0, 0xa0},     {0x1680, 0x1680},
    {0x2000, 0x200a}, {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000},
};

constexpr Range kInvisible[] = {
    {0x00ad, 0x00ad},                      // soft hyphen
    {0x034f, 0x034f},                      // combining grapheme joiner
    {0x061c, 0x061c},   {0x115f, 0x1160},  // Arabic letter mark, Hangul fillers
    {0x17b4, 0x17b5},   {0x180b, 0x180f},  // Khmer inherent vowels, Mongolian selectors
    {0x200b, 0x200f},   {0x202a, 0x202e},  // zero width, joiners, directions
    {0x2060, 0x206f},   {0x2800, 0x2800},  // word joiner, directions, blank Braille
    {0x3164, 0x3164},   {0xfe00, 0xfe0f},  // Hangul filler, variation selectors
    {0xfeff, 0xfeff},   {0xffa0, 0xffa0},  // byte order mark, half-width Hangul filler
    {0xe0000, 0xe0fff},                    // tags and more selectors
};

// Marks that make a text read otherwise than it is stored: bidirectional embeddings, overrides and
// isolates.
constexpr Range kDirectionMarks[] = {{0x202a, 0x202e}, {0x2066, 0x2069}};

constexpr Range kPrivateUse[] = {{0xe000, 0xf8ff}, {0xf0000, 0xffffd}, {0x100000, 0x10fffd}};

}  // namespace

std::optional<char32_t> TakeCodePoint(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  size_t length = 0;
  char32_t code_point = 0;
  char32_t least = 0;
  if (lead < 0x80) {
    length = 1, code_point = lead;
  } else if (lead >= 0xc2 && lead <= 0xdf) {
    length = 2, code_point = lead & 0x1f, least = 0x80;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    length = 3, code_point = lead & 0x0f, least = 0x800;
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    length = 4, code_point = lead & 0x07, least = 0x10000;
  } else {
    return std::nullopt;
  }
  if (text.size() < length) return std::nullopt;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return std::nullopt;
    code_point = code_point << 6 | (byte(i) & 0x3f);
  }
  if (code_point < least || code_point > 0x10ffff ||
      (code_point >= 0xd800 && code_point <= 0xdfff)) {
    return std::nullopt;
  }
  text.remove_prefix(length);
  return code_point;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    if (!TakeCodePoint(text)) return false;
  }
  return true;
}

void AppendCodePoint(char32_t code_point, std::string& out) {
  const auto put = [&](char32_t value) { out += static_cast<char>(value); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xc0 | code_point >> 6);
    put(0x80 | (code_point & 0x3f));
  } else if (code_point < 0x10000) {
    put(0xe0 | code_point >> 12);
    put(0x80 | (code_point >> 6 & 0x3f));
    put(0x80 | (code_point & 0x3f));
  } else {
    put(0xf0 | code_point >> 18);
    put(0x80 | (code_point >> 12 & 0x3f));
    put(0x80 | (code_point >> 6 & 0x3f));
    put(0x80 | (code_point & 0x3f));
  }
}

std::string FoldWidth(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  while (!text.empty()) {
    const char first = text.front();
    const std::optional<char32_t> code_point = TakeCodePoint(text);
    if (!code_point) {
      folded += first;
      text.remove_prefix(1);
    } else if (*code_point >= 0xff01 && *code_point <= 0xff5e) {
      folded += static_cast<char>(*code_point - 0xff01 + '!');
    } else if (*code_point == 0x3000) {
      folded += ' ';
    } else {
      AppendCodePoint(*code_point, folded);
    }
  }
  return folded;
}

std::string NormaliseLineEnds(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      out += text[i];
    } else {
      out += '\n';
      if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
    }
  }
  return out;
}

std::string Nfc(std::string_view text) {
  const auto ascii = [](char c) { return static_cast<uint8_t>(c) < 0x80; };
  if (std::all_of(text.begin(), text.end(), ascii)) return std::string(text);
  uint8_t* composed = nullptr;
  const auto length = utf8proc_map(
      reinterpret_cast<const uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
      &composed, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  if (length < 0) return std::string(text);
  std::string out(reinterpret_cast<const char*>(composed), static_cast<size_t>(length));
  std::free(composed);
  return out;
}

bool IsWhiteSpace(char32_t code_point) { return In(kWhiteSpace, code_point); }

bool IsInvisible(char32_t code_point) { return In(kInvisible, code_point); }

std::string_view Trim(std::string_view text) {
  const auto drops = [](char32_t c) { return IsWhiteSpace(c) || c == 0xfeff; };
  std::string_view rest = text;
  while (true) {  // front
    const std::string_view here = rest;
    const std::optional<char32_t> code_point = TakeCodePoint(rest);
    if (!code_point || !drops(*code_point)) {
      text = here;
      break;
    }
  }
  while (!text.empty()) {  // back
    size_t start = text.size() - 1;
    while (start > 0 && (static_cast<uint8_t>(text[start]) & 0xc0) == 0x80) --start;
    std::string_view last = text.substr(start);
    const std::optional<char32_t> code_point = TakeCodePoint(last);
    if (!code_point || !last.empty() || !drops(*code_point)) break;
    text = text.substr(0, start);
  }
  return text;
}

size_t CountCharacters(std::string_view text) {
  size_t count = 0;
  while (!text.empty()) {
    const std::optional<char32_t> code_point = TakeCodePoint(text);
    if (!code_point) text.remove_prefix(1);
    if (!code_point || !IsWhiteSpace(*code_point)) ++count;
  }
  return count;
}

size_t VisibleLength(std::string_view text) {
  size_t count = 0;
  while (!text.empty()) {
    const std::optional<char32_t> code_point = TakeCodePoint(text);
    if (!code_point) {
      text.remove_prefix(1);
      continue;
    }
    const bool control = *code_point < 0x20 || (*code_point >= 0x7f && *code_point < 0xa0);
    if (!control && !IsWhiteSpace(*code_point) && !IsInvisible(*code_point)) ++count;
  }
  return count;
}

bool HasPrivateUse(std::string_view text) {
  while (!text.empty()) {
    const std::optional<char32_t> code_point = TakeCodePoint(text);
    if (!code_point) text.remove_prefix(1);
    if (code_point && In(kPrivateUse, *code_point)) return true;
  }
  return false;
}

bool HasForbiddenCharacter(std::string_view text) {
  while (!text.empty()) {
    const std::optional<char32_t> code_point = TakeCodePoint(text);
    if (!code_point) {
      text.remove_prefix(1);
      continue;
    }
    const char32_t c = *code_point;
    if (c < 0x20 && c != '\n' && c != '\t') return true;
    if (c >= 0x7f && c < 0xa0) return true;
    if (In(kDirectionMarks, c)) return true;
  }
  return false;
}

}  // namespace alliance::base
