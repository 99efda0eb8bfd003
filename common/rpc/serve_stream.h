// Client streams: as serve.h, for a method whose request comes in many messages.
//
// The handler is a straight-line function as well (common/rpc/handler.h); it asks for the next
// message where it needs it:
//
//   v1::UploadPaperRequest message;
//   ASSIGN_OR_RETURN(bool more, in.Next(&message));

#ifndef ALLIANCE_COMMON_RPC_SERVE_STREAM_H_
#define ALLIANCE_COMMON_RPC_SERVE_STREAM_H_

#include <algorithm>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/domain/errors.h"
#include "common/rpc/handler.h"
#include "common/rpc/serve.h"

namespace alliance::rpc {

// Longest that a handler waits for one message of a client.
inline constexpr absl::Duration kLongestPause = absl::Seconds(30);

// Lives until gRPC is done with the call, which is after the handler has returned.
template <typename Request>
class StreamReactor final : public grpc::ServerReadReactor<Request>, public Incoming<Request> {
 public:
  explicit StreamReactor(grpc::CallbackServerContext* context) : context_(context) {}

  void SetDeadline(absl::Time deadline) { deadline_ = deadline; }

  absl::StatusOr<bool> Next(Request* message) override {
    this->StartRead(&incoming_);
    absl::MutexLock lock(&mutex_);
    if (!mutex_.AwaitWithDeadline(absl::Condition(&arrived_),
                                  std::min(deadline_, absl::Now() + kLongestPause))) {
      return domain::Refuse(domain::Reason::kDeadline);
    }
    arrived_ = false;
    if (context_->IsCancelled()) return domain::Refuse(domain::Reason::kCancelled);
    if (good_) message->Swap(&incoming_);
    return good_;
  }

  void OnReadDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    good_ = ok;
    arrived_ = true;
  }
  void OnDone() override { delete this; }

 private:
  grpc::CallbackServerContext* const context_;
  absl::Time deadline_;
  Request incoming_;
  absl::Mutex mutex_;
  bool arrived_ ABSL_GUARDED_BY(mutex_) = false;
  bool good_ ABSL_GUARDED_BY(mutex_) = false;
};

template <typename Request>
grpc::ServerReadReactor<Request>* ClientStream(
    Serve& serve, grpc::CallbackServerContext* context, const char* service, const char* method,
    Access access, absl::AnyInvocable<absl::Status(const Call&, Incoming<Request>&)> handler) {
  auto* reactor = new StreamReactor<Request>(context);
  serve.Stream(
      context, service, method, access,
      [reactor](const grpc::Status& status) { reactor->Finish(status); },
      [reactor, handler = std::move(handler)](const Call& call) mutable {
        reactor->SetDeadline(call.deadline);
        return handler(call, *reactor);
      });
  return reactor;
}

}  // namespace alliance::rpc

#endif  // ALLIANCE_COMMON_RPC_SERVE_STREAM_H_
