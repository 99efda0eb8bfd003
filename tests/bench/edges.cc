#include "tests/bench/edges.h"

#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <thread>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "alliance/filing/v1/filing.pb.h"
#include "alliance/review/v1/review.pb.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/crypto/signing.h"
#include "common/obs/metrics.h"
#include "common/rpc/tls.h"
#include "common/rpc/token.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"

namespace alliance::bench {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(5);  // of one call
constexpr int kConnections = 8;  // 200 calls at once on each: enough for an overload

const std::string& PathOf(Verb verb) {
  static const std::array<std::string, 3> paths = {
      "/alliance.filing.v1.FilingService/SubmitApplication",
      "/alliance.filing.v1.FilingService/GetApplication",
      "/alliance.review.v1.ReviewService/GetReviewCase"};
  return paths[static_cast<size_t>(verb)];
}

std::string BytesOf(Verb verb, const Case& one) {
  if (verb == Verb::kSubmit) {
    filing::v1::SubmitApplicationRequest request;
    request.set_name(base::StrCat("applications/", one.id));
    request.set_etag(one.etag);
    request.set_request_id(base::NewUuid7());
    return request.SerializeAsString();
  }
  if (verb == Verb::kGet) {
    filing::v1::GetApplicationRequest request;
    request.set_name(base::StrCat("applications/", one.id));
    return request.SerializeAsString();
  }
  review::v1::GetReviewCaseRequest request;
  request.set_name(base::StrCat("reviewCases/", one.id));
  return request.SerializeAsString();
}

// gRPC -------------------------------------------------------------------------------------------

class GrpcEdge : public Edge {
 public:
  explicit GrpcEdge(const std::vector<Case>& cases) : cases_(cases) {}

  void Call(Verb verb, size_t index, Done done) override {
    auto flight = std::make_unique<Flight>();
    const grpc::Slice slice(BytesOf(verb, cases_[index]));
    flight->out = grpc::ByteBuffer(&slice, 1);
    flight->done = std::move(done);
    flight->context.set_deadline(absl::ToChronoTime(absl::Now() + kLimit));
    Introduce(verb, index, flight->context);
    grpc::GenericStub& stub = StubOf(verb);
    Flight* raw = flight.release();
    stub.UnaryCall(&raw->context, PathOf(verb), grpc::StubOptions(), &raw->out, &raw->in,
                   [raw](const grpc::Status& status) {
                     const std::unique_ptr<Flight> landed(raw);
                     if (status.ok())
                       return landed->done({.ok = true, .bytes = landed->in.Length()});
                     landed->done({.why = std::string(obs::CodeName(status.error_code()))});
                   });
  }

 protected:
  using Stubs = std::vector<std::unique_ptr<grpc::GenericStub>>;

  virtual void Introduce(Verb verb, size_t index, grpc::ClientContext& context) = 0;
  virtual grpc::GenericStub& StubOf(Verb verb) = 0;

  grpc::GenericStub& Next(Stubs& stubs) { return *stubs[turn_++ % stubs.size()]; }

  // Connections of their own, as several clients would have.
  static Stubs Connect(const std::string& run, const std::string& identity,
                       const std::string& target) {
    config::v1::Tls tls;
    tls.set_cert_file(base::StrCat(run, "/ca/", identity, ".crt"));
    tls.set_key_file(base::StrCat(run, "/ca/", identity, ".key"));
    tls.set_ca_file(base::StrCat(run, "/ca/ca.crt"));
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetMaxReceiveMessageSize(16 << 20);
    Stubs stubs;
    for (int i = 0; i < kConnections; ++i) {
      auto channel = grpc::CreateCustomChannel(target, rpc::ChannelCredentials(tls), arguments);
      channel->WaitForConnected(absl::ToChronoTime(absl::Now() + kLimit));
      stubs.push_back(std::make_unique<grpc::GenericStub>(std::move(channel)));
    }
    return stubs;
  }

  const std::vector<Case>& cases_;

 private:
  struct Flight {
    grpc::ClientContext context;
    grpc::ByteBuffer out, in;
    Done done;
  };
  std::atomic<size_t> turn_{0};
};

class ServiceEdge final : public GrpcEdge {
 public:
  ServiceEdge(const Way& way, const std::vector<Case>& cases, const crypto::Signer& signer)
      : GrpcEdge(cases), filing_(Connect(way.run, "gateway", way.target)) {
    const absl::Time now = absl::Now();
    for (const Case& one : cases) {
      const domain::Caller lead{.account = base::StrCat("bench-", absl::AsciiStrToLower(one.code)),
                                .role = domain::Role::kApplicant,
                                .organisation = one.code};
      for (const Verb verb : {Verb::kSubmit, Verb::kGet}) {
        tokens_[static_cast<size_t>(verb)].push_back(
            rpc::SignCaller(signer, lead, "filing", PathOf(verb), now));
      }
    }
    if (way.review_target.empty()) return;
    review_ = Connect(way.run, "gateway", way.review_target);
    const domain::Caller officer{
        .account = "officer-shenyang", .role = domain::Role::kRecommender, .region = "210100"};
    officer_token_ = rpc::SignCaller(signer, officer, "review", PathOf(Verb::kVisible), now);
  }

