#include "services/gateway/http_session.h"

#include <boost/asio/post.hpp>
#include <chrono>
#include <limits>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/errors.h"
#include "common/obs/metrics.h"
#include "common/rpc/status.h"
#include "services/gateway/gzip.h"
#include "services/gateway/http_transfer.h"
#include "services/gateway/problem.h"
#include "services/gateway/source.h"

namespace alliance::gateway {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using domain::Reason;

namespace {

constexpr size_t kReadBytes = 16 << 10;
constexpr size_t kGzipFrom = 4 << 10;
constexpr absl::Duration kLingerTime = absl::Seconds(1);
constexpr size_t kLingerBytes = 1 << 20;

prometheus::Gauge& OpenConnections() {
  static auto& gauge = obs::Gauge("gateway_http_connections", "Open HTTP connections.");
  return gauge;
}

std::string_view View(beast::string_view text) { return {text.data(), text.size()}; }

std::string SourceOfSocket(const net::ip::tcp::socket& socket) {
  boost::system::error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  return error ? "" : SourceOf(endpoint.address().to_string());
}

bool IsPrintable(std::string_view value) {
  for (unsigned char c : value) {
    if (c < 0x20 || c > 0x7e) return false;
  }
  return true;
}

}  // namespace

HttpSession::HttpSession(net::ip::tcp::socket socket, HttpShared& shared)
    : shared_(shared), source_(SourceOfSocket(socket)), stream_(std::move(socket)) {
  ++shared_.sessions;
  OpenConnections().Increment();
}

HttpSession::~HttpSession() {
  // Only an exception ends a session in the middle of a request.
  if (exchange_.request != nullptr) {
    shared_.gate.Record(*exchange_.request, rpc::ToWire(domain::Refuse(Reason::kInternal)));
  }
  DropHeld();
  OpenConnections().Decrement();
  --shared_.sessions;
}

void HttpSession::Start() {
  net::post(stream_.get_executor(), [self = shared_from_this()] {
    Error ignored;
    self->stream_.socket().set_option(net::ip::tcp::no_delay(true), ignored);
    self->WaitForRequest();
  });
}

void HttpSession::EndWhenIdle() {
  net::post(stream_.get_executor(), [self = shared_from_this()] {
    if (self->waiting_) self->stream_.cancel();
  });
}

// Reading a request ---------------------------------------------------------------------------

void HttpSession::WaitForRequest() {
  if (shared_.closing) return CloseSoon();
  exchange_ = {};
  transfer_.reset();
  DropHeld();
  parser_.emplace();
  parser_->header_limit(static_cast<uint32_t>(shared_.options.header_limit));
  // How long a body may be depends on what the header asks for (Dispatch).
  parser_->body_limit(std::numeric_limits<uint64_t>::max());
  if (buffer_.size() > 0) return ReadHeader();  // pipelined
  waiting_ = true;
  stream_.expires_after(
      Chrono(first_request_ ? shared_.options.header_time : shared_.options.idle_time));
  first_request_ = false;
  stream_.async_read_some(
      buffer_.prepare(kReadBytes),
      [self = shared_from_this()](Error error, size_t bytes) { self->OnFirstBytes(error, bytes); });
}

void HttpSession::OnFirstBytes(Error error, size_t bytes) {
  waiting_ = false;
  if (error) return;
  buffer_.commit(bytes);
  ReadHeader();
}

void HttpSession::ReadHeader() {
  stream_.expires_after(Chrono(shared_.options.header_time));
  http::async_read_header(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](Error error, size_t) { self->OnHeader(error); });
}

