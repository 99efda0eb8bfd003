#include "common/domain/papers.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace alliance::domain {
namespace {

PaperRules Rules() {
  return {.slots = {{"A1_FORM", "联盟备案申请表", "application form", ""},
                    {"A2_AGREEMENT", "联盟协议文本复印件", "alliance agreement", ""},
                    {"A3_TAX_RETURN", "上一年度纳税申报表", "tax return", ""},
                    {"A4A_DEDUCTION_SHEET", "加计扣除明细表", "deduction sheet", ""},
                    {"A4B_AUDIT_REPORT", "专项审计报告", "audit report", ""},
                    {"A5_MEMBER_LICENCE", "营业执照", "licence", ""},
                    {"A6_IP_PROOF", "知识产权证明", "IP proof", ""}},
          .requirements = {
              {"A1", PaperNeed::kGenerated, {{"A1_FORM"}}, "A6.1"},
              {"A2", PaperNeed::kAlways, {{"A2_AGREEMENT"}}, "A6.1"},
              {"A3", PaperNeed::kAlways, {{"A3_TAX_RETURN"}}, "A6.1"},
              {"A4", PaperNeed::kAlways, {{"A4A_DEDUCTION_SHEET"}, {"A4B_AUDIT_REPORT"}}, "A6.1"},
              {"A5", PaperNeed::kPerMember, {{"A5_MEMBER_LICENCE"}}, "A6.1"},
              {"A6", PaperNeed::kIfIntellectualProperty, {{"A6_IP_PROOF"}}, "R-035"}}};
}

Form TwoMembers() {
  Form form;
  form.members = {{.member_name = "盟主", .credit_code = "91210200PDY0000284"},
                  {.member_name = "大学", .credit_code = "12100000422436090K"}};
  return form;
}

std::vector<PaperGiven> AllGiven() {
  return {{"A2_AGREEMENT", ""},
          {"A3_TAX_RETURN", ""},
          {"A4B_AUDIT_REPORT", ""},
          {"A5_MEMBER_LICENCE", "91210200pdy0000284"},
          {"A5_MEMBER_LICENCE", "12100000422436090K"}};
}

std::vector<std::string> Fields(const Form& form, const PaperRules& rules,
                                const std::vector<PaperGiven>& given) {
  std::vector<std::string> fields;
  for (const FieldProblem& problem : CheckPapers(form, rules, given)) {
    EXPECT_EQ(problem.severity, Severity::kError);
    EXPECT_EQ(problem.zh.find('{'), std::string::npos);
    fields.push_back(problem.field);
  }
  return fields;
}

using Texts = std::vector<std::string>;

// Article 6(1). The form is generated: none is asked for.
TEST(Papers, CompleteIsComplete) { EXPECT_EQ(Fields(TwoMembers(), Rules(), AllGiven()), Texts{}); }

//
TEST(Papers, EachMissingOneIsNamed) {
  const Texts expected = {"papers.A2_AGREEMENT", "papers.A3_TAX_RETURN",
                          "papers.A4A_DEDUCTION_SHEET", "papers.A5_MEMBER_LICENCE[0]",
                          "papers.A5_MEMBER_LICENCE[1]"};
  EXPECT_EQ(Fields(TwoMembers(), Rules(), {}), expected);
  for (size_t i = 0; i < AllGiven().size(); ++i) {
    std::vector<PaperGiven> given = AllGiven();
    given.erase(given.begin() + static_cast<int64_t>(i));
    EXPECT_EQ(Fields(TwoMembers(), Rules(), given), Texts{expected[i]});
  }
}

// R-033a/b: either will do.
TEST(Papers, DeductionSheetOrAuditReport) {
  std::vector<PaperGiven> given = AllGiven();
  given[2].slot = "A4A_DEDUCTION_SHEET";
  EXPECT_EQ(Fields(TwoMembers(), Rules(), given), Texts{});
}

// Reading Q5: the other grouping, (return and sheet) or audit report.
TEST(Papers, TheOtherGroupingIsAPackAway) {
  PaperRules rules = Rules();
  rules.requirements[2] = {"A3A4",
                           PaperNeed::kAlways,
                           {{"A3_TAX_RETURN", "A4A_DEDUCTION_SHEET"}, {"A4B_AUDIT_REPORT"}},
                           "A6.1"};
  rules.requirements.erase(rules.requirements.begin() + 3);
  std::vector<PaperGiven> given = AllGiven();
  given.erase(given.begin() + 1);  // no tax return, but an audit report
  EXPECT_EQ(Fields(TwoMembers(), rules, given), Texts{});
  given[1].slot = "A4A_DEDUCTION_SHEET";
  EXPECT_EQ(Fields(TwoMembers(), rules, given), Texts{"papers.A3_TAX_RETURN"});
}

// one per member row, and a licence of somebody else does not count.
TEST(Papers, ALicenceBelongsToItsMember) {
  std::vector<PaperGiven> given = AllGiven();
  given[4].member_credit_code = "121000004630037851";
  EXPECT_EQ(Fields(TwoMembers(), Rules(), given), Texts{"papers.A5_MEMBER_LICENCE[1]"});
  Form form = TwoMembers();
  form.members.push_back({.member_name = "团队", .kind = MemberKind::kTalentTeam});
  EXPECT_EQ(Fields(form, Rules(), AllGiven()), Texts{});
}

// R-035, X12
TEST(Papers, CountedIntellectualPropertyNeedsProof) {
  Form form = TwoMembers();
  form.lead.ip_class2.y2 = 0;
  EXPECT_EQ(Fields(form, Rules(), AllGiven()), Texts{});
  form.lead.ip_class2.y2 = 1;
  EXPECT_EQ(Fields(form, Rules(), AllGiven()), Texts{"papers.A6_IP_PROOF"});
  EXPECT_EQ(CheckPapers(form, Rules(), AllGiven())[0].reason, "X12");
  std::vector<PaperGiven> given = AllGiven();
  given.push_back({"A6_IP_PROOF", ""});
  EXPECT_EQ(Fields(form, Rules(), given), Texts{});
}

TEST(Papers, AnUnknownSlotIsAProblem) {
  std::vector<PaperGiven> given = AllGiven();
  given.push_back({"A9", ""});
  EXPECT_EQ(Fields(TwoMembers(), Rules(), given), Texts{"papers.A9"});
  EXPECT_TRUE(KnowsSlot(Rules(), "A1_FORM"));
  EXPECT_FALSE(KnowsSlot(Rules(), ""));
}

}  // namespace
}  // namespace alliance::domain
