// Pages of a list (AIP-158): keyset tokens that are opaque and grant nothing.
//
// A token names the last key of a page and a fingerprint of the question it belongs to. The scope
// is in the SQL of every page, so a token from another caller shows no more than the caller may
// see.

#ifndef ALLIANCE_COMMON_ACT_PAGE_H_
#define ALLIANCE_COMMON_ACT_PAGE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/call.h"

namespace alliance::act {

struct Page {
  int limit = 50;     // rows to show; ask the database for limit + 1
  std::string after;  // last key of the page before; empty for the first page
};

// `filter` is whatever else shapes the list. INVALID_REQUEST for a negative size,
// PAGE_TOKEN_INVALID for a token of another question; a size above 200 is 200.
absl::StatusOr<Page> ReadPage(const rpc::Call& call, std::string_view filter, int32_t page_size,
                              std::string_view page_token);

std::string PageToken(const rpc::Call& call, std::string_view filter, std::string_view last_key);

// The key of a list that is ordered by a time and an id: "1682000000000000/<uuid>".
struct TimeKey {
  absl::Time time;
  std::string id;
};
std::string FormatKey(const TimeKey& key);
// PAGE_TOKEN_INVALID for anything else.
absl::StatusOr<TimeKey> ParseTimeKey(std::string_view key);

}  // namespace alliance::act

#endif  // ALLIANCE_COMMON_ACT_PAGE_H_
