#include "services/filing/apply_events.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alliance/events/v1/events.pb.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/workflow.h"
#include "services/filing/case_times.h"
#include "services/filing/filing_store.h"
#include "services/filing/interest_store.h"
#include "services/filing/registry_store.h"
#include "services/filing/rounds.h"

namespace alliance::filing {
namespace {

using domain::Action;
using domain::Owner;
using domain::Reason;
using domain::Refuse;
using domain::State;
using events::v1::Event;

// sample: the notice knows no second deadline. A report that the province hands back near or after
// the year's end may be handed in again within so many days.
constexpr absl::Duration kReopenedReport = absl::Hours(24 * 10);

// How review ended with a case.
struct Ending {
  Action action;
  State to;
  std::string reason = {};
  std::optional<std::string> paper_digest = std::nullopt;
  std::optional<absl::Time> due = std::nullopt;
  std::vector<audit::SealedRow> sealed = {};
};

// Who decided has decided: filing takes the case over and records what it was told.
absl::Status TakeOver(act::Step& step, const Event& event, Application* row, Ending ending) {
  const State from = row->state;
  row->state = ending.to;
  row->holder = Owner::kFiling;
  row->handoff_seq = event.handoff_sequence();
  row->due = ending.due;
  row->update = step.now();
  ASSIGN_OR_RETURN(audit::SealedRow sealed, SaveApplication(step.txn(), row));
  ending.sealed.push_back(std::move(sealed));
  step.Record({.case_id = row->id,
               .action = std::string(domain::WordOf(ending.action)),
               .from_state = std::string(domain::WordOf(from)),
               .to_state = std::string(domain::WordOf(ending.to)),
               .reason = std::move(ending.reason),
               .paper_digest = std::move(ending.paper_digest),
               .sealed = std::move(ending.sealed)});
  return absl::OkStatus();
}

absl::Status Returned(const act::Deps& deps, act::Step& step, const Event& event,
                      DraftedApplication* drafted) {
  const events::v1::ApplicationReturned& body = event.application_returned();
  Application& row = drafted->application;
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps, row.round_id));
  drafted->draft.marks = body.SerializeAsString();
  row.office = body.office();
  row.correction_until = TimesOf(step.txn(), *pack, row).correcting().closes;
  // Returned after its time (the reviewer gave a reason), it lapses at once, but never before it
  // came.
  return TakeOver(
      step, event, &row,
      {.action = Action::kReturn,
       .to = State::kReturned,
       .reason = body.reason(),
       .due = std::max(*row.correction_until, absl::FromUnixMicros(event.occur_time_us())),
       .sealed = {SaveDraft(step.txn(), row.id, drafted->draft)}});
}

absl::Status Recommended(act::Step& step, const Event& event, Application* row) {
  const events::v1::ApplicationRecommended& body = event.application_recommended();
  // What was on notice is exactly what we locked last.
  if (body.version_number() != row->version_number ||
      body.version_digest() != row->version_digest) {
    return Refuse(Reason::kListMismatch);
  }
  if (body.verified_rd_fen() < 0) return Refuse(Reason::kVerifiedRdMissing);
  row->verified_rd_fen = body.verified_rd_fen();
  return TakeOver(step, event, row,
                  {.action = Action::kRecommend,
                   .to = State::kRecommended,
                   .paper_digest = body.formal_letter().sha256().size() == 32
                                       ? std::optional(body.formal_letter().sha256())
                                       : std::nullopt});
}

absl::Status Declared(act::Step& step, const Event& event) {
  if (event.source() != domain::WordOf(Owner::kReview)) return Refuse(Reason::kNotPermitted);
  const events::v1::InterestDeclared& body = event.interest_declared();
  step.Record({.case_id = base::StrCat("interestDeclarations/", event.event_id()),
               .action = body.interest() ? "declare_interest" : "declare_no_interest",
               .from_state = "",
               .to_state = "",
               .reason = "",
               .sealed = {InsertDeclaration(step.txn(),
                                            {.id = event.event_id(),
                                             .case_id = event.case_id(),
                                             .account = body.account(),
                                             .interest = body.interest(),
                                             .at = absl::FromUnixMicros(event.occur_time_us())})}});
  return absl::OkStatus();
}

