// Once: one request id, one effect, one answer, one history row, on a real database.

#include "common/act/act.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "alliance/filing/v1/filing.pb.h"
#include "common/act/timeline.h"
#include "common/base/uuid.h"
#include "common/domain/errors.h"
#include "common/obs/metrics.h"
#include "common/rules/packs.h"
#include "common/testing/mariadb.h"
#include "gtest/gtest.h"

namespace alliance::act {
namespace {

namespace pb = ::alliance::filing::v1;
using domain::Reason;
using domain::RefusedFor;

class ActTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { schema_ = testdb::Schema::Make("alliance_filing"); }
  static void TearDownTestSuite() { schema_.reset(); }
  void SetUp() override {
    schema_->Clear();
    call_.caller = {.account = "lead-1",
                    .role = domain::Role::kApplicant,
                    .organisation = "91210100PDY00001XY"};
    call_.method = "/alliance.filing.v1.FilingService/WithdrawApplication";
    call_.deadline = testdb::Soon();
    call_.trace = rpc::Trace::Continue("");
    request_.set_name("applications/x");
    request_.set_request_id(base::NewUuid7());
  }

  // One act: a history row, an event, an answer that differs each time the body really runs.
  absl::Status Withdraw(const rpc::Call& call, const pb::WithdrawApplicationRequest& request,
                        pb::WithdrawApplicationResponse* answer) {
    return Once(deps_, call, request, answer, [&](Step& step) -> absl::Status {
      step.Record({.case_id = "case-1",
                   .action = "withdraw",
                   .from_state = "DRAFT",
                   .to_state = "WITHDRAWN"});
      events::v1::Event event;
      event.mutable_application_withdrawn()->set_reason("r");
      step.Emit("review", "case-1", 1, std::move(event));
      answer->set_name(base::NewUuid7());
      return refuse_ ? domain::Refuse(Reason::kWrongState) : absl::OkStatus();
    });
  }

