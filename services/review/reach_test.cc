// Who reaches what in review: every RPC × role × region, over cases in every state.

#include <set>
#include <string>
#include <vector>

#include "common/base/str.h"
#include "common/testing/reach.h"
#include "services/review/convert.h"
#include "services/review/fixture_test.h"
#include "services/review/frozen_list.h"

namespace alliance::review {
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
constexpr RoleSet kOfficeReaders = {R::kRecommender, R::kProvince, R::kAuditor};
// Never the etag of a case: whoever is let in hears that, and nothing changes.
constexpr char kStale[] = "\"1000000\"";

class ReachTest : public ReviewTest {
 protected:
  // A request for the case by its name, as most acts have it.
  template <typename Request>
  Request On(const Target& target) {
    Request request;
    request.set_name(base::StrCat(kCasePrefix, target.id));
    if constexpr (requires { request.set_etag(kStale); }) request.set_etag(kStale);
    if constexpr (requires { request.set_request_id(NewId()); }) request.set_request_id(NewId());
    return request;
  }

  template <typename Request, typename Answer>
  ReachRow Act(std::string_view method, RoleSet who,
               absl::Status (ReviewService::*act)(const rpc::Call&, const Request&, Answer*)) {
    return {method, Touches::kCase, who, [this, act](const rpc::Call& call, const Target& target) {
              Answer answer;
              return (service_.*act)(call, On<Request>(target), &answer);
            }};
  }

  bool Lists(const rpc::Call& call, const Target& target, absl::Status* status) {
    v1::ListReviewCasesRequest request;
    request.set_page_size(200);
    v1::ListReviewCasesResponse answer;
    *status = service_.ListReviewCases(call, request, &answer);
    for (const v1::ReviewCase& one : answer.review_cases()) {
      if (one.name() == base::StrCat(kCasePrefix, target.id)) return true;
    }
    return false;
  }

