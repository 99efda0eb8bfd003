#include <thread>

#include "common/base/str.h"
#include "services/evaluation/fixture_test.h"

namespace alliance::evaluation {
namespace {

class CampaignTest : public EvaluationTest {
 protected:
  static v1::CreateCampaignRequest CampaignOf(int year) {
    v1::CreateCampaignRequest request;
    request.set_year(year);
    request.set_request_id(NewId());
    return request;
  }
};

// the province commissions one evaluation a year, under the pack of that year's round.
TEST_F(CampaignTest, ProvinceOpensOneCampaignPerYear) {
  v1::Campaign campaign;
  ASSERT_DONE(service_.CreateCampaign(Province(), CampaignOf(2023), &campaign));
  EXPECT_EQ(campaign.name(), "campaigns/2023");
  EXPECT_EQ(campaign.rules_digest(), Packs().ForYear(2023)->digest_hex());
  EXPECT_EQ(campaign.appeal_days(), Packs().ForYear(2023)->proto().evaluation().appeal_days());

  EXPECT_REFUSED(service_.CreateCampaign(Province(), CampaignOf(2023), &campaign), kAlreadyExists);
  EXPECT_REFUSED(service_.CreateCampaign(Province(), CampaignOf(2099), &campaign), kRoundUnknown);
  EXPECT_REFUSED(service_.CreateCampaign(Province(), CampaignOf(0), &campaign), kInvalidRequest);
}

TEST_F(CampaignTest, NobodyElseOpensOne) {
  v1::Campaign campaign;
  for (const domain::Role role :
       {domain::Role::kApplicant, domain::Role::kRecommender, domain::Role::kRecorder,
        domain::Role::kFirm, domain::Role::kFinance, domain::Role::kApprover,
        domain::Role::kAuditor, domain::Role::kOperator, domain::Role::kPublic}) {
    EXPECT_REFUSED(service_.CreateCampaign(CallOf(role, "x", "210200", kLeadCode), CampaignOf(2023),
                                           &campaign),
                   kNotPermitted);
  }
}

TEST_F(CampaignTest, ReadByAllButOperatorAndPublic) {
  OpenCampaign();
  v1::GetCampaignRequest request;
  request.set_name("campaigns/2023");
  v1::Campaign campaign;
  for (const rpc::Call& call : {Province(), Lead(), Firm()}) {
    EXPECT_DONE(service_.GetCampaign(call, request, &campaign));
    EXPECT_EQ(campaign.state(), v1::Campaign::OPEN);
  }
  EXPECT_REFUSED(service_.GetCampaign(CallOf(domain::Role::kOperator, "ops"), request, &campaign),
                 kNotPermitted);
  request.set_name("campaigns/2022");
  EXPECT_REFUSED(service_.GetCampaign(Province(), request, &campaign), kNotPermitted);
  request.set_name("campaigns/23");
  EXPECT_REFUSED(service_.GetCampaign(Province(), request, &campaign), kInvalidRequest);
}

// Same request id: same answer, one effect; with another body it is refused; without one too.
TEST_F(CampaignTest, RepeatedRequestsAreAnsweredOnce) {
  v1::CreateCampaignRequest request = CampaignOf(2023);
  v1::Campaign first;
  v1::Campaign again;
  ASSERT_DONE(service_.CreateCampaign(Province(), request, &first));
  ASSERT_DONE(service_.CreateCampaign(Province(), request, &again));
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  EXPECT_EQ(HistoryOf("campaigns/2023"), 1);
  request.set_year(2024);
  EXPECT_REFUSED(service_.CreateCampaign(Province(), request, &again), kRequestIdReused);
  request.clear_request_id();
  EXPECT_REFUSED(service_.CreateCampaign(Province(), request, &again), kRequestIdRequired);
}

class AssignFirmTest : public EvaluationTest {};

TEST_F(AssignFirmTest, ListIsAssignedOnceAndShown) {
  const std::string one = Reported();
  const std::string two = Reported();
  v1::AssignFirmResponse answer;
  ASSERT_DONE(service_.AssignFirm(Province(), AssignOf({one, two}), &answer));
  EXPECT_EQ(answer.assigned(), 2);
  EXPECT_EQ(Read(one).firms(0), "firm-a");
  EXPECT_EQ(LastHistory(one, "action"), "assign_firm");
  // Again, with one more: only that one is new.
  const std::string three = Missed();
  ASSERT_DONE(service_.AssignFirm(Province(), AssignOf({one, two, three}), &answer));
  EXPECT_EQ(answer.assigned(), 1);
  EXPECT_EQ(Db().Count("SELECT COUNT(1) FROM assignment"), 3);
}

// a third party. A firm that is the lead or a member may not evaluate; the places are named.
TEST_F(AssignFirmTest, MemberOfTheAllianceIsRefusedByName) {
  const std::string neutral = Reported();
  const std::string member = Reported("210200", {kUniversityCode, kFirmCode});
  v1::AssignFirmResponse answer;
  const absl::Status refused =
      service_.AssignFirm(Province(), AssignOf({neutral, member}), &answer);
  EXPECT_REFUSED(refused, kConflictOfInterest);
  EXPECT_EQ(FieldsOf(refused), "evaluations[1]");
  EXPECT_EQ(Db().Count("SELECT COUNT(1) FROM assignment"), 0) << "all or nothing";

  v1::AssignFirmRequest lead = AssignOf({neutral}, "firm-l");
  lead.set_firm_credit_code(kLeadCode);
  EXPECT_REFUSED(service_.AssignFirm(Province(), lead, &answer), kConflictOfInterest);
  EXPECT_DONE(service_.AssignFirm(Province(), AssignOf({neutral}), &answer));
}

TEST_F(AssignFirmTest, CodeIsComparedNormalised) {
  const std::string member = Reported("210200", {"91350100 m000100y43"});
  v1::AssignFirmResponse answer;
  EXPECT_REFUSED(service_.AssignFirm(Province(), AssignOf({member}), &answer), kConflictOfInterest);
}

// Another code typed for a known firm would hide a conflict of interest.
TEST_F(AssignFirmTest, FirmKeepsItsCreditCode) {
  const std::string id = Assigned();
  const std::string other = Reported("210200", {kUniversityCode, kFirmCode});
  v1::AssignFirmRequest request = AssignOf({other});
  request.set_firm_credit_code("91210231550644863P");
  v1::AssignFirmResponse answer;
  const absl::Status refused = service_.AssignFirm(Province(), request, &answer);
  EXPECT_REFUSED(refused, kInvalidRequest);
  EXPECT_EQ(FieldsOf(refused), "firm_credit_code");
}

TEST_F(AssignFirmTest, EveryWrongFieldIsNamed) {
  v1::AssignFirmRequest request;
  request.set_firm("Firm A");
  request.set_firm_credit_code("123");
  request.add_evaluations("evaluations/nonsense");
  request.set_request_id(NewId());
  v1::AssignFirmResponse answer;
  const absl::Status refused = service_.AssignFirm(Province(), request, &answer);
  EXPECT_REFUSED(refused, kInvalidRequest);
  EXPECT_EQ(FieldsOf(refused), "firm,firm_credit_code,evaluations[0]");

  const std::string id = Reported();
  EXPECT_EQ(FieldsOf(service_.AssignFirm(Province(), AssignOf({id, id}), &answer)),
            "evaluations[1]");
  EXPECT_EQ(FieldsOf(service_.AssignFirm(Province(), AssignOf({}), &answer)), "evaluations");
}

TEST_F(AssignFirmTest, ProvinceOnlyAndUnknownLooksForeign) {
  const std::string id = Reported();
  v1::AssignFirmResponse answer;
  for (const rpc::Call& call : {Lead(), Firm(), CallOf(domain::Role::kRecommender, "li", "210200"),
                                CallOf(domain::Role::kFinance, "f")}) {
    EXPECT_REFUSED(service_.AssignFirm(call, AssignOf({id}), &answer), kNotPermitted);
  }
  EXPECT_REFUSED(service_.AssignFirm(Province(), AssignOf({id, NewId() + "-2023"}), &answer),
                 kNotPermitted);
}

TEST_F(AssignFirmTest, NotAfterTheResult) {
  const std::string evaluating = Evaluating();
  v1::AssignFirmRequest request = AssignOf({evaluating}, "firm-b");
  request.set_firm_credit_code("91210231550644863P");
  v1::AssignFirmResponse answer;
  EXPECT_DONE(service_.AssignFirm(Province(), request, &answer)) << "more experts are welcome";

  const std::string preliminary = Preliminary();
  EXPECT_REFUSED(service_.AssignFirm(Province(), AssignOf({preliminary}), &answer), kWrongState);
}

class StartEvaluationsTest : public EvaluationTest {};

TEST_F(StartEvaluationsTest, StartsAllUnderTheCampaignsPack) {
  OpenCampaign();
  const std::string one = Assigned();
  const std::string missed = Missed();
  v1::StartEvaluationsResponse answer;
  ASSERT_DONE(service_.StartEvaluations(Province(), StartOf({one, missed}), &answer));
  EXPECT_EQ(answer.evaluations_size(), 2);
  EXPECT_EQ(StateOf(one), "EVALUATING");
  EXPECT_EQ(StateOf(missed), "EVALUATING") << "the veto needs no firm";
  EXPECT_EQ(LastHistory(one, "HEX(rules_digest)").size(), 64U);
}

TEST_F(StartEvaluationsTest, NeedsAnOpenCampaignAndAFirm) {
  const std::string assigned = Assigned();
  v1::StartEvaluationsResponse answer;
  EXPECT_REFUSED(service_.StartEvaluations(Province(), StartOf({assigned}), &answer),
                 kCampaignClosed);
  OpenCampaign();
  const std::string unassigned = Reported();
  EXPECT_REFUSED(service_.StartEvaluations(Province(), StartOf({assigned, unassigned}), &answer),
                 kNotAssigned);
  EXPECT_EQ(StateOf(assigned), "REPORTED") << "all or nothing";
  EXPECT_DONE(service_.StartEvaluations(Province(), StartOf({assigned}), &answer));
}

TEST_F(StartEvaluationsTest, NotTwiceNotByOthersNotOfAnotherYear) {
  const std::string id = Evaluating();
  v1::StartEvaluationsResponse answer;
  EXPECT_REFUSED(service_.StartEvaluations(Province(), StartOf({id}), &answer), kWrongState);
  EXPECT_REFUSED(service_.StartEvaluations(Firm(), StartOf({id}), &answer), kNotPermitted);
  EXPECT_REFUSED(service_.StartEvaluations(Lead(), StartOf({id}), &answer), kNotPermitted);
  v1::StartEvaluationsRequest request = StartOf({id});
  request.set_campaign("campaigns/2022");
  const absl::Status refused = service_.StartEvaluations(Province(), request, &answer);
  EXPECT_REFUSED(refused, kInvalidRequest);
  EXPECT_EQ(FieldsOf(refused), "evaluations[0]");
}

class ReopenReportTest : public EvaluationTest {
 protected:
  v1::ReopenReportRequest ReopenOf(const std::string& id) {
    v1::ReopenReportRequest request;
    request.set_name(NameOf(id));
    request.set_etag(EtagOf(id));
    request.set_request_id(NewId());
    request.set_reason("研发投入证明缺页。");
    return request;
  }
};

TEST_F(ReopenReportTest, HandsTheYearBackToFiling) {
  const std::string id = Reported();
  v1::Evaluation answer;
  ASSERT_DONE(service_.ReopenReport(Province(), ReopenOf(id), &answer));
  EXPECT_EQ(answer.state(), v1::Evaluation::REPORT_DUE);
  EXPECT_EQ(answer.allowed_actions_size(), 0);
  const std::vector<events::v1::Event> events = Emitted();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].case_id(), id);
  EXPECT_EQ(events[0].handoff_sequence(), 2);
  EXPECT_EQ(events[0].annual_report_reopened().reason(), "研发投入证明缺页。");
  EXPECT_EQ(Db().Value("SELECT destination FROM outbox"), "filing");
}

