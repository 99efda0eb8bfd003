// Files through the HTTP edge (reliability 4.4): resumable, bounded, told apart.

#include <thread>

#include "common/crypto/digest.h"
#include "services/gateway/test_gateway.h"

namespace alliance::gateway {
namespace {

using testing_gateway::GatewayTest;
using testing_http::Client;
using testing_http::Headers;
using testing_http::Reply;

constexpr size_t kFilePiece = 256 << 10;
constexpr char kUpload[] = "/files/uploads/0187a3b2-7c1d-7e2f-8a3b-4c5d6e7f8091";
constexpr char kPaper[] =
    "/files/papers/0187a3b2-7c1d-7e2f-8a3b-4c5d6e7f8091/0187a3b2-7c1d-7e2f-8a3b-4c5d6e7f8092";

class FilesTest : public GatewayTest {
 protected:
  Headers With(Headers headers, std::string_view login = "lead-1") {
    for (const auto& header : As(login)) headers.push_back(header);
    return headers;
  }
  Reply Ask(std::string_view verb, std::string_view path, const Headers& headers,
            std::string_view body = "") {
    Client client(gateway_->http_port());
    client.Send(Client::Format(verb, path, headers, body));
    return client.Read();
  }
  void Expect(int64_t size) { filing_->size = size; }
  std::string Stored() {
    absl::MutexLock lock(&filing_->files);
    return filing_->stored;
  }
  size_t Pieces(const std::string& method) {
    size_t count = 0;
    for (const auto& seen : filing_->seen()) count += seen.method.ends_with(method) ? 1 : 0;
    return count;
  }
};

std::string Content(size_t bytes) {
  std::string content;
  while (content.size() < bytes) base::StrAppend(&content, content.size(), ",");
  content.resize(bytes);
  return content;
}

TEST_F(FilesTest, AnUploadGoesOnWhereItStopped) {
  StartGateway();
  const std::string content = Content(3 * kFilePiece + 77);
  Expect(static_cast<int64_t>(content.size()));
  const std::string first = content.substr(0, kFilePiece + 5);
  Reply reply = Ask("PUT", kUpload, With({{"Upload-Offset", "0"}}), first);
  EXPECT_EQ(reply.status, 204) << reply.body;
  EXPECT_EQ(reply.Header("upload-offset"), base::StrCat(first.size()));
  EXPECT_EQ(Pieces("WriteUpload"), 2u);

  reply = Ask("HEAD", kUpload, With({}));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("upload-offset"), base::StrCat(first.size()));
  EXPECT_EQ(reply.Header("upload-length"), base::StrCat(content.size()));
  EXPECT_EQ(reply.Header("cache-control"), "no-store");

