// The admin HTTP server over CivetWeb, which Debian's prometheus-cpp already brings along.

#include <memory>
#include <string>
#include <utility>

#include "CivetServer.h"
#include "common/base/str.h"
#include "common/obs/metrics.h"
#include "prometheus/text_serializer.h"

namespace alliance::obs {
namespace {

void Answer(mg_connection* connection, int code, std::string_view type, std::string_view body) {
  mg_printf(
      connection,
      "HTTP/1.1 %d %s\r\nContent-Type: %.*s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n",
      code, code == 200 ? "OK" : "Service Unavailable", static_cast<int>(type.size()), type.data(),
      body.size());
  mg_write(connection, body.data(), body.size());
}

class MetricsHandler final : public CivetHandler {
 public:
  bool handleGet(CivetServer*, mg_connection* connection) override {
    Answer(connection, 200, "text/plain; version=0.0.4; charset=utf-8",
           prometheus::TextSerializer().Serialize(Registry().Collect()));
    return true;
  }
};

class LiveHandler final : public CivetHandler {
 public:
  bool handleGet(CivetServer*, mg_connection* connection) override {
    Answer(connection, 200, "text/plain", "ok\n");
    return true;
  }
};

class ReadyHandler final : public CivetHandler {
 public:
  explicit ReadyHandler(std::function<std::string()> not_ready_because)
      : not_ready_because_(std::move(not_ready_because)) {}
  bool handleGet(CivetServer*, mg_connection* connection) override {
    const std::string because = not_ready_because_();
    Answer(connection, because.empty() ? 200 : 503, "text/plain",
           because.empty() ? "ready\n" : because + "\n");
    return true;
  }

 private:
  std::function<std::string()> not_ready_because_;
};

class CivetAdminServer final : public AdminServer {
 public:
  CivetAdminServer(const std::string& address, std::function<std::string()> not_ready_because)
      : ready_(std::move(not_ready_because)),
        server_({"listening_ports", address, "num_threads", "2", "request_timeout_ms", "5000"}) {
    server_.addHandler("/metrics", metrics_);
    server_.addHandler("/healthz", live_);
    server_.addHandler("/readyz", ready_);
  }

 private:
  MetricsHandler metrics_;
  LiveHandler live_;
  ReadyHandler ready_;
  CivetServer server_;  // last: stops before the handlers go
};

}  // namespace

std::unique_ptr<AdminServer> AdminServer::Start(const std::string& address,
                                                std::function<std::string()> not_ready_because,
                                                std::string* error) {
  try {
    return std::make_unique<CivetAdminServer>(address, std::move(not_ready_because));
  } catch (const CivetException&) {
    *error = base::StrCat("cannot listen on admin address ", address, ": is the port taken?");
    return nullptr;
  }
}

}  // namespace alliance::obs
