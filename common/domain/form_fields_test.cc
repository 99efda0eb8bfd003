#include "common/domain/form_fields.h"

#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace alliance::domain {
namespace {

FormRules Rules() {
  FormRules rules;
  rules.form_year = 2022;
  return rules;
}

PaperRules Papers() {
  return {.slots = {{"A2_AGREEMENT", "联盟协议文本复印件", "Copy of the agreement", ""},
                    {"A5_MEMBER_LICENCE", "营业执照", "Licence", ""}}};
}

// The word of what is wrong; the value otherwise.
std::string Read(std::string_view path, std::string_view typed) {
  const auto place = FindField(path);
  if (!place) return "no such field";
  TypedEntry entry;
  const auto problem = ReadEntry(*place->row, path, typed, Rules(), &entry);
  if (problem) {
    EXPECT_EQ(problem->field, path);
    EXPECT_FALSE(problem->zh.empty());
    EXPECT_EQ(problem->zh.find('{'), std::string::npos) << problem->zh;
    EXPECT_EQ(problem->severity, Severity::kError);
    return problem->reason;
  }
  if (entry.empty) return "empty";
  if (entry.value) return std::to_string(*entry.value);
  std::string out = entry.text;
  for (const FieldChoice* choice : entry.choices)
    out += (out.empty() ? "" : " ") + std::string(choice->word);
  return out;
}

// tests/bad-input.md 4.3, R-046, R-050: each accept beside its nearest refuse.
TEST(ReadEntry, AmountsInWan) {
  constexpr char kRd[] = "lead.rd_spend_fen.y1";
  constexpr char kProfit[] = "lead.profit_fen.y2";
  const struct {
    const char* path;
    const char* typed;
    const char* read;
  } kTable[] = {
      {kRd, "600", "600000000"},
      {kRd, "600.1", "600100000"},
      {kRd, "600.12", "600120000"},
      {kRd, "600.123", "AMOUNT_TOO_MANY_DECIMALS"},
      {kRd, "600.120", "AMOUNT_TOO_MANY_DECIMALS"},
      {kRd, "0", "0"},
      {kRd, "0.00", "0"},
      {kRd, "0.01", "10000"},
      {kRd, "0.001", "AMOUNT_TOO_MANY_DECIMALS"},
      {kRd, "-0", "AMOUNT_NEGATIVE"},
      {kRd, "-0.01", "AMOUNT_NEGATIVE"},
      {kRd, "１２", "12000000"},
      {kRd, "１２．５", "12500000"},
      {kRd, "1,234.5", "1234500000"},
      {kRd, "１，２３４．５", "1234500000"},
      {kRd, "12,34", "AMOUNT_NOT_A_NUMBER"},
      {kRd, "1,2345", "AMOUNT_NOT_A_NUMBER"},
      {kRd, ",123", "AMOUNT_NOT_A_NUMBER"},
      {kRd, " 7 ", "7000000"},
      {kRd, "　7　", "7000000"},
      {kRd, "1 2", "AMOUNT_NOT_A_NUMBER"},
      {kRd, "", "empty"},
      {kRd, "  ", "empty"},
      {kRd, "　", "empty"},
      {kRd, "\t\r\n", "empty"},
      {kRd, "\u200B", "INVISIBLE_TEXT"},
      {kRd, "无", "AMOUNT_NOT_A_NUMBER"},
      {kRd, "—", "AMOUNT_NOT_A_NUMBER"},
      {kRd, "NaN", "AMOUNT_NOT_A_NUMBER"},
      {kRd, "nan", "AMOUNT_NOT_A_NUMBER"},
      {kRd, "Infinity", "AMOUNT_NOT_A_NUMBER"},
      {kRd, "-Infinity", "AMOUNT_NOT_A_NUMBER"},
      {kRd, "1e3", "AMOUNT_NOT_A_NUMBER"},
      {kRd, "1e309", "AMOUNT_NOT_A_NUMBER"},
      {kRd, "0x10", "AMOUNT_NOT_A_NUMBER"},
      {kRd, "12.", "AMOUNT_NOT_A_NUMBER"},
      {kRd, ".5", "AMOUNT_NOT_A_NUMBER"},
      {kRd, "+5", "AMOUNT_NOT_A_NUMBER"},
      {kRd, "--5", "AMOUNT_NOT_A_NUMBER"},
      {kRd, "5-", "AMOUNT_NOT_A_NUMBER"},
      {kRd, "1.2.3", "AMOUNT_NOT_A_NUMBER"},
      {kRd, "600万元", "AMOUNT_NOT_A_NUMBER"},
      {kRd, "=1+1", "AMOUNT_NOT_A_NUMBER"},
      {kRd, "999999999999.99", "999999999999990000"},
      {kRd, "1000000000000", "AMOUNT_TOO_LARGE"},
      {kRd, "9007199254740993", "AMOUNT_TOO_LARGE"},
      {kRd, "9223372036854775807", "AMOUNT_TOO_LARGE"},
      {kRd, "5\x01", "FORBIDDEN_CHARACTER"},
      {kRd, "5\u202E", "FORBIDDEN_CHARACTER"},
      {kRd, "\xC0\xAF", "NOT_UTF8"},
      {kProfit, "-12.30", "-12300000"},
      {kProfit, "－12.30", "-12300000"},
      {kProfit, "-12.345", "AMOUNT_TOO_MANY_DECIMALS"},
      {kProfit, "-0", "AMOUNT_NOT_A_NUMBER"},
      {kProfit, "-0.00", "AMOUNT_NOT_A_NUMBER"},
      {kProfit, "0", "0"},
      {kProfit, "(5)", "AMOUNT_NOT_A_NUMBER"},
      {"alliance.sales_fen.y1", "-1", "AMOUNT_NEGATIVE"},
      {"lead.evidenced_rd_fen", "-1", "AMOUNT_NEGATIVE"},
      {"lead.evidenced_rd_fen", "240.5", "240500000"},
  };
  for (const auto& row : kTable) EXPECT_EQ(Read(row.path, row.typed), row.read) << row.typed;
}

// tests/bad-input.md 4.3, R-044, R-051, R-057
TEST(ReadEntry, CountsAreWholeNumbers) {
  constexpr char kStaff[] = "lead.staff.y1";
  const struct {
    const char* typed;
    const char* read;
  } kTable[] = {
      {"0", "0"},
      {"120", "120"},
      {"1,200", "1200"},
      {"１２０", "120"},
      {" 120 ", "120"},
      {"120.0", "NOT_A_COUNT"},
      {"1.5", "NOT_A_COUNT"},
      {"-1", "NEGATIVE"},
      {"-0", "NOT_A_COUNT"},
      {"1000000", "1000000"},
      {"1000001", "OUT_OF_RANGE"},
      {"1000000000", "OUT_OF_RANGE"},
      {"9223372036854775808", "OUT_OF_RANGE"},
      {"1e3", "NOT_A_COUNT"},
      {"0x10", "NOT_A_COUNT"},
      {"+5", "NOT_A_COUNT"},
      {"一百", "NOT_A_COUNT"},
      {"120人", "NOT_A_COUNT"},
      {"NaN", "NOT_A_COUNT"},
      {"", "empty"},
  };
  for (const auto& row : kTable) EXPECT_EQ(Read(kStaff, row.typed), row.read) << row.typed;
}

// tests/bad-input.md 4.2 and 4.9
TEST(ReadEntry, DaysAreIsoDaysThatExist) {
  constexpr char kFounded[] = "lead.founded_date";
  for (const char* good : {"2015-06-30", "2020-02-29", " 2015-06-30 ", "２０１５-０６-３０"}) {
    EXPECT_NE(Read(kFounded, good), "NOT_A_DAY") << good;
  }
  for (const char* bad :
       {"2015-6-30", "2015/06/30", "06/30/2015", "30.06.2015", "2015-02-30", "2021-02-29",
        "2015-13-01", "2015-00-10", "20150630", "2015年6月30日", "0001-01-01", "9999-12-31",
        "1899-12-31", "2015-06-30T00:00:00Z", "2023-04-25T24:00+08:00", "23:59:60", "昨天", "-1"}) {
    EXPECT_EQ(Read(kFounded, bad), "NOT_A_DAY") << bad;
  }
  EXPECT_EQ(Read(kFounded, ""), "empty");
}

// by the printed word or the word of the wire.
TEST(ReadEntry, ChoicesByTheirWords) {
  const struct {
    const char* path;
    const char* typed;
    const char* read;
  } kTable[] = {
      {"technical_field", "新材料", "NEW_MATERIALS"},
      {"technical_field", "NEW_MATERIALS", "NEW_MATERIALS"},
      {"technical_field", "new_materials", "NEW_MATERIALS"},
      {"technical_field", " 新材料 ", "NEW_MATERIALS"},
      {"technical_field", "新材", "NOT_IN_LIST"},
      {"technical_field", "4", "NOT_IN_LIST"},
      {"technical_field", "99", "NOT_IN_LIST"},
      {"technical_field", "TECHNICAL_FIELD_UNSPECIFIED", "NOT_IN_LIST"},
      {"technical_field", "新材料、航空航天", "NOT_IN_LIST"},
      {"technical_field", "", "empty"},
      {"lead.lead_types", "瞪羚", "GAZELLE"},
      {"lead.lead_types", "瞪羚、雏鹰", "GAZELLE EAGLET"},
      {"lead.lead_types", "GAZELLE, 科技型中小企业", "GAZELLE TECH_SME"},
      {"lead.lead_types", "瞪羚\n雏鹰", "GAZELLE EAGLET"},
      {"lead.lead_types", "瞪羚、独角兽", "NOT_IN_LIST"},
      {"lead.lead_types", "瞪羚、瞪羚", "DUPLICATE"},
      {"lead.lead_types", "瞪羚、GAZELLE", "DUPLICATE"},
      {"lead.lead_types", "", "empty"},
      {"alliance.cooperation_forms", "其他", "OTHER_COOPERATION"},
      {"members[0].kind", "高校", "UNIVERSITY"},
      {"members[0].kind", "大学", "NOT_IN_LIST"},
      {"lead.rd_evidence_kind", "专项审计报告", "audit_report"},
      {"lead.rd_evidence_kind", "a107012_row40", "a107012_row40"},
      {"lead.rd_evidence_kind", "form", "NOT_IN_LIST"},
      {"high_tech_zone", " HTZ-DL ", "HTZ-DL"},
      {"alliance_name", "  大连市联盟 ", "  大连市联盟 "},  // stored as typed
      {"alliance_name", "a\x1b[0m", "FORBIDDEN_CHARACTER"},
      {"alliance.goals", "一\r\n二", "一\r\n二"},
  };
  for (const auto& row : kTable) EXPECT_EQ(Read(row.path, row.typed), row.read) << row.typed;
}

TEST(FindField, KnowsEveryFieldAndNothingElse) {
  for (const FieldRow& row : FormFields()) {
    std::string path(row.path);
    if (const size_t open = path.find("[]"); open != std::string::npos) path.insert(open + 1, "7");
    const auto place = FindField(path);
    ASSERT_TRUE(place.has_value()) << path;
    EXPECT_EQ(place->row, &row);
    EXPECT_EQ(FindField(path + ".y1").has_value(), row.two_years) << path;
    EXPECT_EQ(FindField(path + ".y2").has_value(), row.two_years) << path;
    EXPECT_FALSE(FindField(path + ".y3").has_value()) << path;
    EXPECT_FALSE(row.clause.empty()) << path;
  }
  for (const char* unknown : {"",
                              ".",
                              "lead",
                              "members",
                              "lead.",
                              "lead.nothing",
                              "lead.staff.y1.y1",
                              "members[].",
                              "members[-1].position",
                              "members[x].position",
                              "members[1",
                              "members[99999999].position",
                              "members[0][1].position",
                              "members[0].nothing",
                              "state",
                              "etag",
                              "lead.staff[0]",
                              "__proto__",
                              "form.lead.staff.y1",
                              "lead.staff.y1 ",
                              "'; DROP TABLE application;--"}) {
    EXPECT_FALSE(FindField(unknown).has_value()) << unknown;
  }
}

TEST(Label, NamesPlacesAsTheFormDoes) {
  const struct {
    const char* path;
    const char* zh;
    const char* en;
  } kTable[] = {
      {"lead.rd_spend_fen.y1", "研究开发费用（2022年）", "R&D cost (2022)"},
      {"lead.rd_spend_fen.y2", "研究开发费用（2021年）", "R&D cost (2021)"},
      {"lead.rd_spend_fen", "研究开发费用", "R&D cost"},
      {"lead", "盟主企业情况", "Lead enterprise"},
      {"members", "联盟成员单位", "Members"},
      {"members[2]", "联盟成员单位第3行", "Members, row 3"},
      {"members[2].position", "联盟成员单位第3行·在行业（或领域）中的地位",
       "Members, row 3: Standing in the field"},
      {"lead.lead_types[1]", "盟主单位类型", "Kinds of the lead"},
      {"recommender_region", "推荐单位", "Recommender"},
      {"papers.A2_AGREEMENT", "联盟协议文本复印件", "Copy of the agreement"},
      {"papers.A5_MEMBER_LICENCE[1]", "联盟成员单位第2行·营业执照", "Members, row 2: Licence"},
      {"papers.A9_NONE", "A9_NONE", "A9_NONE"},
      {"what.is.this", "what.is.this", "what.is.this"},
      {"x[1]", "x", "x"},
      {"x[", "x[", "x["},
  };
  for (const auto& row : kTable) {
    const FieldLabel label = LabelOf(row.path, 2022, Papers());
    EXPECT_EQ(label.zh, row.zh) << row.path;
    EXPECT_EQ(label.en, row.en) << row.path;
  }
}

// only the total profit may be negative, money is in 万元, counts have their unit.
TEST(FormFields, SayWhatTheFormSays) {
  std::set<std::string_view> paths;
  for (const FieldRow& row : FormFields()) {
    EXPECT_TRUE(paths.insert(row.path).second) << row.path;
    EXPECT_EQ(row.kind == FieldKind::kSignedAmount, row.path == "lead.profit_fen") << row.path;
    const bool amount = row.kind == FieldKind::kAmount || row.kind == FieldKind::kSignedAmount;
    EXPECT_EQ(row.unit == "万元", amount) << row.path;
    EXPECT_EQ(row.path.ends_with("_fen"), amount) << row.path;
    EXPECT_EQ(!row.unit.empty(), amount || row.kind == FieldKind::kCount) << row.path;
    EXPECT_EQ(row.limit != TextLimit::kNone, row.kind == FieldKind::kText) << row.path;
  }
  EXPECT_EQ(LimitOf(TextLimit::kGoals, Rules()), 500);
  EXPECT_EQ(LimitOf(TextLimit::kNarrative, Rules()), 500);
  EXPECT_EQ(LimitOf(TextLimit::kNone, Rules()), 0);
}

}  // namespace
}  // namespace alliance::domain
