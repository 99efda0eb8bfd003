#include "common/base/status_macros.h"
#include "services/review/convert.h"
#include "services/review/notice_plan.h"
#include "services/review/objection_act.h"
#include "services/review/review_service.h"

namespace alliance::review {

// OBJECTED → IN_NOTICE in a batch of its own that begins today (处理后再次公示).
absl::Status ReviewService::RenoticeCase(const rpc::Call& call,
                                         const v1::HandleObjectionRequest& request,
                                         v1::ReviewCase* answer) {
  act::Shape shape;
  const std::string id = CheckHandling(request, shape);
  CheckNotice(request.notice(), shape);
  shape.Check(request.notice().has_text(), "notice.text", "REQUIRED", "必填", "is required");
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Taken taken,
                     TakeObjected(step, deps_, call, domain::Action::kRenotice, id, request));
    // The line below is written from the row locked here.
    taken.facts.in_batch_of_exact_versions = true;
    ASSIGN_OR_RETURN(const domain::Decision decision, taken.Decide(call.caller));
    ASSIGN_OR_RETURN(
        BatchRow batch,
        PlanBatch(*taken.pack, taken.row.round_id, taken.row.office, domain::DayOf(step.now()),
                  taken.facts.recommend_closes, request.notice(), request.reason(), step.now()));
    batch.again = true;
    StoreBatch(step, *taken.pack, batch);
    std::vector<audit::SealedRow> sealed =
        InsertNoticeLines(step.txn(), {LineOf(batch, taken.row)});
    sealed.push_back(InsertOutcome(step.txn(), taken.row.notice_batch, taken.row.id,
                                   Outcome::kRenoticed, step.now()));
    taken.row.notice_batch = batch.id;
    taken.row.notice_opens = batch.opens;
    taken.row.notice_closes = batch.closes;
    RETURN_IF_ERROR(StoreHandling(step, call, taken, decision, request, std::move(sealed)));
    FillCase(taken.row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
