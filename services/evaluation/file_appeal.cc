#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "services/evaluation/case.h"
#include "services/evaluation/convert.h"
#include "services/evaluation/evaluation_service.h"

namespace alliance::evaluation {

using domain::Action;
using domain::Decision;
using domain::State;

absl::Status EvaluationService::FileAppeal(const rpc::Call& call,
                                           const v1::FileAppealRequest& request,
                                           v1::Evaluation* answer) {
  act::Shape shape;
  const std::string id = shape.YearlyName("name", kEvaluations, request.name());
  shape.Etag(request.etag());
  shape.Text("grounds", request.grounds(), kLongText);
  if (request.has_evidence()) shape.Document("evidence", request.evidence());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Evaluation evaluation,
                     TakeFor(step, call, Action::kAppeal, id, request.etag()));
    domain::Facts facts = {
        .now = step.now(),
        .appeal_opens = evaluation.preliminary.value_or(absl::InfiniteFuture()),
        .appeal_closes = evaluation.appeal_close.value_or(absl::InfiniteFuture())};
    if (request.has_evidence()) facts.papers_given.Add(domain::Paper::kAppealGrounds);
    ASSIGN_OR_RETURN(const Decision decision,
                     Decide(ViewOf(evaluation), Action::kAppeal, call.caller, facts));

    const Appeal appeal = {.id = base::NewUuid7(),
                           .evaluation_id = id,
                           .grounds = request.grounds(),
                           .evidence_title = request.evidence().title(),
                           .evidence_sha256 = request.evidence().sha256(),
                           .file = step.now(),
                           .filed_by = call.caller.account};
    AddAppeal(step.txn(), appeal);
    const State from = evaluation.state;
    evaluation.state = decision.to;
    evaluation.appeal_id = appeal.id;
    RETURN_IF_ERROR(Store(step, evaluation, from,
                          {.action = WordOf(Action::kAppeal),
                           .reason = request.grounds(),
                           .paper_digest = appeal.evidence_sha256,
                           .sealed = {SealOf(appeal)}}));
    ShowHead(evaluation, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::evaluation
