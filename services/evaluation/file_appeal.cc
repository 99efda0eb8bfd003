#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "services/evaluation/case.h"
#include "services/evaluation/convert.h"
#include "services/evaluation/evaluation_case.h"
#include "services/evaluation/evaluation_service.h"

namespace alliance::evaluation {

using domain::Action;
using domain::Decision;

absl::Status EvaluationService::FileAppeal(const rpc::Call& call,
                                           const v1::FileAppealRequest& request,
                                           v1::Evaluation* answer) {
  act::Shape shape;
  const std::string id = shape.YearlyName("name", kEvaluations, request.name());
  shape.Etag(request.etag());
  shape.OptionalText("grounds", request.grounds(), kGroundsLimit);
  if (request.has_evidence()) shape.Document("evidence", request.evidence());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Evaluation evaluation,
                     cases::Lock<EvaluationCase>(step, Action::kAppeal, id, request.etag()));
    const std::string grounds = cases::Written(request.grounds());
    const auto gather = [&](const Evaluation& now, domain::Facts& facts) {
      facts.appeal_opens = now.preliminary.value_or(absl::InfiniteFuture());
      facts.appeal_closes = now.appeal_close.value_or(absl::InfiniteFuture());
      // The paper is both: what is said, and what shows it.
      if (!grounds.empty() && request.has_evidence()) {
        facts.papers_given.Add(domain::Paper::kAppealGrounds);
      }
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(const Decision decision,
                     cases::Decide<EvaluationCase>(step, Action::kAppeal, evaluation, gather));

    const Appeal appeal = {.id = base::NewUuid7(),
                           .evaluation_id = id,
                           .grounds = grounds,
                           .evidence_title = request.evidence().title(),
                           .evidence_sha256 = request.evidence().sha256(),
                           .file = step.now(),
                           .filed_by = call.caller.account};
    InsertAppeal(step.txn(), appeal);
    evaluation.appeal_id = appeal.id;
    RETURN_IF_ERROR(
        cases::Move<EvaluationCase>(
            step, decision, evaluation,
            {.reason = grounds, .paper_digest = appeal.evidence_sha256, .sealed = {SealOf(appeal)}})
            .status());
    FillHead(evaluation, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::evaluation
