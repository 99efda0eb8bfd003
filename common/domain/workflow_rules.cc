#include "common/domain/workflow_rules.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/domain/calendar.h"
#include "common/domain/window.h"

namespace alliance::domain {
namespace {

using Holes = std::map<std::string, std::string>;

Verdict Allow() { return {.kind = Verdict::Kind::kAllow}; }

Verdict AskReason(Reason told = Reason::kReasonRequired) {
  return {.kind = Verdict::Kind::kNeedsReason, .reason = told};
}

Verdict Deny(Reason reason, Holes holes = {}, std::vector<FieldProblem> fields = {}) {
  return {.kind = Verdict::Kind::kDeny,
          .reason = reason,
          .holes = std::move(holes),
          .fields = std::move(fields)};
}

Verdict DenyUntil(Reason reason, const char* hole, absl::Time instant) {
  return Deny(reason, {{hole, FormatInstant(instant)}});
}

Verdict DenyCount(Reason reason, int count) {
  return Deny(reason, {{"count", absl::StrCat(count)}});
}

bool Denied(const Verdict& verdict) { return verdict.kind == Verdict::Kind::kDeny; }

// Half-open: the closing instant itself is late.
Verdict Inside(const Window& window, absl::Time now, Reason early, Reason late) {
  switch (PhaseAt(window, now)) {
    case Phase::kBefore:
      return DenyUntil(early, "opens_at", window.opens);
    case Phase::kOver:
      return DenyUntil(late, "closed_at", window.closes);
    case Phase::kOpen:
      break;
  }
  return Allow();
}

//
Verdict FilingWindow(const Facts& facts) {
  return Inside({facts.window_opens, facts.window_closes}, facts.now, Reason::kWindowNotOpen,
                Reason::kWindowClosed);
}

// Form and papers are told together: every wrong field at once.
Verdict FormAndPapers(const Facts& facts) {
  if (facts.other_application) return Deny(Reason::kAlreadyApplied);

  std::vector<FieldProblem> fields;
  for (const FieldProblem& problem : facts.form_problems) {
    if (problem.severity == Severity::kError) fields.push_back(problem);
  }
  const size_t form_errors = fields.size();
  for (const FieldProblem& problem : facts.paper_problems) {
    if (problem.severity == Severity::kError) fields.push_back(problem);
  }
  const size_t missing_papers = fields.size() - form_errors;
  if (!facts.form_checked || form_errors > 0) {
    return Deny(Reason::kFormHasErrors, {{"count", absl::StrCat(form_errors)}}, std::move(fields));
  }
  if (!facts.papers_checked || missing_papers > 0) {
    return Deny(Reason::kPapersMissing, {{"count", absl::StrCat(missing_papers)}},
                std::move(fields));
  }
  if (!facts.papers_clean) return Deny(Reason::kPapersNotClean);
  return Allow();
}

// A claimed case is its holder's alone, or whoever's stands in for him. Nobody holds a case that
// came back from the province or from an objection: any reviewer of the region may go on with it.
bool HeldByOther(const Facts& facts, const Caller& caller) {
  return !facts.holder_account.empty() && facts.holder_account != caller.account &&
         !facts.caller_stands_in;
}

// Who may work on the content of a case: its holder, having declared to have no interest in it.
Verdict Reviewing(const Facts& facts, const Caller& caller) {
  if (HeldByOther(facts, caller)) return Deny(Reason::kClaimedByOther);
  return facts.coi_declared_none ? Allow() : Deny(Reason::kConflictOfInterest);
}

// the party group decides at a meeting about exactly this list.
Verdict Meeting(const Facts& facts) {
  if (facts.meeting_number.empty() || !facts.meeting_dated) {
    return Deny(Reason::kMeetingRequired);
  }
  if (!facts.list_matches) return Deny(Reason::kListMismatch);
  return Allow();
}

}  // namespace

Verdict Always(const Facts&, const Caller&) { return Allow(); }

Verdict WithReason(const Facts&, const Caller&) { return AskReason(); }

Verdict InWindow(const Facts& facts, const Caller&) { return FilingWindow(facts); }

Verdict SubmittableInWindow(const Facts& facts, const Caller&) {
  Verdict window = FilingWindow(facts);
  return Denied(window) ? window : FormAndPapers(facts);
}

Verdict InCorrectionTime(const Facts& facts, const Caller&) {
  if (IsOver(facts.correction_until, facts.now)) {
    return DenyUntil(Reason::kCorrectionTimeOver, "closed_at", facts.correction_until);
  }
  return Allow();
}

// A correction may come after the enterprise deadline, but only of what was first submitted in
// time.
Verdict SubmittableAfterReturn(const Facts& facts, const Caller& caller) {
  Verdict time = InCorrectionTime(facts, caller);
  if (Denied(time)) return time;
  if (!facts.first_submitted_in_time) return Deny(Reason::kFirstSubmissionLate);
  if (facts.unrequested_edits > 0 && !facts.unrequested_edits_allowed) {
    return DenyCount(Reason::kUnrequestedEdits, facts.unrequested_edits);
  }
  return FormAndPapers(facts);
}

Verdict WindowOver(const Facts& facts, const Caller&) {
  if (IsOver(facts.window_closes, facts.now)) return Allow();
  return DenyUntil(Reason::kWindowStillOpen, "closes_at", facts.window_closes);
}

Verdict CorrectionTimeOver(const Facts& facts, const Caller&) {
  if (IsOver(facts.correction_until, facts.now)) return Allow();
  return DenyUntil(Reason::kCorrectionTimeLeft, "closes_at", facts.correction_until);
}

Verdict NoConflictOfInterest(const Facts& facts, const Caller&) {
  return facts.coi_declared_none ? Allow() : Deny(Reason::kConflictOfInterest);
}

Verdict ByHolder(const Facts& facts, const Caller& caller) { return Reviewing(facts, caller); }

Verdict ByHolderOrSuperior(const Facts& facts, const Caller& caller) {
  if (!HeldByOther(facts, caller)) return Allow();
  return facts.caller_is_superior ? AskReason() : Deny(Reason::kClaimedByOther);
}

Verdict ReassignedBySuperior(const Facts& facts, const Caller&) {
  return facts.caller_is_superior ? AskReason() : Deny(Reason::kClaimedByOther);
}

Verdict MarkedForReturn(const Facts& facts, const Caller& caller) {
  Verdict reviewing = Reviewing(facts, caller);
  if (Denied(reviewing)) return reviewing;
  if (facts.marks == 0 || facts.marks_without_reason > 0) return Deny(Reason::kMarksRequired);
  // Returned now it would lapse at once: the reviewer must say why all the same.
  return IsOver(facts.correction_until, facts.now) ? AskReason() : Allow();
}

// Article 6(2): confirmed against the conditions of article 4, one by one.
Verdict ConditionsDecided(const Facts& facts, const Caller& caller) {
  Verdict reviewing = Reviewing(facts, caller);
  if (Denied(reviewing)) return reviewing;
  if (facts.open_conditions > 0) return DenyCount(Reason::kConditionOpen, facts.open_conditions);
  if (facts.failed_conditions > 0) {
    return DenyCount(Reason::kConditionFailed, facts.failed_conditions);
  }
  if (!facts.verified_rd_present) return Deny(Reason::kVerifiedRdMissing);
  if (facts.overrides_without_reason > 0) {
    return DenyCount(Reason::kOverrideNeedsReason, facts.overrides_without_reason);
  }
  return Allow();
}

Verdict SomeConditionFailed(const Facts& facts, const Caller& caller) {
  Verdict reviewing = Reviewing(facts, caller);
  if (Denied(reviewing)) return reviewing;
  return facts.failed_conditions > 0 ? AskReason() : Deny(Reason::kNoFailedCondition);
}

// Q3: by an office that recommends through its city, with letter and list, until the office's own
// deadline.
Verdict ForwardedInTime(const Facts& facts, const Caller&) {
  if (facts.recommends_itself) return Deny(Reason::kRouteDirect);
  Verdict window = Inside({facts.recommend_opens, facts.recommend_closes}, facts.now,
                          Reason::kRecommendNotOpen, Reason::kForwardClosed);
  if (Denied(window)) return window;
  return facts.list_matches ? Allow() : Deny(Reason::kListMismatch);
}

Verdict BatchPlanned(const Facts& facts, const Caller&) {
  if (!facts.recommends_itself) return Deny(Reason::kRouteViaCity);
  if (!facts.in_batch_of_exact_versions) return Deny(Reason::kBatchRequired);
  return facts.planner_warns ? AskReason(Reason::kPlannerWarningOpen) : Allow();
}

// Reading Q23: in writing, real name, contact, grounds, inside the period.
Verdict ObjectionInPeriod(const Facts& facts, const Caller&) {
  Verdict period = Inside({facts.notice_opens, facts.notice_closes}, facts.now,
                          Reason::kObjectionEarly, Reason::kObjectionLate);
  if (Denied(period)) return period;
  if (!facts.objector_named) return Deny(Reason::kObjectionAnonymous);
  if (!facts.objection_has_grounds) return Deny(Reason::kObjectionWithoutGrounds);
  return Allow();
}

// Reading Q2: the calendar leaves three working days, so a pack may let an unfinished notice be
// closed with a written reason. The clock never gives one.
Verdict NoticeOverOrReason(const Facts& facts, const Caller& caller) {
  if (IsOver(facts.notice_closes, facts.now)) return Allow();
  // What nobody has seen yet has no result.
  if (facts.now < facts.notice_opens) {
    return DenyUntil(Reason::kNoticeNotOver, "closes_at", facts.notice_closes);
  }
  if (caller.role != Role::kClock && facts.early_close_asks) return AskReason();
  return DenyUntil(Reason::kNoticeNotOver, "closes_at", facts.notice_closes);
}

Verdict DismissedObjection(const Facts& facts, const Caller&) {
  Verdict verdict = AskReason();
  verdict.otherwise = IsOver(facts.notice_closes, facts.now);
  return verdict;
}

Verdict NewNotice(const Facts& facts, const Caller&) {
  return facts.in_batch_of_exact_versions ? AskReason() : Deny(Reason::kBatchRequired);
}

//
Verdict FrozenListInWindow(const Facts& facts, const Caller&) {
  Verdict window = Inside({facts.recommend_opens, facts.recommend_closes}, facts.now,
                          Reason::kRecommendNotOpen, Reason::kRecommendClosed);
  if (Denied(window)) return window;
  return facts.list_matches ? Allow() : Deny(Reason::kListMismatch);
}

Verdict RoundOver(const Facts& facts, const Caller&) {
  if (!IsOver(facts.recommend_closes, facts.now)) {
    return DenyUntil(Reason::kRecommendStillOpen, "closes_at", facts.recommend_closes);
  }
  return facts.list_matches ? Allow() : Deny(Reason::kListMismatch);
}

// nobody picks whom to visit.
Verdict DrawnForSurvey(const Facts& facts, const Caller&) {
  if (!facts.draw_closed) return Deny(Reason::kDrawOpen);
  return facts.drawn ? Allow() : Deny(Reason::kNotDrawn);
}

Verdict NotWaitingForTheDraw(const Facts& facts, const Caller&) {
  return facts.draw_closed ? Allow() : Deny(Reason::kDrawOpen);
}

Verdict DecidedByMeeting(const Facts& facts, const Caller&) { return Meeting(facts); }

Verdict DecidedByMeetingWithReason(const Facts& facts, const Caller&) {
  Verdict meeting = Meeting(facts);
  return Denied(meeting) ? meeting : AskReason();
}

Verdict ConstructionOver(const Facts& facts, const Caller&) {
  if (IsOver(facts.construction_ends, facts.now)) return Allow();
  return DenyUntil(Reason::kConstructionNotOver, "ends_at", facts.construction_ends);
}

// 每年年底前, until 1 January 00:00 exclusive (Q22).
Verdict ReportInTime(const Facts& facts, const Caller&) {
  return Inside({facts.report_opens, facts.report_closes}, facts.now, Reason::kReportNotOpen,
                Reason::kReportClosed);
}

Verdict ReportTimeOver(const Facts& facts, const Caller&) {
  if (IsOver(facts.report_closes, facts.now)) return Allow();
  return DenyUntil(Reason::kReportStillOpen, "closes_at", facts.report_closes);
}

Verdict EvaluationNotStarted(const Facts& facts, const Caller&) {
  return facts.evaluation_started ? Deny(Reason::kEvaluationStarted) : AskReason();
}

Verdict CampaignReady(const Facts& facts, const Caller&) {
  if (!facts.campaign_open) return Deny(Reason::kCampaignClosed);
  return facts.assignments_made ? Allow() : Deny(Reason::kNotAssigned);
}

Verdict ScoredByAssignedFirm(const Facts& facts, const Caller&) {
  if (!facts.assigned) return Deny(Reason::kNotAssigned);
  if (!facts.coi_declared_none) return Deny(Reason::kConflictOfInterest);
  if (!facts.campaign_open) return Deny(Reason::kCampaignClosed);
  return facts.score_in_range ? Allow() : Deny(Reason::kScoreOutOfRange);
}

Verdict ScoresComplete(const Facts& facts, const Caller&) {
  if (!facts.scores_complete) {
    return Deny(Reason::kScoresIncomplete, {{"got", absl::StrCat(facts.experts_scored)},
                                            {"needed", absl::StrCat(facts.experts_needed)}});
  }
  if (facts.open_outliers > 0) return DenyCount(Reason::kOutliersOpen, facts.open_outliers);
  return Allow();
}

Verdict InAppealTime(const Facts& facts, const Caller&) {
  return Inside({facts.appeal_opens, facts.appeal_closes}, facts.now, Reason::kAppealEarly,
                Reason::kAppealLate);
}

Verdict AppealTimeOver(const Facts& facts, const Caller&) {
  if (!IsOver(facts.appeal_closes, facts.now)) {
    return DenyUntil(Reason::kAppealTimeLeft, "closes_at", facts.appeal_closes);
  }
  if (facts.open_appeals > 0) return DenyCount(Reason::kAppealOpen, facts.open_appeals);
  return facts.list_matches ? Allow() : Deny(Reason::kListMismatch);
}

// Two people: who prepared the run and who approved exactly it. Either may press the button.
Verdict RunApproved(const Facts& facts, const Caller& caller) {
  if (!facts.inputs_complete) return Deny(Reason::kInputsIncomplete);
  if (facts.run_prepared_by.empty() || facts.run_approved_by.empty()) {
    return Deny(Reason::kSecondPersonRequired);
  }
  if (facts.run_prepared_by == facts.run_approved_by) return Deny(Reason::kSamePerson);
  if (caller.account != facts.run_prepared_by && caller.account != facts.run_approved_by) {
    return Deny(Reason::kSecondPersonRequired);
  }
  if (!facts.guard_row_ok) return Deny(Reason::kOverBudget);
  Verdict verdict = Allow();
  verdict.otherwise = facts.line_is_zero;
  return verdict;
}

Verdict NoticeOverAndSecondPerson(const Facts& facts, const Caller& caller) {
  if (!IsOver(facts.notice_closes, facts.now)) {
    return DenyUntil(Reason::kNoticeNotOver, "closes_at", facts.notice_closes);
  }
  if (facts.frozen_by.empty()) return Deny(Reason::kSecondPersonRequired);
  if (caller.account == facts.frozen_by || caller.account == facts.run_prepared_by) {
    return Deny(Reason::kSamePerson);
  }
  return Allow();
}

Verdict TwoPeopleAndCheckedAccount(const Facts& facts, const Caller& caller) {
  if (facts.first_person.empty()) return Deny(Reason::kSecondPersonRequired);
  if (facts.first_person == caller.account) return Deny(Reason::kSamePerson);
  if (!facts.account_checked) return Deny(Reason::kAccountNotChecked);
  return facts.list_matches ? Allow() : Deny(Reason::kListMismatch);
}

Verdict BankAnswered(const Facts& facts, const Caller&) {
  return facts.bank_reference.empty() ? Deny(Reason::kBankReferenceRequired) : Allow();
}

Verdict CorrectedRunShowsLess(const Facts& facts, const Caller&) {
  return facts.corrected_run_shows_less ? Allow() : Deny(Reason::kNothingToClaimBack);
}

}  // namespace alliance::domain
