// The ways of case_fixture.h.

#include "services/filing/case_fixture.h"
#include "common/testing/service_fixture.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "common/audit/verify.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "common/crypto/signing.h"
#include "common/domain/calendar.h"
#include "common/domain/credit_code.h"
#include "common/rpc/status.h"
#include "services/filing/apply_events.h"
#include "services/filing/rounds.h"
#include "services/filing/test_papers.h"

namespace alliance::filing {
namespace {

template <typename Years, typename Value>
void SetBoth(Years* years, Value y1, Value y2) {
  years->set_y1(y1);
  years->set_y2(y2);
}

using domain::kFenPerWan;

}  // namespace

absl::Time At(std::string_view text) {
  absl::Time at;
  std::string error;
  EXPECT_TRUE(
      absl::ParseTime("%Y-%m-%d %H:%M:%S", base::Absl(text), domain::Shanghai(), &at, &error))
      << text << error;
  return at;
}

std::string CodeOf(std::string_view department_and_kind, std::string_view office, int number) {
  char body[16];
  std::snprintf(body, sizeof(body), "PDY%05d", number);
  std::string code = base::StrCat(department_and_kind, office, body);
  code += *domain::OrgCheckCharacter(body);
  code += *domain::CreditCheckCharacter(code);
  return code;
}

v1::ApplicationForm GoodForm(const std::string& lead_code) {
  v1::ApplicationForm form;
  form.set_alliance_name("大连市轴承智能制造产学研联盟");
  form.set_technical_field(v1::ADVANCED_MANUFACTURING_AND_AUTOMATION);
  v1::LeadEnterprise* lead = form.mutable_lead();
  lead->set_enterprise_name("大连示例轴承有限公司");
  lead->set_credit_code(lead_code);
  lead->add_lead_types(v1::TECH_SME);
  lead->set_registered_address("辽宁省大连市高新园区示例路1号");
  lead->set_founded_date("2015-06-01");
  SetBoth(lead->mutable_staff(), 120, 110);
  SetBoth(lead->mutable_tech_staff(), 40, 35);
  SetBoth(lead->mutable_rd_spend_fen(), 600 * kFenPerWan, 500 * kFenPerWan);
  SetBoth(lead->mutable_cooperation_spend_fen(), 80 * kFenPerWan, 60 * kFenPerWan);
  SetBoth(lead->mutable_sales_fen(), 9'000 * kFenPerWan, 8'000 * kFenPerWan);
  SetBoth(lead->mutable_hightech_income_fen(), 6'000 * kFenPerWan, 5'000 * kFenPerWan);
  SetBoth(lead->mutable_profit_fen(), 700 * kFenPerWan, -20 * kFenPerWan);
  SetBoth(lead->mutable_ip_class1(), 3, 2);
  SetBoth(lead->mutable_ip_class2(), 10, 8);
  v1::AllianceSituation* alliance = form.mutable_alliance();
  v1::Cooperation* cooperation = alliance->add_cooperations();
  cooperation->set_partner("示例理工大学机械学院");
  cooperation->set_content_and_goals("高精度轴承在线检测，2023年完成样机");
  alliance->add_cooperation_forms(v1::AGREEMENT);
  alliance->add_cooperation_forms(v1::PROJECT);
  SetBoth(alliance->mutable_sales_fen(), 9'500 * kFenPerWan, 8'400 * kFenPerWan);
  SetBoth(alliance->mutable_rd_spend_fen(), 700 * kFenPerWan, 560 * kFenPerWan);
  alliance->set_member_count(2);
  alliance->set_enterprise_count(1);
  alliance->set_university_count(1);
  alliance->set_institute_count(0);
  alliance->set_cooperation_narrative("联盟围绕高端轴承开展产学研合作。");
  alliance->set_goals("三年内建成行业公共检测平台。");
  v1::Member* member = form.add_members();
  member->set_member_name("大连示例轴承有限公司");
  member->set_credit_code(lead_code);
  member->set_kind(v1::ENTERPRISE);
  member->set_position("细分行业前列");
  member = form.add_members();
  member->set_member_name("示例理工大学");
  member->set_credit_code(UniversityCode());
  member->set_kind(v1::UNIVERSITY);
  member->set_position("机械工程学科领先");
  form.mutable_contact()->set_display_name("张三");
  form.mutable_contact()->set_phone("13812341234");
  return form;
}

v1::Document ADocument(std::string_view title) {
  v1::Document document;
  document.set_document_number("辽科发〔2023〕1号");
  document.set_title(std::string(title));
  document.set_issuer("辽宁省科学技术厅");
  document.set_issue_date("2023-05-08");
  document.set_sha256(crypto::Sha256(title));
  return document;
}

v1::AnnualReport GoodReport() {
  v1::AnnualReport report;
  report.set_summary("全年开展联盟活动六次，完成样机。");
  report.set_next_year_plan("下一年度建成检测平台。");
  report.set_activity_count(6);
  report.set_rd_spend_fen(650 * kFenPerWan);
  report.set_evidenced_rd_fen(640 * kFenPerWan);
  report.set_rd_evidence_kind("audit_report");
  *report.mutable_rd_evidence() = ADocument("研发投入专项审计报告");
  return report;
}

std::string NewId() { return base::NewUuid7(); }

::testing::AssertionResult Refused(const absl::Status& answered, domain::Reason reason) {
  const absl::Status status = rpc::WithDetails(answered);  // as the caller hears it
  if (domain::RefusedFor(status, reason) && status.code() == domain::RowOf(reason).code) {
    return ::testing::AssertionSuccess();
  }
  return ::testing::AssertionFailure() << "expected " << domain::WordOf(reason) << ", got "
                                       << status.ToString() << " " << Fields(status);
}

std::string Fields(const absl::Status& status) {
  std::string out;
  const auto details = domain::DetailsOf(status);
  if (!details) return out;
  for (const auto& field : details->fields) {
    base::StrAppend(&out, out.empty() ? "" : " ", field.field, ":", field.reason);
  }
  return out;
}

void CaseFixture::SetUpTestSuite() {
  schema_ = testdb::Schema::Make("alliance_filing", {"services/filing"});
  auto packs = rules::Packs::Load({ALLIANCE_SOURCE_DIR "/common/rules/2023.textproto"});
  ASSERT_TRUE(packs.ok()) << packs.status();
  packs_ = std::make_unique<rules::Packs>(*std::move(packs));
  folder_ = ::testing::TempDir() + "/filing-papers-" + base::NewUuid7();
  auto papers = OpenPaperFolder(folder_);
  ASSERT_TRUE(papers.ok()) << papers.status();
  papers_ = *std::move(papers);
}

void CaseFixture::TearDownTestSuite() {
  papers_.reset();
  packs_.reset();
  schema_.reset();
  std::filesystem::remove_all(folder_);
}

void CaseFixture::SetUp() {
  schema_->Clear();
  deps_ = std::make_unique<act::Deps>(
      act::Deps{.service = "filing", .pool = schema_->pool(), .clock = clock_, .packs = *packs_});
  service_ = std::make_unique<FilingService>(*deps_, *papers_, kPortal);
  inbox_ = std::make_unique<act::EventInbox>(*deps_, ApplyEvents(*deps_));
  ASSERT_TRUE(RecordRounds(*deps_).ok());
}

rpc::Call CaseFixture::As(domain::Caller caller, std::string_view method) {
  return {.caller = std::move(caller),
          .method = method,
          .peer = "gateway",
          .deadline = absl::Now() + absl::Seconds(20),
          .trace = rpc::Trace::Continue("")};
}

domain::Caller CaseFixture::Lead(int number) {
  return {.account = base::StrCat("lead-", number),
          .role = domain::Role::kApplicant,
          .organisation = LeadCode(number),
          .display_name = "大连示例轴承有限公司"};
}

domain::Caller CaseFixture::Recommender(std::string_view region) {
  return {.account = base::StrCat("recommender-", region),
          .role = domain::Role::kRecommender,
          .region = std::string(region)};
}

domain::Caller CaseFixture::Official(domain::Role role, std::string_view account) {
  return {.account = std::string(account.empty() ? domain::WordOf(role) : account), .role = role};
}

// The way of a case
// --------------------------------------------------------------------------------

v1::Application CaseFixture::Create(int lead, std::string_view region) {
  v1::CreateApplicationRequest request;
  request.set_round(kRound);
  request.set_request_id(NewId());
  *request.mutable_application()->mutable_form() = GoodForm(LeadCode(lead));
  request.mutable_application()->set_recommender_region(std::string(region));
  v1::Application answer;
  const absl::Status status =
      service_->CreateApplication(As(Lead(lead), "CreateApplication"), request, &answer);
  EXPECT_TRUE(status.ok()) << status << Fields(status);
  return answer;
}

v1::Application CaseFixture::CreateComplete(int lead, std::string_view region) {
  v1::Application application = Create(lead, region);
  const std::string name = application.name();
  const std::vector<std::pair<std::string, std::string>> papers = {
      {"A2_AGREEMENT", ""},     {"A3_TAX_RETURN", ""},
      {"A4B_AUDIT_REPORT", ""}, {"A5_MEMBER_LICENCE", LeadCode(lead)},
      {"A6_IP_PROOF", ""},      {"A5_MEMBER_LICENCE", UniversityCode()},
      {"A7_LEAD_STATUS", ""}};
  for (const auto& [slot, member] : papers) {
    const absl::Status status = Attach(name, slot, member, Lead(lead), &application);
    EXPECT_TRUE(status.ok()) << slot << status << Fields(status);
  }
  return application;
}

v1::Application CaseFixture::Submitted(int lead, std::string_view region) {
  const v1::Application draft = CreateComplete(lead, region);
  const auto submitted = Submit(draft.name(), draft.etag(), Lead(lead));
  EXPECT_TRUE(submitted.ok()) << submitted.status() << Fields(submitted.status());
  return submitted.ok() ? *submitted : draft;
}

v1::Application CaseFixture::Returned(int lead, const std::vector<std::string>& marked) {
  const v1::Application submitted = Submitted(lead);
  EXPECT_TRUE(Return(submitted, marked).ok());
  return Get(submitted.name(), Lead(lead));
}

v1::Application CaseFixture::Recommended(int lead, std::string_view region) {
  const v1::Application submitted = Submitted(lead, region);
  const absl::Status status = Recommend(submitted);
  EXPECT_TRUE(status.ok()) << status;
  return Get(submitted.name());
}

v1::Application CaseFixture::Accepted(int lead, std::string_view region) {
  const v1::Application recommended = Recommended(lead, region);
  const auto accepted =
      Accept(recommended.name(), recommended.etag(), Official(domain::Role::kProvince));
  EXPECT_TRUE(accepted.ok()) << accepted.status();
  return accepted.ok() ? *accepted : recommended;
}

v1::Draw CaseFixture::CloseDraw(int count) {
  v1::Draw draw;
  v1::CommitDrawRequest commit;
  commit.set_round(kRound);
  commit.set_request_id(NewId());
  const rpc::Call call = As(Official(domain::Role::kProvince), "Draw");
  absl::Status status = service_->CommitDraw(call, commit, &draw);
  EXPECT_TRUE(status.ok()) << status;
  v1::DrawSurveyRequest request;
  request.set_round(kRound);
  request.set_count(count);
  request.set_request_id(NewId());
  status = service_->DrawSurvey(call, request, &draw);
  EXPECT_TRUE(status.ok()) << status << Fields(status);
  return draw;
}

v1::Application CaseFixture::Pending(int lead) {
  const v1::Application accepted = Accepted(lead);
  const auto pending =
      GiveOpinion(accepted.name(), accepted.etag(), Official(domain::Role::kProvince));
  EXPECT_TRUE(pending.ok()) << pending.status();
  return pending.ok() ? *pending : accepted;
}

v1::Alliance CaseFixture::Registered(int lead) {
  const v1::Application accepted = Accepted(lead);
  CloseDraw(0);
  const auto pending =
      GiveOpinion(accepted.name(), accepted.etag(), Official(domain::Role::kProvince));
  EXPECT_TRUE(pending.ok()) << pending.status();
  const auto decision = Decide(DecisionOn({{accepted.name(), v1::DecisionItem::REGISTER}}),
                               Official(domain::Role::kRecorder));
  EXPECT_TRUE(decision.ok()) << decision.status() << Fields(decision.status());
  v1::GetAllianceRequest request;
  request.set_name(decision.ok() ? decision->alliances(0) : "");
  v1::Alliance alliance;
  const absl::Status status =
      service_->GetAlliance(As(Lead(lead), "GetAlliance"), request, &alliance);
  EXPECT_TRUE(status.ok()) << status;
  return alliance;
}

// Single acts
// --------------------------------------------------------------------------------------

absl::StatusOr<v1::Application> CaseFixture::TryGet(const std::string& name,
                                                    const domain::Caller& caller) {
  v1::GetApplicationRequest request;
  request.set_name(name);
  v1::Application answer;
  RETURN_IF_ERROR(service_->GetApplication(As(caller, "GetApplication"), request, &answer));
  return answer;
}

v1::Application CaseFixture::Get(const std::string& name, const domain::Caller& caller) {
  const auto answer = TryGet(name, caller);
  EXPECT_TRUE(answer.ok()) << answer.status();
  return answer.ok() ? *answer : v1::Application();
}

absl::Status CaseFixture::Attach(const std::string& name, const std::string& slot,
                                 const std::string& member, const domain::Caller& caller,
                                 v1::Application* answer) {
  v1::AttachPaperRequest request;
  request.set_name(name);
  request.set_etag(answer->etag());
  request.set_request_id(NewId());
  request.mutable_paper()->set_slot(slot);
  request.mutable_paper()->set_member_credit_code(member);
  request.mutable_paper()->set_file_name(base::StrCat(slot, ".pdf"));
  request.set_content(test_papers::Pdf(base::StrCat(slot, member)));
  return service_->AttachPaper(As(caller, "AttachPaper"), request, answer);
}

absl::StatusOr<v1::Application> CaseFixture::Submit(const std::string& name,
                                                    const std::string& etag,
                                                    const domain::Caller& caller,
                                                    const std::string& request_id) {
  v1::SubmitApplicationRequest request;
  request.set_name(name);
  request.set_etag(etag);
  request.set_request_id(request_id);
  v1::Application answer;
  RETURN_IF_ERROR(service_->SubmitApplication(As(caller, "SubmitApplication"), request, &answer));
  return answer;
}

absl::StatusOr<v1::Application> CaseFixture::Accept(const std::string& name,
                                                    const std::string& etag,
                                                    const domain::Caller& caller) {
  v1::AcceptApplicationRequest request;
  request.set_name(name);
  request.set_etag(etag);
  request.set_request_id(NewId());
  v1::Application answer;
  RETURN_IF_ERROR(service_->AcceptApplication(As(caller, "AcceptApplication"), request, &answer));
  return answer;
}

absl::StatusOr<v1::Application> CaseFixture::GiveOpinion(const std::string& name,
                                                         const std::string& etag,
                                                         const domain::Caller& caller) {
  v1::GiveOpinionRequest request;
  request.set_name(name);
  request.set_etag(etag);
  request.set_request_id(NewId());
  request.set_opinion("建议备案");
  *request.mutable_document() = ADocument("处室意见");
  v1::Application answer;
  RETURN_IF_ERROR(service_->GiveOpinion(As(caller, "GiveOpinion"), request, &answer));
  return answer;
}

v1::RecordDecisionRequest CaseFixture::DecisionOn(
    const std::vector<std::pair<std::string, v1::DecisionItem::Verdict>>& items) {
  v1::RecordDecisionRequest request;
  request.set_round(kRound);
  request.set_request_id(NewId());
  request.set_meeting_number("厅党组会议〔2023〕9号");
  request.set_meeting_date(domain::FormatDay(domain::DayOf(clock_.Now())));
  *request.mutable_minutes() = ADocument("厅党组会议纪要");
  std::vector<std::string> lines;
  for (const auto& [name, verdict] : items) {
    v1::DecisionItem* item = request.add_items();
    item->set_application(name);
    item->set_verdict(verdict);
    if (verdict != v1::DecisionItem::REGISTER) item->set_reason("材料需进一步核实");
    lines.push_back(base::StrCat(name, "\t", Get(name).version_digest(), "\t",
                                 v1::DecisionItem::Verdict_Name(verdict), "\n"));
  }
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& line : lines) text += line;
  request.set_list_digest(crypto::Hex(crypto::Sha256(text)));
  return request;
}

