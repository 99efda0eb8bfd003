// Server: one gRPC server with mutual TLS, health by name, and an orderly end.

#ifndef ALLIANCE_COMMON_RPC_SERVER_H_
#define ALLIANCE_COMMON_RPC_SERVER_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "alliance/config/v1/config.pb.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/impl/codegen/service_type.h"
#include "grpcpp/server.h"

namespace alliance::rpc {

struct ServerOptions {
  std::string address;  // host:port; port 0 takes a free one
  config::v1::Tls tls;
  std::string name;         // "filing": name in health beside "", "liveness" and "readiness"
  bool reflection = false;  // demonstration only
  int max_receive_bytes = 4 << 20;
  // Why the process cannot serve now, or empty. Asked every 2 seconds; readiness follows it.
  // Liveness never does: a database outage must not empty every endpoint.
  std::function<std::string()> not_ready_because = [] { return std::string(); };
};

class Server {
 public:
  // Fails with one clear line when the address is taken or a certificate is bad.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const ServerOptions& options, const std::vector<grpc::Service*>& services,
      grpc::CallbackGenericService* forwarder = nullptr);
  ~Server();

  int port() const { return port_; }
  std::string not_ready_because() const;

  // Readiness and health go; calls are still taken. Safe to call twice.
  void StopBeingReady();
  // StopBeingReady, then calls in flight get `grace` to finish. Safe to call twice.
  void Drain(absl::Duration grace);

 private:
  Server(const ServerOptions& options, std::unique_ptr<grpc::Server> server, int port);
  void WatchReadiness();

  const ServerOptions options_;
  const int port_;
  std::unique_ptr<grpc::Server> server_;
  mutable absl::Mutex mutex_;
  std::string not_ready_because_ ABSL_GUARDED_BY(mutex_) = "starting";
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread readiness_;
};

}  // namespace alliance::rpc

#endif  // ALLIANCE_COMMON_RPC_SERVER_H_
