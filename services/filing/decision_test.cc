// The collective decision, the registry, and how an alliance leaves it.

#include <thread>

#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "services/filing/case_fixture.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Role;
using Item = v1::DecisionItem;

class DecisionTest : public CaseFixture {
 protected:
  const domain::Caller recorder_ = Official(Role::kRecorder);

  // Cases 1 … count, all pending.
  std::vector<std::string> AllPending(int count) {
    std::vector<v1::Application> accepted;
    for (int i = 1; i <= count; ++i) accepted.push_back(Accepted(i));
    CloseDraw(0);
    std::vector<std::string> names;
    for (const v1::Application& application : accepted) {
      EXPECT_TRUE(
          GiveOpinion(application.name(), application.etag(), Official(Role::kProvince)).ok());
      names.push_back(application.name());
    }
    return names;
  }

  absl::Status Deregister(const v1::DeregisterAllianceRequest& request,
                          const domain::Caller& caller) {
    v1::Alliance answer;
    return service_->DeregisterAlliance(As(caller, "DeregisterAlliance"), request, &answer);
  }

  static v1::DeregisterAllianceRequest DeregisterOf(const v1::Alliance& alliance) {
    v1::DeregisterAllianceRequest request;
    request.set_name(alliance.name());
    request.set_etag(alliance.etag());
    request.set_request_id(NewId());
    request.set_reason("盟主企业注销");
    *request.mutable_decision() = ADocument("取消备案决定");
    return request;
  }
};

TEST_F(DecisionTest, AMeetingDecidesOnExactVersionsAllAtOnce) {
  const std::vector<std::string> names = AllPending(4);
  const auto decision = Decide(DecisionOn({{names[0], Item::REGISTER},
                                           {names[1], Item::NOT_REGISTER},
                                           {names[2], Item::DEFER},
                                           {names[3], Item::REGISTER}}),
                               recorder_);
  ASSERT_TRUE(decision.ok()) << decision.status() << Fields(decision.status());
  EXPECT_EQ(decision->meeting_number(), "厅党组会议〔2023〕9号");
  EXPECT_EQ(decision->alliances_size(), 2);
  EXPECT_EQ(Get(names[0]).state(), v1::Application::REGISTERED);
  EXPECT_EQ(Get(names[1]).state(), v1::Application::NOT_REGISTERED);
  EXPECT_EQ(Get(names[2]).state(), v1::Application::ACCEPTED);
  EXPECT_EQ(Get(names[3]).alliance(), base::StrCat("alliances/", names[3].substr(13)));
  // Deferred: to the applicant it still waits for the province, and no reason is shown.
  const v1::Application deferred = Get(names[2], Lead(3));
  EXPECT_EQ(deferred.state(), v1::Application::RECOMMENDED);
  for (const auto& entry : deferred.timeline()) {
    EXPECT_NE(entry.action(), "defer");
    EXPECT_EQ(entry.reason(), "");
  }
  EXPECT_EQ(Count("SELECT COUNT(*) FROM meeting_decision_line"), 4);
  // A deferred case may be decided again.
  const auto opinion = GiveOpinion(names[2], Get(names[2]).etag(), Official(Role::kProvince));
  ASSERT_TRUE(opinion.ok()) << opinion.status();
  EXPECT_TRUE(Decide(DecisionOn({{names[2], Item::REGISTER}}), recorder_).ok());
}

TEST_F(DecisionTest, RegistryNumbersRunOnWithoutGaps) {
  const std::vector<std::string> names = AllPending(3);
  ASSERT_TRUE(
      Decide(DecisionOn({{names[0], Item::REGISTER}, {names[1], Item::REGISTER}}), recorder_).ok());
  ASSERT_TRUE(Decide(DecisionOn({{names[2], Item::REGISTER}}), recorder_).ok());
  v1::ListAlliancesResponse list;
  ASSERT_TRUE(service_->ListAlliances(As(recorder_, "ListAlliances"), {}, &list).ok());
  ASSERT_EQ(list.alliances_size(), 3);
  EXPECT_EQ(list.alliances(0).registry_number(), "LN-TSL-2023-0001");
  EXPECT_EQ(list.alliances(1).registry_number(), "LN-TSL-2023-0002");
  EXPECT_EQ(list.alliances(2).registry_number(), "LN-TSL-2023-0003");
  EXPECT_EQ(list.alliances(0).state(), v1::Alliance::REGISTERED);
  EXPECT_EQ(list.alliances(0).register_date(), "2023-04-10");
  EXPECT_EQ(list.alliances(0).construction_end_date(), "2026-04-10");  // Q6
}

