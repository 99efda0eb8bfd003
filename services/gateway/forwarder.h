// Forwarder: sends a request's bytes to the service that answers it, with the caller's token.
//
// Nothing that the client sent travels on but the body and the trace: no metadata named
// "alliance-…" can come from outside. Whatever goes wrong on the way becomes one of our refusals,
// so that every answer has a reason word.

#ifndef ALLIANCE_SERVICES_GATEWAY_FORWARDER_H_
#define ALLIANCE_SERVICES_GATEWAY_FORWARDER_H_

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/crypto/signing.h"
#include "common/rpc/token.h"
#include "grpcpp/channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "services/gateway/request.h"
#include "services/gateway/routes.h"

namespace alliance::gateway {

using Channels = std::array<std::shared_ptr<grpc::Channel>, kBackendCount>;

struct ForwardLimits {
  int in_flight = 512;  // calls between here and the services
  int reads = 448;      // of these, how many may be taken when a read arrives: writes come through
};

class Forwarder {
 public:
  // A backend without a channel answers PEER_UNAVAILABLE.
  Forwarder(Channels channels, crypto::Signer signer, ForwardLimits limits);
  // Cancels what is out and waits until it has come back.
  ~Forwarder();

  // False, and counted as shed, when Send would refuse now.
  bool HasRoom(Kind kind);

  // `request` is admitted. OVERLOADED at once when too many calls are out already.
  void Send(RequestPtr request, AnswerCallback done);

  // Ends what is out there, within the time of a cancelled call.
  void CancelAll();

 private:
  struct Flight;

  void Launch(RequestPtr request, std::string_view path, AnswerCallback done);
  void Landed(std::unique_ptr<Flight> flight, const grpc::Status& status);
  int LimitOf(Kind kind) const;
  bool Reserve(Kind kind);
  void Return(AnswerCallback done, Answer answer);

  std::array<std::unique_ptr<grpc::GenericStub>, kBackendCount> stubs_;
  rpc::CallerSigner signer_;
  const ForwardLimits limits_;
  absl::Mutex mutex_;
  int in_flight_ ABSL_GUARDED_BY(mutex_) = 0;   // out at the services: what the limits count
  int unreturned_ ABSL_GUARDED_BY(mutex_) = 0;  // whose answer has not been handed over yet
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_set<Flight*> flights_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_FORWARDER_H_
