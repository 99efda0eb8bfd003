// StrCat and StrAppend for std::string_view.
//
// Debian builds Abseil with its own absl::string_view, which absl::StrCat takes and
// std::string_view does not convert to. These accept whatever absl::StrCat accepts, and
// std::string_view as well.

#ifndef ALLIANCE_COMMON_BASE_STR_H_
#define ALLIANCE_COMMON_BASE_STR_H_

#include <concepts>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace alliance::base {

// The same bytes under the other name.
inline absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view Std(absl::string_view text) { return {text.data(), text.size()}; }

template <typename T>
decltype(auto) Piece(const T& value) {
  if constexpr (std::convertible_to<const T&, std::string_view>) {
    return Absl(value);
  } else {
    return (value);
  }
}

template <typename... T>
std::string StrCat(const T&... pieces) {
  return absl::StrCat(Piece(pieces)...);
}

template <typename... T>
void StrAppend(std::string* out, const T&... pieces) {
  absl::StrAppend(out, Piece(pieces)...);
}

}  // namespace alliance::base

#endif  // ALLIANCE_COMMON_BASE_STR_H_
