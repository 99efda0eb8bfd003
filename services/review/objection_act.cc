#include "services/review/objection_act.h"

#include <utility>

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

absl::Status GatherHandling(act::Step& step, domain::Action action,
                            const v1::HandleObjectionRequest& request, const CaseRow& row,
                            Desk& desk, domain::Facts& facts) {
  facts.reason = request.reason();
  if (request.has_record()) facts.papers_given.Add(domain::Paper::kHandlingRecord);
  return Gather(step, action, row, desk, facts);
}

cases::Note InsertHandling(act::Step& step, const domain::Decision& decision,
                           const v1::HandleObjectionRequest& request, const CaseRow& row,
                           const Desk& desk, std::vector<audit::SealedRow> sealed) {
  const domain::Action action = decision.row->action;
  if (action == domain::Action::kUphold) {
    sealed.push_back(
        InsertOutcome(step.txn(), row.notice_batch, row.id, Outcome::kUpheld, step.now()));
  } else if (decision.to == domain::State::kNoticeClosed) {
    sealed.push_back(InsertQuietEnds(step.txn(), {row}, step.now()).front());
  }
  sealed.push_back(InsertObjectionDecision(step.txn(), {.case_id = row.id,
                                                        .batch_id = row.notice_batch,
                                                        .action = std::string(WordOf(action)),
                                                        .objections = row.objection_count,
                                                        .reason = cases::Written(request.reason()),
                                                        .record = FromWire(request.record()),
                                                        .account = step.caller().account,
                                                        .at = step.now()}));
  return {.reason = InWhosePlace(desk, request.reason()),
          .paper_digest = request.record().sha256(),
          .sealed = std::move(sealed)};
}

}  // namespace alliance::review
