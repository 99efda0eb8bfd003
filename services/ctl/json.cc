#include "services/ctl/json.h"

#include "common/base/str.h"
#include "common/base/text.h"
#include "common/obs/log.h"

namespace alliance::ctl {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

std::string AsUtf8(std::string_view text) {
  if (base::IsUtf8(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    if (const auto code_point = base::TakeCodePoint(text); code_point.has_value()) {
      base::AppendCodePoint(*code_point, out);
    } else {
      out += kReplacement;
      text.remove_prefix(1);
    }
  }
  return out;
}

std::string Members(const auto& members) {
  std::string text("{");
  for (const auto& [name, value] : members) {
    base::StrAppend(&text, text.size() > 1 ? "," : "", Json(name).text(), ":", value.text());
  }
  return text + "}";
}

}  // namespace

Json::Json(std::string_view value)
    : text_(base::StrCat("\"", obs::JsonEscaped(AsUtf8(value)), "\"")) {}

Json Json::Object(std::initializer_list<Member> members) {
  Json json;
  json.text_ = Members(members);
  return json;
}

Json Json::Object(const std::vector<Member>& members) {
  Json json;
  json.text_ = Members(members);
  return json;
}

Json Json::FromItems(std::vector<Json> items) {
  std::string text("[");
  for (const Json& item : items) base::StrAppend(&text, text.size() > 1 ? "," : "", item.text());
  text += "]";
  Json json;
  json.text_ = std::move(text);
  return json;
}

}  // namespace alliance::ctl