absl::Status ApplyToApplication(const act::Deps& deps, act::Step& step, const Event& event) {
  auto drafted = LockDrafted(step.txn(), event.case_id(), EveryCase());
  if (!drafted) return Refuse(Reason::kNotPermitted);
  Application& row = drafted->application;
  ASSIGN_OR_RETURN(const bool next, act::IsNextHandoff(row.handoff_seq, event));
  if (!next) return absl::OkStatus();
  if (event.source() != domain::WordOf(Owner::kReview) || row.holder != Owner::kReview) {
    return Refuse(Reason::kHeldElsewhere, {{"holder", domain::WordOf(row.holder)},
                                           {"holder_zh", domain::WordOf(row.holder)}});
  }
  switch (event.body_case()) {
    case Event::kApplicationReturned:
      return Returned(deps, step, event, &*drafted);
    case Event::kApplicationRejected:
      return TakeOver(step, event, &row,
                      {.action = Action::kReject,
                       .to = State::kRejected,
                       .reason = event.application_rejected().reason()});
    case Event::kApplicationWithdrawn:
      return TakeOver(step, event, &row,
                      {.action = Action::kWithdraw,
                       .to = State::kWithdrawn,
                       .reason = event.application_withdrawn().reason()});
    case Event::kApplicationRecommended:
      return Recommended(step, event, &row);
    default:
      return TakeOver(step, event, &row,
                      {.action = Action::kCloseRound,
                       .to = State::kNotRecommended,
                       .reason = event.application_not_recommended().reason()});
  }
}

absl::Status SaveAndRecord(act::Step& step, Action action, State from, YearRow* row,
                           std::string reason) {
  ASSIGN_OR_RETURN(audit::SealedRow sealed, SaveYear(step.txn(), row));
  step.Record({.case_id = row->id,
               .action = std::string(domain::WordOf(action)),
               .from_state = std::string(domain::WordOf(from)),
               .to_state = std::string(domain::WordOf(row->state)),
               .reason = std::move(reason),
               .sealed = {std::move(sealed)}});
  return absl::OkStatus();
}

absl::Status Reopened(act::Step& step, const Event& event, YearRow* row) {
  ASSIGN_OR_RETURN(const bool next, act::IsNextHandoff(row->handoff_seq, event));
  if (!next) return absl::OkStatus();
  if (event.source() != domain::WordOf(Owner::kEvaluation) || row->holder != Owner::kEvaluation) {
    return Refuse(Reason::kHeldElsewhere, {{"holder", domain::WordOf(row->holder)},
                                           {"holder_zh", domain::WordOf(row->holder)}});
  }
  const State from = row->state;
  row->state = State::kReportDue;
  row->holder = Owner::kFiling;
  row->handoff_seq = event.handoff_sequence();
  row->report_until =
      std::max(row->report_until, absl::FromUnixMicros(event.occur_time_us()) + kReopenedReport);
  row->due = row->report_until;
  row->update = step.now();
  return SaveAndRecord(step, Action::kReopenReport, from, row,
                       event.annual_report_reopened().reason());
}

absl::Status Paid(act::Step& step, const Event& event, YearRow* row) {
  const events::v1::SubsidyPaid& body = event.subsidy_paid();
  if (event.source() != domain::WordOf(Owner::kSubsidy)) return Refuse(Reason::kNotPermitted);
  const State from = row->state;
  row->state = State::kPaid;
  row->holder = Owner::kSubsidy;
  row->paid_fen = body.amount_fen();
  row->bank_reference = body.bank_reference();
  row->update = step.now();
  return SaveAndRecord(step, Action::kConfirmPaid, from, row, "");
}

absl::Status ApplyToYear(act::Step& step, const Event& event, std::string_view alliance_id,
                         int year) {
  auto row = LockYear(step.txn(), YearId(alliance_id, year), EveryCase());
  if (!row) return Refuse(Reason::kNotPermitted);
  return event.has_subsidy_paid() ? Paid(step, event, &*row) : Reopened(step, event, &*row);
}

}  // namespace

act::Apply ApplyEvents(const act::Deps& deps) {
  return [&deps](act::Step& step, const Event& event) -> absl::Status {
    switch (event.body_case()) {
      case Event::kApplicationReturned:
      case Event::kApplicationRejected:
      case Event::kApplicationWithdrawn:
      case Event::kApplicationRecommended:
      case Event::kApplicationNotRecommended:
        return ApplyToApplication(deps, step, event);
      case Event::kInterestDeclared:
        return Declared(step, event);
      case Event::kAnnualReportReopened:
        return ApplyToYear(step, event, event.annual_report_reopened().alliance_id(),
                           event.annual_report_reopened().year());
      case Event::kSubsidyPaid:
        return ApplyToYear(step, event, event.subsidy_paid().alliance_id(),
                           event.subsidy_paid().year());
      default:
        return Refuse(Reason::kInvalidRequest, {},
                      {{.field = "event.body",
                        .reason = "NOT_FOR_FILING",
                        .zh = "不是发给申报服务的事件",
                        .en = "is not for filing"}});
    }
  };
}

}  // namespace alliance::filing
