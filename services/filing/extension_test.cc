// Extensions: two people, a reason and a paper; the one way to lengthen a deadline (Q1).

#include "common/base/str.h"
#include "services/filing/apply_events.h"
#include "services/filing/case_fixture.h"
#include "services/filing/clock.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Role;

constexpr char kReason[] = "台风影响，企业所在园区停电两日，无法按时填报";

void SetClose(absl::Time at, v1::ProposeExtensionRequest* request) {
  request->mutable_close_time()->set_seconds(absl::ToUnixSeconds(at));
}

class ExtensionTest : public CaseFixture {
 protected:
  v1::ProposeExtensionRequest AskFor(const std::string& application, const char* until,
                                     v1::Extension::Deadline deadline = v1::Extension::ENTERPRISE) {
    v1::ProposeExtensionRequest request;
    request.set_round(kRound);
    request.set_application(application);
    request.set_deadline(deadline);
    SetClose(At(until), &request);
    request.set_reason(kReason);
    *request.mutable_document() = ADocument("关于延期的请示");
    request.set_request_id(NewId());
    return request;
  }
  v1::ProposeExtensionRequest AskForRegion(
      std::string_view region, const char* until,
      v1::Extension::Deadline deadline = v1::Extension::ENTERPRISE) {
    v1::ProposeExtensionRequest request = AskFor("", until, deadline);
    request.set_region(std::string(region));
    return request;
  }

  absl::StatusOr<v1::Extension> Propose(const v1::ProposeExtensionRequest& request,
                                        const domain::Caller& caller = Recommender()) {
    v1::Extension answer;
    const absl::Status status =
        service_->ProposeExtension(As(caller, "ProposeExtension"), request, &answer);
    if (!status.ok()) return status;
    return answer;
  }
  absl::StatusOr<v1::Extension> Approve(const std::string& name,
                                        const domain::Caller& caller = Official(Role::kProvince)) {
    v1::ApproveExtensionRequest request;
    request.set_name(name);
    request.set_request_id(NewId());
    v1::Extension answer;
    const absl::Status status =
        service_->ApproveExtension(As(caller, "ApproveExtension"), request, &answer);
    if (!status.ok()) return status;
    return answer;
  }
  void Extend(const v1::ProposeExtensionRequest& request) {
    const auto proposed = Propose(request);
    ASSERT_TRUE(proposed.ok()) << proposed.status() << Fields(proposed.status());
    const auto approved = Approve(proposed->name());
    ASSERT_TRUE(approved.ok()) << approved.status();
  }
  absl::StatusOr<v1::Application> SubmitNow(const v1::Application& draft, int lead = 1) {
    return Submit(draft.name(), draft.etag(), Lead(lead));
  }
};

// Asked for alone it changes nothing; approved, the case has until just before the new end.
TEST_F(ExtensionTest, ADraftHasMoreTimeOnceTwoPeopleAgree) {
  const v1::Application draft = CreateComplete();
  const auto proposed = Propose(AskFor(draft.name(), "2023-04-28 00:00:00"));
  ASSERT_TRUE(proposed.ok()) << proposed.status() << Fields(proposed.status());
  EXPECT_EQ(proposed->state(), v1::Extension::PROPOSED);
  EXPECT_EQ(proposed->region(), kDalian);
  EXPECT_EQ(proposed->previous_close_time().seconds(),
            absl::ToUnixSeconds(At("2023-04-26 00:00:00")));
  EXPECT_EQ(Get(draft.name(), Lead()).next_step().deadline_time().seconds(),
            absl::ToUnixSeconds(At("2023-04-26 00:00:00")));

  clock_.Advance(absl::Minutes(5));
  const auto approved = Approve(proposed->name());
  ASSERT_TRUE(approved.ok()) << approved.status();
  EXPECT_EQ(approved->state(), v1::Extension::APPROVED);
  EXPECT_EQ(approved->approver(), "province");
  EXPECT_EQ(LastAct(proposed->name()),
            base::StrCat("approve_extension PROPOSED>APPROVED ", absl::ToUnixMicros(clock_.Now())));
  const std::string id = draft.name().substr(std::string("applications/").size());
  EXPECT_EQ(LastAct(id),
            base::StrCat("extend_deadline DRAFT>DRAFT ", absl::ToUnixMicros(clock_.Now())));

  // The firm sees it, without the officials' names.
  const v1::Application seen = Get(draft.name(), Lead());
  ASSERT_EQ(seen.extensions_size(), 1);
  EXPECT_EQ(seen.extensions(0).reason(), kReason);
  EXPECT_EQ(seen.extensions(0).proposer(), "");
  EXPECT_EQ(seen.extensions(0).approver(), "");
  EXPECT_EQ(Get(draft.name()).extensions(0).proposer(), "recommender-210200");
  EXPECT_EQ(seen.next_step().deadline_time().seconds(),
            absl::ToUnixSeconds(At("2023-04-28 00:00:00")));

  // Past the round's own end, by reading, by the sweep and by the act: it has not lapsed.
  clock_.Set(At("2023-04-26 00:00:00"));
  EXPECT_EQ(Get(draft.name(), Lead()).state(), v1::Application::DRAFT);
  // Found by a reader, but an act of the clock, at the instant of the old end.
  EXPECT_EQ(LastAct(id), base::StrCat("extend_deadline DRAFT>DRAFT ",
                                      absl::ToUnixMicros(At("2023-04-26 00:00:00"))));
  EXPECT_EQ(Count(base::StrCat("SELECT COUNT(*) FROM history WHERE case_id='", id,
                               "' AND action='extend_deadline' AND actor='clock'")),
            1);
  SweepCount count;
  ASSERT_TRUE(SweepDeadlines(*deps_, As(domain::ClockCaller(), "sweep"), &count).ok());
  EXPECT_EQ(count.lapsed_applications, 0);
  clock_.Set(At("2023-04-28 00:00:00") - kTick);
  EXPECT_TRUE(SubmitNow(Get(draft.name(), Lead())).ok());
}

