#include "common/audit/outside.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "common/base/str.h"

namespace alliance::audit {
namespace {

absl::Status Failed(const std::string& path, std::string_view what) {
  return absl::UnavailableError(
      base::StrCat("audit checkpoints outside: ", what, " ", path, ": ", std::strerror(errno)));
}

// A new file is only safe when its folder's entry is on the disk too.
absl::Status SyncFolder(const std::string& path) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  const std::string folder = parent.empty() ? std::string(".") : parent.string();
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return Failed(folder, "cannot open");
  const bool ok = fsync(fd) == 0;
  close(fd);
  return ok ? absl::OkStatus() : Failed(folder, "cannot sync");
}

}  // namespace

absl::StatusOr<OutsideFile> ReadOutside(const std::string& path) {
  OutsideFile file;
  if (access(path.c_str(), F_OK) != 0) {
    if (errno == ENOENT) return file;
    return Failed(path, "cannot look at");
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return Failed(path, "cannot read");
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  file.exists = true;
  size_t from = 0;
  for (size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', from)) {
    file.lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  file.torn = text.substr(from);
  return file;
}

absl::Status AppendOutside(const std::string& path, std::string_view line) {
  const bool is_new = access(path.c_str(), F_OK) != 0;
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (fd < 0) return Failed(path, "cannot open");
  const std::string bytes = base::StrCat(line, "\n");
  const bool ok =
      write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) && fsync(fd) == 0;
  const absl::Status status = ok ? absl::OkStatus() : Failed(path, "cannot write");
  close(fd);
  return status.ok() && is_new ? SyncFolder(path) : status;
}

absl::Status TruncateOutside(const std::string& path, size_t bytes) {
  return truncate(path.c_str(), static_cast<off_t>(bytes)) == 0 ? absl::OkStatus()
                                                                : Failed(path, "cannot cut");
}

}  // namespace alliance::audit
