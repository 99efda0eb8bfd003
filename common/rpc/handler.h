// Handler: how a service declares what it answers, without gRPC.
//
// A handler is a straight-line function of the service's class, one file each:
//
//   class ReviewService {
//     …
//     ALLIANCE_RPC(ClaimCase, v1::ClaimCaseRequest, v1::ReviewCase)   // in claim_case.cc
//     ALLIANCE_CLIENT_STREAM_RPC(UploadPaper, v1::UploadPaperRequest, v1::Application)
//   };
//
//   absl::Status ReviewService::ClaimCase(const rpc::Call& call, const v1::ClaimCaseRequest&
//   request,
//                                         v1::ReviewCase* answer) { … }
//
// services/<name>/service.cc binds each to the wire in one line (common/rpc/bind.h). It alone sees
// *.grpc.pb.h, which costs more to compile than a handler.

#ifndef ALLIANCE_COMMON_RPC_HANDLER_H_
#define ALLIANCE_COMMON_RPC_HANDLER_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call.h"

namespace alliance::rpc {

// The messages of a client that sends many. One is read at a time, when it is asked for, so a
// client is never ahead of the handler by more than what gRPC's flow control lets through.
template <typename Request>
class Incoming {
 public:
  virtual ~Incoming() = default;
  // The next message; false when the client has sent its last. DEADLINE when none comes in time,
  // CANCELLED when the client is gone.
  virtual absl::StatusOr<bool> Next(Request* message) = 0;
};

}  // namespace alliance::rpc

#define ALLIANCE_RPC(Name, Request, Answer) \
  absl::Status Name(const ::alliance::rpc::Call& call, const Request& request, Answer* answer);
#define ALLIANCE_CLIENT_STREAM_RPC(Name, Request, Answer)                                      \
  absl::Status Name(const ::alliance::rpc::Call& call, ::alliance::rpc::Incoming<Request>& in, \
                    Answer* answer);

#endif  // ALLIANCE_COMMON_RPC_HANDLER_H_