TEST_F(DecisionTest, EvaluationAndSubsidyAreTold) {
  const v1::Alliance alliance = Registered();
  for (const char* destination : {"evaluation", "subsidy"}) {
    const auto events = Emitted(destination);
    ASSERT_EQ(events.size(), 1U) << destination;
    const auto& body = events[0].alliance_registered();
    EXPECT_EQ(base::StrCat("alliances/", body.alliance_id()), alliance.name());
    EXPECT_EQ(body.registry_number(), "LN-TSL-2023-0001");
    EXPECT_EQ(body.lead_credit_code(), LeadCode());
    EXPECT_EQ(body.lead_name(), "大连示例轴承有限公司");
    EXPECT_EQ(body.region(), kDalian);
    ASSERT_EQ(body.member_credit_codes_size(), 2);
    EXPECT_EQ(body.member_credit_codes(1), UniversityCode());
    EXPECT_EQ(body.year(), 2023);
    EXPECT_EQ(body.first_receive_time_us(), Count("SELECT first_receive_us FROM application"));
    EXPECT_EQ(events[0].handoff_sequence(), 0);
  }
}

TEST_F(DecisionTest, TheDigestBindsTheExactList) {
  const std::vector<std::string> names = AllPending(2);
  v1::RecordDecisionRequest request =
      DecisionOn({{names[0], Item::REGISTER}, {names[1], Item::REGISTER}});
  request.mutable_items(1)->set_verdict(Item::DEFER);  // another verdict, the same digest
  request.mutable_items(1)->set_reason("再议");
  EXPECT_TRUE(Refused(Decide(request, recorder_).status(), Reason::kListMismatch));
  request = DecisionOn({{names[0], Item::REGISTER}, {names[1], Item::REGISTER}});
  request.mutable_items()->RemoveLast();  // another list
  EXPECT_TRUE(Refused(Decide(request, recorder_).status(), Reason::kListMismatch));
  EXPECT_EQ(Get(names[0]).state(), v1::Application::PENDING_DECISION);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM meeting_decision"), 0);
}

TEST_F(DecisionTest, OneWrongCaseStopsAllAndIsNamed) {
  const std::vector<std::string> names = AllPending(1);
  const v1::Application accepted = Accepted(7);
  const absl::Status status =
      Decide(DecisionOn({{names[0], Item::REGISTER}, {accepted.name(), Item::REGISTER}}), recorder_)
          .status();
  EXPECT_TRUE(Refused(status, Reason::kWrongState));
  EXPECT_EQ(Fields(status), "items[1]:WRONG_STATE");
  EXPECT_EQ(domain::DetailsOf(status)->metadata.at("application"), accepted.name());
  EXPECT_EQ(Get(names[0]).state(), v1::Application::PENDING_DECISION);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM alliance"), 0);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM registry_counter"), 0);
}

TEST_F(DecisionTest, WhatADecisionNeeds) {
  const std::vector<std::string> names = AllPending(1);
  using R = v1::RecordDecisionRequest;
  const auto refused = [&](auto change, Item::Verdict verdict = Item::REGISTER) {
    R request = DecisionOn({{names[0], verdict}});
    change(&request);
    return Decide(request, recorder_).status();
  };
  EXPECT_TRUE(Refused(refused([](R* r) { r->clear_meeting_number(); }), Reason::kMeetingRequired));
  EXPECT_TRUE(Refused(refused([](R* r) { r->clear_meeting_date(); }), Reason::kMeetingRequired));
  EXPECT_TRUE(Refused(refused([](R* r) { r->clear_minutes(); }), Reason::kPaperRequired));
  EXPECT_TRUE(
      Refused(refused([](R* r) { r->mutable_items(0)->clear_reason(); }, Item::NOT_REGISTER),
              Reason::kReasonRequired));
  EXPECT_TRUE(Refused(refused([](R* r) { r->mutable_items(0)->clear_reason(); }, Item::DEFER),
                      Reason::kReasonRequired));
  const absl::Status shape = refused([](R* r) {
    r->set_list_digest("x");
    r->set_meeting_date("2023-02-30");
    *r->add_items() = r->items(0);
    r->mutable_items(0)->clear_verdict();
  });
  EXPECT_TRUE(Refused(shape, Reason::kInvalidRequest));
  EXPECT_EQ(Fields(shape),
            "meeting_date:NOT_A_DAY list_digest:DIGEST items[0].verdict:NOT_IN_LIST "
            "items[1].application:DUPLICATE");
  EXPECT_EQ(Fields(refused([](R* r) { r->set_meeting_date("2023-04-11"); })),
            "meeting_date:FUTURE_DAY");
  EXPECT_EQ(Fields(refused([](R* r) { r->clear_items(); })), "items:OUT_OF_RANGE");
  EXPECT_TRUE(Refused(refused([](R* r) {
                        r->mutable_items(0)->set_application(
                            base::StrCat("applications/", NewId()));
                      }),
                      Reason::kNotPermitted));
  for (const domain::Caller& caller :
       {Lead(), Recommender(), Official(Role::kProvince), Official(Role::kAuditor)}) {
    EXPECT_TRUE(Refused(Decide(DecisionOn({{names[0], Item::REGISTER}}), caller).status(),
                        Reason::kNotPermitted))
        << caller.account;
  }
}

