#include "services/subsidy/apply_events.h"

#include "common/base/str.h"
#include "common/testing/round_published_cases.h"
#include "services/subsidy/fixture_test.h"

namespace alliance::subsidy {
namespace {

class EventsTest : public SubsidyTest {};

TEST_F(EventsTest, PublishedGradeOpensTheCaseOnce) {
  const std::string alliance = NewId();
  const std::string id = base::StrCat(alliance, "-2023");
  EXPECT_REFUSED(Deliver(PublishedEvent(alliance), "evaluation", id, 1, 2),
                 kOutOfOrder);  // the registration is still on the way
  ASSERT_DONE(Deliver(RegisteredEvent(alliance), "filing", alliance, 1));
  bool applied = false;
  ASSERT_DONE(Deliver(PublishedEvent(alliance), "evaluation", id, 1, 2, &applied));
  EXPECT_TRUE(applied);
  ASSERT_DONE(Deliver(PublishedEvent(alliance), "evaluation", id, 1, 2, &applied));
  EXPECT_FALSE(applied);
  ASSERT_DONE(Deliver(PublishedEvent(alliance, 1), "evaluation", id, 2, 2, &applied));
  EXPECT_EQ(Read(id).verified_rd_fen(), 12'345 * kWan / 100) << "an old hand-over changes nothing";
  EXPECT_REFUSED(Deliver(PublishedEvent(alliance), "evaluation", id, 4, 3),
                 kOutOfOrder);  // event 3 is missing
}

// A round's rules come from filing alone, and only as the bytes that its digest is over.
TEST_F(EventsTest, APublishedRoundIsServed) {
  service_testing::ExpectPublishedRoundIsServed("subsidy", "evaluation", Db(), clock_, ApplyEvents);
}

TEST_F(EventsTest, OnlyFromWhoOwnsTheFact) {
  const std::string alliance = NewId();
  EXPECT_REFUSED(Deliver(RegisteredEvent(alliance), "evaluation", alliance, 1), kNotPermitted);
  ASSERT_DONE(Deliver(RegisteredEvent(alliance), "filing", alliance, 1));
  EXPECT_REFUSED(Deliver(PublishedEvent(alliance), "filing", alliance + "-2023", 1, 2),
                 kNotPermitted);
}

TEST_F(EventsTest, MalformedIsRefused) {
  const std::string alliance = Registered();
  const std::string id = alliance + "-2023";
  EXPECT_REFUSED(Deliver(PublishedEvent(alliance, -1), "evaluation", id, 1, 2), kInvalidRequest);
  EXPECT_REFUSED(Deliver(PublishedEvent(alliance, 1, "优秀", 10'001), "evaluation", id, 1, 2),
                 kInvalidRequest);
  EXPECT_REFUSED(Deliver(PublishedEvent(alliance), "evaluation", alliance + "-2022", 1, 2),
                 kInvalidRequest);
  events::v1::Event event = PublishedEvent(alliance);
  event.mutable_evaluation_published()->set_evidence_sha256("short");
  EXPECT_REFUSED(Deliver(event, "evaluation", id, 1, 2), kInvalidRequest);
  EXPECT_EQ(Db().Count("SELECT COUNT(1) FROM subsidy_case"), 0);
}

// Cases are handed over one after the other. subsidy is the third to have a year, or a later one
// when a report was reopened in between; nobody was ever the first to hand it over to subsidy.
TEST_F(EventsTest, ANewYearComesFromItsSecondHolder) {
  const std::string reopened = Registered();
  EXPECT_REFUSED(Deliver(PublishedEvent(reopened), "evaluation", reopened + "-2023", 1, 0),
                 kInvalidRequest);
  EXPECT_REFUSED(Deliver(PublishedEvent(reopened), "evaluation", reopened + "-2023", 1, 1),
                 kInvalidRequest);
  EXPECT_DONE(Deliver(PublishedEvent(reopened), "evaluation", reopened + "-2023", 1, 4));
  EXPECT_EQ(Db().Count("SELECT handoff_seq FROM subsidy_case"), 4);
}

// A year that is here already is neither overwritten nor passed over in silence: an old hand-over
// is ignored, the next cannot be while we hold the year, a later one is not in order.
TEST_F(EventsTest, AKnownYearIsNotHandedOverAgain) {
  const std::string id = Evaluated();
  const std::string alliance = id.substr(0, 36);
  EXPECT_REFUSED(Deliver(PublishedEvent(alliance, 1), "evaluation", id, 2, 4), kOutOfOrder);
  EXPECT_REFUSED(Deliver(PublishedEvent(alliance, 1), "evaluation", id, 2, 3), kHeldElsewhere);
  EXPECT_DONE(Deliver(PublishedEvent(alliance, 1), "evaluation", id, 2, 2));
  EXPECT_EQ(Read(id).verified_rd_fen(), 12'345 * kWan / 100);
  EXPECT_EQ(HistoryOf(id), 1);
}

// subsidy keeps a year to its end, so its number of hand-overs stays what it came with.
TEST_F(EventsTest, NothingHereIsAHandOver) {
  const std::string id = ConfirmedPaid();
  EXPECT_EQ(Db().Count("SELECT handoff_seq FROM subsidy_case"), 2);
  ASSERT_EQ(Emitted().size(), 1U);
  EXPECT_EQ(Emitted()[0].handoff_sequence(), 0);
  EXPECT_EQ(Emitted()[0].action(), "confirm_paid");
  EXPECT_EQ(Emitted()[0].from_state(), "PAYING");
  EXPECT_EQ(Emitted()[0].to_state(), "PAID");
}

// The history of what arrives begins where the sender took it from.
TEST_F(EventsTest, TheFirstEntryComesFromTheSendersState) {
  const std::string id = Evaluated();
  const std::string alliance = id.substr(0, 36);
  EXPECT_EQ(FirstHistory(alliance, "action"), "register");
  EXPECT_EQ(FirstHistory(alliance, "from_state"), "PENDING_DECISION");
  EXPECT_EQ(FirstHistory(alliance, "to_state"), "REGISTERED");
  EXPECT_EQ(FirstHistory(id, "action"), "publish");
  EXPECT_EQ(FirstHistory(id, "from_state"), "PRELIMINARY");
  EXPECT_EQ(FirstHistory(id, "to_state"), "EVALUATED");
}

// A move that is none of the sender's workflow is not believed.
TEST_F(EventsTest, AMoveThatNoWorkflowKnowsIsRefused) {
  const std::string alliance = Registered();
  events::v1::Event event = PublishedEvent(alliance);
  event.set_from_state("APPEALED");
  EXPECT_REFUSED(Deliver(event, "evaluation", alliance + "-2023", 1, 2), kInvalidRequest);
  event.set_from_state("PRELIMINARY");
  EXPECT_DONE(Deliver(event, "evaluation", alliance + "-2023", 1, 2));
}

// Told twice that it is registered, an alliance stays as it was. Told so after it was struck off,
// as when the decision was corrected, it is registered again, with what is true now.
TEST_F(EventsTest, ASecondRegistrationCountsWhenItChangesTheState) {
  const std::string alliance = Registered();
  events::v1::Event again = RegisteredEvent(alliance);
  again.mutable_alliance_registered()->set_lead_name("大连新名有限公司");
  ASSERT_DONE(Deliver(again, "filing", alliance, 2));
  EXPECT_EQ(Db().Value("SELECT lead_name FROM alliance"), kLeadName);
  EXPECT_EQ(HistoryOf(alliance), 1);

  ASSERT_DONE(Deliver(DeregisteredEvent(alliance), "filing", alliance, 3));
  ASSERT_DONE(Deliver(again, "filing", alliance, 4));
  EXPECT_EQ(Db().Value("SELECT state FROM alliance"), "REGISTERED");
  EXPECT_EQ(Db().Value("SELECT lead_name FROM alliance"), "大连新名有限公司");
  EXPECT_EQ(HistoryOf(alliance), 3);
}

// 取消备案 and 建设期满 mark the alliance, each once; who was struck off gets no proposal.
TEST_F(EventsTest, EndOfAnAllianceIsMarked) {
  const std::string unknown = NewId();
  EXPECT_REFUSED(Deliver(DeregisteredEvent(unknown), "filing", unknown, 1), kOutOfOrder);
  EXPECT_REFUSED(Deliver(CompletedEvent(unknown), "filing", unknown, 1), kOutOfOrder);
  OpenPlan();
  const std::string gone = Evaluated().substr(0, 36);
  const std::string over = Evaluated().substr(0, 36);
  EXPECT_REFUSED(Deliver(DeregisteredEvent(gone), "evaluation", gone, 1), kNotPermitted);
  ASSERT_DONE(Deliver(DeregisteredEvent(gone), "filing", gone, 2));
  ASSERT_DONE(Deliver(DeregisteredEvent(gone), "filing", gone, 3));
  ASSERT_DONE(Deliver(CompletedEvent(over), "filing", over, 2));
  EXPECT_EQ(Db().Value("SELECT GROUP_CONCAT(state ORDER BY state) FROM alliance"),
            "COMPLETED,DEREGISTERED");
  EXPECT_EQ(HistoryOf(gone), 2);
  EXPECT_EQ(LastHistory(gone, "reason"), "弄虚作假");
  const v1::Run run = Prepared();
  ASSERT_EQ(run.lines_size(), 1);
  EXPECT_EQ(run.lines(0).subsidy_case(), NameOf(over + "-2023"));
}

// A code is the same code however it was typed, so the lead finds its year.
TEST_F(EventsTest, TheLeadsCodeIsFolded) {
  const std::string alliance = NewId();
  events::v1::Event event = RegisteredEvent(alliance);
  event.mutable_alliance_registered()->set_lead_credit_code("９１210200-ma0xx 00015");
  ASSERT_DONE(Deliver(event, "filing", alliance, 1));
  ASSERT_DONE(Deliver(PublishedEvent(alliance), "evaluation", alliance + "-2023", 1, 2));
  EXPECT_EQ(Read(alliance + "-2023", Lead()).lead_credit_code(), kLeadCode);
  v1::GetSubsidyCaseRequest request;
  request.set_name(NameOf(alliance + "-2023"));
  v1::SubsidyCase answer;
  EXPECT_REFUSED(service_.GetSubsidyCase(OtherLead(), request, &answer), kNotPermitted);
}

}  // namespace
}  // namespace alliance::subsidy
