// LoginLimiter: failed logins per source address, against one machine trying many accounts.
//
// Behind a proxy everybody has one address, so the bound is wide; the narrow one is the lock of
// each login (account_store.h).

#ifndef ALLIANCE_SERVICES_GATEWAY_LOGIN_LIMITER_H_
#define ALLIANCE_SERVICES_GATEWAY_LOGIN_LIMITER_H_

#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace alliance::gateway {

struct LoginLimits {
  int failures = 50;                               // at once, from one source
  absl::Duration one_back_per = absl::Seconds(3);  // then one more for each of these
};

class LoginLimiter {
 public:
  explicit LoginLimiter(LoginLimits limits) : limits_(limits) {}

  bool MayTry(std::string_view source, absl::Time now);
  void CountFailure(std::string_view source, absl::Time now);

 private:
  // The moment at which this source has all its failures back.
  absl::Time& FullAt(std::string_view source, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const LoginLimits limits_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, absl::Time> full_at_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_LOGIN_LIMITER_H_
