#include "services/subsidy/fixture_test.h"

#include <utility>

#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "services/subsidy/apply_events.h"

namespace alliance::subsidy {
namespace {

// What the sender says about its act, beside the body.
void SetMove(events::v1::Event& event, const char* action, const char* from, const char* to) {
  event.set_action(action);
  event.set_from_state(from);
  event.set_to_state(to);
}

}  // namespace

rpc::Call Chen() { return CallOf(domain::Role::kFinance, "chen"); }
rpc::Call Feng() { return CallOf(domain::Role::kFinance, "feng"); }
rpc::Call Luo() { return CallOf(domain::Role::kApprover, "luo"); }
rpc::Call Bai() { return CallOf(domain::Role::kApprover, "bai"); }
rpc::Call Province() { return CallOf(domain::Role::kProvince, "gao"); }
rpc::Call Public() { return CallOf(domain::Role::kPublic, "public"); }
rpc::Call Lead() { return CallOf(domain::Role::kApplicant, "lead", "", kLeadCode); }
rpc::Call OtherLead() {
  return CallOf(domain::Role::kApplicant, "rival", "", "91210100MA0XX00023");
}

std::string NameOf(const std::string& id) { return base::StrCat("subsidyCases/", id); }

testdb::Schema& SubsidyTest::Db() {
  static testdb::Schema& schema =
      *testdb::Schema::Make("alliance_subsidy", {"services/subsidy"}).release();
  return schema;
}

rules::Packs& SubsidyTest::Packs() { return service_testing::Packs2023(); }

SubsidyTest::SubsidyTest()
    : clock_(At("2023-11-20 10:00:00")),
      deps_{.service = "subsidy", .pool = Db().pool(), .clock = clock_, .packs = Packs()},
      service_(deps_),
      inbox_(deps_, ApplyEvents(deps_)) {}

void SubsidyTest::SetUp() { Db().Clear(); }

void SubsidyTest::TearDown() {
  EXPECT_EQ(service_testing::AuditFindings(Db(), {"alliance", "plan", "subsidy_case", "subsidy_run",
                                                  "subsidy_line", "objection", "objection_decision",
                                                  "payment_list", "payment_line", "bank_receipt"}),
            "");
  // Every act says which rules decided it. What filing decided about an alliance is not ours.
  EXPECT_EQ(
      Db().Value("SELECT COALESCE(GROUP_CONCAT(CONCAT(case_id, ' ', action)), '') FROM history "
                 "WHERE rules_digest IS NULL AND case_id NOT IN (SELECT id FROM alliance)"),
      "");
  // Reserved is what the cases hold: proposals and all that came of them, but not what was refused.
  EXPECT_EQ(Db().Count("SELECT COALESCE(SUM(used_fen), 0) FROM plan"),
            Db().Count("SELECT COALESCE(SUM(amount_fen), 0) FROM subsidy_case "
                       "WHERE state <> 'REFUSED'"));
}

absl::Status SubsidyTest::Deliver(events::v1::Event event, std::string source,
                                  const std::string& case_id, int sequence, int handoff,
                                  bool* applied) {
  event.set_event_id(NewId());
  event.set_source(source);
  if (event.case_id().empty()) event.set_case_id(case_id);
  event.set_sequence(sequence);
  event.set_handoff_sequence(handoff);
  return service_testing::Deliver(inbox_, event, applied);
}

events::v1::Event SubsidyTest::RegisteredEvent(const std::string& alliance,
                                               const std::string& region) {
  events::v1::Event event;
  events::v1::AllianceRegistered& registered = *event.mutable_alliance_registered();
  registered.set_alliance_id(alliance);
  registered.set_registry_number(base::StrCat("LN-TSL-2023-", alliance.substr(24)));
  registered.set_alliance_name("大连市智能装备联盟");
  registered.set_lead_name(kLeadName);
  registered.set_lead_credit_code(kLeadCode);
  registered.set_region(region);
  registered.set_first_receive_time_us(absl::ToUnixMicros(At("2023-04-20 09:00:00")));
  registered.set_year(kYear);
  SetMove(event, "register", "PENDING_DECISION", "REGISTERED");
  return event;
}

events::v1::Event SubsidyTest::PublishedEvent(const std::string& alliance, int64_t rd_fen,
                                              const std::string& grade, int total) {
  events::v1::Event event;
  events::v1::EvaluationPublished& published = *event.mutable_evaluation_published();
  published.set_alliance_id(alliance);
  published.set_year(kYear);
  published.set_total_hundredths(total);
  published.set_grade(grade);
  published.set_verified_rd_fen(rd_fen);
  published.set_evidence_sha256(crypto::Sha256("audit report"));
  SetMove(event, "publish", "PRELIMINARY", "EVALUATED");
  return event;
}

events::v1::Event SubsidyTest::DeregisteredEvent(const std::string& alliance) {
  events::v1::Event event;
  event.mutable_alliance_deregistered()->set_alliance_id(alliance);
  event.mutable_alliance_deregistered()->set_reason("弄虚作假");
  SetMove(event, "deregister", "REGISTERED", "DEREGISTERED");
  return event;
}

events::v1::Event SubsidyTest::CompletedEvent(const std::string& alliance) {
  events::v1::Event event;
  event.mutable_alliance_completed()->set_alliance_id(alliance);
  SetMove(event, "complete", "REGISTERED", "COMPLETED");
  return event;
}

std::string SubsidyTest::Registered(const std::string& region) {
  const std::string alliance = NewId();
  EXPECT_DONE(Deliver(RegisteredEvent(alliance, region), "filing", alliance, 1));
  return alliance;
}

std::string SubsidyTest::Evaluated(int64_t rd_fen, const std::string& grade, int total,
                                   const std::string& region) {
  const std::string alliance = Registered(region);
  const std::string id = base::StrCat(alliance, "-", kYear);
  EXPECT_DONE(Deliver(PublishedEvent(alliance, rd_fen, grade, total), "evaluation", id, 1, 2));
  return id;
}

void SubsidyTest::OpenPlan(int64_t budget_fen) {
  v1::Plan plan;
  const std::string word = WordOf(service_.CreatePlan(Chen(), PlanOf(budget_fen), &plan));
  EXPECT_TRUE(word == "OK" || word == "ALREADY_EXISTS") << word;
}

v1::Run SubsidyTest::Prepared(std::vector<v1::BudgetPolicy::Kind> policies) {
  v1::Run run;
  EXPECT_DONE(service_.PrepareRun(Chen(), PrepareOf(std::move(policies)), &run));
  return run;
}

v1::Run SubsidyTest::Frozen() {
  v1::Run run;
  EXPECT_DONE(service_.FreezeRun(Luo(), FreezeOf(Prepared()), &run));
  return run;
}

std::string SubsidyTest::InNotice() {
  OpenPlan();
  const std::string id = Evaluated();
  v1::OpenSubsidyNoticeResponse answer;
  EXPECT_DONE(service_.OpenSubsidyNotice(Chen(), NoticeOf(Frozen()), &answer));
  return id;
}

std::string SubsidyTest::Objected() {
  const std::string id = InNotice();
  v1::FileSubsidyObjectionResponse answer;
  EXPECT_DONE(service_.FileSubsidyObjection(Public(), ObjectionTo(id), &answer));
  return id;
}

std::string SubsidyTest::Withheld() {
  const std::string id = Objected();
  v1::SubsidyCase answer;
  EXPECT_DONE(service_.UpholdSubsidyObjection(Chen(), DecideOf(id), &answer));
  return id;
}

std::string SubsidyTest::Approved() {
  const std::string id = InNotice();
  clock_.Set(At(kNoticeCloses));
  v1::SubsidyCase answer;
  EXPECT_DONE(service_.ApproveSubsidy(Bai(), DecideOf(id), &answer));
  return id;
}

std::string SubsidyTest::Paying() {
  const std::string id = Approved();
  v1::PaymentList list;
  EXPECT_DONE(service_.PreparePayment(Chen(), PaymentOf({id}), &list));
  v1::PaymentList released;
  EXPECT_DONE(service_.ReleasePayment(Bai(), ReleaseOf(list), &released));
  return id;
}

std::string SubsidyTest::ConfirmedPaid() {
  const std::string id = Paying();
  v1::SubsidyCase answer;
  EXPECT_DONE(service_.RecordPayment(Chen(), ConfirmPaidOf(id, NewId()), &answer));
  return id;
}

v1::CreatePlanRequest SubsidyTest::PlanOf(int64_t budget_fen) {
  v1::CreatePlanRequest request;
  request.set_year(kYear);
  request.set_budget_fen(budget_fen);
  request.set_request_id(NewId());
  *request.mutable_budget_document() = DocumentOf("2023年预算批复");
  return request;
}

v1::PrepareRunRequest SubsidyTest::PrepareOf(std::vector<v1::BudgetPolicy::Kind> policies) {
  v1::PrepareRunRequest request;
  request.set_plan(kPlan);
  request.set_request_id(NewId());
  for (const v1::BudgetPolicy::Kind kind : policies) request.add_budget_policies()->set_kind(kind);
  return request;
}

v1::FreezeRunRequest SubsidyTest::FreezeOf(const v1::Run& run) {
  v1::FreezeRunRequest request;
  request.set_name(run.name());
  request.set_request_id(NewId());
  request.set_run_digest(run.digest());
  *request.mutable_approval() = DocumentOf("关于2023年度后补助测算的批复");
  return request;
}

v1::OpenSubsidyNoticeRequest SubsidyTest::NoticeOf(const v1::Run& run) {
  v1::OpenSubsidyNoticeRequest request;
  request.set_run(run.name());
  request.set_request_id(NewId());
  *request.mutable_notice() = DocumentOf("2023年度后补助公示");
  return request;
}

v1::FileSubsidyObjectionRequest SubsidyTest::ObjectionTo(const std::string& id) {
  v1::FileSubsidyObjectionRequest request;
  request.set_subsidy_case(NameOf(id));
  request.set_request_id(NewId());
  request.set_objector_name("王实名");
  request.set_objector_contact("13800001234");
  request.set_grounds("研发投入证明与实际不符。");
  *request.mutable_evidence() = DocumentOf("证明材料");
  return request;
}

v1::DecideSubsidyCaseRequest SubsidyTest::DecideOf(const std::string& id) {
  v1::DecideSubsidyCaseRequest request;
  request.set_name(NameOf(id));
  request.set_etag(EtagOf(id));
  request.set_request_id(NewId());
  request.set_reason("经核实。");
  *request.mutable_document() = DocumentOf("办理文件");
  return request;
}

v1::PreparePaymentRequest SubsidyTest::PaymentOf(const std::vector<std::string>& ids) {
  v1::PreparePaymentRequest request;
  request.set_plan(kPlan);
  request.set_request_id(NewId());
  for (const std::string& id : ids) {
    v1::PaymentItem& item = *request.add_items();
    item.set_subsidy_case(NameOf(id));
    item.set_bank_account("6222020200112233445");
    item.set_account_holder(kLeadName);
  }
  return request;
}

v1::ReleasePaymentRequest SubsidyTest::ReleaseOf(const v1::PaymentList& list) {
  v1::ReleasePaymentRequest request;
  request.set_name(list.name());
  request.set_request_id(NewId());
  request.set_list_digest(list.digest());
  return request;
}

v1::RecordPaymentRequest SubsidyTest::ConfirmPaidOf(const std::string& id,
                                                    const std::string& reference) {
  v1::RecordPaymentRequest request;
  request.set_name(NameOf(id));
  request.set_etag(EtagOf(id));
  request.set_request_id(NewId());
  request.set_paid(true);
  request.set_bank_reference(reference);
  *request.mutable_receipt() = DocumentOf("银行回单");
  return request;
}

v1::RecordPaymentRequest SubsidyTest::ConfirmFailedOf(const std::string& id,
                                                      const std::string& reference) {
  v1::RecordPaymentRequest request = ConfirmPaidOf(id, reference);
  request.set_paid(false);
  request.set_reason("账户已注销，退汇。");
  return request;
}

v1::ClaimBackRequest SubsidyTest::ClaimOf(const std::string& id, int64_t corrected_rd_fen) {
  v1::ClaimBackRequest request;
  request.set_name(NameOf(id));
  request.set_etag(EtagOf(id));
  request.set_request_id(NewId());
  request.set_corrected_rd_fen(corrected_rd_fen);
  request.set_reason("专项审计核减。");
  *request.mutable_decision() = DocumentOf("追回决定");
  return request;
}

v1::RecordRecoveryRequest SubsidyTest::RecoveryOf(const std::string& id,
                                                  const std::string& reference) {
  v1::RecordRecoveryRequest request;
  request.set_name(NameOf(id));
  request.set_etag(EtagOf(id));
  request.set_request_id(NewId());
  request.set_bank_reference(reference);
  *request.mutable_receipt() = DocumentOf("缴款回单");
  return request;
}

v1::SubsidyCase SubsidyTest::Read(const std::string& id, const rpc::Call& reader) {
  v1::GetSubsidyCaseRequest request;
  request.set_name(NameOf(id));
  v1::SubsidyCase answer;
  EXPECT_DONE(service_.GetSubsidyCase(reader, request, &answer));
  return answer;
}

std::string SubsidyTest::StateOf(const std::string& id) {
  return Db().Value(base::StrCat("SELECT state FROM subsidy_case WHERE id='", id, "'"));
}

std::string SubsidyTest::FirstHistory(const std::string& id, const std::string& column) {
  return Db().Value(
      base::StrCat("SELECT ", column, " FROM history WHERE seq=1 AND case_id='", id, "'"));
}

int64_t SubsidyTest::UsedFen() { return Db().Count("SELECT used_fen FROM plan"); }

}  // namespace alliance::subsidy
