// One plain HTTP exchange: with the admin servers of our own services, and with the gateway.

#ifndef ALLIANCE_SERVICES_CTL_HTTP_CLIENT_H_
#define ALLIANCE_SERVICES_CTL_HTTP_CLIENT_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace alliance::ctl {

struct HttpAnswer {
  int code = 0;
  std::string body;
};

// GET http://address/path. `address` is host:port or [host]:port. UNAVAILABLE, with one line, when
// nobody answers within `patience`; at most 16 MiB are read.
absl::StatusOr<HttpAnswer> HttpGet(const std::string& address, std::string_view path,
                                   absl::Duration patience);

// POST of a JSON body, with "Authorization: Bearer …" when `token` is not empty; otherwise as
// HttpGet.
absl::StatusOr<HttpAnswer> HttpPost(const std::string& address, std::string_view path,
                                    std::string_view json, std::string_view token,
                                    absl::Duration patience);

}  // namespace alliance::ctl

#endif  // ALLIANCE_SERVICES_CTL_HTTP_CLIENT_H_
