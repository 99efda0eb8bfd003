// Text as people type it: UTF-8, full-width digits, line ends, and the count of "限500字".
//
// Stored text is kept as typed, but for line ends and the normal form NFC; folding is for numbers,
// codes and comparing. Nothing here applies NFKC: it would grow some characters to 18
// (tests/bad-input.md 4.1).

#ifndef ALLIANCE_COMMON_BASE_TEXT_H_
#define ALLIANCE_COMMON_BASE_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace alliance::base {

// True when `text` is well-formed UTF-8: no overlong forms, surrogates, values above U+10FFFF or
// cut sequences.
bool IsUtf8(std::string_view text);

// Takes the first code point off `text`. Nothing when `text` is empty or not well-formed there.
std::optional<char32_t> TakeCodePoint(std::string_view& text);

// Appends one code point to `out` as UTF-8. Precondition: a Unicode scalar value.
void AppendCodePoint(char32_t code_point, std::string& out);

// Full-width ASCII (U+FF01..U+FF5E) to ASCII and the ideographic space U+3000 to a blank; all else
// is copied. Bytes that are not UTF-8 are copied too.
std::string FoldWidth(std::string_view text);

// CRLF and a lone CR to LF. Browsers send CRLF (tests/bad-input.md 4.1).
std::string NormaliseLineEnds(std::string_view text);

// Unicode normal form NFC, so that one character has one spelling: e + U+0301 becomes é. Text that
// is not UTF-8 stays as it is.
std::string Nfc(std::string_view text);

// Without leading and trailing white space, including U+3000 and the byte order mark.
std::string_view Trim(std::string_view text);

// White space as Unicode defines it, line ends included.
bool IsWhiteSpace(char32_t code_point);

// Marks that draw nothing: zero-width characters, Hangul fillers, joiners, variation selectors.
bool IsInvisible(char32_t code_point);

// The number that “限500字” limits: Unicode code points without white space and line ends (reading
// Q18: 500 passes, 501 fails). A byte that is not UTF-8 counts as one.
size_t CountCharacters(std::string_view text);

// Code points that a reader can see: neither white space nor invisible. A required text needs one.
size_t VisibleLength(std::string_view text);

// True when `text` has characters of a private use area (自造字): other machines may not show them.
bool HasPrivateUse(std::string_view text);

// True when `text` holds something that no form field may hold: NUL, a control character other than
// LF and TAB, or a mark that overrides the writing direction. Give it text with normalised line
// ends.
bool HasForbiddenCharacter(std::string_view text);

}  // namespace alliance::base

#endif  // ALLIANCE_COMMON_BASE_TEXT_H_
