#include <set>

#include "common/base/str.h"
#include "services/evaluation/fixture_test.h"

namespace alliance::evaluation {
namespace {

class ReadTest : public EvaluationTest {
 protected:
  std::string WordOfRead(const std::string& id, const rpc::Call& reader) {
    v1::GetEvaluationRequest request;
    request.set_name(NameOf(id));
    v1::Evaluation answer;
    return WordOf(service_.GetEvaluation(reader, request, &answer));
  }

  std::set<std::string> Listed(const rpc::Call& reader) {
    v1::ListEvaluationsResponse answer;
    EXPECT_DONE(service_.ListEvaluations(reader, {}, &answer));
    std::set<std::string> names;
    for (const v1::Evaluation& evaluation : answer.evaluations()) {
      names.insert(evaluation.name());
    }
    return names;
  }
};

// everybody within his own scope; a city reads along what its high-tech zone handles
// (Q3). What is unknown and what is foreign look the same.
TEST_F(ReadTest, ScopeOfEachRole) {
  using domain::Role;
  const std::string city = Reported("210200");
  const std::string zone = Reported("HTZ-DL");
  const std::string other = Reported("210100");
  struct Case {
    const char* who;
    rpc::Call reader;
    std::vector<std::string> sees;
  };
  const std::vector<Case> cases = {
      {"lead", Lead(), {city, zone, other}},
      {"another lead", OtherLead(), {}},
      {"city", CallOf(Role::kRecommender, "li", "210200"), {city, zone}},
      {"zone", CallOf(Role::kRecommender, "zhang", "HTZ-DL"), {zone}},
      {"another city", CallOf(Role::kRecommender, "zhao", "210100"), {other}},
      {"nowhere", CallOf(Role::kRecommender, "nobody", ""), {}},
      {"firm without assignment", Firm(), {}},
      {"province", Province(), {city, zone, other}},
      {"recorder", CallOf(Role::kRecorder, "r"), {city, zone, other}},
      {"finance", CallOf(Role::kFinance, "f"), {city, zone, other}},
      {"approver", CallOf(Role::kApprover, "p"), {city, zone, other}},
      {"auditor", CallOf(Role::kAuditor, "a"), {city, zone, other}},
      {"operator", CallOf(Role::kOperator, "o"), {}},
      {"public", CallOf(Role::kPublic, "public"), {}},
  };
  for (const Case& c : cases) {
    std::set<std::string> names;
    for (const std::string& id : c.sees) names.insert(NameOf(id));
    EXPECT_EQ(Listed(c.reader), names) << c.who;
    for (const std::string& id : {city, zone, other}) {
      EXPECT_EQ(WordOfRead(id, c.reader), names.contains(NameOf(id)) ? "OK" : "NOT_PERMITTED")
          << c.who;
    }
  }
  EXPECT_EQ(WordOfRead(NewId() + "-2023", Province()), "NOT_PERMITTED");
}

TEST_F(ReadTest, FirmSeesItsOwnAssignmentsAndScoresOnly) {
  const std::string id = Scored();
  const std::string foreign = Reported();
  v1::AssignFirmRequest assign = AssignOf({id, foreign}, "firm-b");
  assign.set_firm_credit_code("91210231550644863P");
  v1::AssignFirmResponse assigned;
  ASSERT_DONE(service_.AssignFirm(Province(), assign, &assigned));
  v1::PushScoresResponse pushed;
  ASSERT_DONE(service_.PushScores(Firm("firm-b"), PushOf(id, {8800}), &pushed));

  const v1::Evaluation seen = Read(id, Firm());
  EXPECT_EQ(seen.scores_size(), 3);
  EXPECT_EQ(seen.firms_size(), 1);
  EXPECT_EQ(seen.firms(0), "firm-a");
  EXPECT_EQ(seen.report().activity_count(), 6) << "it has to read what it evaluates";
  EXPECT_EQ(seen.timeline_size(), 0);
  EXPECT_EQ(Read(id, Firm("firm-b")).scores_size(), 1);
  EXPECT_EQ(Listed(Firm()), std::set<std::string>{NameOf(id)});

  // The result is told to all but the firms.
  v1::Evaluation answer;
  v1::PublishPreliminaryRequest publish = PreliminaryOf(id);
  ASSERT_DONE(service_.PublishPreliminary(Province(), publish, &answer));
  EXPECT_EQ(Read(id, Firm()).grade(), "");
  EXPECT_EQ(Read(id, Firm()).total_hundredths(), 0);
}

TEST_F(ReadTest, ScoresAndTotalsAreShownOncePreliminary) {
  const std::string before = Scored();
  for (const rpc::Call& reader : {Province(), Lead()}) {
    const v1::Evaluation seen = Read(before, reader);
    EXPECT_EQ(seen.scores_size(), 0);
    EXPECT_EQ(seen.grade(), "");
    EXPECT_FALSE(seen.has_appeal_deadline_time());
  }
  const std::string after = Preliminary();
  const v1::Evaluation official = Read(after);
  ASSERT_EQ(official.scores_size(), 3);
  EXPECT_EQ(official.scores(0).firm(), "firm-a");
  EXPECT_EQ(official.scores(0).comment(), "目标明确，成效较好。");

  // The lead sees the numbers, not who gave them nor the opinion behind them.
  const v1::Evaluation lead = Read(after, Lead());
  ASSERT_EQ(lead.scores_size(), 3);
  EXPECT_EQ(lead.grade(), "优秀");
  EXPECT_EQ(lead.scores(0).total_hundredths(), 9000);
  EXPECT_GT(lead.scores(0).item_hundredths_size(), 0);
  EXPECT_EQ(lead.scores(0).firm(), "");
  EXPECT_EQ(lead.scores(0).expert(), "");
  EXPECT_EQ(lead.scores(0).comment(), "");
  EXPECT_EQ(lead.firms_size(), 0);
  EXPECT_EQ(absl::FromUnixSeconds(lead.appeal_deadline_time().seconds()),
            At("2024-01-16 00:00:00"));
}

TEST_F(ReadTest, LeadSeesNoOfficialsNamesNorReasons) {
  const std::string id = Preliminary({7000, 7000, 9900});
  const v1::Evaluation lead = Read(id, Lead());
  ASSERT_GT(lead.timeline_size(), 0);
  for (const auto& entry : lead.timeline()) {
    EXPECT_EQ(entry.reason(), "");
    EXPECT_NE(entry.actor(), "gao");
  }
  const v1::Evaluation official = Read(id);
  EXPECT_EQ(official.timeline().rbegin()->actor(), "gao");
}

TEST_F(ReadTest, AllowedActionsFollowRoleAndState) {
  const std::string id = Preliminary();
  EXPECT_EQ(Read(id, Lead()).allowed_actions(0), "appeal");
  EXPECT_EQ(Read(id).allowed_actions(0), "publish");
  EXPECT_EQ(Read(id, CallOf(domain::Role::kAuditor, "a")).allowed_actions_size(), 0);
  EXPECT_EQ(Read(id, Firm()).allowed_actions_size(), 0);
}

TEST_F(ReadTest, PagesCoverAllOnce) {
  std::set<std::string> all;
  for (int i = 0; i < 7; ++i) all.insert(NameOf(Reported()));
  std::set<std::string> seen;
  v1::ListEvaluationsRequest request;
  request.set_page_size(3);
  int pages = 0;
  do {
    v1::ListEvaluationsResponse answer;
    ASSERT_DONE(service_.ListEvaluations(Province(), request, &answer));
    EXPECT_LE(answer.evaluations_size(), 3);
    for (const v1::Evaluation& one : answer.evaluations()) {
      EXPECT_TRUE(seen.insert(one.name()).second);
      EXPECT_FALSE(one.has_report());
    }
    request.set_page_token(answer.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(seen, all);

  v1::ListEvaluationsResponse answer;
  request.set_page_token("nonsense");
  EXPECT_REFUSED(service_.ListEvaluations(Province(), request, &answer), kPageTokenInvalid);
  request.clear_page_token();
  request.set_page_size(-1);
  EXPECT_REFUSED(service_.ListEvaluations(Province(), request, &answer), kInvalidRequest);
}

TEST_F(ReadTest, MalformedNamesAreRefused) {
  v1::Evaluation answer;
  for (const char* name : {"", "evaluations/", "evaluations/x-2023", "subsidyCases/x"}) {
    v1::GetEvaluationRequest request;
    request.set_name(name);
    EXPECT_REFUSED(service_.GetEvaluation(Province(), request, &answer), kInvalidRequest);
  }
}

}  // namespace
}  // namespace alliance::evaluation
