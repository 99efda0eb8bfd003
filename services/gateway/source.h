// Small decisions that both edges share: where a call came from, and which metadata of a service's
// answer a client may see.

#ifndef ALLIANCE_SERVICES_GATEWAY_SOURCE_H_
#define ALLIANCE_SERVICES_GATEWAY_SOURCE_H_

#include <string>
#include <string_view>

namespace alliance::gateway {

// "203.0.113.7", or the first 64 bits of an IPv6 address, of which one customer has many. Any other
// text comes back as it is.
std::string SourceOf(std::string_view address);

// The same of gRPC's "ipv4:203.0.113.7:51234" or "ipv6:%5B2001:db8::1%5D:51234".
std::string SourceOfPeer(std::string_view peer);

// Not for gRPC's, HTTP's and our own internal names.
bool IsForwarded(std::string_view metadata_key);

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_SOURCE_H_