  static inline std::unique_ptr<testdb::Schema> schema_;
  base::ManualClock clock_{absl::FromUnixMicros(1'682'380'800'000'000)};
  rules::Packs packs_;
  Deps deps_{.service = "filing", .pool = schema_->pool(), .clock = clock_, .packs = packs_};
  rpc::Call call_;
  pb::WithdrawApplicationRequest request_;
  pb::WithdrawApplicationResponse answer_;
  bool refuse_ = false;
};

TEST_F(ActTest, ARepeatGetsTheFirstAnswerAndLeavesOneEffect) {
  ASSERT_TRUE(Withdraw(call_, request_, &answer_).ok());
  pb::WithdrawApplicationResponse second;
  ASSERT_TRUE(Withdraw(call_, request_, &second).ok());
  EXPECT_EQ(second.name(), answer_.name());
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM history"), 1);
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM outbox"), 1);
}

TEST_F(ActTest, TheSameIdWithAnotherBodyIsRefused) {
  ASSERT_TRUE(Withdraw(call_, request_, &answer_).ok());
  request_.set_reason("another");
  const absl::Status status = Withdraw(call_, request_, &answer_);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM history"), 1);
}

TEST_F(ActTest, TheSameIdOfAnotherCallerIsAnotherRequest) {
  ASSERT_TRUE(Withdraw(call_, request_, &answer_).ok());
  call_.caller.account = "lead-2";
  ASSERT_TRUE(Withdraw(call_, request_, &answer_).ok());
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM history"), 2);
}

TEST_F(ActTest, ARequestWithoutAnIdIsRefused) {
  for (const char* id : {"", "1", "0190A5E0-7C11-7D3A-8F6E-0123456789AB "}) {
    request_.set_request_id(id);
    EXPECT_TRUE(RefusedFor(Withdraw(call_, request_, &answer_), Reason::kRequestIdRequired)) << id;
  }
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM history"), 0);
}

TEST_F(ActTest, ARefusalLeavesNothingBehindAndMayBeRepeated) {
  refuse_ = true;
  EXPECT_TRUE(RefusedFor(Withdraw(call_, request_, &answer_), Reason::kWrongState));
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM history"), 0);
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM outbox"), 0);
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM idempotency"), 0);
  refuse_ = false;
  EXPECT_TRUE(Withdraw(call_, request_, &answer_).ok());
}

// A replay and a refusal change no state, so they are not counted.
TEST_F(ActTest, EachCommittedTransitionIsCountedOnce) {
  const auto count = [] {
    return obs::Counter("case_transitions_total", "",
                        {{"action", "withdraw"}, {"to_state", "WITHDRAWN"}})
        .Value();
  };
  const double before = count();
  refuse_ = true;
  ASSERT_FALSE(Withdraw(call_, request_, &answer_).ok());
  EXPECT_EQ(count(), before);
  refuse_ = false;
  ASSERT_TRUE(Withdraw(call_, request_, &answer_).ok());
  ASSERT_TRUE(Withdraw(call_, request_, &answer_).ok());
  EXPECT_EQ(count(), before + 1);
}

TEST_F(ActTest, EightAtOnceWithOneIdHaveOneEffectAndOneAnswer) {
  std::vector<pb::WithdrawApplicationResponse> answers(8);
  std::vector<std::thread> threads;
  for (auto& answer : answers) {
    threads.emplace_back([&] { EXPECT_TRUE(Withdraw(call_, request_, &answer).ok()); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& answer : answers) EXPECT_EQ(answer.name(), answers[0].name());
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM history"), 1);
}

TEST_F(ActTest, HistorySaysWhoWhenAndUnderWhichTrace) {
  ASSERT_TRUE(Withdraw(call_, request_, &answer_).ok());
  EXPECT_EQ(schema_->Value("SELECT actor FROM history"), "lead-1");
  EXPECT_EQ(schema_->Value("SELECT role FROM history"), "applicant");
  EXPECT_EQ(schema_->Value("SELECT organisation FROM history"), "91210100PDY00001XY");
  EXPECT_EQ(schema_->Value("SELECT at_us FROM history"), "1682380800000000");
  EXPECT_EQ(schema_->Value("SELECT trace_id FROM history"), call_.trace.trace_id);
}

TEST_F(ActTest, ATimelineTellsOutsidersNothingOfObjectionsAndPeople) {
  call_.caller = {.account = "officer-7", .role = domain::Role::kRecommender, .region = "210100"};
  ASSERT_TRUE(Once(deps_, call_, request_, &answer_, [&](Step& step) {
                step.Record({.case_id = "case-1",
                             .action = "open_notice",
                             .from_state = "PASSED",
                             .to_state = "IN_NOTICE",
                             .reason = "inside"});
                step.Record({.case_id = "case-1",
                             .action = "object",
                             .from_state = "IN_NOTICE",
                             .to_state = "OBJECTED"});
                step.Record({.case_id = "case-1",
                             .action = "uphold",
                             .from_state = "OBJECTED",
                             .to_state = "REVIEWING",
                             .reason = "secret"});
                return absl::OkStatus();
              }).ok());
  google::protobuf::RepeatedPtrField<pb::TimelineEntry> lead;
  google::protobuf::RepeatedPtrField<pb::TimelineEntry> province;
  ASSERT_TRUE(
      schema_->pool()
          .Read(testdb::Soon(),
                [&](db::Txn& txn) {
                  FillTimeline(audit::ReadTimeline(txn, "case-1"),
                               {.account = "lead-1", .role = domain::Role::kApplicant}, &lead);
                  FillTimeline(audit::ReadTimeline(txn, "case-1"),
                               {.account = "p", .role = domain::Role::kProvince}, &province);
                  return absl::OkStatus();
                })
          .ok());
  ASSERT_EQ(province.size(), 3);
  EXPECT_EQ(province[1].to_state(), "OBJECTED");
  EXPECT_EQ(province[2].reason(), "secret");
  ASSERT_EQ(lead.size(), 2) << "the objection itself is not shown";
  EXPECT_EQ(lead[0].to_state(), "公示中");
  EXPECT_EQ(lead[0].actor(), "recommender");
  EXPECT_EQ(lead[1].action(), "") << "uphold would tell of it";
  for (const auto& entry : lead) {
    EXPECT_EQ(entry.reason(), "");
    EXPECT_EQ(entry.DebugString().find("officer-7"), std::string::npos);
    EXPECT_EQ(entry.DebugString().find("OBJECTED"), std::string::npos);
  }
}

TEST_F(ActTest, AnEventCarriesItsSourceCaseInstantAndHandoff) {
  ASSERT_TRUE(Withdraw(call_, request_, &answer_).ok());
  events::v1::Event event;
  ASSERT_TRUE(event.ParseFromString(schema_->Value("SELECT payload FROM outbox")));
  EXPECT_EQ(event.source(), "filing");
  EXPECT_EQ(event.case_id(), "case-1");
  EXPECT_EQ(event.handoff_sequence(), 1);
  EXPECT_EQ(event.occur_time_us(), 1'682'380'800'000'000);
  EXPECT_EQ(schema_->Value("SELECT type FROM outbox"), "ApplicationWithdrawn");
  EXPECT_EQ(schema_->Value("SELECT destination FROM outbox"), "review");
}

}  // namespace
}  // namespace alliance::act
