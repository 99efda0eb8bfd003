#include "services/review/fixture_test.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "services/review/convert.h"

namespace alliance::review {

using service_testing::Require;

namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void Replace(std::string& text, std::string_view from, std::string_view to) {
  const size_t at = text.find(from);
  Require(at != std::string::npos, from);
  text.replace(at, from.size(), to);
}

rules::Packs& Rounds() {
  static rules::Packs& packs = *[] {
    const std::string path = base::StrCat(ALLIANCE_SOURCE_DIR, "/common/rules/2023.textproto");
    std::string strict = ReadFile(path);
    Replace(strict, "id: \"2023-tsl\"", "id: \"2023-strict\"");
    Replace(strict, "unit: \"workday\"", "unit: \"calendar_day\"");
    Replace(strict, "early_close_asks: true",
            "early_close_asks: false\n"
            "  regions { region: \"210100\" days: 3 unit: \"workday\" early_close_asks: true }");
    const std::string strict_path = ::testing::TempDir() + "/review_strict.textproto";
    std::ofstream(strict_path) << strict;
    std::string desk = ReadFile(path);
    Replace(desk, "id: \"2023-tsl\"", "id: \"2023-desk\"");
    Replace(desk, "zone_name: \"大连高新技术产业园区\"",
            "zone_name: \"大连高新技术产业园区\" route: \"via_city\"");
    Replace(desk, "recommender_deadline_shown:",
            "region_deadlines { region: \"HTZ-DL\""
            " recommender_deadline_time: \"2023-04-27T00:00:00+08:00\" }\n"
            "  region_deadlines { region: \"210204\""
            " recommender_deadline_time: \"2023-04-26T00:00:00+08:00\" }\n"
            "  recommender_deadline_shown:");
    desk +=
        "\ndesk { basis { clause: \"细则6(2)\" sample: true } case_workdays: 3 }"
        "\ndistricts { code: \"210204\" office_name: \"沙河口区科技局\" city: \"210200\" }\n";
    const std::string desk_path = ::testing::TempDir() + "/review_desk.textproto";
    std::ofstream(desk_path) << desk;
    absl::StatusOr<rules::Packs> loaded = rules::Packs::Load({path, strict_path, desk_path});
    Require(loaded.ok(), loaded.status().ToString());
    return new rules::Packs(*std::move(loaded));
  }();
  return packs;
}

}  // namespace

rpc::Call Li() { return CallOf(domain::Role::kRecommender, "li", "210200"); }
rpc::Call Wang() { return CallOf(domain::Role::kRecommender, "wang", "210200"); }
rpc::Call Zhang() { return CallOf(domain::Role::kRecommender, "zhang", "HTZ-DL"); }
rpc::Call Zhao() { return CallOf(domain::Role::kRecommender, "zhao", "210100"); }
rpc::Call Sun() { return CallOf(domain::Role::kRecommender, "sun", "210204"); }
rpc::Call Province() { return CallOf(domain::Role::kProvince, "gao"); }
rpc::Call Public() { return CallOf(domain::Role::kPublic, "public"); }
rpc::Call Operator() { return CallOf(domain::Role::kOperator, "ops"); }
rpc::Call Lead() { return CallOf(domain::Role::kApplicant, "firm", "", kLeadCode); }
rpc::Call OtherLead() {
  return CallOf(domain::Role::kApplicant, "rival", "", "91210100MA0XX00023");
}

v1::Notice NoticeOf(std::string_view title) {
  v1::Notice notice;
  notice.set_channel("大连市科技局网站");
  notice.set_link("https://kjj.example.cn/notices/1");
  *notice.mutable_text() = DocumentOf(title);
  return notice;
}

testdb::Schema& ReviewTest::Db() {
  static testdb::Schema& schema =
      *testdb::Schema::Make("alliance_review", {"services/review"}, 8).release();
  return schema;
}

