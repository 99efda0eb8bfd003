// Events from review: a hand-over arrives once, in order, and only from who holds the case.

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "services/filing/application_case.h"
#include "services/filing/case_fixture.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Role;

class EventsTest : public CaseFixture {
 protected:
  static std::string IdOf(const v1::Application& application) {
    return application.name().substr(13);
  }
};

TEST_F(EventsTest, EachEndingOfReviewArrives) {
  const struct {
    int lead;
    void (*fill)(events::v1::Event*);
    v1::Application::State state;
    const char* action;
  } kTable[] = {
      {1, [](events::v1::Event* e) { e->mutable_application_rejected()->set_reason("条件不符"); },
       v1::Application::REJECTED, "reject"},
      {2, [](events::v1::Event* e) { e->mutable_application_withdrawn()->set_reason("企业撤回"); },
       v1::Application::WITHDRAWN, "withdraw"},
      {3,
       [](events::v1::Event* e) {
         e->mutable_application_not_recommended()->set_reason("逾期未推荐");
       },
       v1::Application::NOT_RECOMMENDED, "close_round"},
  };
  for (const auto& row : kTable) {
    const v1::Application submitted = Submitted(row.lead);
    events::v1::Event event = EventOf("review", IdOf(submitted), 2);
    row.fill(&event);
    ASSERT_TRUE(Deliver(event).ok());
    const v1::Application read = Get(submitted.name());
    EXPECT_EQ(read.state(), row.state);
    EXPECT_EQ(read.holder(), "filing");
    EXPECT_EQ(read.timeline(read.timeline_size() - 1).action(), row.action);
    EXPECT_FALSE(read.timeline(read.timeline_size() - 1).reason().empty());
    // An applicant sees that it ended, not why the officials say so.
    const v1::Application told = Get(submitted.name(), Lead(row.lead));
    EXPECT_EQ(told.timeline(told.timeline_size() - 1).reason(), "");
    EXPECT_EQ(told.allowed_actions_size(), 0);
  }
}

TEST_F(EventsTest, ADuplicateChangesNothing) {
  const v1::Application submitted = Submitted();
  events::v1::Event event = EventOf("review", IdOf(submitted), 2);
  event.mutable_application_rejected()->set_reason("条件不符");
  bool applied = false;
  ASSERT_TRUE(Deliver(event, &applied).ok());
  EXPECT_TRUE(applied);
  const std::string etag = Get(submitted.name()).etag();
  ASSERT_TRUE(Deliver(event, &applied).ok());
  EXPECT_FALSE(applied);
  EXPECT_EQ(Get(submitted.name()).etag(), etag);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM history WHERE action='reject'"), 1);
}

TEST_F(EventsTest, AGapWaitsForWhatIsMissing) {
  const v1::Application submitted = Submitted();
  events::v1::Event event = EventOf("review", IdOf(submitted), 2);
  event.set_sequence(2);
  event.mutable_application_rejected()->set_reason("条件不符");
  EXPECT_TRUE(Refused(Deliver(event), Reason::kOutOfOrder));
  EXPECT_EQ(Get(submitted.name()).state(), v1::Application::SUBMITTED);
}

TEST_F(EventsTest, AHandoverThatOvertookAnotherWaitsAndAnOldOneIsIgnored) {
  const v1::Application returned = Returned();
  const auto again = Submit(returned.name(), returned.etag(), Lead());
  ASSERT_TRUE(again.ok()) << again.status();
  ASSERT_EQ(HandoffOf(returned.name()), 3);
  // Old: the return that was answered long ago, sent anew with a fresh sequence.
  ASSERT_TRUE(Return(*again, {"lead.staff"}, 2).ok());
  EXPECT_EQ(Get(returned.name()).state(), v1::Application::SUBMITTED);
  EXPECT_TRUE(Refused(Return(*again, {"lead.staff"}, 5), Reason::kOutOfOrder));
  EXPECT_EQ(Get(returned.name()).state(), v1::Application::SUBMITTED);
  ASSERT_TRUE(Return(*again, {"lead.staff"}, 4).ok());
  EXPECT_EQ(Get(returned.name()).state(), v1::Application::RETURNED);
}

TEST_F(EventsTest, OnlyTheHolderHandsOver) {
  const v1::Application draft = Create();
  EXPECT_TRUE(Refused(Return(draft, {"lead.staff"}), Reason::kHeldElsewhere));
  EXPECT_EQ(Get(draft.name()).state(), v1::Application::DRAFT);

  const v1::Application submitted = Submitted(2);
  events::v1::Event event = EventOf("subsidy", IdOf(submitted), 2);
  event.mutable_application_rejected()->set_reason("无关服务");
  EXPECT_TRUE(Refused(Deliver(event), Reason::kNotPermitted));

  // A peer speaks for itself only.
  event = EventOf("review", IdOf(submitted), 2);
  event.mutable_application_rejected()->set_reason("冒名");
  events::v1::DeliverRequest request;
  *request.mutable_event() = event;
  events::v1::DeliverResponse answer;
  rpc::Call call = As(domain::ClockCaller(), "Deliver");
  call.peer = "evaluation";
  EXPECT_TRUE(Refused(inbox_->Deliver(call, request, &answer), Reason::kNotPermitted));
  EXPECT_EQ(Get(submitted.name()).state(), v1::Application::SUBMITTED);
}

