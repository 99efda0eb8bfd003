// Gate: the one way through the gateway, for HTTP and for gRPC alike.
//
//   gate.Find(path)            which method; nothing = not public
//   gate.Admit(request, then)  who is it, and may he call this at all
//   gate.Run(request, then)    answer it here or at the service
//   gate.Open(request, …)      the same when the request is a stream
//   gate.Record(…)             metrics and one log line
//
// Admit comes before an edge reads the body: nobody makes us hold 4 MiB who may not call.

#ifndef ALLIANCE_SERVICES_GATEWAY_GATE_H_
#define ALLIANCE_SERVICES_GATEWAY_GATE_H_

#include <functional>
#include <memory>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/gateway/forwarder.h"
#include "services/gateway/gateway_service.h"
#include "services/gateway/identities.h"
#include "services/gateway/request.h"

namespace alliance::gateway {

// Longest a call may take when its client does not say, or says more; and one whose request is a
// stream.
inline constexpr absl::Duration kLongestCall = absl::Seconds(30);
inline constexpr absl::Duration kLongestStream = absl::Minutes(5);

class Gate {
 public:
  using Admitted = std::function<void(absl::Status)>;

  // All outlive this.
  Gate(const Methods& methods, Identities& identities, GatewayService& service,
       Forwarder& forwarder);

  const Method* Find(std::string_view path) const;

  // A request that has just come in: counts as started.
  RequestPtr Begin(const Method& method, std::string_view edge, std::string source,
                   rpc::Trace trace, absl::Time deadline);

  // OVERLOADED, UNAUTHENTICATED, PERMISSION_DENIED NOT_PERMITTED, or OK with request->caller filled
  // in. SHUTTING_DOWN once Close was called. `then` runs exactly once, on any thread, maybe before
  // Admit returns.
  void Admit(RequestPtr request, Admitted then);

  // Runs an admitted request whose body is read. `then` as above.
  void Run(RequestPtr request, AnswerCallback then);

  // The same for an admitted request whose body comes in messages (Forwarder::Open).
  absl::StatusOr<std::shared_ptr<UpStream>> Open(RequestPtr request, std::function<void()> taken,
                                                 AnswerCallback then);

  // Every request that Begin made is recorded once, with the status its client gets.
  void Record(const Request& request, const grpc::Status& status);

  // Lets no more in.
  void Close();
  bool Closed();
  // True when every request begun has been recorded.
  bool WaitUntilIdle(absl::Duration limit);

 private:
  const Methods& methods_;
  Identities& identities_;
  GatewayService& service_;
  Forwarder& forwarder_;
  absl::Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  int open_ ABSL_GUARDED_BY(mutex_) = 0;  // begun and not recorded
};

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_GATE_H_
