// Who reaches what in filing: every RPC × role × region, over a draft and over an
// alliance of a zone that lies in a city.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/base/str.h"
#include "common/crypto/check_code.h"
#include "common/crypto/digest.h"
#include "common/testing/reach.h"
#include "services/filing/case_fixture.h"
#include "services/filing/test_papers.h"

namespace alliance::filing {
namespace {

using domain::RoleSet;
using service_testing::AskersOf;
using service_testing::ReachRow;
using service_testing::Shown;
using service_testing::Target;
using service_testing::Touches;
using R = domain::Role;

constexpr RoleSet kReaders = {R::kApplicant, R::kRecommender, R::kProvince, R::kRecorder,
                              R::kFinance,   R::kApprover,    R::kAuditor};
constexpr RoleSet kOfficials = {R::kRecommender, R::kProvince, R::kRecorder,
                                R::kFinance,     R::kApprover, R::kAuditor};
// Never the etag of a case: whoever is let in hears that, and nothing changes.
constexpr char kStale[] = "\"1000000\"";
constexpr char kZone[] = "HTZ-DL";

std::string ApplicationOf(const Target& target) { return base::StrCat("applications/", target.id); }
std::string AllianceOf(const Target& target) { return base::StrCat("alliances/", target.id); }

// A stream that breaks off after its header.
class HeaderOnly final : public rpc::Incoming<v1::UploadPaperRequest> {
 public:
  explicit HeaderOnly(std::string application) : application_(std::move(application)) {}
  absl::StatusOr<bool> Next(v1::UploadPaperRequest* message) override {
    if (application_.empty()) return false;
    v1::UploadPaperHeader* header = message->mutable_header();
    header->set_name(application_);
    header->set_etag(kStale);
    header->set_request_id(NewId());
    header->mutable_paper()->set_slot("A2_AGREEMENT");
    header->mutable_paper()->set_file_name("协议.pdf");
    header->mutable_paper()->set_size_bytes(1000);
    header->mutable_paper()->set_sha256(crypto::Sha256("x"));
    application_.clear();
    return true;
  }

 private:
  std::string application_;
};

class Reach : public CaseFixture {
 protected:
  template <typename Request>
  static Request On(const std::string& name) {
    Request request;
    request.set_name(name);
    if constexpr (requires { request.set_etag(kStale); }) request.set_etag(kStale);
    if constexpr (requires { request.set_request_id(NewId()); }) request.set_request_id(NewId());
    return request;
  }

  template <typename Request, typename Answer>
  ReachRow Act(std::string_view method, RoleSet who,
               absl::Status (FilingService::*act)(const rpc::Call&, const Request&, Answer*),
               std::string (*name)(const Target&) = ApplicationOf) {
    return {method, Touches::kCase, who,
            [this, act, name](const rpc::Call& call, const Target& target) {
              Answer answer;
              return (*service_.*act)(call, On<Request>(name(target)), &answer);
            }};
  }
  template <typename Request, typename Answer>
  ReachRow Read(std::string_view method, RoleSet who,
                absl::Status (FilingService::*act)(const rpc::Call&, const Request&, Answer*),
                std::string (*name)(const Target&) = ApplicationOf) {
    ReachRow row = Act(method, who, act, name);
    row.city = true;
    return row;
  }
  // Asked without naming a case.
  template <typename Request, typename Answer>
  ReachRow Round(std::string_view method, Touches touches, RoleSet who,
                 absl::Status (FilingService::*act)(const rpc::Call&, const Request&, Answer*),
                 Request request) {
    return {method, touches, who, [this, act, request](const rpc::Call& call, const Target&) {
              Request fresh = request;
              if constexpr (requires { fresh.set_request_id(NewId()); }) {
                fresh.set_request_id(NewId());
              }
              Answer answer;
              return (*service_.*act)(call, fresh, &answer);
            }};
  }