ReviewTest::ReviewTest()
    : clock_(At("2023-04-20 10:00:00")),
      deps_{.service = "review", .pool = Db().pool(), .clock = clock_, .packs = Rounds()},
      service_(deps_),
      inbox_(deps_, [this](act::Step& step, const events::v1::Event& event) {
        return ApplyEvent(deps_, step, event);
      }) {}

void ReviewTest::SetUp() { Db().Clear(); }

void ReviewTest::TearDown() { EXPECT_EQ(AuditFindings(), ""); }

std::string ReviewTest::AuditFindings() {
  return service_testing::AuditFindings(
      Db(),
      {"review_case", "review_version", "condition_decision", "rd_decision", "case_return",
       "notice_batch", "notice_line", "notice_outcome", "objection", "objection_decision",
       "recommendation", "recommendation_line", "recommendation_list", "recommendation_list_line",
       "extension", "forwarding", "delegation", "interest_declaration"});
}

events::v1::ApplicationVersion ReviewTest::Version(int number) {
  events::v1::ApplicationVersion version;
  version.set_number(number);
  version.set_round(kRound);
  version.set_recommender_region("210200");
  version.set_rules_digest(Rounds().Find(kRound)->digest_hex());
  version.set_receive_time_us(absl::ToUnixMicros(clock_.Now()));
  filing::v1::ApplicationForm* form = version.mutable_form();
  form->set_alliance_name("大连市智能装备联盟");
  form->set_technical_field(filing::v1::ADVANCED_MANUFACTURING_AND_AUTOMATION);
  form->mutable_lead()->set_enterprise_name("大连智造有限公司");
  form->mutable_lead()->set_credit_code(kLeadCode);
  form->mutable_lead()->mutable_rd_spend_fen()->set_y1(150'000'000);
  form->mutable_contact()->set_display_name("王工");
  form->mutable_contact()->set_phone("13812341234");
  filing::v1::Paper* paper = version.add_papers();
  paper->set_slot("A4B_AUDIT_REPORT");
  paper->set_file_name("审计报告.pdf");
  paper->set_sha256(crypto::Sha256("audit"));
  return version;
}

events::v1::ApplicationVersion ReviewTest::VersionFor(const std::string& region,
                                                      const char* round) {
  events::v1::ApplicationVersion version = Version();
  version.set_recommender_region(region);
  version.set_round(round);
  version.set_rules_digest(Rounds().Find(round)->digest_hex());
  return version;
}

events::v1::Event ReviewTest::SubmittedEvent(const std::string& id, int sequence, int handoff,
                                             const events::v1::ApplicationVersion& version) {
  events::v1::Event event;
  event.set_event_id(NewId());
  event.set_source("filing");
  event.set_case_id(id);
  event.set_sequence(sequence);
  event.set_occur_time_us(absl::ToUnixMicros(clock_.Now()));
  event.set_handoff_sequence(handoff);
  const std::string bytes = version.SerializeAsString();
  event.mutable_application_submitted()->set_version(bytes);
  event.mutable_application_submitted()->set_version_digest(crypto::Sha256(bytes));
  return event;
}

absl::Status ReviewTest::Deliver(const events::v1::Event& event, bool* applied) {
  return service_testing::Deliver(inbox_, event, applied);
}

std::string ReviewTest::Submitted() { return Submitted(Version()); }

std::string ReviewTest::Submitted(const events::v1::ApplicationVersion& version) {
  const std::string id = NewId();
  EXPECT_DONE(Deliver(SubmittedEvent(id, 1, 1, version)));
  return id;
}

std::string ReviewTest::Reviewing() {
  const std::string id = Submitted();
  v1::ReviewCase answer;
  EXPECT_DONE(service_.ClaimCase(Li(), ClaimOf(id), &answer));
  return id;
}

std::string ReviewTest::Passed() { return Passed(Version(), Li()); }

std::string ReviewTest::Passed(const events::v1::ApplicationVersion& version,
                               const rpc::Call& reviewer) {
  const std::string id = Submitted(version);
  v1::ReviewCase answer;
  EXPECT_DONE(service_.ClaimCase(reviewer, ClaimOf(id), &answer));
  EXPECT_DONE(Record(id, reviewer));
  v1::PassCaseRequest pass;
  pass.set_name(base::StrCat(kCasePrefix, id));
  pass.set_etag(EtagOf(id));
  EXPECT_DONE(service_.PassCase(reviewer, Repeatable(pass), &answer));
  return id;
}

