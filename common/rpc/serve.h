// Serve: what happens around every handler, once, for all services.
//
// A handler is a straight-line function `absl::Status Verb(const Call&, const Request&, Answer*)`.
// Around it: who is the peer and the caller, deadline, bounded queue, exception barrier, status
// bridge, metrics and one log line. A service declares an RPC in one line:
//
//   class ReviewService final : public v1::ReviewService::CallbackService {
//     …
//     ALLIANCE_RPC(ClaimCase, v1::ClaimCaseRequest, v1::ReviewCase)   // handler in claim_case.cc
//    private:
//     using Service = v1::ReviewService;
//     rpc::Serve& serve_;
//   };

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

// Declares the handler `absl::Status Name(const rpc::Call&, const Request&, Answer*)` and the RPC
// that serves it. The class names its generated service `Service` and its dispatcher `serve_`.
#define ALLIANCE_RPC(Name, Request, Answer) \
  ALLIANCE_RPC_WITH(Name, Request, Answer, ::alliance::rpc::Access::kCaller)
#define ALLIANCE_PEER_RPC(Name, Request, Answer) \
  ALLIANCE_RPC_WITH(Name, Request, Answer, ::alliance::rpc::Access::kPeer)
#define ALLIANCE_RPC_WITH(Name, Request, Answer, access)                                           \
  absl::Status Name(const ::alliance::rpc::Call& call, const Request& request, Answer* answer);    \
  ::grpc::ServerUnaryReactor* Name(::grpc::CallbackServerContext* context, const Request* request, \
                                   Answer* answer) override {                                      \
    return serve_.Unary(context, Service::service_full_name(), #Name, access,                      \
                        [this, request, answer](const ::alliance::rpc::Call& call) {               \
                          return Name(call, *request, answer);                                     \
                        });                                                                        \
  }

#endif  // ALLIANCE_COMMON_RPC_SERVE_H_
