// gzip (RFC 1952) for bodies of the HTTP edge.

#ifndef ALLIANCE_SERVICES_GATEWAY_GZIP_H_
#define ALLIANCE_SERVICES_GATEWAY_GZIP_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace alliance::gateway {

// One gzip member and nothing after it. TOO_LARGE as soon as more than `limit` bytes come out, so a
// bomb costs no more memory than a large request; INVALID_REQUEST BAD_GZIP when it is damaged.
absl::StatusOr<std::string> Gunzip(std::string_view packed, size_t limit);

std::string Gzip(std::string_view plain);

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_GZIP_H_
