// The workflow: which act takes a case from which state to which, by whom, and under what rule.
//
// Two tables, side by side: the filing of an application (notice items 1-2, article 6) and the
// yearly cycle of a registered alliance (articles 7-10). One pure function decides:
//
//   ASSIGN_OR_RETURN(Decision decision, Decide(view, Action::kSubmit, caller, facts));
//   // decision.to is the new state, decision.row->told what the other services hear
//
// Complaints come in a fixed order, so the same mistake always gets the same answer:
//   1. role, region, own organisation   NOT_PERMITTED
//   2. state                            WRONG_STATE, or HELD_ELSEWHERE when another service holds
//   it
//   3. rule                             the rule's own reason
//   4. paper                            PAPER_REQUIRED
//   5. written reason                   REASON_REQUIRED
// A stale version (ETAG_STALE) and a repeated request are the service's to find, before and around.
//
// A row whose `to` equals its `from` is an edit: it changes what is in the case, not where it
// stands.

#ifndef ALLIANCE_COMMON_DOMAIN_WORKFLOW_H_
#define ALLIANCE_COMMON_DOMAIN_WORKFLOW_H_

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/domain/caller.h"
#include "common/domain/errors.h"
#include "common/domain/facts.h"
#include "common/domain/state.h"
#include "common/domain/told.h"
#include "common/domain/workflow_rules.h"

