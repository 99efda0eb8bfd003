// The random survey draw (随机调研考察, article 6(3), R-084), so that anybody can draw it again.
//
//   1. The digest of a secret seed is published before the list is closed.
//   2. The list is closed: sorted, without repeats.
//   3. The seed is published; a case's rank is Digest(seed + LF + case id), lowest first; the first
//      `count` cases are drawn.
//
// Nobody can steer it: the seed was fixed before the list, and the list before the seed was known.
// The digest function is handed in (SHA-256 in the product), so that the law needs no crypto
// library.

#ifndef ALLIANCE_COMMON_DOMAIN_DRAW_H_
#define ALLIANCE_COMMON_DOMAIN_DRAW_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace alliance::domain {

// Equal inputs give equal outputs of one fixed length, compared as bytes.
using DigestFunction = std::function<std::string(std::string_view)>;

// The drawn cases, sorted. LIST_MISMATCH when the published digest is not that of the seed, or the
// list is not sorted or repeats a case; INVALID_REQUEST when count is below 0 or above the list.
absl::StatusOr<std::vector<std::string>> DrawSample(std::string_view seed_digest,
                                                    std::string_view seed,
                                                    const std::vector<std::string>& closed_list,
                                                    int count, const DigestFunction& digest);

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_DRAW_H_