  // Whom the lead's own draft is open to as well, and what is only there when it is registered.
  std::vector<ReachRow> RowsOfADraft() {
    std::vector<ReachRow> rows = RowsOfTheRound();
    Append(RowsOfTheLead(), &rows);
    rows.push_back(Read("GetApplication", kReaders, &FilingService::GetApplication));
    rows.push_back(Read("ValidateApplication", kReaders, &FilingService::ValidateApplication));
    rows.push_back(Read("ListVersions", kReaders, &FilingService::ListVersions));
    rows.push_back({"ListApplications", Touches::kCase, kReaders,
                    [this](const rpc::Call& call, const Target& target) {
                      v1::ListApplicationsRequest request;
                      request.set_page_size(200);
                      v1::ListApplicationsResponse answer;
                      const absl::Status status =
                          service_->ListApplications(call, request, &answer);
                      if (!status.ok()) return status;
                      for (const v1::Application& one : answer.applications()) {
                        if (one.name() == ApplicationOf(target)) return absl::OkStatus();
                      }
                      return Shown(false);
                    },
                    true});
    // An end that has passed already: whoever is let in hears that, or that it is of no use.
    rows.push_back({"ProposeExtension",
                    Touches::kCase,
                    {R::kRecommender, R::kProvince},
                    [this](const rpc::Call& call, const Target& target) {
                      v1::Extension answer;
                      return service_->ProposeExtension(
                          call, ExtensionOf(ApplicationOf(target), At("2023-04-04 00:00:00")),
                          &answer);
                    }});
    rows.push_back({"ApproveExtension",
                    Touches::kCase,
                    {R::kProvince, R::kApprover},
                    [this](const rpc::Call& call, const Target& target) {
                      auto request = On<v1::ApproveExtensionRequest>(target.notice);
                      v1::Extension answer;
                      return service_->ApproveExtension(call, request, &answer);
                    }});
    rows.push_back({"ListExtensions", Touches::kCase, kOfficials,
                    [this](const rpc::Call& call, const Target& target) {
                      v1::ListExtensionsRequest request;
                      request.set_round(kRound);
                      v1::ListExtensionsResponse answer;
                      const absl::Status status = service_->ListExtensions(call, request, &answer);
                      if (!status.ok()) return status;
                      for (const v1::Extension& one : answer.extensions()) {
                        if (one.name() == target.notice) return absl::OkStatus();
                      }
                      return Shown(false);
                    }});
    rows.push_back(Act("RevealContact", {R::kRecommender, R::kProvince, R::kRecorder},
                       &FilingService::RevealContact));
    rows.push_back(Act("AcceptApplication", R::kProvince, &FilingService::AcceptApplication));
    rows.push_back(Act("SendBackApplication", R::kProvince, &FilingService::SendBackApplication));
    rows.push_back({"GiveOpinion", Touches::kCase, R::kProvince,
                    [this](const rpc::Call& call, const Target& target) {
                      auto request = On<v1::GiveOpinionRequest>(ApplicationOf(target));
                      request.set_opinion("建议备案");
                      v1::Application answer;
                      return service_->GiveOpinion(call, request, &answer);
                    }});
    rows.push_back({"RecordSurvey", Touches::kCase, R::kProvince,
                    [this](const rpc::Call& call, const Target& target) {
                      auto request = On<v1::RecordSurveyRequest>(ApplicationOf(target));
                      request.set_findings("现场情况属实");
                      *request.mutable_record() = ADocument("调研考察报告");
                      v1::Application answer;
                      return service_->RecordSurvey(call, request, &answer);
                    }});
    rows.push_back({"RecordDecision", Touches::kCase, R::kRecorder,
                    [this](const rpc::Call& call, const Target& target) {
                      v1::RecordDecisionRequest request;
                      request.set_round(kRound);
                      request.set_request_id(NewId());
                      request.set_list_digest(std::string(64, '0'));
                      v1::DecisionItem* item = request.add_items();
                      item->set_application(ApplicationOf(target));
                      item->set_verdict(v1::DecisionItem::REGISTER);
                      v1::Decision answer;
                      return service_->RecordDecision(call, request, &answer);
                    }});
    rows.push_back(
        Act("DeregisterAlliance", R::kRecorder, &FilingService::DeregisterAlliance, AllianceOf));
    rows.push_back(
        {"CheckPrint", Touches::kPublic, {}, [this](const rpc::Call& call, const Target& target) {
           v1::CheckPrintRequest request;
           request.set_name(ApplicationOf(target));
           request.set_check_code(crypto::CheckCode(crypto::Sha256(target.code)));
           v1::CheckPrintResponse answer;
           return service_->CheckPrint(call, request, &answer);
         }});
    return rows;
  }

