#include "common/domain/draw.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "common/domain/errors.h"

namespace alliance::domain {

absl::StatusOr<std::vector<std::string>> DrawSample(std::string_view seed_digest,
                                                    std::string_view seed,
                                                    const std::vector<std::string>& closed_list,
                                                    int count, const DigestFunction& digest) {
  if (seed.empty() || digest(seed) != seed_digest) return Refuse(Reason::kListMismatch);
  if (std::adjacent_find(closed_list.begin(), closed_list.end(), std::greater_equal<>()) !=
      closed_list.end()) {
    return Refuse(Reason::kListMismatch);
  }
  if (count < 0 || static_cast<size_t>(count) > closed_list.size()) {
    return Refuse(Reason::kInvalidRequest);
  }
  std::vector<std::pair<std::string, std::string>> ranked;  // rank, case
  ranked.reserve(closed_list.size());
  for (const std::string& id : closed_list) {
    ranked.emplace_back(digest(std::string(seed) + "\n" + id), id);
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<std::string> drawn;
  for (int i = 0; i < count; ++i) drawn.push_back(std::move(ranked[i].second));
  std::sort(drawn.begin(), drawn.end());
  return drawn;
}

}  // namespace alliance::domain
