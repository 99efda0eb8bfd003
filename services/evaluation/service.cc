// The wire of evaluation: one line per RPC.

#include <memory>
#include <utility>

#include "alliance/evaluation/v1/evaluation.grpc.pb.h"
#include "common/rpc/bind.h"
#include "services/evaluation/evaluation_service.h"

namespace alliance::evaluation {
namespace {

class Wire final : public rpc::Bound<v1::EvaluationService, EvaluationService> {
 public:
  using Bound::Bound;

  ALLIANCE_BIND(CreateCampaign)
  ALLIANCE_BIND(GetCampaign)
  ALLIANCE_BIND(AssignFirm)
  ALLIANCE_BIND(GetEvaluation)
  ALLIANCE_BIND(ListEvaluations)
  ALLIANCE_BIND(ReopenReport)
  ALLIANCE_BIND(StartEvaluations)
  ALLIANCE_BIND(PushScores)
  ALLIANCE_BIND(PublishPreliminary)
  ALLIANCE_BIND(FileAppeal)
  ALLIANCE_BIND(AnswerAppeal)
  ALLIANCE_BIND(PublishEvaluations)
};

}  // namespace

std::unique_ptr<grpc::Service> MakeService(rpc::Serve& serve,
                                           std::unique_ptr<EvaluationService> handlers) {
  return std::make_unique<Wire>(serve, std::move(handlers));
}

}  // namespace alliance::evaluation
