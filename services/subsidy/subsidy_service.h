// SubsidyService: plans, runs, notices, approvals, payments and recovery (articles 9 and 10). One
// handler per file; what may be done from which state stands in common/domain/workflow.h.

#ifndef ALLIANCE_SERVICES_SUBSIDY_SUBSIDY_SERVICE_H_
#define ALLIANCE_SERVICES_SUBSIDY_SUBSIDY_SERVICE_H_

#include <memory>

#include "alliance/subsidy/v1/subsidy.pb.h"
#include "common/act/act.h"
#include "common/rpc/handler.h"

namespace grpc {
class Service;
}  // namespace grpc
namespace alliance::rpc {
class Serve;
}  // namespace alliance::rpc

namespace alliance::subsidy {

namespace v1 = ::alliance::subsidy::v1;

class SubsidyService {
 public:
  // It outlives the service.
  explicit SubsidyService(const act::Deps& deps) : deps_(deps) {}

  ALLIANCE_RPC(CreatePlan, v1::CreatePlanRequest, v1::Plan)
  ALLIANCE_RPC(GetPlan, v1::GetPlanRequest, v1::Plan)
  ALLIANCE_RPC(TrialRun, v1::TrialRunRequest, v1::Run)
  ALLIANCE_RPC(PrepareRun, v1::PrepareRunRequest, v1::Run)
  ALLIANCE_RPC(GetRun, v1::GetRunRequest, v1::Run)
  ALLIANCE_RPC(FreezeRun, v1::FreezeRunRequest, v1::Run)
  ALLIANCE_RPC(GetSubsidyCase, v1::GetSubsidyCaseRequest, v1::SubsidyCase)
  ALLIANCE_RPC(ListSubsidyCases, v1::ListSubsidyCasesRequest, v1::ListSubsidyCasesResponse)
  ALLIANCE_RPC(OpenSubsidyNotice, v1::OpenSubsidyNoticeRequest, v1::OpenSubsidyNoticeResponse)
  ALLIANCE_RPC(FileSubsidyObjection, v1::FileSubsidyObjectionRequest,
               v1::FileSubsidyObjectionResponse)
  ALLIANCE_RPC(DismissSubsidyObjection, v1::DecideSubsidyCaseRequest, v1::SubsidyCase)
  ALLIANCE_RPC(UpholdSubsidyObjection, v1::DecideSubsidyCaseRequest, v1::SubsidyCase)
  ALLIANCE_RPC(ApproveSubsidy, v1::DecideSubsidyCaseRequest, v1::SubsidyCase)
  ALLIANCE_RPC(ReleaseWithheld, v1::DecideSubsidyCaseRequest, v1::SubsidyCase)
  ALLIANCE_RPC(RefuseWithheld, v1::DecideSubsidyCaseRequest, v1::SubsidyCase)
  ALLIANCE_RPC(PreparePayment, v1::PreparePaymentRequest, v1::PaymentList)
  ALLIANCE_RPC(ReleasePayment, v1::ReleasePaymentRequest, v1::PaymentList)
  ALLIANCE_RPC(RecordPayment, v1::RecordPaymentRequest, v1::SubsidyCase)
  ALLIANCE_RPC(RetryPayment, v1::DecideSubsidyCaseRequest, v1::SubsidyCase)
  ALLIANCE_RPC(ClaimBack, v1::ClaimBackRequest, v1::SubsidyCase)
  ALLIANCE_RPC(RecordRecovery, v1::RecordRecoveryRequest, v1::SubsidyCase)

 private:
  const act::Deps& deps_;
};

// The handlers as a gRPC service (service.cc).
std::unique_ptr<grpc::Service> MakeService(rpc::Serve& serve,
                                           std::unique_ptr<SubsidyService> handlers);

}  // namespace alliance::subsidy

#endif  // ALLIANCE_SERVICES_SUBSIDY_SUBSIDY_SERVICE_H_
