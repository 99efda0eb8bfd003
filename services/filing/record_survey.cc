// RecordSurvey: what the visit to a drawn case found.

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "services/filing/application_case.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"
#include "services/filing/province_store.h"

namespace alliance::filing {

using domain::Action;

absl::Status FilingService::RecordSurvey(const rpc::Call& call,
                                         const v1::RecordSurveyRequest& request,
                                         v1::Application* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kApplications, request.name());
  shape.Etag(request.etag());
  shape.Text("findings", request.findings());
  if (request.has_record())
    shape.Document("record", request.record());  // missing: the rule says so
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Application row,
                     cases::Lock<ApplicationCase>(step, Action::kRecordSurvey, id, request.etag()));
    const auto gather = [&](const Application&, domain::Facts& facts) {
      if (request.has_record()) facts.papers_given.Add(domain::Paper::kSurveyFindings);
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<ApplicationCase>(step, Action::kRecordSurvey, row, gather));
    cases::Note note{.paper_digest = request.record().sha256()};
    note.sealed.push_back(InsertSurvey(step.txn(),
                                       {.id = base::NewUuid7(),
                                        .application_id = row.id,
                                        .text = request.findings(),
                                        .document = request.record().SerializeAsString()},
                                       step.now()));
    RETURN_IF_ERROR(cases::Move<ApplicationCase>(step, decision, row, std::move(note)).status());
    FillApplication(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
