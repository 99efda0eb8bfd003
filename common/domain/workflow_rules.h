// The rules of the workflow: one pure function per rule, from facts to a verdict.
//
// A rule answers: allow, allow only with a written reason, or deny with one stable Reason. It sees
// the caller only to tell people apart (the holder of a case, the second person); whether the role
// and the region fit is decided before any rule is asked.

#ifndef ALLIANCE_COMMON_DOMAIN_WORKFLOW_RULES_H_
#define ALLIANCE_COMMON_DOMAIN_WORKFLOW_RULES_H_

#include <map>
#include <string>
#include <vector>

#include "common/domain/caller.h"
#include "common/domain/errors.h"
#include "common/domain/facts.h"

namespace alliance::domain {

struct Verdict {
  enum class Kind { kAllow, kNeedsReason, kDeny };

  Kind kind = Kind::kDeny;
  bool otherwise = false;  // go to the row's second target
  Reason reason =
      Reason::kInternal;  // why denied, or what to say when the written reason is missing
  std::map<std::string, std::string> holes;
  std::vector<FieldProblem> fields;
};

using Rule = Verdict (*)(const Facts& facts, const Caller& caller);

// Without a condition beyond role, region and state
Verdict Always(const Facts&, const Caller&);
Verdict WithReason(const Facts&, const Caller&);

// Filing by the lead
Verdict SubmittableInWindow(const Facts&, const Caller&);
Verdict SubmittableAfterReturn(const Facts&, const Caller&);
Verdict InWindow(const Facts&, const Caller&);
Verdict InCorrectionTime(const Facts&, const Caller&);
Verdict WindowOver(const Facts&, const Caller&);
Verdict CorrectionTimeOver(const Facts&, const Caller&);

// Regional review
Verdict NoConflictOfInterest(const Facts&, const Caller&);
Verdict ByHolder(const Facts&, const Caller&);
Verdict ByHolderOrSuperior(const Facts&, const Caller&);
Verdict ReassignedBySuperior(const Facts&, const Caller&);
Verdict MarkedForReturn(const Facts&, const Caller&);
Verdict ConditionsDecided(const Facts&, const Caller&);
Verdict SomeConditionFailed(const Facts&, const Caller&);
Verdict ForwardedInTime(const Facts&, const Caller&);

// Public notice and recommendation
Verdict BatchPlanned(const Facts&, const Caller&);
Verdict ObjectionInPeriod(const Facts&, const Caller&);
Verdict NoticeOverOrReason(const Facts&, const Caller&);
Verdict DismissedObjection(const Facts&, const Caller&);
Verdict NewNotice(const Facts&, const Caller&);
Verdict FrozenListInWindow(const Facts&, const Caller&);
Verdict RoundOver(const Facts&, const Caller&);

// The province
Verdict DrawnForSurvey(const Facts&, const Caller&);
Verdict NotWaitingForTheDraw(const Facts&, const Caller&);
Verdict DecidedByMeeting(const Facts&, const Caller&);
Verdict DecidedByMeetingWithReason(const Facts&, const Caller&);
Verdict ConstructionOver(const Facts&, const Caller&);

// Yearly report and evaluation
Verdict ReportInTime(const Facts&, const Caller&);
Verdict ReportTimeOver(const Facts&, const Caller&);
Verdict EvaluationNotStarted(const Facts&, const Caller&);
Verdict CampaignReady(const Facts&, const Caller&);
Verdict ScoredByAssignedFirm(const Facts&, const Caller&);
Verdict ScoresComplete(const Facts&, const Caller&);
Verdict InAppealTime(const Facts&, const Caller&);
Verdict AppealTimeOver(const Facts&, const Caller&);

// Subsidy
Verdict RunApproved(const Facts&, const Caller&);
Verdict NoticeOverAndSecondPerson(const Facts&, const Caller&);
Verdict TwoPeopleAndCheckedAccount(const Facts&, const Caller&);
Verdict BankAnswered(const Facts&, const Caller&);
Verdict CorrectedRunShowsLess(const Facts&, const Caller&);

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_WORKFLOW_RULES_H_
