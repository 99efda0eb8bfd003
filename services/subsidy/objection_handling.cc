#include "services/subsidy/objection_handling.h"

#include "common/base/uuid.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/request.h"

namespace alliance::subsidy {

cases::Note KeepHandling(act::Step& step, const domain::Decision& decision,
                         const v1::DecideSubsidyCaseRequest& request, const Case& row) {
  const ObjectionDecision handled{.id = base::NewUuid7(),
                                  .case_id = row.id,
                                  .action = std::string(domain::WordOf(decision.row->action)),
                                  .objections = CountObjections(step.txn(), row.id),
                                  .reason = cases::Written(request.reason()),
                                  .record = FromProto(request.document()),
                                  .account = step.caller().account,
                                  .decide = step.now()};
  InsertObjectionDecision(step.txn(), handled);
  cases::Note note = NoteOf(request);
  note.sealed.push_back(SealOf(handled));
  return note;
}

}  // namespace alliance::subsidy