absl::StatusOr<v1::Decision> CaseFixture::Decide(const v1::RecordDecisionRequest& request,
                                                 const domain::Caller& caller) {
  v1::Decision answer;
  RETURN_IF_ERROR(service_->RecordDecision(As(caller, "RecordDecision"), request, &answer));
  return answer;
}

events::v1::Event CaseFixture::EventOf(std::string_view source, const std::string& case_id,
                                       int handoff) {
  events::v1::Event event;
  event.set_event_id(base::NewUuid7());
  event.set_source(std::string(source));
  event.set_case_id(case_id);
  event.set_sequence(static_cast<int>(schema_->Count(
                         base::StrCat("SELECT IFNULL(MAX(last_seq),0) FROM inbox WHERE source='",
                                      source, "' AND aggregate_id='", case_id, "'"))) +
                     1);
  event.set_occur_time_us(absl::ToUnixMicros(clock_.Now()));
  event.set_handoff_sequence(handoff);
  return event;
}

absl::Status CaseFixture::Declare(const std::string& name, const domain::Caller& reviewer,
                                  bool interest) {
  events::v1::Event event = EventOf("review", name.substr(13), 0);
  event.mutable_interest_declared()->set_account(reviewer.account);
  event.mutable_interest_declared()->set_interest(interest);
  return Deliver(event);
}

