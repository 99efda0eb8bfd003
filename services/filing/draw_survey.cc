// DrawSurvey: closes the list of accepted cases, reveals the seed and draws. Once per
// round: a draw that could be repeated could be repeated until it pleases.

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/domain/draw.h"
#include "services/filing/application_case.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"
#include "services/filing/province_store.h"
#include "services/filing/rounds.h"

namespace alliance::filing {
namespace {

using domain::Action;
using domain::Reason;
using domain::Refuse;

constexpr int kMostSurveys = 500;

std::string NameOf(const Application& row) { return base::StrCat(kApplications, row.id); }

std::string Lines(const std::vector<std::string>& names) {
  std::string lines;
  for (const std::string& name : names) base::StrAppend(&lines, name, "\n");
  return lines;
}

absl::Status NotCommitted() {
  return Refuse(Reason::kWrongState, {{"state", "NOT_COMMITTED"},
                                      {"state_zh", "尚未公布种子摘要"},
                                      {"action", domain::WordOf(Action::kDrawSurvey)},
                                      {"action_zh", domain::ActionLabelZh(Action::kDrawSurvey)},
                                      {"allowed", "commit_draw"},
                                      {"allowed_zh", "公布种子摘要"}});
}

absl::Status CheckCount(int count, size_t list) {
  act::Shape shape;
  shape.Check(list > 0, "round", "NO_ACCEPTED_CASES", "没有已受理的申请，无法抽取",
              "there is no accepted case to draw from");
  shape.Between("count", count, 0, std::min<int64_t>(kMostSurveys, static_cast<int64_t>(list)));
  return shape.Done();
}

}  // namespace

absl::Status FilingService::DrawSurvey(const rpc::Call& call, const v1::DrawSurveyRequest& request,
                                       v1::Draw* answer) {
  act::Shape shape;
  const std::string round_id = shape.Slug("round", kRounds, request.round());
  shape.Between("count", request.count(), 0, kMostSurveys);
  RETURN_IF_ERROR(shape.Done());
  if (!domain::MayEver({.state = domain::State::kAccepted}, Action::kDrawSurvey, call.caller)) {
    return Refuse(Reason::kNotPermitted);
  }
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, round_id));

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    // A commitment and a result are written once and never change: plain reads may decide, and the
    // primary key of the result decides between two draws at once.
    auto draw = FindDraw(step.txn(), round_id);
    if (!draw) return NotCommitted();
    if (draw->closed) return Refuse(Reason::kDrawClosed);
    std::vector<Application> accepted = LockInState(step.txn(), round_id, domain::State::kAccepted);
    RETURN_IF_ERROR(CheckCount(request.count(), accepted.size()));

    std::vector<std::string> list;
    for (const Application& row : accepted) list.push_back(NameOf(row));  // sorted, as the ids are
    ASSIGN_OR_RETURN(
        const std::vector<std::string> drawn,
        domain::DrawSample(draw->seed_digest, draw->seed, list, request.count(), crypto::Sha256));
    draw->closed = true;
    draw->list = Lines(list);
    draw->list_digest = crypto::Sha256(draw->list);
    draw->drawn = Lines(drawn);
    auto sealed = InsertDrawResult(step.txn(), *draw, step.now());
    if (!sealed) return Refuse(Reason::kDrawClosed);
    step.Record({.case_id = base::StrCat(kDraws, round_id),
                 .action = std::string(domain::WordOf(Action::kDrawSurvey)),
                 .paper_digest = draw->list_digest,
                 .rules_digest = pack->digest(),
                 .sealed = {*std::move(sealed)}});

    const std::set<std::string> chosen(drawn.begin(), drawn.end());
    for (Application& row : accepted) {
      if (!chosen.contains(NameOf(row))) continue;
      // The draw record is the result written above; it also says that this case was drawn.
      const auto gather = [&](const Application&, domain::Facts& facts) {
        facts.papers_given = domain::Paper::kDrawRecord;
        facts.drawn = true;
        facts.draw_closed = draw->closed;
        return absl::OkStatus();
      };
      ASSIGN_OR_RETURN(const domain::Decision decision,
                       cases::Decide<ApplicationCase>(step, Action::kDrawSurvey, row, gather));
      RETURN_IF_ERROR(
          cases::Move<ApplicationCase>(step, decision, row, {.paper_digest = draw->list_digest})
              .status());
    }
    FillDraw(*draw, /*inside=*/true, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
