// The HTTP edge against clients that are wrong, slow or hostile (tests/bad-input.md 4.6,
// docs/threats.md B1-T2, B1-T3, B1-D2, B1-D3).

#include <thread>

#include "services/gateway/gzip.h"
#include "services/gateway/test_gateway.h"

namespace alliance::gateway {
namespace {

using testing_gateway::GatewayTest;
using testing_http::Client;
using testing_http::Headers;
using testing_http::Reply;

constexpr char kPath[] = "/alliance.filing.v1.FilingService/GetRound";
constexpr char kNeedsLogin[] = "/alliance.filing.v1.FilingService/CreateApplication";
constexpr char kBody[] = R"({"name":"rounds/2023-tsl"})";

class HttpTest : public GatewayTest {};

TEST_F(HttpTest, WrongHeadersAreRefusedByTheRightStatus) {
  StartGateway();
  struct Row {
    Headers headers;
    int status;
    const char* code;
    const char* problem;
  };
  const Row kRows[] = {
      {{{"Content-Type", "text/plain"}},
       415,
       "invalid_argument",
       "Content-Type:UNSUPPORTED_CONTENT_TYPE"},
      {{{"Content-Type", "application/x-www-form-urlencoded"}},
       415,
       "invalid_argument",
       "Content-Type:UNSUPPORTED_CONTENT_TYPE"},
      {{{"Content-Type", "application/grpc"}},
       415,
       "invalid_argument",
       "Content-Type:UNSUPPORTED_CONTENT_TYPE"},
      {{{"Connect-Protocol-Version", "2"}},
       400,
       "invalid_argument",
       "Connect-Protocol-Version:UNSUPPORTED_VERSION"},
      {{{"Connect-Timeout-Ms", "12345678901"}},
       400,
       "invalid_argument",
       "Connect-Timeout-Ms:BAD_TIMEOUT"},
      {{{"Content-Encoding", "br"}}, 501, "unimplemented", "Content-Encoding:UNSUPPORTED_ENCODING"},
  };
  for (const Row& row : kRows) {
    const Reply reply = Post(kPath, kBody, row.headers);
    EXPECT_EQ(reply.status, row.status) << reply.body;
    EXPECT_EQ(reply.Code(), row.code);
    EXPECT_EQ(reply.Problem(), row.problem);
    EXPECT_EQ(reply.Reason(), "INVALID_REQUEST");
  }
  EXPECT_EQ(Post(kPath, kBody, {{"Content-Type", "text/plain"}}).Header("accept-post"),
            "application/json, application/proto");
  EXPECT_EQ(Post(kPath, kBody, {{"Connect-Protocol-Version", "1"}}).status, 200);
  EXPECT_TRUE(filing_->seen().size() == 1);
}

TEST_F(HttpTest, OnlyPostIsSpoken) {
  StartGateway();
  for (const char* method : {"GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"}) {
    Client client(gateway_->http_port());
    client.Send(Client::Format(method, kPath, {}, ""));
    const Reply reply = client.Read();
    EXPECT_EQ(reply.status, 405) << method;
    EXPECT_EQ(reply.Header("allow"), "POST");
    EXPECT_EQ(reply.body.empty(), std::string_view(method) == "HEAD");
    EXPECT_EQ(client.Post(kPath, kBody).status, 200) << "the connection lives on after " << method;
  }
  filing_->Clear();
  EXPECT_TRUE(filing_->seen().empty());
}

TEST_F(HttpTest, BodiesThatAreNotTheMessageAreRefused) {
  StartGateway();
  struct Row {
    std::string body;
    const char* type;
    const char* problem;
  };
  const Row kRows[] = {
      {R"({"nmae":"x"})", "application/json", "nmae:UNKNOWN_FIELD"},
      {R"({"name":"a","name":"b"})", "application/json", "name:JSON_NAME_TWICE"},
      {R"({"name":"\u0000"})", "application/json", "name:FORBIDDEN_CHARACTER"},
      {"{\"name\":\"\xff\"}", "application/json", ":NOT_UTF8"},
      {"{\"name\":", "application/json", "name:JSON_SYNTAX"},
      {"\n\x05x", "application/json", ":JSON_SYNTAX"},
      {R"({"name":"x"})", "application/proto", ":BAD_PROTO"},
      {"\n\x02\xC0\xAF", "application/proto", ":BAD_PROTO"},
  };
  Client client(gateway_->http_port());
  for (const Row& row : kRows) {
    const Reply reply = client.Post(kPath, row.body, {{"Content-Type", row.type}});
    EXPECT_EQ(reply.status, 400) << row.body;
    EXPECT_EQ(reply.Code(), "invalid_argument");
    EXPECT_EQ(reply.Problem(), row.problem) << row.body;
  }
  EXPECT_TRUE(filing_->seen().empty());
  EXPECT_EQ(client.Post(kPath, kBody).status, 200) << "the connection has survived all of them";
}

TEST_F(HttpTest, GzipBothWays) {
  StartGateway();
  EXPECT_EQ(Post(kPath, Gzip(kBody), {{"Content-Encoding", "gzip"}}).Text("name"),
            "rounds/2023-tsl");
  EXPECT_EQ(Post(kPath, "", {{"Content-Encoding", "gzip"}}).status, 200)
      << "an empty body is never decompressed";
  EXPECT_EQ(Post(kPath, "not gzip", {{"Content-Encoding", "gzip"}}).Problem(),
            "Content-Encoding:BAD_GZIP");
  EXPECT_EQ(Post(kPath, kBody, {{"Content-Encoding", "identity"}}).status, 200);

  const Reply big = Post(kPath, R"({"name":"rounds/big"})", {{"Accept-Encoding", "br, gzip"}});
  EXPECT_EQ(big.Header("content-encoding"), "gzip");
  const auto plain = Gunzip(big.body, 1 << 20);
  ASSERT_TRUE(plain.ok());
  EXPECT_GT(plain->size(), 20'000u);
  EXPECT_EQ(Post(kPath, kBody, {{"Accept-Encoding", "gzip"}}).Header("content-encoding"), "")
      << "not worth it";
  EXPECT_EQ(Post(kPath, R"({"name":"rounds/big"})").Header("content-encoding"), "");
}

TEST_F(HttpTest, TheBodyLimitHoldsForEveryFormOfBody) {
  options_.http.body_limit = 1000;
  StartGateway();
  const auto body = [](size_t size) {
    return base::StrCat("{\"name\":\"", std::string(size - 11, 'x'), "\"}");
  };
  EXPECT_EQ(Post(kPath, body(1000)).status, 200);
  const Reply over = Post(kPath, body(1001));
  EXPECT_EQ(over.status, 400) << over.body;
  EXPECT_EQ(over.Reason(), "TOO_LARGE");
  EXPECT_EQ(over.Header("connection"), "close");
  // Announced, but never sent: refused without waiting for it.
  Client liar(gateway_->http_port());
  liar.Send(base::StrCat("POST ", kPath,
                         " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n",
                         "Content-Length: 99999999999\r\n\r\n"));
  EXPECT_EQ(liar.Read().Reason(), "TOO_LARGE");
  // In chunks, without an announced length.
  Client chunks(gateway_->http_port());
  chunks.Send(
      base::StrCat("POST ", kPath, " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n",
                   "Transfer-Encoding: chunked\r\n\r\n3e9\r\n", body(1001), "\r\n0\r\n\r\n"));
  EXPECT_EQ(chunks.Read().Reason(), "TOO_LARGE");
  // Small on the wire, large inside.
  const Reply bomb = Post(kPath, Gzip(body(2000)), {{"Content-Encoding", "gzip"}});
  EXPECT_EQ(bomb.Reason(), "TOO_LARGE");
}

TEST_F(HttpTest, HeldBodiesAreBoundedTogether) {
  options_.http.held_bodies_limit = 100;
  StartGateway();
  const Reply reply = Post(kPath, base::StrCat("{\"name\":\"", std::string(200, 'x'), "\"}"));
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.Reason(), "OVERLOADED");
  EXPECT_EQ(Post(kPath, kBody).status, 200);
}

TEST_F(HttpTest, ChunkedBodiesAreRead) {
  StartGateway();
  Client client(gateway_->http_port());
  client.Send(base::StrCat("POST ", kPath,
                           " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n",
                           "Transfer-Encoding: chunked\r\n\r\n"));
  client.Send("8\r\n{\"name\":\r\n");
  client.Send("c\r\n\"rounds/abc\"\r\n1\r\n}\r\n0\r\n\r\n");
  EXPECT_EQ(client.Read().Text("name"), "rounds/abc");
}

// docs/threats.md B1-T3: what two parsers may read differently is answered 400, ends the
// connection, and nothing behind it is taken for a request.
TEST_F(HttpTest, SmugglingIsRefusedAndEndsTheConnection) {
  StartGateway();
  const std::string start =
      base::StrCat("POST ", kPath, " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n");
  const std::string hidden = Client::Format("POST", kPath, {{"Content-Type", "application/json"}},
                                            R"({"name":"rounds/smuggled"})");
  const std::string kVariants[] = {
      start + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      start + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
      start + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
      start + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
      start + "Content-Length: 2, 2\r\n\r\n{}",
      start + "Content-Length: +2\r\n\r\n{}",
      start + "Content-Length: -2\r\n\r\n{}",
      start + "Content-Length: 0x2\r\n\r\n{}",
      start + "Content-Length:\r\n\r\n{}",
      start + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      start + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
      start + "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}",
      start + "Transfer-Encoding: xchunked\r\nContent-Length: 2\r\n\r\n{}",
      start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
      start + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
      start + "Host: b\r\nContent-Length: 2\r\n\r\n{}",
      base::StrCat("POST ", kPath, " HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
      base::StrCat("POST ", kPath, " HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"),
      base::StrCat("POST ", kPath, " HTTP/2.0\r\nHost: a\r\n\r\n"),
      std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
      std::string("\x16\x03\x01\x02\x01\x01\xfc\x03\x03 a TLS hello\r\n\r\n"),
      base::StrCat("POST ", kPath, " HTTP/1.1\nHost: a\n\n"),
  };
  for (const std::string& variant : kVariants) {
    Client client(gateway_->http_port());
    client.Send(variant + hidden);
    const Reply reply = client.Read();
    EXPECT_EQ(reply.status, 400) << variant << "\n" << reply.body;
    EXPECT_EQ(reply.Reason(), "INVALID_REQUEST") << variant;
    EXPECT_EQ(reply.Header("connection"), "close") << variant;
    EXPECT_TRUE(client.IsClosed()) << variant;
  }
  EXPECT_TRUE(filing_->seen().empty());
  EXPECT_EQ(Post(kPath, kBody).status, 200) << "the next one is not affected";
}

TEST_F(HttpTest, BrokenChunksEndTheConnection) {
  StartGateway();
  Client client(gateway_->http_port());
  client.Send(base::StrCat("POST ", kPath,
                           " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n",
                           "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"));
  EXPECT_TRUE(client.IsClosed());
  EXPECT_TRUE(filing_->seen().empty());
}

TEST_F(HttpTest, PipelinedRequestsAreAnsweredInOrder) {
  StartGateway();
  Client client(gateway_->http_port());
  std::string three;
  for (const char* name : {"rounds/1", "rounds/2", "rounds/3"}) {
    three += Client::Format("POST", kPath, {{"Content-Type", "application/json"}},
                            base::StrCat("{\"name\":\"", name, "\"}"));
  }
  client.Send(three + Client::Format("POST", "/nothing", {}, "") + three +
              Client::Format("POST", "/nothing", {}, "{}") + three);
  for (const char* name : {"rounds/1", "rounds/2", "rounds/3"}) {
    EXPECT_EQ(client.Read().Text("name"), name);
  }
  EXPECT_EQ(client.Read().status, 404);
  for (const char* name : {"rounds/1", "rounds/2", "rounds/3"}) {
    EXPECT_EQ(client.Read().Text("name"), name) << "a refusal without a body is one of the row";
  }
  EXPECT_EQ(client.Read().status, 404);
  EXPECT_TRUE(client.IsClosed()) << "a body that was not read ends it";
}

TEST_F(HttpTest, AConnectionThatWantsToEndEnds) {
  StartGateway();
  Client client(gateway_->http_port());
  const Reply reply = client.Post(kPath, kBody, {{"Connection", "close"}});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("connection"), "close");
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(HttpTest, AClientThatWaitsForContinueIsAnsweredFirst) {
  StartGateway();
  const std::string head =
      base::StrCat("POST ", kPath, " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n",
                   "Expect: 100-continue\r\nContent-Length: ", sizeof kBody - 1, "\r\n");
  Client client(gateway_->http_port());
  client.Send(head + "\r\n");
  EXPECT_EQ(client.Read().status, 100);
  client.Send(kBody);
  EXPECT_EQ(client.Read().status, 200);
  // Who may not call is told so without being asked for his body.
  Client stranger(gateway_->http_port());
  stranger.Send(base::StrCat("POST ", kNeedsLogin,
                             " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                             "Expect: 100-continue\r\nContent-Length: 3000000\r\n\r\n"));
  const Reply refused = stranger.Read();
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.Header("connection"), "close");
}

TEST_F(HttpTest, SlowClientsLoseTheirConnection) {
  options_.http.header_time = absl::Milliseconds(200);
  options_.http.body_time = absl::Milliseconds(200);
  options_.http.idle_time = absl::Milliseconds(300);
  StartGateway();
  const absl::Time start = absl::Now();
  Client silent(gateway_->http_port());
  Client header(gateway_->http_port());
  header.Send("POST /x HTTP/1.1\r\nHost: ");
  Client body(gateway_->http_port());
  body.Send(base::StrCat("POST ", kPath,
                         " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n",
                         "Content-Length: 100\r\n\r\n{"));
  Client idle(gateway_->http_port());
  EXPECT_EQ(idle.Post(kPath, kBody).status, 200);
  for (Client* client : {&silent, &header, &body, &idle}) EXPECT_TRUE(client->IsClosed());
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  EXPECT_EQ(filing_->seen().size(), 1u);
}

TEST_F(HttpTest, LargeHeadersAreRefused) {
  options_.http.header_limit = 2000;
  StartGateway();
  EXPECT_EQ(Post(kPath, kBody, {{"X-Filler", std::string(1500, 'x')}}).status, 200);
  const Reply reply = Post(kPath, kBody, {{"X-Filler", std::string(2500, 'x')}});
  EXPECT_EQ(reply.status, 431) << reply.body;
  EXPECT_EQ(reply.Problem(), ":HEADER_TOO_LARGE");
  EXPECT_EQ(reply.Header("connection"), "close");
}

TEST_F(HttpTest, ConnectionsAreBounded) {
  options_.http.connections = 2;
  StartGateway();
  Client one(gateway_->http_port());
  Client two(gateway_->http_port());
  EXPECT_EQ(one.Post(kPath, kBody).status, 200);
  EXPECT_EQ(two.Post(kPath, kBody).status, 200);
  Client three(gateway_->http_port());
  const Reply reply = three.Read();
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.Header("retry-after"), "1");
  EXPECT_TRUE(three.IsClosed());
  EXPECT_EQ(one.Post(kPath, kBody).status, 200) << "those who are in stay in";
}

TEST_F(HttpTest, BrowsersOfAllowedOriginsMayCall) {
  options_.http.allowed_origins = {"https://portal.example"};
  StartGateway();
  const auto preflight = [&](const char* origin) {
    Client client(gateway_->http_port());
    client.Send(Client::Format("OPTIONS", kPath,
                               {{"Origin", origin},
                                {"Access-Control-Request-Method", "POST"},
                                {"Access-Control-Request-Headers", "content-type"}},
                               ""));
    return client.Read();
  };
  const Reply good = preflight("https://portal.example");
  EXPECT_EQ(good.status, 204);
  EXPECT_EQ(good.headers.count("content-length"), 0u);
  EXPECT_EQ(good.Header("access-control-allow-origin"), "https://portal.example");
  EXPECT_EQ(good.Header("access-control-allow-methods"), "POST");
  EXPECT_EQ(good.Header("access-control-max-age"), "7200");
  EXPECT_NE(good.Header("access-control-allow-headers").find("Connect-Protocol-Version"),
            std::string::npos);
  EXPECT_EQ(good.Header("access-control-allow-credentials"), "");
  EXPECT_EQ(good.Header("vary"),
            "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");

  const Reply call = Post(kPath, kBody, {{"Origin", "https://portal.example"}});
  EXPECT_EQ(call.status, 200);
  EXPECT_EQ(call.Header("access-control-allow-origin"), "https://portal.example");

  for (const char* origin : {"https://portal.example.evil.test", "http://portal.example",
                             "https://portal.example:8443", "null", "*"}) {
    EXPECT_EQ(preflight(origin).status, 403) << origin;
    const Reply refused = Post(kPath, kBody, {{"Origin", origin}});
    EXPECT_EQ(refused.status, 403) << origin;
    EXPECT_EQ(refused.Reason(), "NOT_PERMITTED");
    EXPECT_EQ(refused.Header("access-control-allow-origin"), "");
  }
  EXPECT_EQ(Post(kPath, kBody, {{"Origin", "https://gateway.test"}}).status, 200)
      << "our own pages";
  EXPECT_EQ(filing_->seen().size(), 2u);
}

TEST_F(HttpTest, ATakenOrWrongAddressIsOneClearLine) {
  StartGateway();
  const auto start = [&](const std::string& address) {
    HttpOptions options;
    options.address = address;
    auto gateway = Gateway::Start({.http = options}, schema_->pool(), legal_clock_, {},
                                  *crypto::Signer::Load(authority_->folder() + "/caller.key"), {});
    return std::string(gateway.status().message());
  };
  const std::string taken = base::StrCat("127.0.0.1:", gateway_->http_port());
  EXPECT_EQ(start(taken).find("cannot listen on HTTP address " + taken), 0u) << start(taken);
  EXPECT_NE(start("nonsense").find("is not host:port"), std::string::npos);
  EXPECT_NE(start("example.test:80").find("must be an IP address"), std::string::npos);
}

// Clients that come, send half of something and go, in great number, leave nothing behind.
TEST_F(HttpTest, ClientsThatVanishLeaveNothingBehind) {
  StartGateway();
  const std::string request =
      Client::Format("POST", kPath, {{"Content-Type", "application/json"}}, kBody);
  for (size_t cut = 0; cut <= request.size(); cut += 3) {
    Client client(gateway_->http_port());
    client.Send(request.substr(0, cut));
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        Client client(gateway_->http_port());
        EXPECT_EQ(client.Post(kPath, kBody).status, 200);
        client.Send(request);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  gateway_->Stop(absl::Seconds(5));
}

}  // namespace
}  // namespace alliance::gateway
