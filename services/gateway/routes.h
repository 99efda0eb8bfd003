// The public API of the suite, one line per RPC. What is not in kRoutes is not public: default
// deny.
//
// The gateway checks here only who may call at all; which case a caller may touch, and when, is for
// the service that owns it (common/domain/workflow.h). A row that allows kPublic and nobody else is
// open to everybody: no session is looked at, and the service is told that the public calls. Hence
// anybody may object by real name without his office or enterprise appearing, and a stale
// session cannot keep anybody from logging in.
//
// New RPC: one line here, or in kNotPublic. routes_test.cc compares both with the descriptors.

#ifndef ALLIANCE_SERVICES_GATEWAY_ROUTES_H_
#define ALLIANCE_SERVICES_GATEWAY_ROUTES_H_

#include <array>
#include <string_view>

#include "common/domain/caller.h"

namespace alliance::gateway {

enum class Backend { kGateway, kFiling, kReview, kEvaluation, kSubsidy };
inline constexpr int kBackendCount = 5;

// Under load reads are shed before writes: a submission must get through on the last evening.
enum class Kind { kRead, kWrite };

struct Route {
  std::string_view path;  // "/package.Service/Method"
  Backend backend;
  domain::RoleSet who;
  Kind kind;
  // Where the same request goes, once, when the backend answers HELD_ELSEWHERE.
  std::string_view held_elsewhere = {};
};

// The name of a backend in the config's peers and in the audience of a caller token.
constexpr std::string_view NameOf(Backend backend) {
  constexpr std::string_view kNames[kBackendCount] = {"gateway", "filing", "review", "evaluation",
                                                      "subsidy"};
  return kNames[static_cast<int>(backend)];
}

// The backend whose package a path names: "/alliance.review.v1.…" → kReview; kGateway for others.
constexpr Backend BackendOf(std::string_view path) {
  constexpr std::string_view kPrefix = "/alliance.";
  if (!path.starts_with(kPrefix)) return Backend::kGateway;
  path.remove_prefix(kPrefix.size());
  for (int i = 0; i < kBackendCount; ++i) {
    const Backend backend = static_cast<Backend>(i);
    if (path.starts_with(NameOf(backend)) && path.substr(NameOf(backend).size(), 1) == ".") {
      return backend;
    }
  }
  return Backend::kGateway;
}

// clang-format off
#define B Backend
#define R domain::Role
inline constexpr domain::RoleSet kAnybody = {R::kPublic};
inline constexpr domain::RoleSet kLoggedIn = {R::kApplicant, R::kRecommender, R::kProvince, R::kRecorder, R::kFirm,
                                              R::kFinance, R::kApprover, R::kAuditor, R::kOperator};
// Officials and the auditor; an operator runs the machines and sees no case.
inline constexpr domain::RoleSet kOfficials = {R::kRecommender, R::kProvince, R::kRecorder, R::kFinance, R::kApprover,
                                               R::kAuditor};
// The lead sees its own case in review in applicants' words.
inline constexpr domain::RoleSet kReviewReaders = {R::kApplicant, R::kRecommender, R::kProvince, R::kRecorder,
                                                   R::kFinance, R::kApprover, R::kAuditor};
// Who may look into a paper.
inline constexpr domain::RoleSet kPaperReaders = {R::kApplicant, R::kRecommender, R::kProvince, R::kAuditor};
// Who sees of a recommender's notices and lists what is not public.
inline constexpr domain::RoleSet kOfficeReaders = {R::kRecommender, R::kProvince, R::kAuditor};
inline constexpr domain::RoleSet kCaseReaders = {R::kApplicant, R::kRecommender, R::kProvince, R::kRecorder, R::kFirm,
                                                 R::kFinance, R::kApprover, R::kAuditor};

inline constexpr auto kRoutes = std::to_array<Route>({
// path                                                          backend         who             kind          held elsewhere
{"/alliance.gateway.v1.AccountService/Login",                    B::kGateway,    kAnybody,       Kind::kWrite},
{"/alliance.gateway.v1.AccountService/Logout",                   B::kGateway,    kLoggedIn,      Kind::kWrite},
{"/alliance.gateway.v1.AccountService/GetSession",               B::kGateway,    kLoggedIn,      Kind::kRead},
{"/alliance.gateway.v1.DirectoryService/ListOffices",            B::kGateway,    kAnybody,       Kind::kRead},

{"/alliance.filing.v1.FilingService/GetRound",                   B::kFiling,     kAnybody,       Kind::kRead},
{"/alliance.filing.v1.FilingService/ListRounds",                 B::kFiling,     kAnybody,       Kind::kRead},
{"/alliance.filing.v1.FilingService/PublishRound",               B::kFiling,     R::kProvince,   Kind::kWrite},
{"/alliance.filing.v1.FilingService/GetRoundStatistics",         B::kFiling,     kOfficials,     Kind::kRead},
{"/alliance.filing.v1.FilingService/ProposeExtension",           B::kFiling,     (domain::RoleSet{R::kRecommender, R::kProvince}), Kind::kWrite},
{"/alliance.filing.v1.FilingService/ApproveExtension",           B::kFiling,     (domain::RoleSet{R::kProvince, R::kApprover}), Kind::kWrite},
{"/alliance.filing.v1.FilingService/ListExtensions",             B::kFiling,     kOfficials,     Kind::kRead},
{"/alliance.filing.v1.FilingService/GetFormGuide",               B::kFiling,     kAnybody,       Kind::kRead},
{"/alliance.filing.v1.FilingService/CreateApplication",          B::kFiling,     R::kApplicant,  Kind::kWrite},
{"/alliance.filing.v1.FilingService/GetApplication",             B::kFiling,     kCaseReaders,   Kind::kRead},
{"/alliance.filing.v1.FilingService/ListApplications",           B::kFiling,     kCaseReaders,   Kind::kRead},
{"/alliance.filing.v1.FilingService/UpdateApplication",          B::kFiling,     R::kApplicant,  Kind::kWrite},
{"/alliance.filing.v1.FilingService/AttachPaper",                B::kFiling,     R::kApplicant,  Kind::kWrite},
{"/alliance.filing.v1.FilingService/CreateUpload",               B::kFiling,     R::kApplicant,  Kind::kWrite},
{"/alliance.filing.v1.FilingService/GetUpload",                  B::kFiling,     R::kApplicant,  Kind::kRead},
{"/alliance.filing.v1.FilingService/WriteUpload",                B::kFiling,     R::kApplicant,  Kind::kWrite},
{"/alliance.filing.v1.FilingService/UploadPaper",                B::kFiling,     R::kApplicant,  Kind::kWrite},
{"/alliance.filing.v1.FilingService/ReadPaper",                  B::kFiling,     kPaperReaders,  Kind::kRead},
{"/alliance.filing.v1.FilingService/ValidateApplication",        B::kFiling,     kCaseReaders,   Kind::kRead},
{"/alliance.filing.v1.FilingService/SubmitApplication",          B::kFiling,     R::kApplicant,  Kind::kWrite},
{"/alliance.filing.v1.FilingService/WithdrawApplication",        B::kFiling,     R::kApplicant,  Kind::kWrite, "/alliance.review.v1.ReviewService/WithdrawApplication"},
{"/alliance.filing.v1.FilingService/ListVersions",               B::kFiling,     kCaseReaders,   Kind::kRead},
{"/alliance.filing.v1.FilingService/GetVersion",                 B::kFiling,     kCaseReaders,   Kind::kRead},
{"/alliance.filing.v1.FilingService/DiffVersions",               B::kFiling,     kCaseReaders,   Kind::kRead},
{"/alliance.filing.v1.FilingService/RevealContact",              B::kFiling,     (domain::RoleSet{R::kRecommender, R::kProvince, R::kRecorder}), Kind::kWrite},
{"/alliance.filing.v1.FilingService/AcceptApplication",          B::kFiling,     R::kProvince,   Kind::kWrite},
{"/alliance.filing.v1.FilingService/SendBackApplication",        B::kFiling,     R::kProvince,   Kind::kWrite},
{"/alliance.filing.v1.FilingService/CommitDraw",                 B::kFiling,     R::kProvince,   Kind::kWrite},
{"/alliance.filing.v1.FilingService/DrawSurvey",                 B::kFiling,     R::kProvince,   Kind::kWrite},
{"/alliance.filing.v1.FilingService/RecordSurvey",               B::kFiling,     R::kProvince,   Kind::kWrite},
{"/alliance.filing.v1.FilingService/GiveOpinion",                B::kFiling,     R::kProvince,   Kind::kWrite},
{"/alliance.filing.v1.FilingService/RecordDecision",             B::kFiling,     R::kRecorder,   Kind::kWrite},
{"/alliance.filing.v1.FilingService/GetAlliance",                B::kFiling,     kCaseReaders,   Kind::kRead},
{"/alliance.filing.v1.FilingService/ListAlliances",              B::kFiling,     kCaseReaders,   Kind::kRead},
{"/alliance.filing.v1.FilingService/DeregisterAlliance",         B::kFiling,     R::kRecorder,   Kind::kWrite},
{"/alliance.filing.v1.FilingService/GetAllianceYear",            B::kFiling,     kCaseReaders,   Kind::kRead},
{"/alliance.filing.v1.FilingService/SubmitAnnualReport",         B::kFiling,     R::kApplicant,  Kind::kWrite},
{"/alliance.filing.v1.FilingService/PrintApplication",           B::kFiling,     kCaseReaders,   Kind::kRead},
{"/alliance.filing.v1.FilingService/PrintReceipt",               B::kFiling,     kCaseReaders,   Kind::kRead},
{"/alliance.filing.v1.FilingService/PrintAnnex",                 B::kFiling,     kAnybody,       Kind::kRead},
{"/alliance.filing.v1.FilingService/CheckPrint",                 B::kFiling,     kAnybody,       Kind::kRead},
{"/alliance.filing.v1.FilingService/SweepDeadlines",             B::kFiling,     R::kOperator,   Kind::kWrite},

{"/alliance.review.v1.ReviewService/GetReviewCase",              B::kReview,     kReviewReaders, Kind::kRead},
{"/alliance.review.v1.ReviewService/ListReviewCases",            B::kReview,     kOfficials,     Kind::kRead},
{"/alliance.review.v1.ReviewService/ClaimCase",                  B::kReview,     R::kRecommender, Kind::kWrite},
{"/alliance.review.v1.ReviewService/ReleaseCase",                B::kReview,     R::kRecommender, Kind::kWrite},
{"/alliance.review.v1.ReviewService/ReassignCase",               B::kReview,     R::kRecommender, Kind::kWrite},
{"/alliance.review.v1.ReviewService/DelegateCases",              B::kReview,     R::kRecommender, Kind::kWrite},
{"/alliance.review.v1.ReviewService/DeclareInterest",            B::kReview,     R::kRecommender, Kind::kWrite},
{"/alliance.review.v1.ReviewService/RecordConditions",           B::kReview,     R::kRecommender, Kind::kWrite},
{"/alliance.review.v1.ReviewService/ReturnCase",                 B::kReview,     R::kRecommender, Kind::kWrite},
{"/alliance.review.v1.ReviewService/PassCase",                   B::kReview,     R::kRecommender, Kind::kWrite},
{"/alliance.review.v1.ReviewService/RejectCase",                 B::kReview,     R::kRecommender, Kind::kWrite},
{"/alliance.review.v1.ReviewService/DecideCases",                B::kReview,     R::kRecommender, Kind::kWrite},
{"/alliance.review.v1.ReviewService/ReopenCase",                 B::kReview,     R::kRecommender, Kind::kWrite},
{"/alliance.review.v1.ReviewService/ForwardCases",               B::kReview,     R::kRecommender, Kind::kWrite},
{"/alliance.review.v1.ReviewService/OpenNotice",                 B::kReview,     R::kRecommender, Kind::kWrite},
{"/alliance.review.v1.ReviewService/PlanNotice",                 B::kReview,     kOfficeReaders, Kind::kRead},
{"/alliance.review.v1.ReviewService/GetNotice",                  B::kReview,     kAnybody,       Kind::kRead},
{"/alliance.review.v1.ReviewService/ListNotices",                B::kReview,     kAnybody,       Kind::kRead},
{"/alliance.review.v1.ReviewService/FileObjection",              B::kReview,     kAnybody,       Kind::kWrite},
{"/alliance.review.v1.ReviewService/ListObjections",             B::kReview,     kOfficeReaders, Kind::kRead},
{"/alliance.review.v1.ReviewService/DismissObjection",           B::kReview,     R::kRecommender, Kind::kWrite},
{"/alliance.review.v1.ReviewService/RenoticeCase",               B::kReview,     R::kRecommender, Kind::kWrite},
{"/alliance.review.v1.ReviewService/UpholdObjection",            B::kReview,     R::kRecommender, Kind::kWrite},
{"/alliance.review.v1.ReviewService/CloseNotice",                B::kReview,     R::kRecommender, Kind::kWrite},
{"/alliance.review.v1.ReviewService/PrepareRecommendation",      B::kReview,     R::kRecommender, Kind::kWrite},
{"/alliance.review.v1.ReviewService/GetRecommendationList",      B::kReview,     kOfficeReaders, Kind::kRead},
{"/alliance.review.v1.ReviewService/PrintRecommendation",        B::kReview,     kOfficeReaders, Kind::kRead},
{"/alliance.review.v1.ReviewService/RecommendCases",             B::kReview,     R::kRecommender, Kind::kWrite},
{"/alliance.review.v1.ReviewService/CloseRound",                 B::kReview,     R::kProvince,   Kind::kWrite},
{"/alliance.review.v1.ReviewService/ListRegionActs",             B::kReview,     kOfficeReaders, Kind::kRead},
{"/alliance.review.v1.ReviewService/SweepNotices",               B::kReview,     R::kOperator,   Kind::kWrite},

{"/alliance.evaluation.v1.EvaluationService/CreateCampaign",     B::kEvaluation, R::kProvince,   Kind::kWrite},
{"/alliance.evaluation.v1.EvaluationService/GetCampaign",        B::kEvaluation, kCaseReaders,   Kind::kRead},
{"/alliance.evaluation.v1.EvaluationService/AssignFirm",         B::kEvaluation, R::kProvince,   Kind::kWrite},
{"/alliance.evaluation.v1.EvaluationService/GetEvaluation",      B::kEvaluation, kCaseReaders,   Kind::kRead},
{"/alliance.evaluation.v1.EvaluationService/ListEvaluations",    B::kEvaluation, kCaseReaders,   Kind::kRead},
{"/alliance.evaluation.v1.EvaluationService/ReopenReport",       B::kEvaluation, R::kProvince,   Kind::kWrite},
{"/alliance.evaluation.v1.EvaluationService/StartEvaluations",   B::kEvaluation, R::kProvince,   Kind::kWrite},
{"/alliance.evaluation.v1.EvaluationService/PushScores",         B::kEvaluation, R::kFirm,       Kind::kWrite},
{"/alliance.evaluation.v1.EvaluationService/PublishPreliminary", B::kEvaluation, R::kProvince,   Kind::kWrite},
{"/alliance.evaluation.v1.EvaluationService/FileAppeal",         B::kEvaluation, R::kApplicant,  Kind::kWrite},
{"/alliance.evaluation.v1.EvaluationService/AnswerAppeal",       B::kEvaluation, R::kProvince,   Kind::kWrite},
{"/alliance.evaluation.v1.EvaluationService/PublishEvaluations", B::kEvaluation, R::kProvince,   Kind::kWrite},

{"/alliance.subsidy.v1.SubsidyService/CreatePlan",               B::kSubsidy,    R::kFinance,    Kind::kWrite},
{"/alliance.subsidy.v1.SubsidyService/GetPlan",                  B::kSubsidy,    kOfficials,     Kind::kRead},
{"/alliance.subsidy.v1.SubsidyService/TrialRun",                 B::kSubsidy,    R::kFinance,    Kind::kRead},
{"/alliance.subsidy.v1.SubsidyService/PrepareRun",               B::kSubsidy,    R::kFinance,    Kind::kWrite},
{"/alliance.subsidy.v1.SubsidyService/GetRun",                   B::kSubsidy,    kOfficials,     Kind::kRead},
{"/alliance.subsidy.v1.SubsidyService/FreezeRun",                B::kSubsidy,    (domain::RoleSet{R::kFinance, R::kApprover}), Kind::kWrite},
{"/alliance.subsidy.v1.SubsidyService/GetSubsidyCase",           B::kSubsidy,    kCaseReaders,   Kind::kRead},
{"/alliance.subsidy.v1.SubsidyService/ListSubsidyCases",         B::kSubsidy,    kCaseReaders,   Kind::kRead},
{"/alliance.subsidy.v1.SubsidyService/OpenSubsidyNotice",        B::kSubsidy,    R::kFinance,    Kind::kWrite},
{"/alliance.subsidy.v1.SubsidyService/FileSubsidyObjection",     B::kSubsidy,    kAnybody,       Kind::kWrite},
{"/alliance.subsidy.v1.SubsidyService/DismissSubsidyObjection",  B::kSubsidy,    R::kFinance,    Kind::kWrite},
{"/alliance.subsidy.v1.SubsidyService/UpholdSubsidyObjection",   B::kSubsidy,    R::kFinance,    Kind::kWrite},
{"/alliance.subsidy.v1.SubsidyService/ApproveSubsidy",           B::kSubsidy,    R::kApprover,   Kind::kWrite},
{"/alliance.subsidy.v1.SubsidyService/ReleaseWithheld",          B::kSubsidy,    R::kApprover,   Kind::kWrite},
{"/alliance.subsidy.v1.SubsidyService/RefuseWithheld",           B::kSubsidy,    R::kApprover,   Kind::kWrite},
{"/alliance.subsidy.v1.SubsidyService/PreparePayment",           B::kSubsidy,    R::kFinance,    Kind::kWrite},
{"/alliance.subsidy.v1.SubsidyService/ReleasePayment",           B::kSubsidy,    (domain::RoleSet{R::kFinance, R::kApprover}), Kind::kWrite},
{"/alliance.subsidy.v1.SubsidyService/RecordPayment",            B::kSubsidy,    R::kFinance,    Kind::kWrite},
{"/alliance.subsidy.v1.SubsidyService/RetryPayment",             B::kSubsidy,    R::kFinance,    Kind::kWrite},
{"/alliance.subsidy.v1.SubsidyService/ClaimBack",                B::kSubsidy,    R::kApprover,   Kind::kWrite},
{"/alliance.subsidy.v1.SubsidyService/RecordRecovery",           B::kSubsidy,    R::kFinance,    Kind::kWrite},
});

// RPCs that nobody outside may call, each with its reason.
inline constexpr auto kNotPublic = std::to_array<std::string_view>({
"/alliance.events.v1.EventService/Deliver",                // between services only
"/alliance.review.v1.ReviewService/WithdrawApplication",   // reached through filing's, when review holds the case
});
#undef B
#undef R
// clang-format on

// Nothing when the path is not public.
const Route* FindRoute(std::string_view path);

constexpr bool RoutesAreSound() {
  for (size_t i = 0; i < kRoutes.size(); ++i) {
    if (kRoutes[i].backend != BackendOf(kRoutes[i].path) || kRoutes[i].who.empty()) return false;
    if (kRoutes[i].who.Has(domain::Role::kClock)) return false;
    if (!kRoutes[i].held_elsewhere.empty() &&
        BackendOf(kRoutes[i].held_elsewhere) == kRoutes[i].backend) {
      return false;
    }
    for (size_t j = 0; j < i; ++j) {
      if (kRoutes[i].path == kRoutes[j].path) return false;
    }
    for (std::string_view hidden : kNotPublic) {
      if (kRoutes[i].path == hidden) return false;
    }
  }
  return true;
}
static_assert(RoutesAreSound(),
              "a path twice, a path in the wrong backend, a row for nobody or for the clock, or a "
              "path that is public and not public");

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_ROUTES_H_