  // What was submitted, printed and registered.
  std::vector<ReachRow> RowsOfAnAlliance() {
    std::vector<ReachRow> rows = RowsOfADraft();
    rows.push_back({"GetVersion", Touches::kCase, kReaders,
                    [this](const rpc::Call& call, const Target& target) {
                      v1::GetVersionRequest request;
                      request.set_name(ApplicationOf(target) + "/versions/1");
                      v1::Version answer;
                      return service_->GetVersion(call, request, &answer);
                    },
                    true});
    rows.push_back({"DiffVersions", Touches::kCase, kReaders,
                    [this](const rpc::Call& call, const Target& target) {
                      v1::DiffVersionsRequest request;
                      request.set_name(ApplicationOf(target));
                      request.set_from_number(1);
                      v1::DiffVersionsResponse answer;
                      return service_->DiffVersions(call, request, &answer);
                    },
                    true});
    rows.push_back({"ReadPaper",
                    Touches::kCase,
                    {R::kApplicant, R::kRecommender, R::kProvince, R::kAuditor},
                    [this](const rpc::Call& call, const Target& target) {
                      v1::ReadPaperRequest request;
                      request.set_name(target.paper);
                      request.set_request_id(NewId());
                      v1::ReadPaperResponse answer;
                      return service_->ReadPaper(call, request, &answer);
                    },
                    true});
    rows.push_back({"PrintApplication", Touches::kCase, kReaders,
                    [this](const rpc::Call& call, const Target& target) {
                      auto request = On<v1::PrintApplicationRequest>(ApplicationOf(target));
                      request.set_kind(v1::PrintApplicationRequest::FINAL);
                      v1::Print answer;
                      return service_->PrintApplication(call, request, &answer);
                    },
                    true});
    rows.push_back(Read("PrintReceipt", kReaders, &FilingService::PrintReceipt));
    rows.push_back(Read("GetAlliance", kReaders, &FilingService::GetAlliance, AllianceOf));
    rows.push_back({"ListAlliances", Touches::kCase, kReaders,
                    [this](const rpc::Call& call, const Target& target) {
                      v1::ListAlliancesResponse answer;
                      const absl::Status status = service_->ListAlliances(call, {}, &answer);
                      if (!status.ok()) return status;
                      for (const v1::Alliance& one : answer.alliances()) {
                        if (one.name() == AllianceOf(target)) return absl::OkStatus();
                      }
                      return Shown(false);
                    },
                    true});
    rows.push_back(Read("GetAllianceYear", kReaders, &FilingService::GetAllianceYear, YearOf));
    rows.push_back({"SubmitAnnualReport", Touches::kCase, R::kApplicant,
                    [this](const rpc::Call& call, const Target& target) {
                      auto request = On<v1::SubmitAnnualReportRequest>(YearOf(target));
                      *request.mutable_report() = GoodReport();
                      v1::AllianceYear answer;
                      return service_->SubmitAnnualReport(call, request, &answer);
                    }});
    // To continue an alliance is to read it.
    rows.push_back({"CreateApplication", Touches::kCase, R::kApplicant,
                    [this](const rpc::Call& call, const Target& target) {
                      v1::CreateApplicationRequest request;
                      request.set_round(kRound);
                      request.set_request_id(NewId());
                      request.set_renew_from(AllianceOf(target));
                      v1::Application answer;
                      return service_->CreateApplication(call, request, &answer);
                    }});
    return rows;
  }

  std::vector<ReachRow> RowsOfTheRound() {
    v1::GetRoundRequest round;
    round.set_name(kRound);
    v1::GetRoundStatisticsRequest statistics;
    statistics.set_round(kRound);
    v1::GetFormGuideRequest guide;
    guide.set_round(kRound);
    v1::PrintAnnexRequest annex;
    annex.set_round(kRound);
    annex.set_annex(3);
    v1::CommitDrawRequest commit;
    commit.set_round(kRound);
    v1::DrawSurveyRequest draw;
    draw.set_round(kRound);
    return {Round("GetRound", Touches::kPublic, {}, &FilingService::GetRound, round),
            Round("ListRounds", Touches::kPublic, {}, &FilingService::ListRounds,
                  v1::ListRoundsRequest()),
            Round("PublishRound", Touches::kOffice, R::kProvince, &FilingService::PublishRound,
                  v1::PublishRoundRequest()),
            Round("GetRoundStatistics", Touches::kOffice, kOfficials,
                  &FilingService::GetRoundStatistics, statistics),
            Round("GetFormGuide", Touches::kPublic, {}, &FilingService::GetFormGuide, guide),
            Round("PrintAnnex", Touches::kPublic, {}, &FilingService::PrintAnnex, annex),
            Round("CommitDraw", Touches::kOffice, R::kProvince, &FilingService::CommitDraw, commit),
            Round("DrawSurvey", Touches::kOffice, R::kProvince, &FilingService::DrawSurvey, draw),
            Round("SweepDeadlines", Touches::kOffice, R::kOperator, &FilingService::SweepDeadlines,
                  v1::SweepDeadlinesRequest())};
  }