// The reason goes to filing as the history has it.
TEST_F(ReopenReportTest, ReasonIsTrimmedForFilingToo) {
  const std::string id = Reported();
  v1::Evaluation answer;
  v1::ReopenReportRequest request = ReopenOf(id);
  request.set_reason(" 　");
  EXPECT_REFUSED(service_.ReopenReport(Province(), request, &answer), kReasonRequired);
  request.set_reason("  证明缺页。\n");
  ASSERT_DONE(service_.ReopenReport(Province(), request, &answer));
  EXPECT_EQ(LastHistory(id, "reason"), "证明缺页。");
  ASSERT_EQ(Emitted().size(), 1U);
  EXPECT_EQ(Emitted()[0].annual_report_reopened().reason(), "证明缺页。");
}

TEST_F(ReopenReportTest, RefusalsInTheirOrder) {
  const std::string id = Reported();
  v1::Evaluation answer;
  EXPECT_REFUSED(service_.ReopenReport(Lead(), ReopenOf(id), &answer), kNotPermitted);
  v1::ReopenReportRequest request = ReopenOf(id);
  request.set_etag("\"99\"");
  EXPECT_REFUSED(service_.ReopenReport(Province(), request, &answer), kEtagStale);
  request.clear_etag();
  EXPECT_REFUSED(service_.ReopenReport(Province(), request, &answer), kEtagRequired);
  request = ReopenOf(id);
  request.clear_reason();
  EXPECT_REFUSED(service_.ReopenReport(Province(), request, &answer), kReasonRequired);
  EXPECT_EQ(StateOf(id), "REPORTED");

  // Handed back: filing holds it, here nothing more can be done.
  ASSERT_DONE(service_.ReopenReport(Province(), ReopenOf(id), &answer));
  EXPECT_REFUSED(service_.ReopenReport(Province(), ReopenOf(id), &answer), kWrongState);

  const std::string started = Evaluating();
  EXPECT_REFUSED(service_.ReopenReport(Province(), ReopenOf(started), &answer), kWrongState);
  const std::string missed = Missed();
  EXPECT_REFUSED(service_.ReopenReport(Province(), ReopenOf(missed), &answer), kWrongState);
}

// Two officials at once, one reopening and one starting: one wins, the other hears why.
TEST_F(ReopenReportTest, OneOfTwoOfficialsWins) {
  OpenCampaign();
  for (int round = 0; round < 5; ++round) {
    const std::string id = Assigned();
    const v1::ReopenReportRequest reopen = ReopenOf(id);
    const v1::StartEvaluationsRequest start = StartOf({id});
    absl::Status reopened;
    absl::Status started;
    std::thread other([&] {
      v1::Evaluation answer;
      reopened = service_.ReopenReport(Province(), reopen, &answer);
    });
    v1::StartEvaluationsResponse answer;
    started = service_.StartEvaluations(CallOf(domain::Role::kProvince, "sun"), start, &answer);
    other.join();
    EXPECT_NE(reopened.ok(), started.ok()) << WordOf(reopened) << " " << WordOf(started);
    EXPECT_EQ(StateOf(id), reopened.ok() ? "REPORT_DUE" : "EVALUATING");
    if (!reopened.ok()) {
      EXPECT_REFUSED(reopened, kEtagStale);
    } else {
      EXPECT_REFUSED(started, kWrongState);
    }
  }
}

}  // namespace
}  // namespace alliance::evaluation
