// Metrics: the process's Prometheus registry and the series that every service has.
//
// Labels are resolved once, at start: a call touches only its own counters. No label ever carries a
// case, a person or an enterprise.

#ifndef ALLIANCE_COMMON_OBS_METRICS_H_
#define ALLIANCE_COMMON_OBS_METRICS_H_

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"

namespace alliance::obs {

// The one registry of this process; lives as long as the process.
prometheus::Registry& Registry();

// Registers a series, or finds it: same name and labels give the same series.
prometheus::Counter& Counter(const std::string& name, const std::string& help,
                             const prometheus::Labels& labels = {});
prometheus::Gauge& Gauge(const std::string& name, const std::string& help,
                         const prometheus::Labels& labels = {});
// Seconds, with buckets from 1 ms to 10 s.
prometheus::Histogram& Seconds(const std::string& name, const std::string& help,
                               const prometheus::Labels& labels = {});

// The series of one RPC method, named after go-grpc-prometheus so that public dashboards fit.
class MethodMetrics {
 public:
  // `side` is "server" or "client"; `method` the full name "/package.Service/Method".
  MethodMetrics(std::string_view side, std::string_view method);
  void Started() { started_->Increment(); }
  // `code` 0 to 16.
  void Handled(int code, absl::Duration took);

 private:
  prometheus::Counter* started_;
  std::array<prometheus::Counter*, 17> handled_;
  prometheus::Histogram* seconds_;
};

// Text of the gRPC code, "OK" to "Unauthenticated", as the metrics spell it.
std::string_view CodeName(int code);

// One HTTP server for the cluster, not for users: GET /metrics, /healthz (the process lives) and
// /readyz (`ready` says so; 503 with its text otherwise).
class AdminServer {
 public:
  // Starts on host:port. Returns nullptr and fills `error` with one line when the port is taken.
  static std::unique_ptr<AdminServer> Start(const std::string& address,
                                            std::function<std::string()> not_ready_because,
                                            std::string* error);
  virtual ~AdminServer() = default;
};

}  // namespace alliance::obs

#endif  // ALLIANCE_COMMON_OBS_METRICS_H_
