#include "common/domain/form.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "common/domain/papers.h"
#include "gtest/gtest.h"

namespace alliance::domain {
namespace {

Fen Wan(int64_t wan) { return Fen(wan * kFenPerWan); }

FormRules Rules() {
  FormRules rules;
  rules.form_year = 2022;
  rules.reference_day = CivilDay(2023, 4, 3);
  rules.recommenders = {"210200", "21SF00", "HT-DL"};
  rules.zones = {"HT-DL"};
  rules.place_names = {"辽宁", "大连"};
  return rules;
}

Form GoodForm() {
  Form form{.recommender_region = "210200",
            .alliance_name = "大连市智能装备联盟",
            .technical_field = TechnicalField::kAdvancedManufacturingAndAutomation,
            .high_tech_zone = "HT-DL"};
  form.lead = {.enterprise_name = "大连示例科技有限公司",
               .credit_code = "91210200PDY0000284",
               .lead_types = {LeadType::kEaglet, LeadType::kTechSme},
               .registered_address = "大连市高新区学苑广场1号",
               .founded_date = "2015-06-30",
               .staff = {120, 100},
               .tech_staff = {30, 25},
               .rd_spend_fen = {Wan(250), Wan(200)},
               .cooperation_spend_fen = {Wan(20), Wan(10)},
               .sales_fen = {Wan(3000), Wan(2500)},
               .hightech_income_fen = {Wan(1800), Wan(1500)},
               .profit_fen = {Wan(-10), Wan(100)},
               .ip_class1 = {2, 1},
               .ip_class2 = {5, 4}};
  form.alliance = {.cooperations = {{"大连理工大学", "联合研发，2023年完成样机"}},
                   .cooperation_forms = {CooperationForm::kAgreement, CooperationForm::kProject},
                   .sales_fen = {Wan(4000), Wan(3500)},
                   .rd_spend_fen = {Wan(300), Wan(260)},
                   .member_count = 2,
                   .enterprise_count = 1,
                   .university_count = 1,
                   .institute_count = 0,
                   .cooperation_narrative = "联盟在行业内具有一定地位。",
                   .goals = "三年内形成两项标准。"};
  form.members = {
      {"大连示例科技有限公司", "91210200PDY0000284", MemberKind::kEnterprise, "骨干企业"},
      {"大连理工大学", "12100000422436090K", MemberKind::kUniversity, "双一流高校"}};
  form.contact = {"王 京", "0411-39989881"};
  return form;
}

std::string Repeat(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

std::vector<std::string> Found(const std::vector<FieldProblem>& problems) {
  std::vector<std::string> found;
  for (const FieldProblem& problem : problems)
    found.push_back(problem.field + " " + problem.reason);
  return found;
}

TEST(Form, AGoodFormHasNoProblem) {
  EXPECT_EQ(Found(CheckForm(GoodForm(), Rules())), std::vector<std::string>{});
}

// Annex 2 and the readings Q10 to Q20: one change each, with the problem that it must raise.
TEST(Form, EveryRuleIsAskedOnBothSides) {
  using Change = std::function<void(Form&)>;
  constexpr int64_t kTick = kFenPerHundredthWan;  // the least that a form can say
  constexpr Severity kError = Severity::kError;
  constexpr Severity kWarning = Severity::kWarning;
  constexpr Severity kOverride = Severity::kNeedsOverride;
  struct Case {
    const char* found;  // nullptr: no problem
    Severity severity;
    Change change;
  };
  const std::vector<Case> cases = {
      {"recommender_region REQUIRED", kError, [](Form& f) { f.recommender_region.clear(); }},
      {"recommender_region NOT_IN_LIST", kError, [](Form& f) { f.recommender_region = "110000"; }},
      {"alliance_name REQUIRED", kError, [](Form& f) { f.alliance_name = " \t　"; }},
      {"alliance_name INVISIBLE_TEXT", kError, [](Form& f) { f.alliance_name = "\u200B 　"; }},
      {"contact.display_name PRIVATE_USE", kWarning,
       [](Form& f) { f.contact.display_name = "王\uE123"; }},
      {"previous_registry_number PREVIOUS_REGISTRY", kWarning,
       [](Form& f) { f.previous_registry_number = "辽联2022-017"; }},
      //
      {"alliance_name NAME_PATTERN", kWarning, [](Form& f) { f.alliance_name = "智能装备联合体"; }},
      {"alliance_name NAME_PATTERN", kWarning, [](Form& f) { f.alliance_name = "联盟"; }},
      {"alliance_name NOT_UTF8", kError, [](Form& f) { f.alliance_name = "\xE9市联盟"; }},
      {"alliance_name FORBIDDEN_CHARACTER", kError,
       [](Form& f) { f.alliance_name = "大连市\u202E联盟"; }},
      //
      {"technical_field REQUIRED", kError,
       [](Form& f) { f.technical_field = TechnicalField::kUnspecified; }},
      {"technical_field NOT_IN_LIST", kError,
       [](Form& f) { f.technical_field = static_cast<TechnicalField>(99); }},
      //
      {nullptr, kError, [](Form& f) { f.high_tech_zone.clear(); }},
      {"high_tech_zone NOT_IN_LIST", kError, [](Form& f) { f.high_tech_zone = "HT-XX"; }},
      //
      {"lead.lead_types REQUIRED", kError, [](Form& f) { f.lead.lead_types.clear(); }},
      {"lead.lead_types[1] DUPLICATE", kError,
       [](Form& f) {
         f.lead.lead_types = {LeadType::kGazelle, LeadType::kGazelle};
       }},
      {"lead.lead_types[0] NOT_IN_LIST", kError,
       [](Form& f) { f.lead.lead_types = {static_cast<LeadType>(7)}; }},
      {"lead.founded_date NOT_A_DAY", kError, [](Form& f) { f.lead.founded_date = "30/06/2015"; }},
      {"lead.founded_date FUTURE_DAY", kError, [](Form& f) { f.lead.founded_date = "2023-04-04"; }},
      {"lead.registered_address DOMICILE_ELSEWHERE", kWarning,
       [](Form& f) { f.lead.registered_address = "长春市"; }},
      //
      {"lead.staff.y1 REQUIRED", kError, [](Form& f) { f.lead.staff.y1.reset(); }},
      {"lead.staff.y2 REQUIRED", kError, [](Form& f) { f.lead.staff.y2.reset(); }},
      {"lead.staff.y1 OUT_OF_RANGE", kError,
       [](Form& f) {
         f.lead.staff.y1 = 1'000'001;
         f.lead.lead_types = {LeadType::kGazelle};
       }},
      {"lead.tech_staff.y1 NEGATIVE", kError, [](Form& f) { f.lead.tech_staff.y1 = -1; }},
      // both classes, and none is an answer.
      {"lead.ip_class1.y1 NEGATIVE", kError, [](Form& f) { f.lead.ip_class1.y1 = -1; }},
      {"lead.ip_class2.y2 NEGATIVE", kError, [](Form& f) { f.lead.ip_class2.y2 = -1; }},
      {"lead.ip_class1.y2 REQUIRED", kError, [](Form& f) { f.lead.ip_class1.y2.reset(); }},
      {nullptr, kError, [](Form& f) { f.lead.ip_class1 = f.lead.ip_class2 = {0, 0}; }},
      // one text, which may be empty.
      {nullptr, kError, [](Form& f) { f.lead.projects_and_platforms.clear(); }},
      {nullptr, kError, [](Form& f) { f.lead.projects_and_platforms = Repeat("汉", 2'000); }},
      {"lead.projects_and_platforms TOO_LONG", kError,
       [](Form& f) { f.lead.projects_and_platforms = Repeat("汉", 2'001); }},
      // sales of both years; none is an answer, less is not.
      {"lead.sales_fen.y1 REQUIRED", kError, [](Form& f) { f.lead.sales_fen.y1.reset(); }},
      {"lead.sales_fen.y2 NEGATIVE", kError, [](Form& f) { f.lead.sales_fen.y2 = Fen(-kTick); }},
      {"lead.sales_fen.y2 REQUIRED", kError, [](Form& f) { f.lead.sales_fen.y2.reset(); }},
      {"lead.rd_spend_fen.y1 REQUIRED", kError, [](Form& f) { f.lead.rd_spend_fen.y1.reset(); }},
      {"lead.rd_spend_fen.y2 NEGATIVE", kError,
       [](Form& f) {
         f.lead.rd_spend_fen.y2 = Fen(-10'000);
         f.lead.cooperation_spend_fen.y2 = Fen(-10'000);
       }},
      //
      {nullptr, kError, [](Form& f) { f.lead.profit_fen.y1 = Wan(-5000); }},
      //
      {nullptr, kError, [](Form& f) { f.lead.tech_staff.y1 = f.lead.staff.y1; }},
      {"lead.tech_staff.y1 X01", kError,
       [](Form& f) { f.lead.tech_staff.y1 = *f.lead.staff.y1 + 1; }},
      {"lead.tech_staff.y2 X01", kError,
       [](Form& f) { f.lead.tech_staff.y2 = *f.lead.staff.y2 + 1; }},
      //
      {nullptr, kError, [](Form& f) { f.lead.hightech_income_fen.y1 = f.lead.sales_fen.y1; }},
      {"lead.hightech_income_fen.y1 X02", kWarning,
       [](Form& f) { f.lead.hightech_income_fen.y1 = Fen(f.lead.sales_fen.y1->value() + kTick); }},
      //
      {nullptr, kError, [](Form& f) { f.lead.cooperation_spend_fen.y1 = f.lead.rd_spend_fen.y1; }},
      {"lead.cooperation_spend_fen.y1 X03", kWarning,
       [](Form& f) {
         f.lead.cooperation_spend_fen.y1 = Fen(f.lead.rd_spend_fen.y1->value() + kTick);
       }},
      // the lead's sales are among the alliance's.
      {"alliance.sales_fen.y2 REQUIRED", kError, [](Form& f) { f.alliance.sales_fen.y2.reset(); }},
      {nullptr, kError, [](Form& f) { f.alliance.sales_fen.y1 = f.lead.sales_fen.y1; }},
      {"alliance.sales_fen.y1 X04", kError,
       [](Form& f) { f.alliance.sales_fen.y1 = Fen(f.lead.sales_fen.y1->value() - kTick); }},
      // and so is its R&D.
      {"alliance.rd_spend_fen.y1 REQUIRED", kError,
       [](Form& f) { f.alliance.rd_spend_fen.y1.reset(); }},
      {nullptr, kError, [](Form& f) { f.alliance.rd_spend_fen.y2 = f.lead.rd_spend_fen.y2; }},
      {"alliance.rd_spend_fen.y2 X05", kError,
       [](Form& f) { f.alliance.rd_spend_fen.y2 = Fen(f.lead.rd_spend_fen.y2->value() - kTick); }},
      // R&D in the last year, above nothing; the year before it does not matter.
      {"lead.rd_spend_fen.y1 X06", kError,
       [](Form& f) {
         f.lead.rd_spend_fen.y1 = Fen();
         f.lead.cooperation_spend_fen.y1 = Fen();
       }},
      {nullptr, kError,
       [](Form& f) {
         f.lead.rd_spend_fen.y1 = Fen(kTick);
         f.lead.cooperation_spend_fen.y1 = Fen();
         f.lead.rd_spend_fen.y2 = Fen();
         f.lead.cooperation_spend_fen.y2 = Fen();
       }},
      {"lead.rd_spend_fen.y2 X07", kWarning,
       [](Form& f) {
         f.lead.sales_fen.y2 = Wan(199);
         f.lead.hightech_income_fen.y2 = Fen();
       }},
      {"alliance.sales_fen.y1 X08", kWarning,
       [](Form& f) { f.alliance.sales_fen.y1 = Wan(100'000); }},
      {nullptr, kError,
       [](Form& f) { f.alliance.sales_fen.y1 = Fen(Wan(100'000).value() - kTick); }},
      {"alliance.sales_fen.y1 X08", kWarning,
       [](Form& f) {
         f.lead.sales_fen.y2 = f.alliance.sales_fen.y2 = f.lead.hightech_income_fen.y2 = Wan(1);
         f.lead.sales_fen.y1 = Wan(3000);
         f.alliance.sales_fen.y1 = Wan(5000);
         f.lead.rd_spend_fen.y2 = Wan(1);
         f.lead.cooperation_spend_fen.y2 = Wan(1);
       }},
      {nullptr, kError,
       [](Form& f) {
         f.lead.staff.y1 = 500;
         f.lead.sales_fen.y1 = f.alliance.sales_fen.y1 = Wan(20'000);
       }},
      {"lead.lead_types X10", kWarning, [](Form& f) { f.lead.staff.y1 = 501; }},
      {"lead.lead_types X10", kWarning,
       [](Form& f) {
         f.lead.sales_fen.y1 = f.alliance.sales_fen.y1 = Fen(Wan(20'000).value() + kTick);
       }},
      {nullptr, kError, [](Form& f) { f.lead.founded_date = "2013-04-03"; }},
      {"lead.founded_date X11", kWarning, [](Form& f) { f.lead.founded_date = "2013-04-02"; }},
      {"lead.founded_date X11", kWarning,
       [](Form& f) {
         f.lead.lead_types = {LeadType::kGazelle};
         f.lead.founded_date = "2003-04-02";
       }},
      // at least one cooperation, each with its partner, content and goals.
      {"alliance.cooperations REQUIRED", kError, [](Form& f) { f.alliance.cooperations.clear(); }},
      {"alliance.cooperations[0].content_and_goals REQUIRED", kError,
       [](Form& f) { f.alliance.cooperations[0].content_and_goals.clear(); }},
      {nullptr, kError,
       [](Form& f) {
         f.alliance.cooperations.push_back({"李教授团队", "润滑材料，2024年中试"});
       }},
      {"alliance.cooperations[1].partner REQUIRED", kError,
       [](Form& f) {
         f.alliance.cooperations.push_back({"", "润滑材料，2024年中试"});
       }},
      {"alliance.cooperations[0].partner REQUIRED", kError,
       [](Form& f) { f.alliance.cooperations[0].partner.clear(); }},
      //
      {"alliance.cooperation_forms REQUIRED", kError,
       [](Form& f) { f.alliance.cooperation_forms.clear(); }},
      //
      {nullptr, kError, [](Form& f) { f.alliance.goals = Repeat("汉\r\n", 500); }},
      {"alliance.goals TOO_LONG", kError, [](Form& f) { f.alliance.goals = Repeat("汉", 501); }},
      //
      {nullptr, kError, [](Form& f) { f.alliance.cooperation_narrative = Repeat("𠮷", 500); }},
      // e + U+0301 is one character after NFC.
      {nullptr, kError, [](Form& f) { f.alliance.cooperation_narrative = Repeat("e\u0301", 500); }},
      {"alliance.cooperation_narrative TOO_LONG", kError,
       [](Form& f) { f.alliance.cooperation_narrative = Repeat("e\u0301", 501); }},
      {"alliance.goals TOO_LONG", kError,
       [](Form& f) { f.alliance.goals = "汉" + Repeat(" ", 1'000); }},
      {"alliance.goals INVISIBLE_TEXT", kError,
       [](Form& f) { f.alliance.goals = Repeat("\u200B", 500); }},
      // what a form in fen may say is what one in 万元 may.
      {nullptr, kError, [](Form& f) { f.lead.rd_spend_fen.y1 = Fen(Wan(250).value() + kTick); }},
      {"lead.rd_spend_fen.y1 AMOUNT_TOO_MANY_DECIMALS", kError,
       [](Form& f) { f.lead.rd_spend_fen.y1 = Fen(Wan(250).value() + 1); }},
      {"lead.profit_fen.y2 AMOUNT_TOO_MANY_DECIMALS", kError,
       [](Form& f) { f.lead.profit_fen.y2 = Fen(-9'999); }},
      // X09, Q7: 5 % of the evidenced amount.
      {nullptr, kError,
       [](Form& f) {
         f.lead.rd_spend_fen.y1 = Wan(210);
         f.lead.evidenced_rd_fen = Wan(200);
         f.lead.rd_evidence_kind = "audit_report";
       }},
      {"lead.evidenced_rd_fen X09", kWarning,
       [](Form& f) {
         f.lead.rd_spend_fen.y1 = Fen(Wan(210).value() + kTick);
         f.lead.evidenced_rd_fen = Wan(200);
         f.lead.rd_evidence_kind = "a107012_row40";
       }},
      {"lead.rd_evidence_kind EVIDENCE_INCOMPLETE", kError,
       [](Form& f) { f.lead.evidenced_rd_fen = Wan(250); }},
      {"lead.evidenced_rd_fen EVIDENCE_INCOMPLETE", kError,
       [](Form& f) { f.lead.rd_evidence_kind = "audit_report"; }},
      {"lead.rd_evidence_kind NOT_IN_LIST", kError,
       [](Form& f) { f.lead.rd_evidence_kind = "form"; }},
      {"lead.evidenced_rd_fen NEGATIVE", kError,
       [](Form& f) { f.lead.evidenced_rd_fen = Wan(-1); }},
      // Names are compared folded: brackets of either width, blanks, one spelling per character.
      {"members[2].member_name SAME_NAME", kWarning,
       [](Form& f) {
         f.members[1].member_name = "大连理工大学（盘锦）";
         f.members.push_back(
             {"大连理工大学 (盘锦)", "121000004224360XXX", MemberKind::kUniversity, "双一流高校"});
         f.alliance.member_count = 3;
         f.alliance.university_count = 2;
       }},
      {"members[1].member_name SAME_NAME", kWarning,
       [](Form& f) { f.members[1].member_name = "大连示例科技 有限公司"; }},
      //
      {"members REQUIRED", kError, [](Form& f) { f.members.clear(); }},
      {"members NO_UNIVERSITY_OR_INSTITUTE", kError,
       [](Form& f) { f.members[1].kind = MemberKind::kOther; }},
      {nullptr, kError,
       [](Form& f) {
         f.members[1].kind = MemberKind::kInstitute;
         f.alliance.university_count = 0;
         f.alliance.institute_count = 1;
       }},
      {"members TALENT_TEAM_ONLY", kOverride,
       [](Form& f) {
         f.members[1].kind = MemberKind::kTalentTeam;
         f.members[1].credit_code.clear();
         f.alliance.university_count = 0;
       }},
      {"members LEAD_NOT_AMONG_MEMBERS", kError,
       [](Form& f) { f.members[0].credit_code = "91210100PDY00001XY"; }},
      {"members[2].credit_code DUPLICATE", kError,
       [](Form& f) {
         f.members.push_back(f.members[1]);
         f.members[2].credit_code = "１２100000-422436090k";
         f.alliance.member_count = 3;
         f.alliance.university_count = 2;
       }},
      {"members[1].credit_code REQUIRED", kError,
       [](Form& f) { f.members[1].credit_code.clear(); }},
      {"members[1].credit_code CHECK_CHAR", kOverride,
       [](Form& f) { f.members[1].credit_code = "12100000422436090A"; }},
      {"members[1].credit_code LENGTH", kError,
       [](Form& f) { f.members[1].credit_code = "91211321MAQFG6473"; }},
      {"members[1].credit_code ORG_CODE_9", kWarning,
       [](Form& f) { f.members[1].credit_code = "M000100Y-4"; }},
      {"members[1].kind REQUIRED", kError,
       [](Form& f) { f.members[1].kind = MemberKind::kUnspecified; }},
      {"members[1].position REQUIRED", kError, [](Form& f) { f.members[1].position.clear(); }},
      //
      {"alliance.member_count TOTAL_NOT_ROWS", kError,
       [](Form& f) { f.alliance.member_count = 3; }},
      {"alliance.member_count TOTAL_BELOW_KINDS", kError,
       [](Form& f) { f.alliance.institute_count = 1; }},
      // each kind is counted as the table of members lists it.
      {"alliance.enterprise_count KINDS_NOT_ROWS", kWarning,
       [](Form& f) { f.alliance.enterprise_count = 0; }},
      {"alliance.university_count KINDS_NOT_ROWS", kWarning,
       [](Form& f) { f.alliance.university_count = 0; }},
      {"alliance.institute_count KINDS_NOT_ROWS", kWarning,
       [](Form& f) {
         f.alliance.university_count = 0;
         f.alliance.institute_count = 1;
       }},
      {"alliance.enterprise_count REQUIRED", kError,
       [](Form& f) { f.alliance.enterprise_count.reset(); }},
      {"alliance.university_count REQUIRED", kError,
       [](Form& f) { f.alliance.university_count.reset(); }},
      {"alliance.institute_count REQUIRED", kError,
       [](Form& f) { f.alliance.institute_count.reset(); }},
      {"contact.phone PHONE", kError, [](Form& f) { f.contact.phone = "12345"; }},
      {"contact.display_name REQUIRED", kError, [](Form& f) { f.contact.display_name.clear(); }},
      // R-022, reading Q20
      {"lead.credit_code LEAD_NOT_LEGAL_PERSON", kError,
       [](Form& f) { f.lead.credit_code = f.members[0].credit_code = "92210100PDY000239B"; }},
      {"lead.credit_code LEAD_KIND_UNUSUAL", kWarning,
       [](Form& f) { f.lead.credit_code = f.members[0].credit_code = "52210100PDY000220J"; }},
      {"lead.domicile_explanation DOMICILE_UNEXPLAINED", kError,
       [](Form& f) { f.lead.credit_code = f.members[0].credit_code = "91220100PDY000183F"; }},
      {"lead.credit_code OUT_OF_PROVINCE", kWarning,
       [](Form& f) {
         f.lead.credit_code = f.members[0].credit_code = "91100000PDY0001916";
         f.lead.domicile_explanation = "国家局登记，住所在大连";
       }},
      // A firm founded in the year y1 has no figures of y2.
      {nullptr, kError,
       [](Form& f) {
         f.lead.founded_date = "2022-01-01";
         f.lead.staff.y2.reset();
         f.lead.rd_spend_fen.y2.reset();
       }},
  };
  for (size_t i = 0; i < cases.size(); ++i) {
    Form form = GoodForm();
    cases[i].change(form);
    const std::vector<FieldProblem> problems = CheckForm(form, Rules());
    const std::vector<std::string> found = Found(problems);
    if (cases[i].found == nullptr) {
      EXPECT_EQ(found, std::vector<std::string>{}) << "case " << i;
      continue;
    }
    const auto at = std::find(found.begin(), found.end(), cases[i].found);
    ASSERT_NE(at, found.end()) << cases[i].found << " not in " << testing::PrintToString(found);
    const FieldProblem& problem = problems[at - found.begin()];
    EXPECT_EQ(problem.severity, cases[i].severity) << cases[i].found;
    EXPECT_FALSE(problem.zh.empty());
    EXPECT_EQ(problem.en.find('{'), std::string::npos) << problem.en;
    EXPECT_EQ(problem.zh.find('{'), std::string::npos) << problem.zh;
  }
}

// the printed lists, in the form's order.
TEST(Form, ListsAreThoseOfThePrintedForm) {
  const char* fields[] = {"电子信息",   "生物与新医药", "航空航天",   "新材料",
                          "高技术服务", "新能源与节能", "资源与环境", "先进制造与自动化"};
  for (int i = 0; i < 8; ++i) EXPECT_EQ(NameZh(static_cast<TechnicalField>(i + 1)), fields[i]);
  EXPECT_EQ(NameZh(static_cast<TechnicalField>(9)), "");
  const char* types[] = {"瞪羚", "雏鹰", "科技型中小企业"};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(NameZh(static_cast<LeadType>(i + 1)), types[i]);
  const char* forms[] = {"签署产学研合作协议", "开展项目合作", "联合培养人才", "共建研发机构",
                         "其他"};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(NameZh(static_cast<CooperationForm>(i + 1)), forms[i]);
  EXPECT_EQ(NameZh(static_cast<MemberKind>(-1)), "");
}

TEST(Form, AnEmptyFormNamesEveryRequiredField) {
  const std::vector<FieldProblem> problems = CheckForm(Form{}, Rules());
  EXPECT_TRUE(HasErrors(problems));
  EXPECT_GE(problems.size(), 35);
}

TEST(Form, ADraftMayBeEmptyOrTooLongButNotDamaged) {
  EXPECT_EQ(Found(CheckDraft(Form{}, Rules())), std::vector<std::string>{});
  Form form;
  form.alliance.goals = Repeat("汉", 1'000);
  form.lead.credit_code = "half a code";
  form.lead.tech_staff.y1 = 5;
  EXPECT_EQ(Found(CheckDraft(form, Rules())), std::vector<std::string>{});
  form.alliance.goals += "汉";
  form.contact.phone = std::string("a\0b", 3);
  form.lead.sales_fen.y1 = Fen(-10'000);
  EXPECT_EQ(Found(CheckDraft(form, Rules())),
            (std::vector<std::string>{"lead.sales_fen.y1 NEGATIVE", "alliance.goals TOO_LONG",
                                      "contact.phone FORBIDDEN_CHARACTER"}));
}

// an alliance names its goal; being in a zone, or in its leading industry, is a
// priority and never a condition.
TEST(Form, AGoalIsAConditionAndAZoneIsNone) {
  Form form = GoodForm();
  form.high_tech_zone.clear();
  for (int field = 1; field <= 8; ++field) {
    form.technical_field = static_cast<TechnicalField>(field);
    EXPECT_EQ(Found(CheckForm(form, Rules())), std::vector<std::string>{}) << field;
  }
  form.alliance.goals.clear();
  EXPECT_EQ(Found(CheckForm(form, Rules())), std::vector<std::string>{"alliance.goals REQUIRED"});
}

// tests/bad-input.md 4.2: the answer to ten thousand rows is one problem, not ten thousand.
TEST(Form, TenThousandMembersAreOneProblem) {
  Form form = GoodForm();
  form.members.resize(10'000);
  EXPECT_EQ(Found(CheckDraft(form, Rules())), std::vector<std::string>{"members TOO_MANY_ROWS"});
  form = GoodForm();
  form.alliance.cooperations.resize(10'000);
  EXPECT_EQ(Found(CheckDraft(form, Rules())),
            std::vector<std::string>{"alliance.cooperations TOO_MANY_ROWS"});
  form.alliance.cooperations.resize(200);
  EXPECT_EQ(Found(CheckDraft(form, Rules())), std::vector<std::string>{});
}

// the year that two rounds of one lead share must say the same in both.
TEST(Form, TheOverlappingYearOfTwoRoundsIsCompared) {
  const Form last = GoodForm();
  Form now = GoodForm();
  FormRules rules = Rules();
  rules.form_year = 2023;
  now.lead.staff.y2 = last.lead.staff.y1;
  now.lead.tech_staff.y2 = last.lead.tech_staff.y1;
  now.lead.rd_spend_fen.y2 = last.lead.rd_spend_fen.y1;
  now.lead.cooperation_spend_fen.y2 = last.lead.cooperation_spend_fen.y1;
  now.lead.sales_fen.y2 = last.lead.sales_fen.y1;
  now.lead.hightech_income_fen.y2 = last.lead.hightech_income_fen.y1;
  now.lead.profit_fen.y2 = last.lead.profit_fen.y1;
  now.lead.ip_class1.y2 = last.lead.ip_class1.y1;
  now.lead.ip_class2.y2 = last.lead.ip_class2.y1;
  now.alliance.sales_fen.y2 = last.alliance.sales_fen.y1;
  now.alliance.rd_spend_fen.y2 = last.alliance.rd_spend_fen.y1;
  EXPECT_EQ(Found(CompareRounds(now, last, rules)), std::vector<std::string>{});
  now.lead.rd_spend_fen.y2 = Wan(249);
  now.lead.staff.y2.reset();  // empty is not 0: nothing to compare
  now.lead.ip_class1.y2 = 0;
  const auto problems = CompareRounds(now, last, rules);
  EXPECT_EQ(Found(problems), (std::vector<std::string>{"lead.rd_spend_fen.y2 LAST_ROUND_DIFFERS",
                                                       "lead.ip_class1.y2 LAST_ROUND_DIFFERS"}));
  EXPECT_EQ(problems[0].zh,
            "上一批次申请表填报的2022年数据为250.00万元，本次为249.00万元，请核对。");
  EXPECT_EQ(problems[0].severity, Severity::kWarning);
  rules.severities[Problem::kLastRoundDiffers] = Severity::kNeedsOverride;
  EXPECT_EQ(CompareRounds(now, last, rules)[1].severity, Severity::kNeedsOverride);
}

TEST(Form, ThePackDecidesHowSevereAProblemIs) {
  Form form = GoodForm();
  form.lead.tech_staff.y1 = 121;
  FormRules rules = Rules();
  rules.severities[Problem::kX01] = Severity::kWarning;
  const auto problems = CheckForm(form, rules);
  ASSERT_EQ(problems.size(), 1);
  EXPECT_EQ(problems[0].severity, Severity::kWarning);
}

TEST(Form, ExtremeNumbersAreAnsweredWithoutHarm) {
  for (int64_t value : {INT64_MIN, int64_t{-1}, int64_t{0}, INT64_MAX}) {
    Form form = GoodForm();
    form.lead.sales_fen = form.alliance.sales_fen = {Fen(value), Fen(1)};
    form.alliance.member_count = form.alliance.enterprise_count = form.alliance.university_count =
        form.alliance.institute_count = value;
    form.lead.staff = {value, value};
    CheckForm(form, Rules());
  }
}

// tests/bad-input.md 4.2: Annex 3's own numbers must pass.
TEST(Phone, AcceptsWhatPeopleWrite) {
  for (const char* good :
       {"024-22740339", "0412-5215902", "024-72681316", "15242304131", "024-23983158 13614027066",
        "+86 13614027066", "+86-24-23983460", "0411-39989881-801", "024-23983460转123",
        "（024）23983460", "024 23983460", "02423983460", "22740339", "400-810-1234",
        "０２４－２２７４０３３９", "024-23983158、13614027066"}) {
    EXPECT_TRUE(LooksLikePhone(good)) << good;
  }
  for (const char* bad : {"", " ", "12345", "1234567890123", "abc", "024-", "024", "1114",
                          "138****1234", "024-2398-3460-1", "12614027066"}) {
    EXPECT_FALSE(LooksLikePhone(bad)) << bad;
  }
}

}  // namespace
}  // namespace alliance::domain
