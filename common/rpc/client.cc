#include "common/rpc/client.h"

#include "common/rpc/tls.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/support/channel_arguments.h"

namespace alliance::rpc {

std::shared_ptr<grpc::Channel> Connect(const std::string& target, const config::v1::Tls& tls) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, 5'000);
  // A peer that comes back is found within a second.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  arguments.SetServiceConfigJSON(R"({"loadBalancingConfig":[{"round_robin":{}}]})");
  arguments.SetMaxReceiveMessageSize(16 << 20);
  // A refused form names every wrong field in the trailing metadata, of which gRPC takes 8 KiB
  // unless it is told otherwise; ToWire keeps it below this.
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, 128 << 10);
  return grpc::CreateCustomChannel(target, ChannelCredentials(tls), arguments);
}

void Prepare(grpc::ClientContext& context, absl::Time deadline, const std::string& traceparent) {
  context.set_deadline(absl::ToChronoTime(deadline));
  if (!traceparent.empty()) context.AddMetadata("traceparent", traceparent);
}

}  // namespace alliance::rpc
