// For tests: a gateway in front of fake services, with real TLS, tokens and database.

#ifndef ALLIANCE_SERVICES_GATEWAY_TEST_GATEWAY_H_
#define ALLIANCE_SERVICES_GATEWAY_TEST_GATEWAY_H_

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "alliance/filing/v1/filing.grpc.pb.h"
#include "alliance/review/v1/review.grpc.pb.h"
#include "common/crypto/digest.h"
#include "common/crypto/signing.h"
#include "common/domain/errors.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/rpc/status.h"
#include "common/rpc/tls.h"
#include "common/rpc/token.h"
#include "common/testing/certs.h"
#include "common/testing/mariadb.h"
#include "services/gateway/gateway.h"
#include "services/gateway/passwords.h"
#include "services/gateway/test_http.h"

namespace alliance::gateway::testing_gateway {

using domain::Reason;
using domain::Refuse;

// What a fake service saw of one call.
struct Seen {
  std::string method;
  std::string peer;  // service name in the peer's certificate
  std::string traceparent;
  std::vector<std::string> caller_tokens;
  std::vector<std::string> metadata;  // names
  absl::Duration time_left;
  absl::StatusOr<domain::Caller> caller = Refuse(Reason::kLoginRequired);
};

class Fake {
 public:
  Fake(std::string service, std::shared_ptr<crypto::Verifier> verifier)
      : callers_(std::move(verifier), std::move(service)) {}

  Seen Note(const grpc::ServerContext& context, std::string method) {
    Seen seen{.method = std::move(method)};
    seen.peer = rpc::PeerService(*context.auth_context());
    seen.time_left = absl::FromChrono(context.deadline()) - absl::Now();
    for (const auto& [key, value] : context.client_metadata()) {
      const std::string name(key.data(), key.size());
      const std::string text(value.data(), value.size());
      seen.metadata.push_back(name);
      if (name == rpc::kCallerMetadata) seen.caller_tokens.push_back(text);
      if (name == "traceparent") seen.traceparent = text;
    }
    if (!seen.caller_tokens.empty()) {
      seen.caller = callers_.Verify(seen.caller_tokens[0], seen.method, absl::Now());
    }
    absl::MutexLock lock(&mutex_);
    seen_.push_back(seen);
    return seen;
  }

  std::vector<Seen> seen() {
    absl::MutexLock lock(&mutex_);
    return seen_;
  }
  void Clear() {
    absl::MutexLock lock(&mutex_);
    seen_.clear();
  }

 private:
  rpc::CallerVerifier callers_;
  absl::Mutex mutex_;
  std::vector<Seen> seen_;
};

class FakeFiling final : public filing::v1::FilingService::Service, public Fake {
 public:
  explicit FakeFiling(std::shared_ptr<crypto::Verifier> verifier)
      : Fake("filing", std::move(verifier)) {}

