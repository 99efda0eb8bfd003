#include "common/domain/problem.h"

#include <array>
#include <cstddef>
#include <map>

namespace alliance::domain {
namespace {

constexpr Severity kError = Severity::kError;
constexpr Severity kOverride = Severity::kNeedsOverride;
constexpr Severity kWarning = Severity::kWarning;

// clang-format off
constexpr std::array kProblems = std::to_array<ProblemRow>({
// One field
{Problem::kRequired, "REQUIRED", kError, "",
 "Please fill this in.", "请填写此项。"},
{Problem::kTooLong, "TOO_LONG", kError, "",
 "{count} characters; at most {limit}, blanks not counted.", "已填{count}字，限{limit}字（不计空白）。"},
{Problem::kForbiddenCharacter, "FORBIDDEN_CHARACTER", kError, "",
 "Contains a control character. Type the text again.", "含有控制字符，请重新输入。"},
{Problem::kInvisibleText, "INVISIBLE_TEXT", kError, "",
 "Holds only characters that cannot be seen. Delete it or type the text again.",
 "只含不可见字符，请清空或重新输入。"},
{Problem::kPrivateUse, "PRIVATE_USE", kWarning, "",
 "Holds a self-made character that other computers may not show.",
 "含有自造字，其他电脑可能无法显示，请核对。"},
{Problem::kNotUtf8, "NOT_UTF8", kError, "",
 "The text is not UTF-8.", "文字编码不是UTF-8。"},
{Problem::kNotInList, "NOT_IN_LIST", kError, "",
 "Choose one from the list.", "请从列表中选择。"},
{Problem::kDuplicate, "DUPLICATE", kError, "",
 "Appears more than once.", "重复填写。"},
{Problem::kNegative, "NEGATIVE", kError, "R-046",
 "Must not be negative; only the total profit may be.", "不能为负数（仅利润总额可以为负）。"},
{Problem::kOutOfRange, "OUT_OF_RANGE", kError, "",
 "At most {limit}.", "不能超过{limit}。"},
{Problem::kNotADay, "NOT_A_DAY", kError, "",
 "Not a day. Write it as 2015-06-30.", "日期无效，请按2015-06-30的格式填写。"},
{Problem::kFutureDay, "FUTURE_DAY", kError, "",
 "The day lies after the beginning of the round.", "日期晚于本批次开始日期。"},
{Problem::kPhone, "PHONE", kError, "",
 "Not a phone number. Write it as 024-23983460 or 13900000000.",
 "电话号码无效，请按024-23983460或13900000000的格式填写。"},
{Problem::kTooManyRows, "TOO_MANY_ROWS", kError, "",
 "At most {limit} rows.", "最多{limit}行。"},
{Problem::kNoSuchField, "NO_SUCH_FIELD", kError, "",
 "The form has no such field.", "申请表没有此字段。"},
{Problem::kRowMissing, "ROW_MISSING", kError, "",
 "The row before this one is missing.", "前一行不存在，请按顺序填写。"},
{Problem::kNotACount, "NOT_A_COUNT", kError, "",
 "Not a whole number. Write it as 120.", "应为整数，请按120的格式填写。"},
{Problem::kEvidenceIncomplete, "EVIDENCE_INCOMPLETE", kError, "Q7",
 "The evidenced amount and the kind of evidence belong together: audit_report or a107012_row40.",
 "证明材料金额与证明材料种类须同时填写（专项审计报告或加计扣除明细表）。"},
{Problem::kNamePattern, "NAME_PATTERN", kWarning, "R-040",
 "Alliances are usually called “xx市xx联盟”.", "联盟名称一般为“xx市xx联盟”。"},
// Cross-checks
{Problem::kX01, "X01", kError, "R-045",
 "More science and technology staff than staff.", "科技人员多于员工总数。"},
{Problem::kX02, "X02", kWarning, "R-049",
 "High-tech income is above sales revenue.", "高新技术产品（服务）收入大于销售收入。"},
{Problem::kX03, "X03", kWarning, "R-047",
 "Cooperation spend is above R&D cost.", "产学研合作经费大于研究开发费用。"},
{Problem::kX04, "X04", kError, "R-077",
 "Alliance sales are the sum over all members, so not below the lead's.",
 "联盟销售收入为全部成员之和，不应小于盟主销售收入。"},
{Problem::kX05, "X05", kError, "R-078",
 "Alliance R&D is the sum over all members, so not below the lead's.",
 "联盟研究开发费用为全部成员之和，不应小于盟主研究开发费用。"},
{Problem::kX06, "X06", kError, "A4.3",
 "The lead must have R&D spend in the last year.", "盟主企业近一年应有研发投入。"},
{Problem::kX07, "X07", kWarning, "R-046",
 "R&D cost is above sales revenue. Please check.", "研究开发费用大于销售收入，请核对。"},
{Problem::kX08, "X08", kWarning, "Q19",
 "Very large, or thousands of times the other year. The unit is 万元. Please check.",
 "数额很大，或与另一年度相差数千倍。单位为万元，请核对。"},
{Problem::kX09, "X09", kWarning, "Q7",
 "The form says {declared}, the evidence {evidenced} (万元): more than {percent} % apart. Please explain.",
 "申请表为{declared}万元，证明材料为{evidenced}万元，相差超过{percent}%，请说明。"},
{Problem::kX10, "X10", kWarning, "facts 7",
 "A technology SME has at most {staff} staff and {sales} 万元 of sales. Please check.",
 "科技型中小企业职工总数不超过{staff}人、年销售收入不超过{sales}万元，请核对。"},
{Problem::kX11, "X11", kWarning, "facts 7",
 "Registered more than {years} years ago. Please check the kind of enterprise.",
 "注册成立已超过{years}年，请核对企业类型。"},
{Problem::kX12, "X12", kError, "R-035",
 "Intellectual property is counted, so its proof is required.", "填报了知识产权数量，须提供证明材料。"},
// Against other rounds and other applications
{Problem::kLastRoundDiffers, "LAST_ROUND_DIFFERS", kWarning, "R-012",
 "The last round's form says {before} for {year}, this one {now}. Please check.",
 "上一批次申请表填报的{year}年数据为{before}，本次为{now}，请核对。"},
{Problem::kPreviousRegistry, "PREVIOUS_REGISTRY", kWarning, "R-012",
 "The lead says it was registered before as {number}: compare with the list of that year.",
 "盟主填报原备案编号{number}，请审核人员与当年备案名单核对。"},
{Problem::kSameFigures, "SAME_FIGURES", kWarning, "N3",
 "{alliance} ({office}) declares the same R&D figures of both years.",
 "与{alliance}（{office}）填报的两年研究开发费用完全相同。"},
{Problem::kMemberElsewhere, "MEMBER_ELSEWHERE", kWarning, "A2",
 "Also a member of {alliance} ({office}).", "该单位同时是{alliance}（{office}）的成员。"},
{Problem::kSameFiguresOfAnotherOffice, "SAME_FIGURES_OF_ANOTHER_OFFICE", kWarning, "N3",
 "An application at another recommending body declares the same R&D figures of both years. The province knows which.",
 "另一推荐单位受理的申请填报的两年研究开发费用完全相同，可向省科技厅核实。"},
{Problem::kMemberOfAnotherOffice, "MEMBER_OF_ANOTHER_OFFICE", kWarning, "A2",
 "Also a member in an application at another recommending body. The province knows which.",
 "该单位同时是另一推荐单位受理的申请的成员，可向省科技厅核实。"},
// Members
{Problem::kNoUniversityOrInstitute, "NO_UNIVERSITY_OR_INSTITUTE", kError, "A4.1",
 "The members must include a university or research institution.", "成员应包括高校或科研机构等单位。"},
{Problem::kTalentTeamOnly, "TALENT_TEAM_ONLY", kOverride, "Q16",
 "A talent team stands in for the university or institution: the reviewer must agree.",
 "成员中以人才团队代替高校或科研机构，须由审核人员确认。"},
{Problem::kLeadNotAmongMembers, "LEAD_NOT_AMONG_MEMBERS", kError, "Q17",
 "The lead enterprise counts as a member: give it a row of its own.", "成员总数含盟主企业，请在成员表中列出盟主企业。"},
{Problem::kTotalNotRows, "TOTAL_NOT_ROWS", kError, "Q17",
 "The total is {total}, the table has {rows} rows.", "成员总数为{total}，成员表有{rows}行，应一致。"},
{Problem::kTotalBelowKinds, "TOTAL_BELOW_KINDS", kError, "Q17",
 "The total is below enterprises, universities and institutes together.",
 "成员总数小于企业、高校、研究机构数量之和。"},
{Problem::kKindsNotRows, "KINDS_NOT_ROWS", kWarning, "Q17",
 "The number is {count}, the table has {rows} rows of this kind.", "填报数量为{count}，成员表中此类成员有{rows}行。"},
{Problem::kSameName, "SAME_NAME", kWarning, "A2",
 "{other} has the same name with another code. Compare both with the licence.",
 "与{other_zh}名称相同而代码不同，请与证照核对。"},
// Lead enterprise
{Problem::kLeadNotLegalPerson, "LEAD_NOT_LEGAL_PERSON", kError, "A4.1",
 "An individual business is not an independent legal person.", "个体工商户不是独立法人企业。"},
{Problem::kLeadKindUnusual, "LEAD_KIND_UNUSUAL", kWarning, "A4.1",
 "The code is not that of an enterprise. The reviewer confirms the legal person.",
 "代码不属于企业，由审核人员确认是否为独立法人企业。"},
{Problem::kDomicileUnexplained, "DOMICILE_UNEXPLAINED", kError, "A4.1",
 "The code was issued outside the province. Explain the domicile.", "代码为省外登记机关赋码，请说明注册地情况。"},
{Problem::kDomicileElsewhere, "DOMICILE_ELSEWHERE", kWarning, "A4.1",
 "The address names no place in the province. Compare it with the licence.",
 "注册地址未见省内地名，请与营业执照核对。"},
// Codes
{Problem::kLength, "LENGTH", kError, "GB 32100-2015",
 "A credit code has 18 characters, not {length}.", "统一社会信用代码应为18位，现为{length}位。"},
{Problem::kBadCharacter, "BADCHAR", kError, "GB 32100-2015",
 "“{character}” at position {position} is not used in credit codes.", "第{position}位“{character}”不是代码允许的字符。"},
{Problem::kDepartmentKind, "DEPARTMENT_KIND", kError, "GB 32100-2015",
 "No organisation is registered under “{prefix}”.", "前两位“{prefix}”不是有效的登记管理部门和机构类别。"},
{Problem::kRegionDigits, "REGION_DIGITS", kError, "GB 32100-2015",
 "Positions 3 to 8 are digits.", "第3至8位应为数字。"},
{Problem::kOrgCheck, "ORG_CHECK", kOverride, "GB 11714-1997",
 "Position 17 should be “{expected}”. Check the licence; a reviewer may accept it with proof.",
 "第17位按规则应为“{expected}”，请与证照核对；确属实的由审核人员凭证明确认。"},
{Problem::kCheckChar, "CHECK_CHAR", kOverride, "GB 32100-2015",
 "Position 18 should be “{expected}”. Check the licence; a reviewer may accept it with proof.",
 "第18位按规则应为“{expected}”，请与证照核对；确属实的由审核人员凭证明确认。"},
{Problem::kOrgCode9, "ORG_CODE_9", kWarning, "Q20",
 "This is an old organisation code. Give the 18-character code if there is one.",
 "此为9位组织机构代码，如有18位统一社会信用代码请填写。"},
{Problem::kOutOfProvince, "OUT_OF_PROVINCE", kWarning, "facts 4.3",
 "The code was issued outside the province: compare the domicile on the licence.",
 "代码为省外登记机关赋码，请核对证照上的住所。"},
// Papers
{Problem::kPaperMissing, "PAPER_MISSING", kError, "A6.1",
 "Missing: {paper}", "缺少：{paper_zh}"},
{Problem::kPaperSlotUnknown, "PAPER_SLOT_UNKNOWN", kError, "A6.1",
 "This round has no such paper: {slot}", "本批次没有此类材料：{slot}"},
// Review
{Problem::kConditionUnknown, "CONDITION_UNKNOWN", kError, "A4",
 "Not a condition of article 4.", "不是第四条所列条件。"},
{Problem::kConditionTwice, "CONDITION_TWICE", kError, "A4",
 "This condition is recorded twice.", "同一条件重复记录。"},
// Scores
{Problem::kScoreRange, "SCORE_RANGE", kError, "A8",
 "From 0 to {max} hundredths of a point.", "分值范围为0至{max}（百分之一分）。"},
{Problem::kScoreItems, "SCORE_ITEMS", kError, "A8",
 "{got} numbers for {needed} items.", "有{needed}个评分项，收到{got}个分值。"},
});
// clang-format on

constexpr bool ProblemsAreSound() {
  for (size_t i = 0; i < kProblems.size(); ++i) {
    if (static_cast<size_t>(kProblems[i].problem) != i) return false;
    for (size_t j = 0; j < i; ++j) {
      if (kProblems[j].word == kProblems[i].word) return false;
    }
  }
  return kProblems.size() == static_cast<size_t>(Problem::kCount);
}
static_assert(ProblemsAreSound(), "one row per Problem, in its order, each word once");

}  // namespace

const ProblemRow& RowOf(Problem problem) { return kProblems[static_cast<size_t>(problem)]; }

std::string_view WordOf(Problem problem) { return RowOf(problem).word; }

std::optional<Problem> ProblemOf(std::string_view word) {
  for (const ProblemRow& row : kProblems) {
    if (row.word == word) return row.problem;
  }
  return std::nullopt;
}

FieldProblem MakeProblem(Problem problem, std::string_view field, std::initializer_list<Hole> holes,
                         std::optional<Severity> severity) {
  const ProblemRow& row = RowOf(problem);
  const std::map<std::string, std::string> values(holes.begin(), holes.end());
  return {.field = std::string(field),
          .reason = std::string(row.word),
          .zh = FillHoles(row.zh, values),
          .en = FillHoles(row.en, values),
          .clause = std::string(row.clause),
          .severity = severity.value_or(row.severity)};
}

}  // namespace alliance::domain
