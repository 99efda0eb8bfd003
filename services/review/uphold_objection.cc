#include "common/base/status_macros.h"
#include "services/review/convert.h"
#include "services/review/objection_act.h"
#include "services/review/review_service.h"

namespace alliance::review {

// OBJECTED → REVIEWING, in nobody's hands: any reviewer of the region may go on with it.
absl::Status ReviewService::UpholdObjection(const rpc::Call& call,
                                            const v1::HandleObjectionRequest& request,
                                            v1::ReviewCase* answer) {
  act::Shape shape;
  const std::string id = CheckHandling(request, shape);
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    constexpr domain::Action kAction = domain::Action::kUphold;
    ASSIGN_OR_RETURN(CaseRow row, cases::Lock<ReviewCase>(step, kAction, id, request.etag()));
    Desk desk;
    const auto gather = [&](const CaseRow& now, domain::Facts& facts) {
      return GatherHandling(step, kAction, request, now, desk, facts);
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<ReviewCase>(step, kAction, row, gather));
    row.reviewer.clear();
    RETURN_IF_ERROR(cases::Move<ReviewCase>(step, decision, row,
                                            InsertHandling(step, decision, request, row, desk))
                        .status());
    FillCase(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
