#include <algorithm>
#include <set>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/review/case_act.h"
#include "services/review/convert.h"
#include "services/review/desk_store.h"
#include "services/review/notice_plan.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

using domain::State;

domain::Facts FactsOfBatch(const BatchRow& batch, const rules::Pack& pack, absl::Time now,
                           const std::string& reason) {
  domain::Facts facts;
  facts.now = now;
  facts.reason = Written(reason);
  facts.notice_opens = batch.opens;
  facts.notice_closes = batch.closes;
  facts.early_close_asks = pack.notice_rule(batch.region).early_close_asks;
  return facts;
}

// Closing before the end: every case on notice, by the caller and with his reason. One that was
// objected to stays, and the batch with it.
absl::Status CloseEarly(act::Step& step, const rules::Pack& pack, const rpc::Call& call,
                        const std::vector<CaseRow>& rows, const std::string& reason,
                        BatchRow& batch) {
  constexpr domain::Action kAction = domain::Action::kCloseNotice;
  const domain::Facts facts = FactsOfBatch(batch, pack, step.now(), reason);
  std::vector<Together> cases;
  bool objected = false;
  for (const CaseRow& row : rows) {
    objected = objected || row.state == State::kObjected;
    if (row.state != State::kInNotice) continue;
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     domain::Decide(ViewOf(row), kAction, call.caller, facts));
    cases.push_back({.row = row, .decision = decision});
  }
  if (cases.empty()) {
    // Nothing is on notice: the rule says why for the state that the cases are in.
    const State state = objected ? State::kObjected : State::kNoticeClosed;
    return domain::Decide(
               {.state = state, .holder = domain::Owner::kReview, .region = batch.region}, kAction,
               call.caller, facts)
        .status();
  }
  EndEarly(step, cases);
  RETURN_IF_ERROR(StoreAll(step, pack, kAction, cases, {.reason = reason}));
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
    const std::set<std::string> interests = ReadInterests(step.txn(), call.caller.account);
    if (std::any_of(rows.begin(), rows.end(),
                    [&](const CaseRow& row) { return interests.contains(row.id); })) {
      return domain::Refuse(domain::Reason::kConflictOfInterest);
    }
    if (domain::IsOver(batch->closes, step.now())) {
      RETURN_IF_ERROR(CloseBatchByClock(step, deps_, *pack, *batch, rows));
    } else {
      RETURN_IF_ERROR(CloseEarly(step, *pack, call, rows, request.reason(), *batch));
    }
    FillBatch(*batch, ReadNoticeLines(step.txn(), id, scope), step.now(), true, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
