#include "common/domain/facts.h"

#include <array>
#include <cstddef>

namespace alliance::domain {
namespace {

struct PaperRow {
  Paper paper;
  std::string_view word;
  std::string_view zh;
  std::string_view en;
};

constexpr std::array kPapers = std::to_array<PaperRow>({
    {Paper::kNoticeText, "NOTICE_TEXT", "公示文本", "text of the notice"},
    {Paper::kEvidence, "EVIDENCE", "异议证据材料", "evidence of the objection"},
    {Paper::kHandlingRecord, "HANDLING_RECORD", "异议处理记录", "record of handling the objection"},
    {Paper::kFormalLetter, "FORMAL_LETTER", "推荐函", "formal letter of recommendation"},
    {Paper::kSummaryTable, "SUMMARY_TABLE", "推荐汇总表", "summary table"},
    {Paper::kDrawRecord, "DRAW_RECORD", "抽取记录", "record of the draw"},
    {Paper::kSurveyFindings, "SURVEY_FINDINGS", "调研考察情况", "findings of the survey"},
    {Paper::kDivisionOpinion, "DIVISION_OPINION", "处室意见", "opinion of the division"},
    {Paper::kMinutes, "MINUTES", "会议纪要", "minutes of the meeting"},
    {Paper::kDecision, "DECISION", "决定文件", "decision"},
    {Paper::kActivitySummary, "ACTIVITY_SUMMARY", "年度技术创新活动总结", "summary of the year"},
    {Paper::kActivityPlan, "ACTIVITY_PLAN", "下一年度技术创新活动计划", "plan for the next year"},
    {Paper::kStatistics, "STATISTICS", "创新资源统计调查", "innovation-resources statistics"},
    {Paper::kRdEvidence, "RD_EVIDENCE", "研发投入证明", "evidence of R&D spend"},
    {Paper::kAppealGrounds, "APPEAL_GROUNDS", "申诉理由", "grounds of the appeal"},
    {Paper::kAppealAnswer, "APPEAL_ANSWER", "申诉答复", "answer to the appeal"},
    {Paper::kResultList, "RESULT_LIST", "评价结果清单", "list of results"},
    {Paper::kApprovalDocument, "APPROVAL_DOCUMENT", "审批文件", "approval document"},
    {Paper::kPaymentList, "PAYMENT_LIST", "拨付清单", "payment list"},
    {Paper::kBankReceipt, "BANK_RECEIPT", "银行回单", "bank receipt"},
});

constexpr bool PapersFollowTheEnum() {
  for (size_t i = 0; i < kPapers.size(); ++i) {
    if (static_cast<size_t>(kPapers[i].paper) != i) return false;
  }
  return kPapers.size() == kPaperCount;
}
static_assert(PapersFollowTheEnum());

const PaperRow& RowOf(Paper paper) { return kPapers[static_cast<size_t>(paper)]; }

}  // namespace

std::string_view WordOf(Paper paper) { return RowOf(paper).word; }
std::string_view PaperLabelZh(Paper paper) { return RowOf(paper).zh; }
std::string_view PaperLabelEn(Paper paper) { return RowOf(paper).en; }

std::optional<Paper> PaperOf(std::string_view word) {
  for (const PaperRow& row : kPapers) {
    if (row.word == word) return row.paper;
  }
  return std::nullopt;
}

}  // namespace alliance::domain
