// UpholdSubsidyObjection: SUBSIDY_OBJECTED → WITHHELD.

#include <utility>

#include "common/base/status_macros.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/objection_handling.h"
#include "services/subsidy/request.h"
#include "services/subsidy/subsidy_case.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {

using domain::Action;
using domain::Paper;

absl::Status SubsidyService::UpholdSubsidyObjection(const rpc::Call& call,
                                                    const v1::DecideSubsidyCaseRequest& request,
                                                    v1::SubsidyCase* answer) {
  act::Shape shape;
  const std::string id = CheckDecision(shape, request);
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Case row, cases::Lock<SubsidyCase>(step, Action::kUphold, id, request.etag()));
    const auto gather = [&](const Case&, domain::Facts& facts) {
      return GatherDecision(request, Paper::kHandlingRecord, facts);
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<SubsidyCase>(step, Action::kUphold, row, gather));
    cases::Note note = KeepHandling(step, decision, request, row);
    RETURN_IF_ERROR(cases::Move<SubsidyCase>(step, decision, row, std::move(note)).status());
    FillCase(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::subsidy
