// GiveOpinion: the opinion of the division in charge, once nobody can be drawn any more. It
// is internal: no answer carries it, and applicants do not learn that it was given.

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "services/filing/application_case.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"
#include "services/filing/province_store.h"

namespace alliance::filing {

using domain::Action;

absl::Status FilingService::GiveOpinion(const rpc::Call& call,
                                        const v1::GiveOpinionRequest& request,
                                        v1::Application* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kApplications, request.name());
  shape.Etag(request.etag());
  shape.Text("opinion", request.opinion());
  if (request.has_document()) shape.Document("document", request.document());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Application row,
                     cases::Lock<ApplicationCase>(step, Action::kGiveOpinion, id, request.etag()));
    const auto gather = [&](const Application& now, domain::Facts& facts) {
      facts.draw_closed = DrawIsClosed(step.txn(), now.round_id);
      if (request.has_document()) facts.papers_given.Add(domain::Paper::kDivisionOpinion);
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<ApplicationCase>(step, Action::kGiveOpinion, row, gather));
    cases::Note note{.paper_digest = request.document().sha256()};
    note.sealed.push_back(InsertOpinion(step.txn(),
                                        {.id = base::NewUuid7(),
                                         .application_id = row.id,
                                         .text = request.opinion(),
                                         .document = request.document().SerializeAsString()},
                                        step.now()));
    RETURN_IF_ERROR(cases::Move<ApplicationCase>(step, decision, row, std::move(note)).status());
    FillApplication(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
