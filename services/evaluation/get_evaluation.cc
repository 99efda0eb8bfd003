#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/domain/errors.h"
#include "services/evaluation/convert.h"
#include "services/evaluation/evaluation_service.h"

namespace alliance::evaluation {

using domain::Reason;
using domain::Refuse;

absl::Status EvaluationService::GetEvaluation(const rpc::Call& call,
                                              const v1::GetEvaluationRequest& request,
                                              v1::Evaluation* answer) {
  act::Shape shape;
  const std::string id = shape.YearlyName("name", kEvaluations, request.name());
  RETURN_IF_ERROR(shape.Done());

  return deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    const std::optional<Evaluation> evaluation = FindEvaluation(txn, id, call.caller);
    if (!evaluation) return Refuse(Reason::kNotPermitted);
    answer->Clear();
    return FillEvaluation(txn, *evaluation, call.caller, answer);
  });
}

}  // namespace alliance::evaluation
