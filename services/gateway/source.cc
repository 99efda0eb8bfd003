#include "services/gateway/source.h"

#include <arpa/inet.h>

#include <cstring>

#include "absl/strings/str_replace.h"
#include "common/base/str.h"

namespace alliance::gateway {

std::string SourceOf(std::string_view address) {
  const std::string text(address);
  in6_addr v6;
  if (inet_pton(AF_INET6, text.c_str(), &v6) != 1) return text;
  char shown[INET6_ADDRSTRLEN];
  if (IN6_IS_ADDR_V4MAPPED(&v6)) {
    inet_ntop(AF_INET, v6.s6_addr + 12, shown, sizeof shown);
    return shown;
  }
  std::memset(v6.s6_addr + 8, 0, 8);
  inet_ntop(AF_INET6, &v6, shown, sizeof shown);
  return base::StrCat(shown, "/64");
}

std::string SourceOfPeer(std::string_view peer) {
  std::string address = absl::StrReplaceAll(base::Absl(peer), {{"%5B", "["}, {"%5D", "]"}});
  if (const size_t colon = address.find(':'); colon != std::string::npos) {
    address.erase(0, colon + 1);
  }
  address.erase(std::min(address.rfind(':'), address.size()));
  if (address.size() > 2 && address.front() == '[') address = address.substr(1, address.size() - 2);
  return SourceOf(address);
}

bool IsForwarded(std::string_view metadata_key) {
  for (std::string_view prefix : {"grpc-", "connect-", "alliance-", "trailer-", "content-",
                                  "access-control-", "proxy-", "x-envoy-", "sec-"}) {
    if (metadata_key.starts_with(prefix)) return false;
  }
  for (std::string_view name : {"connection", "keep-alive", "transfer-encoding", "te", "upgrade",
                                "trailer", "set-cookie", "host", "server", "date", "user-agent",
                                "accept-encoding", "cache-control", "vary", "traceparent"}) {
    if (metadata_key == name) return false;
  }
  return metadata_key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") ==
         std::string_view::npos;
}

}  // namespace alliance::gateway
