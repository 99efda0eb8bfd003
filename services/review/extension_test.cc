// Extensions as review keeps them: told by filing, they lengthen the same times here as there (Q1).

#include <string>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/rules/pack.h"
#include "services/review/convert.h"
#include "services/review/fixture_test.h"

namespace alliance::review {
namespace {

using filing::v1::Application;
using filing::v1::Extension;

class ExtensionTest : public ReviewTest {
 protected:
  events::v1::Event Granted(std::string_view region, const std::string& case_id, const char* until,
                            Extension::Deadline deadline = Extension::RECOMMENDER) {
    events::v1::Event event;
    event.set_event_id(NewId());
    event.set_source("filing");
    event.set_sequence(1);
    Extension* extension = event.mutable_extension_approved()->mutable_extension();
    extension->set_name(base::StrCat("extensions/", NewId()));
    extension->set_round(kRound);
    extension->set_region(std::string(region));
    if (!case_id.empty()) extension->set_application(base::StrCat(kApplicationPrefix, case_id));
    extension->set_deadline(deadline);
    extension->mutable_close_time()->set_seconds(absl::ToUnixSeconds(At(until)));
    extension->set_reason("台风停电，公示顺延");
    extension->set_proposer("li");
    extension->set_approver("province");
    event.set_case_id(extension->name());
    return event;
  }
  absl::Status Recommend(const std::string& id) {
    v1::Recommendation answer;
    return service_.RecommendCases(Li(), RecommendationOf({id}), &answer);
  }
  absl::Status CloseRound() {
    v1::CloseRoundRequest request;
    request.set_round(kRound);
    request.set_validate_only(true);
    v1::CloseRoundResponse answer;
    RETURN_IF_ERROR(service_.CloseRound(Province(), request, &answer));
    request.set_validate_only(false);
    request.set_request_id(NewId());
    request.set_reason("推荐截止");
    request.set_list_digest(answer.list_digest());
    return service_.CloseRound(Province(), request, &answer);
  }
};

// to the microsecond before the new end, for the case that has it and for no other.
TEST_F(ExtensionTest, AnExtendedCaseIsRecommendedAfterTheRoundsEnd) {
  const std::vector<std::string> ids = NoticesClosed(2);
  ASSERT_DONE(Deliver(Granted("210200", ids[0], "2023-05-05 00:00:00")));
  clock_.Set(At("2023-05-05 00:00:00") - absl::Microseconds(1));
  EXPECT_REFUSED(Recommend(ids[1]), kRecommendClosed);
  EXPECT_DONE(Recommend(ids[0]));
  EXPECT_EQ(StateOf(ids[0]), "RECOMMENDED");
}

TEST_F(ExtensionTest, TheNewEndIsAnEnd) {
  const std::string id = NoticeClosed();
  ASSERT_DONE(Deliver(Granted("210200", "", "2023-05-05 00:00:00")));
  clock_.Set(At("2023-05-05 00:00:00"));
  EXPECT_REFUSED(Recommend(id), kRecommendClosed);
  clock_.Set(At("2023-05-05 00:00:00") - absl::Milliseconds(1));
  EXPECT_DONE(Recommend(id));
}

TEST_F(ExtensionTest, AnotherRegionsIsNotThisOnes) {
  const std::string id = NoticeClosed();
  ASSERT_DONE(Deliver(Granted("210100", "", "2023-05-05 00:00:00")));
  ASSERT_DONE(Deliver(Granted("210200", "", "2023-05-05 00:00:00", Extension::ENTERPRISE)));
  clock_.Set(At("2023-05-01 00:00:00"));
  EXPECT_REFUSED(Recommend(id), kRecommendClosed);
}

// The round is not closed over a case that still has time.
TEST_F(ExtensionTest, ARoundStaysOpenForAnExtendedCase) {
  const std::string id = NoticeClosed();
  ASSERT_DONE(Deliver(Granted("210200", id, "2023-05-05 00:00:00")));
  clock_.Set(At("2023-05-05 00:00:00") - absl::Microseconds(1));
  EXPECT_REFUSED(CloseRound(), kRecommendStillOpen);
  clock_.Set(At("2023-05-05 00:00:00"));
  EXPECT_DONE(CloseRound());
  EXPECT_EQ(StateOf(id), "NOT_RECOMMENDED");
}

// Q2: the planner measures a notice against the end that the cases have.
TEST_F(ExtensionTest, ThePlannerKnowsTheNewEnd) {
  const std::string late = Passed();
  const std::string extended = Passed();
  ASSERT_DONE(Deliver(Granted("210200", extended, "2023-05-09 00:00:00")));
  clock_.Set(At("2023-04-27 09:00:00"));
  v1::NoticeBatch batch;
  v1::OpenNoticeRequest request = NoticeRequestOf({late});
  request.clear_reason();
  EXPECT_REFUSED(service_.OpenNotice(Li(), request, &batch), kPlannerWarningOpen);
  request = NoticeRequestOf({extended});
  request.clear_reason();
  ASSERT_DONE(service_.OpenNotice(Li(), request, &batch));
  EXPECT_FALSE(batch.ends_after_deadline());

  // PlanNotice speaks of the region: what was granted to one case is not the region's.
  v1::PlanNoticeRequest ask;
  ask.set_round(kRound);
  ask.set_start_date("2023-04-27");
  v1::NoticePlan plan;
  ASSERT_DONE(service_.PlanNotice(Li(), ask, &plan));
  EXPECT_TRUE(plan.ends_after_deadline());
  ASSERT_DONE(Deliver(Granted("210200", "", "2023-05-09 00:00:00")));
  plan.Clear();
  ASSERT_DONE(service_.PlanNotice(Li(), ask, &plan));
  EXPECT_FALSE(plan.ends_after_deadline());
  EXPECT_EQ(plan.recommender_deadline_time().seconds(),
            absl::ToUnixSeconds(At("2023-05-09 00:00:00")));
}

// The case shows it: to officials with the names of both people, to the firm without.
TEST_F(ExtensionTest, TheCaseShowsIt) {
  const std::string id = Submitted();
  ASSERT_DONE(Deliver(Granted("210200", id, "2023-05-05 00:00:00")));
  ASSERT_DONE(Deliver(Granted("210200", "", "2023-05-04 00:00:00")));
  ASSERT_DONE(Deliver(Granted("210100", "", "2023-05-05 00:00:00")));
  const v1::ReviewCase inside = Read(id);
  ASSERT_EQ(inside.extensions_size(), 2);
  EXPECT_EQ(inside.extensions(0).approver(), "province");
  EXPECT_EQ(inside.extensions(0).close_time().seconds(),
            absl::ToUnixSeconds(At("2023-05-05 00:00:00")));
  const v1::ReviewCase outside = Read(id, Lead());
  ASSERT_EQ(outside.extensions_size(), 2);
  EXPECT_EQ(outside.extensions(1).proposer(), "");
  EXPECT_EQ(outside.extensions(1).approver(), "");
}

TEST_F(ExtensionTest, OnlyAWholeOneFromFilingIsTaken) {
  events::v1::Event event = Granted("210200", "", "2023-05-05 00:00:00");
  event.set_source("evaluation");
  EXPECT_REFUSED(Deliver(event), kNotPermitted);
  event = Granted("210200", "", "2023-05-05 00:00:00");
  event.mutable_extension_approved()->mutable_extension()->set_name("extensions/x");
  EXPECT_REFUSED(Deliver(event), kInvalidRequest);
  event = Granted("", "", "2023-05-05 00:00:00");
  EXPECT_REFUSED(Deliver(event), kInvalidRequest);
  event = Granted("210200", "", "2023-05-05 00:00:00");
  bool applied = false;
  ASSERT_DONE(Deliver(event, &applied));
  ASSERT_DONE(Deliver(event, &applied));
  EXPECT_FALSE(applied);
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM extension"), 1);
}

// A published round is reviewed under its own pack, from the next event on.
TEST_F(ExtensionTest, APublishedRoundIsServed) {
  rules::v1::Pack proto = deps_.packs.Find(kRound)->proto();
  proto.mutable_round()->set_id("2023-told");
  const rules::Pack pack = rules::ReadPack(proto.SerializeAsString()).value();
  // Packs of its own: what is told here is not for other tests.
  rules::Packs packs;
  const act::Deps deps{.service = "review", .pool = Db().pool(), .clock = clock_, .packs = packs};
  act::EventInbox inbox(deps, [&](act::Step& step, const events::v1::Event& event) {
    return ApplyEvent(deps, step, event);
  });
  const auto deliver = [&](const events::v1::Event& event) {
    return service_testing::Deliver(inbox, event, nullptr);
  };
  events::v1::ApplicationVersion version = Version();
  version.set_round(pack.round_name());
  version.set_rules_digest(pack.digest_hex());
  const std::string id = NewId();
  // Before the pack has come the case waits with the sender.
  EXPECT_REFUSED(deliver(SubmittedEvent(id, 1, 1, version)), kRoundUnknown);

  events::v1::Event told;
  told.set_event_id(NewId());
  told.set_source("filing");
  told.set_case_id(pack.round_name());
  told.set_sequence(1);
  told.set_occur_time_us(absl::ToUnixMicros(clock_.Now()));
  told.mutable_round_published()->set_rules_digest(pack.digest_hex());
  told.mutable_round_published()->set_number(1);
  told.mutable_round_published()->set_pack(pack.bytes() + "x");
  EXPECT_REFUSED(deliver(told), kFileDigestMismatch);
  EXPECT_EQ(packs.Find(pack.round_name()), nullptr);
  told.mutable_round_published()->set_pack(pack.bytes());
  ASSERT_DONE(deliver(told));
  EXPECT_EQ(LastHistory(pack.round_name(), "action"), "publish_round");
  EXPECT_DONE(deliver(SubmittedEvent(id, 1, 1, version)));
}

// A version that was checked under a pack that was superseded meanwhile is on record with that one.
TEST_F(ExtensionTest, AVersionArrivesUnderThePackItWasCheckedUnder) {
  rules::v1::Pack proto = deps_.packs.Find(kRound)->proto();
  proto.mutable_round()->set_id("2023-twice");
  rules::Packs packs;
  const rules::Pack* first = packs.Add(*rules::ReadPack(proto.SerializeAsString()), 1);
  proto.mutable_round()->set_title(base::StrCat(proto.round().title(), "（修订）"));
  const rules::Pack* second = packs.Add(*rules::ReadPack(proto.SerializeAsString()), 2);
  ASSERT_EQ(packs.Find("rounds/2023-twice"), second);
  const act::Deps deps{.service = "review", .pool = Db().pool(), .clock = clock_, .packs = packs};
  act::EventInbox inbox(deps, [&](act::Step& step, const events::v1::Event& event) {
    return ApplyEvent(deps, step, event);
  });
  for (const rules::Pack* pack : {first, second}) {
    events::v1::ApplicationVersion version = Version();
    version.set_round(pack->round_name());
    version.set_rules_digest(pack->digest_hex());
    const std::string id = NewId();
    ASSERT_DONE(service_testing::Deliver(inbox, SubmittedEvent(id, 1, 1, version), nullptr));
    EXPECT_EQ(LastHistory(id, "LOWER(HEX(rules_digest))"), pack->digest_hex());
  }
}

}  // namespace
}  // namespace alliance::review
