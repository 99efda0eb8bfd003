// Serve: what happens around every handler, once, for all services.
//
// A handler is a straight-line function `absl::Status Verb(const Call&, const Request&, Answer*)`.
// Around it: who is the peer and the caller, deadline, bounded queue, exception barrier, status
// bridge, metrics and one log line. common/rpc/bind.h puts the handlers of a service behind it.

#ifndef ALLIANCE_COMMON_RPC_SERVE_H_
#define ALLIANCE_COMMON_RPC_SERVE_H_

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/crypto/signing.h"
#include "common/obs/metrics.h"
#include "common/rpc/call.h"
#include "common/rpc/token.h"
#include "common/rpc/worker_pool.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "grpcpp/support/status.h"

namespace alliance::rpc {

// Who may call a method.
enum class Access {
  kCaller,  // the gateway, with a signed caller token
  kPeer,    // a service of the suite, with its certificate
};

struct ServeOptions {
  std::string service;                           // "filing": audience of tokens
  std::shared_ptr<crypto::Verifier> caller_key;  // the gateway's
  absl::flat_hash_set<std::string> peers;        // services that may use kPeer methods
  int workers = 16;
  int queue_limit = 512;
};

class Serve {
 public:
  using Handler = absl::AnyInvocable<absl::Status(const Call&)>;
  using Finisher = absl::AnyInvocable<void(const grpc::Status&)>;

  explicit Serve(ServeOptions options);

  // Runs `handler` on a worker and finishes the RPC. `service` and `method` must be literals.
  grpc::ServerUnaryReactor* Unary(grpc::CallbackServerContext* context, const char* service,
                                  const char* method, Access access, Handler handler);

  // The same for a handler that reads a stream while it runs (serve_stream.h). It holds its worker
  // as long as the client sends, so at most a quarter of the workers do that at once.
  void Stream(grpc::CallbackServerContext* context, const char* service, const char* method,
              Access access, Finisher finish, Handler handler);

  // Calls wait for a worker: what nobody waits for should stand back.
  bool Crowded() const { return workers_.Crowded(); }

 private:
  struct Method {
    std::string name;
    obs::MethodMetrics metrics;
  };
  struct Job;

  Method& MethodOf(const char* service, const char* method);
  absl::Status Identify(const grpc::CallbackServerContext& context, Access access,
                        Call* call) const;
  absl::Status Run(Job& job) const;
  void Finish(Job& job, const absl::Status& status) const;
  void Start(grpc::CallbackServerContext* context, Method& method, Access access,
             absl::Duration longest, Finisher finish, Handler handler);

  const ServeOptions options_;
  mutable CallerVerifier callers_;
  prometheus::Histogram& queue_seconds_;
  prometheus::Gauge& in_flight_;
  prometheus::Counter& shed_;
  absl::Mutex mutex_;
  // Keyed by the literals' addresses: one look-up, no string built per call.
  absl::flat_hash_map<std::pair<const char*, const char*>, std::unique_ptr<Method>> methods_
      ABSL_GUARDED_BY(mutex_);
  std::atomic<int> streams_{0};
  WorkerPool workers_;  // last: joins before the rest goes
};

}  // namespace alliance::rpc

#endif  // ALLIANCE_COMMON_RPC_SERVE_H_
