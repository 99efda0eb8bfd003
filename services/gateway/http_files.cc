// Files over HTTP: PUT and HEAD of uploads, GET and HEAD of papers, as members of HttpSession.
//
// An upload: GetUpload says who may and where it goes on; what does not fit there is refused before
// the body is read. Then each piece is read and written before the next is read. A connection that
// breaks leaves the upload at the last piece that was written.
//
// A download: ReadPaper without bytes says what the paper is and records the download; then the
// pieces follow under the same request id.

#include <utility>  // Boost 1.74 forgets it under C++20

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <chrono>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "alliance/filing/v1/filing.pb.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "common/domain/errors.h"
#include "common/rpc/status.h"
#include "services/gateway/file_headers.h"
#include "services/gateway/http_session.h"
#include "services/gateway/http_transfer.h"
#include "services/gateway/problem.h"

namespace alliance::gateway {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using domain::Reason;

namespace {

constexpr int64_t kPieceBytes = 256 << 10;

constexpr std::string_view kGetUpload = "/alliance.filing.v1.FilingService/GetUpload";
constexpr std::string_view kWriteUpload = "/alliance.filing.v1.FilingService/WriteUpload";
constexpr std::string_view kReadPaper = "/alliance.filing.v1.FilingService/ReadPaper";

// A service that answers OK with something else: our trouble.
grpc::Status Unreadable() { return rpc::ToWire(domain::Refuse(Reason::kInternal)); }

}  // namespace

void HttpSession::StartFile(std::string_view path) {
  const auto named = FilePathOf(path);
  if (!named) {
    return RefuseAs(404, domain::Refuse(Reason::kNoSuchMethod, {{"method", path.substr(0, 200)}}));
  }
  transfer_ = std::make_unique<Transfer>();
  transfer_->path = *named;
  transfer_->request_id = base::NewUuid7();
  const http::verb verb = parser_->get().method();
  if (verb != http::verb::head && verb != (named->upload ? http::verb::put : http::verb::get)) {
    return RefuseAs(405, WithCode(absl::StatusCode::kUnimplemented,
                                  BadRequest("", "WRONG_VERB", "此地址不支持该请求方式。",
                                             "This address is not for this verb.")));
  }
  transfer_->unread = static_cast<int64_t>(parser_->content_length().value_or(0));
  if (verb == http::verb::put) {
    if (const absl::Status plan = PlanUpload(); !plan.ok()) return Refuse(plan);
    if (!parser_->content_length()) {
      return RefuseAndClose(411, BadRequest("Content-Length", "REQUIRED", "请说明正文长度。",
                                            "Say how long the body is."));
    }
  } else if (parser_->get().count(http::field::transfer_encoding) > 0 || transfer_->unread > 0) {
    return RefuseAndClose(400, BadRequest("", "BODY_NOT_EXPECTED", "此请求不应带有正文。",
                                          "This request has no body."));
  }
  if (!HoldBytes(kPieceBytes)) return Refuse(domain::Refuse(Reason::kOverloaded));
  const Method* method = shared_.gate.Find(named->upload ? kGetUpload : kReadPaper);
  exchange_.request =
      shared_.gate.Begin(*method, "files", source_, exchange_.trace, absl::Now() + kLongestCall);
  TakeSession();
  stream_.expires_never();
  shared_.gate.Admit(exchange_.request, [self = shared_from_this()](const absl::Status& status) {
    net::post(self->stream_.get_executor(), [self, status] {
      if (!status.ok()) return self->RefuseFile(rpc::ToWire(status));
      self->AskFirst();
    });
  });
}

const char* HttpSession::AllowedForFile() const {
  return transfer_->path.upload ? "HEAD, PUT" : "GET, HEAD";
}

// What the headers of an upload say by themselves.
absl::Status HttpSession::PlanUpload() {
  if (!Header(http::field::content_encoding).empty()) {
    return BadRequest("Content-Encoding", "UNSUPPORTED_ENCODING", "上传文件不支持压缩编码。",
                      "A file is uploaded as it is.");
  }
  const std::string expect = Header(http::field::expect);
  if (!expect.empty() && !beast::iequals(expect, "100-continue")) {
    return BadRequest("Expect", "UNKNOWN_EXPECTATION", "不支持的 Expect 请求头。",
                      "Only Expect: 100-continue is known.");
  }
  // Without a length the answer is 411; what follows needs one.
  if (!parser_->content_length()) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      transfer_->span,
      UploadSpanOf(Header("Upload-Offset"), Header(http::field::content_range), transfer_->unread));
  return absl::OkStatus();
}

