#include "services/evaluation/apply_events.h"
#include "common/base/str.h"
#include "common/testing/round_published_cases.h"
#include "services/evaluation/evaluation_case.h"
#include "services/evaluation/fixture_test.h"

namespace alliance::evaluation {
namespace {

class ApplyEventsTest : public EvaluationTest {
 protected:
  // Hand-over 2: back to filing.
  void Reopen(const std::string& id) {
    v1::ReopenReportRequest reopen;
    reopen.set_name(NameOf(id));
    reopen.set_etag(EtagOf(id));
    reopen.set_request_id(NewId());
    reopen.set_reason("研发投入证明缺页。");
    v1::Evaluation answer;
    EXPECT_DONE(service_.ReopenReport(Province(), reopen, &answer));
  }
};

int64_t Rows(testdb::Schema& db, std::string_view table) {
  return db.Count(base::StrCat("SELECT COUNT(1) FROM ", table));
}

// a registered alliance is known here with its members and its region.
TEST_F(ApplyEventsTest, RegistrationIsKeptOnceWithAllMembers) {
  const std::string alliance = NewId();
  bool applied = false;
  ASSERT_DONE(Deliver(RegisteredEvent(alliance), alliance, 1, 0, &applied));
  EXPECT_TRUE(applied);
  EXPECT_EQ(Rows(Db(), "alliance"), 1);
  EXPECT_EQ(Rows(Db(), "alliance_member"), 2) << "the lead and the university";

  // The same event again is a duplicate, and so is the same fact under a later sequence.
  ASSERT_DONE(Deliver(RegisteredEvent(alliance), alliance, 1, 0, &applied));
  EXPECT_FALSE(applied);
  ASSERT_DONE(Deliver(RegisteredEvent(alliance), alliance, 2));
  EXPECT_EQ(Rows(Db(), "alliance"), 1);
  EXPECT_EQ(HistoryOf(alliance), 1);
}

// A round's rules come from filing alone, and only as the bytes that its digest is over.
TEST_F(ApplyEventsTest, APublishedRoundIsServed) {
  service_testing::ExpectPublishedRoundIsServed("evaluation", "review", Db(), clock_, ApplyEvents);
}

TEST_F(ApplyEventsTest, OnlyFilingTellsAboutAlliances) {
  const std::string alliance = NewId();
  events::v1::Event event = RegisteredEvent(alliance);
  event.set_source("review");
  EXPECT_REFUSED(Deliver(event, alliance, 1), kNotPermitted);
  EXPECT_EQ(Rows(Db(), "alliance"), 0);
}

TEST_F(ApplyEventsTest, MalformedEventsAreRefusedAndLeaveNothing) {
  EXPECT_REFUSED(Deliver(RegisteredEvent("not-a-uuid"), "not-a-uuid", 1), kInvalidRequest);
  EXPECT_REFUSED(Deliver({}, NewId(), 1), kInvalidRequest);
  const std::string alliance = Registered();
  const std::string id = base::StrCat(alliance, "-2023");
  // Another case than the body says; a negative amount; no evidence.
  EXPECT_REFUSED(Deliver(ReportEvent(alliance), base::StrCat(alliance, "-2022"), 1, 1),
                 kInvalidRequest);
  EXPECT_REFUSED(Deliver(ReportEvent(alliance, -1), id, 1, 1), kInvalidRequest);
  events::v1::Event bare = ReportEvent(alliance);
  bare.mutable_annual_report_submitted()->mutable_report()->clear_rd_evidence();
  EXPECT_REFUSED(Deliver(bare, id, 1, 1), kInvalidRequest);
  EXPECT_EQ(Rows(Db(), "evaluation"), 0);
}

// The year comes on another lane than the registration: the relay has to come again.
TEST_F(ApplyEventsTest, ReportBeforeRegistrationIsOutOfOrderAndWorksLater) {
  const std::string alliance = NewId();
  const std::string id = base::StrCat(alliance, "-2023");
  EXPECT_REFUSED(Deliver(ReportEvent(alliance), id, 1, 1), kOutOfOrder);
  EXPECT_EQ(Rows(Db(), "evaluation"), 0);
  ASSERT_DONE(Deliver(RegisteredEvent(alliance), alliance, 1));
  ASSERT_DONE(Deliver(ReportEvent(alliance), id, 1, 1));
  EXPECT_EQ(StateOf(id), "REPORTED");
}

// the report is kept as it came, with the verified R&D.
TEST_F(ApplyEventsTest, ReportOpensTheEvaluation) {
  const std::string id = Reported();
  const v1::Evaluation shown = Read(id);
  EXPECT_EQ(shown.state(), v1::Evaluation::REPORTED);
  EXPECT_EQ(shown.verified_rd_fen(), 123'450'000);
  EXPECT_EQ(shown.report().activity_count(), 6);
  EXPECT_EQ(shown.report().rd_evidence().title(), "2023年研发投入专项审计报告");
  EXPECT_EQ(LastHistory(id, "action"), "report");
  EXPECT_EQ(LastHistory(id, "role"), "clock");
}

// Q22: a report that did not come in time.
TEST_F(ApplyEventsTest, MissedReportOpensTheEvaluationWithoutOne) {
  const std::string id = Missed();
  const v1::Evaluation shown = Read(id);
  EXPECT_EQ(shown.state(), v1::Evaluation::REPORT_MISSED);
  EXPECT_FALSE(shown.has_report());
  EXPECT_EQ(shown.verified_rd_fen(), 0);
}

TEST_F(ApplyEventsTest, HandoverSequenceTellsDuplicateOldAndGap) {
  const std::string alliance = Registered();
  const std::string id = base::StrCat(alliance, "-2023");
  EXPECT_REFUSED(Deliver(ReportEvent(alliance), id, 1, 2), kOutOfOrder);
  ASSERT_DONE(Deliver(ReportEvent(alliance), id, 1, 1));
  // An old hand-over under a new event sequence changes nothing; one too far ahead has to wait.
  bool applied = false;
  ASSERT_DONE(Deliver(ReportEvent(alliance, 1), id, 2, 1, &applied));
  EXPECT_TRUE(applied);
  EXPECT_EQ(Read(id).verified_rd_fen(), 123'450'000);
  EXPECT_EQ(HistoryOf(id), 1);
  EXPECT_REFUSED(Deliver(ReportEvent(alliance, 1), id, 3, 3), kOutOfOrder);
}

// What is evaluated here is not filing's to hand over, and the operator is told so; once it is
// filing's again, it is.
TEST_F(ApplyEventsTest, HandoverWhileHeldHereIsRefused) {
  const std::string id = Reported();
  const std::string alliance = id.substr(0, 36);
  EXPECT_REFUSED(Deliver(MissedEvent(alliance), id, 2, 2), kHeldElsewhere);
  EXPECT_EQ(StateOf(id), "REPORTED");
  EXPECT_EQ(HistoryOf(id), 1);
  Reopen(id);
  ASSERT_DONE(Deliver(MissedEvent(alliance), id, 2, 3));
  EXPECT_EQ(StateOf(id), "REPORT_MISSED");
}

TEST_F(ApplyEventsTest, ReopenedYearComesBackAsAnotherVersion) {
  const std::string id = Reported();
  const std::string alliance = id.substr(0, 36);
  Reopen(id);
  // Reopening was hand-over 2; handing in again is 3.
  ASSERT_DONE(Deliver(ReportEvent(alliance, 98'000'000), id, 2, 3));
  EXPECT_EQ(StateOf(id), "REPORTED");
  EXPECT_EQ(Read(id).verified_rd_fen(), 98'000'000);
  EXPECT_EQ(Rows(Db(), "report_version"), 2) << "the first report stays";
}

// 取消备案 and 建设期满 mark the alliance.
TEST_F(ApplyEventsTest, EndOfAnAllianceIsMarked) {
  const std::string alliance = NewId();
  const events::v1::Event gone = DeregisteredEvent(alliance);
  EXPECT_REFUSED(Deliver(gone, alliance, 1), kOutOfOrder);
  ASSERT_DONE(Deliver(RegisteredEvent(alliance), alliance, 1));
  ASSERT_DONE(Deliver(gone, alliance, 2));
  EXPECT_EQ(Db().Value("SELECT state FROM alliance"), "DEREGISTERED");
  EXPECT_EQ(LastHistory(alliance, "action"), "deregister");

  const std::string other = Registered();
  ASSERT_DONE(Deliver(CompletedEvent(other), other, 2));
  EXPECT_EQ(Db().Value(base::StrCat("SELECT state FROM alliance WHERE id='", other, "'")),
            "COMPLETED");
}

// The same fact told twice is one fact; but what came to an end may be registered again, with the
// members that it has then.
TEST_F(ApplyEventsTest, RegisteredAgainAfterItsEndIsRegistered) {
  const std::string alliance = Registered();
  const auto state = [&] { return Db().Value("SELECT state FROM alliance"); };
  ASSERT_DONE(Deliver(DeregisteredEvent(alliance), alliance, 2));
  ASSERT_DONE(Deliver(DeregisteredEvent(alliance), alliance, 3));
  EXPECT_EQ(state(), "DEREGISTERED");
  EXPECT_EQ(HistoryOf(alliance), 2) << "told twice";

  ASSERT_DONE(Deliver(RegisteredEvent(alliance, "210100", {kFirmCode}), alliance, 4));
  EXPECT_EQ(state(), "REGISTERED");
  EXPECT_EQ(Db().Value("SELECT region FROM alliance"), "210100");
  EXPECT_EQ(Rows(Db(), "alliance_member"), 3) << "who was a member stays one";
  EXPECT_EQ(HistoryOf(alliance), 3);
  ASSERT_DONE(Deliver(RegisteredEvent(alliance), alliance, 5));
  EXPECT_EQ(HistoryOf(alliance), 3) << "registered, and told before";
}

// The first entry of what arrives says where the sender took it from.
TEST_F(ApplyEventsTest, FirstEntryHasTheSendersFromState) {
  const std::string reported = Reported();
  EXPECT_EQ(LastHistory(reported, "from_state"), "REPORT_DUE");
  EXPECT_EQ(LastHistory(reported, "to_state"), "REPORTED");
  const std::string missed = Missed();
  EXPECT_EQ(LastHistory(missed, "action"), "lapse");
  EXPECT_EQ(LastHistory(missed, "from_state"), "REPORT_DUE");
  const std::string alliance = Registered();
  EXPECT_EQ(LastHistory(alliance, "action"), "register");
  EXPECT_EQ(LastHistory(alliance, "from_state"), "PENDING_DECISION");
}

// Action and states of an event are a row of the sender's workflow, or it is not taken.
TEST_F(ApplyEventsTest, AMoveThatTheWorkflowDoesNotKnowIsRefused) {
  const std::string alliance = Registered();
  const std::string id = base::StrCat(alliance, "-2023");
  events::v1::Event event = ReportEvent(alliance);
  event.clear_action();
  EXPECT_REFUSED(Deliver(event, id, 1, 1), kInvalidRequest);
  event = ReportEvent(alliance);
  event.set_from_state("EVALUATING");
  EXPECT_REFUSED(Deliver(event, id, 1, 1), kInvalidRequest);
  event = ReportEvent(alliance);
  event.set_to_state("REPORT_MISSED");
  EXPECT_REFUSED(Deliver(event, id, 1, 1), kInvalidRequest);
  EXPECT_EQ(Rows(Db(), "evaluation"), 0);
  EXPECT_DONE(Deliver(ReportEvent(alliance), id, 1, 1));
}

// An event that loses its race for a row is run again; a person is told that the row has changed.
TEST_F(ApplyEventsTest, AYearThatWasChangedMeanwhileIsTakenAgain) {
  const std::string id = Reported();
  Reopen(id);
  events::v1::Event event = ReportEvent(id.substr(0, 36));
  event.set_handoff_sequence(3);
  int runs = 0;
  const auto land = [&](act::Step& step) -> absl::Status {
    std::optional<Evaluation> row = EvaluationCase::Lock(step, id);
    if (++runs == 1) --row->version;
    return cases::Land<EvaluationCase>(step, event, *row, {});
  };
  EXPECT_DONE(act::Sweep(deps_, CallOf(domain::Role::kClock, "service:filing"), land));
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(StateOf(id), "REPORTED");
  EXPECT_EQ(HistoryOf(id), 3);

  const auto edit = [&](act::Step& step) -> absl::Status {
    std::optional<Evaluation> row = EvaluationCase::Lock(step, id);
    --row->version;
    return cases::Edit<EvaluationCase>(step, "assign_firm", *row, {}).status();
  };
  EXPECT_REFUSED(act::Sweep(deps_, Province(), edit), kEtagStale);
  EXPECT_EQ(HistoryOf(id), 3);
}

// Whatever column an act changes is written, or the audit after this test would find the row
// changed by hand.
TEST_F(ApplyEventsTest, EverySealedColumnIsSaved) {
  const std::string id = Reported();
  const auto edit = [&](act::Step& step) -> absl::Status {
    std::optional<Evaluation> row = EvaluationCase::Lock(step, id);
    row->alliance_id = NewId();
    row->year = 2024;
    row->region = "HTZ-SY";
    row->city = "210100";
    row->lead_code = kFirmCode;
    row->alliance_name = "沈阳市机器人联盟";
    row->report_id = "none";
    row->report_missed = true;
    row->verified_rd_fen = 1;
    row->evidence_sha256 = std::string(32, 'e');
    row->rules_digest = std::string(32, 'r');
    row->start = step.now();
    row->sum_hundredths = 2;
    row->expert_count = 3;
    row->total_hundredths = 4;
    row->grade = "良好";
    row->veto = "V2";
    row->outlier_answer = "已说明";
    row->preliminary = step.now();
    row->appeal_close = step.now();
    row->appeal_id = NewId();
    row->publish = step.now();
    return cases::Edit<EvaluationCase>(step, "assign_firm", *row, {}).status();
  };
  EXPECT_DONE(act::Sweep(deps_, Province(), edit));
  EXPECT_EQ(Db().Value("SELECT region FROM evaluation"), "HTZ-SY");
}

}  // namespace
}  // namespace alliance::evaluation
