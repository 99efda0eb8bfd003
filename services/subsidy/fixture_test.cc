#include "services/subsidy/fixture_test.h"

#include "absl/time/clock.h"
#include "common/audit/verify.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/crypto/signing.h"
#include "services/subsidy/apply_events.h"
#include "services/subsidy/convert.h"

namespace alliance::subsidy {

rpc::Call CallOf(domain::Role role, std::string account, std::string organisation) {
  return {.caller = {.account = std::move(account),
                     .role = role,
                     .organisation = std::move(organisation)},
          .method = "/alliance.subsidy.v1.SubsidyService/Test",
          .peer = "gateway",
          .deadline = testdb::Soon(),
          .trace = rpc::Trace::Continue("")};
}
rpc::Call Finance(std::string account) {
  return CallOf(domain::Role::kFinance, std::move(account));
}
rpc::Call Approver(std::string account) {
  return CallOf(domain::Role::kApprover, std::move(account));
}
rpc::Call Public() { return CallOf(domain::Role::kPublic, "public"); }

filing::v1::Document DocumentOf(std::string_view title) {
  filing::v1::Document document;
  document.set_title(std::string(title));
  document.set_sha256(std::string(32, 'd'));
  return document;
}

std::string WordOf(const absl::Status& status) {
  if (status.ok()) return "OK";
  const auto details = domain::DetailsOf(status);
  return details ? details->reason : status.ToString();
}

testdb::Schema& SubsidyTest::Db() {
  static testdb::Schema& schema =
      *testdb::Schema::Make("alliance_subsidy", {"services/subsidy"}).release();
  return schema;
}

const rules::Packs& SubsidyTest::Packs() {
  static const rules::Packs& packs = *new rules::Packs(
      rules::Packs::Load({base::StrCat(ALLIANCE_SOURCE_DIR, "/common/rules/2023.textproto")})
          .value());
  return packs;
}

SubsidyTest::SubsidyTest()
    : clock_(domain::StartOf(absl::CivilDay(2024, 3, 1)) + absl::Hours(9)),
      deps_{.service = "subsidy", .pool = Db().pool(), .clock = clock_, .packs = Packs()},
      serve_({.service = "subsidy", .workers = 1}),
      service_(serve_, deps_),
      apply_(ApplyEvents(deps_)) {}

void SubsidyTest::SetUp() { Db().Clear(); }

void SubsidyTest::TearDown() {
  const std::string key = base::StrCat(::testing::TempDir(), "subsidy-test-", base::NewUuid7());
  ASSERT_TRUE(crypto::GenerateKeyFiles(key, key + ".pub").ok());
  const auto verifier = crypto::Verifier::Load(key + ".pub");
  auto auditor = db::Pool::Open(Db().AuditOptions());
  ASSERT_TRUE(auditor.ok()) << auditor.status();
  const auto report = audit::Verify(**auditor, *verifier, {}, testdb::Soon());
  ASSERT_TRUE(report.ok()) << report.status();
  for (const audit::Finding& finding : report->findings)
    ADD_FAILURE() << finding.row << ": " << finding.text;
}

std::string SubsidyTest::Evaluated(int64_t rd_fen, std::string grade, int total_hundredths) {
  const std::string alliance = base::NewUuid7();
  const std::string id = alliance + "-2023";
  events::v1::Event registered;
  registered.set_source("filing");
  registered.set_case_id(alliance);
  auto& body = *registered.mutable_alliance_registered();
  body.set_alliance_id(alliance);
  body.set_registry_number("LN-TSL-2023-" + alliance.substr(30));
  body.set_lead_name("大连示例科技有限公司");
  body.set_lead_credit_code(kLeadCode);
  body.set_region("210200");
  body.set_first_receive_time_us(1'682'000'000'000'000);
  events::v1::Event published;
  published.set_source("evaluation");
  published.set_case_id(id);
  published.set_handoff_sequence(2);
  auto& result = *published.mutable_evaluation_published();
  result.set_alliance_id(alliance);
  result.set_year(2023);
  result.set_grade(grade);
  result.set_total_hundredths(total_hundredths);
  result.set_verified_rd_fen(rd_fen);
  result.set_evidence_sha256(std::string(32, 'e'));
  for (const auto* event : {&registered, &published}) {
    EXPECT_DONE(act::Sweep(deps_, CallOf(domain::Role::kClock, "service:filing"),
                           [&](act::Step& step) { return apply_(step, *event); }));
  }
  return id;
}

void SubsidyTest::Plan(int64_t budget_fen) {
  v1::CreatePlanRequest request;
  request.set_year(2023);
  request.set_budget_fen(budget_fen);
  request.set_request_id(base::NewUuid7());
  *request.mutable_budget_document() = DocumentOf("预算批复");
  v1::Plan plan;
  EXPECT_DONE(service_.CreatePlan(Finance(), request, &plan));
}

v1::Run SubsidyTest::Prepared() {
  v1::PrepareRunRequest request;
  request.set_plan(kPlan);
  request.set_request_id(base::NewUuid7());
  v1::Run run;
  EXPECT_DONE(service_.PrepareRun(Finance(), request, &run));
  return run;
}

absl::Status SubsidyTest::Freeze(const v1::Run& run, const rpc::Call& call, v1::Run* answer) {
  v1::FreezeRunRequest request;
  request.set_name(run.name());
  request.set_request_id(base::NewUuid7());
  request.set_run_digest(run.digest());
  *request.mutable_approval() = DocumentOf("审批单");
  return service_.FreezeRun(call, request, answer);
}

std::string SubsidyTest::InNotice(int64_t rd_fen) {
  const std::string id = Evaluated(rd_fen);
  if (Db().Count("SELECT COUNT(*) FROM plan") == 0) Plan(500 * kWan);
  const v1::Run run = Prepared();
  v1::Run frozen;
  EXPECT_DONE(Freeze(run, Approver(), &frozen));
  v1::OpenSubsidyNoticeRequest request;
  request.set_run(run.name());
  request.set_request_id(base::NewUuid7());
  *request.mutable_notice() = DocumentOf("补助公示");
  v1::OpenSubsidyNoticeResponse opened;
  EXPECT_DONE(service_.OpenSubsidyNotice(Finance(), request, &opened));
  return id;
}

std::string SubsidyTest::Approved(int64_t rd_fen) {
  const std::string id = InNotice(rd_fen);
  clock_.Advance(absl::Hours(24 * 7));
  v1::SubsidyCase answer;
  EXPECT_DONE(service_.ApproveSubsidy(Approver("approver-2"), Decide(id), &answer));
  return id;
}

std::string SubsidyTest::Paying(int64_t rd_fen) {
  const std::string id = Approved(rd_fen);
  v1::PaymentList list;
  EXPECT_DONE(service_.PreparePayment(Finance(), PaymentOf(id), &list));
  v1::ReleasePaymentRequest release;
  release.set_name(list.name());
  release.set_request_id(base::NewUuid7());
  release.set_list_digest(list.digest());
  EXPECT_DONE(service_.ReleasePayment(Approver(), release, &list));
  return id;
}

v1::SubsidyCase SubsidyTest::Get(const std::string& id) {
  v1::GetSubsidyCaseRequest request;
  request.set_name(base::StrCat(kCases, id));
  v1::SubsidyCase answer;
  EXPECT_DONE(service_.GetSubsidyCase(Finance(), request, &answer));
  return answer;
}

v1::DecideSubsidyCaseRequest SubsidyTest::Decide(const std::string& id, std::string reason) {
  v1::DecideSubsidyCaseRequest request;
  request.set_name(base::StrCat(kCases, id));
  request.set_etag(Get(id).etag());
  request.set_request_id(base::NewUuid7());
  request.set_reason(std::move(reason));
  *request.mutable_document() = DocumentOf("处理意见");
  return request;
}

v1::FileSubsidyObjectionRequest SubsidyTest::ObjectionTo(const std::string& id) {
  v1::FileSubsidyObjectionRequest request;
  request.set_subsidy_case(base::StrCat(kCases, id));
  request.set_request_id(base::NewUuid7());
  request.set_objector_name("张三");
  request.set_objector_contact("13900001234");
  request.set_grounds("研发投入与审计报告不符");
  *request.mutable_evidence() = DocumentOf("审计报告复印件");
  return request;
}

v1::PreparePaymentRequest SubsidyTest::PaymentOf(const std::string& id) {
  v1::PreparePaymentRequest request;
  request.set_plan(kPlan);
  request.set_request_id(base::NewUuid7());
  v1::PaymentItem* item = request.add_items();
  item->set_subsidy_case(base::StrCat(kCases, id));
  item->set_bank_account("6222020200012345678");
  item->set_account_holder("大连示例科技有限公司");
  return request;
}

int64_t SubsidyTest::UsedFen() { return Db().Count("SELECT used_fen FROM plan"); }

}  // namespace alliance::subsidy
