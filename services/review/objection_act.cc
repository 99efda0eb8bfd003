#include "services/review/objection_act.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/review/convert.h"
#include "services/review/notice_store.h"

namespace alliance::review {

std::string CheckHandling(const v1::HandleObjectionRequest& request, act::Shape& shape) {
  std::string id = shape.Name("name", kCasePrefix, request.name());
  shape.Etag(request.etag());
  shape.OptionalText("reason", request.reason());
  if (request.has_record()) shape.Document("record", request.record());
  return id;
}

absl::StatusOr<Taken> TakeObjected(act::Step& step, const act::Deps& deps, const rpc::Call& call,
                                   domain::Action action, const std::string& id,
                                   const v1::HandleObjectionRequest& request) {
  ASSIGN_OR_RETURN(Taken taken, Take(step, deps, call, action, id, request.etag()));
  taken.facts.reason = Written(request.reason());
  if (request.has_record()) taken.facts.papers_given.Add(domain::Paper::kHandlingRecord);
  return taken;
}

absl::Status StoreHandling(act::Step& step, const rpc::Call& call, Taken& taken,
                           const domain::Decision& decision,
                           const v1::HandleObjectionRequest& request,
                           std::vector<audit::SealedRow> sealed) {
  if (taken.action == domain::Action::kUphold) {
    sealed.push_back(InsertOutcome(step.txn(), taken.row.notice_batch, taken.row.id,
                                   Outcome::kUpheld, step.now()));
  } else if (decision.to == domain::State::kNoticeClosed) {
    sealed.push_back(InsertQuietEnds(step.txn(), {taken.row}, step.now()).front());
  }
  sealed.push_back(
      InsertObjectionDecision(step.txn(), {.case_id = taken.row.id,
                                           .batch_id = taken.row.notice_batch,
                                           .action = std::string(domain::WordOf(taken.action)),
                                           .objections = taken.row.objection_count,
                                           .reason = request.reason(),
                                           .record = FromWire(request.record()),
                                           .account = call.caller.account,
                                           .at = step.now()}));
  return Store(step, taken, decision,
               {.reason = request.reason(),
                .paper_digest = request.record().sha256(),
                .sealed = std::move(sealed)});
}

}  // namespace alliance::review
