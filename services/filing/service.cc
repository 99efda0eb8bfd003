// The wire of filing: one line per RPC.

#include <memory>
#include <utility>

#include "alliance/filing/v1/filing.grpc.pb.h"
#include "common/rpc/bind.h"
#include "services/filing/filing_service.h"

namespace alliance::filing {
namespace {

class Wire final : public rpc::Bound<v1::FilingService, FilingService> {
 public:
  using Bound::Bound;

  ALLIANCE_BIND(GetRound)
  ALLIANCE_BIND(ListRounds)
  ALLIANCE_BIND(PublishRound)
  ALLIANCE_BIND(GetRoundStatistics)
  ALLIANCE_BIND(ProposeExtension)
  ALLIANCE_BIND(ApproveExtension)
  ALLIANCE_BIND(ListExtensions)
  ALLIANCE_BIND(GetFormGuide)
  ALLIANCE_BIND(CreateApplication)
  ALLIANCE_BIND(GetApplication)
  ALLIANCE_BIND(ListApplications)
  ALLIANCE_BIND(UpdateApplication)
  ALLIANCE_BIND(AttachPaper)
  ALLIANCE_BIND(CreateUpload)
  ALLIANCE_BIND(GetUpload)
  ALLIANCE_BIND(WriteUpload)
  ALLIANCE_BIND_CLIENT_STREAM(UploadPaper)
  ALLIANCE_BIND(ReadPaper)
  ALLIANCE_BIND(ValidateApplication)
  ALLIANCE_BIND(SubmitApplication)
  ALLIANCE_BIND(WithdrawApplication)
  ALLIANCE_BIND(ListVersions)
  ALLIANCE_BIND(GetVersion)
  ALLIANCE_BIND(DiffVersions)
  ALLIANCE_BIND(RevealContact)
  ALLIANCE_BIND(AcceptApplication)
  ALLIANCE_BIND(SendBackApplication)
  ALLIANCE_BIND(CommitDraw)
  ALLIANCE_BIND(DrawSurvey)
  ALLIANCE_BIND(RecordSurvey)
  ALLIANCE_BIND(GiveOpinion)
  ALLIANCE_BIND(RecordDecision)
  ALLIANCE_BIND(GetAlliance)
  ALLIANCE_BIND(ListAlliances)
  ALLIANCE_BIND(DeregisterAlliance)
  ALLIANCE_BIND(GetAllianceYear)
  ALLIANCE_BIND(SubmitAnnualReport)
  ALLIANCE_BIND(PrintApplication)
  ALLIANCE_BIND(PrintReceipt)
  ALLIANCE_BIND(PrintAnnex)
  ALLIANCE_BIND(CheckPrint)
  ALLIANCE_BIND(SweepDeadlines)
};

}  // namespace

std::unique_ptr<grpc::Service> MakeService(rpc::Serve& serve,
                                           std::unique_ptr<FilingService> handlers) {
  return std::make_unique<Wire>(serve, std::move(handlers));
}

}  // namespace alliance::filing