  std::vector<ReachRow> Rows() {
    std::vector<ReachRow> rows = {
        Act("GetReviewCase", kReaders, &ReviewService::GetReviewCase),
        {"ListReviewCases", Touches::kCase, kReaders,
         [this](const rpc::Call& call, const Target& target) {
           absl::Status status;
           const bool listed = Lists(call, target, &status);
           return status.ok() ? Shown(listed) : status;
         }},
        Act("ClaimCase", R::kRecommender, &ReviewService::ClaimCase),
        Act("ReleaseCase", R::kRecommender, &ReviewService::ReleaseCase),
        {"RecordConditions", Touches::kCase, R::kRecommender,
         [this](const rpc::Call& call, const Target& target) {
           auto request = On<v1::RecordConditionsRequest>(target);
           request.set_override_reason("说明");
           v1::ReviewCase answer;
           return service_.RecordConditions(call, request, &answer);
         }},
        Act("ReturnCase", R::kRecommender, &ReviewService::ReturnCase),
        {"ReassignCase", Touches::kCase, R::kRecommender,
         [this](const rpc::Call& call, const Target& target) {
           auto request = On<v1::ReassignCaseRequest>(target);
           request.set_reviewer("wang");
           v1::ReviewCase answer;
           return service_.ReassignCase(call, request, &answer);
         }},
        {"DelegateCases", Touches::kOffice, R::kRecommender,
         [this](const rpc::Call& call, const Target&) {
           v1::DelegateCasesRequest request;
           request.set_request_id(NewId());
           v1::Delegation answer;
           return service_.DelegateCases(call, request, &answer);
         }},
        Act("DeclareInterest", R::kRecommender, &ReviewService::DeclareInterest),
        {"ForwardCases", Touches::kCase, R::kRecommender,
         [this](const rpc::Call& call, const Target& target) {
           v1::ForwardCasesRequest request;
           request.add_review_cases(base::StrCat(kCasePrefix, target.id));
           request.set_request_id(NewId());
           v1::Forwarding answer;
           return service_.ForwardCases(call, request, &answer);
         }},
        Act("PassCase", R::kRecommender, &ReviewService::PassCase),
        Act("RejectCase", R::kRecommender, &ReviewService::RejectCase),
        Act("ReopenCase", R::kRecommender, &ReviewService::ReopenCase),
        Act("DismissObjection", R::kRecommender, &ReviewService::DismissObjection),
        Act("UpholdObjection", R::kRecommender, &ReviewService::UpholdObjection),
        {"RenoticeCase", Touches::kCase, R::kRecommender,
         [this](const rpc::Call& call, const Target& target) {
           auto request = On<v1::HandleObjectionRequest>(target);
           *request.mutable_notice() = NoticeOf("再次公示");
           v1::ReviewCase answer;
           return service_.RenoticeCase(call, request, &answer);
         }},
        {"OpenNotice", Touches::kCase, R::kRecommender,
         [this](const rpc::Call& call, const Target& target) {
           v1::OpenNoticeRequest request = NoticeRequestOf({target.id});
           request.mutable_notice()->clear_text();  // whoever is let in hears PAPER_REQUIRED
           v1::NoticeBatch answer;
           return service_.OpenNotice(call, request, &answer);
         }},
        {"GetNotice",
         Touches::kPublic,
         {},
         [this](const rpc::Call& call, const Target& target) {
           v1::GetNoticeRequest request;
           request.set_name(target.notice);
           v1::NoticeBatch answer;
           return service_.GetNotice(call, request, &answer);
         }},
        // The clock may close a notice; nobody logs in as the clock.
        {"CloseNotice",
         Touches::kCase,
         {R::kRecommender, R::kClock},
         [this](const rpc::Call& call, const Target& target) {
           v1::CloseNoticeRequest request;
           request.set_name(target.notice);
           request.set_request_id(NewId());
           v1::NoticeBatch answer;
           return service_.CloseNotice(call, request, &answer);
         }},
        {"FileObjection", Touches::kCase, R::kPublic,
         [this](const rpc::Call& call, const Target& target) {
           v1::FileObjectionRequest request = ObjectionTo(target.id);
           request.clear_objector_name();  // whoever is let in hears OBJECTION_ANONYMOUS
           v1::FileObjectionResponse answer;
           return service_.FileObjection(call, request, &answer);
         }},
        {"RecommendCases", Touches::kCase, R::kRecommender,
         [this](const rpc::Call& call, const Target& target) {
           v1::RecommendCasesRequest request;
           request.add_review_cases(base::StrCat(kCasePrefix, target.id));
           request.set_request_id(NewId());
           request.set_list_digest(std::string(64, '0'));
           *request.mutable_formal_letter() = DocumentOf("推荐函");
           v1::Recommendation answer;
           return service_.RecommendCases(call, request, &answer);
         }},
        {"DecideCases", Touches::kOffice, R::kRecommender,
         [this](const rpc::Call& call, const Target& target) {
           v1::DecideCasesRequest request;
           *request.add_decisions()->mutable_claim_case() = On<v1::ClaimCaseRequest>(target);
           v1::DecideCasesResponse answer;
           return service_.DecideCases(call, request,
                                       &answer);  // without an id: whoever is let in hears that
         }},
        {"PlanNotice", Touches::kOffice, kOfficeReaders,
         [this](const rpc::Call& call, const Target&) {
           v1::PlanNoticeRequest request;
           request.set_round(kRound);
           if (call.caller.role != R::kRecommender) request.set_region("210200");
           v1::NoticePlan answer;
           return service_.PlanNotice(call, request, &answer);
         }},
        {"ListNotices",
         Touches::kPublic,
         {},
         [this](const rpc::Call& call, const Target&) {
           v1::ListNoticesResponse answer;
           return service_.ListNotices(call, {}, &answer);
         }},
        {"ListObjections", Touches::kCase, kOfficeReaders,
         [this](const rpc::Call& call, const Target& target) {
           v1::ListObjectionsRequest request;
           request.set_review_case(base::StrCat(kCasePrefix, target.id));
           request.set_request_id(NewId());
           v1::ListObjectionsResponse answer;
           return service_.ListObjections(call, request, &answer);
         }},
        {"PrepareRecommendation", Touches::kCase, R::kRecommender,
         [this](const rpc::Call& call, const Target& target) {
           v1::RecommendationList answer;
           return service_.PrepareRecommendation(call, PreparationOf({target.id}), &answer);
         }},
        {"GetRecommendationList", Touches::kCase, kOfficeReaders,
         [this](const rpc::Call& call, const Target& target) {
           v1::GetRecommendationListRequest request;
           request.set_name(target.list);
           v1::RecommendationList answer;
           return service_.GetRecommendationList(call, request, &answer);
         }},
        {"PrintRecommendation", Touches::kCase, kOfficeReaders,
         [this](const rpc::Call& call, const Target& target) {
           v1::PrintRecommendationRequest request;
           request.set_name(target.list);
           request.set_part(v1::PrintRecommendationRequest::SUMMARY);
           request.set_format(v1::PrintRecommendationRequest::XLSX);
           filing::v1::Print answer;
           return service_.PrintRecommendation(call, request, &answer);
         }},
        {"ListRegionActs", Touches::kOffice, kOfficeReaders,
         [this](const rpc::Call& call, const Target&) {
           v1::ListRegionActsRequest request;
           request.set_region(call.caller.role == R::kRecommender ? call.caller.region : "210200");
           v1::ListRegionActsResponse answer;
           return service_.ListRegionActs(call, request, &answer);
         }},
        {"CloseRound", Touches::kOffice, R::kProvince,
         [this](const rpc::Call& call, const Target&) {
           v1::CloseRoundRequest request;
           request.set_round(kRound);
           request.set_validate_only(true);
           v1::CloseRoundResponse answer;
           return service_.CloseRound(call, request, &answer);
         }},
        {"SweepNotices", Touches::kOffice, R::kOperator,
         [this](const rpc::Call& call, const Target&) {
           v1::SweepNoticesResponse answer;
           return service_.SweepNotices(call, {}, &answer);
         }},
        {"WithdrawApplication", Touches::kCase, R::kApplicant,
         [this](const rpc::Call& call, const Target& target) {
           auto request = On<filing::v1::WithdrawApplicationRequest>(target);
           request.set_name(base::StrCat(kApplicationPrefix, target.id));
           filing::v1::WithdrawApplicationResponse answer;
           return service_.WithdrawApplication(call, request, &answer);
         }},
    };
    for (ReachRow& row : rows) {
      row.city = row.method == "GetReviewCase" || row.method == "ListReviewCases";
    }
    return rows;
  }

