// OpenSubsidyNotice: PROPOSED → SUBSIDY_NOTICE for every proposed line of a run.

#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/domain/calendar.h"
#include "common/domain/errors.h"
#include "services/subsidy/compute.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/subsidy_case.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {

using domain::Action;
using domain::Reason;
using domain::Refuse;
using domain::State;

absl::Status SubsidyService::OpenSubsidyNotice(const rpc::Call& call,
                                               const v1::OpenSubsidyNoticeRequest& request,
                                               v1::OpenSubsidyNoticeResponse* answer) {
  act::Shape shape;
  const std::string id = shape.Name("run", kRuns, request.run());
  if (request.has_notice()) shape.Document("notice", request.notice());
  RETURN_IF_ERROR(shape.Done());
  if (call.caller.role != domain::Role::kFinance) return Refuse(Reason::kNotPermitted);

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    const std::optional<Run> run = LockRun(step.txn(), id);
    if (!run) return Refuse(Reason::kNotPermitted);
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, run->rules_digest));
    ASSIGN_OR_RETURN(const domain::NoticePeriod period,
                     domain::PlanNotice(pack->calendar(), pack->subsidy_notice_rule(),
                                        domain::DayOf(step.now())));
    const auto gather = [&](const Case&, domain::Facts& facts) {
      if (request.has_notice()) facts.papers_given.Add(domain::Paper::kNoticeText);
      return absl::OkStatus();
    };
    std::vector<cases::Moving<Case>> moves;
    for (Case& row : LockCasesOfRun(step.txn(), id)) {
      if (row.state == State::kNotProposed) continue;
      ASSIGN_OR_RETURN(const domain::Decision decision,
                       cases::Decide<SubsidyCase>(step, Action::kOpenNotice, row, gather));
      // Open from this instant on, not from this morning.
      row.notice_open = step.now();
      row.notice_close = period.closes;
      moves.push_back({.row = std::move(row),
                       .decision = decision,
                       .note = {.paper_digest = request.notice().sha256()}});
    }
    // A run without proposals, or one that is not frozen, has nothing to publish.
    if (moves.empty()) return Refuse(Reason::kInputsIncomplete);
    RETURN_IF_ERROR(cases::MoveAll<SubsidyCase>(step, moves));
    for (const cases::Moving<Case>& moved : moves) {
      FillCase(moved.row, call.caller, answer->add_subsidy_cases());
    }
    return absl::OkStatus();
  });
}

}  // namespace alliance::subsidy
