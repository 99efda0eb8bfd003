#include "services/filing/apply_events.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alliance/events/v1/events.pb.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/domain/workflow.h"
#include "services/filing/application_case.h"
#include "services/filing/case_times.h"
#include "services/filing/filing_store.h"
#include "services/filing/interest_store.h"
#include "services/filing/registry_store.h"
#include "services/filing/rounds.h"
#include "services/filing/year_case.h"

namespace alliance::filing {
namespace {

using domain::Owner;
using domain::Reason;
using domain::Refuse;
using events::v1::Event;

// sample: the notice knows no second deadline. A report that the province hands back near or after
// the year's end may be handed in again within so many days.
constexpr absl::Duration kReopenedReport = absl::Hours(24 * 10);

absl::Status Returned(const act::Deps& deps, act::Step& step, const Event& event,
                      DraftedApplication& row) {
  const events::v1::ApplicationReturned& body = event.application_returned();
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps, row.round_id));
  row.draft.marks = body.SerializeAsString();
  row.office = body.office();
  row.correction_until = TimesOf(step.txn(), *pack, row).correcting().closes;
  // Returned after its time (the reviewer gave a reason), it lapses at once, but never before it
  // came.
  row.due = std::max(*row.correction_until, absl::FromUnixMicros(event.occur_time_us()));
  return cases::Land<DraftCase>(
      step, event, row,
      {.reason = body.reason(), .sealed = {SaveDraft(step.txn(), row.id, row.draft)}});
}

absl::Status Recommended(act::Step& step, const Event& event, DraftedApplication& row) {
  const events::v1::ApplicationRecommended& body = event.application_recommended();
  // What was on notice is exactly what we locked last.
  if (body.version_number() != row.version_number || body.version_digest() != row.version_digest) {
    return Refuse(Reason::kListMismatch);
  }
  if (body.verified_rd_fen() < 0) return Refuse(Reason::kVerifiedRdMissing);
  row.verified_rd_fen = body.verified_rd_fen();
  cases::Note note;
  if (body.formal_letter().sha256().size() == crypto::kSha256Bytes) {
    note.paper_digest = body.formal_letter().sha256();
  }
  return cases::Land<DraftCase>(step, event, row, std::move(note));
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
  std::optional<DraftedApplication> row = DraftCase::Lock(step, event.case_id());
  if (!row) return Refuse(Reason::kNotPermitted);
  ASSIGN_OR_RETURN(const bool next, cases::IsNext<DraftCase>(step, event, &*row));
  if (!next) return absl::OkStatus();
  switch (event.body_case()) {
    case Event::kApplicationReturned:
      return Returned(deps, step, event, *row);
    case Event::kApplicationRecommended:
      return Recommended(step, event, *row);
    case Event::kApplicationRejected:
      return cases::Land<DraftCase>(step, event, *row,
                                    {.reason = event.application_rejected().reason()});
    case Event::kApplicationWithdrawn:
      return cases::Land<DraftCase>(step, event, *row,
                                    {.reason = event.application_withdrawn().reason()});
    default:
      return cases::Land<DraftCase>(step, event, *row,
                                    {.reason = event.application_not_recommended().reason()});
  }
}

absl::Status Reopened(act::Step& step, const Event& event, YearRow& row) {
  ASSIGN_OR_RETURN(const bool next, cases::IsNext<YearCase>(step, event, &row));
  if (!next) return absl::OkStatus();
  row.report_until =
      std::max(row.report_until, absl::FromUnixMicros(event.occur_time_us()) + kReopenedReport);
  row.due = row.report_until;
  return cases::Land<YearCase>(step, event, row,
                               {.reason = event.annual_report_reopened().reason()});
}

absl::Status Paid(act::Step& step, const Event& event, YearRow& row) {
  ASSIGN_OR_RETURN(const bool next, cases::IsNext<YearCase>(step, event, &row));
  if (!next) return absl::OkStatus();
  row.paid_fen = event.subsidy_paid().amount_fen();
  row.bank_reference = event.subsidy_paid().bank_reference();
  return cases::Land<YearCase>(step, event, row, {});
}

absl::Status ApplyToYear(act::Step& step, const Event& event, std::string_view alliance_id,
                         int year) {
  std::optional<YearRow> row = YearCase::Lock(step, YearId(alliance_id, year));
  if (!row) return Refuse(Reason::kNotPermitted);
  return event.has_subsidy_paid() ? Paid(step, event, *row) : Reopened(step, event, *row);
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
