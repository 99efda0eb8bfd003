// FilingService: one line per RPC; the handler of each stands in <verb>.cc.

#ifndef ALLIANCE_SERVICES_FILING_FILING_SERVICE_H_
#define ALLIANCE_SERVICES_FILING_FILING_SERVICE_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "alliance/filing/v1/filing.pb.h"
#include "common/act/act.h"
#include "common/rpc/handler.h"
#include "services/filing/paper_intake.h"
#include "services/filing/paper_store.h"
#include "services/filing/scanner.h"

namespace grpc {
class Service;
}  // namespace grpc
namespace alliance::rpc {
class Serve;
}  // namespace alliance::rpc

namespace alliance::filing {

class FilingService {
 public:
  // All outlive the service. `portal_address` is shown to users. Without a scanner papers
  // are checked for their structure only.
  FilingService(const act::Deps& deps, PaperStore& papers, std::string portal_address,
                const Scanner* scanner = nullptr)
      : deps_(deps),
        papers_(papers),
        portal_address_(std::move(portal_address)),
        intake_(deps, papers, scanner) {}

  ALLIANCE_RPC(GetRound, v1::GetRoundRequest, v1::Round)
  ALLIANCE_RPC(ListRounds, v1::ListRoundsRequest, v1::ListRoundsResponse)
  ALLIANCE_RPC(PublishRound, v1::PublishRoundRequest, v1::Round)
  ALLIANCE_RPC(GetRoundStatistics, v1::GetRoundStatisticsRequest, v1::RoundStatistics)
  ALLIANCE_RPC(ProposeExtension, v1::ProposeExtensionRequest, v1::Extension)
  ALLIANCE_RPC(ApproveExtension, v1::ApproveExtensionRequest, v1::Extension)
  ALLIANCE_RPC(ListExtensions, v1::ListExtensionsRequest, v1::ListExtensionsResponse)
  ALLIANCE_RPC(GetFormGuide, v1::GetFormGuideRequest, v1::FormGuide)

  ALLIANCE_RPC(CreateApplication, v1::CreateApplicationRequest, v1::Application)
  ALLIANCE_RPC(GetApplication, v1::GetApplicationRequest, v1::Application)
  ALLIANCE_RPC(ListApplications, v1::ListApplicationsRequest, v1::ListApplicationsResponse)
  ALLIANCE_RPC(UpdateApplication, v1::UpdateApplicationRequest, v1::Application)
  ALLIANCE_RPC(AttachPaper, v1::AttachPaperRequest, v1::Application)
  ALLIANCE_RPC(CreateUpload, v1::CreateUploadRequest, v1::Upload)
  ALLIANCE_RPC(GetUpload, v1::GetUploadRequest, v1::Upload)
  ALLIANCE_RPC(WriteUpload, v1::WriteUploadRequest, v1::Upload)
  ALLIANCE_CLIENT_STREAM_RPC(UploadPaper, v1::UploadPaperRequest, v1::Application)
  ALLIANCE_RPC(ReadPaper, v1::ReadPaperRequest, v1::ReadPaperResponse)
  ALLIANCE_RPC(ValidateApplication, v1::ValidateApplicationRequest, v1::ValidateApplicationResponse)
  ALLIANCE_RPC(SubmitApplication, v1::SubmitApplicationRequest, v1::Application)
  ALLIANCE_RPC(WithdrawApplication, v1::WithdrawApplicationRequest, v1::WithdrawApplicationResponse)

  ALLIANCE_RPC(ListVersions, v1::ListVersionsRequest, v1::ListVersionsResponse)
  ALLIANCE_RPC(GetVersion, v1::GetVersionRequest, v1::Version)
  ALLIANCE_RPC(DiffVersions, v1::DiffVersionsRequest, v1::DiffVersionsResponse)
  ALLIANCE_RPC(RevealContact, v1::RevealContactRequest, v1::RevealContactResponse)

  ALLIANCE_RPC(AcceptApplication, v1::AcceptApplicationRequest, v1::Application)
  ALLIANCE_RPC(SendBackApplication, v1::SendBackApplicationRequest, v1::Application)
  ALLIANCE_RPC(CommitDraw, v1::CommitDrawRequest, v1::Draw)
  ALLIANCE_RPC(DrawSurvey, v1::DrawSurveyRequest, v1::Draw)
  ALLIANCE_RPC(RecordSurvey, v1::RecordSurveyRequest, v1::Application)
  ALLIANCE_RPC(GiveOpinion, v1::GiveOpinionRequest, v1::Application)
  ALLIANCE_RPC(RecordDecision, v1::RecordDecisionRequest, v1::Decision)

  ALLIANCE_RPC(GetAlliance, v1::GetAllianceRequest, v1::Alliance)
  ALLIANCE_RPC(ListAlliances, v1::ListAlliancesRequest, v1::ListAlliancesResponse)
  ALLIANCE_RPC(DeregisterAlliance, v1::DeregisterAllianceRequest, v1::Alliance)
  ALLIANCE_RPC(GetAllianceYear, v1::GetAllianceYearRequest, v1::AllianceYear)
  ALLIANCE_RPC(SubmitAnnualReport, v1::SubmitAnnualReportRequest, v1::AllianceYear)

  ALLIANCE_RPC(PrintApplication, v1::PrintApplicationRequest, v1::Print)
  ALLIANCE_RPC(PrintReceipt, v1::PrintReceiptRequest, v1::Print)
  ALLIANCE_RPC(PrintAnnex, v1::PrintAnnexRequest, v1::Print)
  ALLIANCE_RPC(CheckPrint, v1::CheckPrintRequest, v1::CheckPrintResponse)

  ALLIANCE_RPC(SweepDeadlines, v1::SweepDeadlinesRequest, v1::SweepDeadlinesResponse)

 private:
  const act::Deps& deps_;
  PaperStore& papers_;
  const std::string portal_address_;
  PaperIntake intake_;
};

// The handlers as a gRPC service (service.cc).
std::unique_ptr<grpc::Service> MakeService(rpc::Serve& serve,
                                           std::unique_ptr<FilingService> handlers);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_FILING_SERVICE_H_
