// AcceptApplication: the province takes the recommended case in (article 6(3)).

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/filing/application_case.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"

namespace alliance::filing {

using domain::Action;

absl::Status FilingService::AcceptApplication(const rpc::Call& call,
                                              const v1::AcceptApplicationRequest& request,
                                              v1::Application* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kApplications, request.name());
  shape.Etag(request.etag());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Application row,
                     cases::Lock<ApplicationCase>(step, Action::kAccept, id, request.etag()));
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<ApplicationCase>(step, Action::kAccept, row));
    RETURN_IF_ERROR(cases::Move<ApplicationCase>(step, decision, row, {}).status());
    FillApplication(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
