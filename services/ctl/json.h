// JSON that alliancectl prints: built as text, in the order it is written.
//
//   Json::Object({{"name", name}, {"count", 3}, {"reasons", Json::Array(reasons)}}).text()
//
// Text that is not UTF-8 (an argument may hold anything) gets U+FFFD for each wrong byte, so that
// the output is always valid JSON.

#ifndef ALLIANCE_SERVICES_CTL_JSON_H_
#define ALLIANCE_SERVICES_CTL_JSON_H_

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace alliance::ctl {

class Json {
 public:
  // NOLINTBEGIN(google-explicit-constructor): a value turns into JSON where it is written.
  Json(std::string_view value);
  Json(const std::string& value) : Json(std::string_view(value)) {}
  Json(const char* value) : Json(std::string_view(value)) {}
  Json(std::same_as<bool> auto value) : text_(value ? "true" : "false") {}
  template <std::integral T>
  requires(!std::same_as<T, bool>) Json(T value) : text_(std::to_string(value)) {}
  // NOLINTEND(google-explicit-constructor)

  using Member = std::pair<std::string_view, Json>;
  static Json Object(std::initializer_list<Member> members);
  static Json Object(const std::vector<Member>& members);
  template <typename T>
  static Json Array(const std::vector<T>& items) {
    return FromItems({items.begin(), items.end()});
  }

  const std::string& text() const { return text_; }

 private:
  Json() = default;
  static Json FromItems(std::vector<Json> items);

  std::string text_;
};

}  // namespace alliance::ctl

#endif  // ALLIANCE_SERVICES_CTL_JSON_H_