// A move says exactly what its row of the workflow names, or nothing of it is committed.
TEST_F(EventsTest, AMoveWithoutItsEventCommitsNothing) {
  const v1::Application recommended = Recommended();
  const std::string id = IdOf(recommended);
  const auto send_back = [&](std::vector<events::v1::Event> told) {
    const rpc::Call call = As(Official(domain::Role::kProvince), "SendBackApplication");
    return act::Sweep(*deps_, call, [&](act::Step& step) -> absl::Status {
      constexpr domain::Action kAction = domain::Action::kSendBack;
      ASSIGN_OR_RETURN(Application row,
                       cases::Lock<ApplicationCase>(step, kAction, id, std::nullopt));
      const auto gather = [](const Application&, domain::Facts& facts) {
        facts.reason = "请核实成员名单";
        return absl::OkStatus();
      };
      ASSIGN_OR_RETURN(const domain::Decision decision,
                       cases::Decide<ApplicationCase>(step, kAction, row, gather));
      return cases::Move<ApplicationCase>(step, decision, row, {.events = told}).status();
    });
  };
  events::v1::Event sent_back;
  sent_back.mutable_application_sent_back()->set_reason("请核实成员名单");
  events::v1::Event other;
  other.mutable_alliance_completed()->set_alliance_id(id);
  EXPECT_EQ(send_back({}).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(send_back({other}).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(send_back({sent_back, sent_back}).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(Get(recommended.name()).state(), v1::Application::RECOMMENDED);
  ASSERT_TRUE(send_back({sent_back}).ok());
  EXPECT_EQ(Get(recommended.name()).state(), v1::Application::REVIEWING);
  EXPECT_EQ(Emitted("review").back().action(), "send_back");
}

// An event carries the step that made it, and that is one of its sender's.
TEST_F(EventsTest, AnEventOfNoStepOfItsSenderIsRefused) {
  const v1::Application submitted = Submitted();
  events::v1::Event event = EventOf("review", IdOf(submitted), 2);
  event.mutable_application_rejected()->set_reason("不符合条件");
  service_testing::FillMove(&event);
  const struct {
    const char* action;
    const char* from;
    const char* to;
  } kTable[] = {{"withdraw", "REVIEWING", "REJECTED"},
                {"reject", "PASSED", "REJECTED"},
                {"reject", "REVIEWING", "WITHDRAWN"},
                {"reject", "REVIEWING", ""}};
  for (const auto& row : kTable) {
    events::v1::Event wrong = event;
    wrong.set_action(row.action);
    wrong.set_from_state(row.from);
    wrong.set_to_state(row.to);
    EXPECT_TRUE(Refused(Deliver(wrong), Reason::kInvalidRequest)) << row.action << row.from;
  }
  EXPECT_EQ(Get(submitted.name()).state(), v1::Application::SUBMITTED);
  ASSERT_TRUE(Deliver(event).ok());
  EXPECT_EQ(Get(submitted.name()).state(), v1::Application::REJECTED);
}

// what is recommended is the version that was locked last.
TEST_F(EventsTest, ARecommendationOfAnotherVersionIsRefused) {
  v1::Application submitted = Submitted();
  submitted.set_version_digest(std::string(64, 'a'));
  EXPECT_TRUE(Refused(Recommend(submitted), Reason::kListMismatch));
  submitted = Get(submitted.name());
  submitted.set_version_number(2);
  EXPECT_TRUE(Refused(Recommend(submitted), Reason::kListMismatch));
  EXPECT_TRUE(Recommend(Get(submitted.name())).ok());
}

// A return after the correction time (the reviewer gave a reason) lapses at once, not before it
// came.
TEST_F(EventsTest, ALateReturnLapsesWhenItArrives) {
  const v1::Application submitted = Submitted();
  clock_.Set(At("2023-05-02 08:00:00"));
  ASSERT_TRUE(Return(submitted, {"lead.staff"}).ok());
  EXPECT_EQ(Get(submitted.name(), Lead()).state(), v1::Application::LAPSED);
  EXPECT_EQ(LastAct(IdOf(submitted)),
            base::StrCat("lapse RETURNED>LAPSED ", absl::ToUnixMicros(At("2023-05-02 08:00:00"))));
}

TEST_F(EventsTest, UnknownCasesAndForeignBodiesAreRefused) {
  events::v1::Event event = EventOf("review", NewId(), 1);
  event.mutable_application_rejected()->set_reason("x");
  EXPECT_TRUE(Refused(Deliver(event), Reason::kNotPermitted));
  event = EventOf("review", IdOf(Submitted()), 2);
  event.mutable_application_submitted();
  EXPECT_TRUE(Refused(Deliver(event), Reason::kInvalidRequest));
  event.clear_body();
  EXPECT_TRUE(Refused(Deliver(event), Reason::kInvalidRequest));
}

}  // namespace
}  // namespace alliance::filing