std::string ReviewTest::InNotice() {
  const std::string id = Passed();
  v1::NoticeBatch batch;
  v1::OpenNoticeRequest request = NoticeRequestOf({id});
  request.set_reason("公示期顺延");  // asked for when it ends too late to recommend
  EXPECT_DONE(service_.OpenNotice(Li(), request, &batch));
  batch_ = batch.name();
  return id;
}

std::string ReviewTest::Objected() {
  const std::string id = InNotice();
  v1::FileObjectionResponse answer;
  EXPECT_DONE(service_.FileObjection(Public(), ObjectionTo(id), &answer));
  return id;
}

std::vector<std::string> ReviewTest::NoticesClosed(int count) {
  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) ids.push_back(InNotice());
  clock_.Set(At("2023-04-27 00:00:00"));
  for (const std::string& id : ids) {
    EXPECT_EQ(Read(id).state(), filing::v1::Application::NOTICE_CLOSED);
  }
  return ids;
}

std::string ReviewTest::Recommended() {
  const std::string id = NoticeClosed();
  v1::Recommendation answer;
  EXPECT_DONE(service_.RecommendCases(Li(), RecommendationOf({id}), &answer));
  return id;
}

v1::ReviewCase ReviewTest::Read(const std::string& id, const rpc::Call& reader) {
  v1::GetReviewCaseRequest request;
  request.set_name(base::StrCat(kCasePrefix, id));
  v1::ReviewCase answer;
  EXPECT_DONE(service_.GetReviewCase(reader, request, &answer));
  return answer;
}

std::string ReviewTest::StateOf(const std::string& id) {
  return Db().Value(base::StrCat("SELECT state FROM review_case WHERE id = '", id, "'"));
}

v1::ClaimCaseRequest ReviewTest::ClaimOf(const std::string& id) {
  v1::ClaimCaseRequest request;
  request.set_name(base::StrCat(kCasePrefix, id));
  request.set_etag(EtagOf(id));
  request.set_request_id(NewId());
  request.set_no_conflict_of_interest(true);
  return request;
}

v1::RecordConditionsRequest ReviewTest::FindingsOf(const std::string& id) {
  v1::RecordConditionsRequest request;
  request.set_name(base::StrCat(kCasePrefix, id));
  request.set_etag(EtagOf(id));
  request.set_request_id(NewId());
  for (const domain::ConditionRow& row : domain::kConditions) {
    v1::ConditionRecord* record = request.add_conditions();
    record->set_condition(std::string(row.id));
    record->set_verdict(v1::ConditionRecord::PASS);
    record->set_reason("材料齐全，符合条件");
    record->set_evidence("A2_AGREEMENT 第3页");
  }
  request.set_verified_rd_fen(123'450'000);
  request.set_verified_rd_evidence("audit_report");
  return request;
}

v1::ReturnCaseRequest ReviewTest::ReturnOf(const std::string& id) {
  v1::ReturnCaseRequest request;
  request.set_name(base::StrCat(kCasePrefix, id));
  request.set_etag(EtagOf(id));
  request.set_request_id(NewId());
  filing::v1::FieldMark* mark = request.add_marks();
  mark->set_field("lead.rd_spend_fen.y1");
  mark->set_reason("与审计报告不一致");
  return request;
}

v1::OpenNoticeRequest ReviewTest::NoticeRequestOf(const std::vector<std::string>& ids) {
  v1::OpenNoticeRequest request;
  for (const std::string& id : ids) request.add_review_cases(base::StrCat(kCasePrefix, id));
  request.set_request_id(NewId());
  *request.mutable_notice() = NoticeOf("推荐名单公示");
  return request;
}

