#include "services/gateway/methods.h"

#include <algorithm>

#include "alliance/errors/v1/errors.pb.h"
#include "alliance/evaluation/v1/evaluation.pb.h"
#include "alliance/events/v1/events.pb.h"
#include "alliance/filing/v1/filing.pb.h"
#include "alliance/gateway/v1/gateway.pb.h"
#include "alliance/review/v1/review.pb.h"
#include "alliance/subsidy/v1/subsidy.pb.h"
#include "common/base/str.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/stubs/logging.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/type_resolver_util.h"
#include "google/rpc/error_details.pb.h"
#include "services/gateway/json_check.h"
#include "services/gateway/problem.h"

namespace alliance::gateway {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

constexpr std::string_view kUrlPrefix = "type.googleapis.com";
// A value that the client sent is quoted back to it, but not without end.
constexpr size_t kLongestQuote = 160;

google::protobuf::util::TypeResolver& Resolver() {
  static auto& resolver = *google::protobuf::util::NewTypeResolverForDescriptorPool(
      std::string(kUrlPrefix), DescriptorPool::generated_pool());
  return resolver;
}

std::string UrlOf(const google::protobuf::Descriptor& type) {
  return base::StrCat(kUrlPrefix, "/", type.full_name());
}

// json_util says "(lead.y1) nmae: Cannot find field." or "(lead.y1): invalid value \"x\" for type
// TYPE_INT64"; a place at the top is not in brackets. When a scalar field is given an object, it
// names the message around it and calls the field its type.
absl::Status JsonRefusal(std::string_view message) {
  std::string path;
  if (const size_t close = message.find(')'); message.starts_with('(') && close < message.size()) {
    path = std::string(message.substr(1, close - 1));
    message.remove_prefix(close + 1);
  }
  while (message.starts_with(' ') || message.starts_with(':')) message.remove_prefix(1);
  constexpr std::string_view kUnknown = ": Cannot find field.";
  if (message.ends_with(kUnknown)) {
    message.remove_suffix(kUnknown.size());
    base::StrAppend(&path, path.empty() ? "" : ".", message.substr(0, kLongestQuote));
    return BadRequest(path, "UNKNOWN_FIELD", "没有这个字段。", "There is no such field.");
  }
  if (message.starts_with("invalid value Starting an object")) {
    base::StrAppend(&path, path.empty() ? "" : ".", message.substr(message.rfind(' ') + 1));
    message = "an object for a single value";
  }
  return BadRequest(
      path, "BAD_VALUE", "字段的值不符合该字段的类型。",
      base::StrCat("The value does not fit the field: ", message.substr(0, kLongestQuote)));
}

}  // namespace

std::vector<const google::protobuf::ServiceDescriptor*> LinkDescriptors() {
  // A file's descriptors are linked only when something of it is named.
  const google::protobuf::FileDescriptor* files[] = {
      evaluation::v1::Campaign::descriptor()->file(),
      events::v1::DeliverRequest::descriptor()->file(),
      filing::v1::Application::descriptor()->file(),
      gateway::v1::Session::descriptor()->file(),
      review::v1::ReviewCase::descriptor()->file(),
      subsidy::v1::Plan::descriptor()->file(),
  };
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  for (const auto* file : files) {
    for (int i = 0; i < file->service_count(); ++i) services.push_back(file->service(i));
  }
  // Error details travel as Any: their types are needed for DebugJson.
  google::protobuf::LinkMessageReflection<errors::v1::Problems>();
  google::protobuf::LinkMessageReflection<google::rpc::ErrorInfo>();
  return services;
}

std::string PathOf(const MethodDescriptor& method) {
  return base::StrCat("/", method.service()->full_name(), "/", method.name());
}

std::string DebugJson(const std::string& type_url, const std::string& bytes) {
  std::string json;
  const bool done =
      google::protobuf::util::BinaryToJsonString(&Resolver(), type_url, bytes, &json).ok();
  return done ? json : "";
}

Method::Method(const Route& route, const MethodDescriptor& descriptor)
    : route_(route),
      path_(route.path),
      takes_stream_(descriptor.client_streaming()),
      request_(*google::protobuf::MessageFactory::generated_factory()->GetPrototype(
          descriptor.input_type())),
      request_url_(UrlOf(*descriptor.input_type())),
      answer_url_(UrlOf(*descriptor.output_type())),
      metrics_("server", path_) {}

absl::StatusOr<std::string> Method::RequestFromJson(std::string_view json) const {
  if (json.empty()) return std::string();
  if (absl::Status status = CheckJson(json); !status.ok()) return status;
  std::string bytes;
  const auto status = google::protobuf::util::JsonToBinaryString(
      &Resolver(), request_url_, {json.data(), json.size()}, &bytes);
  if (!status.ok()) {
    return JsonRefusal({status.message().data(), status.message().size()});
  }
  return bytes;
}

absl::StatusOr<std::string> Method::AnswerToJson(const std::string& bytes) const {
  std::string json;
  const auto status =
      google::protobuf::util::BinaryToJsonString(&Resolver(), answer_url_, bytes, &json);
  if (!status.ok())
    return absl::InternalError(base::StrCat("answer of ", path_, " is no ", answer_url_));
  return json;
}

absl::Status Method::CheckRequest(std::string_view bytes) const {
  google::protobuf::Arena arena;
  if (request_.New(&arena)->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::OkStatus();
  }
  return BadRequest("", "BAD_PROTO", "请求内容不是该方法的 protobuf 消息。",
                    "The body is not a protobuf message of this method.");
}

absl::StatusOr<std::unique_ptr<Methods>> Methods::Make() {
  absl::flat_hash_map<std::string, const MethodDescriptor*> known;
  for (const auto* service : LinkDescriptors()) {
    for (int i = 0; i < service->method_count(); ++i) {
      known.emplace(PathOf(*service->method(i)), service->method(i));
    }
  }
  // protobuf would write a line that is not JSON into our log for every damaged request.
  google::protobuf::SetLogHandler(nullptr);
  std::unique_ptr<Methods> methods(new Methods);
  for (const Route& route : kRoutes) {
    const auto found = known.find(std::string(route.path));
    if (found == known.end()) {
      return absl::InternalError(base::StrCat("routes.h: no proto has ", route.path));
    }
    if (found->second->server_streaming()) {
      return absl::InternalError(base::StrCat("routes.h: answers in a stream: ", route.path));
    }
    methods->by_path_.emplace(route.path, std::make_unique<Method>(route, *found->second));
  }
  return methods;
}

const Method* Methods::Find(std::string_view path) const {
  const auto found = by_path_.find(base::Absl(path));
  return found == by_path_.end() ? nullptr : found->second.get();
}

}  // namespace alliance::gateway