absl::Status CaseFixture::Deliver(const events::v1::Event& event, bool* applied) {
  events::v1::DeliverRequest request;
  *request.mutable_event() = event;
  service_testing::FillMove(request.mutable_event());
  events::v1::DeliverResponse answer;
  rpc::Call call =
      As({.account = base::StrCat("service:", event.source()), .role = domain::Role::kClock},
         "Deliver");
  call.peer = event.source();
  const absl::Status status = inbox_->Deliver(call, request, &answer);
  if (applied != nullptr) *applied = answer.applied();
  return status;
}

std::string CaseFixture::FirstFinding() {
  // Checkpoints are signed; there is none here, but a verifier has a key.
  const std::string key = folder_ + "/checkpoint.key";
  EXPECT_TRUE(crypto::GenerateKeyFiles(key, key + ".pub").ok());
  const auto verifier = crypto::Verifier::Load(key + ".pub");
  EXPECT_TRUE(verifier.ok()) << verifier.status();
  const auto report = audit::Verify(schema_->root(), *verifier, {}, testdb::Soon());
  EXPECT_TRUE(report.ok()) << report.status();
  std::filesystem::remove(key);
  std::filesystem::remove(key + ".pub");
  if (!report.ok() || report->clean()) return "";
  return base::StrCat(audit::Name(report->findings[0].kind), " ", report->findings[0].row);
}

