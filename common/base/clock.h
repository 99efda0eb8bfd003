// Clock: where the product gets "now" from.
//
// The law (common/domain) never asks for the time; it is handed in. Everything else asks a Clock,
// so that a test, or a demonstration, can stand on the evening of 25 April 2023.
//
//   SystemClock   the server's time; the only one used in production.
//   ManualClock   set by a test.
//   SharedOffsetClock   the server's time plus an offset kept in a small file; all processes of a
//                 demonstration share it, `alliancectl clock set` writes it.
//
// All clocks are safe to use from many threads.

#ifndef ALLIANCE_COMMON_BASE_CLOCK_H_
#define ALLIANCE_COMMON_BASE_CLOCK_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace alliance::base {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

class SystemClock final : public Clock {
 public:
  absl::Time Now() const override;
};

class ManualClock final : public Clock {
 public:
  explicit ManualClock(absl::Time now) : now_(now) {}

  absl::Time Now() const override;
  void Set(absl::Time now);
  void Advance(absl::Duration by);

 private:
  mutable absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

// The file holds one int64, the offset in microseconds, in the machine's byte order. A missing file
// is created with offset 0. A later WriteOffset is seen by every open clock at its next Now().
class SharedOffsetClock final : public Clock {
 public:
  static absl::StatusOr<std::unique_ptr<SharedOffsetClock>> Open(const std::string& path);
  static absl::Status WriteOffset(const std::string& path, absl::Duration offset);

  // As Open, for callers that cannot go on without it: the reason is kept and Now() then answers
  // the system time; ask status() before use.
  explicit SharedOffsetClock(const std::string& path);
  ~SharedOffsetClock() override;
  SharedOffsetClock(const SharedOffsetClock&) = delete;
  SharedOffsetClock& operator=(const SharedOffsetClock&) = delete;

  const absl::Status& status() const { return status_; }
  absl::Time Now() const override;

 private:
  absl::Status status_;
  int64_t* offset_us_ = nullptr;  // mmap-ed; another process may change it at any moment
};

}  // namespace alliance::base

#endif  // ALLIANCE_COMMON_BASE_CLOCK_H_
