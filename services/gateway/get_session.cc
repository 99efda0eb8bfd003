// GetSession: who am I.

#include "services/gateway/gateway_service.h"

namespace alliance::gateway {

absl::Status GatewayService::GetSession(const Request& call, const v1::GetSessionRequest&,
                                        v1::Session* answer) {
  FillSession(call.caller, call.session_expire, answer);
  return absl::OkStatus();
}

}  // namespace alliance::gateway
