// SendBackApplication: the province hands the case back to the recommender, who reviews it again.

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/text.h"
#include "services/filing/case_acts.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"

namespace alliance::filing {

using domain::Action;

absl::Status FilingService::SendBackApplication(const rpc::Call& call,
                                                const v1::SendBackApplicationRequest& request,
                                                v1::Application* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kApplications, request.name());
  shape.Etag(request.etag());
  shape.OptionalText("reason", request.reason());  // missing: the rule says so
  RETURN_IF_ERROR(shape.Done());
  const std::string reason(base::Trim(request.reason()));

  return ActOnCase(deps_, call, request, answer, [&](act::Step& step, Due& due) -> absl::Status {
    ASSIGN_OR_RETURN(Application row,
                     LoadToAct(step, call, id, Action::kSendBack, request.etag(), due));
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     DecideAct(row.View(), Action::kSendBack, call.caller,
                               {.now = step.now(), .reason = reason}, due));
    RETURN_IF_ERROR(Move(step, decision, &row, {.reason = reason}).status());
    events::v1::Event event;
    event.mutable_application_sent_back()->set_reason(reason);
    step.Emit("review", row.id, row.handoff_seq, std::move(event));
    FillApplication(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
