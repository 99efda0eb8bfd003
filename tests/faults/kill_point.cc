// For tests: preloaded into a service, kills it at the n-th of one system call on a file of the
// paper store, so that the service itself needs no switch for it. tests/faults/test_uploads.py
// builds it.
//
//   KILL_POINT=fdatasync:2   as the second piece is about to be synced
//   KILL_POINT=linked:1      when a paper has just got its name
//   KILL_ARMED=/path         only while this file exists

#include <dlfcn.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

constexpr char kTemporaries[] = "/papers/tmp/";

bool IsTemporary(const char* path) { return std::strstr(path, kTemporaries) != nullptr; }

// Dies here when this is the point.
void Reach(const char* call, bool counts) {
  static std::atomic<int> reached{0};
  const char* point = std::getenv("KILL_POINT");
  const char* armed = std::getenv("KILL_ARMED");
  if (!counts || point == nullptr || armed == nullptr || access(armed, F_OK) != 0) return;
  const char* colon = std::strchr(point, ':');
  if (colon == nullptr || std::string(point, colon) != call) return;
  if (++reached == std::strtol(colon + 1, nullptr, 10)) kill(getpid(), SIGKILL);
}

template <typename Call>
Call* Real(const char* name) {
  return reinterpret_cast<Call*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int fdatasync(int fd) {
  char path[4096] = {};
  char link_name[64];
  std::snprintf(link_name, sizeof link_name, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link_name, path, sizeof path - 1);
  Reach("fdatasync", length > 0 && IsTemporary(path));
  return Real<int(int)>("fdatasync")(fd);
}

int link(const char* from, const char* to) noexcept {
  Reach("link", IsTemporary(from));
  const int result = Real<int(const char*, const char*)>("link")(from, to);
  Reach("linked", IsTemporary(from));
  return result;
}

int unlink(const char* path) noexcept {
  Reach("unlink", IsTemporary(path));
  const int result = Real<int(const char*)>("unlink")(path);
  Reach("unlinked", IsTemporary(path));
  return result;
}

}  // extern "C"
