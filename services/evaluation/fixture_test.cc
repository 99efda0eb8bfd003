#include "services/evaluation/fixture_test.h"

#include <algorithm>
#include <utility>

#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/domain/scoring.h"
#include "services/evaluation/apply_events.h"

namespace alliance::evaluation {

using service_testing::Require;

namespace {

// What filing says about its act, beside the body.
void SetMove(events::v1::Event& event, const char* action, const char* from, const char* to) {
  event.set_action(action);
  event.set_from_state(from);
  event.set_to_state(to);
}

}  // namespace

rpc::Call Province() { return CallOf(domain::Role::kProvince, "gao"); }
rpc::Call Lead() { return CallOf(domain::Role::kApplicant, "lead", "", kLeadCode); }
rpc::Call OtherLead() {
  return CallOf(domain::Role::kApplicant, "rival", "", "91210100MA0XX00023");
}
rpc::Call Firm(std::string id) {
  return CallOf(domain::Role::kFirm, base::StrCat(id, "-staff"), "", id);
}

std::string NameOf(const std::string& id) { return base::StrCat("evaluations/", id); }

testdb::Schema& EvaluationTest::Db() {
  static testdb::Schema& schema =
      *testdb::Schema::Make("alliance_evaluation", {"services/evaluation"}).release();
  return schema;
}

rules::Packs& EvaluationTest::Packs() { return service_testing::Packs2023(); }

EvaluationTest::EvaluationTest()
    : clock_(At("2024-01-10 10:00:00")),
      deps_{.service = "evaluation", .pool = Db().pool(), .clock = clock_, .packs = Packs()},
      service_(deps_),
      inbox_(deps_, ApplyEvents(deps_)) {}

void EvaluationTest::SetUp() { Db().Clear(); }

void EvaluationTest::TearDown() {
  EXPECT_EQ(service_testing::AuditFindings(
                Db(), {"alliance", "alliance_member", "campaign", "evaluation", "report_version",
                       "firm", "assignment", "evaluation_score", "appeal", "appeal_decision"}),
            "");
}

absl::Status EvaluationTest::Deliver(events::v1::Event event, const std::string& case_id,
                                     int sequence, int handoff, bool* applied) {
  event.set_event_id(NewId());
  if (event.source().empty()) event.set_source("filing");
  if (event.case_id().empty()) event.set_case_id(case_id);
  event.set_sequence(sequence);
  event.set_handoff_sequence(handoff);
  return service_testing::Deliver(inbox_, event, applied);
}

events::v1::Event EvaluationTest::RegisteredEvent(const std::string& alliance,
                                                  const std::string& region,
                                                  std::vector<std::string> members) {
  events::v1::Event event;
  events::v1::AllianceRegistered& registered = *event.mutable_alliance_registered();
  registered.set_alliance_id(alliance);
  registered.set_registry_number("LN-TSL-2023-0001");
  registered.set_alliance_name("大连市智能装备联盟");
  registered.set_lead_name("大连智造有限公司");
  registered.set_lead_credit_code(kLeadCode);
  registered.set_region(region);
  for (std::string& code : members) registered.add_member_credit_codes(std::move(code));
  registered.set_first_receive_time_us(absl::ToUnixMicros(At("2023-04-20 09:00:00")));
  registered.set_year(kYear);
  SetMove(event, "register", "PENDING_DECISION", "REGISTERED");
  return event;
}

events::v1::Event EvaluationTest::ReportEvent(const std::string& alliance,
                                              int64_t verified_rd_fen) {
  events::v1::Event event;
  events::v1::AnnualReportSubmitted& submitted = *event.mutable_annual_report_submitted();
  submitted.set_alliance_id(alliance);
  submitted.set_year(kYear);
  submitted.set_verified_rd_fen(verified_rd_fen);
  filing::v1::AnnualReport& report = *submitted.mutable_report();
  report.set_summary("举办活动六次，联合攻关两项。");
  report.set_next_year_plan("继续联合攻关。");
  report.set_activity_count(6);
  report.set_rd_spend_fen(verified_rd_fen);
  report.set_evidenced_rd_fen(verified_rd_fen);
  report.set_rd_evidence_kind("audit_report");
  *report.mutable_rd_evidence() = DocumentOf("2023年研发投入专项审计报告");
  SetMove(event, "report", "REPORT_DUE", "REPORTED");
  return event;
}

events::v1::Event EvaluationTest::MissedEvent(const std::string& alliance) {
  events::v1::Event event;
  event.mutable_annual_report_missed()->set_alliance_id(alliance);
  event.mutable_annual_report_missed()->set_year(kYear);
  SetMove(event, "lapse", "REPORT_DUE", "REPORT_MISSED");
  return event;
}

events::v1::Event EvaluationTest::DeregisteredEvent(const std::string& alliance) {
  events::v1::Event event;
  event.mutable_alliance_deregistered()->set_alliance_id(alliance);
  event.mutable_alliance_deregistered()->set_reason("弄虚作假");
  SetMove(event, "deregister", "REGISTERED", "DEREGISTERED");
  return event;
}

events::v1::Event EvaluationTest::CompletedEvent(const std::string& alliance) {
  events::v1::Event event;
  event.mutable_alliance_completed()->set_alliance_id(alliance);
  SetMove(event, "complete", "REGISTERED", "COMPLETED");
  return event;
}

std::string EvaluationTest::Registered(const std::string& region,
                                       std::vector<std::string> members) {
  const std::string alliance = NewId();
  EXPECT_DONE(Deliver(RegisteredEvent(alliance, region, std::move(members)), alliance, 1));
  return alliance;
}

std::string EvaluationTest::Reported(const std::string& region, std::vector<std::string> members) {
  const std::string alliance = Registered(region, std::move(members));
  const std::string id = base::StrCat(alliance, "-", kYear);
  EXPECT_DONE(Deliver(ReportEvent(alliance), id, 1, 1));
  return id;
}

std::string EvaluationTest::Missed() {
  const std::string alliance = Registered();
  const std::string id = base::StrCat(alliance, "-", kYear);
  EXPECT_DONE(Deliver(MissedEvent(alliance), id, 1, 1));
  return id;
}

void EvaluationTest::OpenCampaign() {
  v1::CreateCampaignRequest request;
  request.set_year(kYear);
  request.set_request_id(NewId());
  v1::Campaign campaign;
  const std::string word = WordOf(service_.CreateCampaign(Province(), request, &campaign));
  EXPECT_TRUE(word == "OK" || word == "ALREADY_EXISTS") << word;
}

std::string EvaluationTest::Assigned(const std::string& firm) {
  const std::string id = Reported();
  v1::AssignFirmResponse answer;
  EXPECT_DONE(service_.AssignFirm(Province(), AssignOf({id}, firm), &answer));
  return id;
}

std::string EvaluationTest::Evaluating() {
  OpenCampaign();
  const std::string id = Assigned();
  v1::StartEvaluationsResponse answer;
  EXPECT_DONE(service_.StartEvaluations(Province(), StartOf({id}), &answer));
  return id;
}

std::string EvaluationTest::Scored(std::vector<int> totals) {
  const std::string id = Evaluating();
  v1::PushScoresResponse answer;
  EXPECT_DONE(service_.PushScores(Firm(), PushOf(id, totals), &answer));
  return id;
}

std::string EvaluationTest::Preliminary(std::vector<int> totals) {
  const std::string id = Scored(std::move(totals));
  v1::Evaluation answer;
  v1::PublishPreliminaryRequest request = PreliminaryOf(id);
  request.set_outlier_answer("已与专家核实，维持原评分。");
  EXPECT_DONE(service_.PublishPreliminary(Province(), request, &answer));
  return id;
}

std::string EvaluationTest::Appealed() {
  const std::string id = Preliminary();
  v1::Evaluation answer;
  EXPECT_DONE(service_.FileAppeal(Lead(), AppealOf(id), &answer));
  return id;
}

std::string EvaluationTest::Published() {
  const std::string id = Preliminary();
  clock_.Advance(absl::Hours(24 * 30));
  v1::PublishEvaluationsResponse answer;
  EXPECT_DONE(service_.PublishEvaluations(Province(), PublishOf({id}), &answer));
  return id;
}

v1::AssignFirmRequest EvaluationTest::AssignOf(const std::vector<std::string>& ids,
                                               const std::string& firm) {
  v1::AssignFirmRequest request;
  request.set_firm(firm);
  request.set_firm_credit_code(kFirmCode);
  for (const std::string& id : ids) request.add_evaluations(NameOf(id));
  request.set_request_id(NewId());
  return request;
}

v1::StartEvaluationsRequest EvaluationTest::StartOf(const std::vector<std::string>& ids) {
  v1::StartEvaluationsRequest request;
  request.set_campaign(kCampaign);
  for (const std::string& id : ids) request.add_evaluations(NameOf(id));
  request.set_request_id(NewId());
  return request;
}

v1::Score EvaluationTest::ScoreOf(const std::string& id, const std::string& expert, int total) {
  v1::Score score;
  score.set_evaluation(NameOf(id));
  score.set_expert(expert);
  for (const domain::ScoreItem& item : domain::ItemsOf(Packs().ForYear(kYear)->scoring_rules())) {
    const int part = std::min(total, static_cast<int>(item.max_hundredths));
    score.add_item_hundredths(part);
    total -= part;
  }
  Require(total == 0, "a total above the full score");
  score.set_comment("目标明确，成效较好。");
  return score;
}

v1::PushScoresRequest EvaluationTest::PushOf(const std::string& id,
                                             const std::vector<int>& totals) {
  v1::PushScoresRequest request;
  for (size_t i = 0; i < totals.size(); ++i) {
    *request.add_scores() = ScoreOf(id, base::StrCat("E", i + 1), totals[i]);
  }
  request.set_request_id(NewId());
  return request;
}

v1::PublishPreliminaryRequest EvaluationTest::PreliminaryOf(const std::string& id) {
  v1::PublishPreliminaryRequest request;
  request.set_name(NameOf(id));
  request.set_etag(EtagOf(id));
  request.set_request_id(NewId());
  return request;
}

v1::FileAppealRequest EvaluationTest::AppealOf(const std::string& id) {
  v1::FileAppealRequest request;
  request.set_name(NameOf(id));
  request.set_etag(EtagOf(id));
  request.set_request_id(NewId());
  request.set_grounds("成果转化得分与材料不符。");
  *request.mutable_evidence() = DocumentOf("成果转化合同");
  return request;
}

v1::AnswerAppealRequest EvaluationTest::AnswerOf(const std::string& id) {
  v1::AnswerAppealRequest request;
  request.set_name(NameOf(id));
  request.set_etag(EtagOf(id));
  request.set_request_id(NewId());
  request.set_reason("经复核，维持原评分。");
  *request.mutable_answer() = DocumentOf("申诉答复");
  return request;
}

std::string EvaluationTest::ListDigestOf(const std::vector<std::string>& ids) {
  std::vector<std::string> lines;
  for (const std::string& id : ids) {
    const v1::Evaluation shown = Read(id);
    lines.push_back(
        base::StrCat(shown.name(), "\t", shown.total_hundredths(), "\t", shown.grade(), "\n"));
  }
  std::sort(lines.begin(), lines.end());
  std::string list;
  for (const std::string& line : lines) list += line;
  return crypto::Hex(crypto::Sha256(list));
}

v1::PublishEvaluationsRequest EvaluationTest::PublishOf(const std::vector<std::string>& ids) {
  v1::PublishEvaluationsRequest request;
  request.set_campaign(kCampaign);
  for (const std::string& id : ids) request.add_evaluations(NameOf(id));
  request.set_request_id(NewId());
  request.set_list_digest(ListDigestOf(ids));
  return request;
}

v1::Evaluation EvaluationTest::Read(const std::string& id, const rpc::Call& reader) {
  v1::GetEvaluationRequest request;
  request.set_name(NameOf(id));
  v1::Evaluation answer;
  EXPECT_DONE(service_.GetEvaluation(reader, request, &answer));
  return answer;
}

std::string EvaluationTest::StateOf(const std::string& id) {
  return Db().Value(base::StrCat("SELECT state FROM evaluation WHERE id='", id, "'"));
}

}  // namespace alliance::evaluation
