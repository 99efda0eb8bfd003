// The wire of review: one line per RPC.

#include <memory>
#include <utility>

#include "alliance/review/v1/review.grpc.pb.h"
#include "common/rpc/bind.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

class Wire final : public rpc::Bound<v1::ReviewService, ReviewService> {
 public:
  using Bound::Bound;

  ALLIANCE_BIND(GetReviewCase)
  ALLIANCE_BIND(ListReviewCases)
  ALLIANCE_BIND(ClaimCase)
  ALLIANCE_BIND(ReleaseCase)
  ALLIANCE_BIND(ReassignCase)
  ALLIANCE_BIND(DelegateCases)
  ALLIANCE_BIND(DeclareInterest)
  ALLIANCE_BIND(RecordConditions)
  ALLIANCE_BIND(ReturnCase)
  ALLIANCE_BIND(PassCase)
  ALLIANCE_BIND(RejectCase)
  ALLIANCE_BIND(DecideCases)
  ALLIANCE_BIND(ReopenCase)
  ALLIANCE_BIND(WithdrawApplication)
  ALLIANCE_BIND(ForwardCases)
  ALLIANCE_BIND(OpenNotice)
  ALLIANCE_BIND(PlanNotice)
  ALLIANCE_BIND(GetNotice)
  ALLIANCE_BIND(ListNotices)
  ALLIANCE_BIND(FileObjection)
  ALLIANCE_BIND(ListObjections)
  ALLIANCE_BIND(DismissObjection)
  ALLIANCE_BIND(RenoticeCase)
  ALLIANCE_BIND(UpholdObjection)
  ALLIANCE_BIND(CloseNotice)
  ALLIANCE_BIND(PrepareRecommendation)
  ALLIANCE_BIND(GetRecommendationList)
  ALLIANCE_BIND(PrintRecommendation)
  ALLIANCE_BIND(RecommendCases)
  ALLIANCE_BIND(CloseRound)
  ALLIANCE_BIND(ListRegionActs)
  ALLIANCE_BIND(SweepNotices)
};

}  // namespace

std::unique_ptr<grpc::Service> MakeService(rpc::Serve& serve,
                                           std::unique_ptr<ReviewService> handlers) {
  return std::make_unique<Wire>(serve, std::move(handlers));
}

}  // namespace alliance::review
