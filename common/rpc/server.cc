#include "common/rpc/server.h"

#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/rpc/tls.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/server_builder.h"

namespace alliance::rpc {
namespace {

constexpr absl::Duration kReadinessPeriod = absl::Seconds(2);

// Idle and old connections end, so that new certificates and new pods are found (docs/threats.md
// F-H2); pings below the client's interval are tolerated; two servers on one port are an error.
void SetChannelArguments(grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 1000);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 16 << 10);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, 600'000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, 600'000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // A stream that nobody reads takes in this much and no more. Left to itself gRPC measures the
  // line and would let a fast client send twenty megabytes ahead of a slow handler.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 256 << 10);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      const std::vector<grpc::Service*>& services,
                                                      grpc::CallbackGenericService* forwarder) {
  RETURN_IF_ERROR(CheckTlsFiles(options.tls));
  grpc::EnableDefaultHealthCheckService(true);
  if (options.reflection) grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  SetChannelArguments(builder);
  builder.SetMaxReceiveMessageSize(options.max_receive_bytes);
  builder.SetMaxSendMessageSize(16 << 20);
  int port = 0;
  builder.AddListeningPort(options.address, ServerCredentials(options.tls), &port);
  for (grpc::Service* service : services) builder.RegisterService(service);
  if (forwarder != nullptr) builder.RegisterCallbackGenericService(forwarder);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    return absl::UnavailableError(
        base::StrCat("cannot listen on ", options.address, ": is the port taken?"));
  }
  return std::unique_ptr<Server>(new Server(options, std::move(server), port));
}

Server::Server(const ServerOptions& options, std::unique_ptr<grpc::Server> server, int port)
    : options_(options), port_(port), server_(std::move(server)) {
  auto* health = server_->GetHealthCheckService();
  health->SetServingStatus("", true);
  health->SetServingStatus("liveness", true);
  readiness_ = std::thread([this] { WatchReadiness(); });
}

Server::~Server() { Drain(absl::ZeroDuration()); }

void Server::WatchReadiness() {
  auto* health = server_->GetHealthCheckService();
  while (true) {
    const std::string because = options_.not_ready_because();
    absl::MutexLock lock(&mutex_);
    if (draining_) return;
    not_ready_because_ = because;
    health->SetServingStatus("readiness", because.empty());
    health->SetServingStatus(options_.name, because.empty());
    mutex_.AwaitWithTimeout(absl::Condition(&draining_), kReadinessPeriod);
    if (draining_) return;
  }
}

std::string Server::not_ready_because() const {
  absl::MutexLock lock(&mutex_);
  return not_ready_because_;
}

void Server::StopBeingReady() {
  {
    absl::MutexLock lock(&mutex_);
    if (draining_) return;
    draining_ = true;
    not_ready_because_ = "shutting down";
  }
  readiness_.join();
  server_->GetHealthCheckService()->Shutdown();
}

void Server::Drain(absl::Duration grace) {
  StopBeingReady();
  server_->Shutdown(absl::ToChronoTime(absl::Now() + grace));
}

}  // namespace alliance::rpc