  std::vector<ReachRow> RowsOfTheLead() {
    return {
        {"UpdateApplication", Touches::kCase, R::kApplicant,
         [this](const rpc::Call& call, const Target& target) {
           v1::UpdateApplicationRequest request;
           request.set_request_id(NewId());
           request.mutable_application()->set_name(ApplicationOf(target));
           request.mutable_application()->set_etag(kStale);
           v1::Application answer;
           return service_->UpdateApplication(call, request, &answer);
         }},
        {"AttachPaper", Touches::kCase, R::kApplicant,
         [this](const rpc::Call& call, const Target& target) {
           auto request = On<v1::AttachPaperRequest>(ApplicationOf(target));
           request.mutable_paper()->set_slot("A2_AGREEMENT");
           request.mutable_paper()->set_file_name("协议.pdf");
           request.set_content(test_papers::Pdf("x"));
           v1::Application answer;
           return service_->AttachPaper(call, request, &answer);
         }},
        // By an upload that is somebody's.
        {"AttachPaper", Touches::kCase, R::kApplicant,
         [this](const rpc::Call& call, const Target& target) {
           auto request = On<v1::AttachPaperRequest>(ApplicationOf(target));
           request.set_upload(target.upload);
           v1::Application answer;
           return service_->AttachPaper(call, request, &answer);
         }},
        {"CreateUpload", Touches::kCase, R::kApplicant,
         [this](const rpc::Call& call, const Target& target) {
           v1::Upload answer;
           // Without a size: whoever is let in hears that the file is empty, or the state.
           return service_->CreateUpload(call, UploadOf(ApplicationOf(target), 0), &answer);
         }},
        Act(
            "GetUpload", R::kApplicant, &FilingService::GetUpload,
            +[](const Target& target) { return target.upload; }),
        {"WriteUpload", Touches::kCase, R::kApplicant,
         [this](const rpc::Call& call, const Target& target) {
           v1::WriteUploadRequest request;
           request.set_name(target.upload);
           request.set_offset(5);  // whoever is let in hears where it goes on
           request.set_content("x");
           v1::Upload answer;
           return service_->WriteUpload(call, request, &answer);
         }},
        {"UploadPaper", Touches::kCase, R::kApplicant,
         [this](const rpc::Call& call, const Target& target) {
           HeaderOnly stream(ApplicationOf(target));
           v1::Application answer;
           return service_->UploadPaper(call, stream, &answer);
         }},
        Act("SubmitApplication", R::kApplicant, &FilingService::SubmitApplication),
        {"SubmitApplication", Touches::kCase, R::kApplicant,
         [this](const rpc::Call& call, const Target& target) {
           auto request = On<v1::SubmitApplicationRequest>(ApplicationOf(target));
           request.set_validate_only(true);
           v1::Application answer;
           return service_->SubmitApplication(call, request, &answer);
         }},
    };
  }

  ReachRow Withdrawal() {
    return Act("WithdrawApplication", R::kApplicant, &FilingService::WithdrawApplication);
  }

  static void Append(const std::vector<ReachRow>& more, std::vector<ReachRow>* rows) {
    rows->insert(rows->end(), more.begin(), more.end());
  }
  static std::string YearOf(const Target& target) { return AllianceOf(target) + "/years/2023"; }
  static v1::CreateUploadRequest UploadOf(const std::string& application, int64_t size_bytes) {
    v1::CreateUploadRequest request;
    request.set_application(application);
    request.set_request_id(NewId());
    request.mutable_paper()->set_slot("A2_AGREEMENT");
    request.mutable_paper()->set_file_name("协议.pdf");
    request.mutable_paper()->set_size_bytes(size_bytes);
    return request;
  }

