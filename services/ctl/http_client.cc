#include "services/ctl/http_client.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "absl/strings/numbers.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"

namespace alliance::ctl {
namespace {

constexpr size_t kMostBytes = 16 * 1024 * 1024;

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

 private:
  const int fd_;
};

absl::Status Failed(const std::string& address, std::string_view what) {
  return absl::UnavailableError(base::StrCat(address, ": ", what, ": ", std::strerror(errno)));
}

absl::StatusOr<std::unique_ptr<Socket>> Connect(const std::string& address,
                                                absl::Duration patience) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos) {
    return absl::InvalidArgumentError(base::StrCat(address, " is not host:port"));
  }
  std::string host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host.c_str(), address.c_str() + colon + 1, &hints, &found);
      error != 0) {
    return absl::UnavailableError(base::StrCat(address, ": ", gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, &freeaddrinfo);
  auto socket = std::make_unique<Socket>(
      ::socket(found->ai_family, found->ai_socktype | SOCK_CLOEXEC, found->ai_protocol));
  const timeval limit = absl::ToTimeval(patience);
  setsockopt(socket->fd(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(socket->fd(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (connect(socket->fd(), found->ai_addr, found->ai_addrlen) != 0) {
    return Failed(address, "cannot connect");
  }
  return socket;
}

bool SendAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

absl::StatusOr<HttpAnswer> Exchange(const std::string& address, std::string_view request,
                                    absl::Duration patience) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Socket> socket, Connect(address, patience));
  if (!SendAll(socket->fd(), request)) return Failed(address, "cannot send");
  std::string text;
  char buffer[16 * 1024];
  ssize_t got = 0;
  while ((got = recv(socket->fd(), buffer, sizeof buffer, 0)) > 0 && text.size() < kMostBytes) {
    text.append(buffer, static_cast<size_t>(got));
  }
  if (got < 0) return Failed(address, "no answer");

  HttpAnswer answer;
  const size_t body = text.find("\r\n\r\n");
  const size_t blank = text.find(' ');
  if (!text.starts_with("HTTP/1.") || body == std::string::npos || blank == std::string::npos ||
      !absl::SimpleAtoi(text.substr(blank + 1, 3), &answer.code)) {
    return absl::UnavailableError(base::StrCat(address, ": the answer is not HTTP"));
  }
  answer.body = text.substr(body + 4);
  return answer;
}

}  // namespace

absl::StatusOr<HttpAnswer> HttpGet(const std::string& address, std::string_view path,
                                   absl::Duration patience) {
  return Exchange(
      address,
      base::StrCat("GET ", path, " HTTP/1.0\r\nHost: ", address, "\r\nConnection: close\r\n\r\n"),
      patience);
}

absl::StatusOr<HttpAnswer> HttpPost(const std::string& address, std::string_view path,
                                    std::string_view json, std::string_view token,
                                    absl::Duration patience) {
  const std::string authorization =
      token.empty() ? "" : base::StrCat("Authorization: Bearer ", token, "\r\n");
  return Exchange(address,
                  base::StrCat("POST ", path, " HTTP/1.1\r\nHost: ", address,
                               "\r\nConnection: close\r\nContent-Type: application/json\r\n",
                               authorization, "Content-Length: ", json.size(), "\r\n\r\n", json),
                  patience);
}

}  // namespace alliance::ctl
