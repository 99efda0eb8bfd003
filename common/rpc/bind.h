// Bind: the handlers of a service (common/rpc/handler.h) as a gRPC service, one line per RPC.
//
//   class Wire final : public rpc::Bound<v1::ReviewService, ReviewService> {
//    public:
//     using Bound::Bound;
//     ALLIANCE_BIND(ClaimCase)
//     …
//   };
//
// The types of request and answer are those that the handler declares. Access is the gateway's, for
// a caller, or with ALLIANCE_BIND_PEER a service's of the suite.

#ifndef ALLIANCE_COMMON_RPC_BIND_H_
#define ALLIANCE_COMMON_RPC_BIND_H_

#include <memory>
#include <utility>

#include "common/rpc/handler.h"
#include "common/rpc/serve.h"
#include "common/rpc/serve_stream.h"

namespace alliance::rpc {

template <typename Handler>
struct HandlerTypes;
template <typename S, typename In, typename Out>
struct HandlerTypes<absl::Status (S::*)(const Call&, const In&, Out*)> {
  using Request = In;
  using Answer = Out;
};
template <typename S, typename In, typename Out>
struct HandlerTypes<absl::Status (S::*)(const Call&, Incoming<In>&, Out*)> {
  using Request = In;
  using Answer = Out;
};
template <auto handler>
using RequestOf = typename HandlerTypes<decltype(handler)>::Request;
template <auto handler>
using AnswerOf = typename HandlerTypes<decltype(handler)>::Answer;

// What the macros below need: the generated service and the class of its handlers.
template <typename Generated, typename Class>
class Bound : public Generated::CallbackService {
 public:
  // `serve` outlives the service.
  Bound(Serve& serve, std::unique_ptr<Class> handlers)
      : serve_(serve), handlers_(std::move(handlers)) {}

 protected:
  using Service = Generated;
  using Handlers = Class;

  Serve& serve_;
  const std::unique_ptr<Handlers> handlers_;
};

}  // namespace alliance::rpc

#define ALLIANCE_BIND(Name) ALLIANCE_BIND_AS(Name, ::alliance::rpc::Access::kCaller)
#define ALLIANCE_BIND_PEER(Name) ALLIANCE_BIND_AS(Name, ::alliance::rpc::Access::kPeer)
#define ALLIANCE_BIND_AS(Name, access)                                                            \
  ::grpc::ServerUnaryReactor* Name(::grpc::CallbackServerContext* context,                        \
                                   const ::alliance::rpc::RequestOf<&Handlers::Name>* request,    \
                                   ::alliance::rpc::AnswerOf<&Handlers::Name>* answer) override { \
    return serve_.Unary(context, Service::service_full_name(), #Name, access,                     \
                        [this, request, answer](const ::alliance::rpc::Call& call) {              \
                          return handlers_->Name(call, *request, answer);                         \
                        });                                                                       \
  }
#define ALLIANCE_BIND_CLIENT_STREAM(Name)                                                         \
  ::grpc::ServerReadReactor<::alliance::rpc::RequestOf<&Handlers::Name>>* Name(                   \
      ::grpc::CallbackServerContext* context, ::alliance::rpc::AnswerOf<&Handlers::Name>* answer) \
      override {                                                                                  \
    using Request = ::alliance::rpc::RequestOf<&Handlers::Name>;                                  \
    return ::alliance::rpc::ClientStream<Request>(                                                \
        serve_, context, Service::service_full_name(), #Name, ::alliance::rpc::Access::kCaller,   \
        [this, answer](const ::alliance::rpc::Call& call,                                         \
                       ::alliance::rpc::Incoming<Request>& in) {                                  \
          return handlers_->Name(call, in, answer);                                               \
        });                                                                                       \
  }

#endif  // ALLIANCE_COMMON_RPC_BIND_H_
