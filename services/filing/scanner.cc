#include "services/filing/scanner.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/errors.h"
#include "common/obs/log.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Refuse;
using Clock = std::chrono::steady_clock;

constexpr size_t kPieceBytes = 64 << 10;
constexpr size_t kLongestAnswer = 4096;

absl::Status Unavailable(std::string_view why) {
  obs::Log(obs::Level::kError, "scanner_failed", {{"cause", std::string(why)}});
  return Refuse(Reason::kScannerUnavailable);
}

// A connection whose every step ends by the same instant.
class Socket {
 public:
  explicit Socket(Clock::time_point until) : until_(until) {}
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool Connect(const std::string& address) {
    if (address.starts_with('/')) {
      sockaddr_un unix_address{};
      unix_address.sun_family = AF_UNIX;
      if (address.size() >= sizeof unix_address.sun_path) return false;
      std::memcpy(unix_address.sun_path, address.data(), address.size());
      return ConnectTo(AF_UNIX, reinterpret_cast<const sockaddr*>(&unix_address),
                       sizeof unix_address);
    }
    const size_t colon = address.rfind(':');
    if (colon == std::string::npos) return false;
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(address.substr(0, colon).c_str(), address.substr(colon + 1).c_str(), &hints,
                    &found) != 0) {
      return false;
    }
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
    return ConnectTo(found->ai_family, found->ai_addr, found->ai_addrlen);
  }

  bool SendAll(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0) {
        bytes.remove_prefix(static_cast<size_t>(sent));
      } else if (!Again() || !Wait(POLLOUT)) {
        return false;
      }
    }
    return true;
  }

  // Up to the NUL that ends an answer; nothing when it does not come whole.
  std::optional<std::string> Answer() {
    std::string answer;
    std::array<char, 512> piece;
    while (answer.size() < kLongestAnswer) {
      const ssize_t got = recv(fd_, piece.data(), piece.size(), 0);
      if (got > 0) {
        answer.append(piece.data(), static_cast<size_t>(got));
        const size_t end = answer.find('\0');
        if (end != std::string::npos) return answer.substr(0, end);
      } else if (got == 0 || !Again() || !Wait(POLLIN)) {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

 private:
  static bool Again() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

  bool ConnectTo(int family, const sockaddr* address, socklen_t length) {
    fd_ = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd_ < 0) return false;
    if (connect(fd_, address, length) == 0) return true;
    if (errno != EINPROGRESS || !Wait(POLLOUT)) return false;
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
  }

  bool Wait(int16_t events) const {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until_ - Clock::now()).count();
    if (left <= 0) return false;
    pollfd waited{.fd = fd_, .events = events, .revents = 0};
    const int ready = poll(&waited, 1, static_cast<int>(left));
    return ready > 0 || (ready < 0 && errno == EINTR);
  }

  const Clock::time_point until_;
  int fd_ = -1;
};

std::string LengthOf(std::string_view piece) {
  const auto length = static_cast<uint32_t>(piece.size());
  return {static_cast<char>(length >> 24), static_cast<char>(length >> 16),
          static_cast<char>(length >> 8), static_cast<char>(length)};
}

class Clamd final : public Scanner {
 public:
  explicit Clamd(std::string address) : address_(std::move(address)) {}

  absl::Status Scan(std::string_view content, absl::Duration limit) const override {
    Socket socket(Clock::now() + absl::ToChronoMilliseconds(limit));
    if (!socket.Connect(address_)) return Unavailable("no connection");
    bool sent = socket.SendAll(std::string_view("zINSTREAM\0", 10));
    for (size_t at = 0; sent && at < content.size(); at += kPieceBytes) {
      const std::string_view piece = content.substr(at, kPieceBytes);
      sent = socket.SendAll(LengthOf(piece)) && socket.SendAll(piece);
    }
    sent = sent && socket.SendAll(LengthOf(""));
    // One that refuses a stream says so and closes: what it said is still to be read.
    const std::optional<std::string> answer = socket.Answer();
    if (!answer) return Unavailable(sent ? "no answer" : "broken while sending");
    constexpr std::string_view kStream = "stream: ";
    constexpr std::string_view kFound = " FOUND";
    if (sent && *answer == "stream: OK") return absl::OkStatus();
    if (answer->starts_with(kStream) && answer->ends_with(kFound) &&
        answer->size() > kStream.size() + kFound.size()) {
      const std::string name =
          answer->substr(kStream.size(), answer->size() - kStream.size() - kFound.size());
      return Refuse(Reason::kMalwareFound, {{"malware", name}});
    }
    return Unavailable(*answer);
  }

 private:
  const std::string address_;
};

}  // namespace

std::unique_ptr<Scanner> MakeClamd(std::string address) {
  return std::make_unique<Clamd>(std::move(address));
}

}  // namespace alliance::filing
