// OpenSubsidyNotice: PROPOSED → SUBSIDY_NOTICE for every proposed line of a run.

#include "common/base/status_macros.h"
#include "common/domain/calendar.h"
#include "common/domain/errors.h"
#include "services/subsidy/case.h"
#include "services/subsidy/convert.h"
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
    const std::optional<Run> run = TakeRun(step.txn(), id);
    if (!run) return Refuse(Reason::kNotPermitted);
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, run->rules_digest));
    ASSIGN_OR_RETURN(const domain::NoticePeriod period,
                     domain::PlanNotice(pack->calendar(), pack->subsidy_notice_rule(),
                                        domain::DayOf(step.now())));
    domain::Facts facts{.now = step.now()};
    if (request.has_notice()) facts.papers_given.Add(domain::Paper::kNoticeText);
    std::vector<Case> cases = TakeCasesOfRun(step.txn(), id);
    for (Case& row : cases) {
      if (row.state == State::kNotProposed) continue;
      ASSIGN_OR_RETURN(const domain::Decision decision,
                       domain::Decide(ViewOf(row), Action::kOpenNotice, call.caller, facts));
      // Open from this instant on, not from this morning.
      row.notice_open = step.now();
      row.notice_close = period.closes;
      RETURN_IF_ERROR(Move(step, decision, row, {.paper_digest = request.notice().sha256()}));
      ShowCase(row, call.caller, answer->add_subsidy_cases());
    }
    // A run without proposals, or one that is not frozen, has nothing to publish.
    if (answer->subsidy_cases().empty()) return Refuse(Reason::kInputsIncomplete);
    return absl::OkStatus();
  });
}

}  // namespace alliance::subsidy
