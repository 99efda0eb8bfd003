// AcceptApplication: the province takes the recommended case in (article 6(3)).

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/filing/case_acts.h"
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

  return ActOnCase(deps_, call, request, answer, [&](act::Step& step, Due& due) -> absl::Status {
    ASSIGN_OR_RETURN(Application row,
                     LoadToAct(step, call, id, Action::kAccept, request.etag(), due));
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     DecideAct(row.View(), Action::kAccept, call.caller, {.now = step.now()}, due));
    RETURN_IF_ERROR(Move(step, decision, &row, {}).status());
    FillApplication(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
