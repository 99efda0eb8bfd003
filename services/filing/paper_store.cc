#include "services/filing/paper_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"

namespace alliance::filing {
namespace {

constexpr mode_t kOnlyUs = 0600;

absl::Status Failed(std::string_view what, const std::string& path) {
  return absl::UnavailableError(
      base::StrCat("papers: ", what, " ", path, ": ", std::strerror(errno)));
}

class File {
 public:
  File(const std::string& path, int flags) : fd_(open(path.c_str(), flags | O_CLOEXEC, kOnlyUs)) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool ok() const { return fd_ >= 0; }
  int fd() const { return fd_; }

 private:
  const int fd_;
};

absl::Status WriteAll(const std::string& path, std::string_view content) {
  const File file(path, O_WRONLY | O_CREAT | O_EXCL);
  if (!file.ok()) return Failed("cannot create", path);
  while (!content.empty()) {
    const ssize_t written = write(file.fd(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return Failed("cannot write", path);
    content.remove_prefix(static_cast<size_t>(written));
  }
  return fsync(file.fd()) == 0 ? absl::OkStatus() : Failed("cannot sync", path);
}

absl::Status SyncFolder(const std::string& folder) {
  const File file(folder, O_RDONLY | O_DIRECTORY);
  return file.ok() && fsync(file.fd()) == 0 ? absl::OkStatus() : Failed("cannot sync", folder);
}

absl::Status MakeFolder(const std::string& folder) {
  if (mkdir(folder.c_str(), 0700) == 0) {
    return SyncFolder(std::filesystem::path(folder).parent_path().string());
  }
  return errno == EEXIST ? absl::OkStatus() : Failed("cannot make folder", folder);
}

}  // namespace

absl::StatusOr<PaperStore> PaperStore::Open(const std::string& folder) {
  if (folder.empty()) return absl::InvalidArgumentError("papers: paper_folder is not set");
  std::error_code error;
  const std::string absolute = std::filesystem::absolute(folder, error).lexically_normal().string();
  std::filesystem::create_directories(absolute, error);
  if (error) {
    return absl::UnavailableError(
        base::StrCat("papers: cannot make folder ", absolute, ": ", error.message()));
  }
  const PaperStore store(absolute);
  RETURN_IF_ERROR(MakeFolder(absolute + "/tmp"));
  // What a crash left half-written is nobody's; what is young may be another process's.
  const auto old = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
  for (const auto& entry : std::filesystem::directory_iterator(absolute + "/tmp", error)) {
    std::error_code ignored;
    if (entry.last_write_time(ignored) < old) std::filesystem::remove(entry.path(), ignored);
  }
  const std::string probe = base::StrCat(absolute, "/tmp/", base::NewUuid7());
  RETURN_IF_ERROR(WriteAll(probe, "probe"));
  unlink(probe.c_str());
  return store;
}

std::string PaperStore::PathOf(std::string_view sha256) const {
  const std::string hex = crypto::Hex(sha256);
  return base::StrCat(folder_, "/", hex.substr(0, 2), "/", hex.substr(2));
}

absl::StatusOr<std::string> PaperStore::Put(std::string_view content) const {
  const std::string digest = crypto::Sha256(content);
  const std::string path = PathOf(digest);
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (access(path.c_str(), F_OK) == 0) {
    // Complete, for it got its name by rename; but whoever stored it may not have synced the name
    // yet.
    RETURN_IF_ERROR(SyncFolder(folder));
    return digest;
  }
  RETURN_IF_ERROR(MakeFolder(folder));
  const std::string temporary = base::StrCat(folder_, "/tmp/", base::NewUuid7());
  absl::Status written = WriteAll(temporary, content);
  if (written.ok() && rename(temporary.c_str(), path.c_str()) != 0) {
    written = Failed("cannot rename to", path);
  }
  if (!written.ok()) {
    unlink(temporary.c_str());
    return written;
  }
  RETURN_IF_ERROR(SyncFolder(folder));
  return digest;
}

absl::StatusOr<std::string> PaperStore::Get(std::string_view sha256) const {
  const std::string path = PathOf(sha256);
  const File file(path, O_RDONLY);
  if (!file.ok()) {
    return errno == ENOENT ? absl::NotFoundError("papers: no such paper")
                           : Failed("cannot open", path);
  }
  std::string content;
  std::array<char, 1 << 16> buffer;
  while (true) {
    const ssize_t got = read(file.fd(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed("cannot read", path);
    if (got == 0) break;
    content.append(buffer.data(), static_cast<size_t>(got));
  }
  if (crypto::Sha256(content) != sha256)
    return absl::DataLossError("papers: content changed on disk");
  return content;
}

std::optional<std::string_view> MediaTypeOf(std::string_view content) {
  constexpr std::string_view kPdf = "%PDF-";
  constexpr std::string_view kJpeg = "\xFF\xD8\xFF";
  constexpr std::string_view kPng = "\x89PNG\r\n\x1A\n";
  if (content.starts_with(kPdf)) return "application/pdf";
  if (content.starts_with(kJpeg)) return "image/jpeg";
  if (content.starts_with(kPng)) return "image/png";
  return std::nullopt;
}

bool EndingFits(std::string_view file_name, std::string_view media_type) {
  const size_t dot = file_name.rfind('.');
  if (dot == std::string_view::npos) return false;
  std::string ending(file_name.substr(dot + 1));
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (media_type == "application/pdf") return ending == "pdf";
  if (media_type == "image/png") return ending == "png";
  return ending == "jpg" || ending == "jpeg";
}

}  // namespace alliance::filing