// whoever finds it, and however late, a draft lapses at its end: in the history, in the row,
// and under the rules that say so.
TEST_F(ExtensionTest, ADraftFoundLateLapsedAtItsEnd) {
  const v1::Application draft = CreateComplete();
  const std::string id = draft.name().substr(std::string("applications/").size());
  const int64_t end = absl::ToUnixMicros(At("2023-04-26 00:00:00"));
  clock_.Set(At("2023-05-03 11:22:33"));
  EXPECT_TRUE(Refused(SubmitNow(draft).status(), Reason::kWindowClosed));
  EXPECT_EQ(LastAct(id), base::StrCat("lapse DRAFT>LAPSED ", end)) << "though the act was refused";
  EXPECT_EQ(Count(base::StrCat("SELECT update_us FROM application WHERE id='", id, "'")), end);
  EXPECT_EQ(Count(base::StrCat("SELECT COUNT(*) FROM history WHERE case_id='", id,
                               "' AND action='lapse' AND rules_digest IS NOT NULL")),
            1);
  // After it the state says no.
  EXPECT_TRUE(Refused(SubmitNow(Get(draft.name(), Lead())).status(), Reason::kWrongState));
}

TEST_F(ExtensionTest, TheNewEndIsAnEndToTheMicrosecond) {
  const v1::Application draft = CreateComplete();
  Extend(AskFor(draft.name(), "2023-04-28 00:00:00"));
  clock_.Set(At("2023-04-28 00:00:00"));
  EXPECT_TRUE(Refused(SubmitNow(draft).status(), Reason::kWindowClosed));
  EXPECT_EQ(Get(draft.name(), Lead()).state(), v1::Application::LAPSED);
  const std::string id = draft.name().substr(std::string("applications/").size());
  EXPECT_EQ(LastAct(id),
            base::StrCat("lapse DRAFT>LAPSED ", absl::ToUnixMicros(At("2023-04-28 00:00:00"))))
      << "at the new end, not at the old one";
  // A clock that is set back does not bring it back.
  clock_.Set(At("2023-04-20 00:00:00"));
  EXPECT_EQ(Get(draft.name(), Lead()).state(), v1::Application::LAPSED);
}

TEST_F(ExtensionTest, OfOneCaseIsForThatCaseAlone) {
  const v1::Application one = CreateComplete(1);
  const v1::Application other = CreateComplete(2);
  Extend(AskFor(one.name(), "2023-04-28 00:00:00"));
  clock_.Set(At("2023-04-26 00:00:00"));
  EXPECT_TRUE(Refused(SubmitNow(other, 2).status(), Reason::kWindowClosed));
  EXPECT_TRUE(SubmitNow(Get(one.name(), Lead(1)), 1).ok());
}

