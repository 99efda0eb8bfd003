// Facts: all that a rule of the workflow may look at.
//
// The service gathers them in its transaction; rules only read. The defaults are the cautious ones:
// a fact that somebody forgot to gather refuses the act or asks for more, it never lets it pass.
//
// All instants are the server's. `now` is the moment that counts in law: for a submission that is
// the instant when the request arrived, taken before any wait (docs/decisions/0011-two-clocks.md).

#ifndef ALLIANCE_COMMON_DOMAIN_FACTS_H_
#define ALLIANCE_COMMON_DOMAIN_FACTS_H_

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/domain/errors.h"

namespace alliance::domain {

// Papers that an act must bring along. (The papers of an application are slots, see papers.h.)
enum class Paper {
  kNoticeText,        // 公示文本
  kEvidence,          // 异议证据材料
  kHandlingRecord,    // 异议处理记录
  kFormalLetter,      // 推荐函, R-036
  kSummaryTable,      // 推荐汇总表
  kDrawRecord,        // 抽取记录
  kSurveyFindings,    // 调研考察情况
  kDivisionOpinion,   // 处室意见
  kMinutes,           // 厅党组会议纪要
  kDecision,          // 决定文件
  kActivitySummary,   // 年度技术创新活动总结, R-090
  kActivityPlan,      // 下一年度计划, R-091
  kStatistics,        // 创新资源统计, R-092
  kRdEvidence,        // 研发投入证明
  kAppealGrounds,     // 申诉理由
  kAppealAnswer,      // 申诉答复
  kResultList,        // 评价结果清单, with digest
  kApprovalDocument,  // 审批文件
  kPaymentList,       // 拨付清单, with digest
  kBankReceipt,       // 银行回单
};
inline constexpr int kPaperCount = static_cast<int>(Paper::kBankReceipt) + 1;

// "FORMAL_LETTER"; labels in both languages.
std::string_view WordOf(Paper paper);
std::optional<Paper> PaperOf(std::string_view word);
std::string_view PaperLabelZh(Paper paper);
std::string_view PaperLabelEn(Paper paper);

class PaperSet {
 public:
  constexpr PaperSet() = default;
  constexpr PaperSet(Paper paper) : bits_(Bit(paper)) {}  // NOLINT(google-explicit-constructor)
  constexpr PaperSet(std::initializer_list<Paper> papers) {
    for (Paper paper : papers) bits_ |= Bit(paper);
  }

  constexpr void Add(Paper paper) { bits_ |= Bit(paper); }
  constexpr bool Has(Paper paper) const { return (bits_ & Bit(paper)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr PaperSet Without(PaperSet others) const { return PaperSet(bits_ & ~others.bits_); }
  friend constexpr bool operator==(PaperSet, PaperSet) = default;

 private:
  explicit constexpr PaperSet(uint32_t bits) : bits_(bits) {}
  static constexpr uint32_t Bit(Paper paper) { return uint32_t{1} << static_cast<int>(paper); }
  uint32_t bits_ = 0;
};

// Grouped by subject, not by size.
struct Facts {  // NOLINT(clang-analyzer-optin.performance.Padding)
  absl::Time now = absl::InfinitePast();

  // With every act
  std::string reason;  // the written reason, if one was given
  PaperSet papers_given;

  // Filing. Windows are half-open; extensions and regional deadlines are already in them
  // (R-008..010).
  absl::Time window_opens = absl::InfiniteFuture();
  absl::Time window_closes = absl::InfiniteFuture();
  absl::Time correction_until = absl::InfiniteFuture();
  bool first_submitted_in_time = false;
  int unrequested_edits = 0;               // edits outside the marks of the last return (Q21)
  bool unrequested_edits_allowed = false;  // the pack: strict, or recorded
  bool form_checked = false;               // CheckForm has been run on exactly this version
  std::vector<FieldProblem> form_problems;
  bool papers_checked = false;  // CheckPapers likewise
  std::vector<FieldProblem> paper_problems;
  bool papers_clean = false;      // every file scanned and clean
  bool other_application = true;  // another live one of this lead in this round

  // Regional review
  bool coi_declared_none = false;   // conflict of interest declared as none
  std::string holder_account;       // who claimed the case; empty: nobody
  bool caller_is_superior = false;  // of the same recommender, above the holder
  bool caller_stands_in = false;    // the holder's delegation to the caller runs
  int marks = 0;                    // field marks, each asks for a correction
  int marks_without_reason = 0;
  int open_conditions = 4;  // of article 4, not yet decided
  int failed_conditions = 0;
  bool verified_rd_present = false;  // 核定数 (Q7)
  int overrides_without_reason = 0;  // problems that need an override and have none with a reason
  bool recommends_itself = false;    // the office that has the case, not only its city (Q3)

  // Public notice, of an application or of a subsidy: [notice_opens, notice_closes)
  bool in_batch_of_exact_versions = false;
  bool planner_warns = true;  // the notice would end after the region's deadline (Q2)
  absl::Time notice_opens = absl::InfiniteFuture();
  absl::Time notice_closes = absl::InfiniteFuture();
  bool early_close_asks = false;  // the pack: an unfinished notice asks for a reason, or is denied
  bool objector_named = false;    // real name and contact (Q23)
  bool objection_has_grounds = false;

  // Recommendation: the region's own window, extension included
  absl::Time recommend_opens = absl::InfiniteFuture();
  absl::Time recommend_closes = absl::InfiniteFuture();
  // The digest that the caller names is the digest of exactly the frozen list: of a recommendation,
  // of the cases that a closed round leaves behind, of a meeting's agenda, of a published result or
  // of a payment.
  bool list_matches = false;

  // The province
  bool drawn = false;        // in the result of the survey draw
  bool draw_closed = false;  // the draw of the round is over
  std::string meeting_number;
  bool meeting_dated = false;
  absl::Time construction_ends = absl::InfiniteFuture();

  // Yearly report and evaluation
  absl::Time report_opens = absl::InfiniteFuture();  // the pack's, or the registration if later
  absl::Time report_closes = absl::InfiniteFuture();
  bool evaluation_started = true;
  bool campaign_open = false;
  bool assignments_made = false;
  bool assigned = false;  // this firm to this case
  bool score_in_range = false;
  bool scores_complete = false;
  int experts_scored = 0;  // both for the text of the refusal
  int experts_needed = 0;
  int open_outliers = 0;
  absl::Time appeal_opens = absl::InfiniteFuture();
  absl::Time appeal_closes = absl::InfiniteFuture();
  int open_appeals = 0;

  // Subsidy
  bool inputs_complete = false;
  std::string run_prepared_by;  // who prepared the run
  std::string run_approved_by;  // the second person, who approved exactly this run
  std::string frozen_by;        // who froze it
  bool line_is_zero = false;    // the run gives this alliance nothing
  bool guard_row_ok = false;    // the budget's guard row had room
  bool account_checked = false;
  std::string first_person;  // who asked for the payment
  std::string bank_reference;
  bool corrected_run_shows_less = false;
};

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_FACTS_H_
