// Fields as people type them, the checks' answer and the field guide.

#include "services/filing/field_entry.h"

#include <map>
#include <set>

#include "common/base/str.h"
#include "common/domain/form_fields.h"
#include "google/protobuf/text_format.h"
#include "services/filing/case_fixture.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Role;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

using domain::kFenPerWan;

// The law's table and the wire name the same fields, and the same words of each choice.
TEST(FieldEntry, TheTableAndTheWireAgree) {
  std::set<std::string> named;
  for (const domain::FieldRow& row : domain::FormFields()) {
    const Descriptor* message = v1::ApplicationForm::descriptor();
    const FieldDescriptor* field = nullptr;
    std::string path(row.path);
    for (size_t at = path.find("[]"); at != std::string::npos; at = path.find("[]")) {
      path.erase(at, 2);
    }
    for (std::string_view rest = path; !rest.empty();) {
      const size_t point = std::min(rest.find('.'), rest.size());
      field = message->FindFieldByName(std::string(rest.substr(0, point)));
      ASSERT_NE(field, nullptr) << path;
      rest.remove_prefix(std::min(point + 1, rest.size()));
      if (!rest.empty()) message = field->message_type();
    }
    named.insert(path);
    const bool years = field->message_type() == v1::TwoYearFen::descriptor() ||
                       field->message_type() == v1::TwoYearCount::descriptor();
    EXPECT_EQ(years, row.two_years) << path;
    EXPECT_EQ(field->is_repeated(), row.kind == domain::FieldKind::kSeveralOf) << path;
    if (field->enum_type() == nullptr) continue;
    EXPECT_EQ(field->enum_type()->value_count(), static_cast<int>(row.choices.size()) + 1) << path;
    for (const domain::FieldChoice& choice : row.choices) {
      const auto* value = field->enum_type()->FindValueByName(std::string(choice.word));
      ASSERT_NE(value, nullptr) << choice.word;
      EXPECT_EQ(value->number(), choice.number) << choice.word;
    }
  }
  // Nothing of the form is forgotten.
  EXPECT_EQ(named.size(), 39);
}

class EntryTest : public CaseFixture {
 protected:
  using Typed = std::vector<std::pair<std::string, std::string>>;

  static v1::UpdateApplicationRequest RequestOf(const v1::Application& application,
                                                const Typed& typed) {
    v1::UpdateApplicationRequest request;
    request.mutable_application()->set_name(application.name());
    request.mutable_application()->set_etag(application.etag());
    request.set_request_id(NewId());
    for (const auto& [field, text] : typed) {
      v1::FieldEntry* entry = request.add_entries();
      entry->set_field(field);
      entry->set_text(text);
    }
    return request;
  }

  absl::Status Type(const v1::Application& application, const Typed& typed,
                    v1::Application* answer) {
    return service_->UpdateApplication(As(Lead(), "UpdateApplication"),
                                       RequestOf(application, typed), answer);
  }
};

