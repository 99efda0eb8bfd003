#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/evaluation/case.h"
#include "services/evaluation/convert.h"
#include "services/evaluation/evaluation_service.h"

namespace alliance::evaluation {

using domain::Action;
using domain::Decision;
using domain::State;

// The year goes back to filing: the event hands the case over.
absl::Status EvaluationService::ReopenReport(const rpc::Call& call,
                                             const v1::ReopenReportRequest& request,
                                             v1::Evaluation* answer) {
  act::Shape shape;
  const std::string id = shape.YearlyName("name", kEvaluations, request.name());
  shape.Etag(request.etag());
  shape.OptionalText("reason", request.reason(), kLongText);
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Evaluation evaluation,
                     TakeFor(step, call, Action::kReopenReport, id, request.etag()));
    const domain::Facts facts = {.now = step.now(),
                                 .reason = request.reason(),
                                 .evaluation_started = evaluation.start.has_value()};
    ASSIGN_OR_RETURN(const Decision decision,
                     Decide(ViewOf(evaluation), Action::kReopenReport, call.caller, facts));

    const State from = evaluation.state;
    evaluation.state = decision.to;
    ++evaluation.handoff_seq;
    RETURN_IF_ERROR(Store(step, evaluation, from,
                          {.action = WordOf(Action::kReopenReport), .reason = request.reason()}));
    events::v1::Event event;
    events::v1::AnnualReportReopened& reopened = *event.mutable_annual_report_reopened();
    reopened.set_alliance_id(evaluation.alliance_id);
    reopened.set_year(evaluation.year);
    reopened.set_reason(request.reason());
    step.Emit("filing", evaluation.id, evaluation.handoff_seq, std::move(event));
    ShowHead(evaluation, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::evaluation
