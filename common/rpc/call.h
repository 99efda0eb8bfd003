// Call: what a handler knows about the request beside its message.

#ifndef ALLIANCE_COMMON_RPC_CALL_H_
#define ALLIANCE_COMMON_RPC_CALL_H_

#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "common/domain/caller.h"

namespace alliance::rpc {

// W3C trace context (https://www.w3.org/TR/trace-context/), carried as metadata "traceparent".
struct Trace {
  std::string trace_id;  // 32 hex digits
  std::string span_id;   // 16 hex digits: this process's span

  // "00-<trace_id>-<span_id>-01", for the next hop.
  std::string Parent() const;
  // Continues the trace of `traceparent`, or starts a new one when it is absent or malformed.
  static Trace Continue(std::string_view traceparent);
};

struct Call {
  domain::Caller caller;
  std::string_view method;  // "/alliance.filing.v1.FilingService/SubmitApplication"
  std::string peer;         // service name of the peer's certificate, e.g. "gateway"
  absl::Time deadline;      // never infinite
  Trace trace;
};

}  // namespace alliance::rpc

#endif  // ALLIANCE_COMMON_RPC_CALL_H_
