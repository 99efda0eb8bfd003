#include "common/rules/packs.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/str.h"

namespace alliance::rules {

absl::StatusOr<Packs> Packs::Load(const std::vector<std::string>& paths) {
  if (paths.empty()) return absl::InvalidArgumentError("no rule pack is named");
  Packs packs;
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(Pack pack, LoadPack(path));
    if (packs.Find(pack.round_name()) != nullptr) {
      return absl::InvalidArgumentError(
          base::StrCat(path, ": ", pack.round_name(), " is in another pack already"));
    }
    packs.packs_.push_back(std::move(pack));
  }
  std::sort(packs.packs_.begin(), packs.packs_.end(),
            [](const Pack& a, const Pack& b) { return a.opens() < b.opens(); });
  return packs;
}

const Pack* Packs::Find(std::string_view round_name) const {
  for (const Pack& pack : packs_) {
    if (pack.round_name() == round_name) return &pack;
  }
  return nullptr;
}

const Pack* Packs::ForYear(int year) const {
  for (const Pack& pack : packs_) {
    if (pack.form_year() + 1 == year) return &pack;
  }
  return nullptr;
}

const Pack* Packs::FindByDigest(std::string_view digest) const {
  for (const Pack& pack : packs_) {
    if (pack.digest() == digest) return &pack;
  }
  return nullptr;
}

}  // namespace alliance::rules
