// For the tests of the workflow: for every rule, facts that satisfy it and every way to break them.

#ifndef ALLIANCE_COMMON_DOMAIN_WORKFLOW_CASES_H_
#define ALLIANCE_COMMON_DOMAIN_WORKFLOW_CASES_H_

#include <functional>
#include <string>
#include <vector>

#include "common/domain/workflow.h"

namespace alliance::domain {

using Change = std::function<void(Facts&)>;

struct Break {
  std::string what;
  Change change;
  Reason reason;
};

struct RuleCase {
  Rule rule;
  bool needs_reason;  // with `good` facts
  Change good;
  std::vector<Break> breaks;
};

// The account of every caller in these tests.
inline constexpr char kMe[] = "li.yongcheng";
inline constexpr char kColleague[] = "wang.yanbin";

inline absl::Time At(int second) { return absl::FromUnixSeconds(1'682'000'000 + second); }

inline const std::vector<RuleCase>& RuleCases() {
  const Change nothing = [](Facts&) {};
  const auto form_and_papers = [](Facts& f) {
    f.other_application = false;
    f.form_checked = f.papers_checked = f.papers_clean = true;
    f.form_problems = {{.field = "a", .severity = Severity::kWarning},
                       {.field = "b", .severity = Severity::kNeedsOverride}};
  };
  const Change in_window = [=](Facts& f) {
    f.now = f.window_opens = At(0);
    f.window_closes = At(1);
    form_and_papers(f);
  };
  const Change corrected = [=](Facts& f) {
    f.now = At(0);
    f.correction_until = At(1);
    f.first_submitted_in_time = true;
    f.unrequested_edits = 1;
    f.unrequested_edits_allowed = true;
    form_and_papers(f);
  };
  const std::vector<Break> form_breaks = {
      {"another application", [](Facts& f) { f.other_application = true; },
       Reason::kAlreadyApplied},
      {"form not checked", [](Facts& f) { f.form_checked = false; }, Reason::kFormHasErrors},
      {"form error", [](Facts& f) { f.form_problems.push_back({.field = "c"}); },
       Reason::kFormHasErrors},
      {"papers not checked", [](Facts& f) { f.papers_checked = false; }, Reason::kPapersMissing},
      {"paper missing", [](Facts& f) { f.paper_problems.push_back({.field = "papers.A2"}); },
       Reason::kPapersMissing},
      {"paper not clean", [](Facts& f) { f.papers_clean = false; }, Reason::kPapersNotClean},
  };
  const auto with = [](std::vector<Break> breaks, const std::vector<Break>& more) {
    breaks.insert(breaks.end(), more.begin(), more.end());
    return breaks;
  };
  const std::vector<Break> window_breaks = {
      {"a moment before it opens", [](Facts& f) { f.now = At(0) - absl::Nanoseconds(1); },
       Reason::kWindowNotOpen},
      {"at the deadline", [](Facts& f) { f.now = At(1); }, Reason::kWindowClosed},
      {"instants not gathered", [](Facts& f) { f.window_opens = absl::InfiniteFuture(); },
       Reason::kWindowNotOpen},
  };
  const std::vector<Break> correction_breaks = {{"at the end of the correction time",
                                                 [](Facts& f) { f.now = At(1); },
                                                 Reason::kCorrectionTimeOver}};
  const std::vector<Break> holder_break = {{"claimed by a colleague",
                                            [](Facts& f) { f.holder_account = kColleague; },
                                            Reason::kClaimedByOther}};
  const std::vector<Break> interest_break = {{"no interest declared",
                                              [](Facts& f) { f.coi_declared_none = false; },
                                              Reason::kConflictOfInterest}};
  const std::vector<Break> meeting_breaks = {
      {"no meeting number", [](Facts& f) { f.meeting_number.clear(); }, Reason::kMeetingRequired},
      {"no meeting date", [](Facts& f) { f.meeting_dated = false; }, Reason::kMeetingRequired},
      {"another list", [](Facts& f) { f.list_matches = false; }, Reason::kListMismatch},
  };
  const Change meeting = [](Facts& f) {
    f.meeting_number = "厅党组〔2023〕7号";
    f.meeting_dated = f.list_matches = true;
  };

  static const std::vector<RuleCase> cases = {
      {Always, false, nothing, {}},
      {WithReason, true, nothing, {}},
      {InWindow, false, in_window, window_breaks},
      {SubmittableInWindow, false, in_window, with(window_breaks, form_breaks)},
      {InCorrectionTime, false, corrected, correction_breaks},
      {SubmittableAfterReturn, false, corrected,
       with(with(correction_breaks,
                 {{"first submitted late", [](Facts& f) { f.first_submitted_in_time = false; },
                   Reason::kFirstSubmissionLate},
                  {"unrequested edit under a strict pack",
                   [](Facts& f) { f.unrequested_edits_allowed = false; },
                   Reason::kUnrequestedEdits}}),
            form_breaks)},
      {WindowOver, false, [](Facts& f) { f.now = f.window_closes = At(1); },
       {{"a moment before", [](Facts& f) { f.now = At(1) - absl::Nanoseconds(1); },
         Reason::kWindowStillOpen}}},
      {CorrectionTimeOver, false, [](Facts& f) { f.now = f.correction_until = At(1); },
       {{"a moment before", [](Facts& f) { f.now = At(1) - absl::Nanoseconds(1); },
         Reason::kCorrectionTimeLeft}}},
      {NoConflictOfInterest, false, [](Facts& f) { f.coi_declared_none = true; },
       {{"not declared", [](Facts& f) { f.coi_declared_none = false; },
         Reason::kConflictOfInterest}}},
      {ByHolder, false,
       [](Facts& f) {
         f.holder_account = kMe;
         f.coi_declared_none = true;
       },
       with(holder_break, interest_break)},
      {ReassignedBySuperior, true,
       [](Facts& f) {
         f.holder_account = kColleague;
         f.caller_is_superior = true;
       },
       {{"no superior", [](Facts& f) { f.caller_is_superior = false; }, Reason::kClaimedByOther}}},
      {ForwardedInTime, false,
       [](Facts& f) {
         f.now = f.recommend_opens = At(0);
         f.recommend_closes = At(1);
         f.list_matches = true;
       },
       {{"recommends by itself", [](Facts& f) { f.recommends_itself = true; },
         Reason::kRouteDirect},
        {"before it opens", [](Facts& f) { f.now = At(0) - absl::Nanoseconds(1); },
         Reason::kRecommendNotOpen},
        {"at the inner deadline", [](Facts& f) { f.now = At(1); }, Reason::kForwardClosed},
        {"another list", [](Facts& f) { f.list_matches = false; }, Reason::kListMismatch}}},
      {ByHolderOrSuperior, false, [](Facts& f) { f.holder_account = kMe; }, holder_break},
      {MarkedForReturn, false,
       [](Facts& f) {
         f.now = At(0);
         f.correction_until = At(1);
         f.marks = 2;
         f.coi_declared_none = true;
       },
       with(with(holder_break, interest_break),
            {{"no mark", [](Facts& f) { f.marks = 0; }, Reason::kMarksRequired},
             {"a mark without a reason", [](Facts& f) { f.marks_without_reason = 1; },
              Reason::kMarksRequired},
             {"no time left and no reason",
              [](Facts& f) {
                f.now = At(1);
                f.reason.clear();
              },
              Reason::kReasonRequired}})},
      {ConditionsDecided, false,
       [](Facts& f) {
         f.open_conditions = 0;
         f.verified_rd_present = f.coi_declared_none = true;
       },
       with(with(holder_break, interest_break),
            {{"open condition", [](Facts& f) { f.open_conditions = 1; }, Reason::kConditionOpen},
             {"failed condition", [](Facts& f) { f.failed_conditions = 1; },
              Reason::kConditionFailed},
             {"no verified R&D", [](Facts& f) { f.verified_rd_present = false; },
              Reason::kVerifiedRdMissing},
             {"override without a reason", [](Facts& f) { f.overrides_without_reason = 1; },
              Reason::kOverrideNeedsReason}})},
      {SomeConditionFailed, true,
       [](Facts& f) {
         f.failed_conditions = 1;
         f.coi_declared_none = true;
       },
       with(with(holder_break, interest_break),
            {{"nothing failed", [](Facts& f) { f.failed_conditions = 0; },
              Reason::kNoFailedCondition}})},
      {BatchPlanned, false,
       [](Facts& f) {
         f.in_batch_of_exact_versions = f.recommends_itself = true;
         f.planner_warns = false;
       },
       {{"only its city recommends", [](Facts& f) { f.recommends_itself = false; },
         Reason::kRouteViaCity},
        {"no batch",
         [](Facts& f) { f.in_batch_of_exact_versions = false; }, Reason::kBatchRequired},
        {"planner's warning unanswered",
         [](Facts& f) {
           f.planner_warns = true;
           f.reason.clear();
         },
         Reason::kPlannerWarningOpen}}},
      {ObjectionInPeriod, false,
       [](Facts& f) {
         f.now = f.notice_opens = At(0);
         f.notice_closes = At(1);
         f.objector_named = f.objection_has_grounds = true;
       },
       {{"before the notice", [](Facts& f) { f.now = At(0) - absl::Nanoseconds(1); },
         Reason::kObjectionEarly},
        {"after the period", [](Facts& f) { f.now = At(1); }, Reason::kObjectionLate},
        {"anonymous", [](Facts& f) { f.objector_named = false; }, Reason::kObjectionAnonymous},
        {"no grounds", [](Facts& f) { f.objection_has_grounds = false; },
         Reason::kObjectionWithoutGrounds}}},
      {NoticeOverOrReason, false, [](Facts& f) { f.now = f.notice_closes = At(1); },
       {{"a moment before, under a pack that denies",
         [](Facts& f) { f.now = At(1) - absl::Nanoseconds(1); }, Reason::kNoticeNotOver}}},
      {DismissedObjection, true,
       [](Facts& f) {
         f.now = At(0);
         f.notice_closes = At(1);
       },
       {}},
      {NewNotice, true, [](Facts& f) { f.in_batch_of_exact_versions = true; },
       {{"no batch", [](Facts& f) { f.in_batch_of_exact_versions = false; },
         Reason::kBatchRequired}}},
      {FrozenListInWindow, false,
       [](Facts& f) {
         f.now = f.recommend_opens = At(0);
         f.recommend_closes = At(1);
         f.list_matches = true;
       },
       {{"before it opens", [](Facts& f) { f.now = At(0) - absl::Nanoseconds(1); },
         Reason::kRecommendNotOpen},
        {"at the deadline", [](Facts& f) { f.now = At(1); }, Reason::kRecommendClosed},
        {"another list", [](Facts& f) { f.list_matches = false; }, Reason::kListMismatch}}},
      {RoundOver, false,
       [](Facts& f) {
         f.now = f.recommend_closes = At(1);
         f.list_matches = true;
       },
       {{"a moment before", [](Facts& f) { f.now = At(1) - absl::Nanoseconds(1); },
         Reason::kRecommendStillOpen},
        {"list not shown", [](Facts& f) { f.list_matches = false; }, Reason::kListMismatch}}},
      {DrawnForSurvey, false, [](Facts& f) { f.drawn = f.draw_closed = true; },
       {{"draw open", [](Facts& f) { f.draw_closed = false; }, Reason::kDrawOpen},
        {"not drawn", [](Facts& f) { f.drawn = false; }, Reason::kNotDrawn}}},
      {NotWaitingForTheDraw, false, [](Facts& f) { f.draw_closed = true; },
       {{"draw open", [](Facts& f) { f.draw_closed = false; }, Reason::kDrawOpen}}},
      {DecidedByMeeting, false, meeting, meeting_breaks},
      {DecidedByMeetingWithReason, true, meeting, meeting_breaks},
      {ConstructionOver, false, [](Facts& f) { f.now = f.construction_ends = At(1); },
       {{"a moment before", [](Facts& f) { f.now = At(1) - absl::Nanoseconds(1); },
         Reason::kConstructionNotOver}}},
      {ReportInTime, false,
       [](Facts& f) {
         f.now = f.report_opens = At(0);
         f.report_closes = At(1);
       },
       {{"before it opens", [](Facts& f) { f.now = At(0) - absl::Nanoseconds(1); },
         Reason::kReportNotOpen},
        {"on 1 January", [](Facts& f) { f.now = At(1); }, Reason::kReportClosed}}},
      {ReportTimeOver, false, [](Facts& f) { f.now = f.report_closes = At(1); },
       {{"a moment before", [](Facts& f) { f.now = At(1) - absl::Nanoseconds(1); },
         Reason::kReportStillOpen}}},
      {EvaluationNotStarted, true, [](Facts& f) { f.evaluation_started = false; },
       {{"started", [](Facts& f) { f.evaluation_started = true; }, Reason::kEvaluationStarted}}},
      {CampaignReady, false, [](Facts& f) { f.campaign_open = f.assignments_made = true; },
       {{"campaign closed", [](Facts& f) { f.campaign_open = false; }, Reason::kCampaignClosed},
        {"nobody assigned", [](Facts& f) { f.assignments_made = false; }, Reason::kNotAssigned}}},
      {ScoredByAssignedFirm, false,
       [](Facts& f) {
         f.assigned = f.coi_declared_none = f.campaign_open = f.score_in_range = true;
       },
       {{"not assigned", [](Facts& f) { f.assigned = false; }, Reason::kNotAssigned},
        {"interested", [](Facts& f) { f.coi_declared_none = false; }, Reason::kConflictOfInterest},
        {"campaign closed", [](Facts& f) { f.campaign_open = false; }, Reason::kCampaignClosed},
        {"score out of range", [](Facts& f) { f.score_in_range = false; },
         Reason::kScoreOutOfRange}}},
      {ScoresComplete, false, [](Facts& f) { f.scores_complete = true; },
       {{"a score missing", [](Facts& f) { f.scores_complete = false; }, Reason::kScoresIncomplete},
        {"an outlier unanswered", [](Facts& f) { f.open_outliers = 1; }, Reason::kOutliersOpen}}},
      {InAppealTime, false,
       [](Facts& f) {
         f.now = f.appeal_opens = At(0);
         f.appeal_closes = At(1);
       },
       {{"before the result", [](Facts& f) { f.now = At(0) - absl::Nanoseconds(1); },
         Reason::kAppealEarly},
        {"at the end", [](Facts& f) { f.now = At(1); }, Reason::kAppealLate}}},
      {AppealTimeOver, false,
       [](Facts& f) {
         f.now = f.appeal_closes = At(1);
         f.list_matches = true;
       },
       {{"time left", [](Facts& f) { f.now = At(1) - absl::Nanoseconds(1); },
         Reason::kAppealTimeLeft},
        {"open appeal", [](Facts& f) { f.open_appeals = 1; }, Reason::kAppealOpen},
        {"another list", [](Facts& f) { f.list_matches = false; }, Reason::kListMismatch}}},
      {RunApproved, false,
       [](Facts& f) {
         f.inputs_complete = f.guard_row_ok = true;
         f.run_prepared_by = kMe;
         f.run_approved_by = kColleague;
       },
       {{"inputs incomplete", [](Facts& f) { f.inputs_complete = false; },
         Reason::kInputsIncomplete},
        {"nobody approved", [](Facts& f) { f.run_approved_by.clear(); },
         Reason::kSecondPersonRequired},
        {"one person for both", [](Facts& f) { f.run_approved_by = kMe; }, Reason::kSamePerson},
        {"a third person", [](Facts& f) { f.run_prepared_by = "someone"; },
         Reason::kSecondPersonRequired},
        {"over the budget", [](Facts& f) { f.guard_row_ok = false; }, Reason::kOverBudget}}},
      {NoticeOverAndSecondPerson, false,
       [](Facts& f) {
         f.now = f.notice_closes = At(1);
         f.run_prepared_by = f.frozen_by = kColleague;
       },
       {{"notice running", [](Facts& f) { f.now = At(1) - absl::Nanoseconds(1); },
         Reason::kNoticeNotOver},
        {"not frozen by anybody", [](Facts& f) { f.frozen_by.clear(); },
         Reason::kSecondPersonRequired},
        {"frozen by the caller", [](Facts& f) { f.frozen_by = kMe; }, Reason::kSamePerson},
        {"prepared by the caller", [](Facts& f) { f.run_prepared_by = kMe; },
         Reason::kSamePerson}}},
      {TwoPeopleAndCheckedAccount, false,
       [](Facts& f) {
         f.first_person = kColleague;
         f.account_checked = f.list_matches = true;
       },
       {{"no first person", [](Facts& f) { f.first_person.clear(); },
         Reason::kSecondPersonRequired},
        {"one person for both", [](Facts& f) { f.first_person = kMe; }, Reason::kSamePerson},
        {"account not checked", [](Facts& f) { f.account_checked = false; },
         Reason::kAccountNotChecked},
        {"another list", [](Facts& f) { f.list_matches = false; }, Reason::kListMismatch}}},
      {BankAnswered, false, [](Facts& f) { f.bank_reference = "20240612-0001"; },
       {{"no bank reference", [](Facts& f) { f.bank_reference.clear(); },
         Reason::kBankReferenceRequired}}},
      {CorrectedRunShowsLess, false, [](Facts& f) { f.corrected_run_shows_less = true; },
       {{"no less", [](Facts& f) { f.corrected_run_shows_less = false; },
         Reason::kNothingToClaimBack}}},
  };
  return cases;
}

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_WORKFLOW_CASES_H_