void HttpSession::OnHeader(Error error) {
  exchange_.trace = rpc::Trace::Continue(Header("traceparent"));
  if (error == http::error::header_limit) {
    return RefuseAndClose(431, BadRequest("", "HEADER_TOO_LARGE", "请求头过大。",
                                          "The header of the request is too large."));
  }
  if (error == http::error::end_of_stream || error == beast::error::timeout) return CloseSoon();
  if (error.category() == http::make_error_code(http::error::bad_method).category()) {
    return RefuseAndClose(400,
                          BadRequest("", "BAD_HTTP", "请求不符合 HTTP/1.1。",
                                     base::StrCat("Not an HTTP/1.1 request: ", error.message())));
  }
  if (error) return;
  if (absl::Status framing = CheckFraming(); !framing.ok()) return RefuseAndClose(400, framing);
  // Before anything counts with it: every length behind this line fits a signed number.
  if (parser_->content_length().value_or(0) > static_cast<uint64_t>(kMostBytes)) {
    return RefuseAndClose(413, TooLarge(static_cast<size_t>(kMostBytes)));
  }
  Dispatch();
}

// Whatever two HTTP parsers may read differently is refused and ends the connection: the second of
// them would take our body for a request (docs/threats.md B1-T3). Beast has refused both lengths
// together, and lengths that differ, already.
absl::Status HttpSession::CheckFraming() const {
  const auto& request = parser_->get();
  const auto bad = [](std::string_view field, std::string_view why) {
    return BadRequest(field, "BAD_FRAMING", "请求头互相矛盾或重复。", why);
  };
  if (request.count(http::field::transfer_encoding) > 0) {
    if (request.count(http::field::transfer_encoding) > 1 ||
        request.count(http::field::content_length) > 0 || request.version() != 11 ||
        !beast::iequals(request[http::field::transfer_encoding], "chunked")) {
      return bad("Transfer-Encoding",
                 "Transfer-Encoding must be chunked, once, and the only length.");
    }
  }
  if (request.count(http::field::content_length) > 1 ||
      View(request[http::field::content_length]).find_first_not_of("0123456789") !=
          std::string_view::npos) {
    return bad("Content-Length", "Content-Length must be one number.");
  }
  if (request.version() == 11 && request.count(http::field::host) != 1) {
    return bad("Host", "Exactly one Host is needed.");
  }
  return absl::OkStatus();
}

// A browser tells where a page comes from. Pages of our own host and of the configured origins may
// call; another's may not even try (docs/threats.md B1-T2).
bool HttpSession::AllowsOrigin() {
  const std::string origin = Header(http::field::origin);
  if (origin.empty()) return true;
  const auto& allowed = shared_.options.allowed_origins;
  if (std::find(allowed.begin(), allowed.end(), origin) != allowed.end()) {
    exchange_.origin = origin;
    return true;
  }
  const size_t host = origin.find("://");
  return host != std::string::npos && origin.substr(host + 3) == Header(http::field::host);
}

void HttpSession::Preflight() {
  Reply reply = MakeReply(204, "", "");
  const bool file = IsFile(View(parser_->get().target()));
  reply.set(http::field::access_control_allow_methods, file ? "GET, HEAD, PUT" : "POST");
  reply.set(http::field::access_control_allow_headers,
            file ? "Authorization, Content-Range, Content-Type, If-Range, Range, Traceparent, "
                   "Upload-Offset"
                 : "Content-Type, Content-Encoding, Connect-Protocol-Version, Connect-Timeout-Ms, "
                   "Authorization, Traceparent");
  reply.set(http::field::access_control_max_age, "7200");
  Send(std::move(reply));
}

