// What leaves the region and what comes in: recommendation, close of the round, events of filing.

#include <string>
#include <vector>

#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "services/review/convert.h"
#include "services/review/fixture_test.h"

namespace alliance::review {
namespace {

using filing::v1::Application;

class HandOverTest : public ReviewTest {
 protected:
  absl::Status Recommend(const rpc::Call& by, const v1::RecommendCasesRequest& request) {
    return service_.RecommendCases(by, request, &recommendation_);
  }
  absl::Status CloseRound(const rpc::Call& by, const v1::CloseRoundRequest& request) {
    return service_.CloseRound(by, request, &closed_);
  }
  v1::CloseRoundRequest CloseOf(const std::string& digest) {
    v1::CloseRoundRequest request;
    request.set_round(kRound);
    request.set_request_id(NewId());
    request.set_reason("推荐截止");
    request.set_list_digest(digest);
    return request;
  }
  std::string ShownDigest() {
    v1::CloseRoundRequest request;
    request.set_round(kRound);
    request.set_validate_only(true);
    EXPECT_DONE(CloseRound(Province(), request));
    return closed_.list_digest();
  }
  events::v1::Event SentBackEvent(const std::string& id, int sequence, int handoff) {
    events::v1::Event event;
    event.set_event_id(NewId());
    event.set_source("filing");
    event.set_case_id(id);
    event.set_sequence(sequence);
    event.set_handoff_sequence(handoff);
    event.mutable_application_sent_back()->set_reason("核定数需复核");
    return event;
  }
  // RETURNED, with handoff_seq 2.
  std::string Returned() {
    const std::string id = Reviewing();
    EXPECT_DONE(Record(id, Li()));
    v1::ReviewCase answer;
    EXPECT_DONE(service_.ReturnCase(Li(), ReturnOf(id), &answer));
    return id;
  }

