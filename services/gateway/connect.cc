#include "services/gateway/connect.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "common/base/str.h"
#include "common/obs/log.h"
#include "google/rpc/status.pb.h"
#include "services/gateway/methods.h"
#include "services/gateway/problem.h"

namespace alliance::gateway {
namespace {

struct CodeRow {
  std::string_view word;
  int http;
};
// In the order of the gRPC codes, 0 to 16.
constexpr CodeRow kCodes[] = {{"ok", 200},
                              {"canceled", 499},
                              {"unknown", 500},
                              {"invalid_argument", 400},
                              {"deadline_exceeded", 504},
                              {"not_found", 404},
                              {"already_exists", 409},
                              {"permission_denied", 403},
                              {"resource_exhausted", 429},
                              {"failed_precondition", 400},
                              {"aborted", 409},
                              {"out_of_range", 400},
                              {"unimplemented", 501},
                              {"internal", 500},
                              {"unavailable", 503},
                              {"data_loss", 500},
                              {"unauthenticated", 401}};

const CodeRow& RowOf(grpc::StatusCode code) { return kCodes[code >= 0 && code < 17 ? code : 2]; }

std::string Lower(std::string_view text) {
  return absl::AsciiStrToLower(absl::StripAsciiWhitespace(base::Absl(text)));
}

// "name;q=0.5" → name and whether q is not 0.
std::pair<std::string, bool> Offer(absl::string_view item) {
  const std::vector<std::string> parts = absl::StrSplit(item, ';');
  bool wanted = true;
  for (size_t i = 1; i < parts.size(); ++i) {
    const std::string parameter = Lower(parts[i]);
    double quality = 1;
    if (absl::StartsWith(parameter, "q=") && absl::SimpleAtod(parameter.substr(2), &quality)) {
      wanted = quality > 0;
    }
  }
  return {Lower(parts[0]), wanted};
}

}  // namespace

std::string_view ContentTypeOf(Codec codec) {
  return codec == Codec::kJson ? "application/json" : "application/proto";
}

std::optional<Codec> CodecOf(std::string_view content_type) {
  const std::vector<std::string> parts = absl::StrSplit(base::Absl(content_type), ';');
  const std::string type = Lower(parts[0]);
  for (size_t i = 1; i < parts.size(); ++i) {
    const std::string parameter = Lower(parts[i]);
    if (parameter != "charset=utf-8" && parameter != "charset=\"utf-8\"") return std::nullopt;
  }
  if (type == "application/json") return Codec::kJson;
  if (type == "application/proto" && parts.size() == 1) return Codec::kProto;
  return std::nullopt;
}

absl::StatusOr<Coding> CodingOf(std::string_view content_encoding) {
  const std::string coding = Lower(content_encoding);
  if (coding.empty() || coding == "identity") return Coding::kIdentity;
  if (coding == "gzip") return Coding::kGzip;
  return WithCode(absl::StatusCode::kUnimplemented,
                  BadRequest("Content-Encoding", "UNSUPPORTED_ENCODING",
                             "不支持这种压缩方式，仅支持 gzip 和 identity。",
                             "This encoding is not supported; use gzip or identity."));
}

bool AcceptsGzip(std::string_view accept_encoding) {
  for (absl::string_view item : absl::StrSplit(base::Absl(accept_encoding), ',')) {
    const auto [name, wanted] = Offer(item);
    if (name == "gzip") return wanted;
  }
  return false;
}

absl::Status CheckVersion(std::string_view connect_protocol_version) {
  if (connect_protocol_version.empty() || connect_protocol_version == "1") return absl::OkStatus();
  return BadRequest("Connect-Protocol-Version", "UNSUPPORTED_VERSION",
                    "仅支持 Connect 协议第 1 版。",
                    "Only version 1 of the Connect protocol is known.");
}

absl::StatusOr<absl::Duration> TimeoutOf(std::string_view connect_timeout_ms,
                                         absl::Duration longest) {
  if (connect_timeout_ms.empty()) return longest;
  int64_t milliseconds = 0;
  const bool digits =
      connect_timeout_ms.size() <= 10 &&
      connect_timeout_ms.find_first_not_of("0123456789") == std::string_view::npos &&
      absl::SimpleAtoi(base::Absl(connect_timeout_ms), &milliseconds);
  if (!digits) {
    return BadRequest("Connect-Timeout-Ms", "BAD_TIMEOUT", "超时时间须为最多十位的毫秒数。",
                      "The timeout must be milliseconds, at most ten digits.");
  }
  return std::min(longest, absl::Milliseconds(milliseconds));
}

std::string_view ConnectCode(grpc::StatusCode code) { return RowOf(code).word; }

int HttpStatusOf(grpc::StatusCode code) { return RowOf(code).http; }

std::string UnpaddedBase64(std::string_view bytes) {
  std::string text = absl::Base64Escape(base::Absl(bytes));
  while (!text.empty() && text.back() == '=') text.pop_back();
  return text;
}

std::string ErrorJson(const grpc::Status& status) {
  std::string json =
      base::StrCat("{\"code\":\"", ConnectCode(status.error_code()), "\",\"message\":\"",
                   obs::JsonEscaped(status.error_message()), "\"");
  google::rpc::Status details;
  if (details.ParseFromString(status.error_details()) && details.details_size() > 0) {
    base::StrAppend(&json, ",\"details\":[");
    bool first = true;
    for (const auto& any : details.details()) {
      const std::string& url = any.type_url();
      base::StrAppend(&json, first ? "" : ",", "{\"type\":\"",
                      obs::JsonEscaped(url.substr(url.rfind('/') + 1)), "\",\"value\":\"",
                      UnpaddedBase64(any.value()), "\"");
      const std::string debug = DebugJson(url, any.value());
      if (!debug.empty()) base::StrAppend(&json, ",\"debug\":", debug);
      base::StrAppend(&json, "}");
      first = false;
    }
    base::StrAppend(&json, "]");
  }
  base::StrAppend(&json, "}");
  return json;
}

std::optional<std::string> BearerOf(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() <= kScheme.size() ||
      Lower(authorization.substr(0, kScheme.size() - 1)) != "bearer" ||
      authorization[kScheme.size() - 1] != ' ') {
    return std::nullopt;
  }
  const absl::string_view token =
      absl::StripAsciiWhitespace(base::Absl(authorization.substr(kScheme.size())));
  return std::string(token.data(), token.size());
}

}  // namespace alliance::gateway