v1::FileObjectionRequest ReviewTest::ObjectionTo(const std::string& id) {
  v1::FileObjectionRequest request;
  request.set_review_case(base::StrCat(kCasePrefix, id));
  request.set_request_id(NewId());
  request.set_objector_name("李明");
  request.set_objector_contact("13900001111");
  request.set_grounds("研发费用不实");
  *request.mutable_evidence() = DocumentOf("证明材料");
  return request;
}

v1::HandleObjectionRequest ReviewTest::HandlingOf(const std::string& id) {
  v1::HandleObjectionRequest request;
  request.set_name(base::StrCat(kCasePrefix, id));
  request.set_etag(EtagOf(id));
  request.set_request_id(NewId());
  request.set_reason("经核查");
  *request.mutable_record() = DocumentOf("异议处理记录");
  *request.mutable_notice() = NoticeOf("再次公示");
  return request;
}

v1::RecommendCasesRequest ReviewTest::RecommendationOf(const std::vector<std::string>& ids,
                                                       const rpc::Call& by) {
  v1::RecommendCasesRequest request;
  std::vector<std::string> lines;
  for (const std::string& id : ids) {
    const v1::ReviewCase one = Read(id, Province());
    request.add_review_cases(one.name());
    lines.push_back(base::StrCat(one.name(), "\t", one.version_digest(), "\n"));
  }
  std::sort(lines.begin(), lines.end());
  std::string list;
  for (const std::string& line : lines) list += line;
  request.set_request_id(NewId());
  *request.mutable_formal_letter() = DocumentOf("推荐函");
  request.set_list_digest(crypto::Hex(crypto::Sha256(list)));
  // Where it can be frozen; a test of what cannot goes on without a list.
  v1::RecommendationList frozen;
  if (service_.PrepareRecommendation(by, PreparationOf(ids), &frozen).ok()) {
    request.set_recommendation_list(frozen.name());
  }
  return request;
}

v1::PrepareRecommendationRequest ReviewTest::PreparationOf(const std::vector<std::string>& ids) {
  v1::PrepareRecommendationRequest request;
  for (const std::string& id : ids) request.add_review_cases(base::StrCat(kCasePrefix, id));
  request.set_request_id(NewId());
  const filing::v1::Document letter = DocumentOf("推荐函");
  request.set_letter_number(letter.document_number());
  request.set_letter_date(letter.issue_date());
  request.set_letter_issuer(letter.issuer());
  return request;
}

absl::Status ReviewTest::Record(const std::string& id, const rpc::Call& by) {
  v1::ReviewCase answer;
  return service_.RecordConditions(by, FindingsOf(id), &answer);
}

absl::Status ReviewTest::Declare(const std::string& id, const rpc::Call& by, bool none,
                                 const std::string& reason) {
  v1::DeclareInterestRequest request;
  request.set_name(base::StrCat(kCasePrefix, id));
  request.set_request_id(NewId());
  request.set_no_conflict_of_interest(none);
  request.set_reason(reason);
  v1::ReviewCase answer;
  return service_.DeclareInterest(by, request, &answer);
}

v1::ForwardCasesRequest ReviewTest::ForwardingOf(const std::vector<std::string>& ids,
                                                 const rpc::Call& by) {
  const v1::RecommendCasesRequest list = RecommendationOf(ids, by);
  v1::ForwardCasesRequest request;
  *request.mutable_review_cases() = list.review_cases();
  request.set_request_id(NewId());
  *request.mutable_formal_letter() = list.formal_letter();
  request.set_list_digest(list.list_digest());
  request.set_recommendation_list(list.recommendation_list());
  return request;
}

std::vector<events::v1::Event> ReviewTest::Emitted() {
  std::vector<events::v1::Event> events = service_testing::Emitted(Db());
  std::erase_if(events, [](const events::v1::Event& e) { return e.has_interest_declared(); });
  return events;
}

events::v1::Event ReviewTest::LastEvent() {
  std::vector<events::v1::Event> events = Emitted();
  return events.empty() ? events::v1::Event() : events.back();
}

}  // namespace alliance::review
