#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/review/case_facts.h"
#include "services/review/convert.h"
#include "services/review/desk_store.h"
#include "services/review/review_case.h"
#include "services/review/review_service.h"

namespace alliance::review {

// SUBMITTED → REVIEWING.
absl::Status ReviewService::ClaimCase(const rpc::Call& call, const v1::ClaimCaseRequest& request,
                                      v1::ReviewCase* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kCasePrefix, request.name());
  shape.Etag(request.etag());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    constexpr domain::Action kAction = domain::Action::kClaim;
    ASSIGN_OR_RETURN(CaseRow row, cases::Lock<ReviewCase>(step, kAction, id, request.etag()));
    Desk desk;
    const auto gather = [&](const CaseRow& now, domain::Facts& facts) -> absl::Status {
      RETURN_IF_ERROR(Gather(step, kAction, now, desk, facts));
      facts.coi_declared_none = request.no_conflict_of_interest();
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<ReviewCase>(step, kAction, row, gather));
    row.reviewer = call.caller.account;
    cases::Note note{.reason = InWhosePlace(desk, "")};
    if (desk.declared == Interest::kUndeclared) {
      const DeclarationRow declaration = {
          .case_id = id, .account = call.caller.account, .at = step.now()};
      note.sealed.push_back(InsertDeclaration(step.txn(), declaration));
      RETURN_IF_ERROR(cases::Announce(step, id, DeclaredEvent(declaration)));
    }
    RETURN_IF_ERROR(cases::Move<ReviewCase>(step, decision, row, std::move(note)).status());
    FillCase(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
