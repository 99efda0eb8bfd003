// HttpSession: one HTTP connection, one request at a time. Only http_edge.cc, http_session.cc and
// http_files.cc see Boost.
//
//   wait → header → admit → body → run → answer → wait …
//
// A file under /files/ is a row of calls instead, one for each piece of it (http_files.cc):
//
//   wait → header → admit → what is it → (read a piece → write it)… → answer
//                                      → answer's header → (ask for a piece → send it)…
//
// One piece is held at a time and the next is read when it has gone, so a session holds 256 KiB of
// a file, however large that is and whichever side is slow.
//
// A request that is answered before its body was read ends the connection.

#ifndef ALLIANCE_SERVICES_GATEWAY_HTTP_SESSION_H_
#define ALLIANCE_SERVICES_GATEWAY_HTTP_SESSION_H_

#include <utility>  // Boost 1.74 forgets it under C++20

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "services/gateway/connect.h"
#include "services/gateway/gate.h"
#include "services/gateway/http_edge.h"

namespace alliance::gateway {

// Our words in Boost's.
inline boost::beast::string_view Beast(std::string_view text) { return {text.data(), text.size()}; }
inline std::chrono::nanoseconds Chrono(absl::Duration duration) {
  return absl::ToChronoNanoseconds(duration);
}

// What all sessions share. Outlives them.
struct HttpShared {
  const HttpOptions options;
  Gate& gate;
  std::atomic<bool> closing{false};
  std::atomic<int> sessions{0};
  std::atomic<int64_t> held_bytes{0};
};

class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(boost::asio::ip::tcp::socket socket, HttpShared& shared);
  ~HttpSession();

  void Start();
  // Ends the connection if it waits for a request; else after the answer.
  void EndWhenIdle();

 private:
  using Fields = boost::beast::http::fields;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Reply = boost::beast::http::response<boost::beast::http::string_body>;
  using Error = boost::beast::error_code;

  // How the answer must be written.
  struct Exchange {
    RequestPtr request;  // nothing before the route is known
    Codec codec = Codec::kJson;
    Coding coding = Coding::kIdentity;
    bool gzip_answer = false;
    std::string origin;  // to be allowed in the answer
    rpc::Trace trace;
  };

  void WaitForRequest();
  void OnFirstBytes(Error error, size_t bytes);
  void ReadHeader();
  void OnHeader(Error error);
  absl::Status CheckFraming() const;
  bool AllowsOrigin();
  void Preflight();
  void Dispatch();
  absl::Status ReadConnectHeaders(absl::Duration* timeout);
  void OnAdmitted(const absl::Status& status);
  void SayContinue();
  void ReadBody();
  void OnBody(Error error);
  void ClientIsGone();
  absl::StatusOr<std::string> DecodeBody();
  void OnAnswer(Answer answer);

  // An error, with the HTTP status of its code or another.
  void Refuse(const absl::Status& refusal);
  void RefuseAs(int http_status, const absl::Status& refusal);
  // As above when what follows on the connection cannot be trusted.
  void RefuseAndClose(int http_status, const absl::Status& refusal);
  void ReplyError(int http_status, const grpc::Status& status);
  Reply MakeReply(int http_status, std::string_view content_type, std::string body) const;
  bool KeepsAlive() const;
  void Send(Reply reply);
  void OnSent(Error error);
  void CloseSoon();
  void Linger();

  // Files (http_files.cc).
  struct Transfer;
  bool IsFile(std::string_view path) const { return path.starts_with("/files/"); }
  void StartFile(std::string_view path);
  const char* AllowedForFile() const;
  absl::Status PlanUpload();
  void AskFirst();
  void OnFirstAnswer(Answer answer);
  void OnUpload(const Answer& answer);
  void ReadPiece();
  void WritePiece();
  void OnPieceWritten(Answer answer);
  void OnPaper(const Answer& answer);
  void AskForPiece();
  void OnPieceRead(Answer answer);
  void CallForFile(std::string_view method, const google::protobuf::Message& message,
                   void (HttpSession::*then)(Answer));
  void RefuseFile(const grpc::Status& status, int http_status = 0);
  void ReplyOffset(int http_status, int64_t offset, int64_t size_bytes);

  void TakeSession();
  bool HoldBytes(int64_t bytes);
  void DropHeld();
  std::string Header(boost::beast::http::field name) const;
  std::string Header(std::string_view name) const;

  HttpShared& shared_;
  const std::string source_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::optional<Reply> reply_;
  Exchange exchange_;
  std::unique_ptr<Transfer> transfer_;
  int64_t held_bytes_ = 0;
  size_t lingered_ = 0;
  bool first_request_ = true;
  bool waiting_ = false;  // for the first bytes of a request
  bool close_after_ = false;
};

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_HTTP_SESSION_H_
