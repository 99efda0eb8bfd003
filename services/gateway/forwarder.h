// Forwarder: sends a request's bytes to the service that answers it, with the caller's token.
//
// Nothing that the client sent travels on but the body and the trace: no metadata named
// "alliance-…" can come from outside. Whatever goes wrong on the way becomes one of our refusals,
// so that every answer has a reason word.

#ifndef ALLIANCE_SERVICES_GATEWAY_FORWARDER_H_
#define ALLIANCE_SERVICES_GATEWAY_FORWARDER_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/crypto/signing.h"
#include "common/rpc/token.h"
#include "grpcpp/channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "services/gateway/request.h"
#include "services/gateway/routes.h"

namespace alliance::gateway {

using Channels = std::array<std::shared_ptr<grpc::Channel>, kBackendCount>;

struct ForwardLimits {
  int in_flight = 512;  // calls between here and the services
  int reads = 448;      // of these, how many may be taken when a read arrives: writes come through
  int streams = 32;     // of these, how many may be requests in many messages: they last
  int64_t stream_bytes = 64 << 20;  // of one such request; the service has its own, smaller limits
};

// The way of a request in many messages to its service.
//
// One message at a time: the next is written when `taken` was called for the last, and that is not
// before gRPC's window to the service had room for it. So a client is never further ahead of the
// service than that window, and here is never more than one message of it.
class UpStream {
 public:
  virtual ~UpStream() = default;
  // Begins. From then on `then` is called once, after the last `taken`, whatever happens.
  virtual void Start() = 0;
  // Each may be called when the service has answered already, and does nothing then. A message that
  // goes beyond the limit of the request is not sent and ends it: TOO_LARGE.
  virtual void Write(grpc::ByteBuffer message) = 0;
  virtual void WritesDone() = 0;
  // Ends the call at the service. What it has begun it undoes.
  virtual void Cancel() = 0;
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

  // `request` is admitted. OVERLOADED when too many are out, PEER_UNAVAILABLE, DEADLINE; otherwise
  // a stream that must be started. `taken`: Write may be called again.
  absl::StatusOr<std::shared_ptr<UpStream>> Open(RequestPtr request, std::function<void()> taken,
                                                 AnswerCallback then);

  // Ends what is out there, within the time of a cancelled call.
  void CancelAll();

 private:
  struct Flight;
  class Stream;

  // The client context of a call to `path` at its backend.
  void Prepare(const Request& request, std::string_view path, grpc::ClientContext& context);
  // PEER_UNAVAILABLE without a channel, DEADLINE when the time is over.
  absl::StatusOr<grpc::GenericStub*> StubFor(const Request& request, std::string_view path);
  void Register(grpc::ClientContext& context);
  void Unregister(grpc::ClientContext& context);
  void Launch(RequestPtr request, std::string_view path, AnswerCallback done);
  void Landed(std::unique_ptr<Flight> flight, const grpc::Status& status);
  int LimitOf(Kind kind) const;
  bool Reserve(Kind kind);
  bool ReserveStream();
  void EndStream();
  void Return(AnswerCallback done, Answer answer);

  std::array<std::unique_ptr<grpc::GenericStub>, kBackendCount> stubs_;
  rpc::CallerSigner signer_;
  const ForwardLimits limits_;
  absl::Mutex mutex_;
  int in_flight_ ABSL_GUARDED_BY(mutex_) = 0;   // out at the services: what the limits count
  int unreturned_ ABSL_GUARDED_BY(mutex_) = 0;  // whose answer has not been handed over yet
  int streams_ ABSL_GUARDED_BY(mutex_) = 0;     // of in_flight_
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_set<grpc::ClientContext*> calls_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_FORWARDER_H_
