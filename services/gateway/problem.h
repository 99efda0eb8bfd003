// Refusals that the gateway itself makes about the shape of a request.

#ifndef ALLIANCE_SERVICES_GATEWAY_PROBLEM_H_
#define ALLIANCE_SERVICES_GATEWAY_PROBLEM_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "common/base/str.h"
#include "common/domain/errors.h"

namespace alliance::gateway {

// INVALID_REQUEST with one wrong place: a field of the request, or a header, or "" for the whole
// body.
inline absl::Status BadRequest(std::string_view field, std::string_view reason, std::string_view zh,
                               std::string_view en) {
  return domain::Refuse(domain::Reason::kInvalidRequest, {},
                        {{.field = std::string(field),
                          .reason = std::string(reason),
                          .zh = std::string(zh),
                          .en = std::string(en)}});
}

// The same problem under another code.
inline absl::Status WithCode(absl::StatusCode code, const absl::Status& refusal) {
  return domain::StatusOf(code, *domain::DetailsOf(refusal));
}

inline absl::Status TooLarge(size_t limit_bytes) {
  constexpr size_t kMiB = 1 << 20;
  const std::string limit = limit_bytes % kMiB == 0 ? base::StrCat(limit_bytes / kMiB, " MiB")
                                                    : base::StrCat(limit_bytes, " B");
  return domain::Refuse(domain::Reason::kTooLarge, {{"limit", limit}});
}

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_PROBLEM_H_