// The admitted request, to what the path names.
void HttpSession::AskFirst() {
  transfer_->caller = exchange_.request->caller;
  transfer_->session_expire = exchange_.request->session_expire;
  if (transfer_->path.upload) {
    filing::v1::GetUploadRequest message;
    message.set_name(transfer_->path.name);
    exchange_.request->body = message.SerializeAsString();
  } else {
    filing::v1::ReadPaperRequest message;
    message.set_name(transfer_->path.name);
    message.set_request_id(transfer_->request_id);
    exchange_.request->body = message.SerializeAsString();
  }
  shared_.gate.Run(exchange_.request, [self = shared_from_this()](Answer answer) {
    net::post(self->stream_.get_executor(), [self, answer = std::move(answer)]() mutable {
      self->OnFirstAnswer(std::move(answer));
    });
  });
}

void HttpSession::OnFirstAnswer(Answer answer) {
  if (!answer.status.ok()) return RefuseFile(answer.status);
  shared_.gate.Record(*exchange_.request, answer.status);
  exchange_.request = nullptr;
  if (transfer_->path.upload) return OnUpload(answer);
  OnPaper(answer);
}

// The next call of the transfer, as the caller that was admitted with its first.
void HttpSession::CallForFile(std::string_view method, const google::protobuf::Message& message,
                              void (HttpSession::*then)(Answer)) {
  stream_.expires_never();
  exchange_.request = shared_.gate.Begin(*shared_.gate.Find(method), "files", source_,
                                         exchange_.trace, absl::Now() + kLongestCall);
  exchange_.request->caller = transfer_->caller;
  exchange_.request->session_expire = transfer_->session_expire;
  exchange_.request->body = message.SerializeAsString();
  if (shared_.closing) return RefuseFile(rpc::ToWire(domain::Refuse(Reason::kShuttingDown)));
  shared_.gate.Run(exchange_.request, [self = shared_from_this(), then](Answer answer) {
    net::post(self->stream_.get_executor(), [self, then, answer = std::move(answer)]() mutable {
      (self.get()->*then)(std::move(answer));
    });
  });
}

// Uploads -----------------------------------------------------------------------------------------

void HttpSession::OnUpload(const Answer& answer) {
  filing::v1::Upload upload;
  if (!upload.ParseFromString(answer.body)) return RefuseFile(Unreadable());
  transfer_->offset = upload.offset();
  transfer_->size_bytes = upload.size_bytes();
  if (parser_->get().method() == http::verb::head) {
    return ReplyOffset(200, upload.offset(), upload.size_bytes());
  }
  const UploadSpan& span = transfer_->span;
  if (span.total && *span.total != upload.size_bytes()) {
    return RefuseFile(
        rpc::ToWire(BadRequest("Content-Range", "BAD_RANGE", "文件总长度与开始上传时不符。",
                               "The file is not as long as was said when the upload began.")));
  }
  if (span.offset != upload.offset()) {
    return RefuseFile(rpc::ToWire(
        domain::Refuse(Reason::kUploadOffsetWrong, {{"offset", base::StrCat(upload.offset())}})));
  }
  if (transfer_->unread > upload.size_bytes() - upload.offset()) {
    return RefuseFile(rpc::ToWire(TooLarge(static_cast<size_t>(upload.size_bytes()))), 413);
  }
  if (Header(http::field::expect).empty() || transfer_->unread == 0) return ReadPiece();
  reply_.emplace(http::status::continue_, 11);
  stream_.expires_after(Chrono(shared_.options.write_time));
  http::async_write(stream_, *reply_, [self = shared_from_this()](Error error, size_t) {
    if (error) return self->CloseSoon();
    self->ReadPiece();
  });
}

