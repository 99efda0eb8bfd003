// The states of the two lifecycles, who owns a case in each, and what each is called.
//
// A state has two names: one for officials and one for applicants, so that internal opinions and
// objections never leak (reading Q23). Programs use the stable word.

#ifndef ALLIANCE_COMMON_DOMAIN_STATE_H_
#define ALLIANCE_COMMON_DOMAIN_STATE_H_

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace alliance::domain {

// The services that hold cases. A case is held by exactly one at a time.
enum class Owner { kFiling, kReview, kEvaluation, kSubsidy };
inline constexpr std::array kOwners = {Owner::kFiling, Owner::kReview, Owner::kEvaluation,
                                       Owner::kSubsidy};

enum class Lifecycle { kFiling, kYearly };

enum class State {
  // Filing: one per lead and round
  kDraft,
  kReturned,
  kSubmitted,
  kReviewing,
  kPassed,
  kInNotice,
  kObjected,
  kNoticeClosed,
  kRecommended,
  kAccepted,
  kSurveying,
  kSurveyed,
  kPendingDecision,
  kRegistered,
  kLapsed,
  kWithdrawn,
  kRejected,
  kNotRecommended,
  kNotRegistered,
  kDeregistered,
  kCompleted,
  // Yearly: one per registered alliance and year
  kReportDue,
  kReported,
  kReportMissed,
  kEvaluating,
  kPreliminary,
  kAppealed,
  kEvaluated,
  kProposed,
  kNotProposed,
  kSubsidyNotice,
  kSubsidyObjected,
  kWithheld,
  kApproved,
  kRefused,
  kPaying,
  kPaid,
  kPaymentFailed,
  kRecovering,
  kRecovered,
};

struct StateRow {
  State state;
  Lifecycle lifecycle;
  Owner owner;  // who holds a case in this state
  bool end;
  std::string_view word;
  std::string_view zh;  // officials
  std::string_view en;
  std::string_view applicant_zh;
  std::string_view applicant_en;
};

// clang-format off
inline constexpr std::array kStates = std::to_array<StateRow>({
#define F Lifecycle::kFiling
#define Y Lifecycle::kYearly
{State::kDraft,          F, Owner::kFiling,     false, "DRAFT",            "草稿",       "Draft",                   "草稿",           "Draft"},
{State::kReturned,       F, Owner::kFiling,     false, "RETURNED",         "退回修改",   "Returned for correction", "请修改",         "Please correct"},
{State::kSubmitted,      F, Owner::kReview,     false, "SUBMITTED",        "待初审",     "Submitted",               "待初审（推荐单位）", "Waiting for review by the recommender"},
{State::kReviewing,      F, Owner::kReview,     false, "REVIEWING",        "初审中",     "Under review",            "待初审（推荐单位）", "Waiting for review by the recommender"},
{State::kPassed,         F, Owner::kReview,     false, "PASSED",           "初审通过",   "Passed review",           "初审通过",       "Passed review"},
{State::kInNotice,       F, Owner::kReview,     false, "IN_NOTICE",        "公示中",     "In public notice",        "公示中",         "In public notice"},
{State::kObjected,       F, Owner::kReview,     false, "OBJECTED",         "公示有异议", "Objected to",             "公示中",         "In public notice"},
{State::kNoticeClosed,   F, Owner::kReview,     false, "NOTICE_CLOSED",    "公示结束",   "Notice closed",           "初审通过",       "Passed review"},
{State::kRecommended,    F, Owner::kFiling,     false, "RECOMMENDED",      "待省备案",   "Recommended",             "待省厅备案",     "Waiting for the province"},
{State::kAccepted,       F, Owner::kFiling,     false, "ACCEPTED",         "省厅受理",   "Accepted by the province", "待省厅备案",    "Waiting for the province"},
{State::kSurveying,      F, Owner::kFiling,     false, "SURVEYING",        "调研考察中", "Survey visit",            "待省厅备案",     "Waiting for the province"},
{State::kSurveyed,       F, Owner::kFiling,     false, "SURVEYED",         "已调研考察", "Surveyed",                "待省厅备案",     "Waiting for the province"},
{State::kPendingDecision,F, Owner::kFiling,     false, "PENDING_DECISION", "待厅党组审定", "Pending decision",      "待省厅备案",     "Waiting for the province"},
{State::kRegistered,     F, Owner::kFiling,     false, "REGISTERED",       "已备案入库", "Registered",              "已备案入库",     "Registered"},
{State::kLapsed,         F, Owner::kFiling,     true,  "LAPSED",           "逾期未提交", "Lapsed",                  "逾期未提交",     "Lapsed"},
{State::kWithdrawn,      F, Owner::kFiling,     true,  "WITHDRAWN",        "已撤回",     "Withdrawn",               "已撤回",         "Withdrawn"},
{State::kRejected,       F, Owner::kFiling,     true,  "REJECTED",         "初审不通过", "Rejected",                "初审不通过",     "Rejected"},
{State::kNotRecommended, F, Owner::kFiling,     true,  "NOT_RECOMMENDED",  "逾期未推荐", "Not recommended in time", "逾期未推荐",     "Not recommended in time"},
{State::kNotRegistered,  F, Owner::kFiling,     true,  "NOT_REGISTERED",   "不予备案",   "Not registered",          "不予备案",       "Not registered"},
{State::kDeregistered,   F, Owner::kFiling,     true,  "DEREGISTERED",     "取消备案",   "Deregistered",            "取消备案",       "Deregistered"},
{State::kCompleted,      F, Owner::kFiling,     true,  "COMPLETED",        "建设期满",   "Construction period over", "建设期满",      "Construction period over"},
{State::kReportDue,      Y, Owner::kFiling,     false, "REPORT_DUE",       "待提交年度总结", "Annual report due",   "待提交年度总结", "Annual report due"},
{State::kReported,       Y, Owner::kEvaluation, false, "REPORTED",         "已提交",     "Reported",                "已提交",         "Reported"},
{State::kReportMissed,   Y, Owner::kEvaluation, false, "REPORT_MISSED",    "逾期未总结", "Report missed",           "逾期未总结",     "Report missed"},
{State::kEvaluating,     Y, Owner::kEvaluation, false, "EVALUATING",       "评价中",     "Under evaluation",        "评价中",         "Under evaluation"},
{State::kPreliminary,    Y, Owner::kEvaluation, false, "PRELIMINARY",      "初步结果",   "Preliminary result",      "初步结果",       "Preliminary result"},
{State::kAppealed,       Y, Owner::kEvaluation, false, "APPEALED",         "申诉中",     "Appealed",                "申诉中",         "Appealed"},
{State::kEvaluated,      Y, Owner::kSubsidy,    false, "EVALUATED",        "已评价",     "Evaluated",               "已评价",         "Evaluated"},
{State::kProposed,       Y, Owner::kSubsidy,    false, "PROPOSED",         "拟补助",     "Proposed for subsidy",    "已评价",         "Evaluated"},
{State::kNotProposed,    Y, Owner::kSubsidy,    true,  "NOT_PROPOSED",     "不予补助",   "No subsidy",              "不予补助",       "No subsidy"},
{State::kSubsidyNotice,  Y, Owner::kSubsidy,    false, "SUBSIDY_NOTICE",   "补助公示",   "Subsidy in public notice", "补助公示中",    "Subsidy in public notice"},
{State::kSubsidyObjected,Y, Owner::kSubsidy,    false, "SUBSIDY_OBJECTED", "补助公示有异议", "Subsidy objected to", "补助公示中",     "Subsidy in public notice"},
{State::kWithheld,       Y, Owner::kSubsidy,    false, "WITHHELD",         "暂缓",       "Withheld",                "暂缓",           "Withheld"},
{State::kApproved,       Y, Owner::kSubsidy,    false, "APPROVED",         "已批准",     "Approved",                "已批准",         "Approved"},
{State::kRefused,        Y, Owner::kSubsidy,    true,  "REFUSED",          "不予发放",   "Refused",                 "不予发放",       "Refused"},
{State::kPaying,         Y, Owner::kSubsidy,    false, "PAYING",           "拨付中",     "Being paid",              "拨付中",         "Being paid"},
{State::kPaid,           Y, Owner::kSubsidy,    false, "PAID",             "已拨付",     "Paid",                    "已拨付",         "Paid"},
{State::kPaymentFailed,  Y, Owner::kSubsidy,    false, "PAYMENT_FAILED",   "拨付失败",   "Payment failed",          "拨付中",         "Being paid"},
{State::kRecovering,     Y, Owner::kSubsidy,    false, "RECOVERING",       "追回中",     "Being recovered",         "追回中",         "Being recovered"},
{State::kRecovered,      Y, Owner::kSubsidy,    true,  "RECOVERED",        "已追回",     "Recovered",               "已追回",         "Recovered"},
#undef F
#undef Y
});
// clang-format on

constexpr bool StatesFollowTheEnum() {
  for (size_t i = 0; i < kStates.size(); ++i) {
    if (static_cast<size_t>(kStates[i].state) != i || kStates[i].word.empty()) return false;
  }
  return kStates.size() == static_cast<size_t>(State::kRecovered) + 1;
}
static_assert(StatesFollowTheEnum());

constexpr const StateRow& RowOf(State state) { return kStates[static_cast<size_t>(state)]; }
constexpr std::string_view WordOf(State state) { return RowOf(state).word; }
constexpr Owner OwnerOf(State state) { return RowOf(state).owner; }
constexpr Lifecycle LifecycleOf(State state) { return RowOf(state).lifecycle; }
constexpr bool IsEnd(State state) { return RowOf(state).end; }

std::optional<State> StateOf(std::string_view word);

// The state that an applicant or the public is told: the first one with the same label. An
// objection, a claim or an opinion thus stays inside: OBJECTED is told as IN_NOTICE.
constexpr State SeenByApplicant(State state) {
  for (const StateRow& row : kStates) {
    if (row.applicant_zh == RowOf(state).applicant_zh) return row.state;
  }
  return state;
}
static_assert(SeenByApplicant(State::kObjected) == State::kInNotice);
static_assert(SeenByApplicant(State::kReviewing) == State::kSubmitted);
static_assert(SeenByApplicant(State::kPendingDecision) == State::kRecommended);
static_assert(SeenByApplicant(State::kSubsidyObjected) == State::kSubsidyNotice);

enum class Locale { kZh, kEn };

// What the applicant and the public see.
std::string_view ApplicantLabel(State state, Locale locale);
// What officials see.
std::string_view OfficialLabel(State state, Locale locale);

// "filing", "review", "evaluation", "subsidy"
std::string_view WordOf(Owner owner);
std::string_view LabelZh(Owner owner);
std::optional<Owner> OwnerOfWord(std::string_view word);

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_STATE_H_
