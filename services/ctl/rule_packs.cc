#include "services/ctl/rule_packs.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "common/base/status_macros.h"
#include "common/base/str.h"

namespace alliance::ctl {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".textproto";

absl::StatusOr<fs::path> RulesFolder() {
  std::error_code error;
  if (const char* set = std::getenv("ALLIANCE_RULES"); set != nullptr && *set != '\0') {
    if (!fs::is_directory(set, error)) {
      return absl::NotFoundError(base::StrCat("ALLIANCE_RULES is not a folder: ", set));
    }
    return fs::path(set);
  }
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  const fs::path candidates[] = {
      program / "../../../common/rules",    // build/<preset>/bin of a checkout
      program / "../share/alliance/rules",  // installed
      fs::path(ALLIANCE_SOURCE_DIR) / "common/rules",
  };
  for (const fs::path& folder : candidates) {
    if (fs::is_directory(folder, error)) return folder.lexically_normal();
  }
  return absl::NotFoundError("no rule packs found: give --pack FILE or set ALLIANCE_RULES");
}

absl::StatusOr<std::vector<std::string>> AllPackPaths() {
  ASSIGN_OR_RETURN(const fs::path folder, RulesFolder());
  std::vector<std::string> paths;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == kSuffix) paths.push_back(entry.path().string());
  }
  if (paths.empty()) return absl::NotFoundError(base::StrCat("no rule packs in ", folder.string()));
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

absl::StatusOr<std::string> PackPath(std::string_view pack) {
  if (pack.find('/') != std::string_view::npos || pack.ends_with(kSuffix)) return std::string(pack);
  ASSIGN_OR_RETURN(const fs::path folder, RulesFolder());
  const fs::path path = folder / base::StrCat(pack, kSuffix);
  std::error_code error;
  if (pack.empty() || !fs::exists(path, error)) {
    return absl::NotFoundError(
        base::StrCat("there is no rule pack '", pack, "' in ", folder.string()));
  }
  return path.string();
}

absl::StatusOr<rules::Pack> FindPack(std::string_view pack) {
  ASSIGN_OR_RETURN(const std::string path, PackPath(pack));
  return rules::LoadPack(path);
}

absl::StatusOr<domain::WorkCalendar> FindCalendar(std::optional<std::string_view> pack,
                                                  absl::CivilDay day) {
  if (pack.has_value()) {
    ASSIGN_OR_RETURN(const rules::Pack one, FindPack(*pack));
    return one.calendar();
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> paths, AllPackPaths());
  ASSIGN_OR_RETURN(const rules::Packs packs, rules::Packs::Load(paths));
  for (auto it = packs.all().rbegin(); it != packs.all().rend(); ++it) {
    if ((*it)->calendar().Loaded(static_cast<int>(day.year()))) return (*it)->calendar();
  }
  return packs.Latest()->calendar();
}

}  // namespace alliance::ctl