void HttpSession::Dispatch() {
  const auto& http_request = parser_->get();
  std::string_view target = View(http_request.target());
  const std::string_view path = target.substr(0, target.find('?'));
  if (!IsFile(path)) {
    parser_->body_limit(shared_.options.body_limit);
    const auto length = parser_->content_length();
    if (length && *length > shared_.options.body_limit) {
      return RefuseAndClose(0, TooLarge(shared_.options.body_limit));
    }
  }
  if (!AllowsOrigin()) return Refuse(domain::Refuse(Reason::kNotPermitted));
  if (http_request.method() == http::verb::options && !Header(http::field::origin).empty()) {
    return Preflight();
  }
  if (IsFile(path)) return StartFile(path);
  const Method* method = shared_.gate.Find(path);
  if (method == nullptr) {
    return RefuseAs(404, domain::Refuse(Reason::kNoSuchMethod, {{"method", path.substr(0, 200)}}));
  }
  if (http_request.method() != http::verb::post) {
    return RefuseAs(405, WithCode(absl::StatusCode::kUnimplemented,
                                  BadRequest("", "POST_ONLY", "此接口只接受 POST。",
                                             "This method is called by POST.")));
  }
  if (method->takes_stream()) {
    return RefuseAs(
        415, WithCode(absl::StatusCode::kUnimplemented,
                      BadRequest("", "STREAM_ONLY", "此接口只接受 gRPC 流；网页上传请用 PUT。",
                                 "This method takes a stream of gRPC; over HTTP upload by PUT.")));
  }
  const std::optional<Codec> codec = CodecOf(Header(http::field::content_type));
  if (!codec) {
    return RefuseAs(415,
                    BadRequest("Content-Type", "UNSUPPORTED_CONTENT_TYPE",
                               "内容类型须为 application/json 或 application/proto。",
                               "The content type must be application/json or application/proto."));
  }
  exchange_.codec = *codec;

  absl::Duration timeout;
  const absl::Status headers = ReadConnectHeaders(&timeout);
  if (!headers.ok()) return Refuse(headers);
  exchange_.request =
      shared_.gate.Begin(*method, "connect", source_, exchange_.trace, absl::Now() + timeout);
  TakeSession();
  shared_.gate.Admit(exchange_.request, [self = shared_from_this()](const absl::Status& status) {
    net::post(self->stream_.get_executor(), [self, status] { self->OnAdmitted(status); });
  });
  stream_.expires_never();
}

absl::Status HttpSession::ReadConnectHeaders(absl::Duration* timeout) {
  RETURN_IF_ERROR(CheckVersion(Header("Connect-Protocol-Version")));
  ASSIGN_OR_RETURN(exchange_.coding, CodingOf(Header(http::field::content_encoding)));
  ASSIGN_OR_RETURN(*timeout, TimeoutOf(Header("Connect-Timeout-Ms"), kLongestCall));
  exchange_.gzip_answer = AcceptsGzip(Header(http::field::accept_encoding));
  return absl::OkStatus();
}

void HttpSession::OnAdmitted(const absl::Status& status) {
  if (!status.ok()) return Refuse(status);
  const auto length = parser_->content_length();
  if (!HoldBytes(length ? static_cast<int64_t>(*length)
                        : static_cast<int64_t>(shared_.options.body_limit))) {
    return Refuse(domain::Refuse(Reason::kOverloaded));
  }
  const std::string expect = Header(http::field::expect);
  if (expect.empty() || parser_->is_done()) return ReadBody();
  if (!beast::iequals(expect, "100-continue")) {
    return RefuseAndClose(417,
                          BadRequest("Expect", "UNKNOWN_EXPECTATION", "不支持的 Expect 请求头。",
                                     "Only Expect: 100-continue is known."));
  }
  SayContinue();
}

void HttpSession::SayContinue() {
  reply_.emplace(http::status::continue_, 11);
  stream_.expires_after(Chrono(shared_.options.write_time));
  http::async_write(stream_, *reply_, [self = shared_from_this()](Error error, size_t) {
    if (error) return self->ClientIsGone();
    self->ReadBody();
  });
}

void HttpSession::ReadBody() {
  stream_.expires_after(Chrono(shared_.options.body_time));
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](Error error, size_t) { self->OnBody(error); });
}

void HttpSession::OnBody(Error error) {
  if (error == http::error::body_limit) {
    return RefuseAndClose(0, TooLarge(shared_.options.body_limit));
  }
  if (error) return ClientIsGone();
  absl::StatusOr<std::string> body = DecodeBody();
  if (!body.ok()) return Refuse(body.status());
  exchange_.request->body = *std::move(body);
  stream_.expires_never();
  shared_.gate.Run(exchange_.request, [self = shared_from_this()](Answer answer) {
    net::post(self->stream_.get_executor(),
              [self, answer = std::move(answer)]() mutable { self->OnAnswer(std::move(answer)); });
  });
}

