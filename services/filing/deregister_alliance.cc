// DeregisterAlliance (取消备案): by the recorder, with a reason and the decision.

#include "alliance/events/v1/events.pb.h"
#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/text.h"
#include "services/filing/application_case.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"
#include "services/filing/registry_store.h"

namespace alliance::filing {

using domain::Action;
using domain::Reason;
using domain::Refuse;

absl::Status FilingService::DeregisterAlliance(const rpc::Call& call,
                                               const v1::DeregisterAllianceRequest& request,
                                               v1::Alliance* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kAlliances, request.name());
  shape.Etag(request.etag());
  shape.OptionalText("reason", request.reason());  // missing: the rule says so
  if (request.has_decision()) shape.Document("decision", request.decision());
  RETURN_IF_ERROR(shape.Done());
  const std::string reason(base::Trim(request.reason()));

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Application row,
                     cases::Lock<ApplicationCase>(step, Action::kDeregister, id, request.etag()));
    const auto gather = [&](const Application&, domain::Facts& facts) {
      facts.reason = reason;
      if (request.has_decision()) facts.papers_given.Add(domain::Paper::kDecision);
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<ApplicationCase>(step, Action::kDeregister, row, gather));
    cases::Note note{.reason = reason, .paper_digest = request.decision().sha256()};
    note.sealed.push_back(InsertDeregistration(step.txn(), row.id, reason,
                                               request.decision().SerializeAsString(), step.now()));
    events::v1::Event& event = note.events.emplace_back();
    event.mutable_alliance_deregistered()->set_alliance_id(row.id);
    event.mutable_alliance_deregistered()->set_reason(reason);
    RETURN_IF_ERROR(cases::Move<ApplicationCase>(step, decision, row, std::move(note)).status());

    const auto alliance = FindAlliance(step.txn(), row.id, EveryCase());
    if (!alliance) return absl::InternalError("a registered case has no alliance");
    FillAlliance(*alliance, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
