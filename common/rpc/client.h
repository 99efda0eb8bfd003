// Client side: one channel per peer, with the suite's TLS, keepalive and metadata.

#ifndef ALLIANCE_COMMON_RPC_CLIENT_H_
#define ALLIANCE_COMMON_RPC_CLIENT_H_

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "alliance/config/v1/config.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace alliance::rpc {

// A channel that balances over all addresses of the target and looks for new ones when a connection
// ends. It connects lazily; a peer that is down is an UNAVAILABLE of the call, not of the start.
std::shared_ptr<grpc::Channel> Connect(const std::string& target, const config::v1::Tls& tls);

// Deadline and trace of an outgoing call.
void Prepare(grpc::ClientContext& context, absl::Time deadline, const std::string& traceparent);

}  // namespace alliance::rpc

#endif  // ALLIANCE_COMMON_RPC_CLIENT_H_
