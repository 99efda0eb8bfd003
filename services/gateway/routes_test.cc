// The route table against the protos and against the workflow.

#include "services/gateway/routes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "common/domain/workflow.h"
#include "services/gateway/methods.h"

namespace alliance::gateway {
namespace {

using domain::Action;
using domain::Role;

std::set<std::string> PathsOfProtos() {
  std::set<std::string> paths;
  for (const auto* service : LinkDescriptors()) {
    for (int i = 0; i < service->method_count(); ++i) paths.insert(PathOf(*service->method(i)));
  }
  return paths;
}

// Default deny: a new RPC is either given a row or written down as not public.
TEST(Routes, EveryRpcIsPublicOrNamedAsNotPublic) {
  const std::set<std::string> paths = PathsOfProtos();
  ASSERT_GT(paths.size(), 70u);
  for (const std::string& path : paths) {
    const bool hidden = std::count(kNotPublic.begin(), kNotPublic.end(), path) > 0;
    EXPECT_NE(FindRoute(path) != nullptr, hidden) << path;
  }
}

TEST(Routes, EveryRowAndEveryHiddenPathIsAnRpc) {
  const std::set<std::string> paths = PathsOfProtos();
  for (const Route& route : kRoutes) {
    EXPECT_TRUE(paths.contains(std::string(route.path))) << route.path;
    if (!route.held_elsewhere.empty()) {
      EXPECT_TRUE(paths.contains(std::string(route.held_elsewhere))) << route.held_elsewhere;
    }
  }
  for (std::string_view path : kNotPublic) EXPECT_TRUE(paths.contains(std::string(path))) << path;
}

TEST(Routes, EveryRouteHasAMethodWithItsTypes) {
  const auto methods = Methods::Make();
  ASSERT_TRUE(methods.ok()) << methods.status();
  for (const Route& route : kRoutes) {
    ASSERT_NE((*methods)->Find(route.path), nullptr) << route.path;
  }
  EXPECT_EQ((*methods)->Find("/alliance.events.v1.EventService/Deliver"), nullptr);
  EXPECT_EQ((*methods)->Find(""), nullptr);
}

// Whom the workflow lets act must be let through by the gateway too; the clock never comes this
// way.
TEST(Routes, WhoeverTheWorkflowNamesMayCall) {
  const std::string filing = "/alliance.filing.v1.FilingService/";
  const std::string review = "/alliance.review.v1.ReviewService/";
  const std::string evaluation = "/alliance.evaluation.v1.EvaluationService/";
  const std::string subsidy = "/alliance.subsidy.v1.SubsidyService/";
  const std::map<Action, std::string> filing_rpcs = {
      {Action::kSave, filing + "UpdateApplication"},
      {Action::kSubmit, filing + "SubmitApplication"},
      {Action::kWithdraw, filing + "WithdrawApplication"},
      {Action::kClaim, review + "ClaimCase"},
      {Action::kRelease, review + "ReleaseCase"},
      {Action::kRecord, review + "RecordConditions"},
      {Action::kReturn, review + "ReturnCase"},
      {Action::kPass, review + "PassCase"},
      {Action::kReject, review + "RejectCase"},
      {Action::kReopen, review + "ReopenCase"},
      {Action::kReassign, review + "ReassignCase"},
      {Action::kForward, review + "ForwardCases"},
      {Action::kOpenNotice, review + "OpenNotice"},
      {Action::kObject, review + "FileObjection"},
      {Action::kCloseNotice, review + "CloseNotice"},
      {Action::kDismiss, review + "DismissObjection"},
      {Action::kRenotice, review + "RenoticeCase"},
      {Action::kUphold, review + "UpholdObjection"},
      {Action::kRecommend, review + "RecommendCases"},
      {Action::kCloseRound, review + "CloseRound"},
      {Action::kAccept, filing + "AcceptApplication"},
      {Action::kSendBack, filing + "SendBackApplication"},
      {Action::kDrawSurvey, filing + "DrawSurvey"},
      {Action::kRecordSurvey, filing + "RecordSurvey"},
      {Action::kGiveOpinion, filing + "GiveOpinion"},
      {Action::kRegister, filing + "RecordDecision"},
      {Action::kNotRegister, filing + "RecordDecision"},
      {Action::kDefer, filing + "RecordDecision"},
      {Action::kDeregister, filing + "DeregisterAlliance"},
  };
  const std::map<Action, std::string> yearly_rpcs = {
      {Action::kReport, filing + "SubmitAnnualReport"},
      {Action::kReopenReport, evaluation + "ReopenReport"},
      {Action::kStartEvaluation, evaluation + "StartEvaluations"},
      {Action::kScore, evaluation + "PushScores"},
      {Action::kPublishPreliminary, evaluation + "PublishPreliminary"},
      {Action::kAppeal, evaluation + "FileAppeal"},
      {Action::kAnswerAppeal, evaluation + "AnswerAppeal"},
      {Action::kPublish, evaluation + "PublishEvaluations"},
      {Action::kFreezeRun, subsidy + "FreezeRun"},
      {Action::kOpenNotice, subsidy + "OpenSubsidyNotice"},
      {Action::kObject, subsidy + "FileSubsidyObjection"},
      {Action::kApprove, subsidy + "ApproveSubsidy"},
      {Action::kDismiss, subsidy + "DismissSubsidyObjection"},
      {Action::kUphold, subsidy + "UpholdSubsidyObjection"},
      {Action::kReleaseWithheld, subsidy + "ReleaseWithheld"},
      {Action::kRefuse, subsidy + "RefuseWithheld"},
      {Action::kReleasePayment, subsidy + "ReleasePayment"},
      {Action::kConfirmPaid, subsidy + "RecordPayment"},
      {Action::kConfirmFailed, subsidy + "RecordPayment"},
      {Action::kRetryPayment, subsidy + "RetryPayment"},
      {Action::kClaimBack, subsidy + "ClaimBack"},
      {Action::kConfirmRecovered, subsidy + "RecordRecovery"},
  };
  const auto check = [](const domain::Transition& row, const std::map<Action, std::string>& rpcs) {
    for (int i = 0; i < domain::kRoleCount; ++i) {
      const Role role = static_cast<Role>(i);
      if (!row.who.Has(role) || role == Role::kClock) continue;
      const auto rpc = rpcs.find(row.action);
      ASSERT_NE(rpc, rpcs.end()) << "no RPC for " << domain::WordOf(row.action);
      const Route* route = FindRoute(rpc->second);
      ASSERT_NE(route, nullptr) << rpc->second;
      EXPECT_TRUE(route->who.Has(role)) << rpc->second << " is closed to " << domain::WordOf(role);
      EXPECT_EQ(route->kind, Kind::kWrite) << rpc->second;
    }
  };
  for (const domain::Transition& row : domain::kFilingWorkflow) check(row, filing_rpcs);
  for (const domain::Transition& row : domain::kYearlyWorkflow) check(row, yearly_rpcs);
}

// the directory, a notice, an objection, the round with its annexes and
// the guide to its form, the check of a print and the login need no account.
TEST(Routes, WhatIsOpenToEverybodyIsExactlyThis) {
  std::set<std::string> open;
  for (const Route& route : kRoutes) {
    if (route.who == kAnybody) open.insert(std::string(route.path));
    EXPECT_EQ(route.who.Has(Role::kPublic), route.who == kAnybody) << route.path;
  }
  EXPECT_EQ(open, (std::set<std::string>{
                      "/alliance.gateway.v1.AccountService/Login",
                      "/alliance.gateway.v1.DirectoryService/ListOffices",
                      "/alliance.filing.v1.FilingService/GetRound",
                      "/alliance.filing.v1.FilingService/ListRounds",
                      "/alliance.filing.v1.FilingService/GetFormGuide",
                      "/alliance.filing.v1.FilingService/PrintAnnex",
                      "/alliance.filing.v1.FilingService/CheckPrint",
                      "/alliance.review.v1.ReviewService/GetNotice",
                      "/alliance.review.v1.ReviewService/ListNotices",
                      "/alliance.review.v1.ReviewService/FileObjection",
                      "/alliance.subsidy.v1.SubsidyService/FileSubsidyObjection",
                  }));
}

TEST(Routes, TheAuditorOnlyReadsAndTheOperatorSeesNoCase) {
  for (const Route& route : kRoutes) {
    const bool own = route.backend == Backend::kGateway;
    if (route.who.Has(Role::kAuditor) && !own) {
      EXPECT_EQ(route.kind, Kind::kRead) << route.path;
    }
    if (route.who.Has(Role::kOperator) && !own) {
      EXPECT_NE(route.path.find("/Sweep"), std::string_view::npos) << route.path;
    }
  }
}

TEST(Routes, BackendIsReadFromThePackage) {
  EXPECT_EQ(BackendOf("/alliance.review.v1.ReviewService/ClaimCase"), Backend::kReview);
  EXPECT_EQ(BackendOf("/alliance.reviews.v1.X/Y"), Backend::kGateway);
  EXPECT_EQ(BackendOf("/google.protobuf.X/Y"), Backend::kGateway);
  EXPECT_EQ(FindRoute("/alliance.filing.v1.FilingService/getround"), nullptr) << "case matters";
  EXPECT_EQ(FindRoute("alliance.filing.v1.FilingService/GetRound"), nullptr);
}

}  // namespace
}  // namespace alliance::gateway
