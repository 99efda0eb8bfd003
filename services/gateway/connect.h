// Connect: the wire rules of the Connect protocol, unary, as pure functions.
//
// What http_session.cc does with a request is decided here, so that every rule has a test without a
// socket.

#ifndef ALLIANCE_SERVICES_GATEWAY_CONNECT_H_
#define ALLIANCE_SERVICES_GATEWAY_CONNECT_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/support/status.h"

namespace alliance::gateway {

enum class Codec { kJson, kProto };
enum class Coding { kIdentity, kGzip };

std::string_view ContentTypeOf(Codec codec);

// "application/json" (with charset=utf-8 or none) or "application/proto"; nothing else: HTTP 415.
std::optional<Codec> CodecOf(std::string_view content_type);

// An absent header is an empty text. UNIMPLEMENTED, naming what is supported, for anything but gzip
// and identity.
absl::StatusOr<Coding> CodingOf(std::string_view content_encoding);

// Does "gzip, br;q=0.5" take gzip?
bool AcceptsGzip(std::string_view accept_encoding);

// Absent is fine (curl); anything but 1 is refused.
absl::Status CheckVersion(std::string_view connect_protocol_version);

// At most 10 digits of milliseconds; absent or longer than `longest` is `longest`.
absl::StatusOr<absl::Duration> TimeoutOf(std::string_view connect_timeout_ms,
                                         absl::Duration longest);

// "failed_precondition"
std::string_view ConnectCode(grpc::StatusCode code);
int HttpStatusOf(grpc::StatusCode code);

// {"code","message","details":[{"type","value","debug"}]}
std::string ErrorJson(const grpc::Status& status);

// Base64 without padding: what the protocol writes in details and in "-bin" headers.
std::string UnpaddedBase64(std::string_view bytes);

// The token of "Bearer <token>"; nothing for another scheme.
std::optional<std::string> BearerOf(std::string_view authorization);

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_CONNECT_H_
