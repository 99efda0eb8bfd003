#include "common/rules/pack.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"

namespace alliance::rules {
namespace {

using domain::CivilDay;
using domain::Fen;

const std::string kSource = ALLIANCE_SOURCE_DIR;
const std::string kPath = kSource + "/common/rules/2023.textproto";

std::string Read(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file.good()) << path;
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

const Pack& Pack2023() {
  static const Pack* pack = [] {
    absl::StatusOr<Pack> loaded = LoadPack(kPath);
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    return new Pack(*std::move(loaded));
  }();
  return *pack;
}

CivilDay Day(int month, int day) { return CivilDay(2023, month, day); }

Fen Wan(const std::string& text) {
  return domain::ParseWan(text, domain::Sign::kNotNegative).value();
}

// A past round is frozen: whoever changes a number of it must change this file too, and say why.
TEST(Pack2023, IsExactlyTheFrozenOne) {
  EXPECT_EQ(Pack2023().digest_hex() + "\n", Read(kSource + "/tests/golden/pack-2023.sha256"));
  EXPECT_EQ(Pack2023().digest().size(), 32);
}

TEST(Pack2023, TheDigestIsOfTheContentNotOfTheText) {
  const std::string text = Read(kPath);
  EXPECT_EQ(ParsePack("# another comment\n" + text, "x")->digest(), Pack2023().digest());
  std::string changed = text;
  changed.replace(changed.find("min_experts: 3"), 14, "min_experts: 4");
  EXPECT_NE(ParsePack(changed, "x")->digest(), Pack2023().digest());
}

// R-001, R-003, R-007, R-013, R-014, R-100
TEST(Pack2023, NamesTheNotice) {
  const v1::Round& round = Pack2023().proto().round();
  EXPECT_EQ(Pack2023().round_name(), "rounds/2023-tsl");
  EXPECT_EQ(round.title(), "关于组织申报科技型中小企业技术能力提升类实质性产学研联盟的通知");
  EXPECT_EQ(round.issuer(), "辽宁省科学技术厅");
  EXPECT_EQ(round.notice_date(), "2023-03-31");
  EXPECT_EQ(round.guide(), "《辽宁省建设实质性产学研联盟工作指引（暂行）》");
  EXPECT_EQ(round.programme(), "辽宁省实质性产学研联盟科技型中小企业技术能力提升后补助计划");
  EXPECT_EQ(round.portal_name(), "辽宁省科技创新综合信息平台");
  ASSERT_EQ(round.contacts_size(), 2);
  EXPECT_EQ(round.contacts(0).numbers(0), "024-23983460");
  EXPECT_EQ(round.contacts(1).numbers(0), "024-23983158");
  EXPECT_EQ(round.contacts(1).numbers(1), "13614027066");
  EXPECT_EQ(Pack2023().form_year(), 2022);
}

// R-008, R-009, R-010, R-090, readings Q1 and Q22: half-open instants in Asia/Shanghai.
TEST(Pack2023, WindowsAreHalfOpenInstantsInShanghai) {
  EXPECT_EQ(domain::FormatInstant(Pack2023().opens()), "2023-04-03 00:00");
  EXPECT_EQ(domain::FormatInstant(Pack2023().enterprise_deadline()), "2023-04-26 00:00");
  EXPECT_EQ(domain::FormatInstant(Pack2023().recommender_deadline()), "2023-05-01 00:00");
  EXPECT_EQ(domain::FormatInstant(Pack2023().report_deadline()), "2024-01-01 00:00");
  EXPECT_EQ(Pack2023().opens(), absl::FromUnixSeconds(1'680'451'200));
}

// The days of the notice by the pack's own calendar; reading Q2.
TEST(Pack2023, CalendarGivesTheTestValues) {
  const domain::WorkCalendar& calendar = Pack2023().calendar();
  EXPECT_EQ(calendar.CountWorkdays(Day(4, 3), Day(4, 25)).value(), 17);
  EXPECT_EQ(calendar.CountWorkdays(Day(4, 26), Day(4, 30)).value(), 3);
  EXPECT_EQ(calendar.AddWorkdays(Day(4, 21), 5, true).value(), Day(4, 26));
  EXPECT_EQ(calendar.AddWorkdays(Day(4, 24), 5, false).value(), Day(5, 4));
  EXPECT_EQ(calendar.AddWorkdays(Day(4, 26), 5, false).value(), Day(5, 6));
  EXPECT_EQ(calendar.AddWorkdays(Day(4, 28), 5, true).value(), Day(5, 8));
  EXPECT_FALSE(calendar.Loaded(2022));  // 2022-12-31 is in the data, its year is not
  EXPECT_EQ(domain::LatestNoticeStart(calendar, Pack2023().notice_rule(),
                                      Pack2023().recommender_deadline())
                .value(),
            Day(4, 24));
  const domain::NoticeRule& notice = Pack2023().notice_rule();
  EXPECT_EQ(notice.days, 5);
  EXPECT_TRUE(notice.include_start);
  EXPECT_TRUE(notice.early_close_asks);
  EXPECT_EQ(&Pack2023().notice_rule("210200"), &notice);  // no region has its own
}

// R-002, R-013, R-014: Annex 3, in its order and with its spacing.
TEST(Pack2023, OfficesAreThoseOfAnnex3InItsOrder) {
  struct {
    const char *region, *office, *place, *contact, *phone;
  } rows[] = {
      {"210100", "沈阳市科技局", "沈阳市", "李永成", "024-22740339"},
      {"210200", "大连市科技局", "大连市", "王延斌", "0411-39989881"},
      {"210300", "鞍山市科技局", "鞍山市", "王 京", "0412-5215902"},
      {"210400", "抚顺市科技局", "抚顺市", "王 良", "024-57500486"},
      {"210500", "本溪市科技局", "本溪市", "李 博", "024-45689022"},
      {"210600", "丹东市科技局", "丹东市", "夏文志", "0415-2125821"},
      {"210700", "锦州市科技局", "锦州市", "刘民文", "0416-2910933"},
      {"210800", "营口市科技局", "营口市", "王英彤", "0417-2833149"},
      {"210900", "阜新市科技局", "阜新市", "侯 越", "0418-6696015"},
      {"211000", "辽阳市科技局", "辽阳市", "曾 成", "0419-2153972"},
      {"211200", "铁岭市科技局", "铁岭市", "崔宏生", "024-72681316"},
      {"211300", "朝阳市科技局", "朝阳市", "张立波", "0421-2629431"},
      {"211100", "盘锦市科技局", "盘锦市", "张志克", "0427-2660669"},
      {"211400", "葫芦岛市科技局", "葫芦岛市", "张婉婷", "0429-3114773"},
      {"21SF00", "沈抚改革创新示范区产业发展和科技创新局", "沈抚改革创新示范区", "魏 超",
       "15242304131"},
  };
  ASSERT_EQ(Pack2023().proto().offices_size(), 15);
  for (int i = 0; i < 15; ++i) {
    const v1::Office& office = Pack2023().proto().offices(i);
    EXPECT_EQ(office.region(), rows[i].region);
    EXPECT_EQ(office.office_name(), rows[i].office);
    EXPECT_EQ(office.place(), rows[i].place);
    EXPECT_EQ(office.contact(), rows[i].contact);
    EXPECT_EQ(office.phone(), rows[i].phone);
    EXPECT_TRUE(domain::LooksLikePhone(office.phone()));
    EXPECT_EQ(office.mobile(), i == 14) << "a person's own number must be masked";
  }
}

// R-006, R-015: the texts that are printed, word for word.
TEST(Pack2023, HasTheTextsOfTheAnnexes) {
  const v1::Annexes& annexes = Pack2023().proto().annexes();
  EXPECT_EQ(annexes.rules_title(),
            "辽宁省实质性产学研联盟科技型中小企业技术能力提升后补助计划实施细则");
  EXPECT_EQ(annexes.form_title(), "辽宁省科技型中小企业技术能力提升类联盟备案申请表");
  EXPECT_EQ(annexes.directory_title(), "各市科技局联系人及电话");
  const char* numbers[] = {"第一条 ", "第二条 ", "第三条 ", "第四条 ", "第五条 ",  "第六条 ",
                           "第七条 ", "第八条 ", "第九条 ", "第十条 ", "第十一条 "};
  ASSERT_EQ(annexes.articles_size(), 11);
  for (int i = 0; i < 11; ++i) EXPECT_TRUE(annexes.articles(i).starts_with(numbers[i])) << i;
  EXPECT_EQ(std::count(annexes.articles(3).begin(), annexes.articles(3).end(), '\n'), 4);
  EXPECT_EQ(std::count(annexes.articles(5).begin(), annexes.articles(5).end(), '\n'), 3);
  EXPECT_NE(annexes.articles(9).find("10%—30%比例予以支持、最高不超过50万元"), std::string::npos);

  const char* fields[] = {
      "technical_field",          "high_tech_zone", "lead.tech_staff", "lead.cooperation_spend_fen",
      "lead.hightech_income_fen", "lead.ip_class1", "lead.ip_class2",  "alliance.sales_fen",
      "alliance.rd_spend_fen"};
  ASSERT_EQ(Pack2023().proto().form().field_notes_size(), 9);
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(Pack2023().proto().form().field_notes(i).field(), fields[i]);
  }
  EXPECT_EQ(Pack2023().proto().form().field_notes(7).text(), "联盟全部成员的销售收入总和。");
}

// R-042, R-071, Q3: zones recommend, and two of them are 沈大自创区.
TEST(Pack2023, ZonesMayRecommend) {
  int national = 0;
  int shenda = 0;
  for (const v1::Zone& zone : Pack2023().proto().zones()) {
    national += zone.national() ? 1 : 0;
    shenda += zone.shenda() ? 1 : 0;
    const Recommender* recommender = Pack2023().FindRecommender(zone.code());
    ASSERT_NE(recommender, nullptr) << zone.code();
    EXPECT_EQ(recommender->city, zone.city());
    EXPECT_EQ(recommender->shenda, zone.shenda());
  }
  EXPECT_EQ(Pack2023().proto().zones_size(), 15);
  EXPECT_EQ(national, 8);
  EXPECT_EQ(shenda, 2);
  ASSERT_NE(Pack2023().FindRecommender("21SF00"), nullptr);
  EXPECT_EQ(Pack2023().FindRecommender("21SF00")->city, "");
  EXPECT_EQ(Pack2023().FindRecommender("110000"), nullptr);
}

// R-022, R-023, R-061, R-062, Q16 … Q20
TEST(Pack2023, FormRulesAreThoseOfTheForm) {
  const domain::FormRules& rules = Pack2023().form_rules();
  EXPECT_EQ(rules.form_year, 2022);
  EXPECT_EQ(rules.reference_day, Day(4, 3));
  EXPECT_EQ(rules.recommenders.size(), 30);
  EXPECT_EQ(rules.zones.size(), 15);
  EXPECT_EQ(rules.narrative_limit, 500);
  EXPECT_EQ(rules.goals_limit, 500);
  EXPECT_EQ(rules.min_university_or_institute, 1);
  EXPECT_TRUE(rules.count_includes_lead);
  EXPECT_EQ(rules.lead_blocked_code_prefixes, std::vector<std::string>{"92"});
  EXPECT_EQ(rules.unit_slip_fen, Wan("100000"));
  EXPECT_EQ(rules.sme_staff_limit, 500);
  EXPECT_EQ(rules.sme_sales_limit, Wan("20000"));
  EXPECT_EQ(rules.eaglet_years, 10);
  EXPECT_EQ(rules.gazelle_years, 20);
  EXPECT_EQ(Pack2023().proto().form().rd_tolerance_percent(), 5);
}

// R-070, R-071, R-072, R-073, R-074, R-075, R-076, R-077, R-078: the definitions as the notice
// prints them, stored with the year.
TEST(Pack2023, NotesAreThoseOfTheForm) {
  const auto& notes = Pack2023().proto().form().field_notes();
  const std::string notice = Read(kSource + "/common/rules/2023.textproto");
  const std::vector<std::string> terms = {
      "技术领域",    "所属高新区",   "科技人员",     "产学研合作经费",  "高新技术产品（服务）收入",
      "I类知识产权", "II类知识产权", "联盟销售收入", "联盟研究开发费用"};
  const std::vector<std::string> texts = {
      "电子信息、生物与新医药、航空航天、新材料、高技术服务、新能源与节能、资源与环境、"
      "先进制造与自动化。",
      "**省级高新区或者沈大自创区。",
      "是指直接从事研发和相关技术创新活动，以及专门从事上述活动的管理和提供直接技术服务的，"
      "包括在职、兼职和临时聘用人员。",
      "是指企业与科研院所、大专院校开展技术合作所发生的费用。",
      "是指企业通过研发和相关技术创新活动，取得的产品（服务）收入与技术性收入的总和。"
      "对企业取得上述收入发挥核心支持作用的技术应属于《技术领域》规定的范围。",
      "包括：发明专利（含国防专利）、植物新品种、国家级农作物品种、国家新药、"
      "国家一级中药保护品种、集成电路布图设计专有权等。",
      "包括：实用新型专利、外观设计专利、软件著作权等（不含商标）。",
      "联盟全部成员的销售收入总和。",
      "联盟全部成员的研究开发费用总和。"};
  ASSERT_EQ(notes.size(), static_cast<int>(terms.size()));
  for (int i = 0; i < notes.size(); ++i) {
    EXPECT_EQ(notes[i].term(), terms[i]);
    EXPECT_EQ(notes[i].clause(), "表 填表说明" + std::to_string(i + 2));
    EXPECT_EQ(notes[i].text(), texts[i]);
  }
  std::string wrong = notice;
  wrong.replace(wrong.find("\"lead.tech_staff\""), 17, "\"lead.tech_stuff\"");
  EXPECT_NE(ParsePack(wrong, "x").status().ToString().find("form.field_notes[2].field"),
            std::string::npos)
      << ParsePack(wrong, "x").status();
}

// R-031, R-032, R-033, R-034, R-035: one-of, per member, and only when counted; the form itself is
// printed, not handed in (R-030).
TEST(Pack2023, PapersAreThoseOfArticle6) {
  domain::Form form;
  form.members = {{.member_name = "盟主", .credit_code = "91210200PDY0000284"}};
  form.lead.ip_class1.y1 = 1;
  std::vector<std::string> missing;
  for (const domain::FieldProblem& problem :
       domain::CheckPapers(form, Pack2023().paper_rules(), {})) {
    missing.push_back(problem.field);
  }
  EXPECT_EQ(missing,
            (std::vector<std::string>{"papers.A2_AGREEMENT", "papers.A3_TAX_RETURN",
                                      "papers.A4A_DEDUCTION_SHEET", "papers.A5_MEMBER_LICENCE[0]",
                                      "papers.A6_IP_PROOF", "papers.A7_LEAD_STATUS"}));
}

// R-094, R-095, Q10, Q22
TEST(Pack2023, EvaluationWeighsTheFourHeadsOfArticle8) {
  const domain::ScoringRules& rules = Pack2023().scoring_rules();
  std::vector<std::string> heads;
  std::vector<int64_t> weights;
  for (const domain::ScoreHead& head : rules.heads) {
    heads.push_back(head.name);
    weights.push_back(0);
    for (const domain::ScoreItem& item : head.items) weights.back() += item.max_hundredths;
  }
  EXPECT_EQ(heads, (std::vector<std::string>{"建设方向", "运行机制", "创新成效", "组织活动"}));
  EXPECT_EQ(weights, (std::vector<int64_t>{2'000, 2'500, 4'000, 1'500}));
  EXPECT_EQ(domain::GradeOf(27'000, 3, rules), "优秀");
  EXPECT_EQ(domain::GradeOf(26'999, 3, rules), "良好");
  EXPECT_EQ(domain::GradeOf(23'999, 3, rules), "合格");
  EXPECT_EQ(domain::GradeOf(17'999, 3, rules), "不合格");
  EXPECT_EQ(domain::Evaluate({}, {"V2"}, rules)->grade, "不合格");
  EXPECT_EQ(rules.min_experts, 3);
}

domain::SubsidyInput Input(Fen rd, const std::string& grade = "优秀") {
  return {.id = "x",
          .registry_number = "1",
          .verified_rd = rd,
          .grade = grade,
          .score_hundredths = 8'500};
}

// R-103, R-104, R-105: one fen on either side of each limit of the table that this round pays by.
TEST(Pack2023, PaysByTheIntervalTable) {
  const domain::SubsidyRules& rules = Pack2023().subsidy_rules();
  EXPECT_EQ(rules.method, domain::Method::kFixedByInterval);
  EXPECT_EQ(rules.cap, Wan("50"));
  struct {
    const char *from, *below, *at;
  } limits[] = {{"10", "0", "3"},    {"30", "3", "8"},    {"50", "8", "15"},
                {"100", "15", "25"}, {"200", "25", "35"}, {"300", "35", "50"}};
  for (const auto& limit : limits) {
    const Fen from = Wan(limit.from);
    EXPECT_EQ(ComputeLine(Input(Fen(from.value() - 1)), rules)->amount, Wan(limit.below));
    EXPECT_EQ(ComputeLine(Input(from), rules)->amount, Wan(limit.at));
  }
  // Q11: 优秀 and 良好 are paid.
  EXPECT_EQ(ComputeLine(Input(Wan("300"), "良好"), rules)->amount, Wan("50"));
  EXPECT_EQ(ComputeLine(Input(Wan("300"), "合格"), rules)->amount, Fen());
}

TEST(Pack2023, EveryMethodsTableGivesTheVectors) {
  google::protobuf::Struct vectors;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(
                  Read(kSource + "/tests/golden/subsidy-vectors.json"), &vectors)
                  .ok());
  struct {
    const char* column;
    domain::Method method;
    const char* grade;
  } columns[] = {{"fixed", domain::Method::kFixedByInterval, "优秀"},
                 {"g30", domain::Method::kRateByGrade, "优秀"},
                 {"g20", domain::Method::kRateByGrade, "良好"},
                 {"g10", domain::Method::kRateByGrade, "合格"},
                 {"marginal", domain::Method::kMarginal, "优秀"},
                 {"interp_85", domain::Method::kRateByScore, "优秀"}};
  for (const auto& row : vectors.fields().at("rows").list_value().values()) {
    const auto& cells = row.struct_value().fields();
    for (const auto& column : columns) {
      domain::SubsidyRules rules = Pack2023().subsidy_rules();
      rules.method = column.method;
      rules.paid_grades.clear();
      const Fen rd = Wan(cells.at("rd").string_value());
      EXPECT_EQ(ComputeLine(Input(rd, column.grade), rules)->amount,
                Wan(cells.at(column.column).string_value()))
          << cells.at("rd").string_value() << " " << column.column;
    }
  }
}

// Reading Q12: what is checked before a pack can be used.
TEST(Pack2023, EveryMethodsTableIsSound) {
  for (int method = 0; method < 6; ++method) {
    domain::SubsidyRules rules = Pack2023().subsidy_rules();
    rules.method = static_cast<domain::Method>(method);
    EXPECT_EQ(domain::CheckSubsidyRules(rules).errors, std::vector<std::string>{})
        << domain::WordOf(rules.method);
  }
}

int LineOf(const std::string& text, size_t at) {
  return 1 + static_cast<int>(
                 std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

// One wrong value each: refused, at the line where it stands.
TEST(Loader, RefusesAWrongValueAtItsLine) {
  struct {
    const char* right;
    const char* wrong;
  } cases[] = {
      {"id: \"2023-tsl\"", "id: \"2023 TSL\""},
      {"notice_date: \"2023-03-31\"", "notice_date: \"2023-02-30\""},
      {"form_year: 2022", "form_year: 22"},
      {"form_year: 2022", "form_year: 2021"},
      {"first: \"2022-12-31\"", "first: \"1922-12-31\""},
      {"makeup_work: \"2023-10-08\"", "makeup_work: \"2024-10-06\""},
      {"phone: \"0412-5215902\"", "phone: \"0412\""},
      {"min_university_or_institute: 1", "min_university_or_institute: 0"},
      {"open_time: \"2023-04-03T00:00:00+08:00\"", "open_time: \"2023-04-03T00:00:00\""},
      {"open_time: \"2023-04-03T00:00:00+08:00\"", "open_time: \"3 April\""},
      {"enterprise_deadline_time: \"2023-04-26", "enterprise_deadline_time: \"2023-04-02"},
      {"recommender_deadline_time: \"2023-05-01", "recommender_deadline_time: \"2023-04-25"},
      {"last: \"2023-01-02\"", "last: \"2022-12-30\""},
      {"first: \"2023-04-05\"", "first: \"2023-04-31\""},
      {"makeup_work: \"2023-04-23\"", "makeup_work: \"2023-04-24\""},
      {"region: \"210200\"", "region: \"210100\""},
      {"code: \"HTZ-DL\"", "code: \"HTZ-SY\""},
      {"city: \"210300\"", "city: \"310300\""},
      {"narrative_limit: 500", "narrative_limit: 0"},
      {"unit_slip_wan: \"100000\"", "unit_slip_wan: \"1.234\""},
      {"sme_sales_limit_wan: \"20000\"", "sme_sales_limit_wan: \"many\""},
      {"id: \"A3_TAX_RETURN\"", "id: \"A2_AGREEMENT\""},
      {"need: \"per_member\"", "need: \"sometimes\""},
      {"slots: \"A6_IP_PROOF\"", "slots: \"A6\""},
      {"until_recommender_deadline: true", "until_recommender_deadline: false"},
      {"  days: 5  # Q2", "  days: 0  # Q2"},
      {"unit: \"workday\"  # Q2", "unit: \"week\"  # Q2"},
      {"construction_years: 3", "construction_years: 0"},
      {"deadline_time: \"2024-01-01", "deadline_time: \"2022-01-01"},
      {"weight_hundredths: 2000", "weight_hundredths: 2001"},
      {"max_hundredths: 1200", "max_hundredths: 0"},
      {"min_hundredths: 8000", "min_hundredths: 9000"},
      {"id: \"V2\"", "id: \"V1\""},
      {"method: \"FIXED_BY_INTERVAL\"", "method: \"RATIO\""},
      {"cap_wan: \"50\"", "cap_wan: \"50.001\""},
      {"paid_grades: \"良好\"", "paid_grades: \"特优\""},
      {"budget_policies: \"RANK_CUTOFF\"", "budget_policies: \"LUCK\""},
      {"hi_wan: \"30\"", "hi_wan: \"thirty\""},
      {"issuer: ", "issuers: "},         // an unknown field
      {"form_year: 2022", "form_year"},  // not even syntax
      {"min_experts: 3", "min_experts: 3 min_experts: 3"},
  };
  const std::string text = Read(kPath);
  for (const auto& c : cases) {
    std::string changed = text;
    const size_t at = changed.find(c.right);
    ASSERT_NE(at, std::string::npos) << c.right;
    changed.replace(at, std::string(c.right).size(), c.wrong);
    const absl::StatusOr<Pack> pack = ParsePack(changed, "2023.textproto");
    ASSERT_FALSE(pack.ok()) << c.wrong;
    // A syntax error may only show on the next line.
    const std::string message(pack.status().message());
    const std::string here = "2023.textproto:" + std::to_string(LineOf(text, at)) + ":";
    const std::string next = "2023.textproto:" + std::to_string(LineOf(text, at) + 1) + ":";
    const bool syntax = std::string(c.wrong) == "form_year";
    EXPECT_TRUE(message.rfind(here, 0) == 0 || (syntax && message.rfind(next, 0) == 0))
        << c.wrong << ": " << message << ", not " << here;
  }
}

// A row that breaks the law is refused at its line.
TEST(Loader, RefusesTablesThatBreakTheLaw) {
  struct {
    const char* right;
    const char* wrong;
    const char* row;
  } cases[] = {
      {"hi_wan: \"30\" sum_wan: \"3\"", "hi_wan: \"31\" sum_wan: \"3\"", "fixed[0]"},
      {"hi_wan: \"30\" sum_wan: \"3\"", "hi_wan: \"30\" sum_wan: \"3.01\"", "fixed[0]"},
      {"hi_wan: \"30\" sum_wan: \"3\"", "hi_wan: \"30\" sum_wan: \"2.99\"", "fixed[0]"},
      {"slices { lo_wan: \"0\"", "slices { lo_wan: \"1\"", "slices[0]"},
      {"rates { lo_wan: \"250\" rate_bp: 1000", "rates { lo_wan: \"250\" rate_bp: 999", "rates[2]"},
      {"grade: \"良好\" rate_bp: 2000", "grade: \"良好\" rate_bp: 3001", "grade_rates[1]"},
      {"to_bp: 3000", "to_bp: 900", "score_rate"},
  };
  const std::string text = Read(kPath);
  for (const auto& c : cases) {
    std::string changed = text;
    const size_t at = changed.find(c.right);
    ASSERT_NE(at, std::string::npos) << c.right;
    changed.replace(at, std::string(c.right).size(), c.wrong);
    const absl::StatusOr<Pack> pack = ParsePack(changed, "2023.textproto");
    ASSERT_FALSE(pack.ok()) << c.wrong;
    const std::string here = "2023.textproto:" + std::to_string(LineOf(text, at)) + ":";
    EXPECT_EQ(std::string(pack.status().message()).rfind(here, 0), 0) << pack.status();
    EXPECT_NE(pack.status().message().find(c.row), std::string::npos) << pack.status();
  }
}

// Every value that must be there is missed when its line goes.
TEST(Loader, RefusesAPackThatLacksAnything) {
  const std::string text = Read(kPath);
  std::vector<std::string> lines;
  std::stringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  // Repeated rows and flags may go; each of these may not.
  for (const char* needed : {"title:",
                             "issuer:",
                             "notice_date:",
                             "programme:",
                             "guide:",
                             "portal_name:",
                             "open_time:",
                             "enterprise_deadline_time:",
                             "recommender_deadline_time:",
                             "basis {",
                             "narrative_limit:",
                             "province_digits:",
                             "unit_slip_wan:",
                             "number_prefix:",
                             "head_name:",
                             "weight_hundredths:",
                             "method:",
                             "cap_wan:",
                             "unit_wan:",
                             "budget_policies:",
                             "outlier_hundredths:"}) {
    std::string without;
    bool gone = false;
    for (const std::string& line : lines) {
      const bool drop = !gone && line.find(needed) != std::string::npos && line.rfind("#", 0) != 0;
      gone |= drop;
      without += (drop ? "" : line) + "\n";
    }
    ASSERT_TRUE(gone) << needed;
    EXPECT_FALSE(ParsePack(without, "x").ok()) << needed;
  }
  EXPECT_FALSE(ParsePack("", "x").ok());
  EXPECT_FALSE(LoadPack("/nowhere.textproto").ok());
}

std::string Changed(std::initializer_list<std::pair<std::string, std::string>> changes) {
  std::string text = Read(kPath);
  for (const auto& [right, wrong] : changes) {
    const size_t at = text.find(right);
    EXPECT_NE(at, std::string::npos) << right;
    text.replace(at, right.size(), wrong);
  }
  return text;
}

// All that is wrong is told at once, each with its path, in the order of the groups.
TEST(Loader, TellsEveryProblemAtOnce) {
  PackProblems problems;
  const auto pack = ParsePack(Changed({{"id: \"2023-tsl\"", "id: \"2023 TSL\""},
                                       {"first: \"2023-04-05\"", "first: \"2023-04-31\""},
                                       {"narrative_limit: 500", "narrative_limit: 0"},
                                       {"cap_wan: \"50\"", "cap_wan: \"much\""}}),
                              "x", &problems);
  EXPECT_EQ(pack.status().code(), absl::StatusCode::kInvalidArgument);
  std::vector<std::string> paths;
  for (const PackProblem& problem : problems) {
    paths.push_back(problem.path);
    EXPECT_GT(problem.line, 0);
    EXPECT_NE(pack.status().message().find(problem.path + ": " + problem.why), std::string::npos);
  }
  EXPECT_EQ(paths, (std::vector<std::string>{"round.id", "calendar_years[0].off[2].first",
                                             "form.narrative_limit", "subsidy.cap_wan"}));
  problems.clear();
  EXPECT_FALSE(ParsePack("round { id: 5 } nothing: 1", "x", &problems).ok());
  EXPECT_GE(problems.size(), 1u);
  problems.clear();
  EXPECT_FALSE(ParsePack("", "x", &problems).ok());
  EXPECT_GE(problems.size(), 10u) << "every group is missing";
}

// What is stored and sent is read back as the same pack.
TEST(Pack2023, ItsBytesAreThePack) {
  const auto again = ReadPack(Pack2023().bytes());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->digest(), Pack2023().digest());
  EXPECT_EQ(again->bytes(), Pack2023().bytes());
  EXPECT_FALSE(ReadPack("no pack").ok());
  EXPECT_FALSE(ReadPack("").ok()) << "an empty pack lacks everything";
}

}  // namespace
}  // namespace alliance::rules