  Target Of(const std::string& id) {
    const std::string notice =
        Db().Value(base::StrCat("SELECT notice_batch FROM review_case WHERE id = '", id, "'"));
    const std::string list = Db().Value(base::StrCat(
        "SELECT COALESCE(MAX(list_id), '') FROM recommendation_list_line WHERE case_id = '", id,
        "'"));
    return {.id = id,
            .notice = base::StrCat(kBatchPrefix, notice.empty() ? NewId() : notice),
            .list = base::StrCat(kListPrefix, list.empty() ? NewId() : list)};
  }
  static Target Nothing() {
    return {.id = NewId(),
            .notice = base::StrCat(kBatchPrefix, NewId()),
            .list = base::StrCat(kListPrefix, NewId())};
  }
};

//
TEST_F(ReachTest, OfACityInEveryState) {
  const std::string recommended = Recommended();
  v1::SweepNoticesResponse swept;  // its notice is over: nobody closes it below
  ASSERT_DONE(service_.SweepNotices(Operator(), {}, &swept));
  const std::string returned = Reviewing();
  v1::ReviewCase answer;
  ASSERT_DONE(service_.ReturnCase(Li(), ReturnOf(returned), &answer));
  std::vector<Target> known = {Of(Submitted()), Of(Reviewing()), Of(returned),   Of(Passed()),
                               Of(InNotice()),  Of(Objected()),  Of(recommended)};
  std::set<std::string> states;
  for (const Target& target : known) states.insert(StateOf(target.id));
  EXPECT_EQ(states.size(), known.size());
  const auto written = [] {
    return Db().Count("SELECT COUNT(*) FROM history") + Db().Count("SELECT COUNT(*) FROM outbox");
  };
  const int64_t before = written();
  service_testing::ExpectReach("alliance.review.v1.ReviewService", Rows(),
                               AskersOf("210200", "", kLeadCode), known, Nothing());
  // The first was withdrawn by its firm at the very end; all else left nothing behind.
  EXPECT_EQ(written(), before + 2);
}

//
TEST_F(ReachTest, OfAZoneAndItsCity) {
  events::v1::ApplicationVersion version = Version();
  version.set_recommender_region("HTZ-DL");
  const auto on_notice = [&] {
    const std::string id = Passed(version, Zhang());
    v1::OpenNoticeRequest request = NoticeRequestOf({id});
    request.set_reason("公示期顺延");
    v1::NoticeBatch batch;
    EXPECT_DONE(service_.OpenNotice(Zhang(), request, &batch));
    return id;
  };
  const std::string listed = on_notice();
  clock_.Set(At("2023-04-27 00:00:00"));
  v1::Recommendation recommendation;
  ASSERT_DONE(
      service_.RecommendCases(Zhang(), RecommendationOf({listed}, Zhang()), &recommendation));
  service_testing::ExpectReach("alliance.review.v1.ReviewService", Rows(),
                               AskersOf("HTZ-DL", "210200", kLeadCode),
                               {Of(Submitted(version)), Of(on_notice()), Of(listed)}, Nothing());
}

// also of what has left the region.
TEST_F(ReachTest, OfWhatWasRecommended) {
  const std::vector<ReachRow> all = Rows();
  std::vector<ReachRow> rows;
  for (const ReachRow& row : all) {
    // The notice is over: the public is told so, which is another test's.
    if (row.method != "FileObjection") rows.push_back(row);
  }
  const Target target = Of(Recommended());
  for (const ReachRow& row : rows) {
    if (row.touches != Touches::kCase) continue;
    for (const service_testing::Asker& asker : AskersOf("210100", "", "91210100MA0XX00023")) {
      const R role = asker.call.caller.role;
      if (role != R::kRecommender && role != R::kApplicant) continue;
      SCOPED_TRACE(row.method);
      EXPECT_REFUSED(row.ask(asker.call, target), kNotPermitted);
    }
  }
}

}  // namespace
}  // namespace alliance::review