// A region's: its drafts, those begun later, and nobody else's.
TEST_F(ExtensionTest, OfARegionIsForAllItsCases) {
  const v1::Application inside = CreateComplete(1, kDalian);
  const v1::Application outside = CreateComplete(2, kShenyang);
  Extend(AskForRegion(kDalian, "2023-04-27 00:00:00"));
  clock_.Set(At("2023-04-26 12:00:00"));
  const v1::Application late = CreateComplete(3, kDalian);
  EXPECT_EQ(late.state(), v1::Application::DRAFT);
  EXPECT_TRUE(SubmitNow(Get(inside.name(), Lead(1)), 1).ok());
  EXPECT_TRUE(Refused(SubmitNow(outside, 2).status(), Reason::kWindowClosed));
  // The list says the same as the case does.
  v1::ListApplicationsRequest request;
  v1::ListApplicationsResponse list;
  ASSERT_TRUE(service_->ListApplications(As(Lead(3), "ListApplications"), request, &list).ok());
  ASSERT_EQ(list.applications_size(), 1);
  EXPECT_EQ(list.applications(0).next_step().deadline_time().seconds(),
            absl::ToUnixSeconds(At("2023-04-27 00:00:00")));
  clock_.Set(At("2023-04-27 00:00:00"));
  EXPECT_TRUE(Refused(SubmitNow(late, 3).status(), Reason::kWindowClosed));
}

// R-010, Q21: more time for the region is more time to correct.
TEST_F(ExtensionTest, ACorrectionFollowsTheRegionsEnd) {
  const v1::Application returned = Returned();
  Extend(AskFor(returned.name(), "2023-05-05 00:00:00", v1::Extension::RECOMMENDER));
  EXPECT_EQ(Get(returned.name(), Lead()).correction_deadline_time().seconds(),
            absl::ToUnixSeconds(At("2023-05-05 00:00:00")));
  clock_.Set(At("2023-05-05 00:00:00") - kTick);
  EXPECT_EQ(Get(returned.name(), Lead()).state(), v1::Application::RETURNED);
  const auto again = SubmitNow(Get(returned.name(), Lead()));
  EXPECT_TRUE(again.ok()) << again.status() << Fields(again.status());
}

TEST_F(ExtensionTest, WithoutAnExtensionACorrectionEndsAsBefore) {
  const v1::Application returned = Returned();
  clock_.Set(At("2023-05-01 00:00:00"));
  EXPECT_TRUE(Refused(SubmitNow(returned).status(), Reason::kCorrectionTimeOver));
}

// Nobody approves what he asked for, and nobody else but the province's people approves.
TEST_F(ExtensionTest, TheSecondPersonIsAnother) {
  const v1::Application draft = Create();
  const domain::Caller official = Official(Role::kProvince, "official-1");
  const auto proposed = Propose(AskFor(draft.name(), "2023-04-28 00:00:00"), official);
  ASSERT_TRUE(proposed.ok()) << proposed.status();
  EXPECT_TRUE(Refused(Approve(proposed->name(), official).status(), Reason::kSamePerson));
  for (const domain::Caller& caller :
       {Lead(), Recommender(), Official(Role::kRecorder), Official(Role::kFinance),
        Official(Role::kOperator), Official(Role::kAuditor)}) {
    EXPECT_TRUE(Refused(Approve(proposed->name(), caller).status(), Reason::kNotPermitted));
  }
  EXPECT_TRUE(
      Refused(Approve(base::StrCat("extensions/", NewId())).status(), Reason::kNotPermitted));
  EXPECT_TRUE(Approve(proposed->name(), Official(Role::kProvince, "official-2")).ok());
  EXPECT_TRUE(Refused(Approve(proposed->name(), Official(Role::kApprover)).status(),
                      Reason::kAlreadyExists));
  EXPECT_EQ(Count("SELECT COUNT(*) FROM extension_approval"), 1);
}

// A region asks for itself only; the firm, the operator and the approver do not ask.
TEST_F(ExtensionTest, WhoMayAsk) {
  const v1::Application draft = Create(1, kDalian);
  const v1::ProposeExtensionRequest of_case = AskFor(draft.name(), "2023-04-28 00:00:00");
  const v1::ProposeExtensionRequest of_region = AskForRegion(kDalian, "2023-04-28 00:00:00");
  for (const domain::Caller& caller :
       {Lead(), Recommender(kShenyang), Official(Role::kApprover), Official(Role::kOperator)}) {
    EXPECT_TRUE(Refused(Propose(of_case, caller).status(), Reason::kNotPermitted));
    EXPECT_TRUE(Refused(Propose(of_region, caller).status(), Reason::kNotPermitted));
  }
  EXPECT_TRUE(Refused(
      Propose(AskFor(base::StrCat("applications/", NewId()), "2023-04-28 00:00:00")).status(),
      Reason::kNotPermitted));
  EXPECT_EQ(Count("SELECT COUNT(*) FROM extension_proposal"), 0);
  EXPECT_TRUE(Propose(of_case, Recommender(kDalian)).ok());
  EXPECT_TRUE(Propose(of_region, Official(Role::kProvince)).ok());
}

