#include "common/domain/form.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "common/base/text.h"

namespace alliance::domain {
namespace {

constexpr std::array<std::string_view, 9> kFieldNames = {
    "",           "电子信息",     "生物与新医药", "航空航天",         "新材料",
    "高技术服务", "新能源与节能", "资源与环境",   "先进制造与自动化",
};
constexpr std::array<std::string_view, 4> kLeadTypeNames = {"", "瞪羚", "雏鹰", "科技型中小企业"};
constexpr std::array<std::string_view, 6> kCooperationNames = {
    "", "签署产学研合作协议", "开展项目合作", "联合培养人才", "共建研发机构", "其他"};
constexpr std::array<std::string_view, 6> kMemberNames = {"",         "企业",     "高校",
                                                          "研究机构", "人才团队", "其他组织机构"};

template <typename Enum, size_t N>
std::string_view NameIn(const std::array<std::string_view, N>& names, Enum value) {
  const auto index = static_cast<size_t>(value);
  return index < N ? names[index] : "";
}

bool IsDigits(std::string_view text, size_t least, size_t most) {
  return text.size() >= least && text.size() <= most &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool IsMobile(std::string_view text) {
  return IsDigits(text, 11, 11) && text[0] == '1' && text[1] >= '3';
}

bool IsAreaCode(std::string_view text) { return IsDigits(text, 3, 4) && text[0] == '0'; }

// "024-23983460", "0411-39989881-801", "02423983460", "22740339", "400-810-1234"
bool IsLandline(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t hyphen = text.find('-');
    parts.push_back(text.substr(0, hyphen));
    if (hyphen == std::string_view::npos) break;
    text.remove_prefix(hyphen + 1);
  }
  const bool service = parts.size() == 3 && (parts[0] == "400" || parts[0] == "800");
  if (service) return IsDigits(parts[1], 3, 4) && IsDigits(parts[2], 3, 4);
  if (parts.size() > 1 && IsAreaCode(parts[0])) parts.erase(parts.begin());
  if (parts.size() > 2 || (parts.size() == 2 && !IsDigits(parts[1], 1, 6))) return false;
  const std::string_view number = parts[0];
  if (IsDigits(number, 7, 8)) return number[0] != '0' && number[0] != '1';
  return IsDigits(number, 10, 12) && number[0] == '0';
}

bool IsOnePhone(std::string_view text) {
  for (std::string_view prefix : {"+86-", "+86", "0086-", "0086"}) {
    if (StartsWith(text, prefix)) {
      text.remove_prefix(prefix.size());
      // From abroad the area code loses its 0.
      return IsMobile(text) || IsLandline(text) || IsLandline("0" + std::string(text));
    }
  }
  return IsMobile(text) || IsLandline(text);
}

}  // namespace

std::string_view NameZh(TechnicalField field) { return NameIn(kFieldNames, field); }
std::string_view NameZh(LeadType type) { return NameIn(kLeadTypeNames, type); }
std::string_view NameZh(CooperationForm form) { return NameIn(kCooperationNames, form); }
std::string_view NameZh(MemberKind kind) { return NameIn(kMemberNames, kind); }

bool LooksLikePhone(std::string_view text) {
  // One spelling for separators and extensions, then one number per word.
  std::string plain;
  std::string folded = base::FoldWidth(text);
  for (std::string_view rest = folded; !rest.empty();) {
    const std::optional<char32_t> code_point = base::TakeCodePoint(rest);
    if (!code_point) return false;
    if (*code_point == U'转') {
      plain += '-';
    } else if (*code_point == U'、' || *code_point == ',' || *code_point == ';' ||
               *code_point == '/' || base::IsWhiteSpace(*code_point)) {
      plain += ' ';
    } else if (*code_point == '(' || *code_point == ')') {
      if (*code_point == ')') plain += '-';
    } else {
      base::AppendCodePoint(*code_point, plain);
    }
  }
  int numbers = 0;
  std::string before;  // an area code or country code written with a blank after it
  for (size_t at = 0; at < plain.size();) {
    const size_t end = std::min(plain.find(' ', at), plain.size());
    const std::string word = plain.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    if (before.empty() && (IsAreaCode(word) || word == "+86" || word == "0086")) {
      before = IsAreaCode(word) ? word + "-" : word;
      continue;
    }
    if (!IsOnePhone(before + word)) return false;
    before.clear();
    ++numbers;
  }
  return numbers > 0 && before.empty();
}

}  // namespace alliance::domain
