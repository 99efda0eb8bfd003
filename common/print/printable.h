// What may be laid out: text in which nothing hides.

#ifndef ALLIANCE_COMMON_PRINT_PRINTABLE_H_
#define ALLIANCE_COMMON_PRINT_PRINTABLE_H_

#include <string>
#include <string_view>

namespace alliance::print {

// Line ends are LF and a tab is a blank. What a reader of the paper could not see is written out:
// control characters, marks that turn the writing direction and marks that draw nothing as
// <U+202E>, a byte that is not UTF-8 as <0xFF>. Variation selectors stay: they choose a rare form
// of a character in names.
std::string Printable(std::string_view text);

}  // namespace alliance::print

#endif  // ALLIANCE_COMMON_PRINT_PRINTABLE_H_
