// Caller token: the gateway's word for who calls, for one service, one method and half a minute.
//
// Services believe this and nothing else about a caller. Times are the system clock's: a settable
// demo clock must not make an old token fresh.

#ifndef ALLIANCE_COMMON_RPC_TOKEN_H_
#define ALLIANCE_COMMON_RPC_TOKEN_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/recent.h"
#include "common/crypto/signing.h"
#include "common/domain/caller.h"

namespace alliance::rpc {

inline constexpr char kCallerMetadata[] = "alliance-caller-bin";
inline constexpr absl::Duration kTokenLife = absl::Seconds(30);
inline constexpr size_t kRecentTokens = 8192;

// Serialised alliance.gateway.v1.SignedCaller. `method` is the full method name.
std::string SignCaller(const crypto::Signer& signer, const domain::Caller& caller,
                       std::string_view audience, std::string_view method, absl::Time now);

// Signs for the gateway. A token serves all calls of one caller to one method until a third of its
// life is over: signing one costs more than the rest of forwarding a small call.
class CallerSigner {
 public:
  explicit CallerSigner(crypto::Signer signer) : signer_(std::move(signer)) {}

  // What SignCaller gives, or gave a moment ago.
  std::string Sign(const domain::Caller& caller, std::string_view audience, std::string_view method,
                   absl::Time now);

 private:
  struct Signed {
    std::string token;
    absl::Time at;
  };
  const crypto::Signer signer_;
  base::Recent<Signed> recent_{kRecentTokens};
};

// Believes the gateway for one service. A token that was found good is known again by its bytes;
// what depends on the call, its method and the instant, is asked every time.
class CallerVerifier {
 public:
  CallerVerifier(std::shared_ptr<const crypto::Verifier> key, std::string audience)
      : key_(std::move(key)), audience_(std::move(audience)) {}

  // UNAUTHENTICATED LOGIN_REQUIRED for an empty token, TOKEN_INVALID for a forged, foreign or
  // misdirected one, TOKEN_EXPIRED.
  absl::StatusOr<domain::Caller> Verify(std::string_view token, std::string_view method,
                                        absl::Time now);

 private:
  struct Known {
    domain::Caller caller;
    std::string method;
    int64_t issue_us = 0;
    int64_t expire_us = 0;
  };
  absl::StatusOr<Known> Read(std::string_view token) const;

  const std::shared_ptr<const crypto::Verifier> key_;
  const std::string audience_;
  base::Recent<Known> recent_{kRecentTokens};
};

}  // namespace alliance::rpc

#endif  // ALLIANCE_COMMON_RPC_TOKEN_H_
