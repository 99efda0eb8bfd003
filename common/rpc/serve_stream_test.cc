// Client streams through Serve: the same identity, limits and barrier as a unary call, and one
// message at a time.

#include "common/rpc/serve_stream.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "alliance/filing/v1/filing.grpc.pb.h"
#include "common/base/status_macros.h"
#include "common/rpc/bind.h"
#include "common/rpc/serve_fixture.h"
#include "common/rpc/status.h"
#include "gtest/gtest.h"

namespace alliance::rpc {
namespace {

namespace filing_pb = ::alliance::filing::v1;
using domain::Reason;
using domain::RefusedFor;

constexpr char kUploadMethod[] = "/alliance.filing.v1.FilingService/UploadPaper";

// Answers all content put together, or does what the first message's content asks.
class Collector {
 public:
  ALLIANCE_CLIENT_STREAM_RPC(UploadPaper, filing_pb::UploadPaperRequest, filing_pb::Application)

  absl::Notification entered;
  absl::Notification ended;
  absl::Status last;
};

class CollectorWire final : public Bound<filing_pb::FilingService, Collector> {
 public:
  using Bound::Bound;
  ALLIANCE_BIND_CLIENT_STREAM(UploadPaper)
};

absl::Status Collector::UploadPaper(const Call& call, Incoming<filing_pb::UploadPaperRequest>& in,
                                    filing_pb::Application* answer) {
  std::string all;
  filing_pb::UploadPaperRequest message;
  while (true) {
    const absl::StatusOr<bool> more = in.Next(&message);
    if (!more.ok()) {
      last = more.status();
      ended.Notify();
      return more.status();
    }
    if (!*more) break;
    if (message.content() == "throw") throw std::runtime_error("secret detail of a bug");
    if (message.content() == "refuse") return domain::Refuse(Reason::kWindowClosed);
    if (message.content() == "enter") entered.Notify();
    all += message.content();
  }
  answer->set_lead_name(call.caller.account);
  answer->set_alliance_name(all);
  return absl::OkStatus();
}

class ServeStreamTest : public ServeFixture {
 protected:
  void SetUp() override {
    MakeServe(4, 8);
    auto collector = std::make_unique<Collector>();
    collector_ = collector.get();
    wire_ = std::make_unique<CollectorWire>(*serve_, std::move(collector));
    Listen(wire_.get());
    stub_ = filing_pb::FilingService::NewStub(ChannelAs("alliance://services/gateway"));
  }

  void Prepared(grpc::ClientContext& context, absl::Duration timeout = absl::Seconds(10),
                bool with_token = true) {
    Equip(context, timeout, with_token ? TokenFor("lead", kService, kUploadMethod) : "");
  }

  absl::Status Send(const std::vector<std::string>& pieces, filing_pb::Application* answer,
                    bool with_token = true) {
    grpc::ClientContext context;
    Prepared(context, absl::Seconds(10), with_token);
    auto writer = stub_->UploadPaper(&context, answer);
    for (const std::string& piece : pieces) {
      filing_pb::UploadPaperRequest message;
      message.set_content(piece);
      if (!writer->Write(message)) break;
    }
    writer->WritesDone();
    return FromWire(writer->Finish());
  }

  std::unique_ptr<CollectorWire> wire_;
  Collector* collector_ = nullptr;
  std::unique_ptr<filing_pb::FilingService::Stub> stub_;
};

TEST_F(ServeStreamTest, MessagesComeInOrderAndOnce) {
  filing_pb::Application answer;
  const absl::Status status = Send({"a", "b", std::string(1 << 20, 'c')}, &answer);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(answer.lead_name(), "lead");
  EXPECT_EQ(answer.alliance_name(), "ab" + std::string(1 << 20, 'c'));
  ASSERT_TRUE(Send({}, &answer).ok());
  EXPECT_EQ(answer.alliance_name(), "");
}

TEST_F(ServeStreamTest, RefusalsAndBugsLookAsInAUnaryCall) {
  filing_pb::Application answer;
  EXPECT_TRUE(RefusedFor(Send({"refuse", "more"}, &answer), Reason::kWindowClosed));
  const absl::Status bug = Send({"throw"}, &answer);
  EXPECT_TRUE(RefusedFor(bug, Reason::kInternal));
  EXPECT_EQ(bug.ToString().find("secret"), std::string::npos);
  EXPECT_EQ(Send({"a"}, &answer, /*with_token=*/false).code(), absl::StatusCode::kUnauthenticated);
}

TEST_F(ServeStreamTest, AClientThatStopsHoldsItsWorkerNoLongerThanItsDeadline) {
  filing_pb::Application answer;
  grpc::ClientContext context;
  Prepared(context, absl::Seconds(3));
  auto writer = stub_->UploadPaper(&context, &answer);
  filing_pb::UploadPaperRequest message;
  message.set_content("enter");
  ASSERT_TRUE(writer->Write(message));
  collector_->entered.WaitForNotification();
  EXPECT_EQ(FromWire(writer->Finish()).code(), absl::StatusCode::kDeadlineExceeded);
  collector_->ended.WaitForNotification();
  EXPECT_FALSE(collector_->last.ok());
}

// A quarter of four workers: one stream at a time; the others stay for unary calls.
TEST_F(ServeStreamTest, StreamsLeaveWorkersForOthers) {
  filing_pb::Application answer;
  grpc::ClientContext context;
  Prepared(context);
  auto writer = stub_->UploadPaper(&context, &answer);
  filing_pb::UploadPaperRequest message;
  message.set_content("enter");
  ASSERT_TRUE(writer->Write(message));
  collector_->entered.WaitForNotification();
  filing_pb::Application other;
  EXPECT_TRUE(RefusedFor(Send({"a"}, &other), Reason::kOverloaded));
  writer->WritesDone();
  EXPECT_TRUE(writer->Finish().ok());
  EXPECT_EQ(answer.alliance_name(), "enter");
}

TEST_F(ServeStreamTest, AClientThatGoesAwayIsNoticed) {
  filing_pb::Application answer;
  {
    grpc::ClientContext context;
    Prepared(context);
    auto writer = stub_->UploadPaper(&context, &answer);
    filing_pb::UploadPaperRequest message;
    message.set_content("enter");
    ASSERT_TRUE(writer->Write(message));
    collector_->entered.WaitForNotification();
    context.TryCancel();
    EXPECT_EQ(FromWire(writer->Finish()).code(), absl::StatusCode::kCancelled);
  }
  collector_->ended.WaitForNotification();
  EXPECT_TRUE(RefusedFor(collector_->last, Reason::kCancelled)) << collector_->last;
}

}  // namespace
}  // namespace alliance::rpc