TEST_F(DecisionTest, ARepeatDecidesOnceAndTwoAtOnceRegisterOnce) {
  const std::vector<std::string> names = AllPending(2);
  const v1::RecordDecisionRequest request = DecisionOn({{names[0], Item::REGISTER}});
  const auto first = Decide(request, recorder_);
  const auto second = Decide(request, recorder_);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->SerializeAsString(), second->SerializeAsString());

  absl::Status results[2];
  std::thread threads[2];
  const v1::RecordDecisionRequest requests[2] = {DecisionOn({{names[1], Item::REGISTER}}),
                                                 DecisionOn({{names[1], Item::REGISTER}})};
  for (int i = 0; i < 2; ++i) {
    threads[i] = std::thread([&, i] {
      results[i] = Decide(requests[i], Official(Role::kRecorder, base::StrCat("rec-", i))).status();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_NE(results[0].ok(), results[1].ok()) << results[0] << results[1];
  EXPECT_TRUE(Refused(results[0].ok() ? results[1] : results[0], Reason::kWrongState));
  EXPECT_EQ(Count("SELECT COUNT(*) FROM alliance"), 2);
  EXPECT_EQ(Count("SELECT last_number FROM registry_counter"), 2);
}

// Many at once: more than one chunk of keys.
TEST_F(DecisionTest, ALongListIsDecidedInOneAct) {
  const std::vector<std::string> names = AllPending(60);
  std::vector<std::pair<std::string, Item::Verdict>> items;
  for (const std::string& name : names) items.emplace_back(name, Item::REGISTER);
  const auto decision = Decide(DecisionOn(items), recorder_);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->alliances_size(), 60);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM alliance_year WHERE state='REPORT_DUE'"), 60);
  EXPECT_EQ(Count("SELECT COUNT(DISTINCT registry_number) FROM alliance"), 60);
}

// The registry
// ----------------------------------------------------------------------------------------

TEST_F(DecisionTest, TheRegistryIsReadWithinScope) {
  const v1::Alliance alliance = Registered();
  v1::GetAllianceRequest request;
  request.set_name(alliance.name());
  v1::Alliance answer;
  const auto get = [&](const domain::Caller& caller) {
    return service_->GetAlliance(As(caller, "GetAlliance"), request, &answer);
  };
  EXPECT_TRUE(get(Recommender(kDalian)).ok());
  EXPECT_TRUE(get(Official(Role::kFinance)).ok());
  EXPECT_TRUE(Refused(get(Recommender(kShenyang)), Reason::kNotPermitted));
  EXPECT_TRUE(Refused(get(Lead(2)), Reason::kNotPermitted));
  EXPECT_TRUE(Refused(get(Official(Role::kFirm)), Reason::kNotPermitted));
  v1::ListAlliancesResponse list;
  ASSERT_TRUE(service_->ListAlliances(As(Lead(2), "ListAlliances"), {}, &list).ok());
  EXPECT_EQ(list.alliances_size(), 0);
  ASSERT_TRUE(service_->ListAlliances(As(Recommender(), "ListAlliances"), {}, &list).ok());
  EXPECT_EQ(list.alliances_size(), 1);
  request.set_name(base::StrCat("alliances/", NewId()));
  EXPECT_TRUE(Refused(get(recorder_), Reason::kNotPermitted));
}

TEST_F(DecisionTest, TheRegistryIsPagedByNumber) {
  const std::vector<std::string> names = AllPending(3);
  std::vector<std::pair<std::string, Item::Verdict>> items;
  for (const std::string& name : names) items.emplace_back(name, Item::REGISTER);
  ASSERT_TRUE(Decide(DecisionOn(items), recorder_).ok());
  v1::ListAlliancesRequest request;
  request.set_page_size(2);
  v1::ListAlliancesResponse first;
  ASSERT_TRUE(service_->ListAlliances(As(recorder_, "ListAlliances"), request, &first).ok());
  EXPECT_EQ(first.alliances_size(), 2);
  request.set_page_token(first.next_page_token());
  v1::ListAlliancesResponse second;
  ASSERT_TRUE(service_->ListAlliances(As(recorder_, "ListAlliances"), request, &second).ok());
  ASSERT_EQ(second.alliances_size(), 1);
  EXPECT_EQ(second.alliances(0).registry_number(), "LN-TSL-2023-0003");
  EXPECT_EQ(second.next_page_token(), "");
}

TEST_F(DecisionTest, OnlyTheRecorderDeregistersWithReasonAndDecision) {
  const v1::Alliance alliance = Registered();
  v1::DeregisterAllianceRequest request = DeregisterOf(alliance);
  for (const domain::Caller& caller : {Lead(), Recommender(), Official(Role::kProvince)}) {
    EXPECT_TRUE(Refused(Deregister(request, caller), Reason::kNotPermitted)) << caller.account;
  }
  request.clear_decision();
  EXPECT_TRUE(Refused(Deregister(request, recorder_), Reason::kPaperRequired));
  request = DeregisterOf(alliance);
  request.clear_reason();
  EXPECT_TRUE(Refused(Deregister(request, recorder_), Reason::kReasonRequired));
  request = DeregisterOf(alliance);
  request.set_etag("\"1\"");
  EXPECT_TRUE(Refused(Deregister(request, recorder_), Reason::kEtagStale));
  request.clear_etag();
  EXPECT_TRUE(Refused(Deregister(request, recorder_), Reason::kEtagRequired));

  ASSERT_TRUE(Deregister(DeregisterOf(alliance), recorder_).ok());
  for (const char* destination : {"evaluation", "subsidy"}) {
    EXPECT_EQ(Emitted(destination).back().alliance_deregistered().reason(), "盟主企业注销");
  }
  v1::GetAllianceRequest get;
  get.set_name(alliance.name());
  v1::Alliance read;
  ASSERT_TRUE(service_->GetAlliance(As(Lead(), "GetAlliance"), get, &read).ok());
  EXPECT_EQ(read.state(), v1::Alliance::DEREGISTERED);
  request = DeregisterOf(read);
  EXPECT_TRUE(Refused(Deregister(request, recorder_), Reason::kWrongState));
}

// Q6: over when its last day has ended, and then not to be deregistered any more.
TEST_F(DecisionTest, TheConstructionPeriodEndsByTheClock) {
  const v1::Alliance alliance = Registered();
  const absl::Time over = At("2026-04-11 00:00:00");
  v1::GetAllianceRequest get;
  get.set_name(alliance.name());
  v1::Alliance read;
  clock_.Set(over - kTick);
  ASSERT_TRUE(service_->GetAlliance(As(Lead(), "GetAlliance"), get, &read).ok());
  EXPECT_EQ(read.state(), v1::Alliance::REGISTERED);
  clock_.Set(over);
  // The etag fits the stored row and nobody else acted, only time passed: the state says no, and
  // what the clock did stays.
  EXPECT_TRUE(Refused(Deregister(DeregisterOf(alliance), recorder_), Reason::kWrongState));
  EXPECT_EQ(LastAct(alliance.name().substr(10)),
            base::StrCat("complete REGISTERED>COMPLETED ", absl::ToUnixMicros(over)));
  ASSERT_TRUE(service_->GetAlliance(As(Lead(), "GetAlliance"), get, &read).ok());
  EXPECT_EQ(read.state(), v1::Alliance::COMPLETED);
  EXPECT_TRUE(Refused(Deregister(DeregisterOf(read), recorder_), Reason::kWrongState));
  EXPECT_TRUE(Emitted("evaluation").back().has_alliance_completed());
  EXPECT_TRUE(Emitted("subsidy").back().has_alliance_completed());
  EXPECT_EQ(Emitted("subsidy").back().occur_time_us(), absl::ToUnixMicros(over));
  EXPECT_EQ(Emitted("subsidy").back().to_state(), "COMPLETED");
  EXPECT_EQ(LastAct(alliance.name().substr(10)),
            base::StrCat("complete REGISTERED>COMPLETED ", absl::ToUnixMicros(over)));
}

}  // namespace
}  // namespace alliance::filing
