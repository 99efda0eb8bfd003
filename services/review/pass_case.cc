#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/review/case_facts.h"
#include "services/review/convert.h"
#include "services/review/review_case.h"
#include "services/review/review_service.h"

namespace alliance::review {

// REVIEWING → PASSED: what must have been recorded is in the row already.
absl::Status ReviewService::PassCase(const rpc::Call& call, const v1::PassCaseRequest& request,
                                     v1::ReviewCase* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kCasePrefix, request.name());
  shape.Etag(request.etag());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    constexpr domain::Action kAction = domain::Action::kPass;
    ASSIGN_OR_RETURN(CaseRow row, cases::Lock<ReviewCase>(step, kAction, id, request.etag()));
    Desk desk;
    const auto gather = [&](const CaseRow& now, domain::Facts& facts) {
      return Gather(step, kAction, now, desk, facts);
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<ReviewCase>(step, kAction, row, gather));
    RETURN_IF_ERROR(
        cases::Move<ReviewCase>(step, decision, row, {.reason = InWhosePlace(desk, "")}).status());
    FillCase(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
