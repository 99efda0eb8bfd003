#include "common/obs/metrics.h"

#include <map>
#include <utility>

#include "common/base/str.h"

namespace alliance::obs {
namespace {

constexpr std::string_view kCodes[17] = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

const prometheus::Histogram::BucketBoundaries& Buckets() {
  static const auto& buckets = *new prometheus::Histogram::BucketBoundaries{
      .001, .002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};
  return buckets;
}

}  // namespace

std::string_view CodeName(int code) { return code >= 0 && code < 17 ? kCodes[code] : "Unknown"; }

prometheus::Registry& Registry() {
  static auto& registry = *new prometheus::Registry(prometheus::Registry::InsertBehavior::Merge);
  return registry;
}

prometheus::Counter& Counter(const std::string& name, const std::string& help,
                             const prometheus::Labels& labels) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(Registry()).Add(labels);
}

prometheus::Gauge& Gauge(const std::string& name, const std::string& help,
                         const prometheus::Labels& labels) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(Registry()).Add(labels);
}

prometheus::Histogram& Seconds(const std::string& name, const std::string& help,
                               const prometheus::Labels& labels) {
  return prometheus::BuildHistogram()
      .Name(name)
      .Help(help)
      .Register(Registry())
      .Add(labels, Buckets());
}

MethodMetrics::MethodMetrics(std::string_view side, std::string_view method) {
  // "/package.Service/Method"
  const size_t slash = method.rfind('/');
  const std::string service(method.substr(1, slash - 1));
  const std::string name(method.substr(slash + 1));
  const std::string prefix = base::StrCat("grpc_", side, "_");
  const prometheus::Labels labels = {
      {"grpc_type", "unary"}, {"grpc_service", service}, {"grpc_method", name}};
  started_ = &Counter(prefix + "started_total", "RPCs started.", labels);
  seconds_ = &Seconds(prefix + "handling_seconds", "Seconds until the RPC was answered.", labels);
  for (int code = 0; code < 17; ++code) {
    prometheus::Labels with_code = labels;
    with_code["grpc_code"] = std::string(kCodes[code]);
    handled_[code] = &Counter(prefix + "handled_total", "RPCs answered, by code.", with_code);
  }
}

void MethodMetrics::Handled(int code, absl::Duration took) {
  handled_[code >= 0 && code < 17 ? code : 2]->Increment();
  seconds_->Observe(absl::ToDoubleSeconds(took));
}

}  // namespace alliance::obs