int CaseFixture::HandoffOf(const std::string& name) {
  return static_cast<int>(schema_->Count(
      base::StrCat("SELECT handoff_seq FROM application WHERE id='", name.substr(13), "'")));
}

absl::Status CaseFixture::Return(const v1::Application& application,
                                 const std::vector<std::string>& marked, int handoff) {
  events::v1::Event event = EventOf("review", application.name().substr(13),
                                    handoff == 0 ? HandoffOf(application.name()) + 1 : handoff);
  for (const std::string& field : marked) {
    v1::FieldMark* mark = event.mutable_application_returned()->add_marks();
    mark->set_field(field);
    mark->set_reason("与证明材料不一致");
  }
  event.mutable_application_returned()->set_reason("请核对");
  return Deliver(event);
}

absl::Status CaseFixture::Recommend(const v1::Application& application) {
  events::v1::Event event =
      EventOf("review", application.name().substr(13), HandoffOf(application.name()) + 1);
  auto* body = event.mutable_application_recommended();
  body->set_version_number(application.version_number());
  body->set_version_digest(*crypto::Unhex(application.version_digest()));
  body->set_verified_rd_fen(590 * kFenPerWan);
  *body->mutable_formal_letter() = ADocument("推荐函");
  body->set_list_digest(std::string(64, 'a'));
  return Deliver(event);
}

