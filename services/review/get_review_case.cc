#include "common/act/shape.h"
#include "common/act/timeline.h"
#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "services/review/case_as_of.h"
#include "services/review/case_facts.h"
#include "services/review/convert.h"
#include "services/review/desk_store.h"
#include "services/review/review_case.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

// To the reviewers of the office that has the case it opens when they have declared to have no
// interest in it; a city that only reads does not review. To who has an interest it never opens.
bool IsWithheld(db::Txn& txn, const CaseRow& row, const domain::Caller& reader,
                const Scope& scope) {
  if (reader.role != domain::Role::kRecommender) return false;
  const Interest declared = FindInterest(txn, row.id, reader.account, scope);
  return declared == Interest::kSome ||
         (declared == Interest::kUndeclared && reader.region == row.office);
}

}  // namespace

absl::Status ReviewService::GetReviewCase(const rpc::Call& call,
                                          const v1::GetReviewCaseRequest& request,
                                          v1::ReviewCase* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kCasePrefix, request.name());
  const absl::Time as_of = act::TimeOf(request.as_of());
  shape.Check(!request.has_as_of() || as_of <= deps_.clock.Now(), "as_of", "IN_THE_FUTURE",
              "不得晚于现在", "must not be later than now");
  RETURN_IF_ERROR(shape.Done());
  const Scope scope = Scope::ToRead(call.caller);
  if (scope.none()) return domain::Refuse(domain::Reason::kNotPermitted);
  // A firm is told what is, in its own words; the past of a review is for those inside.
  if (request.has_as_of() && call.caller.role == domain::Role::kApplicant) {
    return domain::Refuse(domain::Reason::kNotPermitted);
  }

  bool due = false;
  const auto read = [&](db::Txn& txn) -> absl::Status {
    answer->Clear();
    due = false;
    const std::optional<CaseRow> row = FindCase(txn, id, scope);
    if (!row) return domain::Refuse(domain::Reason::kNotPermitted);
    if (cases::IsDue<ReviewCase>(*row, deps_.clock.Now())) {
      due = true;
      return PackOf(deps_, row->round_id).status();
    }
    const bool withheld = IsWithheld(txn, *row, call.caller, scope);
    if (request.has_as_of()) {
      return FillCaseAsOf(txn, *row, as_of, call.caller, withheld, answer);
    }
    FillCase(*row, call.caller, answer);
    FillTimeLimit(*row, call.caller, deps_.clock.Now(), answer);
    if (call.caller.role != domain::Role::kApplicant) {
      answer->set_delegate(FindDelegate(txn, row->office, row->reviewer, deps_.clock.Now(), scope));
    }
    for (const std::string& extension : ListExtensions(txn, row->round_id, row->office, row->id)) {
      filing::v1::Extension* shown = answer->add_extensions();
      shown->ParseFromString(extension);  // our own bytes
      if (call.caller.role != domain::Role::kApplicant) continue;
      shown->clear_proposer();
      shown->clear_approver();
    }
    act::FillTimeline(audit::ReadTimeline(txn, row->id), call.caller, answer->mutable_timeline());
    answer->set_form_withheld(withheld);
    if (withheld) return absl::OkStatus();
    const std::optional<std::string> bytes = FindVersion(txn, row->id, row->version_number, scope);
    if (!bytes || !FillVersion(*bytes, *row, call.caller, answer)) {
      return absl::InternalError("the locked version cannot be read");
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, read));
  if (!due) return absl::OkStatus();

  // The notice has ended since: the clock's step comes first.
  cases::Sweep<ReviewCase>(deps_, call, {id});
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, read));
  // Nobody is shown a notice as running that is over.
  return due ? absl::InternalError("the end of the notice could not be applied") : absl::OkStatus();
}

}  // namespace alliance::review
