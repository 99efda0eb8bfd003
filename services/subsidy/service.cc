// The wire of subsidy: one line per RPC.

#include <memory>
#include <utility>

#include "alliance/subsidy/v1/subsidy.grpc.pb.h"
#include "common/rpc/bind.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {
namespace {

class Wire final : public rpc::Bound<v1::SubsidyService, SubsidyService> {
 public:
  using Bound::Bound;

  ALLIANCE_BIND(CreatePlan)
  ALLIANCE_BIND(GetPlan)
  ALLIANCE_BIND(TrialRun)
  ALLIANCE_BIND(PrepareRun)
  ALLIANCE_BIND(GetRun)
  ALLIANCE_BIND(FreezeRun)
  ALLIANCE_BIND(GetSubsidyCase)
  ALLIANCE_BIND(ListSubsidyCases)
  ALLIANCE_BIND(OpenSubsidyNotice)
  ALLIANCE_BIND(FileSubsidyObjection)
  ALLIANCE_BIND(DismissSubsidyObjection)
  ALLIANCE_BIND(UpholdSubsidyObjection)
  ALLIANCE_BIND(ApproveSubsidy)
  ALLIANCE_BIND(ReleaseWithheld)
  ALLIANCE_BIND(RefuseWithheld)
  ALLIANCE_BIND(PreparePayment)
  ALLIANCE_BIND(ReleasePayment)
  ALLIANCE_BIND(RecordPayment)
  ALLIANCE_BIND(RetryPayment)
  ALLIANCE_BIND(ClaimBack)
  ALLIANCE_BIND(RecordRecovery)
};

}  // namespace

std::unique_ptr<grpc::Service> MakeService(rpc::Serve& serve,
                                           std::unique_ptr<SubsidyService> handlers) {
  return std::make_unique<Wire>(serve, std::move(handlers));
}

}  // namespace alliance::subsidy
