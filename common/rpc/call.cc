#include "common/rpc/call.h"

#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/crypto/random.h"

namespace alliance::rpc {
namespace {

bool IsHex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool AllZero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

std::string Trace::Parent() const { return base::StrCat("00-", trace_id, "-", span_id, "-01"); }

Trace Trace::Continue(std::string_view traceparent) {
  Trace trace{.span_id = crypto::RandomHex(8)};
  const bool well_formed = traceparent.size() == 55 && traceparent.substr(0, 3) == "00-" &&
                           traceparent[35] == '-' && traceparent[52] == '-' &&
                           IsHex(traceparent.substr(3, 32)) &&
                           !AllZero(traceparent.substr(3, 32)) && IsHex(traceparent.substr(36, 16));
  trace.trace_id = well_formed ? std::string(traceparent.substr(3, 32)) : crypto::RandomHex(16);
  return trace;
}

}  // namespace alliance::rpc