namespace alliance::domain {

enum class Action {
  // Filing
  kSave,
  kSubmit,
  kLapse,
  kWithdraw,
  kClaim,
  kRelease,
  kReassign,
  kRecord,  // conditions, marks, overrides and verified R&D
  kReturn,
  kPass,
  kReject,
  kReopen,
  kForward,  // to the city that recommends (Q3)
  kOpenNotice,
  kObject,
  kCloseNotice,
  kDismiss,
  kRenotice,
  kUphold,
  kRecommend,
  kCloseRound,
  kAccept,
  kSendBack,
  kDrawSurvey,
  kRecordSurvey,
  kGiveOpinion,
  kRegister,
  kNotRegister,
  kDefer,
  kDeregister,
  kComplete,
  // Yearly
  kReport,
  kReopenReport,
  kStartEvaluation,
  kScore,
  kPublishPreliminary,
  kAppeal,
  kAnswerAppeal,
  kPublish,
  kFreezeRun,
  kApprove,
  kReleaseWithheld,
  kRefuse,
  kReleasePayment,
  kConfirmPaid,
  kConfirmFailed,
  kRetryPayment,
  kClaimBack,
  kConfirmRecovered,
};
inline constexpr int kActionCount = static_cast<int>(Action::kConfirmRecovered) + 1;

// "open_notice"; the name of a button in both languages.
std::string_view WordOf(Action action);
std::optional<Action> ActionOf(std::string_view word);
std::string_view ActionLabelZh(Action action);
std::string_view ActionLabelEn(Action action);

struct Transition {
  Owner owner;  // of the state `from`
  State from;
  Action action;
  RoleSet who;
  Rule rule;
  PaperSet papers;
  State to;
  Told told;                            // to the other services
  std::optional<State> otherwise = {};  // second target, chosen by the rule
};

// clang-format off
#define O Owner
#define S State
#define A Action
#define R Role
#define P Paper
#define T Told
inline constexpr std::array kFilingWorkflow = std::to_array<Transition>({
// owner     from                 action            who                            rule                    papers                             to                    told
{O::kFiling, S::kDraft,           A::kSave,         R::kApplicant,                 InWindow,               {},                                S::kDraft,            T::kNothing},
{O::kFiling, S::kDraft,           A::kSubmit,       R::kApplicant,                 SubmittableInWindow,    {},                                S::kSubmitted,        T::kApplicationSubmitted},
{O::kFiling, S::kDraft,           A::kLapse,        R::kClock,                     WindowOver,             {},                                S::kLapsed,           T::kNothing},
{O::kFiling, S::kDraft,           A::kWithdraw,     R::kApplicant,                 Always,                 {},                                S::kWithdrawn,        T::kNothing},
{O::kFiling, S::kReturned,        A::kSave,         R::kApplicant,                 InCorrectionTime,       {},                                S::kReturned,         T::kNothing},
{O::kFiling, S::kReturned,        A::kSubmit,       R::kApplicant,                 SubmittableAfterReturn, {},                                S::kSubmitted,        T::kApplicationSubmitted},
{O::kFiling, S::kReturned,        A::kLapse,        R::kClock,                     CorrectionTimeOver,     {},                                S::kLapsed,           T::kNothing},
{O::kFiling, S::kReturned,        A::kWithdraw,     R::kApplicant,                 Always,                 {},                                S::kWithdrawn,        T::kNothing},
{O::kReview, S::kSubmitted,       A::kClaim,        R::kRecommender,               NoConflictOfInterest,   {},                                S::kReviewing,        T::kNothing},
{O::kReview, S::kSubmitted,       A::kWithdraw,     R::kApplicant,                 Always,                 {},                                S::kWithdrawn,        T::kApplicationWithdrawn},
{O::kReview, S::kSubmitted,       A::kCloseRound,   R::kProvince,                  RoundOver,              {},                                S::kNotRecommended,   T::kApplicationNotRecommended},
{O::kReview, S::kReviewing,       A::kRecord,       R::kRecommender,               ByHolder,               {},                                S::kReviewing,        T::kNothing},
{O::kReview, S::kReviewing,       A::kRelease,      R::kRecommender,               ByHolderOrSuperior,     {},                                S::kSubmitted,        T::kNothing},
{O::kReview, S::kReviewing,       A::kReassign,     R::kRecommender,               ReassignedBySuperior,   {},                                S::kReviewing,        T::kNothing},
{O::kReview, S::kReviewing,       A::kReturn,       R::kRecommender,               MarkedForReturn,        {},                                S::kReturned,         T::kApplicationReturned},
{O::kReview, S::kReviewing,       A::kPass,         R::kRecommender,               ConditionsDecided,      {},                                S::kPassed,           T::kNothing},
{O::kReview, S::kReviewing,       A::kReject,       R::kRecommender,               SomeConditionFailed,    {},                                S::kRejected,         T::kApplicationRejected},
{O::kReview, S::kReviewing,       A::kWithdraw,     R::kApplicant,                 Always,                 {},                                S::kWithdrawn,        T::kApplicationWithdrawn},
{O::kReview, S::kReviewing,       A::kCloseRound,   R::kProvince,                  RoundOver,              {},                                S::kNotRecommended,   T::kApplicationNotRecommended},
{O::kReview, S::kPassed,          A::kReopen,       R::kRecommender,               WithReason,             {},                                S::kReviewing,        T::kNothing},
{O::kReview, S::kPassed,          A::kForward,      R::kRecommender,               ForwardedInTime,        {P::kFormalLetter, P::kSummaryTable}, S::kPassed,        T::kNothing},
{O::kReview, S::kPassed,          A::kOpenNotice,   R::kRecommender,               BatchPlanned,           P::kNoticeText,                    S::kInNotice,         T::kNothing},
{O::kReview, S::kPassed,          A::kWithdraw,     R::kApplicant,                 Always,                 {},                                S::kWithdrawn,        T::kApplicationWithdrawn},
{O::kReview, S::kPassed,          A::kCloseRound,   R::kProvince,                  RoundOver,              {},                                S::kNotRecommended,   T::kApplicationNotRecommended},
{O::kReview, S::kInNotice,        A::kObject,       R::kPublic,                    ObjectionInPeriod,      P::kEvidence,                      S::kObjected,         T::kNothing},
{O::kReview, S::kInNotice,        A::kCloseNotice,  {R::kClock, R::kRecommender},  NoticeOverOrReason,     {},                                S::kNoticeClosed,     T::kNothing},
{O::kReview, S::kInNotice,        A::kCloseRound,   R::kProvince,                  RoundOver,              {},                                S::kNotRecommended,   T::kApplicationNotRecommended},
{O::kReview, S::kObjected,        A::kObject,       R::kPublic,                    ObjectionInPeriod,      P::kEvidence,                      S::kObjected,         T::kNothing},
{O::kReview, S::kObjected,        A::kDismiss,      R::kRecommender,               DismissedObjection,     P::kHandlingRecord,                S::kInNotice,         T::kNothing, S::kNoticeClosed},
{O::kReview, S::kObjected,        A::kRenotice,     R::kRecommender,               NewNotice,              P::kHandlingRecord,                S::kInNotice,         T::kNothing},
{O::kReview, S::kObjected,        A::kUphold,       R::kRecommender,               WithReason,             P::kHandlingRecord,                S::kReviewing,        T::kNothing},
{O::kReview, S::kObjected,        A::kCloseRound,   R::kProvince,                  RoundOver,              {},                                S::kNotRecommended,   T::kApplicationNotRecommended},
{O::kReview, S::kNoticeClosed,    A::kRecommend,    R::kRecommender,               FrozenListInWindow,     {P::kFormalLetter, P::kSummaryTable}, S::kRecommended,   T::kApplicationRecommended},
{O::kReview, S::kNoticeClosed,    A::kCloseRound,   R::kProvince,                  RoundOver,              {},                                S::kNotRecommended,   T::kApplicationNotRecommended},
{O::kFiling, S::kRecommended,     A::kAccept,       R::kProvince,                  Always,                 {},                                S::kAccepted,         T::kNothing},
{O::kFiling, S::kRecommended,     A::kSendBack,     R::kProvince,                  WithReason,             {},                                S::kReviewing,        T::kApplicationSentBack},
{O::kFiling, S::kAccepted,        A::kSendBack,     R::kProvince,                  WithReason,             {},                                S::kReviewing,        T::kApplicationSentBack},
{O::kFiling, S::kAccepted,        A::kDrawSurvey,   R::kProvince,                  DrawnForSurvey,         P::kDrawRecord,                    S::kSurveying,        T::kNothing},
{O::kFiling, S::kAccepted,        A::kGiveOpinion,  R::kProvince,                  NotWaitingForTheDraw,   P::kDivisionOpinion,               S::kPendingDecision,  T::kNothing},
{O::kFiling, S::kSurveying,       A::kRecordSurvey, R::kProvince,                  Always,                 P::kSurveyFindings,                S::kSurveyed,         T::kNothing},
{O::kFiling, S::kSurveyed,        A::kSendBack,     R::kProvince,                  WithReason,             {},                                S::kReviewing,        T::kApplicationSentBack},
{O::kFiling, S::kSurveyed,        A::kGiveOpinion,  R::kProvince,                  NotWaitingForTheDraw,   P::kDivisionOpinion,               S::kPendingDecision,  T::kNothing},
{O::kFiling, S::kPendingDecision, A::kRegister,     R::kRecorder,                  DecidedByMeeting,       P::kMinutes,                       S::kRegistered,       T::kAllianceRegistered},
{O::kFiling, S::kPendingDecision, A::kNotRegister,  R::kRecorder,                  DecidedByMeetingWithReason, P::kMinutes,                   S::kNotRegistered,    T::kNothing},
{O::kFiling, S::kPendingDecision, A::kDefer,        R::kRecorder,                  DecidedByMeetingWithReason, P::kMinutes,                   S::kAccepted,         T::kNothing},
{O::kFiling, S::kRegistered,      A::kDeregister,   R::kRecorder,                  WithReason,             P::kDecision,                      S::kDeregistered,     T::kAllianceDeregistered},
{O::kFiling, S::kRegistered,      A::kComplete,     R::kClock,                     ConstructionOver,       {},                                S::kCompleted,        T::kAllianceCompleted},
});

inline constexpr std::array kYearlyWorkflow = std::to_array<Transition>({
// owner         from                 action                  who                          rule                        papers                        to                   told
{O::kFiling,     S::kReportDue,       A::kReport,             R::kApplicant,               ReportInTime,               {P::kActivitySummary, P::kActivityPlan, P::kStatistics, P::kRdEvidence}, S::kReported, T::kAnnualReportSubmitted},
{O::kFiling,     S::kReportDue,       A::kLapse,              R::kClock,                   ReportTimeOver,             {},                           S::kReportMissed,    T::kAnnualReportMissed},
{O::kEvaluation, S::kReported,        A::kReopenReport,       R::kProvince,                EvaluationNotStarted,       {},                           S::kReportDue,       T::kAnnualReportReopened},
{O::kEvaluation, S::kReported,        A::kStartEvaluation,    R::kProvince,                CampaignReady,              {},                           S::kEvaluating,      T::kNothing},
{O::kEvaluation, S::kReportMissed,    A::kStartEvaluation,    R::kProvince,                CampaignReady,              {},                           S::kEvaluating,      T::kNothing},
{O::kEvaluation, S::kEvaluating,      A::kScore,              R::kFirm,                    ScoredByAssignedFirm,       {},                           S::kEvaluating,      T::kNothing},
{O::kEvaluation, S::kEvaluating,      A::kPublishPreliminary, R::kProvince,                ScoresComplete,             {},                           S::kPreliminary,     T::kNothing},
{O::kEvaluation, S::kPreliminary,     A::kAppeal,             R::kApplicant,               InAppealTime,               P::kAppealGrounds,            S::kAppealed,        T::kNothing},
{O::kEvaluation, S::kAppealed,        A::kAnswerAppeal,       R::kProvince,                WithReason,                 P::kAppealAnswer,             S::kPreliminary,     T::kNothing},
{O::kEvaluation, S::kPreliminary,     A::kPublish,            R::kProvince,                AppealTimeOver,             P::kResultList,               S::kEvaluated,       T::kEvaluationPublished},
{O::kSubsidy,    S::kEvaluated,       A::kFreezeRun,          {R::kFinance, R::kApprover}, RunApproved,                P::kApprovalDocument,         S::kProposed,        T::kNothing, S::kNotProposed},
{O::kSubsidy,    S::kProposed,        A::kOpenNotice,         R::kFinance,                 Always,                     P::kNoticeText,               S::kSubsidyNotice,   T::kNothing},
{O::kSubsidy,    S::kSubsidyNotice,   A::kObject,             R::kPublic,                  ObjectionInPeriod,          P::kEvidence,                 S::kSubsidyObjected, T::kNothing},
{O::kSubsidy,    S::kSubsidyNotice,   A::kApprove,            R::kApprover,                NoticeOverAndSecondPerson,  P::kApprovalDocument,         S::kApproved,        T::kNothing},
{O::kSubsidy,    S::kSubsidyObjected, A::kObject,             R::kPublic,                  ObjectionInPeriod,          P::kEvidence,                 S::kSubsidyObjected, T::kNothing},
{O::kSubsidy,    S::kSubsidyObjected, A::kDismiss,            R::kFinance,                 WithReason,                 P::kHandlingRecord,           S::kSubsidyNotice,   T::kNothing},
{O::kSubsidy,    S::kSubsidyObjected, A::kUphold,             R::kFinance,                 WithReason,                 P::kHandlingRecord,           S::kWithheld,        T::kNothing},
{O::kSubsidy,    S::kWithheld,        A::kReleaseWithheld,    R::kApprover,                WithReason,                 P::kDecision,                 S::kApproved,        T::kNothing},
{O::kSubsidy,    S::kWithheld,        A::kRefuse,             R::kApprover,                WithReason,                 P::kDecision,                 S::kRefused,         T::kNothing},
{O::kSubsidy,    S::kApproved,        A::kReleasePayment,     {R::kFinance, R::kApprover}, TwoPeopleAndCheckedAccount, P::kPaymentList,              S::kPaying,          T::kNothing},
{O::kSubsidy,    S::kPaying,          A::kConfirmPaid,        R::kFinance,                 BankAnswered,               P::kBankReceipt,              S::kPaid,            T::kSubsidyPaid},
{O::kSubsidy,    S::kPaying,          A::kConfirmFailed,      R::kFinance,                 BankAnswered,               P::kBankReceipt,              S::kPaymentFailed,   T::kNothing},
{O::kSubsidy,    S::kPaymentFailed,   A::kRetryPayment,       R::kFinance,                 Always,                     {},                           S::kPaying,          T::kNothing},
{O::kSubsidy,    S::kPaid,            A::kClaimBack,          R::kApprover,                CorrectedRunShowsLess,      P::kDecision,                 S::kRecovering,      T::kNothing},
{O::kSubsidy,    S::kRecovering,      A::kConfirmRecovered,   R::kFinance,                 Always,                     P::kBankReceipt,              S::kRecovered,       T::kNothing},
});
#undef O
#undef S
#undef A
#undef R
#undef P
#undef T
// clang-format on

std::span<const Transition> WorkflowOf(Lifecycle lifecycle);

struct CaseView {
  State state = State::kDraft;
  Owner holder = Owner::kFiling;  // the service that holds the case now
  std::string region;             // code of the recommender that has it now
  std::string lead_code;          // credit code of the lead enterprise
  // The service that is asked. When given and not the holder, every act is refused with
  // HELD_ELSEWHERE, so that a copy of a case kept for reading can never be acted on.
  std::optional<Owner> asked = {};
};

struct Decision {
  const Transition* row = nullptr;
  State to = State::kDraft;
  bool needs_reason = false;  // the rule asked for a written reason, and it was given: store it

  Owner next_holder() const { return OwnerOf(to); }
};

absl::StatusOr<Decision> Decide(const CaseView& view, Action action, const Caller& caller,
                                const Facts& facts);

// What this caller may try in this state: role, region and state only. Every read answers it as
// `allowed_actions`.
std::vector<Action> AllowedActions(const CaseView& view, const Caller& caller);

// True when the caller's role and scope reach this case for `action` in some state of its
// lifecycle.
bool MayEver(const CaseView& view, Action action, const Caller& caller);

// Both tables as a Mermaid state diagram; tests/golden/workflow.mmd is its output.
std::string RenderMermaid();

}  // namespace alliance::domain

#include "common/domain/workflow_checks.h"  // IWYU pragma: keep — the static_asserts of both tables

#endif  // ALLIANCE_COMMON_DOMAIN_WORKFLOW_H_
