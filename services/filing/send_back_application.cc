// SendBackApplication: the province hands the case back to the recommender, who reviews it again.

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/text.h"
#include "services/filing/application_case.h"
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

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Application row,
                     cases::Lock<ApplicationCase>(step, Action::kSendBack, id, request.etag()));
    const auto gather = [&](const Application&, domain::Facts& facts) {
      facts.reason = reason;
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<ApplicationCase>(step, Action::kSendBack, row, gather));
    events::v1::Event event;
    event.mutable_application_sent_back()->set_reason(reason);
    RETURN_IF_ERROR(
        cases::Move<ApplicationCase>(step, decision, row, {.reason = reason, .events = {event}})
            .status());
    FillApplication(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
