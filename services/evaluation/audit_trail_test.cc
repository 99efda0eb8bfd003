// The audit trail: an evaluation goes every way that the workflow has for it, and every row that
// was written on the way is sealed, so that a row changed by hand is found.

#include <string>
#include <vector>

#include "common/base/str.h"
#include "common/testing/whole_life.h"
#include "services/evaluation/fixture_test.h"

namespace alliance::evaluation {
namespace {

// Every table that is sealed. No row was ever sealed in outbox, inbox, idempotency and
// published_pack, so these are left out; audit_checkpoint is signed instead.
const std::vector<std::string>& SealedTables() {
  static const std::vector<std::string>& tables = *new std::vector<std::string>{
      "alliance", "alliance_member", "campaign",         "evaluation", "report_version",
      "firm",     "assignment",      "evaluation_score", "appeal",     "appeal_decision"};
  return tables;
}

class AuditTrail : public EvaluationTest {
 protected:
  // Handed back to filing, and handed in anew.
  void ReportAgain() {
    const std::string id = Reported();
    v1::ReopenReportRequest reopen;
    reopen.set_name(NameOf(id));
    reopen.set_etag(EtagOf(id));
    reopen.set_request_id(NewId());
    reopen.set_reason("附件缺页");
    v1::Evaluation answer;
    ASSERT_DONE(service_.ReopenReport(Province(), reopen, &answer));
    ASSERT_DONE(Deliver(ReportEvent(id.substr(0, 36)), id, 2, 3));
    EXPECT_EQ(StateOf(id), "REPORTED");
  }

  // Missed, and evaluated all the same.
  void WithoutReport() {
    OpenCampaign();
    const std::string id = Missed();
    v1::AssignFirmResponse assigned;
    ASSERT_DONE(service_.AssignFirm(Province(), AssignOf({id}), &assigned));
    v1::StartEvaluationsResponse started;
    ASSERT_DONE(service_.StartEvaluations(Province(), StartOf({id}), &started));
    EXPECT_EQ(StateOf(id), "EVALUATING");
  }

  // Scored twice, appealed twice: once the scores stay, once they do not.
  void UntilPublished() {
    const std::string id = Scored();
    v1::PushScoresResponse pushed;
    ASSERT_DONE(service_.PushScores(Firm(), PushOf(id, {9100}), &pushed));
    v1::Evaluation answer;
    ASSERT_DONE(service_.PublishPreliminary(Province(), PreliminaryOf(id), &answer));
    ASSERT_DONE(service_.FileAppeal(Lead(), AppealOf(id), &answer));
    v1::AnswerAppealRequest request = AnswerOf(id);
    *request.add_rescored() = ScoreOf(id, "E2", 9300);
    request.mutable_rescored(0)->set_firm("firm-a");
    ASSERT_DONE(service_.AnswerAppeal(Province(), request, &answer));
    clock_.Advance(absl::Hours(24 * 30));
    v1::PublishEvaluationsResponse published;
    ASSERT_DONE(service_.PublishEvaluations(Province(), PublishOf({id}), &published));
    EXPECT_EQ(StateOf(id), "EVALUATED");
  }

  // An alliance that is deregistered, and one whose time is over.
  void Ends() {
    const std::string deregistered = Registered();
    events::v1::Event event;
    event.mutable_alliance_deregistered()->set_alliance_id(deregistered);
    event.mutable_alliance_deregistered()->set_reason("盟主企业注销");
    ASSERT_DONE(Deliver(event, deregistered, 2));
    const std::string completed = Registered();
    event.mutable_alliance_completed()->set_alliance_id(completed);
    ASSERT_DONE(Deliver(event, completed, 2));
  }
};

TEST_F(AuditTrail, AWholeLifeVerifiesCleanAndEveryTableIsSealed) {
  ReportAgain();
  WithoutReport();
  UntilPublished();
  Ends();
  EXPECT_EQ(service_testing::RowsNotWalked(Db(), domain::Owner::kEvaluation), "");
  ASSERT_EQ(service_testing::AuditFindings(Db(), SealedTables()), "");
  EXPECT_EQ(service_testing::UnsealedColumns(Db(), SealedTables()), "");
  EXPECT_EQ(service_testing::ChangesNotFound(Db(), SealedTables()), "");
}

}  // namespace
}  // namespace alliance::evaluation
