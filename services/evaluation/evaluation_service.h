// EvaluationService: the annual evaluation by commissioned third-party firms (article 8, R-094 …
// One handler per file; what may be done from which state stands in
// common/domain/workflow.h.

#ifndef ALLIANCE_SERVICES_EVALUATION_EVALUATION_SERVICE_H_
#define ALLIANCE_SERVICES_EVALUATION_EVALUATION_SERVICE_H_

#include <memory>

#include "alliance/evaluation/v1/evaluation.pb.h"
#include "common/act/act.h"
#include "common/rpc/handler.h"

namespace grpc {
class Service;
}  // namespace grpc
namespace alliance::rpc {
class Serve;
}  // namespace alliance::rpc

namespace alliance::evaluation {

namespace v1 = ::alliance::evaluation::v1;

class EvaluationService {
 public:
  // It outlives the service.
  explicit EvaluationService(const act::Deps& deps) : deps_(deps) {}

  ALLIANCE_RPC(CreateCampaign, v1::CreateCampaignRequest, v1::Campaign)
  ALLIANCE_RPC(GetCampaign, v1::GetCampaignRequest, v1::Campaign)
  ALLIANCE_RPC(AssignFirm, v1::AssignFirmRequest, v1::AssignFirmResponse)
  ALLIANCE_RPC(GetEvaluation, v1::GetEvaluationRequest, v1::Evaluation)
  ALLIANCE_RPC(ListEvaluations, v1::ListEvaluationsRequest, v1::ListEvaluationsResponse)
  ALLIANCE_RPC(ReopenReport, v1::ReopenReportRequest, v1::Evaluation)
  ALLIANCE_RPC(StartEvaluations, v1::StartEvaluationsRequest, v1::StartEvaluationsResponse)
  ALLIANCE_RPC(PushScores, v1::PushScoresRequest, v1::PushScoresResponse)
  ALLIANCE_RPC(PublishPreliminary, v1::PublishPreliminaryRequest, v1::Evaluation)
  ALLIANCE_RPC(FileAppeal, v1::FileAppealRequest, v1::Evaluation)
  ALLIANCE_RPC(AnswerAppeal, v1::AnswerAppealRequest, v1::Evaluation)
  ALLIANCE_RPC(PublishEvaluations, v1::PublishEvaluationsRequest, v1::PublishEvaluationsResponse)

 private:
  const act::Deps& deps_;
};

// The handlers as a gRPC service (service.cc).
std::unique_ptr<grpc::Service> MakeService(rpc::Serve& serve,
                                           std::unique_ptr<EvaluationService> handlers);

}  // namespace alliance::evaluation

#endif  // ALLIANCE_SERVICES_EVALUATION_EVALUATION_SERVICE_H_