TEST_F(ExtensionTest, EveryWrongFieldAtOnce) {
  v1::ProposeExtensionRequest request;
  request.set_request_id(NewId());
  const auto refused = Propose(request, Official(Role::kProvince));
  EXPECT_TRUE(Refused(refused.status(), Reason::kInvalidRequest));
  const std::string fields = Fields(refused.status());
  for (const char* field : {"round:", "application:ONE_OF", "deadline:REQUIRED",
                            "close_time:REQUIRED", "reason:", "document."}) {
    EXPECT_NE(fields.find(field), std::string::npos) << field << " in " << fields;
  }
  // By the pack: a region of the round, and a reason that says something (ten characters).
  request = AskForRegion("999999", "2023-04-28 00:00:00");
  request.set_reason("原因见附件说明一");  // eight
  EXPECT_EQ(Fields(Propose(request, Official(Role::kProvince)).status()),
            "region:NOT_IN_LIST reason:TOO_SHORT");
  request = AskForRegion(kDalian, "2023-04-28 00:00:00");
  request.set_reason("台风停电无法按时填报");  // ten
  EXPECT_TRUE(Propose(request).ok());
  request = AskForRegion(kDalian, "2023-04-28 00:00:00");
  request.set_round("rounds/1999");
  EXPECT_TRUE(Refused(Propose(request).status(), Reason::kRoundUnknown));
}

// At most ten days beyond the round's end by the pack of 2023, and never past the region's own.
TEST_F(ExtensionTest, LengthensAndOnlySoFar) {
  const v1::Application draft = Create();
  const auto ask = [&](const char* until, v1::Extension::Deadline deadline) {
    return Propose(AskFor(draft.name(), until, deadline)).status();
  };
  EXPECT_TRUE(
      Refused(ask("2023-04-26 00:00:00", v1::Extension::ENTERPRISE), Reason::kExtensionShortens));
  EXPECT_TRUE(ask("2023-04-26 00:00:01", v1::Extension::ENTERPRISE).ok());
  EXPECT_TRUE(
      Refused(ask("2023-05-01 00:00:01", v1::Extension::ENTERPRISE), Reason::kExtensionTooLong));
  EXPECT_TRUE(ask("2023-05-01 00:00:00", v1::Extension::ENTERPRISE).ok());
  EXPECT_TRUE(
      Refused(ask("2023-05-11 00:00:01", v1::Extension::RECOMMENDER), Reason::kExtensionTooLong));
  EXPECT_TRUE(ask("2023-05-11 00:00:00", v1::Extension::RECOMMENDER).ok());
}

// What has closed is not opened again, neither when it is asked for nor when it is approved.
TEST_F(ExtensionTest, NeverAfterTheEnd) {
  const v1::Application draft = CreateComplete();
  const auto proposed = Propose(AskFor(draft.name(), "2023-04-28 00:00:00"));
  const auto of_region = Propose(AskForRegion(kDalian, "2023-04-28 00:00:00"));
  ASSERT_TRUE(proposed.ok() && of_region.ok());
  clock_.Set(At("2023-04-26 00:00:00"));
  EXPECT_TRUE(Refused(Approve(proposed->name()).status(), Reason::kExtensionLate));
  EXPECT_TRUE(Refused(Approve(of_region->name()).status(), Reason::kExtensionLate));
  EXPECT_TRUE(Refused(Propose(AskFor(draft.name(), "2023-04-29 00:00:00")).status(),
                      Reason::kExtensionLate));
  clock_.Set(At("2023-04-26 00:00:00") - kTick);
  EXPECT_TRUE(Approve(proposed->name()).ok());
}

