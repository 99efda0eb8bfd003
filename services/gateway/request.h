// Request and Answer: one public call on its way through the gateway, however it came in.

#ifndef ALLIANCE_SERVICES_GATEWAY_REQUEST_H_
#define ALLIANCE_SERVICES_GATEWAY_REQUEST_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "common/domain/caller.h"
#include "common/rpc/call.h"
#include "grpcpp/support/status.h"
#include "services/gateway/methods.h"

namespace alliance::gateway {

// Security time: sessions, locks, tokens. The system's in every program; a demonstration that sets
// the legal clock must not make an old session fresh.
using SecurityClock = std::function<absl::Time()>;

struct Request {
  const Method* method = nullptr;
  std::string_view edge;               // "connect" or "grpc"
  std::string source;                  // the client's address, without the port
  std::optional<std::string> session;  // session token; empty text: credentials of a wrong shape
  std::string certificate_uri;         // of the client's certificate; empty over HTTP
  rpc::Trace trace;
  absl::Time arrived;
  absl::Time deadline;
  std::string body;  // a serialised request message

  // Known once admitted.
  domain::Caller caller;
  absl::Time session_expire = absl::InfiniteFuture();
};

using Metadata = std::multimap<std::string, std::string>;

struct Answer {
  grpc::Status status;
  std::string body;  // a serialised answer message, when the status is OK
  Metadata leading;
  Metadata trailing;
};

using RequestPtr = std::shared_ptr<Request>;
using AnswerCallback = std::function<void(Answer)>;

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_REQUEST_H_
