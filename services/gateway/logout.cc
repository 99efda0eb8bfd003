// Logout: ends the caller's session, here at once.

#include <optional>

#include "common/base/status_macros.h"
#include "services/gateway/account_store.h"
#include "services/gateway/gateway_service.h"

namespace alliance::gateway {

absl::Status GatewayService::Logout(const Request& call, const v1::LogoutRequest&,
                                    v1::LogoutResponse*) {
  if (!call.session) return absl::OkStatus();  // a client certificate has no session to end
  RETURN_IF_ERROR(parts_.pool.Run(call.deadline, [&](db::Txn& txn) {
    const Account account = {.id = call.caller.account,
                             .role = std::string(domain::WordOf(call.caller.role)),
                             .region = call.caller.region,
                             .organisation = call.caller.organisation};
    if (EndSession(txn, TokenDigest(*call.session))) {
      RecordAct(txn, account, "logout", parts_.legal_clock.Now(), call.trace.trace_id);
    }
    return absl::OkStatus();
  }));
  parts_.identities.Forget(*call.session);
  return absl::OkStatus();
}

}  // namespace alliance::gateway
