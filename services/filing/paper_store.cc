#include "services/filing/paper_store.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
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
constexpr size_t kPieceBytes = 256 << 10;

absl::Status Failed(std::string_view what, const std::string& path) {
  return absl::UnavailableError(
      base::StrCat("papers: ", what, " ", path, ": ", std::strerror(errno)));
}

absl::Status Missing(std::string_view what, const std::string& path) {
  return errno == ENOENT ? absl::NotFoundError("papers: no such paper") : Failed(what, path);
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

class Mapped final : public PaperStore::View {
 public:
  explicit Mapped(std::string_view content) : content_(content) {}
  ~Mapped() override { munmap(const_cast<char*>(content_.data()), content_.size()); }
  std::string_view content() const override { return content_; }

 private:
  const std::string_view content_;
};

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

class PaperFolder final : public PaperStore {
 public:
  explicit PaperFolder(std::string folder) : folder_(std::move(folder)) {}

  absl::Status Prepare() {
    RETURN_IF_ERROR(MakeFolder(Temporary("")));
    const std::string probe = base::NewUuid7();
    RETURN_IF_ERROR(Append(probe, 0, "probe"));
    return Drop(probe);
  }

  absl::Status Append(std::string_view id, int64_t offset, std::string_view bytes) override {
    const std::string path = Temporary(id);
    const File file(path, O_WRONLY | O_CREAT);
    if (!file.ok()) return Failed("cannot create", path);
    struct stat found {};
    if (fstat(file.fd(), &found) != 0) return Failed("cannot look at", path);
    if (found.st_size < offset) {
      return absl::DataLossError("papers: an upload is shorter than what was counted");
    }
    if (ftruncate(file.fd(), offset) != 0) return Failed("cannot cut", path);
    for (size_t done = 0; done < bytes.size();) {
      const ssize_t written = pwrite(file.fd(), bytes.data() + done, bytes.size() - done,
                                     offset + static_cast<int64_t>(done));
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return Failed("cannot write", path);
      done += static_cast<size_t>(written);
    }
    if (fdatasync(file.fd()) != 0) return Failed("cannot sync", path);
    return offset == 0 ? SyncFolder(Temporary("")) : absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<View>> Open(std::string_view id, int64_t size_bytes) override {
    const std::string path = Temporary(id);
    const File file(path, O_RDONLY);
    if (!file.ok()) return Missing("cannot open", path);
    struct stat found {};
    if (fstat(file.fd(), &found) != 0) return Failed("cannot look at", path);
    if (found.st_size != size_bytes || size_bytes == 0) {
      return absl::DataLossError("papers: an upload does not have the size that was counted");
    }
    const auto size = static_cast<size_t>(size_bytes);
    void* const at = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.fd(), 0);
    if (at == MAP_FAILED) return Failed("cannot map", path);
    return std::make_unique<Mapped>(std::string_view(static_cast<const char*>(at), size));
  }

  absl::Status Keep(std::string_view id, std::string_view sha256) override {
    const std::string path = PathOf(sha256);
    const std::string folder = std::filesystem::path(path).parent_path().string();
    RETURN_IF_ERROR(MakeFolder(folder));
    // What has the name already is complete, for it got it in this way; but whoever did it may not
    // have synced the name yet.
    if (link(Temporary(id).c_str(), path.c_str()) != 0 && errno != EEXIST) {
      return Failed("cannot link to", path);
    }
    return SyncFolder(folder);
  }

  absl::Status Drop(std::string_view id) override {
    const std::string path = Temporary(id);
    return unlink(path.c_str()) == 0 || errno == ENOENT ? absl::OkStatus()
                                                        : Failed("cannot remove", path);
  }

  std::vector<std::string> Idle(absl::Duration age) override {
    const auto before = std::filesystem::file_time_type::clock::now() - absl::ToChronoSeconds(age);
    std::vector<std::string> ids;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(Temporary(""), error)) {
      // One that goes away meanwhile is young enough.
      if (entry.last_write_time(error) < before && !error) {
        ids.push_back(entry.path().filename().string());
      }
    }
    return ids;
  }

  absl::StatusOr<std::string> Read(std::string_view sha256, int64_t offset,
                                   int64_t limit) override {
    const std::string path = PathOf(sha256);
    const File file(path, O_RDONLY);
    if (!file.ok()) return Missing("cannot open", path);
    struct stat found {};
    if (fstat(file.fd(), &found) != 0) return Failed("cannot look at", path);
    const int64_t there = std::max<int64_t>(0, found.st_size - offset);
    std::string content(static_cast<size_t>(std::min(limit, there)), '\0');
    for (size_t done = 0; done < content.size();) {
      const ssize_t got = pread(file.fd(), content.data() + done, content.size() - done,
                                offset + static_cast<int64_t>(done));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return Failed("cannot read", path);
      done += static_cast<size_t>(got);
    }
    return content;
  }

 private:
  std::string Temporary(std::string_view id) const { return base::StrCat(folder_, "/tmp/", id); }
  std::string PathOf(std::string_view sha256) const {
    const std::string hex = crypto::Hex(sha256);
    return base::StrCat(folder_, "/", hex.substr(0, 2), "/", hex.substr(2));
  }

  const std::string folder_;
};

}  // namespace

absl::StatusOr<std::string> PaperStore::Put(std::string_view content) {
  std::string digest = crypto::Sha256(content);
  const std::string id = base::NewUuid7();
  absl::Status status = Append(id, 0, content);
  if (status.ok()) status = Keep(id, digest);
  const absl::Status dropped = Drop(id);
  RETURN_IF_ERROR(status);
  RETURN_IF_ERROR(dropped);
  return digest;
}

absl::Status PaperStore::Verify(std::string_view sha256) {
  crypto::Sha256Hasher hasher;
  for (int64_t at = 0;; at += kPieceBytes) {
    ASSIGN_OR_RETURN(const std::string piece, Read(sha256, at, kPieceBytes));
    hasher.Add(piece);
    if (piece.size() < kPieceBytes) break;
  }
  return hasher.Finish() == sha256 ? absl::OkStatus()
                                   : absl::DataLossError("papers: content changed on disk");
}

absl::StatusOr<std::unique_ptr<PaperStore>> OpenPaperFolder(const std::string& folder) {
  if (folder.empty()) return absl::InvalidArgumentError("papers: paper_folder is not set");
  std::error_code error;
  const std::string absolute = std::filesystem::absolute(folder, error).lexically_normal().string();
  std::filesystem::create_directories(absolute, error);
  if (error) {
    return absl::UnavailableError(
        base::StrCat("papers: cannot make folder ", absolute, ": ", error.message()));
  }
  auto papers = std::make_unique<PaperFolder>(absolute);
  RETURN_IF_ERROR(papers->Prepare());
  return papers;
}

}  // namespace alliance::filing
