// The native gRPC listener: evaluation firms by certificate, sessions by metadata.

#include "alliance/evaluation/v1/evaluation.grpc.pb.h"
#include "alliance/gateway/v1/gateway.grpc.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "services/gateway/test_gateway.h"

namespace alliance::gateway {
namespace {

using domain::Role;
using testing_gateway::GatewayTest;

class GrpcTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    StartGateway();
    port_ = StartGrpc();
  }

  std::shared_ptr<grpc::Channel> ChannelOf(std::string_view uri) {
    return rpc::Connect(Address(port_), TlsOf(uri));
  }

  static std::string ReasonIn(const grpc::Status& status) {
    const auto details = domain::DetailsOf(rpc::FromWire(status));
    return details ? details->reason : "no details: " + status.error_message();
  }

  static void Limit(grpc::ClientContext& context) {
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
  }

  int port_ = 0;
};

TEST_F(GrpcTest, AFirmIsKnownByItsCertificate) {
  const auto stub = gateway::v1::AccountService::NewStub(ChannelOf("alliance://firms/LNPJ-01"));
  grpc::ClientContext context;
  Limit(context);
  v1::Session session;
  const grpc::Status status = stub->GetSession(&context, {}, &session);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(session.login(), "firm-1");
  EXPECT_EQ(session.role(), "firm");
  EXPECT_EQ(session.organisation(), "LNPJ-01");
  EXPECT_FALSE(session.has_expire_time());
}

TEST_F(GrpcTest, BytesGoThroughWithTraceDeadlineAndCaller) {
  const auto stub = filing::v1::FilingService::NewStub(ChannelOf("alliance://firms/LNPJ-01"));
  grpc::ClientContext context;
  Limit(context);
  context.AddMetadata("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  context.AddMetadata("alliance-caller-bin", "forged");
  filing::v1::GetRoundRequest request;
  request.set_name("rounds/meta");
  filing::v1::Round round;
  const grpc::Status status = stub->GetRound(&context, request, &round);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(round.name(), "rounds/meta");
  EXPECT_EQ(context.GetServerInitialMetadata().count("x-lead"), 1u);
  EXPECT_EQ(context.GetServerInitialMetadata().count("alliance-secret"), 0u);
  EXPECT_EQ(context.GetServerTrailingMetadata().count("x-trail"), 1u);
  ASSERT_EQ(filing_->seen().size(), 1u);
  const auto seen = filing_->seen()[0];
  EXPECT_EQ(seen.peer, "gateway");
  EXPECT_EQ(seen.caller_tokens.size(), 1u);
  ASSERT_TRUE(seen.caller.ok()) << "the forged one is gone: " << seen.caller.status();
  EXPECT_EQ(seen.caller->role, Role::kPublic);
  EXPECT_EQ(seen.traceparent.substr(3, 32), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_LE(seen.time_left, absl::Seconds(10));
}

TEST_F(GrpcTest, ASessionInMetadataComesBeforeTheCertificate) {
  const auto stub = filing::v1::FilingService::NewStub(ChannelOf("alliance://firms/LNPJ-01"));
  grpc::ClientContext context;
  Limit(context);
  context.AddMetadata("authorization", As("lead-1")[0].second);
  filing::v1::Application application;
  ASSERT_TRUE(stub->CreateApplication(&context, {}, &application).ok());
  EXPECT_EQ(filing_->seen().at(0).caller->account, "lead-1");

  grpc::ClientContext stale;
  Limit(stale);
  stale.AddMetadata("authorization", "Bearer stale");
  const grpc::Status refused = stub->CreateApplication(&stale, {}, &application);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(ReasonIn(refused), "TOKEN_INVALID");
}

TEST_F(GrpcTest, RefusalsCarryCodeAndReason) {
  const auto firm = ChannelOf("alliance://firms/LNPJ-01");
  const auto stranger = ChannelOf("alliance://firms/LNPJ-99");
  filing::v1::Application application;
  {
    grpc::ClientContext context;
    Limit(context);
    const auto status =
        filing::v1::FilingService::NewStub(firm)->CreateApplication(&context, {}, &application);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
    EXPECT_EQ(ReasonIn(status), "NOT_PERMITTED");
  }
  {
    grpc::ClientContext context;
    Limit(context);
    const auto status =
        filing::v1::FilingService::NewStub(stranger)->CreateApplication(&context, {}, &application);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
    EXPECT_EQ(ReasonIn(status), "LOGIN_REQUIRED");
  }
  {
    grpc::ClientContext context;
    Limit(context);
    evaluation::v1::PushScoresResponse answer;
    const auto status =
        evaluation::v1::EvaluationService::NewStub(firm)->PushScores(&context, {}, &answer);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
    EXPECT_EQ(ReasonIn(status), "PEER_UNAVAILABLE");
  }
  EXPECT_TRUE(filing_->seen().empty());
}

// Calls any path with any bytes.
grpc::Status CallRaw(std::shared_ptr<grpc::Channel> channel, const std::string& path,
                     const std::string& bytes) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
  const grpc::Slice slice(bytes);
  grpc::ByteBuffer out(&slice, 1);
  grpc::ByteBuffer in;
  absl::Notification done;
  grpc::Status result;
  stub.UnaryCall(&context, path, grpc::StubOptions(), &out, &in, [&](const grpc::Status& status) {
    result = status;
    done.Notify();
  });
  done.WaitForNotification();
  return result;
}

TEST_F(GrpcTest, WhatIsNotPublicDoesNotExist) {
  const auto channel = ChannelOf("alliance://services/review");
  for (const char* path : {"/alliance.events.v1.EventService/Deliver",
                           "/alliance.review.v1.ReviewService/WithdrawApplication", "/x.Y/Z"}) {
    const grpc::Status status = CallRaw(channel, path, "");
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << path;
    EXPECT_EQ(ReasonIn(status), "NO_SUCH_METHOD") << path;
  }
}

TEST_F(GrpcTest, BytesThatAreNoMessageAreRefused) {
  const grpc::Status status = CallRaw(ChannelOf("alliance://firms/LNPJ-01"),
                                      "/alliance.filing.v1.FilingService/GetRound", "\n\x05x");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonIn(status), "INVALID_REQUEST");
  EXPECT_TRUE(filing_->seen().empty());
}