  const std::string rest = content.substr(first.size());
  reply = Ask("PUT", kUpload,
              With({{"Content-Range", base::StrCat("bytes ", first.size(), "-", content.size() - 1,
                                                   "/", content.size())}}),
              rest);
  EXPECT_EQ(reply.status, 204) << reply.body;
  EXPECT_EQ(reply.Header("upload-offset"), base::StrCat(content.size()));
  EXPECT_EQ(Stored(), content);
}

// A client that goes away in the middle loses at most the piece it was sending.
TEST_F(FilesTest, ABrokenConnectionLeavesTheOffset) {
  StartGateway();
  const std::string content = Content(4 * kFilePiece);
  Expect(static_cast<int64_t>(content.size()));
  {
    Client client(gateway_->http_port());
    const std::string request =
        Client::Format("PUT", kUpload, With({{"Upload-Offset", "0"}}), content);
    client.Send(std::string_view(request).substr(0, request.size() - kFilePiece - 1000));
    // The pieces that came whole are stored while the client is still there.
    const auto two_pieces = [this] { return Stored().size() >= 2 * kFilePiece; };
    while (!two_pieces()) absl::SleepFor(absl::Milliseconds(1));
  }
  Reply reply = Ask("HEAD", kUpload, With({}));
  EXPECT_EQ(reply.Header("upload-offset"), base::StrCat(2 * kFilePiece));
  reply = Ask("PUT", kUpload, With({{"Upload-Offset", base::StrCat(2 * kFilePiece)}}),
              content.substr(2 * kFilePiece));
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(Stored(), content);
}

TEST_F(FilesTest, WhatDoesNotFitIsRefusedBeforeItIsRead) {
  StartGateway();
  Expect(1000);
  const std::string long_body(1 << 20, 'x');
  const struct {
    std::string what;
    Headers headers;
    std::string body;
    int status;
    std::string reason;
    std::string problem;
  } kTable[] = {
      {"no offset", {}, "abc", 400, "INVALID_REQUEST", "Upload-Offset:REQUIRED"},
      {"a gap", {{"Upload-Offset", "1"}}, "abc", 409, "UPLOAD_OFFSET_WRONG", ""},
      {"too long", {{"Upload-Offset", "0"}}, std::string(1001, 'x'), 413, "TOO_LARGE", ""},
      {"far too long", {{"Upload-Offset", "0"}}, long_body, 413, "TOO_LARGE", ""},
      {"another total",
       {{"Content-Range", "bytes 0-2/999"}},
       "abc",
       400,
       "INVALID_REQUEST",
       "Content-Range:BAD_RANGE"},
      {"a lying range",
       {{"Content-Range", "bytes 0-3/1000"}},
       "abc",
       400,
       "INVALID_REQUEST",
       "Content-Range:BAD_RANGE"},
      {"packed",
       {{"Upload-Offset", "0"}, {"Content-Encoding", "gzip"}},
       "abc",
       400,
       "INVALID_REQUEST",
       "Content-Encoding:UNSUPPORTED_ENCODING"},
  };
  for (const auto& row : kTable) {
    const Reply reply = Ask("PUT", kUpload, With(row.headers), row.body);
    EXPECT_EQ(reply.status, row.status) << row.what;
    EXPECT_EQ(reply.Reason(), row.reason) << row.what;
    EXPECT_EQ(reply.Problem(), row.problem) << row.what;
    EXPECT_EQ(reply.Header("upload-offset"), row.status == 409 ? "0" : "") << row.what;
  }
  EXPECT_EQ(Pieces("WriteUpload"), 0u);

  // 1 GB is announced: nothing of it is waited for.
  Client client(gateway_->http_port());
  std::string head = Client::Format("PUT", kUpload, With({{"Upload-Offset", "0"}}), "");
  head.replace(head.find("Content-Length: 0"), 17, "Content-Length: 1000000000");
  client.Send(head);
  EXPECT_EQ(client.Read().status, 413);
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(FilesTest, ALengthIsNeededAndKept) {
  StartGateway();
  Expect(1000);
  std::string head = Client::Format("PUT", kUpload, With({{"Upload-Offset", "0"}}), "");
  const size_t at = head.find("Content-Length: 0");
  {
    Client client(gateway_->http_port());
    client.Send(std::string(head).replace(at, 17, "Transfer-Encoding: chunked") + "3\r\nabc\r\n");
    EXPECT_EQ(client.Read().status, 411);
  }
  {
    // Longer than it says: the rest is another request, and a bad one.
    Client client(gateway_->http_port());
    client.Send(std::string(head).replace(at, 17, "Content-Length: 3") + "abcdef\r\n\r\n");
    EXPECT_EQ(client.Read().status, 204);
    EXPECT_EQ(client.Read().status, 400);
    EXPECT_EQ(Stored(), "abc");
  }
  {
    Client client(gateway_->http_port());
    client.Send(std::string(head)
                    .replace(at, 17, "Expect: 100-continue\r\nContent-Length: 3")
                    .replace(head.find("Upload-Offset: 0"), 16, "Upload-Offset: 3"));
    EXPECT_EQ(client.Read().status, 100);
    client.Send("def");
    EXPECT_EQ(client.Read().status, 204);
    EXPECT_EQ(Stored(), "abcdef");
    // The connection lives on.
    client.Send(Client::Format("HEAD", kUpload, With({}), ""));
    EXPECT_EQ(client.Read().status, 200);
  }
}

// A length that no signed number holds neither ends the gateway nor hides a request
// (docs/threats.md B1-T3).
TEST_F(FilesTest, ALengthThatNoFileHasIsRefusedBeforeAnything) {
  StartGateway();
  Expect(1000);
  const std::string hidden = Client::Format("HEAD", kUpload, With({}), "");
  const Headers kWhose[] = {With({{"Upload-Offset", "0"}}), {{"Upload-Offset", "0"}}, {}};
  const struct {
    std::string length;
    int status;
  } kLengths[] = {{"1000000000000000", 413},     {"9223372036854775807", 413},
                  {"9223372036854775808", 413},  {"18446744073709551615", 413},
                  {"18446744073709551616", 400}, {"99999999999999999999999999", 400}};
  const std::string kPaths[] = {kUpload, kPaper, "/files/", "/files/nothing",
                                "/alliance.filing.v1.FilingService/GetRound"};
  for (const std::string& path : kPaths) {
    for (const char* verb : {"PUT", "GET", "HEAD", "POST", "OPTIONS"}) {
      for (const Headers& headers : kWhose) {
        for (const auto& [length, status] : kLengths) {
          std::string head = Client::Format(verb, path, headers, "");
          head.replace(head.find("Content-Length: 0"), 17, "Content-Length: " + length);
          Client client(gateway_->http_port());
          client.Send(head + hidden);
          const Reply reply = client.Read();
          EXPECT_EQ(reply.status, status) << verb << " " << path << " " << length;
          EXPECT_EQ(reply.Header("connection"), "close") << verb << " " << path << " " << length;
          EXPECT_TRUE(client.IsClosed()) << verb << " " << path << " " << length;
        }
      }
    }
  }
  EXPECT_EQ(Pieces("GetUpload"), 0u);
  // The nearest length that could be one is only longer than this file.
  std::string head = Client::Format("PUT", kUpload, With({{"Upload-Offset", "0"}}), "");
  head.replace(head.find("Content-Length: 0"), 17, "Content-Length: 999999999999999");
  Client client(gateway_->http_port());
  client.Send(head);
  EXPECT_EQ(client.Read().Reason(), "TOO_LARGE");
  EXPECT_EQ(Pieces("GetUpload"), 1u);
}

// Whatever is refused before its body was read, the body is never the next request
// (docs/threats.md B1-T3).
TEST_F(FilesTest, ARefusedRequestWithABodyEndsItsConnection) {
  options_.http.allowed_origins = {"https://portal.example"};
  StartGateway();
  Expect(1000);
  const std::string body = Client::Format("HEAD", kUpload, With({}), "");
  const Headers kOrigin = {{"Origin", "https://portal.example"}};
  const struct {
    const char* what;
    const char* verb;
    std::string path;
    Headers headers;
    int status;
  } kTable[] = {
      {"no login", "PUT", kUpload, {{"Upload-Offset", "0"}}, 401},
      {"no offset", "PUT", kUpload, With({}), 400},
      {"a gap", "PUT", kUpload, With({{"Upload-Offset", "7"}}), 409},
      {"a body behind HEAD", "HEAD", kUpload, With({}), 400},
      {"a body behind GET", "GET", kPaper, With({}), 400},
      {"another verb", "DELETE", kUpload, With({}), 405},
      {"no such file", "PUT", "/files/nothing", With({}), 404},
      {"another page", "PUT", kUpload, {{"Origin", "https://evil.example"}}, 403},
      {"a preflight with a body", "OPTIONS", kUpload, kOrigin, 204},
      {"no such method", "POST", "/nothing", {}, 404},
      {"no login for a call",
       "POST",
       "/alliance.filing.v1.FilingService/CreateApplication",
       {{"Content-Type", "application/json"}},
       401},
      {"no content type", "POST", "/alliance.filing.v1.FilingService/GetRound", {}, 415},
  };
  for (const auto& row : kTable) {
    Client client(gateway_->http_port());
    std::string request = Client::Format(row.verb, row.path, row.headers, body);
    client.Send(request);
    const Reply reply = client.Read();
    EXPECT_EQ(reply.status, row.status) << row.what;
    EXPECT_EQ(reply.Header("connection"), "close") << row.what;
    EXPECT_TRUE(client.IsClosed()) << row.what;
  }
  // The nearest that lives on: the same refusals without a body.
  Client client(gateway_->http_port());
  for (const char* path : {"/nothing", "/files/nothing"}) {
    client.Send(Client::Format("POST", path, {}, ""));
    EXPECT_EQ(client.Read().status, 404);
  }
  client.Send(body);
  EXPECT_EQ(client.Read().status, 200);
}

TEST_F(FilesTest, OnlyWhoMayAndOnlyByTheRightVerb) {
  StartGateway();
  Expect(1000);
  EXPECT_EQ(Ask("PUT", kUpload, {{"Upload-Offset", "0"}}, "abc").status, 401);
  EXPECT_EQ(Ask("PUT", kUpload, With({{"Upload-Offset", "0"}}, "officer-1"), "abc").status, 403);
  EXPECT_EQ(Ask("GET", kPaper, With({}, "operator-1")).status, 403);
  EXPECT_EQ(Ask("GET", kPaper, {}).status, 401);
  for (const char* verb : {"GET", "POST", "DELETE", "PATCH"}) {
    const Reply reply = Ask(verb, kUpload, With({}));
    EXPECT_EQ(reply.status, 405) << verb;
    EXPECT_EQ(reply.Header("allow"), "HEAD, PUT");
  }
  EXPECT_EQ(Ask("PUT", kPaper, With({}), "abc").Header("allow"), "GET, HEAD");
  EXPECT_EQ(Ask("GET", "/files/papers/../x", With({})).status, 404);
  EXPECT_EQ(Ask("GET", kPaper, With({}), "abc").status, 400);
  EXPECT_EQ(Pieces("WriteUpload"), 0u);
  // What the service refuses looks the same for what is unknown and what is another's.
  filing_->size = 0;
  const Reply refused = Ask("PUT", kUpload, With({{"Upload-Offset", "0"}}), "abc");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.Reason(), "NOT_PERMITTED");
}

TEST_F(FilesTest, ADownloadSaysWhatItIsAndWhose) {
  StartGateway();
  const std::string content = Content(2 * kFilePiece + 9);
  filing_->stored = content;
  const Reply reply = Ask("GET", kPaper, With({}));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, content);
  const std::string digest = crypto::Hex(crypto::Sha256(content));
  const std::map<std::string, std::string> kHeaders = {
      {"content-type", "application/pdf"},
      {"content-length", base::StrCat(content.size())},
      {"content-disposition",
       "attachment; filename=\"______.pdf\"; filename*=UTF-8''%E5%8D%8F%E8%AE%AE.pdf"},
      {"x-content-type-options", "nosniff"},
      {"content-security-policy", "default-src 'none'; sandbox"},
      {"etag", "\"" + digest + "\""},
      {"cache-control", "private, no-store"},
      {"accept-ranges", "bytes"},
      {"x-watermark-account", "lead-1"},
      {"x-watermark-time", "2023-04-20T14:13:20+00:00"},
      {"x-watermark-case", "applications/0187a3b2-7c1d-7e2f-8a3b-4c5d6e7f8091"},
      {"x-watermark-digest", digest}};
  for (const auto& [name, value] : kHeaders) EXPECT_EQ(reply.Header(name), value) << name;
  EXPECT_EQ(Pieces("ReadPaper"), 4u) << "what it is, and three pieces";
  absl::MutexLock lock(&filing_->files);
  EXPECT_EQ(filing_->downloads.size(), 1u) << "one request id for all of them";
}