// Annex 2, row by row: what is typed, and beside it the nearest that is refused.
TEST_F(EntryTest, EveryFieldOfTheFormIsTypedAndItsNearestWrongIsRefused) {
  const struct {
    const char* field;
    const char* good;
    const char* wrong;
    const char* reason;
  } kTable[] = {
      {"alliance_name", "大连市传感联盟", "大连市\u202E联盟", "FORBIDDEN_CHARACTER"},       // R-040
      {"technical_field", "航空航天", "航天", "NOT_IN_LIST"},                               // R-041
      {"high_tech_zone", "HTZ-DL", "HTZ-BJ", "NOT_IN_LIST"},                                // R-042
      {"lead.lead_types", "瞪羚、雏鹰", "独角兽", "NOT_IN_LIST"},                           // R-043
      {"lead.staff.y1", "121", "121.5", "NOT_A_COUNT"},                                     // R-044
      {"lead.tech_staff.y2", "36", "-36", "NEGATIVE"},                                      // R-045
      {"lead.rd_spend_fen.y1", "601.02", "601.025", "AMOUNT_TOO_MANY_DECIMALS"},            // R-046
      {"lead.cooperation_spend_fen.y2", "61", "-61", "AMOUNT_NEGATIVE"},                    // R-047
      {"lead.sales_fen.y1", "9001.03", "-0.01", "AMOUNT_NEGATIVE"},                         // R-048
      {"lead.hightech_income_fen.y1", "6001", "6001 万元", "AMOUNT_NOT_A_NUMBER"},          // R-049
      {"lead.profit_fen.y1", "-20.55", "-20.555", "AMOUNT_TOO_MANY_DECIMALS"},              // R-050
      {"lead.ip_class1.y1", "4", "1000001", "OUT_OF_RANGE"},                                // R-051
      {"lead.ip_class2.y2", "9", "一", "NOT_A_COUNT"},                                      // R-051
      {"lead.projects_and_platforms", "省重点项目", "\u200B", "INVISIBLE_TEXT"},            // R-052
      {"alliance.cooperations[1].partner", "示例院", "示例\x01院", "FORBIDDEN_CHARACTER"},  // R-053
      {"alliance.cooperations[1].content_and_goals", "样机", "\xC0\xAF", "NOT_UTF8"},       // R-053
      {"alliance.cooperation_forms", "开展项目合作、其他", "合办食堂", "NOT_IN_LIST"},      // R-054
      {"alliance.sales_fen.y2", "8401", "1e3", "AMOUNT_NOT_A_NUMBER"},                      // R-055
      {"alliance.rd_spend_fen.y1", "701", "1000000000000", "AMOUNT_TOO_LARGE"},             // R-056
      {"alliance.member_count", "3", "3.0", "NOT_A_COUNT"},                                 // R-057
      {"alliance.enterprise_count", "2", "-2", "NEGATIVE"},                                 // R-058
      {"alliance.university_count", "1", "0x1", "NOT_A_COUNT"},                             // R-059
      {"alliance.institute_count", "0", "-0", "NOT_A_COUNT"},                               // R-060
      {"alliance.cooperation_narrative", "一\r\n二", "\u3164", "INVISIBLE_TEXT"},           // R-061
      {"alliance.goals", "两项标准", "a\u202Eb", "FORBIDDEN_CHARACTER"},                    // R-062
      {"members[2].member_name", "示例公司", "示例\x07公司", "FORBIDDEN_CHARACTER"},        // R-063
      {"members[2].kind", "企业", "公司", "NOT_IN_LIST"},                                   // R-063
  };
  const v1::Application draft = Create();
  Typed good;
  Typed wrong;
  std::string refused;
  for (const auto& row : kTable) {
    good.emplace_back(row.field, row.good);
    wrong.emplace_back(row.field, row.wrong);
    v1::Application answer;
    const absl::Status status = Type(draft, {{row.field, row.wrong}}, &answer);
    EXPECT_TRUE(Refused(status, Reason::kInvalidRequest)) << row.field;
    EXPECT_EQ(Fields(status), base::StrCat(row.field, ":", row.reason));
  }
  v1::Application saved;
  const absl::Status status = Type(draft, good, &saved);
  ASSERT_TRUE(status.ok()) << status << Fields(status);
  v1::ApplicationForm expected = draft.form();
  ASSERT_TRUE(google::protobuf::TextFormat::MergeFromString(R"(
    alliance_name: "大连市传感联盟" technical_field: AEROSPACE high_tech_zone: "HTZ-DL"
    lead { staff { y1: 121 } tech_staff { y2: 36 } rd_spend_fen { y1: 601020000 }
           cooperation_spend_fen { y2: 61000000 } sales_fen { y1: 9001030000 }
           hightech_income_fen { y1: 6001000000 } profit_fen { y1: -20550000 }
           ip_class1 { y1: 4 } ip_class2 { y2: 9 } projects_and_platforms: "省重点项目" }
    alliance { cooperations { partner: "示例院" content_and_goals: "样机" }
               sales_fen { y2: 8401000000 } rd_spend_fen { y1: 701000000 } member_count: 3
               enterprise_count: 2 university_count: 1 institute_count: 0
               cooperation_narrative: "一\n二" goals: "两项标准" }
    members { member_name: "示例公司" kind: ENTERPRISE })",
                                                            &expected));
  expected.mutable_lead()->clear_lead_types();
  expected.mutable_lead()->add_lead_types(v1::GAZELLE);
  expected.mutable_lead()->add_lead_types(v1::EAGLET);
  expected.mutable_alliance()->clear_cooperation_forms();
  expected.mutable_alliance()->add_cooperation_forms(v1::PROJECT);
  expected.mutable_alliance()->add_cooperation_forms(v1::OTHER_COOPERATION);
  EXPECT_EQ(saved.form().DebugString(), expected.DebugString());
}