  v1::Recommendation recommendation_;
  v1::CloseRoundResponse closed_;
};

// exactly the frozen versions, the formal letter, the verified R&D; filing holds
// them.
TEST_F(HandOverTest, RecommendsExactlyTheList) {
  const std::vector<std::string> closed = NoticesClosed(2);
  const std::string& first = closed[0];
  const std::string& second = closed[1];
  const v1::RecommendCasesRequest request = RecommendationOf({second, first});
  ASSERT_DONE(Recommend(Li(), request));
  EXPECT_EQ(recommendation_.review_cases_size(), 2);
  EXPECT_EQ(recommendation_.list_digest(), request.list_digest());
  EXPECT_EQ(recommendation_.region(), "210200");
  for (const std::string& id : {first, second}) EXPECT_EQ(StateOf(id), "RECOMMENDED");
  const std::vector<events::v1::Event> events = Emitted();
  ASSERT_EQ(events.size(), 2u);
  for (const events::v1::Event& event : events) {
    const events::v1::ApplicationRecommended& body = event.application_recommended();
    EXPECT_EQ(event.handoff_sequence(), 2);
    EXPECT_EQ(body.version_number(), 1);
    EXPECT_EQ(body.verified_rd_fen(), 123'450'000);
    EXPECT_EQ(body.formal_letter().title(), "推荐函");
    EXPECT_EQ(body.list_digest(), request.list_digest());
    EXPECT_EQ(crypto::Hex(body.version_digest()), Read(event.case_id()).version_digest());
  }
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM recommendation_line"), 2);
  // The same request again: one recommendation.
  ASSERT_DONE(Recommend(Li(), request));
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM recommendation"), 1);
  EXPECT_EQ(Emitted().size(), 2u);
  EXPECT_REFUSED(Recommend(Li(), Repeatable(request)), kWrongState);
}

TEST_F(HandOverTest, RecommendationIsRefused) {
  const std::vector<std::string> closed = NoticesClosed(2);
  const std::string& id = closed[0];
  const std::string& other = closed[1];
  v1::RecommendCasesRequest request = RecommendationOf({id});
  EXPECT_REFUSED(Recommend(Zhao(), request), kNotPermitted);
  EXPECT_REFUSED(Recommend(Province(), request), kNotPermitted);
  EXPECT_REFUSED(Recommend(Lead(), request), kNotPermitted);
  request.set_list_digest(RecommendationOf({other}).list_digest());
  EXPECT_REFUSED(Recommend(Li(), request), kListMismatch);
  request = RecommendationOf({id, other});
  request.mutable_review_cases()->RemoveLast();
  EXPECT_REFUSED(Recommend(Li(), request), kListMismatch);
  request = RecommendationOf({id});
  request.clear_formal_letter();
  EXPECT_REFUSED(Recommend(Li(), request), kPaperRequired);
  // Without the digest there is no list that it could be exactly.
  request = RecommendationOf({id});
  request.clear_list_digest();
  EXPECT_REFUSED(Recommend(Li(), request), kListMismatch);

  request = RecommendationOf({id});
  request.mutable_formal_letter()->Clear();
  request.mutable_formal_letter()->set_issue_date("2023-02-29");
  request.set_list_digest("12");
  const absl::Status wrong = Recommend(Li(), request);
  EXPECT_REFUSED(wrong, kInvalidRequest);
  EXPECT_EQ(FieldsOf(wrong),
            "formal_letter.title,formal_letter.issue_date,formal_letter.sha256,"
            "formal_letter.document_number,formal_letter.issuer,list_digest");
  EXPECT_EQ(StateOf(id), "NOTICE_CLOSED");
  EXPECT_TRUE(Emitted().empty());

  // One case that is still on notice stops all: there is no list with it.
  const std::string open = InNotice();
  EXPECT_REFUSED(Recommend(Li(), RecommendationOf({id, open})), kListMismatch);
  EXPECT_REFUSED(Recommend(Li(), RecommendationOf({open})), kWrongState);
  EXPECT_EQ(StateOf(id), "NOTICE_CLOSED");
}

// until 1 May 00:00 exclusive, both sides.
TEST_F(HandOverTest, RecommendationKeepsTheWindow) {
  const std::vector<std::string> closed = NoticesClosed(2);
  const std::string& first = closed[0];
  const std::string& second = closed[1];
  const absl::Time deadline = At("2023-05-01 00:00:00");
  clock_.Set(deadline);
  EXPECT_REFUSED(Recommend(Li(), RecommendationOf({second})), kRecommendClosed);
  clock_.Set(deadline - absl::Microseconds(1));
  ASSERT_DONE(Recommend(Li(), RecommendationOf({first})));
}

// the end of a notice is applied by whoever prepares a list; its instant is the end's.
TEST_F(HandOverTest, PreparationClosesEndedNotices) {
  const std::string id = InNotice();
  clock_.Set(At("2023-04-26 00:00:00") - absl::Microseconds(1));
  EXPECT_REFUSED(Recommend(Li(), RecommendationOf({id})), kWrongState);
  clock_.Set(At("2023-04-26 00:00:00"));
  v1::RecommendationList frozen;
  ASSERT_DONE(service_.PrepareRecommendation(Li(), PreparationOf({id}), &frozen));
  EXPECT_EQ(LastHistory(id, "actor"), "clock");
  ASSERT_DONE(Recommend(Li(), RecommendationOf({id})));
  EXPECT_EQ(HistoryOf(id), 7);  // submit claim record pass open close recommend
}

// close round: province, after the deadline, bound to the list that was shown.
TEST_F(HandOverTest, CloseRoundEndsWhatIsLeft) {
  const std::string submitted = Submitted();
  const std::string reviewing = Reviewing();
  const std::string objected = Objected();
  const std::string on_notice = InNotice();
  const std::string recommended = Recommended();
  const std::string passed = Passed();
  v1::CloseRoundRequest show;
  show.set_round(kRound);
  show.set_validate_only(true);
  const absl::Time deadline = At("2023-05-01 00:00:00");
  clock_.Set(deadline - absl::Microseconds(1));
  EXPECT_REFUSED(CloseRound(Province(), show), kRecommendStillOpen);
  EXPECT_REFUSED(CloseRound(Province(), CloseOf(std::string(64, '0'))), kRecommendStillOpen);
  clock_.Set(deadline);
  EXPECT_REFUSED(CloseRound(Li(), show), kNotPermitted);
  EXPECT_REFUSED(CloseRound(CallOf(domain::Role::kRecorder, "rec"), show), kNotPermitted);

  const std::string digest = ShownDigest();
  EXPECT_EQ(closed_.review_cases_size(), 5);
  EXPECT_EQ(StateOf(submitted), "SUBMITTED");  // nothing was changed by showing
  EXPECT_REFUSED(CloseRound(Province(), CloseOf(std::string(64, '0'))), kListMismatch);
  const size_t before = Emitted().size();
  const v1::CloseRoundRequest request = CloseOf(digest);
  ASSERT_DONE(CloseRound(Province(), request));
  EXPECT_EQ(closed_.review_cases_size(), 5);
  for (const std::string& id : {submitted, reviewing, objected, on_notice, passed}) {
    EXPECT_EQ(StateOf(id), "NOT_RECOMMENDED");
    EXPECT_EQ(LastHistory(id, "reason"), "推荐截止");
  }
  EXPECT_EQ(StateOf(recommended), "RECOMMENDED");
  EXPECT_EQ(Emitted().size(), before + 5);
  EXPECT_EQ(LastEvent().application_not_recommended().reason(), "推荐截止");
  ASSERT_DONE(CloseRound(Province(), request));
  EXPECT_EQ(closed_.review_cases_size(), 5);
  EXPECT_EQ(Emitted().size(), before + 5);
  EXPECT_EQ(ShownDigest(), crypto::Hex(crypto::Sha256("")));
}

TEST_F(HandOverTest, CloseRoundHasAShape) {
  clock_.Set(At("2023-05-01 00:00:00"));
  v1::CloseRoundRequest request;
  request.set_round("2023");
  EXPECT_EQ(FieldsOf(CloseRound(Province(), request)), "round,reason,list_digest");
  request = CloseOf(std::string(64, '0'));
  request.set_round("rounds/1999");
  EXPECT_REFUSED(CloseRound(Province(), request), kRoundUnknown);
  EXPECT_REFUSED(CloseRound(Province(), CloseOf(std::string(64, '0'))), kListMismatch);
}

// A case comes in once: a duplicate changes nothing, a gap waits, an old hand-over is ignored.
TEST_F(HandOverTest, EventsArriveOnceAndInOrder) {
  const std::string id = NewId();
  const events::v1::Event event = SubmittedEvent(id, 1, 1, Version());
  bool applied = false;
  ASSERT_DONE(Deliver(event, &applied));
  EXPECT_TRUE(applied);
  EXPECT_EQ(HistoryOf(id), 1);
  EXPECT_EQ(LastHistory(id, "actor"), "service:filing");
  ASSERT_DONE(Deliver(event, &applied));
  EXPECT_FALSE(applied);
  EXPECT_EQ(HistoryOf(id), 1);
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM review_version"), 1);

  EXPECT_REFUSED(Deliver(SubmittedEvent(id, 3, 3, Version(2))), kOutOfOrder);
  EXPECT_REFUSED(Deliver(SubmittedEvent(id, 2, 3, Version(2))), kOutOfOrder);
  ASSERT_DONE(Deliver(SubmittedEvent(id, 2, 1, Version(2)), &applied));  // overtaken
  EXPECT_EQ(Read(id).version_number(), 1);
  const std::string unknown = NewId();
  EXPECT_REFUSED(Deliver(SubmittedEvent(unknown, 1, 2, Version())), kOutOfOrder);
  EXPECT_EQ(HistoryOf(unknown), 0);
}

// What arrived is what was locked, byte by byte, or it is not taken.
TEST_F(HandOverTest, DigestOfTheVersionIsChecked) {
  const std::string id = NewId();
  events::v1::Event event = SubmittedEvent(id, 1, 1, Version());
  event.mutable_application_submitted()->mutable_version()->back() ^= 1;
  EXPECT_REFUSED(Deliver(event), kFileDigestMismatch);
  event = SubmittedEvent(id, 1, 1, Version());
  event.mutable_application_submitted()->set_version("\xff\xff");
  event.mutable_application_submitted()->set_version_digest(crypto::Sha256("\xff\xff"));
  EXPECT_REFUSED(Deliver(event), kInvalidRequest);
  events::v1::ApplicationVersion version = Version();
  version.set_round("rounds/1999");
  EXPECT_REFUSED(Deliver(SubmittedEvent(id, 1, 1, version)), kRoundUnknown);
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM review_case"), 0);
  // Nothing is lost: the right one is still the first.
  EXPECT_DONE(Deliver(SubmittedEvent(id, 1, 1, Version())));
}

TEST_F(HandOverTest, OnlyFilingSends) {
  events::v1::Event event = SubmittedEvent(NewId(), 1, 1, Version());
  event.set_source("evaluation");
  EXPECT_REFUSED(Deliver(event), kNotPermitted);
  event = SubmittedEvent(NewId(), 1, 1, Version());
  event.mutable_subsidy_paid();
  EXPECT_REFUSED(Deliver(event), kInvalidRequest);
  // An event for a case that review still holds can only come from a row changed by hand.
  EXPECT_REFUSED(Deliver(SubmittedEvent(Submitted(), 2, 2, Version(2))), kHeldElsewhere);
}

// A corrected version begins its review anew; what was marked stays to compare (Q21).
TEST_F(HandOverTest, CorrectedVersionIsReviewedAnew) {
  const std::string id = Returned();
  events::v1::ApplicationVersion version = Version(2);
  version.mutable_form()->mutable_lead()->mutable_rd_spend_fen()->set_y1(100'000'000);
  version.add_unrequested_changes("alliance.goals");
  ASSERT_DONE(Deliver(SubmittedEvent(id, 2, 3, version)));
  const v1::ReviewCase read = Read(id);
  EXPECT_EQ(read.state(), Application::SUBMITTED);
  EXPECT_EQ(read.version_number(), 2);
  EXPECT_EQ(read.reviewer(), "");
  EXPECT_EQ(read.conditions_size(), 0);
  EXPECT_EQ(read.verified_rd_fen(), 0);
  ASSERT_EQ(read.marks_size(), 1);
  ASSERT_EQ(read.unrequested_changes_size(), 1);
  EXPECT_EQ(read.form().lead().rd_spend_fen().y1(), 100'000'000);
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM condition_decision"), 4);  // kept for good
  // The same number again is no new version.
  const std::string other = Returned();
  EXPECT_REFUSED(Deliver(SubmittedEvent(other, 2, 3, Version(1))), kInvalidRequest);
}

// send back: under review again, with what was found, in nobody's hands.
TEST_F(HandOverTest, SentBackIsReviewedAgain) {
  const std::string id = Recommended();
  EXPECT_REFUSED(Deliver(SentBackEvent(id, 2, 2 + 2)), kOutOfOrder);
  ASSERT_DONE(Deliver(SentBackEvent(id, 2, 3)));
  const v1::ReviewCase read = Read(id);
  EXPECT_EQ(read.state(), Application::REVIEWING);
  EXPECT_EQ(read.reviewer(), "");
  EXPECT_EQ(read.conditions_size(), 4);
  EXPECT_EQ(LastHistory(id, "reason"), "核定数需复核");
  // Wang goes on, having declared; the next hand-over counts on.
  v1::ReviewCase answer;
  EXPECT_REFUSED(service_.ReturnCase(Wang(), ReturnOf(id), &answer), kConflictOfInterest);
  ASSERT_DONE(Declare(id, Wang()));
  ASSERT_DONE(service_.ReturnCase(Wang(), ReturnOf(id), &answer));
  EXPECT_EQ(LastEvent().handoff_sequence(), 4);

  EXPECT_REFUSED(Deliver(SentBackEvent(Passed(), 2, 2)), kHeldElsewhere);
  EXPECT_REFUSED(Deliver(SentBackEvent(NewId(), 1, 1)), kInvalidRequest);
}

// From whichever state the province gives it back, as filing's table says, and from no other. The
// history says what filing did and from where, not what was known here last.
TEST_F(HandOverTest, TakenBackFromEveryStateThatFilingGivesItBackFrom) {
  const std::vector<std::string> ids = NoticesClosed(4);
  for (const std::string& id : ids) ASSERT_DONE(Recommend(Li(), RecommendationOf({id})));
  const std::vector<std::string> states = {"RECOMMENDED", "ACCEPTED", "SURVEYED"};
  for (size_t i = 0; i < states.size(); ++i) {
    const std::string& id = ids[i];
    const std::string& from = states[i];
    events::v1::Event event = SentBackEvent(id, 2, 3);
    event.set_action("send_back");
    event.set_from_state(from);
    event.set_to_state("REVIEWING");
    event.set_handoff_sequence(4);
    EXPECT_REFUSED(Deliver(event), kOutOfOrder);
    event.set_handoff_sequence(3);
    ASSERT_DONE(Deliver(event));
    EXPECT_EQ(StateOf(id), "REVIEWING");
    EXPECT_EQ(LastHistory(id, "action"), "send_back");
    EXPECT_EQ(LastHistory(id, "from_state"), from);
    EXPECT_EQ(LastHistory(id, "to_state"), "REVIEWING");
  }
  const std::string& id = ids.back();
  const int64_t before = HistoryOf(id);
  const auto refused = [&](const std::string& from, const std::string& action,
                           const std::string& to) {
    events::v1::Event event = SentBackEvent(id, 2, 3);
    event.set_from_state(from);
    event.set_action(action);
    event.set_to_state(to);
    return Deliver(event);
  };
  EXPECT_REFUSED(refused("PENDING_DECISION", "send_back", "REVIEWING"), kInvalidRequest);
  EXPECT_REFUSED(refused("", "send_back", "REVIEWING"), kInvalidRequest);
  EXPECT_REFUSED(refused("ACCEPTED", "accept", "REVIEWING"), kInvalidRequest);
  EXPECT_REFUSED(refused("ACCEPTED", "send_back", "SUBMITTED"), kInvalidRequest);
  EXPECT_EQ(StateOf(id), "RECOMMENDED");
  EXPECT_EQ(HistoryOf(id), before);
}

// While review holds a case nobody else can hand it over: the operator is told who has it.
TEST_F(HandOverTest, ACaseInOurOwnHandsCannotBeHandedOver) {
  const std::string id = Passed();
  events::v1::Event event = SentBackEvent(id, 2, 2);
  event.set_action("send_back");
  event.set_from_state("ACCEPTED");
  event.set_to_state("REVIEWING");
  const absl::Status refused = Deliver(event);
  EXPECT_REFUSED(refused, kHeldElsewhere);
  EXPECT_EQ(domain::DetailsOf(refused)->metadata.at("holder"), "review");
  EXPECT_EQ(StateOf(id), "PASSED");
  EXPECT_DONE(Deliver(SubmittedEvent(Returned(), 2, 3, Version(2))));
}

// The first entry of a case begins where the sender had it.
TEST_F(HandOverTest, TheHistoryBeginsWhereTheSenderHadTheCase) {
  const std::string first = Submitted();
  EXPECT_EQ(LastHistory(first, "from_state"), "DRAFT");
  EXPECT_EQ(LastHistory(first, "to_state"), "SUBMITTED");
  const std::string corrected = Returned();
  events::v1::Event event = SubmittedEvent(corrected, 2, 3, Version(2));
  event.set_action("submit");
  event.set_from_state("RETURNED");
  event.set_to_state("SUBMITTED");
  ASSERT_DONE(Deliver(event));
  EXPECT_EQ(LastHistory(corrected, "action"), "submit");
  EXPECT_EQ(LastHistory(corrected, "from_state"), "RETURNED");
}

}  // namespace
}  // namespace alliance::review
