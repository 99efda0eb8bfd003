// A request in many messages through the native listener: one message at a time, bounded, and what
// ends on one side ends on the other (reliability 4.4).

#include <thread>

#include "grpcpp/generic/generic_stub.h"
#include "services/gateway/test_gateway.h"

namespace alliance::gateway {
namespace {

using filing::v1::Application;
using filing::v1::UploadPaperRequest;
using testing_gateway::GatewayTest;

constexpr size_t kPiece = 256 << 10;
constexpr char kFirm[] = "alliance://firms/LNPJ-01";

class StreamTest : public GatewayTest {
 protected:
  // After changing `options_`.
  void Begin() {
    StartGateway();
    stub_ = StubOf(kFirm);
    lead_ = As("lead-1")[0].second;
  }

  std::unique_ptr<filing::v1::FilingService::Stub> StubOf(std::string_view uri) {
    if (port_ == 0) port_ = StartGrpc();
    return filing::v1::FilingService::NewStub(rpc::Connect(Address(port_), TlsOf(uri)));
  }

  // The context of one call, and its answer.
  struct Upload {
    grpc::ClientContext context;
    Application answer;
    std::unique_ptr<grpc::ClientWriter<UploadPaperRequest>> writer;
  };

  std::unique_ptr<Upload> Open(const std::string& name,
                               absl::Duration timeout = absl::Seconds(20)) {
    auto upload = std::make_unique<Upload>();
    upload->context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
    upload->context.AddMetadata("authorization", lead_);
    upload->writer = stub_->UploadPaper(&upload->context, &upload->answer);
    UploadPaperRequest header;
    header.mutable_header()->set_name(name);
    upload->writer->Write(header);  // false when the refusal is here already
    return upload;
  }

  static bool WritePiece(Upload& upload, size_t bytes = kPiece) {
    UploadPaperRequest message;
    message.set_content(std::string(bytes, 'x'));
    return upload.writer->Write(message);
  }

  // "OK", or the reason; a status that gRPC made itself has its code only.
  static std::string ResultOf(Upload& upload) {
    const grpc::Status status = upload.writer->Finish();
    return status.ok() ? "OK" : ReasonIn(status);
  }
  static std::string ReasonIn(const grpc::Status& status) {
    const auto details = domain::DetailsOf(rpc::FromWire(status));
    return details ? details->reason : std::string(obs::CodeName(status.error_code()));
  }

  std::string UploadWhole(const std::string& name, int pieces = 3) {
    const auto upload = Open(name);
    for (int i = 0; i < pieces; ++i) {
      if (!WritePiece(*upload)) break;
    }
    upload->writer->WritesDone();
    const std::string result = ResultOf(*upload);
    return result == "OK" ? upload->answer.alliance_name() : result;
  }

