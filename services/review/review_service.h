// ReviewService: the regional stage, one .cc per RPC.
//
//   read      get_review_case.cc  list_review_cases.cc  get_notice.cc  list_notices.cc
//             plan_notice.cc  list_region_acts.cc
//   desk      claim_case.cc  release_case.cc  reassign_case.cc  delegate_cases.cc
//             declare_interest.cc  escalate_cases.cc
//   review    record_conditions.cc  return_case.cc  pass_case.cc  reject_case.cc  reopen_case.cc
//             withdraw_application.cc  decide_cases.cc
//   notice    open_notice.cc  close_notice.cc  sweep_notices.cc
//   objection file_objection.cc  list_objections.cc  dismiss_objection.cc  renotice_case.cc
//             uphold_objection.cc
//   hand over forward_cases.cc  prepare_recommendation.cc  get_recommendation_list.cc
//             print_recommendation.cc  recommend_cases.cc  close_round.cc
//
// Errors of every method: NOT_PERMITTED for an unknown case, another region's or the wrong role;
// WRONG_STATE, HELD_ELSEWHERE, ETAG_STALE, and INVALID_REQUEST with every wrong field.

#ifndef ALLIANCE_SERVICES_REVIEW_REVIEW_SERVICE_H_
#define ALLIANCE_SERVICES_REVIEW_REVIEW_SERVICE_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "alliance/events/v1/events.pb.h"
#include "alliance/filing/v1/print.pb.h"
#include "alliance/review/v1/review.pb.h"
#include "common/act/act.h"
#include "common/rpc/handler.h"

namespace grpc {
class Service;
}  // namespace grpc
namespace alliance::rpc {
class Serve;
}  // namespace alliance::rpc

namespace alliance::review {

class ReviewService {
 public:
  explicit ReviewService(const act::Deps& deps) : deps_(deps) {}

  ALLIANCE_RPC(GetReviewCase, v1::GetReviewCaseRequest, v1::ReviewCase)
  ALLIANCE_RPC(ListReviewCases, v1::ListReviewCasesRequest, v1::ListReviewCasesResponse)
  ALLIANCE_RPC(ClaimCase, v1::ClaimCaseRequest, v1::ReviewCase)
  ALLIANCE_RPC(ReleaseCase, v1::ReleaseCaseRequest, v1::ReviewCase)
  ALLIANCE_RPC(ReassignCase, v1::ReassignCaseRequest, v1::ReviewCase)
  ALLIANCE_RPC(DelegateCases, v1::DelegateCasesRequest, v1::Delegation)
  ALLIANCE_RPC(DeclareInterest, v1::DeclareInterestRequest, v1::ReviewCase)
  ALLIANCE_RPC(RecordConditions, v1::RecordConditionsRequest, v1::ReviewCase)
  ALLIANCE_RPC(ReturnCase, v1::ReturnCaseRequest, v1::ReviewCase)
  ALLIANCE_RPC(PassCase, v1::PassCaseRequest, v1::ReviewCase)
  ALLIANCE_RPC(RejectCase, v1::RejectCaseRequest, v1::ReviewCase)
  ALLIANCE_RPC(DecideCases, v1::DecideCasesRequest, v1::DecideCasesResponse)
  ALLIANCE_RPC(ReopenCase, v1::ReopenCaseRequest, v1::ReviewCase)
  ALLIANCE_RPC(WithdrawApplication, filing::v1::WithdrawApplicationRequest,
               filing::v1::WithdrawApplicationResponse)
  ALLIANCE_RPC(ForwardCases, v1::ForwardCasesRequest, v1::Forwarding)
  ALLIANCE_RPC(OpenNotice, v1::OpenNoticeRequest, v1::NoticeBatch)
  ALLIANCE_RPC(PlanNotice, v1::PlanNoticeRequest, v1::NoticePlan)
  ALLIANCE_RPC(GetNotice, v1::GetNoticeRequest, v1::NoticeBatch)
  ALLIANCE_RPC(ListNotices, v1::ListNoticesRequest, v1::ListNoticesResponse)
  ALLIANCE_RPC(FileObjection, v1::FileObjectionRequest, v1::FileObjectionResponse)
  ALLIANCE_RPC(ListObjections, v1::ListObjectionsRequest, v1::ListObjectionsResponse)
  ALLIANCE_RPC(DismissObjection, v1::HandleObjectionRequest, v1::ReviewCase)
  ALLIANCE_RPC(RenoticeCase, v1::HandleObjectionRequest, v1::ReviewCase)
  ALLIANCE_RPC(UpholdObjection, v1::HandleObjectionRequest, v1::ReviewCase)
  ALLIANCE_RPC(CloseNotice, v1::CloseNoticeRequest, v1::NoticeBatch)
  ALLIANCE_RPC(PrepareRecommendation, v1::PrepareRecommendationRequest, v1::RecommendationList)
  ALLIANCE_RPC(GetRecommendationList, v1::GetRecommendationListRequest, v1::RecommendationList)
  ALLIANCE_RPC(PrintRecommendation, v1::PrintRecommendationRequest, filing::v1::Print)
  ALLIANCE_RPC(RecommendCases, v1::RecommendCasesRequest, v1::Recommendation)
  ALLIANCE_RPC(CloseRound, v1::CloseRoundRequest, v1::CloseRoundResponse)
  ALLIANCE_RPC(ListRegionActs, v1::ListRegionActsRequest, v1::ListRegionActsResponse)
  ALLIANCE_RPC(SweepNotices, v1::SweepNoticesRequest, v1::SweepNoticesResponse)

 private:
  const act::Deps& deps_;
};

// The handlers as a gRPC service (service.cc).
std::unique_ptr<grpc::Service> MakeService(rpc::Serve& serve,
                                           std::unique_ptr<ReviewService> handlers);

// Closes every notice that is over, at the instant of its end; the number of cases closed. Safe to
// repeat and to run anywhere at once.
absl::StatusOr<int> SweepDueNotices(const act::Deps& deps, const rpc::Call& call);

// Tells of every review that is overdue, at the instant of its limit and once; how many. Safe to
// repeat and to run anywhere at once.
absl::StatusOr<int> EscalateOverdue(const act::Deps& deps, const rpc::Call& call);

// What an event of filing does here: ApplicationSubmitted and ApplicationSentBack hand a case over,
// RoundPublished and ExtensionApproved tell of rules and of more time.
absl::Status ApplyEvent(const act::Deps& deps, act::Step& step, const events::v1::Event& event);

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_REVIEW_SERVICE_H_
