#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/review/case_facts.h"
#include "services/review/convert.h"
#include "services/review/review_case.h"
#include "services/review/review_service.h"

namespace alliance::review {

// SUBMITTED, REVIEWING or PASSED → WITHDRAWN, by the firm. While filing holds the case this answers
// HELD_ELSEWHERE, as filing does while review holds it.
absl::Status ReviewService::WithdrawApplication(
    const rpc::Call& call, const filing::v1::WithdrawApplicationRequest& request,
    filing::v1::WithdrawApplicationResponse* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kApplicationPrefix, request.name());
  shape.OptionalText("reason", request.reason());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    constexpr domain::Action kAction = domain::Action::kWithdraw;
    ASSIGN_OR_RETURN(CaseRow row, cases::Lock<ReviewCase>(step, kAction, id, std::nullopt));
    Desk desk;
    const auto gather = [&](const CaseRow& now, domain::Facts& facts) {
      facts.reason = request.reason();
      return Gather(step, kAction, now, desk, facts);
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<ReviewCase>(step, kAction, row, gather));
    events::v1::Event event;
    event.mutable_application_withdrawn()->set_reason(cases::Written(request.reason()));
    RETURN_IF_ERROR(
        cases::Move<ReviewCase>(step, decision, row,
                                {.reason = request.reason(), .events = {std::move(event)}})
            .status());
    answer->set_name(request.name());
    answer->set_state(ToWire(row.state));
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