  std::string lead_;
  std::unique_ptr<filing::v1::FilingService::Stub> stub_;
  int port_ = 0;
};

TEST_F(StreamTest, AnUploadGoesThroughInItsPieces) {
  Begin();
  EXPECT_EQ(UploadWhole("applications/1"), std::to_string(3 * kPiece));
  EXPECT_EQ(UploadWhole("applications/1", 0), "0");
  ASSERT_EQ(filing_->seen().size(), 2u);
  const auto seen = filing_->seen()[0];
  EXPECT_EQ(seen.peer, "gateway");
  ASSERT_TRUE(seen.caller.ok()) << seen.caller.status();
  EXPECT_EQ(seen.caller->account, "lead-1");
  EXPECT_EQ(seen.metadata.end(),
            std::find(seen.metadata.begin(), seen.metadata.end(), "authorization"));
}

// As for a unary call: nothing of it reaches the service.
TEST_F(StreamTest, WhoMayNotCallSendsNothing) {
  Begin();
  const struct {
    const char* certificate;
    std::string session;
    const char* reason;
  } kTable[] = {{kFirm, "", "NOT_PERMITTED"},
                {kFirm, As("officer-1")[0].second, "NOT_PERMITTED"},
                {kFirm, "Bearer stale", "TOKEN_INVALID"},
                {"alliance://firms/LNPJ-99", "", "LOGIN_REQUIRED"}};
  for (const auto& row : kTable) {
    const auto stub = StubOf(row.certificate);
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    if (!row.session.empty()) context.AddMetadata("authorization", row.session);
    Application answer;
    const auto writer = stub->UploadPaper(&context, &answer);
    writer->WritesDone();
    EXPECT_EQ(ReasonIn(writer->Finish()), row.reason);
  }
  EXPECT_TRUE(filing_->seen().empty());
}

// The service need not wait for the end of what it does not want.
TEST_F(StreamTest, ARefusalComesWhileTheClientIsStillSending) {
  Begin();
  const auto upload = Open("applications/closed");
  while (WritePiece(*upload)) {
  }
  EXPECT_EQ(ResultOf(*upload), "WINDOW_CLOSED");
  EXPECT_EQ(filing_->upload_bytes, 0);
}

// Broken off in the middle, the service hears of it; the same again is whole.
TEST_F(StreamTest, AClientThatBreaksOffEndsTheCallOfTheService) {
  Begin();
  const auto upload = Open("applications/1");
  ASSERT_TRUE(WritePiece(*upload));
  ASSERT_TRUE(filing_->Await(filing_->uploads, 1));
  upload->context.TryCancel();
  EXPECT_EQ(upload->writer->Finish().error_code(), grpc::StatusCode::CANCELLED);
  ASSERT_TRUE(filing_->Await(filing_->uploads_ended, 1));
  EXPECT_EQ(filing_->uploads_cancelled, 1);
  EXPECT_EQ(UploadWhole("applications/1"), std::to_string(3 * kPiece));
  EXPECT_EQ(filing_->uploads_cancelled, 1);
}

TEST_F(StreamTest, AClientThatStopsEndsAtItsDeadline) {
  Begin();
  const auto upload = Open("applications/1", absl::Seconds(2));
  EXPECT_EQ(upload->writer->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  ASSERT_TRUE(filing_->Await(filing_->uploads_ended, 1));
  EXPECT_EQ(filing_->uploads_cancelled, 1);
  EXPECT_LE(filing_->seen()[0].time_left, absl::Seconds(2));
}

TEST_F(StreamTest, AServiceThatGoesAwayIsToldToTheClient) {
  Begin();
  const auto upload = Open("applications/1");
  ASSERT_TRUE(filing_->Await(filing_->uploads, 1));
  filing_server_->Drain(absl::ZeroDuration());
  while (WritePiece(*upload)) {
  }
  EXPECT_EQ(ResultOf(*upload), "PEER_UNAVAILABLE");
  EXPECT_EQ(UploadWhole("applications/1"), "PEER_UNAVAILABLE");
}

// A service that does not read holds the client back: neither the gateway nor anything before it
// takes in what nobody has asked for. Without that these two seconds would be a gigabyte.
TEST_F(StreamTest, AServiceThatDoesNotReadHoldsTheClient) {
  options_.forward.stream_bytes = int64_t{1} << 40;
  Begin();
  const auto upload = Open("applications/stuck", absl::Seconds(2));
  int pieces = 0;
  while (WritePiece(*upload)) ++pieces;
  EXPECT_LE(pieces * kPiece, 8u << 20);
  EXPECT_EQ(upload->writer->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
}

// Refused where it goes beyond the limit: of a gigabyte a few megabytes are sent, and the service
// gets no byte above.
TEST_F(StreamTest, WhatIsTooLargeIsRefusedWhereItGoesBeyond) {
  options_.forward.stream_bytes = 1 << 20;
  Begin();
  const auto upload = Open("applications/1");
  size_t sent = 0;
  while (sent < (size_t{1} << 30) && WritePiece(*upload)) sent += kPiece;
  EXPECT_LE(sent, 8u << 20);
  EXPECT_EQ(ResultOf(*upload), "TOO_LARGE");
  ASSERT_TRUE(filing_->Await(filing_->uploads_ended, 1));
  EXPECT_EQ(filing_->uploads_cancelled, 1);
  EXPECT_LE(filing_->upload_bytes, 1 << 20);
  // The nearest that fits: three pieces and the header.
  EXPECT_EQ(UploadWhole("applications/1"), std::to_string(3 * kPiece));
}

TEST_F(StreamTest, AMessageAboveGrpcsOwnLimitIsRefused) {
  Begin();
  const auto upload = Open("applications/1");
  WritePiece(*upload, 5 << 20);
  EXPECT_EQ(upload->writer->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  ASSERT_TRUE(filing_->Await(filing_->uploads_ended, 1));
  EXPECT_EQ(filing_->upload_bytes, 0);
}

TEST_F(StreamTest, SoManyAtOnceAndOthersStillComeThrough) {
  options_.forward.streams = 1;
  Begin();
  const auto first = Open("applications/1");
  ASSERT_TRUE(filing_->Await(filing_->uploads, 1));
  EXPECT_EQ(UploadWhole("applications/1"), "OVERLOADED");
  grpc::ClientContext context;
  filing::v1::GetRoundRequest request;
  request.set_name("rounds/2023-tsl");
  filing::v1::Round round;
  EXPECT_TRUE(stub_->GetRound(&context, request, &round).ok());
  first->writer->WritesDone();
  EXPECT_EQ(ResultOf(*first), "OK");
  EXPECT_EQ(UploadWhole("applications/1"), std::to_string(3 * kPiece));
}

TEST_F(StreamTest, AGatewayThatEndsEndsTheUploads) {
  Begin();
  const auto upload = Open("applications/1");
  ASSERT_TRUE(filing_->Await(filing_->uploads, 1));
  gateway_->Stop(absl::ZeroDuration());
  EXPECT_EQ(ResultOf(*upload), "CANCELLED");
  ASSERT_TRUE(filing_->Await(filing_->uploads_ended, 1));
  EXPECT_EQ(filing_->uploads_cancelled, 1);
  EXPECT_EQ(UploadWhole("applications/1"), "SHUTTING_DOWN");
}

// Many at once, each broken off or ended at another place: every one ends, none is mixed up.
TEST_F(StreamTest, ManyAtOnceAreKeptApart) {
  Begin();
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([this, i] {
      if (i % 3 == 0) {
        const auto upload = Open("applications/1");
        for (int piece = 0; piece < i; ++piece) WritePiece(*upload);
        upload->context.TryCancel();
        EXPECT_EQ(upload->writer->Finish().error_code(), grpc::StatusCode::CANCELLED);
      } else if (i % 3 == 1) {
        EXPECT_EQ(UploadWhole("applications/closed", i), "WINDOW_CLOSED");
      } else {
        EXPECT_EQ(UploadWhole("applications/1", i), std::to_string(i * kPiece));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// Bytes that are no message of the method do not reach the service.
TEST_F(StreamTest, BytesThatAreNoMessageEndTheCall) {
  Begin();
  grpc::GenericStub stub(rpc::Connect(Address(port_), TlsOf(kFirm)));
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
  context.AddMetadata("authorization", lead_);
  const grpc::Slice slice("\n\x05x", 3);
  grpc::ByteBuffer out(&slice, 1);
  grpc::ByteBuffer in;
  absl::Notification done;
  grpc::Status result;
  stub.UnaryCall(&context, "/alliance.filing.v1.FilingService/UploadPaper", grpc::StubOptions(),
                 &out, &in, [&](const grpc::Status& status) {
                   result = status;
                   done.Notify();
                 });
  done.WaitForNotification();
  EXPECT_EQ(ReasonIn(result), "INVALID_REQUEST");
  EXPECT_EQ(filing_->upload_bytes, 0);
}

// HTTP has PUT for files.
TEST_F(StreamTest, OverHttpItIsRefusedWithTheWayToGo) {
  Begin();
  const testing_http::Reply reply =
      Post("/alliance.filing.v1.FilingService/UploadPaper", "{}", {{"Authorization", lead_}});
  EXPECT_EQ(reply.status, 415) << reply.body;
  EXPECT_NE(reply.body.find("STREAM_ONLY"), std::string::npos) << reply.body;
  EXPECT_TRUE(filing_->seen().empty());
}

}  // namespace
}  // namespace alliance::gateway
