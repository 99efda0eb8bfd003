#include "services/ctl/case_name.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "services/ctl/command.h"

namespace alliance::ctl {
namespace {

constexpr std::string_view kCollections[] = {"applications/", "reviewCases/", "alliances/",
                                             "evaluations/", "subsidyCases/"};
constexpr std::string_view kYears = "/years/";
constexpr size_t kUuidLength = 36;
constexpr size_t kYearLength = 4;

bool IsYear(std::string_view text) {
  return text.size() == kYearLength &&
         std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isdigit(c); });
}

}  // namespace

absl::StatusOr<std::string> CaseIdOf(std::string_view name) {
  std::string_view id = name;
  for (std::string_view collection : kCollections) {
    if (name.starts_with(collection)) id = name.substr(collection.size());
  }
  const std::string_view uuid = id.substr(0, kUuidLength);
  std::string_view year = id.substr(uuid.size());
  if (base::IsUuid(uuid)) {
    if (year.empty()) return std::string(uuid);
    year.remove_prefix(year.starts_with(kYears) ? kYears.size() : year.starts_with('-') ? 1 : 0);
    if (year.size() < id.size() - kUuidLength && IsYear(year)) return base::StrCat(uuid, "-", year);
  }
  return WrongValue("NAME", "须为案件名称，如 applications/{uuid} 或 subsidyCases/{uuid}-2023。",
                    "must name a case, e.g. applications/{uuid} or subsidyCases/{uuid}-2023.");
}

}  // namespace alliance::ctl