std::vector<events::v1::Event> CaseFixture::Emitted(std::string_view destination) {
  std::vector<events::v1::Event> events;
  const absl::Status status = schema_->root().Read(testdb::Soon(), [&](db::Txn& txn) {
    static constexpr db::Sql kEvents = {
        "test.events",
        "SELECT payload, seq FROM outbox WHERE destination=? ORDER BY created_us, id LIMIT 10000"};
    for (const db::Row& row : txn.Query(kEvents, destination)) {
      events::v1::Event event;
      EXPECT_TRUE(event.ParseFromString(row.Get<std::string>(0)));
      event.set_sequence(row.Get<int32_t>(1));
      events.push_back(std::move(event));
    }
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  return events;
}

std::string CaseFixture::LastAct(std::string_view case_id) {
  return schema_->Value(base::StrCat(
      "SELECT CONCAT(action,' ',from_state,'>',to_state,' ',at_us) FROM history WHERE case_id='",
      case_id, "' ORDER BY seq DESC LIMIT 1"));
}

// The fixture itself: a form made for tests has nothing to complain about.
TEST_F(CaseFixture, TheGoodFormHasNoProblem) {
  const v1::Application application = CreateComplete();
  v1::ValidateApplicationRequest request;
  request.set_name(application.name());
  v1::ValidateApplicationResponse answer;
  ASSERT_TRUE(
      service_->ValidateApplication(As(Lead(), "ValidateApplication"), request, &answer).ok());
  EXPECT_EQ(answer.errors_size(), 0) << answer.DebugString();
  EXPECT_EQ(answer.warnings_size(), 0) << answer.DebugString();
}

}  // namespace alliance::filing
