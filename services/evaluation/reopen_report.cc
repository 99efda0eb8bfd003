#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/evaluation/case.h"
#include "services/evaluation/convert.h"
#include "services/evaluation/evaluation_case.h"
#include "services/evaluation/evaluation_service.h"

namespace alliance::evaluation {

using domain::Action;
using domain::Decision;

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
                     cases::Lock<EvaluationCase>(step, Action::kReopenReport, id, request.etag()));
    const auto gather = [&](const Evaluation& now, domain::Facts& facts) {
      facts.reason = request.reason();
      facts.evaluation_started = now.start.has_value();
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(const Decision decision, cases::Decide<EvaluationCase>(
                                                  step, Action::kReopenReport, evaluation, gather));

    events::v1::Event event;
    events::v1::AnnualReportReopened& reopened = *event.mutable_annual_report_reopened();
    reopened.set_alliance_id(evaluation.alliance_id);
    reopened.set_year(evaluation.year);
    reopened.set_reason(cases::Written(request.reason()));
    RETURN_IF_ERROR(cases::Move<EvaluationCase>(step, decision, evaluation,
                                                {.reason = request.reason(), .events = {event}})
                        .status());
    FillHead(evaluation, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::evaluation
