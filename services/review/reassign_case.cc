#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/review/case_facts.h"
#include "services/review/convert.h"
#include "services/review/desk_store.h"
#include "services/review/review_case.h"
#include "services/review/review_service.h"

namespace alliance::review {

// REVIEWING, into the hands of another reviewer of the office. They have yet to declare before the
// case opens to them.
absl::Status ReviewService::ReassignCase(const rpc::Call& call,
                                         const v1::ReassignCaseRequest& request,
                                         v1::ReviewCase* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kCasePrefix, request.name());
  shape.Etag(request.etag());
  CheckAccount("reviewer", request.reviewer(), shape);
  shape.OptionalText("reason", request.reason());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    constexpr domain::Action kAction = domain::Action::kReassign;
    ASSIGN_OR_RETURN(CaseRow row, cases::Lock<ReviewCase>(step, kAction, id, request.etag()));
    Desk desk;
    const auto gather = [&](const CaseRow& now, domain::Facts& facts) {
      facts.reason = request.reason();
      return Gather(step, kAction, now, desk, facts);
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<ReviewCase>(step, kAction, row, gather));
    if (FindInterest(step.txn(), id, request.reviewer(), Scope::ToAct(call.caller)) ==
        Interest::kSome) {
      return domain::Refuse(domain::Reason::kConflictOfInterest);
    }
    row.reviewer = request.reviewer();
    RETURN_IF_ERROR(cases::Move<ReviewCase>(step, decision, row,
                                            {.reason = InWhosePlace(desk, request.reason())})
                        .status());
    FillCase(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
