#include "services/gateway/http_edge.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <thread>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "common/base/str.h"
#include "common/obs/log.h"
#include "services/gateway/http_session.h"
#include "services/gateway/run_guarded.h"

namespace alliance::gateway {

namespace net = boost::asio;
using net::ip::tcp;

namespace {

constexpr int kThreads = 2;
constexpr auto kPauseAfterFailure = std::chrono::milliseconds(100);
// Said without looking at the request, so it carries no Connect error.
constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";

absl::Status CannotListen(const std::string& address, const boost::system::error_code& error) {
  return absl::UnavailableError(
      base::StrCat("cannot listen on HTTP address ", address, ": ", error.message()));
}

}  // namespace

class HttpEdge::Listener {
 public:
  Listener(HttpOptions options, Gate& gate)
      : shared_{.options = std::move(options), .gate = gate},
        acceptor_(context_),
        timer_(context_) {}
  ~Listener() { Stop(absl::ZeroDuration()); }

  absl::Status Open() {
    const std::string& address = shared_.options.address;
    const size_t colon = address.rfind(':');
    int port = 0;
    if (colon == std::string::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port) ||
        port < 0 || port > 65535) {
      return absl::InvalidArgumentError(
          base::StrCat("HTTP address ", address, " is not host:port"));
    }
    boost::system::error_code error;
    std::string host = address.substr(0, colon);
    if (host == "localhost") host = "127.0.0.1";
    if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
    const auto ip = net::ip::make_address(host, error);
    if (error) {
      return absl::InvalidArgumentError(
          base::StrCat("HTTP address ", address, ": the host must be an IP address"));
    }
    const tcp::endpoint endpoint(ip, static_cast<uint16_t>(port));
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(net::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(net::socket_base::max_listen_connections, error);
    if (error) return CannotListen(address, error);
    port_ = acceptor_.local_endpoint().port();
    return absl::OkStatus();
  }

  void Run() {
    net::post(context_, [this] { Accept(); });
    for (int i = 0; i < kThreads; ++i) threads_.emplace_back([this] { RunGuarded(context_); });
  }

  int port() const { return port_; }

  void Close() {
    if (shared_.closing.exchange(true)) return;
    net::post(context_, [this] {
      boost::system::error_code ignored;
      acceptor_.close(ignored);
      absl::MutexLock lock(&mutex_);
      for (const std::weak_ptr<HttpSession>& weak : sessions_) {
        if (auto session = weak.lock()) session->EndWhenIdle();
      }
    });
  }

  void Stop(absl::Duration limit) {
    Close();
    const absl::Time until = absl::Now() + limit;
    while (shared_.sessions.load() > 0 && absl::Now() < until) {
      absl::SleepFor(absl::Milliseconds(5));
    }
    work_.reset();
    context_.stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  void Accept() {
    if (shared_.closing) return;
    acceptor_.async_accept(net::make_strand(context_),
                           [this](boost::system::error_code error, tcp::socket socket) {
                             OnAccept(error, std::move(socket));
                           });
  }

  // Whatever goes wrong, file descriptors running out included, the listener lives on.
  void OnAccept(boost::system::error_code error, tcp::socket socket) {
    if (shared_.closing || error == net::error::operation_aborted) return;
    if (error) {
      obs::Log(obs::Level::kWarning, "accept_failed", {{"cause", error.message()}});
      timer_.expires_after(kPauseAfterFailure);
      timer_.async_wait([this](boost::system::error_code) { Accept(); });
      return;
    }
    if (shared_.sessions.load() >= shared_.options.connections) {
      socket.non_blocking(true, error);
      socket.write_some(net::buffer(kFull.data(), kFull.size()), error);
    } else {
      auto session = std::make_shared<HttpSession>(std::move(socket), shared_);
      Remember(session);
      session->Start();
    }
    Accept();
  }

  void Remember(const std::shared_ptr<HttpSession>& session) {
    absl::MutexLock lock(&mutex_);
    if (sessions_.size() > static_cast<size_t>(2 * shared_.options.connections) ||
        sessions_.size() > 2 * static_cast<size_t>(shared_.sessions.load()) + 64) {
      sessions_.remove_if([](const auto& weak) { return weak.expired(); });
    }
    sessions_.push_back(session);
  }

  HttpShared shared_;  // before the context, whose last handlers still hold sessions
  absl::Mutex mutex_;
  std::list<std::weak_ptr<HttpSession>> sessions_ ABSL_GUARDED_BY(mutex_);
  net::io_context context_{kThreads};
  net::executor_work_guard<net::io_context::executor_type> work_{context_.get_executor()};
  tcp::acceptor acceptor_;
  net::steady_timer timer_;
  int port_ = 0;
  std::vector<std::thread> threads_;
};

HttpEdge::HttpEdge(std::unique_ptr<Listener> listener) : listener_(std::move(listener)) {}

absl::StatusOr<std::unique_ptr<HttpEdge>> HttpEdge::Start(HttpOptions options, Gate& gate) {
  auto listener = std::make_unique<Listener>(std::move(options), gate);
  if (absl::Status status = listener->Open(); !status.ok()) return status;
  listener->Run();
  return std::unique_ptr<HttpEdge>(new HttpEdge(std::move(listener)));
}

HttpEdge::~HttpEdge() = default;

int HttpEdge::port() const { return listener_->port(); }
void HttpEdge::Close() { listener_->Close(); }
void HttpEdge::Stop(absl::Duration limit) { listener_->Stop(limit); }

}  // namespace alliance::gateway