// It closed, was too slow, or broke the chunks: there is nobody to answer.
void HttpSession::ClientIsGone() {
  shared_.gate.Record(*exchange_.request, rpc::ToWire(domain::Refuse(Reason::kCancelled)));
  exchange_.request = nullptr;
  CloseSoon();
}

absl::StatusOr<std::string> HttpSession::DecodeBody() {
  std::string body = std::move(parser_->get().body());
  // An empty body is never decompressed: clients say gzip and send nothing.
  if (exchange_.coding == Coding::kGzip && !body.empty()) {
    ASSIGN_OR_RETURN(body, Gunzip(body, shared_.options.body_limit));
  }
  const Method& method = *exchange_.request->method;
  if (exchange_.codec == Codec::kJson) return method.RequestFromJson(body);
  RETURN_IF_ERROR(method.CheckRequest(body));
  return body;
}

// Answering ---------------------------------------------------------------------------------------

void HttpSession::OnAnswer(Answer answer) {
  std::string body;
  if (answer.status.ok() && exchange_.codec == Codec::kJson) {
    absl::StatusOr<std::string> json = exchange_.request->method->AnswerToJson(answer.body);
    if (json.ok()) {
      body = *std::move(json);
    } else {
      answer.status = rpc::ToWire(json.status());
    }
  } else {
    body = std::move(answer.body);
  }
  const bool ok = answer.status.ok();
  Reply reply = MakeReply(HttpStatusOf(answer.status.error_code()),
                          ok ? ContentTypeOf(exchange_.codec) : ContentTypeOf(Codec::kJson),
                          ok ? std::move(body) : ErrorJson(answer.status));
  const auto add = [&reply](std::string_view prefix, const Metadata& metadata) {
    for (const auto& [key, value] : metadata) {
      if (!IsForwarded(key)) continue;
      const std::string shown = key.ends_with("-bin") ? UnpaddedBase64(value) : value;
      if (IsPrintable(shown)) reply.insert(Beast(base::StrCat(prefix, key)), shown);
    }
  };
  add("", answer.leading);
  add("trailer-", answer.trailing);
  if (HttpStatusOf(answer.status.error_code()) == 429 ||
      answer.status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    reply.set(http::field::retry_after, "1");
  }
  shared_.gate.Record(*exchange_.request, answer.status);
  exchange_.request = nullptr;
  Send(std::move(reply));
}

void HttpSession::Refuse(const absl::Status& refusal) { RefuseAs(0, refusal); }

void HttpSession::RefuseAs(int http_status, const absl::Status& refusal) {
  ReplyError(http_status, rpc::ToWire(refusal));
}

void HttpSession::RefuseAndClose(int http_status, const absl::Status& refusal) {
  close_after_ = true;
  RefuseAs(http_status, refusal);
}

void HttpSession::ReplyError(int http_status, const grpc::Status& status) {
  if (exchange_.request != nullptr) {
    shared_.gate.Record(*exchange_.request, status);
    exchange_.request = nullptr;
  }
  if (http_status == 0) http_status = HttpStatusOf(status.error_code());
  Reply reply = MakeReply(http_status, ContentTypeOf(Codec::kJson), ErrorJson(status));
  if (http_status == 405) {
    reply.set(http::field::allow, transfer_ == nullptr ? "POST" : AllowedForFile());
  }
  if (http_status == 415) reply.set("Accept-Post", "application/json, application/proto");
  if (http_status == 429 || http_status == 503) reply.set(http::field::retry_after, "1");

  Send(std::move(reply));
}

