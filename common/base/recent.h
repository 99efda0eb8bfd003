// Recent: what was used lately, by key, for work that need not be done again. Bounded: when `most`
// keys have come, the older half of what is kept is let go. Safe from any thread.

#ifndef ALLIANCE_COMMON_BASE_RECENT_H_
#define ALLIANCE_COMMON_BASE_RECENT_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace alliance::base {

template <typename Value>
class Recent {
 public:
  explicit Recent(size_t most) : most_(most) {}

  std::optional<Value> Find(std::string_view key) const {
    const absl::string_view found_by(key.data(), key.size());
    absl::MutexLock lock(&mutex_);
    for (const Map* map : {&young_, &old_}) {
      const auto found = map->find(found_by);
      if (found != map->end()) return found->second;
    }
    return std::nullopt;
  }

  void Put(std::string key, Value value) {
    absl::MutexLock lock(&mutex_);
    if (young_.size() >= most_ / 2 && !young_.contains(key)) {
      old_ = std::move(young_);
      young_ = Map();
    }
    young_.insert_or_assign(std::move(key), std::move(value));
  }

 private:
  using Map = absl::flat_hash_map<std::string, Value>;

  const size_t most_;
  mutable absl::Mutex mutex_;
  Map young_ ABSL_GUARDED_BY(mutex_);
  Map old_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace alliance::base

#endif  // ALLIANCE_COMMON_BASE_RECENT_H_