  // "rounds/2023-tsl" is answered; "rounds/big" with 20 KB; "rounds/meta" with metadata;
  // "rounds/wait" when Release is called; "rounds/bare" with an error without details.
  grpc::Status GetRound(grpc::ServerContext* context, const filing::v1::GetRoundRequest* request,
                        filing::v1::Round* answer) override {
    Note(*context, "/alliance.filing.v1.FilingService/GetRound");
    answer->set_name(request->name());
    answer->mutable_open_time()->set_seconds(1'680'451'200);
    if (request->name() == "rounds/big") answer->set_title(std::string(20'000, 'x'));
    if (request->name() == "rounds/meta") {
      context->AddInitialMetadata("x-lead", "1");
      context->AddInitialMetadata("alliance-secret", "1");
      context->AddTrailingMetadata("x-trail", "2");
      context->AddTrailingMetadata("x-bytes-bin", std::string("\0\1\2\3", 4));
    }
    if (request->name() == "rounds/wait") {
      entered.Notify();
      release.WaitForNotificationWithTimeout(absl::Seconds(20));
    }
    if (request->name() == "rounds/bare") return {grpc::StatusCode::INTERNAL, "SELECT secret"};
    return grpc::Status::OK;
  }

  grpc::Status CreateApplication(grpc::ServerContext* context,
                                 const filing::v1::CreateApplicationRequest*,
                                 filing::v1::Application* answer) override {
    Note(*context, "/alliance.filing.v1.FilingService/CreateApplication");
    answer->set_name("applications/1");
    answer->set_state(filing::v1::Application::DRAFT);
    return grpc::Status::OK;
  }

  grpc::Status SubmitApplication(grpc::ServerContext* context,
                                 const filing::v1::SubmitApplicationRequest*,
                                 filing::v1::Application*) override {
    Note(*context, "/alliance.filing.v1.FilingService/SubmitApplication");
    return rpc::ToWire(Refuse(
        Reason::kFormHasErrors, {{"count", "2"}},
        {{"lead.rd_spend_fen.y1", "X06", "研发费用须大于零。", "R&D must be above zero.", "A4.3"},
         {"members", "REQUIRED", "请填写成员。", "Give the members.", "A4.1"}}));
  }

  // "applications/here" is withdrawn, any other is held by review.
  grpc::Status WithdrawApplication(grpc::ServerContext* context,
                                   const filing::v1::WithdrawApplicationRequest* request,
                                   filing::v1::WithdrawApplicationResponse*) override {
    Note(*context, "/alliance.filing.v1.FilingService/WithdrawApplication");
    if (request->name() == "applications/here") return grpc::Status::OK;
    if (request->name() == "applications/wrong") return rpc::ToWire(Refuse(Reason::kWrongState));
    return rpc::ToWire(Refuse(Reason::kHeldElsewhere, {{"holder", "review"}}));
  }

  // One upload, of `size` bytes; 0: there is none.
  grpc::Status GetUpload(grpc::ServerContext* context, const filing::v1::GetUploadRequest*,
                         filing::v1::Upload* answer) override {
    Note(*context, "/alliance.filing.v1.FilingService/GetUpload");
    absl::MutexLock lock(&files);
    if (size == 0) return rpc::ToWire(Refuse(Reason::kNotPermitted));
    answer->set_offset(static_cast<int64_t>(stored.size()));
    answer->set_size_bytes(size);
    return grpc::Status::OK;
  }
  grpc::Status WriteUpload(grpc::ServerContext* context,
                           const filing::v1::WriteUploadRequest* request,
                           filing::v1::Upload* answer) override {
    Note(*context, "/alliance.filing.v1.FilingService/WriteUpload");
    absl::MutexLock lock(&files);
    EXPECT_EQ(request->offset(), static_cast<int64_t>(stored.size()));
    EXPECT_LE(request->content().size(), 256u << 10);
    stored += request->content();
    answer->set_offset(static_cast<int64_t>(stored.size()));
    answer->set_size_bytes(size);
    return grpc::Status::OK;
  }
  // One paper: what is stored. It cannot be read beyond `fail_at`.
  grpc::Status ReadPaper(grpc::ServerContext* context, const filing::v1::ReadPaperRequest* request,
                         filing::v1::ReadPaperResponse* answer) override {
    Note(*context, "/alliance.filing.v1.FilingService/ReadPaper");
    absl::MutexLock lock(&files);
    downloads.insert(request->request_id());
    if (request->offset() >= fail_at) return rpc::ToWire(Refuse(Reason::kInternal));
    answer->mutable_paper()->set_file_name("协议.pdf");
    answer->mutable_paper()->set_media_type("application/pdf");
    answer->mutable_paper()->set_size_bytes(static_cast<int64_t>(stored.size()));
    answer->mutable_paper()->set_sha256(crypto::Sha256(stored));
    answer->mutable_access_time()->set_seconds(1'682'000'000);
    answer->set_content(stored.substr(static_cast<size_t>(request->offset()),
                                      static_cast<size_t>(request->limit())));
    return grpc::Status::OK;
  }

  // "applications/1" is answered with the number of bytes in alliance_name; "applications/closed"
  // is refused; the content of "applications/stuck" is not read before `release`. `uploads` and
  // `uploads_ended` count; `upload_bytes` is the content that came, of all together.
  grpc::Status UploadPaper(grpc::ServerContext* context,
                           grpc::ServerReader<filing::v1::UploadPaperRequest>* reader,
                           filing::v1::Application* answer) override {
    Note(*context, "/alliance.filing.v1.FilingService/UploadPaper");
    filing::v1::UploadPaperRequest message;
    reader->Read(&message);
    const std::string name = message.header().name();
    {
      absl::MutexLock lock(&files);
      ++uploads;
    }
    if (name == "applications/closed") return rpc::ToWire(Refuse(Reason::kWindowClosed));
    if (name == "applications/stuck") release.WaitForNotificationWithTimeout(absl::Seconds(20));
    int64_t bytes = 0;
    while (reader->Read(&message)) {
      bytes += static_cast<int64_t>(message.content().size());
      absl::MutexLock lock(&files);
      upload_bytes += static_cast<int64_t>(message.content().size());
    }
    answer->set_alliance_name(std::to_string(bytes));
    absl::MutexLock lock(&files);
    ++uploads_ended;
    if (context->IsCancelled()) ++uploads_cancelled;
    return grpc::Status::OK;
  }
  // Waits until `count` of them, of those above, is reached.
  bool Await(int& count, int expected) {
    const auto reached = [&] { return count >= expected; };
    absl::MutexLock lock(&files);
    return files.AwaitWithTimeout(absl::Condition(&reached), absl::Seconds(20));
  }

  absl::Notification entered;
  absl::Notification release;
  absl::Mutex files;
  int uploads = 0;
  int uploads_ended = 0;
  int uploads_cancelled = 0;
  int64_t upload_bytes = 0;
  int64_t size = 0;
  int64_t fail_at = INT64_MAX;
  std::string stored;
  std::set<std::string> downloads;
};

class FakeReview final : public review::v1::ReviewService::Service, public Fake {
 public:
  explicit FakeReview(std::shared_ptr<crypto::Verifier> verifier)
      : Fake("review", std::move(verifier)) {}

  // "applications/nowhere" is said to be held elsewhere here too.
  grpc::Status WithdrawApplication(grpc::ServerContext* context,
                                   const filing::v1::WithdrawApplicationRequest* request,
                                   filing::v1::WithdrawApplicationResponse*) override {
    Note(*context, "/alliance.review.v1.ReviewService/WithdrawApplication");
    if (request->name() == "applications/nowhere") {
      return rpc::ToWire(Refuse(Reason::kHeldElsewhere, {{"holder", "filing"}}));
    }
    return grpc::Status::OK;
  }

  // A service that does not believe the gateway's token.
  grpc::Status GetNotice(grpc::ServerContext* context, const review::v1::GetNoticeRequest*,
                         review::v1::NoticeBatch*) override {
    Note(*context, "/alliance.review.v1.ReviewService/GetNotice");
    return rpc::ToWire(Refuse(Reason::kTokenInvalid));
  }

  grpc::Status FileObjection(grpc::ServerContext* context, const review::v1::FileObjectionRequest*,
                             review::v1::FileObjectionResponse* answer) override {
    Note(*context, "/alliance.review.v1.ReviewService/FileObjection");
    answer->set_name("objections/1");
    return grpc::Status::OK;
  }
};

inline constexpr char kPassword[] = "for-tests: 正确";

class GatewayTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    authority_ = std::make_unique<testing_certs::Authority>();
    schema_ = testdb::Schema::Make("alliance_gateway", {"services/gateway"});
    const std::string key = authority_->folder() + "/caller.key";
    ASSERT_TRUE(crypto::GenerateKeyFiles(key, key + ".pub").ok());
    auto verifier = crypto::Verifier::Load(key + ".pub");
    ASSERT_TRUE(verifier.ok()) << verifier.status();
    verifier_ = std::make_shared<crypto::Verifier>(*std::move(verifier));
    hash_ = *HashPassword(kPassword);
  }
  static void TearDownTestSuite() {
    schema_.reset();
    authority_.reset();
  }

  void SetUp() override {
    schema_->Clear();
    filing_ = std::make_unique<FakeFiling>(verifier_);
    review_ = std::make_unique<FakeReview>(verifier_);
    filing_server_ = Serve("filing", filing_.get());
    review_server_ = Serve("review", review_.get());
    Put({.id = "lead-1", .role = "applicant", .organisation = "91210100MA0000000X"});
    Put({.id = "officer-1", .role = "recommender", .region = "210100"});
    Put({.id = "operator-1", .role = "operator"});
    Put({.id = "firm-1",
         .role = "firm",
         .organisation = "LNPJ-01",
         .certificate_uri = "alliance://firms/LNPJ-01"});
  }

  void TearDown() override {
    if (!filing_->release.HasBeenNotified()) filing_->release.Notify();
    grpc_server_.reset();
    gateway_.reset();
  }

  // Call once per test, after changing `options_`.
  void StartGateway() {
    options_.http.address = "127.0.0.1:0";
    options_.now = [this] { return now_.Now(); };
    Channels channels;
    const config::v1::Tls tls = TlsOf("alliance://services/gateway");
    channels[static_cast<int>(Backend::kFiling)] =
        rpc::Connect(Address(filing_server_->port()), tls);
    channels[static_cast<int>(Backend::kReview)] =
        rpc::Connect(Address(review_server_->port()), tls);
    // Nobody listens at evaluation's; subsidy is not even configured.
    channels[static_cast<int>(Backend::kEvaluation)] = rpc::Connect("127.0.0.1:1", tls);
    auto signer = crypto::Signer::Load(authority_->folder() + "/caller.key");
    ASSERT_TRUE(signer.ok()) << signer.status();
    auto gateway = Gateway::Start(options_, schema_->pool(), legal_clock_, channels,
                                  *std::move(signer), offices_);
    ASSERT_TRUE(gateway.ok()) << gateway.status();
    gateway_ = *std::move(gateway);
  }

  // The native listener; its port.
  int StartGrpc() {
    auto server = rpc::Server::Start(
        {.address = "127.0.0.1:0", .tls = TlsOf("alliance://services/gateway"), .name = "gateway"},
        {}, gateway_->forwarder_service());
    EXPECT_TRUE(server.ok()) << server.status();
    grpc_server_ = *std::move(server);
    return grpc_server_->port();
  }

  static std::string Address(int port) { return base::StrCat("127.0.0.1:", port); }

  static config::v1::Tls TlsOf(std::string_view uri) {
    const testing_certs::Files files = authority_->Issue(uri);
    config::v1::Tls tls;
    tls.set_cert_file(files.cert_file);
    tls.set_key_file(files.key_file);
    tls.set_ca_file(files.ca_file);
    return tls;
  }

  static std::unique_ptr<rpc::Server> Serve(const std::string& name, grpc::Service* service) {
    auto server = rpc::Server::Start({.address = "127.0.0.1:0",
                                      .tls = TlsOf(base::StrCat("alliance://services/", name)),
                                      .name = name},
                                     {service});
    EXPECT_TRUE(server.ok()) << server.status();
    return *std::move(server);
  }

  void Put(Account account) {
    account.password_hash = hash_;
    account.display_name = account.id;
    const absl::Status status = schema_->pool().Run(testdb::Soon(), [&](db::Txn& txn) {
      PutAccount(txn, account, legal_clock_.Now(), "trace");
      return absl::OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
  }

  testing_http::Client Connect() { return testing_http::Client(gateway_->http_port()); }

  testing_http::Reply Post(std::string_view path, std::string_view body,
                           const testing_http::Headers& headers = {}) {
    testing_http::Client client(gateway_->http_port());
    return client.Post(path, body, headers);
  }

  testing_http::Reply Login(std::string_view login, std::string_view password = kPassword) {
    return Post("/alliance.gateway.v1.AccountService/Login",
                base::StrCat("{\"login\":\"", login, "\",\"password\":\"", password, "\"}"));
  }

  testing_http::Headers As(std::string_view login) {
    const testing_http::Reply reply = Login(login);
    EXPECT_EQ(reply.status, 200) << reply.body;
    return {{"Authorization", "Bearer " + reply.Text("accessToken")}};
  }

  static inline std::unique_ptr<testing_certs::Authority> authority_;
  static inline std::unique_ptr<testdb::Schema> schema_;
  static inline std::shared_ptr<crypto::Verifier> verifier_;
  static inline std::string hash_;

  GatewayOptions options_;
  std::vector<v1::Office> offices_;
  // Security time: as the tests set it. Tokens of calls are always the system's.
  base::ManualClock now_{absl::FromUnixSeconds(1'700'000'000)};
  base::ManualClock legal_clock_{absl::FromUnixSeconds(1'682'000'000)};
  std::unique_ptr<FakeFiling> filing_;
  std::unique_ptr<FakeReview> review_;
  std::unique_ptr<rpc::Server> filing_server_;
  std::unique_ptr<rpc::Server> review_server_;
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<rpc::Server> grpc_server_;
};

}  // namespace alliance::gateway::testing_gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_TEST_GATEWAY_H_