// Two that were asked for: the second must still lengthen when it is approved.
TEST_F(ExtensionTest, IsCheckedAnewWhenItIsApproved) {
  const v1::Application draft = CreateComplete();
  const auto shorter = Propose(AskFor(draft.name(), "2023-04-27 00:00:00"));
  Extend(AskFor(draft.name(), "2023-04-28 00:00:00"));
  EXPECT_TRUE(Refused(Approve(shorter->name()).status(), Reason::kExtensionShortens));
  const auto longer = Propose(AskFor(draft.name(), "2023-04-29 00:00:00"));
  ASSERT_TRUE(longer.ok());
  EXPECT_EQ(longer->previous_close_time().seconds(),
            absl::ToUnixSeconds(At("2023-04-28 00:00:00")));
  const auto submitted = SubmitNow(Get(draft.name(), Lead()));
  ASSERT_TRUE(submitted.ok());
  const auto refused = Approve(longer->name()).status();
  EXPECT_TRUE(Refused(refused, Reason::kExtensionUseless));
  EXPECT_EQ(domain::DetailsOf(refused)->metadata.at("state"), "SUBMITTED");
}

TEST_F(ExtensionTest, ReviewIsToldAndTheListAndTheNumbersShowIt) {
  const v1::Application draft = CreateComplete(1, kDalian);
  Submitted(2, kDalian);
  CreateComplete(3, kShenyang);
  Extend(AskFor(draft.name(), "2023-04-28 00:00:00"));
  Extend(AskForRegion(kDalian, "2023-05-05 00:00:00", v1::Extension::RECOMMENDER));
  ASSERT_TRUE(
      Propose(AskForRegion(kShenyang, "2023-04-28 00:00:00"), Official(Role::kProvince)).ok());

  std::vector<events::v1::Event> told;
  for (const events::v1::Event& event : Emitted("review")) {
    if (event.has_extension_approved()) told.push_back(event);
  }
  ASSERT_EQ(told.size(), 2u);
  const v1::Extension& first = told[0].extension_approved().extension();
  EXPECT_EQ(told[0].case_id(), first.name());
  EXPECT_EQ(first.application(), draft.name());
  EXPECT_EQ(told[1].extension_approved().extension().application(), "");

  const auto list = [&](const domain::Caller& caller) {
    v1::ListExtensionsRequest request;
    request.set_round(kRound);
    v1::ListExtensionsResponse answer;
    EXPECT_TRUE(service_->ListExtensions(As(caller, "ListExtensions"), request, &answer).ok());
    return answer.extensions_size();
  };
  EXPECT_EQ(list(Official(Role::kAuditor)), 3);
  EXPECT_EQ(list(Recommender(kDalian)), 2);
  EXPECT_EQ(list(Recommender(kShenyang)), 1);

  const auto statistics = [&](const domain::Caller& caller) {
    v1::GetRoundStatisticsRequest request;
    request.set_round(kRound);
    v1::RoundStatistics answer;
    EXPECT_TRUE(
        service_->GetRoundStatistics(As(caller, "GetRoundStatistics"), request, &answer).ok());
    std::string text =
        base::StrCat(answer.proposed_extension_count(), " ", answer.case_extension_count(), " ",
                     answer.region_extension_count());
    for (const v1::StateCount& row : answer.states()) {
      base::StrAppend(&text, " ", v1::Application::State_Name(row.state()), "=", row.count());
    }
    return text;
  };
  EXPECT_EQ(statistics(Official(Role::kProvince)), "1 1 1 DRAFT=2 SUBMITTED=1");
  EXPECT_EQ(statistics(Recommender(kDalian)), "0 1 1 DRAFT=1 SUBMITTED=1");
  EXPECT_EQ(statistics(Recommender(kShenyang)), "1 0 0 DRAFT=1");

  for (const domain::Caller& caller : {Lead(), Official(Role::kOperator)}) {
    v1::GetRoundStatisticsRequest request;
    request.set_round(kRound);
    v1::RoundStatistics answer;
    EXPECT_TRUE(
        Refused(service_->GetRoundStatistics(As(caller, "GetRoundStatistics"), request, &answer),
                Reason::kNotPermitted));
    v1::ListExtensionsRequest extensions;
    extensions.set_round(kRound);
    v1::ListExtensionsResponse shown;
    EXPECT_TRUE(Refused(service_->ListExtensions(As(caller, "ListExtensions"), extensions, &shown),
                        Reason::kNotPermitted));
  }
}

