// Zones and districts that recommend through their city (Q3): who acts when, letter and list, the
// inner deadline.

#include <string>
#include <vector>

#include "common/base/str.h"
#include "services/review/convert.h"
#include "services/review/fixture_test.h"
#include "services/review/frozen_list.h"

namespace alliance::review {
namespace {

using filing::v1::Application;

class ForwardTest : public ReviewTest {
 protected:
  absl::Status Forward(const rpc::Call& by, const v1::ForwardCasesRequest& request) {
    return service_.ForwardCases(by, request, &forwarding_);
  }
  absl::Status Open(const rpc::Call& by, const std::string& id) {
    return service_.OpenNotice(by, NoticeRequestOf({id}), &notice_);
  }
  std::string PassedInZone() { return Passed(VersionFor("HTZ-DL", kDeskRound), Zhang()); }

  v1::Forwarding forwarding_;
  v1::NoticeBatch notice_;
  v1::ReviewCase case_;
};

// the zone reviews; with letter and list the case goes to the city, which alone acts from
// then on and recommends it; the zone reads on.
TEST_F(ForwardTest, TheCityRecommendsWhatItsZoneForwards) {
  const std::string id = PassedInZone();
  EXPECT_TRUE(Read(id, Li()).allowed_actions().empty());
  EXPECT_REFUSED(Open(Zhang(), id), kRouteViaCity);
  EXPECT_REFUSED(Open(Li(), id), kNotPermitted);

  const v1::ForwardCasesRequest request = ForwardingOf({id}, Zhang());
  ASSERT_DONE(Forward(Zhang(), request));
  EXPECT_EQ(forwarding_.region(), "HTZ-DL");
  EXPECT_EQ(forwarding_.city(), "210200");
  EXPECT_EQ(forwarding_.list_digest(), request.list_digest());
  EXPECT_EQ(forwarding_.review_cases_size(), 1);
  EXPECT_EQ(LastHistory(id, "action"), "forward");
  EXPECT_EQ(Db().Value("SELECT list_id FROM forwarding"),
            request.recommendation_list().substr(kListPrefix.size()));
  EXPECT_TRUE(Emitted().empty());
  // The same request again: one letter.
  ASSERT_DONE(Forward(Zhang(), request));
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM forwarding"), 1);

  const v1::ReviewCase seen = Read(id, Zhang());
  EXPECT_EQ(seen.state(), Application::PASSED);
  EXPECT_EQ(seen.region(), "HTZ-DL");
  EXPECT_EQ(seen.office(), "210200");
  EXPECT_TRUE(seen.allowed_actions().empty());
  EXPECT_REFUSED(Forward(Zhang(), Repeatable(request)), kNotPermitted);
  EXPECT_REFUSED(Open(Zhang(), id), kNotPermitted);
  EXPECT_REFUSED(Forward(Li(), Repeatable(request)), kRouteDirect);

  ASSERT_DONE(Open(Li(), id));
  EXPECT_EQ(notice_.region(), "210200");
  clock_.Set(At("2023-04-26 00:00:00"));
  v1::Recommendation recommendation;
  const v1::RecommendCasesRequest recommend = RecommendationOf({id});
  EXPECT_REFUSED(service_.RecommendCases(Zhang(), recommend, &recommendation), kNotPermitted);
  ASSERT_DONE(service_.RecommendCases(Li(), recommend, &recommendation));
  EXPECT_EQ(recommendation.region(), "210200");
  EXPECT_TRUE(LastEvent().has_application_recommended());
}

// in a round that lets the zone recommend by itself nothing is forwarded.
TEST_F(ForwardTest, ADirectZoneRecommendsByItself) {
  const std::string id = Passed(VersionFor("HTZ-DL", kRound), Zhang());
  EXPECT_REFUSED(Forward(Zhang(), ForwardingOf({id}, Zhang())), kRouteDirect);
  ASSERT_DONE(Open(Zhang(), id));
  EXPECT_EQ(notice_.region(), "HTZ-DL");
  const std::string city = Passed();
  EXPECT_REFUSED(Forward(Li(), ForwardingOf({city}, Li())), kRouteDirect);
}

// the office's own deadline, both sides; a district's is its own.
TEST_F(ForwardTest, TheInnerDeadlineIsTheOffices) {
  const std::string zone = PassedInZone();
  const std::string district = Passed(VersionFor("210204", kDeskRound), Sun());
  const absl::Time of_district = At("2023-04-26 00:00:00");
  clock_.Set(of_district);
  EXPECT_REFUSED(Forward(Sun(), ForwardingOf({district}, Sun())), kForwardClosed);
  ASSERT_DONE(Forward(Zhang(), ForwardingOf({zone}, Zhang())));
  clock_.Set(of_district - absl::Microseconds(1));
  ASSERT_DONE(Forward(Sun(), ForwardingOf({district}, Sun())));
  EXPECT_EQ(forwarding_.region(), "210204");
  EXPECT_EQ(Read(district, Li()).office(), "210200");
}

// letter and list, complete, and exactly the list.
TEST_F(ForwardTest, ForwardingNeedsLetterAndList) {
  const std::string id = PassedInZone();
  const std::string other = PassedInZone();
  v1::ForwardCasesRequest request = ForwardingOf({id}, Zhang());
  request.clear_formal_letter();
  EXPECT_REFUSED(Forward(Zhang(), request), kPaperRequired);
  request = ForwardingOf({id}, Zhang());
  request.clear_list_digest();
  EXPECT_REFUSED(Forward(Zhang(), request), kListMismatch);
  request = ForwardingOf({id}, Zhang());
  request.clear_recommendation_list();
  EXPECT_REFUSED(Forward(Zhang(), request), kListMismatch);
  request = ForwardingOf({id, other}, Zhang());
  request.mutable_review_cases()->RemoveLast();
  EXPECT_REFUSED(Forward(Zhang(), request), kListMismatch);
  request = ForwardingOf({id}, Zhang());
  request.mutable_formal_letter()->clear_document_number();
  request.mutable_formal_letter()->clear_issue_date();
  const absl::Status wrong = Forward(Zhang(), request);
  EXPECT_REFUSED(wrong, kInvalidRequest);
  EXPECT_EQ(FieldsOf(wrong), "formal_letter.document_number,formal_letter.issue_date");
  request = ForwardingOf({id}, Zhang());
  request.mutable_formal_letter()->set_document_number("大高新〔2023〕13号");
  EXPECT_EQ(FieldsOf(Forward(Zhang(), request)), "formal_letter.document_number");
  const std::string reviewing = Submitted(VersionFor("HTZ-DL", kDeskRound));
  EXPECT_REFUSED(Forward(Zhang(), ForwardingOf({reviewing}, Zhang())), kWrongState);
  for (const rpc::Call& by : {Zhao(), Sun(), Province(), Lead(), Public()}) {
    EXPECT_REFUSED(Forward(by, ForwardingOf({id}, Zhang())), kNotPermitted);
  }
  EXPECT_EQ(Read(id, Zhang()).office(), "HTZ-DL");
  ASSERT_DONE(Forward(Zhang(), ForwardingOf({id, other}, Zhang())));
}

// the list that goes to the city is frozen as well, and its letter is written to the city.
TEST_F(ForwardTest, TheListToTheCityIsFrozen) {
  const std::string id = PassedInZone();
  v1::RecommendationList list;
  EXPECT_REFUSED(service_.PrepareRecommendation(Li(), PreparationOf({id}), &list), kNotPermitted);
  ASSERT_DONE(service_.PrepareRecommendation(Zhang(), PreparationOf({id}), &list));
  EXPECT_EQ(list.region(), "HTZ-DL");
  EXPECT_EQ(list.letter().addressee(), "大连市科技局");
  EXPECT_EQ(list.letter().title(), "关于报送实质性产学研联盟的函");
  EXPECT_EQ(list.letter().attachment(), "附件：报送联盟汇总表（共1个）");
  EXPECT_EQ(list.items(0).outcome(), v1::NoticeItem::OUTCOME_UNSPECIFIED) << "no notice yet";
  // A city freezes what it has put on notice, and nothing that has only passed.
  EXPECT_REFUSED(service_.PrepareRecommendation(Li(), PreparationOf({Passed()}), &list),
                 kWrongState);
}

// what the city returns comes back to the city, and what the province sends back as well.
TEST_F(ForwardTest, WhatTheCityReturnsComesBackToIt) {
  const std::string id = PassedInZone();
  ASSERT_DONE(Forward(Zhang(), ForwardingOf({id}, Zhang())));
  v1::ReopenCaseRequest reopen;
  reopen.set_name(base::StrCat(kCasePrefix, id));
  reopen.set_etag(EtagOf(id));
  reopen.set_reason("材料需复核");
  EXPECT_REFUSED(service_.ReopenCase(Zhang(), Repeatable(reopen), &case_), kNotPermitted);
  ASSERT_DONE(service_.ReopenCase(Li(), Repeatable(reopen), &case_));
  // It is still in the hands of the zone's officer: the city puts it into its own.
  v1::ReassignCaseRequest reassign;
  reassign.set_name(reopen.name());
  reassign.set_etag(EtagOf(id));
  reassign.set_reviewer("li");
  reassign.set_reason("已报送市局");
  ASSERT_DONE(service_.ReassignCase(Li(), Repeatable(reassign), &case_));
  ASSERT_DONE(Declare(id, Li()));
  ASSERT_DONE(service_.ReturnCase(Li(), ReturnOf(id), &case_));
  events::v1::ApplicationVersion corrected = VersionFor("HTZ-DL", kDeskRound);
  corrected.set_number(2);
  ASSERT_DONE(Deliver(SubmittedEvent(id, 2, 3, corrected)));
  EXPECT_EQ(Read(id, Li()).office(), "210200");
  EXPECT_REFUSED(service_.ClaimCase(Zhang(), ClaimOf(id), &case_), kNotPermitted);
  ASSERT_DONE(service_.ClaimCase(Li(), ClaimOf(id), &case_));
}

}  // namespace
}  // namespace alliance::review
