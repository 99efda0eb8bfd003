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
    constexpr domain::Action kAction = domain::Action::kRenotice;
    ASSIGN_OR_RETURN(CaseRow row, cases::Lock<ReviewCase>(step, kAction, id, request.etag()));
    Desk desk;
    absl::Time deadline;
    const auto gather = [&](const CaseRow& now, domain::Facts& facts) -> absl::Status {
      RETURN_IF_ERROR(GatherHandling(step, kAction, request, now, desk, facts));
      // The line below is written from the row locked here.
      facts.in_batch_of_exact_versions = true;
      deadline = facts.recommend_closes;
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<ReviewCase>(step, kAction, row, gather));
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, row.round_id));
    ASSIGN_OR_RETURN(BatchRow batch,
                     PlanBatch(*pack, row.round_id, row.office, domain::DayOf(step.now()), deadline,
                               request.notice(), cases::Written(request.reason()), step.now()));
    batch.again = true;
    OpenBatch(step, *pack, batch);
    std::vector<audit::SealedRow> sealed = InsertNoticeLines(step.txn(), {LineOf(batch, row)});
    sealed.push_back(
        InsertOutcome(step.txn(), row.notice_batch, row.id, Outcome::kRenoticed, step.now()));
    row.notice_batch = batch.id;
    row.notice_opens = batch.opens;
    row.notice_closes = batch.closes;
    RETURN_IF_ERROR(cases::Move<ReviewCase>(
                        step, decision, row,
                        InsertHandling(step, decision, request, row, desk, std::move(sealed)))
                        .status());
    FillCase(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