// A round whose pack says nothing of extensions has none.
TEST_F(ExtensionTest, OnlyWhereThePackAllowsThem) {
  rules::v1::Pack proto = packs_->Find(kRound)->proto();
  proto.clear_extensions();
  rules::Packs packs;
  packs.Add(rules::ReadPack(proto.SerializeAsString()).value());
  const act::Deps deps{
      .service = "filing", .pool = schema_->pool(), .clock = clock_, .packs = packs};
  FilingService service(deps, *papers_, kPortal);
  v1::Extension answer;
  EXPECT_TRUE(
      Refused(service.ProposeExtension(As(Recommender(), "ProposeExtension"),
                                       AskForRegion(kDalian, "2023-04-28 00:00:00"), &answer),
              Reason::kExtensionsNotAllowed));
}

// Q1: a region whose own end comes earlier.
TEST_F(ExtensionTest, ARegionsEarlierEndHolds) {
  rules::v1::Pack proto = packs_->Find(kRound)->proto();
  auto* inner = proto.mutable_round()->add_region_deadlines();
  inner->set_region(kDalian);
  inner->set_enterprise_deadline_time("2023-04-20T00:00:00+08:00");
  rules::Packs packs;
  packs.Add(rules::ReadPack(proto.SerializeAsString()).value());
  const act::Deps deps{
      .service = "filing", .pool = schema_->pool(), .clock = clock_, .packs = packs};
  service_ = std::make_unique<FilingService>(deps, *papers_, kPortal);
  const v1::Application mine = Create(1, kDalian);
  const v1::Application other = CreateComplete(2, kShenyang);
  EXPECT_EQ(mine.next_step().deadline_time().seconds(),
            absl::ToUnixSeconds(At("2023-04-20 00:00:00")));
  clock_.Set(At("2023-04-20 00:00:00"));
  EXPECT_EQ(Get(mine.name(), Lead(1)).state(), v1::Application::LAPSED);
  // Nor does a draft move to where the time is over.
  v1::UpdateApplicationRequest move;
  *move.mutable_application() = other;
  move.mutable_application()->set_recommender_region(kDalian);
  move.mutable_update_mask()->add_paths("recommender_region");
  move.set_request_id(NewId());
  v1::Application answer;
  EXPECT_TRUE(Refused(service_->UpdateApplication(As(Lead(2), "UpdateApplication"), move, &answer),
                      Reason::kWindowClosed));
  EXPECT_TRUE(Submit(other.name(), other.etag(), Lead(2)).ok());
}

// Q3: a zone forwards to its city before its own end; what the city returns may be corrected until
// the city's.
TEST_F(ExtensionTest, TheOfficeThatReturnsGivesTheTime) {
  constexpr std::string_view kZone = "HTZ-DL";
  rules::v1::Pack proto = packs_->Find(kRound)->proto();
  auto* inner = proto.mutable_round()->add_region_deadlines();
  inner->set_region(std::string(kZone));
  inner->set_recommender_deadline_time("2023-04-27T00:00:00+08:00");
  rules::Packs packs;
  packs.Add(rules::ReadPack(proto.SerializeAsString()).value());
  const act::Deps deps{
      .service = "filing", .pool = schema_->pool(), .clock = clock_, .packs = packs};
  service_ = std::make_unique<FilingService>(deps, *papers_, kPortal);
  inbox_ = std::make_unique<act::EventInbox>(deps, ApplyEvents(deps));
  const auto returned_by = [&](int lead, const std::string& office) {
    const v1::Application submitted = Submitted(lead, kZone);
    events::v1::Event event =
        EventOf("review", submitted.name().substr(13), HandoffOf(submitted.name()) + 1);
    v1::FieldMark* mark = event.mutable_application_returned()->add_marks();
    mark->set_field("lead.staff");
    mark->set_reason("与证明材料不一致");
    event.mutable_application_returned()->set_office(office);
    EXPECT_TRUE(Deliver(event).ok());
    return submitted.name();
  };
  const std::string by_zone = returned_by(1, "");
  const std::string by_city = returned_by(2, std::string(kDalian));
  const auto until = [&](const std::string& name) {
    return absl::FromUnixSeconds(Get(name).correction_deadline_time().seconds());
  };
  EXPECT_EQ(until(by_zone), At("2023-04-27 00:00:00"));
  EXPECT_EQ(until(by_city), At("2023-05-01 00:00:00"));
  clock_.Set(At("2023-04-27 00:00:00"));
  EXPECT_EQ(Get(by_zone).state(), v1::Application::LAPSED);
  EXPECT_EQ(Get(by_city).state(), v1::Application::RETURNED);
  v1::Application open = Get(by_city, Lead(2));
  EXPECT_TRUE(Submit(by_city, open.etag(), Lead(2)).ok());
  inbox_.reset();  // before what it points at
}

}  // namespace
}  // namespace alliance::filing