// docs/threats.md B2-D1: the handshake stands before gRPC's parser.
TEST_F(GrpcTest, WithoutACertificateOfOursThereIsNoConnection) {
  const config::v1::Tls ours = TlsOf("alliance://firms/LNPJ-01");
  testing_certs::Authority other;
  const testing_certs::Files foreign = other.Issue("alliance://firms/LNPJ-01");
  config::v1::Tls mixed;  // signed by somebody else, trusting our server
  mixed.set_cert_file(foreign.cert_file);
  mixed.set_key_file(foreign.key_file);
  mixed.set_ca_file(ours.ca_file());
  config::v1::Tls expired;
  const testing_certs::Files old = authority_->Issue("alliance://firms/LNPJ-01", -absl::Minutes(1));
  expired.set_cert_file(old.cert_file);
  expired.set_key_file(old.key_file);
  expired.set_ca_file(old.ca_file);

  grpc::SslCredentialsOptions none;
  FILE* file = std::fopen(ours.ca_file().c_str(), "r");
  char pem[8192];
  none.pem_root_certs.assign(pem, std::fread(pem, 1, sizeof pem, file));
  std::fclose(file);

  const std::shared_ptr<grpc::Channel> channels[] = {
      grpc::CreateChannel(Address(port_), grpc::SslCredentials(none)),
      rpc::Connect(Address(port_), mixed), rpc::Connect(Address(port_), expired)};
  for (const auto& channel : channels) {
    const grpc::Status status = CallRaw(channel, "/alliance.filing.v1.FilingService/GetRound", "");
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << status.error_message();
  }
  EXPECT_TRUE(filing_->seen().empty());
}

TEST_F(GrpcTest, AWithdrawalFollowsTheCaseHereToo) {
  const auto stub = filing::v1::FilingService::NewStub(ChannelOf("alliance://firms/LNPJ-01"));
  grpc::ClientContext context;
  Limit(context);
  context.AddMetadata("authorization", As("lead-1")[0].second);
  filing::v1::WithdrawApplicationRequest request;
  request.set_name("applications/there");
  filing::v1::WithdrawApplicationResponse answer;
  EXPECT_TRUE(stub->WithdrawApplication(&context, request, &answer).ok());
  EXPECT_EQ(review_->seen().size(), 1u);
}

TEST_F(GrpcTest, NewCallsAreToldThatTheGatewayEnds) {
  const auto stub = filing::v1::FilingService::NewStub(ChannelOf("alliance://firms/LNPJ-01"));
  gateway_->Stop(absl::Seconds(1));
  grpc::ClientContext context;
  Limit(context);
  filing::v1::Round round;
  const grpc::Status status = stub->GetRound(&context, {}, &round);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonIn(status), "SHUTTING_DOWN");
}

}  // namespace
}  // namespace alliance::gateway