// Every kind of field as it is typed.
TEST_F(EntryTest, EntriesAreSavedAsTyped) {
  const v1::Application draft = Create();
  v1::Application saved;
  const absl::Status status = Type(draft,
                                   {{"alliance_name", "大连市cafe\u0301联盟"},
                                    {"technical_field", "新材料"},
                                    {"lead.lead_types", "瞪羚、雏鹰"},
                                    {"lead.founded_date", "2015-06-30"},
                                    {"lead.staff.y1", "１，２００"},
                                    {"lead.staff.y2", ""},
                                    {"lead.rd_spend_fen.y1", "1,234.56"},
                                    {"lead.profit_fen.y1", "-12.3"},
                                    {"lead.evidenced_rd_fen", "1234"},
                                    {"lead.rd_evidence_kind", "专项审计报告"},
                                    {"alliance.member_count", "3"},
                                    {"alliance.goals", "一\r\n二"},
                                    {"members[1].kind", "研究机构"},
                                    {"members[2].member_name", "示例研究院"},
                                    {"members[2].kind", "INSTITUTE"},
                                    {"alliance.cooperations[1].partner", "示例研究院"}},
                                   &saved);
  ASSERT_TRUE(status.ok()) << status << Fields(status);
  const v1::ApplicationForm& form = saved.form();
  EXPECT_EQ(form.alliance_name(), "大连市caf\u00E9联盟");  // NFC
  EXPECT_EQ(form.technical_field(), v1::NEW_MATERIALS);
  ASSERT_EQ(form.lead().lead_types_size(), 2);
  EXPECT_EQ(form.lead().lead_types(1), v1::EAGLET);
  EXPECT_EQ(form.lead().founded_date(), "2015-06-30");
  EXPECT_EQ(form.lead().staff().y1(), 1'200);
  EXPECT_FALSE(form.lead().staff().has_y2());  // empty is not 0
  EXPECT_EQ(form.lead().rd_spend_fen().y1(), 1'234'560'000);
  EXPECT_EQ(form.lead().rd_spend_fen().y2(), 500 * kFenPerWan);  // not named: not touched
  EXPECT_EQ(form.lead().profit_fen().y1(), -12'300'000);
  EXPECT_EQ(form.lead().evidenced_rd_fen(), 1'234 * kFenPerWan);
  EXPECT_EQ(form.lead().rd_evidence_kind(), "audit_report");
  EXPECT_EQ(form.alliance().member_count(), 3);
  EXPECT_EQ(form.alliance().goals(), "一\n二");
  EXPECT_EQ(form.members(1).kind(), v1::INSTITUTE);
  ASSERT_EQ(form.members_size(), 3);
  EXPECT_EQ(form.members(2).member_name(), "示例研究院");
  EXPECT_EQ(form.members(2).kind(), v1::INSTITUTE);
  EXPECT_EQ(form.alliance().cooperations(1).partner(), "示例研究院");
  EXPECT_EQ(Get(draft.name(), Lead()).form().SerializeAsString(), form.SerializeAsString());
}

// One answer names all that is wrong, of entries and of the form, and nothing is saved.
TEST_F(EntryTest, OneWrongEntrySavesNothingAndAllAreNamed) {
  const v1::Application draft = Create();
  v1::UpdateApplicationRequest request = RequestOf(draft, {{"alliance_name", "大连市新联盟"},
                                                           {"lead.rd_spend_fen.y1", "1.234"},
                                                           {"lead.sales_fen.y1", "-5"},
                                                           {"lead.profit_fen.y2", "1e3"},
                                                           {"lead.staff.y1", "1.5"},
                                                           {"lead.founded_date", "06/30/2015"},
                                                           {"technical_field", "别的"},
                                                           {"lead.staff", "5"},
                                                           {"lead.nothing", "5"},
                                                           {"state", "REGISTERED"},
                                                           {"members[9].kind", "企业"},
                                                           {"members[200].kind", "企业"},
                                                           {"members.kind", "企业"},
                                                           {"lead.lead_types[0]", "瞪羚"},
                                                           {"alliance_name", "再来一次"},
                                                           {"alliance.goals", "\u200B"}});
  request.mutable_application()->mutable_form()->mutable_lead()->mutable_ip_class1()->set_y1(-1);
  v1::Application answer;
  const absl::Status status =
      service_->UpdateApplication(As(Lead(), "UpdateApplication"), request, &answer);
  EXPECT_TRUE(Refused(status, Reason::kInvalidRequest));
  EXPECT_EQ(Fields(status),
            "lead.rd_spend_fen.y1:AMOUNT_TOO_MANY_DECIMALS lead.sales_fen.y1:AMOUNT_NEGATIVE"
            " lead.profit_fen.y2:AMOUNT_NOT_A_NUMBER lead.staff.y1:NOT_A_COUNT"
            " lead.founded_date:NOT_A_DAY technical_field:NOT_IN_LIST lead.staff:NO_SUCH_FIELD"
            " lead.nothing:NO_SUCH_FIELD state:NO_SUCH_FIELD members[9].kind:ROW_MISSING"
            " members[200].kind:TOO_MANY_ROWS members.kind:NO_SUCH_FIELD"
            " lead.lead_types[0]:NO_SUCH_FIELD alliance_name:DUPLICATE"
            " lead.ip_class1.y1:NEGATIVE alliance.goals:INVISIBLE_TEXT");
  const auto details = domain::DetailsOf(status);
  for (const auto& field : details->fields) {
    EXPECT_FALSE(field.zh.empty()) << field.field;
    EXPECT_FALSE(field.en.empty()) << field.field;
  }
  const v1::Application read = Get(draft.name(), Lead());
  EXPECT_EQ(read.etag(), draft.etag());
  EXPECT_EQ(read.form().SerializeAsString(), draft.form().SerializeAsString());
}

TEST_F(EntryTest, AnEmptyEntryMakesNothing) {
  v1::CreateApplicationRequest create;
  create.set_round(kRound);
  create.set_request_id(NewId());
  create.mutable_application()->set_recommender_region(kDalian);
  v1::Application draft;
  ASSERT_TRUE(service_->CreateApplication(As(Lead(), "CreateApplication"), create, &draft).ok());
  v1::Application saved;
  ASSERT_TRUE(Type(draft,
                   {{"lead.rd_spend_fen.y1", ""},
                    {"alliance.goals", " "},
                    {"members[0].position", ""},
                    {"contact.phone", ""}},
                   &saved)
                  .ok());
  EXPECT_EQ(saved.form().SerializeAsString(), draft.form().SerializeAsString());
}

// R-046: an amount in fen says no more than one in 万元 can.
TEST_F(EntryTest, FenAreWholeHundredthsOfWan) {
  const v1::Application draft = Create();
  v1::UpdateApplicationRequest request = RequestOf(draft, {});
  auto* spent =
      request.mutable_application()->mutable_form()->mutable_lead()->mutable_rd_spend_fen();
  spent->set_y1(600 * kFenPerWan + 9'999);
  v1::Application answer;
  const rpc::Call call = As(Lead(), "UpdateApplication");
  const absl::Status status = service_->UpdateApplication(call, request, &answer);
  EXPECT_TRUE(Refused(status, Reason::kInvalidRequest));
  EXPECT_EQ(Fields(status), "lead.rd_spend_fen.y1:AMOUNT_TOO_MANY_DECIMALS");
  spent->set_y1(600 * kFenPerWan + 10'000);
  request.set_request_id(NewId());
  EXPECT_TRUE(service_->UpdateApplication(call, request, &answer).ok());
}

// 填写检查: errors, what a reviewer must answer, and warnings apart, each with its label and
// clause.
TEST_F(EntryTest, ACheckPartsErrorsOverridesAndWarnings) {
  v1::Application draft = CreateComplete();
  ASSERT_TRUE(Type(draft,
                   {{"lead.tech_staff.y1", "121"},     // X01
                    {"lead.evidenced_rd_fen", "500"},  // X09
                    {"lead.rd_evidence_kind", "a107012_row40"},
                    {"members[1].credit_code", "12100000422436090A"}},  // CHECK_CHAR
                   &draft)
                  .ok());
  v1::ValidateApplicationRequest request;
  request.set_name(draft.name());
  v1::ValidateApplicationResponse answer;
  ASSERT_TRUE(
      service_->ValidateApplication(As(Lead(), "ValidateApplication"), request, &answer).ok());
  const auto found = [](const auto& problems, const char* field, const char* reason) {
    for (const v1::FormProblem& problem : problems) {
      if (problem.field() != field || problem.reason() != reason) continue;
      EXPECT_FALSE(problem.text_zh().empty());
      EXPECT_FALSE(problem.text_en().empty());
      EXPECT_FALSE(problem.clause().empty()) << problem.reason();
      EXPECT_FALSE(problem.label_en().empty());
      return problem.label_zh();
    }
    return std::string("not found");
  };
  EXPECT_EQ(found(answer.errors(), "lead.tech_staff.y1", "X01"), "科技人员（2022年）");
  EXPECT_EQ(found(answer.warnings(), "lead.evidenced_rd_fen", "X09"), "证明材料所示研究开发费用");
  EXPECT_EQ(found(answer.needs_override(), "members[1].credit_code", "CHECK_CHAR"),
            "联盟成员单位第2行·成员单位法人代码");
  EXPECT_EQ(found(answer.warnings(), "members[1].credit_code", "CHECK_CHAR"), "not found");
  EXPECT_EQ(answer.official_notes_size(), 0);
  for (const v1::FormProblem& problem : answer.needs_override()) {
    EXPECT_TRUE(problem.needs_override());
  }
}

// The form's own words and limits, and beside each field its definition.
TEST_F(EntryTest, TheGuideSaysWhatTheFormSays) {
  v1::GetFormGuideRequest request;
  request.set_round(kRound);
  v1::FormGuide guide;
  const rpc::Call anybody = As(Official(Role::kPublic), "GetFormGuide");
  ASSERT_TRUE(service_->GetFormGuide(anybody, request, &guide).ok());
  EXPECT_EQ(guide.rules_digest(), packs_->Latest()->digest_hex());
  std::map<std::string, v1::FormField> fields;
  int notes = 0;
  for (const v1::FormField& field : guide.fields()) {
    EXPECT_TRUE(fields.emplace(field.path(), field).second) << field.path();
    EXPECT_FALSE(field.label_zh().empty());
    EXPECT_FALSE(field.label_en().empty());
    EXPECT_FALSE(field.clause().empty());
    EXPECT_EQ(field.may_be_negative(), field.path().starts_with("lead.profit_fen")) << field.path();
    if (!field.note().empty()) ++notes;
  }
  EXPECT_EQ(notes, 2 + 7 * 2);  // two fields without years, seven with
  EXPECT_EQ(fields["lead.rd_spend_fen.y2"].label_zh(), "研究开发费用（2021年）");
  EXPECT_EQ(fields["lead.rd_spend_fen.y2"].unit(), "万元");
  EXPECT_EQ(fields["lead.rd_spend_fen.y2"].upper_limit(), 1'000'000'000);
  EXPECT_EQ(fields["lead.tech_staff.y1"].kind(), v1::FormField::COUNT);
  EXPECT_EQ(fields["lead.tech_staff.y1"].clause(), "表 填表说明4");
  const struct {
    const char* field;
    const char* says;
  } kNotes[] = {
      {"technical_field", "先进制造与自动化"},                         // R-070
      {"high_tech_zone", "省级高新区或者沈大自创区"},                  // R-071
      {"lead.tech_staff.y1", "包括在职、兼职和临时聘用人员"},          // R-072
      {"lead.cooperation_spend_fen.y2", "科研院所、大专院校"},         // R-073
      {"lead.hightech_income_fen.y1", "收入与技术性收入的总和"},       // R-074
      {"lead.ip_class1.y2", "发明专利（含国防专利）"},                 // R-075
      {"lead.ip_class2.y1", "（不含商标）"},                           // R-076
      {"alliance.sales_fen.y1", "联盟全部成员的销售收入总和"},         // R-077
      {"alliance.rd_spend_fen.y1", "联盟全部成员的研究开发费用总和"},  // R-078
  };
  for (const auto& [field, says] : kNotes) {
    EXPECT_NE(fields[field].note().find(says), std::string::npos) << field;
  }
  EXPECT_EQ(fields["lead.staff.y1"].note(), "");  // the form defines no other term
  EXPECT_EQ(fields["alliance.goals"].character_limit(), 500);
  EXPECT_EQ(fields["members[].position"].row_limit(), 200);
  EXPECT_EQ(fields["technical_field"].choices_size(), 8);
  EXPECT_EQ(fields["high_tech_zone"].choices_size(), 15);
  EXPECT_EQ(fields["high_tech_zone"].choices(1).label_zh(), "大连高新技术产业园区");
  EXPECT_FALSE(fields["high_tech_zone"].required());
  request.set_round("rounds/none");
  EXPECT_TRUE(Refused(service_->GetFormGuide(anybody, request, &guide), Reason::kRoundUnknown));
  request.set_round("none");
  EXPECT_TRUE(Refused(service_->GetFormGuide(anybody, request, &guide), Reason::kInvalidRequest));
}

}  // namespace
}  // namespace alliance::filing