HttpSession::Reply HttpSession::MakeReply(int http_status, std::string_view content_type,
                                          std::string body) const {
  Reply reply(http::int_to_status(http_status), 11);
  if (http_status == 499) {
    reply.result(499);
    reply.reason("Client Closed Request");
  }
  if (!content_type.empty()) reply.set(http::field::content_type, Beast(content_type));
  reply.set("X-Content-Type-Options", "nosniff");
  reply.set("X-Trace-Id", exchange_.trace.trace_id);
  reply.set(http::field::cache_control, "no-store");
  reply.set(http::field::vary,
            "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
  if (!exchange_.origin.empty()) {
    reply.set(http::field::access_control_allow_origin, exchange_.origin);
    reply.set(http::field::access_control_expose_headers,
              transfer_ == nullptr ? "X-Trace-Id, Retry-After"
                                   : "X-Trace-Id, Retry-After, Upload-Offset, Upload-Length, ETag, "
                                     "Content-Disposition, Content-Range");
  }
  if (exchange_.gzip_answer && body.size() > kGzipFrom) {
    std::string packed = Gzip(body);
    if (!packed.empty()) {
      body = std::move(packed);
      reply.set(http::field::content_encoding, "gzip");
    }
  }
  reply.body() = std::move(body);
  return reply;
}

// The one place that says whether another request may follow. Bytes of a body that nobody has read
// would be taken for it, so they end the connection, whoever answers and why.
bool HttpSession::KeepsAlive() const {
  const bool body_read = parser_->is_done() || (transfer_ != nullptr && transfer_->body_read);
  return body_read && !close_after_ && !shared_.closing && parser_->keep_alive();
}

void HttpSession::Send(Reply reply) {
  close_after_ = !KeepsAlive();
  reply.keep_alive(!close_after_);
  if (parser_->get().method() == http::verb::head) reply.body().clear();
  reply.prepare_payload();
  if (reply.result() == http::status::no_content) reply.erase(http::field::content_length);
  reply_ = std::move(reply);
  stream_.expires_after(Chrono(shared_.options.write_time));
  http::async_write(stream_, *reply_,
                    [self = shared_from_this()](Error error, size_t) { self->OnSent(error); });
}

void HttpSession::OnSent(Error error) {
  reply_.reset();
  if (error) return;
  if (close_after_) return CloseSoon();
  WaitForRequest();
}

// Says that nothing more comes, then reads a little of what the client still sends: closing at once
// would make its kernel throw our answer away.
void HttpSession::CloseSoon() {
  Error ignored;
  stream_.socket().shutdown(net::ip::tcp::socket::shutdown_send, ignored);
  if (ignored) return;
  stream_.expires_after(Chrono(kLingerTime));
  buffer_.clear();
  Linger();
}

void HttpSession::Linger() {
  if (lingered_ > kLingerBytes) return;
  stream_.async_read_some(buffer_.prepare(kReadBytes),
                          [self = shared_from_this()](Error error, size_t bytes) {
                            if (error) return;
                            self->lingered_ += bytes;
                            self->Linger();
                          });
}

// Small things
// ---------------------------------------------------------------------------------------

// Two headers, or another scheme, are credentials of a wrong shape: the empty token.
void HttpSession::TakeSession() {
  const auto count = parser_->get().count(http::field::authorization);
  if (count == 0) return;
  exchange_.request->session =
      count == 1 ? BearerOf(Header(http::field::authorization)).value_or("") : "";
}

bool HttpSession::HoldBytes(int64_t bytes) {
  if (shared_.held_bytes.fetch_add(bytes) + bytes >
      static_cast<int64_t>(shared_.options.held_bodies_limit)) {
    shared_.held_bytes -= bytes;
    return false;
  }
  held_bytes_ = bytes;
  return true;
}

void HttpSession::DropHeld() {
  shared_.held_bytes -= held_bytes_;
  held_bytes_ = 0;
}

std::string HttpSession::Header(http::field name) const {
  return std::string(View(parser_->get()[name]));
}

std::string HttpSession::Header(std::string_view name) const {
  return std::string(View(parser_->get()[Beast(name)]));
}

}  // namespace alliance::gateway
