#include "common/base/clock.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "absl/strings/str_cat.h"

namespace alliance::base {
namespace {

static_assert(std::atomic_ref<int64_t>::is_always_lock_free,
              "a lock would not be shared between processes");

// Opens the file, creating it with offset 0, and maps its one number.
absl::StatusOr<int64_t*> MapOffset(const std::string& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path));
  struct stat file = {};
  absl::Status failed;
  if (fstat(fd, &file) != 0) {
    failed = absl::ErrnoToStatus(errno, absl::StrCat("cannot look at ", path));
  } else if (!S_ISREG(file.st_mode) ||
             (file.st_size != 0 && file.st_size != static_cast<off_t>(sizeof(int64_t)))) {
    failed = absl::FailedPreconditionError(absl::StrCat(path, " is not a clock offset file"));
  } else if (file.st_size == 0 && ftruncate(fd, sizeof(int64_t)) != 0) {
    failed = absl::ErrnoToStatus(errno, absl::StrCat("cannot extend ", path));
  }
  void* mapped = MAP_FAILED;
  if (failed.ok()) {
    mapped = mmap(nullptr, sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED) {
      failed = absl::ErrnoToStatus(errno, absl::StrCat("cannot map ", path));
    }
  }
  close(fd);
  if (!failed.ok()) return failed;
  return static_cast<int64_t*>(mapped);
}

}  // namespace

absl::Time SystemClock::Now() const { return absl::Now(); }

absl::Time ManualClock::Now() const {
  absl::MutexLock lock(&mutex_);
  return now_;
}

void ManualClock::Set(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  now_ = now;
}

void ManualClock::Advance(absl::Duration by) {
  absl::MutexLock lock(&mutex_);
  now_ += by;
}

absl::StatusOr<std::unique_ptr<SharedOffsetClock>> SharedOffsetClock::Open(
    const std::string& path) {
  auto clock = std::make_unique<SharedOffsetClock>(path);
  if (!clock->status().ok()) return clock->status();
  return clock;
}

absl::Status SharedOffsetClock::WriteOffset(const std::string& path, absl::Duration offset) {
  const int64_t offset_us = absl::ToInt64Microseconds(offset);
  if (absl::Microseconds(offset_us) != offset) {
    return absl::InvalidArgumentError("a clock offset is a whole number of microseconds");
  }
  absl::StatusOr<int64_t*> mapped = MapOffset(path);
  if (!mapped.ok()) return mapped.status();
  std::atomic_ref<int64_t>(**mapped).store(offset_us, std::memory_order_release);
  munmap(*mapped, sizeof(int64_t));
  return absl::OkStatus();
}

SharedOffsetClock::SharedOffsetClock(const std::string& path) {
  absl::StatusOr<int64_t*> mapped = MapOffset(path);
  status_ = mapped.status();
  if (mapped.ok()) offset_us_ = *mapped;
}

SharedOffsetClock::~SharedOffsetClock() {
  if (offset_us_ != nullptr) munmap(offset_us_, sizeof(int64_t));
}

absl::Time SharedOffsetClock::Now() const {
  if (offset_us_ == nullptr) return absl::Now();
  return absl::Now() +
         absl::Microseconds(std::atomic_ref<int64_t>(*offset_us_).load(std::memory_order_acquire));
}

}  // namespace alliance::base