// The body is read past the parser, which has seen no byte of it: its length is known, and what of
// it came with the header stands in the buffer.
void HttpSession::ReadPiece() {
  if (transfer_->unread == 0) {
    transfer_->body_read = true;
    return ReplyOffset(204, transfer_->offset, transfer_->size_bytes);
  }
  std::string& piece = transfer_->piece;
  piece.resize(static_cast<size_t>(std::min(kPieceBytes, transfer_->unread)));
  const size_t here = net::buffer_copy(net::buffer(piece), buffer_.data());
  buffer_.consume(here);
  stream_.expires_after(Chrono(shared_.options.body_time));
  net::async_read(stream_, net::buffer(piece) + here,
                  [self = shared_from_this()](Error error, size_t) {
                    // Gone, or too slow: the upload stays where it is.
                    if (error) return self->CloseSoon();
                    self->WritePiece();
                  });
}

void HttpSession::WritePiece() {
  transfer_->unread -= static_cast<int64_t>(transfer_->piece.size());
  filing::v1::WriteUploadRequest message;
  message.set_name(transfer_->path.name);
  message.set_offset(transfer_->offset);
  message.set_content(std::move(transfer_->piece));
  transfer_->piece.clear();
  CallForFile(kWriteUpload, message, &HttpSession::OnPieceWritten);
}

void HttpSession::OnPieceWritten(Answer answer) {
  if (!answer.status.ok()) return RefuseFile(answer.status);
  shared_.gate.Record(*exchange_.request, answer.status);
  exchange_.request = nullptr;
  filing::v1::Upload upload;
  if (!upload.ParseFromString(answer.body)) return RefuseFile(Unreadable());
  transfer_->offset = upload.offset();
  ReadPiece();
}

void HttpSession::ReplyOffset(int http_status, int64_t offset, int64_t size_bytes) {
  Reply reply = MakeReply(http_status, "", "");
  reply.set("Upload-Offset", base::StrCat(offset));
  reply.set("Upload-Length", base::StrCat(size_bytes));
  Send(std::move(reply));
}

// Downloads ---------------------------------------------------------------------------------------

