// Methods: what the descriptors linked into this binary say about the routes.
//
// The gateway treats every message alike: it knows a method's request and answer types by name
// only, to turn JSON into bytes and back and to refuse bytes that are no such message. The one
// place that names services is LinkDescriptors.

#ifndef ALLIANCE_SERVICES_GATEWAY_METHODS_H_
#define ALLIANCE_SERVICES_GATEWAY_METHODS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/obs/metrics.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/type_resolver.h"
#include "services/gateway/routes.h"

namespace alliance::gateway {

// All of our services, from the linked descriptors.
std::vector<const google::protobuf::ServiceDescriptor*> LinkDescriptors();

// "/alliance.filing.v1.FilingService/GetRound"
std::string PathOf(const google::protobuf::MethodDescriptor& method);

// A message as JSON, by its type URL: for error details.
std::string DebugJson(const std::string& type_url, const std::string& bytes);

class Method {
 public:
  Method(const Route& route, const google::protobuf::MethodDescriptor& descriptor);

  const Route& route() const { return route_; }
  const std::string& path() const { return path_; }
  // The request comes in many messages: by native gRPC only.
  bool takes_stream() const { return takes_stream_; }
  obs::MethodMetrics& metrics() const { return metrics_; }

  // Canonical protobuf JSON ⇄ bytes. An empty body is {}. An unknown field, a wrong type and a
  // number out of range are INVALID_REQUEST and name the field.
  absl::StatusOr<std::string> RequestFromJson(std::string_view json) const;
  absl::StatusOr<std::string> AnswerToJson(const std::string& bytes) const;

  // INVALID_REQUEST BAD_PROTO when the bytes are no request of this method.
  absl::Status CheckRequest(std::string_view bytes) const;

 private:
  const Route& route_;
  const std::string path_;
  const bool takes_stream_;
  const google::protobuf::Message& request_;  // prototype
  const std::string request_url_;
  const std::string answer_url_;
  mutable obs::MethodMetrics metrics_;
};

// One Method per route.
class Methods {
 public:
  // A route that no descriptor knows, a typo in the table, is an error that names it; so is one
  // that answers in a stream, which no edge forwards.
  static absl::StatusOr<std::unique_ptr<Methods>> Make();

  // Nothing when the path is not public.
  const Method* Find(std::string_view path) const;

 private:
  Methods() = default;
  absl::flat_hash_map<std::string, std::unique_ptr<Method>> by_path_;
};

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_METHODS_H_
