#include <algorithm>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/review/case_facts.h"
#include "services/review/case_list.h"
#include "services/review/convert.h"
#include "services/review/notice_plan.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

constexpr int kMostDaysAhead = 30;

}  // namespace

// PASSED → IN_NOTICE for exactly these versions, all or none.
absl::Status ReviewService::OpenNotice(const rpc::Call& call, const v1::OpenNoticeRequest& request,
                                       v1::NoticeBatch* answer) {
  act::Shape shape;
  const std::vector<std::string> ids = CheckCaseNames(request.review_cases(), shape);
  if (request.has_notice()) CheckNotice(request.notice(), shape);
  shape.OptionalText("reason", request.reason());
  if (!request.start_date().empty()) shape.Day("start_date", request.start_date());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    constexpr domain::Action kAction = domain::Action::kOpenNotice;
    ASSIGN_OR_RETURN(const std::vector<CaseRow> rows, LockList(step, kAction, ids));
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, rows.front().round_id));

    const domain::CivilDay today = domain::DayOf(step.now());
    const domain::CivilDay start =
        request.start_date().empty() ? today : *domain::ParseDay(request.start_date());
    act::Shape day;
    day.Check(start >= today && start <= today + kMostDaysAhead, "start_date", "OUT_OF_RANGE",
              "应为今天或之后 30 天内", "must be today or at most 30 days ahead");
    RETURN_IF_ERROR(day.Done());
    const Grants grants = ListGrants(step.txn(), rows.front().round_id);
    absl::Time deadline = absl::InfiniteFuture();  // of the first of them that must be done
    for (const CaseRow& row : rows) {
      deadline = std::min(deadline, TimesOf(row, *pack, grants).recommending().closes);
    }
    ASSIGN_OR_RETURN(const BatchRow batch,
                     PlanBatch(*pack, rows.front().round_id, rows.front().office, start, deadline,
                               request.notice(), cases::Written(request.reason()), step.now()));

    ASSIGN_OR_RETURN(
        CaseMoves moves,
        DecideList(step, kAction, rows, ids, [&](const CaseRow& row, domain::Facts& facts) {
          GatherCase(row, *pack, grants, call.caller, facts);
          facts.reason = request.reason();
          // The lines below are written from the rows locked above.
          facts.in_batch_of_exact_versions = true;
          facts.planner_warns = batch.ends_after_deadline;
          if (request.notice().has_text()) facts.papers_given.Add(domain::Paper::kNoticeText);
          return absl::OkStatus();
        }));

    std::vector<NoticeLine> lines;
    for (cases::Moving<CaseRow>& one : moves) {
      lines.push_back(LineOf(batch, one.row));
      one.row.notice_batch = batch.id;
      one.row.notice_opens = batch.opens;
      one.row.notice_closes = batch.closes;
    }
    OpenBatch(step, *pack, batch);
    std::vector<audit::SealedRow> sealed = InsertNoticeLines(step.txn(), lines);
    for (size_t i = 0; i < moves.size(); ++i) {
      moves[i].note = {.reason = request.reason(),
                       .paper_digest = batch.text.sha256,
                       .sealed = {std::move(sealed[i])}};
    }
    RETURN_IF_ERROR(cases::MoveAll<ReviewCase>(step, moves));
    FillBatch(batch, lines, step.now(), true, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
