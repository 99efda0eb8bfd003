// For tests: an HTTP/1.1 client on a bare socket, so that a test can send what no library would.

#ifndef ALLIANCE_SERVICES_GATEWAY_TEST_HTTP_H_
#define ALLIANCE_SERVICES_GATEWAY_TEST_HTTP_H_

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "common/base/str.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace alliance::gateway::testing_http {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Reply {
  int status = 0;                              // 0: the connection ended without an answer
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  std::string Header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
  google::protobuf::Struct Json() const {
    google::protobuf::Struct json;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(body, &json).ok()) << body;
    return json;
  }
  std::string Text(const std::string& name) const {
    return Json().fields().at(name).string_value();
  }
  // The Connect code word.
  std::string Code() const { return Json().fields().count("code") > 0 ? Text("code") : ""; }
  // The debug form of one error detail; empty when the error has none of this type.
  google::protobuf::Struct Detail(const std::string& type) const {
    const auto json = Json();
    const auto details = json.fields().find("details");
    if (details == json.fields().end()) return {};
    for (const auto& detail : details->second.list_value().values()) {
      const auto& fields = detail.struct_value().fields();
      if (fields.at("type").string_value() == type) return fields.at("debug").struct_value();
    }
    return {};
  }
  // The reason word of the error.
  std::string Reason() const {
    const auto info = Detail("google.rpc.ErrorInfo");
    const auto reason = info.fields().find("reason");
    return reason == info.fields().end() ? "" : reason->second.string_value();
  }
  // "field:REASON" of the first wrong field.
  std::string Problem() const {
    const auto problems = Detail("alliance.errors.v1.Problems");
    const auto found = problems.fields().find("fields");
    if (found == problems.fields().end()) return "";
    const auto& fields = found->second.list_value().values(0).struct_value().fields();
    const auto field = fields.find("field");
    return base::StrCat(field == fields.end() ? "" : field->second.string_value(), ":",
                        fields.at("reason").string_value());
  }
};

class Client {
 public:
  explicit Client(int port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    timeval limit{.tv_sec = 20, .tv_usec = 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~Client() { Close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

  void Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(sent);
    }
  }

  // A request with Host and Content-Length.
  static std::string Format(std::string_view method, std::string_view path, const Headers& headers,
                            std::string_view body) {
    std::string text = base::StrCat(method, " ", path, " HTTP/1.1\r\nHost: gateway.test\r\n");
    for (const auto& [name, value] : headers) base::StrAppend(&text, name, ": ", value, "\r\n");
    base::StrAppend(&text, "Content-Length: ", body.size(), "\r\n\r\n", body);
    return text;
  }

  Reply Post(std::string_view path, std::string_view body, Headers headers = {}) {
    const bool typed = std::any_of(headers.begin(), headers.end(), [](const auto& header) {
      return header.first == "Content-Type";
    });
    if (!typed) headers.emplace_back("Content-Type", "application/json");
    Send(Format("POST", path, headers, body));
    return Read();
  }

  Reply Read() {
    Reply reply;
    size_t end;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!Fill()) return reply;
    }
    std::string head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    if (!absl::SimpleAtoi(head.substr(9, 3), &reply.status)) return reply;
    for (size_t at = head.find("\r\n") + 2; at < head.size();) {
      const size_t line_end = head.find("\r\n", at);
      const std::string line = head.substr(at, line_end - at);
      const size_t colon = line.find(':');
      std::string value = line.substr(colon + 1);
      value.erase(0, value.find_first_not_of(' '));
      reply.headers[absl::AsciiStrToLower(line.substr(0, colon))] = value;
      at = line_end + 2;
    }
    size_t length = 0;
    if (!absl::SimpleAtoi(reply.Header("content-length"), &length)) length = 0;
    while (buffer_.size() < length) {
      if (!Fill()) return reply;
    }
    reply.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return reply;
  }

  // True when the gateway closes within the socket's time limit and sends nothing more.
  bool IsClosed() { return buffer_.empty() && !Fill() && buffer_.empty(); }

 private:
  bool Fill() {
    char bytes[16 << 10];
    const ssize_t count = recv(fd_, bytes, sizeof bytes, 0);
    if (count <= 0) return false;
    buffer_.append(bytes, count);
    return true;
  }

  int fd_;
  std::string buffer_;
};

}  // namespace alliance::gateway::testing_http

#endif  // ALLIANCE_SERVICES_GATEWAY_TEST_HTTP_H_
