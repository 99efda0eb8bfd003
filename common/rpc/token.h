// Caller token: the gateway's word for who calls, for one service, one method and half a minute.
//
// Services believe this and nothing else about a caller. Times are the system clock's: a settable
// demo clock must not make an old token fresh.

#ifndef ALLIANCE_COMMON_RPC_TOKEN_H_
#define ALLIANCE_COMMON_RPC_TOKEN_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/crypto/signing.h"
#include "common/domain/caller.h"

namespace alliance::rpc {

inline constexpr char kCallerMetadata[] = "alliance-caller-bin";
inline constexpr absl::Duration kTokenLife = absl::Seconds(30);

// Serialised alliance.gateway.v1.SignedCaller. `method` is the full method name.
std::string SignCaller(const crypto::Signer& signer, const domain::Caller& caller,
                       std::string_view audience, std::string_view method, absl::Time now);

// UNAUTHENTICATED LOGIN_REQUIRED for an empty token, TOKEN_INVALID for a forged, foreign or
// misdirected one, TOKEN_EXPIRED.
absl::StatusOr<domain::Caller> VerifyCaller(const crypto::Verifier& verifier,
                                            std::string_view token, std::string_view audience,
                                            std::string_view method, absl::Time now);

}  // namespace alliance::rpc

#endif  // ALLIANCE_COMMON_RPC_TOKEN_H_