void HttpSession::OnPaper(const Answer& answer) {
  filing::v1::ReadPaperResponse read;
  if (!read.ParseFromString(answer.body)) return RefuseFile(Unreadable());
  const filing::v1::Paper& paper = read.paper();
  const std::string digest = crypto::Hex(paper.sha256());
  const std::string etag = base::StrCat("\"", digest, "\"");
  const int64_t size = paper.size_bytes();
  const std::string if_range = Header(http::field::if_range);
  transfer_->part = {.first = 0, .count = size};
  const RangeKind kind = if_range.empty() || if_range == etag
                             ? RangeOf(Header(http::field::range), size, &transfer_->part)
                             : RangeKind::kWhole;
  if (kind == RangeKind::kUnsatisfiable) {
    Reply reply = MakeReply(416, "", "");
    reply.set(http::field::content_range, base::StrCat("bytes */", size));
    return Send(std::move(reply));
  }
  Transfer::Head& head = transfer_->head.emplace(
      MakeReply(kind == RangeKind::kPart ? 206 : 200, paper.media_type(), "").base());
  head.set(http::field::content_disposition, Disposition(paper.file_name()));
  head.set(http::field::accept_ranges, "bytes");
  head.set(http::field::etag, etag);
  head.set(http::field::cache_control, "private, no-store");
  head.set("Content-Security-Policy", "default-src 'none'; sandbox");
  if (kind == RangeKind::kPart) {
    const ByteRange& part = transfer_->part;
    head.set(http::field::content_range,
             base::StrCat("bytes ", part.first, "-", part.first + part.count - 1, "/", size));
  }
  // Whose copy this is: what a viewer prints over the pages.
  const std::string& name = transfer_->path.name;
  head.set("X-Watermark-Account", PercentEncoded(transfer_->caller.account));
  head.set("X-Watermark-Time",
           absl::FormatTime(absl::RFC3339_sec, absl::FromUnixSeconds(read.access_time().seconds()),
                            absl::UTCTimeZone()));
  head.set("X-Watermark-Case", Beast(std::string_view(name).substr(0, name.find("/papers/"))));
  head.set("X-Watermark-Digest", digest);
  close_after_ = !KeepsAlive();
  head.keep_alive(!close_after_);
  head.content_length(static_cast<uint64_t>(transfer_->part.count));
  transfer_->serializer.emplace(head);
  stream_.expires_after(Chrono(shared_.options.write_time));
  http::async_write_header(stream_, *transfer_->serializer,
                           [self = shared_from_this()](Error error, size_t) {
                             if (error) return;
                             self->AskForPiece();
                           });
}

void HttpSession::AskForPiece() {
  if (transfer_->part.count == 0 || parser_->get().method() == http::verb::head) {
    return OnSent({});
  }
  filing::v1::ReadPaperRequest message;
  message.set_name(transfer_->path.name);
  message.set_offset(transfer_->part.first);
  message.set_limit(static_cast<int32_t>(std::min(kPieceBytes, transfer_->part.count)));
  message.set_request_id(transfer_->request_id);
  CallForFile(kReadPaper, message, &HttpSession::OnPieceRead);
}

void HttpSession::OnPieceRead(Answer answer) {
  filing::v1::ReadPaperResponse read;
  const bool good = answer.status.ok() && read.ParseFromString(answer.body) &&
                    !read.content().empty() &&
                    static_cast<int64_t>(read.content().size()) <= transfer_->part.count;
  shared_.gate.Record(*exchange_.request, answer.status);
  exchange_.request = nullptr;
  // The length is told already: a body that ends early is all that can be said now.
  if (!good) return CloseSoon();
  transfer_->piece = std::move(*read.mutable_content());
  transfer_->part.first += static_cast<int64_t>(transfer_->piece.size());
  transfer_->part.count -= static_cast<int64_t>(transfer_->piece.size());
  stream_.expires_after(Chrono(shared_.options.write_time));
  net::async_write(stream_, net::buffer(transfer_->piece),
                   [self = shared_from_this()](Error error, size_t) {
                     if (error) return;
                     self->AskForPiece();
                   });
}

// Ends --------------------------------------------------------------------------------------------

// A refusal, whatever of the transfer is done. Where the answer's header is out, nothing more can
// be said.
void HttpSession::RefuseFile(const grpc::Status& status, int http_status) {
  if (exchange_.request != nullptr) {
    shared_.gate.Record(*exchange_.request, status);
    exchange_.request = nullptr;
  }
  if (transfer_->head) return CloseSoon();
  if (http_status == 0) http_status = HttpStatusOf(status.error_code());
  Reply reply = MakeReply(http_status, ContentTypeOf(Codec::kJson), ErrorJson(status));
  if (http_status == 429 || http_status == 503) reply.set(http::field::retry_after, "1");
  const auto details = domain::DetailsOf(rpc::FromWire(status));
  if (details && details->reason == domain::WordOf(Reason::kUploadOffsetWrong)) {
    reply.set("Upload-Offset", details->metadata.at("offset"));
  }
  Send(std::move(reply));
}

}  // namespace alliance::gateway