 private:
  void Introduce(Verb verb, size_t index, grpc::ClientContext& context) override {
    context.AddMetadata(rpc::kCallerMetadata, verb == Verb::kVisible
                                                  ? officer_token_
                                                  : tokens_[static_cast<size_t>(verb)][index]);
  }
  grpc::GenericStub& StubOf(Verb verb) override {
    return Next(verb == Verb::kVisible ? review_ : filing_);
  }

  std::array<std::vector<std::string>, 2> tokens_;
  std::string officer_token_;
  Stubs filing_, review_;
};

class GatewayGrpcEdge final : public GrpcEdge {
 public:
  GatewayGrpcEdge(const Way& way, const std::vector<Case>& cases)
      : GrpcEdge(cases), gateway_(Connect(way.run, "LNPJ-01", way.target)) {}

 private:
  void Introduce(Verb /*verb*/, size_t index, grpc::ClientContext& context) override {
    context.AddMetadata("authorization", base::StrCat("Bearer ", cases_[index].id));
  }
  grpc::GenericStub& StubOf(Verb /*verb*/) override { return Next(gateway_); }

  Stubs gateway_;
};

// HTTP -------------------------------------------------------------------------------------------

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Error = boost::system::error_code;

class GatewayJsonEdge final : public Edge {
 public:
  GatewayJsonEdge(const std::string& target, const std::vector<Case>& cases)
      : cases_(cases), target_(target), work_(context_.get_executor()) {
    const size_t colon = target.rfind(':');
    int port = 0;
    if (!absl::SimpleAtoi(target.substr(colon + 1), &port)) port = 0;
    endpoint_ = {net::ip::make_address(target.substr(0, colon)), static_cast<uint16_t>(port)};
    thread_ = std::thread([this] { context_.run(); });
  }
  ~GatewayJsonEdge() override {
    context_.stop();
    thread_.join();
  }

  void Call(Verb verb, size_t index, Done done) override {
    const Case& one = cases_[index];
    http::request<http::string_body> request(http::verb::post, PathOf(verb), 11);
    request.set(http::field::host, target_);
    request.set(http::field::content_type, "application/json");
    request.set(http::field::authorization, base::StrCat("Bearer ", one.id));
    request.set("Connect-Protocol-Version", "1");
    request.body() = base::StrCat("{\"name\":\"applications/", one.id, "\"");
    if (verb == Verb::kSubmit) {
      base::StrAppend(&request.body(), ",\"etag\":\"\\\"", one.etag.substr(1, one.etag.size() - 2),
                      "\\\"\",\"requestId\":\"", base::NewUuid7(), "\"");
    }
    request.body() += "}";
    request.prepare_payload();
    net::post(context_, [this, request = std::move(request), done = std::move(done)]() mutable {
      Start(std::move(request), std::move(done));
    });
  }

 private:
  // A connection is kept and used by one call at a time; all of this runs on the one thread.
  struct Connection {
    explicit Connection(net::io_context& context) : stream(context) {}
    beast::tcp_stream stream;
    beast::flat_buffer buffer;
    http::request<http::string_body> request;
    http::response<http::string_body> response;
    Done done;
  };
  using Kept = std::shared_ptr<Connection>;

  void Start(http::request<http::string_body> request, Done done) {
    Kept connection;
    if (idle_.empty()) {
      connection = std::make_shared<Connection>(context_);
    } else {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
    connection->request = std::move(request);
    connection->done = std::move(done);
    connection->stream.expires_after(absl::ToChronoNanoseconds(kLimit));
    if (connection->stream.socket().is_open()) return Send(connection);
    connection->stream.async_connect(endpoint_, [this, connection](Error error) {
      if (error) return Fail(*connection, error);
      connection->stream.socket().set_option(net::ip::tcp::no_delay(true));
      Send(connection);
    });
  }

  void Send(const Kept& connection) {
    http::async_write(connection->stream, connection->request,
                      [this, connection](Error error, size_t) {
                        if (error) return Fail(*connection, error);
                        Receive(connection);
                      });
  }

  void Receive(const Kept& connection) {
    connection->response = {};
    http::async_read(connection->stream, connection->buffer, connection->response,
                     [this, connection](Error error, size_t) {
                       if (error) return Fail(*connection, error);
                       const auto& response = connection->response;
                       const bool ok = response.result() == http::status::ok;
                       Answer answer{.ok = ok,
                                     .why = ok ? "" : base::StrCat("HTTP ", response.result_int()),
                                     .bytes = response.body().size()};
                       Done done = std::move(connection->done);
                       if (response.keep_alive()) idle_.push_back(connection);
                       done(answer);
                     });
  }

  static void Fail(Connection& connection, Error error) {
    Done done = std::move(connection.done);
    done({.why = error.message()});
  }

  const std::vector<Case>& cases_;
  const std::string target_;
  net::ip::tcp::endpoint endpoint_;
  net::io_context context_{1};
  net::executor_work_guard<net::io_context::executor_type> work_;
  std::vector<Kept> idle_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Edge> MakeEdge(const std::string& name, const Way& way,
                               const std::vector<Case>& cases) {
  if (name == "json") return std::make_unique<GatewayJsonEdge>(way.target, cases);
  if (name == "grpc") return std::make_unique<GatewayGrpcEdge>(way, cases);
  const auto signer = crypto::Signer::Load(base::StrCat(way.run, "/keys/gateway_caller.key"));
  if (name != "service" || !signer.ok()) return nullptr;
  return std::make_unique<ServiceEdge>(way, cases, *signer);
}

}  // namespace alliance::bench