TEST_F(FilesTest, ADownloadInParts) {
  StartGateway();
  const std::string content = Content(kFilePiece + 100);
  const std::string size = base::StrCat(content.size());
  const std::string etag = "\"" + crypto::Hex(crypto::Sha256(content)) + "\"";
  filing_->stored = content;
  const auto get = [&](Headers headers, std::string_view verb = "GET") {
    return Ask(verb, kPaper, With(std::move(headers)));
  };
  Reply reply = get({{"Range", "bytes=10-19"}});
  EXPECT_EQ(reply.status, 206);
  EXPECT_EQ(reply.body, content.substr(10, 10));
  EXPECT_EQ(reply.Header("content-range"), "bytes 10-19/" + size);
  reply = get({{"Range", base::StrCat("bytes=", kFilePiece - 1, "-")}});
  EXPECT_EQ(reply.status, 206);
  EXPECT_EQ(reply.body, content.substr(kFilePiece - 1));
  EXPECT_EQ(get({{"Range", "bytes=-1"}}).body, content.substr(content.size() - 1));
  reply = get({{"Range", base::StrCat("bytes=", size, "-")}});
  EXPECT_EQ(reply.status, 416);
  EXPECT_EQ(reply.Header("content-range"), "bytes */" + size);
  EXPECT_EQ(reply.body, "");
  EXPECT_EQ(get({{"Range", "bytes=0-0,2-2"}}).status, 200) << "several at once: all of it";
  EXPECT_EQ(get({{"Range", "bytes=0-0"}, {"If-Range", etag}}).status, 206);
  EXPECT_EQ(get({{"Range", "bytes=0-0"}, {"If-Range", "\"old\""}}).status, 200);
  // A HEAD tells the length and sends nothing: the connection ends with the header.
  reply = get({{"Connection", "close"}}, "HEAD");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("content-length"), size);
  EXPECT_EQ(reply.Header("etag"), etag);
  EXPECT_EQ(reply.body, "");
}

TEST_F(FilesTest, AServiceThatFailsInTheMiddleEndsTheBodyEarly) {
  StartGateway();
  filing_->stored = Content(3 * kFilePiece);
  filing_->fail_at = 2 * kFilePiece;
  const Reply reply = Ask("GET", kPaper, With({}));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "") << "the client sees that it is not whole";
}

}  // namespace
}  // namespace alliance::gateway
