// Identities: who stands behind a session token or a client certificate.
//
// The database is asked at most once a second for the same caller, so that reads do not pay for it.
// A logout is felt here at once and in other gateways within that second; so is a role that was
// taken away.

#ifndef ALLIANCE_SERVICES_GATEWAY_IDENTITIES_H_
#define ALLIANCE_SERVICES_GATEWAY_IDENTITIES_H_

#include <functional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/db/pool.h"
#include "common/domain/caller.h"
#include "common/rpc/worker_pool.h"
#include "services/gateway/account_store.h"
#include "services/gateway/request.h"

namespace alliance::gateway {

inline constexpr absl::Duration kSessionLife = absl::Hours(12);
inline constexpr absl::Duration kSessionIdle = absl::Minutes(30);
inline constexpr absl::Duration kIdentityFresh = absl::Seconds(1);

struct Identity {
  domain::Caller caller;
  absl::Time expire = absl::InfiniteFuture();
};

// SHA-256 of a session token: what the table and the cache are keyed by.
std::string TokenDigest(std::string_view token);

domain::Caller CallerOf(const Account& account);

class Identities {
 public:
  using Callback = std::function<void(absl::StatusOr<Identity>)>;

  // All outlive this.
  Identities(db::Pool& pool, rpc::WorkerPool& workers, SecurityClock now);

  // Answers on this thread when the caller is known already, else on a worker. TOKEN_INVALID for an
  // unknown or ended session, TOKEN_EXPIRED for one past its 12 hours or 30 minutes without use.
  void ByToken(std::string_view token, absl::Time deadline, Callback done);

  // LOGIN_REQUIRED when no account has this certificate.
  void ByCertificate(std::string_view uri, absl::Time deadline, Callback done);

  // After a logout.
  void Forget(std::string_view token);

 private:
  struct Known {
    Identity identity;
    absl::Time fresh_until;
  };
  using Find = absl::StatusOr<Identity> (Identities::*)(const std::string&, absl::Time);

  void Look(std::string key, std::string name, Find find, absl::Time deadline, Callback done);
  absl::StatusOr<Identity> FindToken(const std::string& digest, absl::Time deadline);
  absl::StatusOr<Identity> FindCertificate(const std::string& uri, absl::Time deadline);

  db::Pool& pool_;
  rpc::WorkerPool& workers_;
  const SecurityClock now_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Known> known_ ABSL_GUARDED_BY(mutex_);
  // Counts what was forgotten: what was looked up before may not be remembered after.
  int64_t forgotten_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_IDENTITIES_H_
