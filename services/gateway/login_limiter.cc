#include "services/gateway/login_limiter.h"

#include <algorithm>

#include "common/base/str.h"

namespace alliance::gateway {
namespace {

constexpr size_t kMostSources = 20'000;

}  // namespace

absl::Time& LoginLimiter::FullAt(std::string_view source, absl::Time now) {
  if (full_at_.size() >= kMostSources) {
    absl::erase_if(full_at_, [now](const auto& entry) { return entry.second <= now; });
    if (full_at_.size() >= kMostSources) full_at_.clear();
  }
  absl::Time& full_at = full_at_[base::Absl(source)];
  full_at = std::max(full_at, now);
  return full_at;
}

bool LoginLimiter::MayTry(std::string_view source, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  return FullAt(source, now) + limits_.one_back_per <=
         now + limits_.failures * limits_.one_back_per;
}

void LoginLimiter::CountFailure(std::string_view source, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  FullAt(source, now) += limits_.one_back_per;
}

}  // namespace alliance::gateway