  static v1::ProposeExtensionRequest ExtensionOf(const std::string& application, absl::Time close) {
    v1::ProposeExtensionRequest request;
    request.set_round(kRound);
    request.set_application(application);
    request.set_deadline(v1::Extension::ENTERPRISE);
    request.mutable_close_time()->set_seconds(absl::ToUnixSeconds(close));
    request.set_reason("企业所在地遭遇暴雨，网络中断");
    *request.mutable_document() = ADocument("延期申请");
    request.set_request_id(NewId());
    return request;
  }

  // With a paper, an upload on its way and an extension that waits for its second person.
  Target Draft(int lead) {
    const v1::Application draft = CreateComplete(lead, kZone);
    v1::Upload upload;
    const absl::Status status = service_->CreateUpload(As(Lead(lead), "CreateUpload"),
                                                       UploadOf(draft.name(), 1000), &upload);
    EXPECT_TRUE(status.ok()) << status << Fields(status);
    v1::Extension extension;
    const absl::Status asked = service_->ProposeExtension(
        As(Official(R::kProvince, "first"), "ProposeExtension"),
        ExtensionOf(draft.name(), At("2023-04-27 00:00:00")), &extension);
    EXPECT_TRUE(asked.ok()) << asked << Fields(asked);
    return {.id = draft.name().substr(std::string_view("applications/").size()),
            .paper = draft.papers(0).name(),
            .upload = upload.name(),
            .notice = extension.name(),
            .code = draft.name()};
  }
  Target Nothing() {
    Target nothing{.id = NewId(), .upload = base::StrCat("uploads/", NewId())};
    nothing.notice = base::StrCat("extensions/", NewId());
    nothing.paper = base::StrCat(ApplicationOf(nothing), "/papers/", NewId());
    return nothing;
  }
};

//
TEST_F(Reach, OfADraft) {
  const Target draft = Draft(1);
  std::vector<ReachRow> rows = RowsOfADraft();
  // A draft has nothing behind these names; what is not there is nobody's.
  for (const ReachRow& row : RowsOfAnAlliance()) {
    if (std::none_of(rows.begin(), rows.end(),
                     [&](const ReachRow& known) { return known.method == row.method; })) {
      rows.push_back(row);
      // Its readers are told that it has not been submitted.
      if (row.method != "PrintApplication" && row.method != "PrintReceipt") rows.back().who = {};
    }
  }
  // Its papers are its lead's alone until they are submitted, and so is a new draft.
  for (ReachRow& row : rows) {
    if (row.method == "ReadPaper") row.who = R::kApplicant;
  }
  rows.push_back(Withdrawal());
  service_testing::ExpectReach("alliance.filing.v1.FilingService", rows,
                               AskersOf(kZone, kDalian, LeadCode(1)), {draft}, Nothing());
}

//
TEST_F(Reach, OfAnAlliance) {
  const Target target = Draft(1);
  const v1::Application draft = Get(ApplicationOf(target), Lead(1));
  const auto submitted = Submit(draft.name(), draft.etag(), Lead(1));
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  ASSERT_TRUE(Recommend(*submitted).ok());
  const domain::Caller province = Official(R::kProvince);
  ASSERT_TRUE(Accept(draft.name(), Get(draft.name()).etag(), province).ok());
  CloseDraw(0);
  ASSERT_TRUE(GiveOpinion(draft.name(), Get(draft.name()).etag(), province).ok());
  ASSERT_TRUE(
      Decide(DecisionOn({{draft.name(), v1::DecisionItem::REGISTER}}), Official(R::kRecorder))
          .ok());
  std::vector<ReachRow> rows = RowsOfAnAlliance();
  rows.push_back(Withdrawal());
  const auto written = [this] {
    return Count("SELECT COUNT(*) FROM history") + Count("SELECT COUNT(*) FROM outbox");
  };
  const int64_t before = written();
  service_testing::ExpectReach("alliance.filing.v1.FilingService", rows,
                               AskersOf(kZone, kDalian, LeadCode(1)), {target}, Nothing());
  EXPECT_EQ(written(), before);
}

}  // namespace
}  // namespace alliance::filing
