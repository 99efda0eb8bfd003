#include <algorithm>
#include <set>
#include <utility>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/review/case_facts.h"
#include "services/review/convert.h"
#include "services/review/desk_store.h"
#include "services/review/notice_plan.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

using domain::State;

void GatherBatch(const BatchRow& batch, const rules::Pack& pack, domain::Facts& facts) {
  facts.notice_opens = batch.opens;
  facts.notice_closes = batch.closes;
  facts.early_close_asks = pack.notice_rule(batch.region).early_close_asks;
}

// Closing before the end: every case on notice, by the caller and with the caller's reason. One
// that was objected to stays, and the batch with it.
absl::Status CloseEarly(act::Step& step, const rules::Pack& pack, const std::vector<CaseRow>& rows,
                        const std::string& reason, BatchRow& batch) {
  constexpr domain::Action kAction = domain::Action::kCloseNotice;
  CaseMoves moves;
  bool objected = false;
  for (CaseRow row : rows) {
    objected = objected || row.state == State::kObjected;
    if (row.state != State::kInNotice) continue;
    const auto gather = [&](const CaseRow&, domain::Facts& facts) {
      GatherBatch(batch, pack, facts);
      facts.reason = reason;
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<ReviewCase>(step, kAction, row, gather));
    moves.push_back({.row = std::move(row), .decision = decision, .note = {.reason = reason}});
  }
  if (moves.empty()) {
    // Nothing is on notice: the rule says why for the state that the cases are in.
    const State state = objected ? State::kObjected : State::kNoticeClosed;
    domain::Facts facts{.now = step.now(), .reason = reason};
    GatherBatch(batch, pack, facts);
    return domain::Decide(
               {.state = state, .holder = domain::Owner::kReview, .region = batch.region}, kAction,
               step.caller(), facts)
        .status();
  }
  EndEarly(step, moves);
  RETURN_IF_ERROR(cases::MoveAll<ReviewCase>(step, moves));
  return objected ? absl::OkStatus() : CloseBatchNow(step, pack, reason, batch);
}

}  // namespace

// IN_NOTICE → NOTICE_CLOSED for the batch.
absl::Status ReviewService::CloseNotice(const rpc::Call& call,
                                        const v1::CloseNoticeRequest& request,
                                        v1::NoticeBatch* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kBatchPrefix, request.name());
  shape.OptionalText("reason", request.reason());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    const Scope scope = Scope::ToAct(call.caller);
    std::optional<BatchRow> batch = LockBatch(step.txn(), id, scope);
    if (!batch ||
        !domain::MayEver(
            {.state = State::kInNotice, .holder = domain::Owner::kReview, .region = batch->region},
            domain::Action::kCloseNotice, call.caller)) {
      return domain::Refuse(domain::Reason::kNotPermitted);
    }
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, batch->round_id));
    std::vector<CaseRow> rows = LockCasesOfBatch(step.txn(), id, scope);
    for (const CaseRow& row : rows) {
      RETURN_IF_ERROR(
          cases::Check<ReviewCase>(step, domain::Action::kCloseNotice, row, std::nullopt));
    }
    const std::set<std::string> interests = ListInterests(step.txn(), call.caller.account);
    if (std::any_of(rows.begin(), rows.end(),
                    [&](const CaseRow& row) { return interests.contains(row.id); })) {
      return domain::Refuse(domain::Reason::kConflictOfInterest);
    }
    if (domain::IsOver(batch->closes, step.now())) {
      RETURN_IF_ERROR(CloseDue(step, absl::MakeSpan(rows)));
      RETURN_IF_ERROR(CloseBatchByClock(step, *pack, *batch));
    } else {
      RETURN_IF_ERROR(CloseEarly(step, *pack, rows, cases::Written(request.reason()), *batch));
    }
    FillBatch(*batch, ListNoticeLines(step.txn(), id, scope), step.now(), true, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
