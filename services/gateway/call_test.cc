// Calls through the gateway to a fake service: who may, what the service hears, what comes back.

#include <thread>

#include "services/gateway/connect.h"
#include "services/gateway/test_gateway.h"

namespace alliance::gateway {
namespace {

using domain::Role;
using testing_gateway::GatewayTest;
using testing_gateway::Seen;
using testing_http::Headers;
using testing_http::Reply;

constexpr char kGetRound[] = "/alliance.filing.v1.FilingService/GetRound";
constexpr char kCreate[] = "/alliance.filing.v1.FilingService/CreateApplication";
constexpr char kSubmit[] = "/alliance.filing.v1.FilingService/SubmitApplication";
constexpr char kWithdraw[] = "/alliance.filing.v1.FilingService/WithdrawApplication";
constexpr char kSweep[] = "/alliance.filing.v1.FilingService/SweepDeadlines";

class CallTest : public GatewayTest {};

TEST_F(CallTest, JsonGoesInAndComesBack) {
  StartGateway();
  const Reply reply = Post(kGetRound, R"({"name":"rounds/2023-tsl"})");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.Header("content-type"), "application/json");
  EXPECT_EQ(reply.Header("x-content-type-options"), "nosniff");
  EXPECT_EQ(reply.Header("cache-control"), "no-store");
  EXPECT_EQ(reply.Text("name"), "rounds/2023-tsl");
  EXPECT_EQ(reply.Text("openTime"), "2023-04-02T16:00:00Z");
  EXPECT_EQ(Post(kGetRound, "").status, 200) << "an empty body is {}";
}

TEST_F(CallTest, ProtoGoesThroughAsItIs) {
  StartGateway();
  filing::v1::GetRoundRequest request;
  request.set_name("rounds/2023-tsl");
  const Reply reply =
      Post(kGetRound, request.SerializeAsString(), {{"Content-Type", "application/proto"}});
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.Header("content-type"), "application/proto");
  filing::v1::Round round;
  ASSERT_TRUE(round.ParseFromString(reply.body));
  EXPECT_EQ(round.name(), "rounds/2023-tsl");
}

TEST_F(CallTest, TheServiceHearsWhoCallsAndNothingElseFromOutside) {
  StartGateway();
  Headers headers = As("lead-1");
  headers.push_back({"alliance-caller-bin", "Zm9yZ2Vk"});
  headers.push_back({"x-anything", "1"});
  headers.push_back({"Cookie", "a=b"});
  headers.push_back({"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"});
  const Reply reply = Post(kCreate, "{}", headers);
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.Text("state"), "DRAFT");
  EXPECT_EQ(reply.Header("x-trace-id"), "4bf92f3577b34da6a3ce929d0e0e4736");

  ASSERT_EQ(filing_->seen().size(), 1u);
  const Seen seen = filing_->seen()[0];
  EXPECT_EQ(seen.peer, "gateway");
  EXPECT_EQ(seen.caller_tokens.size(), 1u);
  ASSERT_TRUE(seen.caller.ok()) << seen.caller.status();
  EXPECT_EQ(seen.caller->account, "lead-1");
  EXPECT_EQ(seen.caller->role, Role::kApplicant);
  EXPECT_EQ(seen.caller->organisation, "91210100MA0000000X");
  EXPECT_EQ(seen.traceparent.substr(3, 32), "4bf92f3577b34da6a3ce929d0e0e4736");
  for (const std::string& name : seen.metadata) {
    EXPECT_TRUE(name == "traceparent" || name == "user-agent" || name == rpc::kCallerMetadata)
        << name;
  }
}

TEST_F(CallTest, ATokenIsForOneServiceAndOneMethod) {
  StartGateway();
  Post(kCreate, "{}", As("lead-1"));
  ASSERT_EQ(filing_->seen().size(), 1u);
  const std::string token = filing_->seen()[0].caller_tokens.at(0);
  const auto verify = [&](const char* audience, const char* method, absl::Duration later) {
    return rpc::CallerVerifier(verifier_, audience)
        .Verify(token, method, absl::Now() + later)
        .status();
  };
  EXPECT_TRUE(verify("filing", kCreate, absl::ZeroDuration()).ok());
  EXPECT_TRUE(domain::RefusedFor(verify("review", kCreate, absl::ZeroDuration()),
                                 domain::Reason::kTokenInvalid));
  EXPECT_TRUE(domain::RefusedFor(verify("filing", kSubmit, absl::ZeroDuration()),
                                 domain::Reason::kTokenInvalid));
  EXPECT_TRUE(domain::RefusedFor(verify("filing", kCreate, absl::Seconds(31)),
                                 domain::Reason::kTokenExpired));
}

TEST_F(CallTest, WhoMayNotCallIsToldWhyBeforeTheServiceIsAsked) {
  StartGateway();
  const Headers officer = As("officer-1");
  struct Row {
    const char* path;
    Headers headers;
    int status;
    const char* code;
    const char* reason;
  };
  const Row kRows[] = {
      {kCreate, {}, 401, "unauthenticated", "LOGIN_REQUIRED"},
      {kCreate, {{"Authorization", "Bearer nonsense"}}, 401, "unauthenticated", "TOKEN_INVALID"},
      {kCreate, {{"Authorization", "Basic bGVhZDpw"}}, 401, "unauthenticated", "TOKEN_INVALID"},
      {kCreate, {{"Authorization", ""}}, 401, "unauthenticated", "TOKEN_INVALID"},
      {kCreate, {officer[0], officer[0]}, 401, "unauthenticated", "TOKEN_INVALID"},
      {kCreate, officer, 403, "permission_denied", "NOT_PERMITTED"},
      {kSweep, officer, 403, "permission_denied", "NOT_PERMITTED"},
      {"/alliance.filing.v1.FilingService/Nothing", officer, 404, "unimplemented",
       "NO_SUCH_METHOD"},
      {"/alliance.events.v1.EventService/Deliver", officer, 404, "unimplemented", "NO_SUCH_METHOD"},
      {"/alliance.review.v1.ReviewService/WithdrawApplication", officer, 404, "unimplemented",
       "NO_SUCH_METHOD"},
      {"/", {}, 404, "unimplemented", "NO_SUCH_METHOD"},
      {"/healthz", {}, 404, "unimplemented", "NO_SUCH_METHOD"},
  };
  for (const Row& row : kRows) {
    const Reply reply = Post(row.path, "{}", row.headers);
    EXPECT_EQ(reply.status, row.status) << row.path << reply.body;
    EXPECT_EQ(reply.Code(), row.code) << row.path;
    EXPECT_EQ(reply.Reason(), row.reason) << row.path;
    EXPECT_EQ(reply.Header("connection"), "close") << "its body was not read";
  }
  EXPECT_TRUE(filing_->seen().empty());
  EXPECT_TRUE(review_->seen().empty());
}

// R-082: whoever objects does so as a member of the public, whatever he is logged in as.
TEST_F(CallTest, OnOpenRoutesEverybodyIsThePublic) {
  StartGateway();
  const char* path = "/alliance.review.v1.ReviewService/FileObjection";
  for (const Headers& headers :
       {Headers{}, As("lead-1"), Headers{{"Authorization", "Bearer stale"}}}) {
    EXPECT_EQ(Post(path, "{}", headers).status, 200);
  }
  ASSERT_EQ(review_->seen().size(), 3u);
  for (const Seen& seen : review_->seen()) {
    ASSERT_TRUE(seen.caller.ok());
    EXPECT_EQ(seen.caller->role, Role::kPublic);
    EXPECT_EQ(seen.caller->account, "public");
    EXPECT_EQ(seen.caller->organisation, "");
  }
}

TEST_F(CallTest, EveryDetailOfAServicesErrorReachesTheClient) {
  StartGateway();
  const Reply reply = Post(kSubmit, "{}", As("lead-1"));
  EXPECT_EQ(reply.status, HttpStatusOf(static_cast<grpc::StatusCode>(
                              domain::RowOf(domain::Reason::kFormHasErrors).code)));
  EXPECT_EQ(reply.Header("content-type"), "application/json");
  EXPECT_EQ(reply.Reason(), "FORM_HAS_ERRORS");
  EXPECT_EQ(reply.Problem(), "lead.rd_spend_fen.y1:X06");
  EXPECT_EQ(reply.Detail("google.rpc.BadRequest")
                .fields()
                .at("fieldViolations")
                .list_value()
                .values_size(),
            2);
  EXPECT_EQ(reply.Detail("google.rpc.LocalizedMessage").fields().at("locale").string_value(),
            "zh-CN");
  EXPECT_EQ(Post(kSubmit, "", {{"Content-Type", "application/proto"}, As("lead-1")[0]}).Reason(),
            "FORM_HAS_ERRORS")
      << "errors are JSON in proto mode too";
}

TEST_F(CallTest, AWithdrawalFollowsTheCaseToReviewOnce) {
  StartGateway();
  const Headers lead = As("lead-1");
  EXPECT_EQ(Post(kWithdraw, R"({"name":"applications/here"})", lead).status, 200);
  EXPECT_EQ(review_->seen().size(), 0u);

  EXPECT_EQ(Post(kWithdraw, R"({"name":"applications/there"})", lead).status, 200);
  ASSERT_EQ(review_->seen().size(), 1u);
  EXPECT_EQ(review_->seen()[0].method, "/alliance.review.v1.ReviewService/WithdrawApplication");
  ASSERT_TRUE(review_->seen()[0].caller.ok()) << "the second service gets a token of its own";
  EXPECT_EQ(review_->seen()[0].caller->account, "lead-1");

  const Reply wrong = Post(kWithdraw, R"({"name":"applications/wrong"})", lead);
  EXPECT_EQ(wrong.Reason(), "WRONG_STATE");
  EXPECT_EQ(review_->seen().size(), 1u) << "another refusal is the answer";

  filing_->Clear();
  const Reply lost = Post(kWithdraw, R"({"name":"applications/nowhere"})", lead);
  EXPECT_EQ(lost.status, 400);
  EXPECT_EQ(lost.Code(), "failed_precondition");
  EXPECT_EQ(lost.Reason(), "HELD_ELSEWHERE");
  EXPECT_EQ(filing_->seen().size(), 1u) << "once there, never back";
  EXPECT_EQ(review_->seen().size(), 2u);
}

TEST_F(CallTest, AServiceThatIsDownIsNamed) {
  StartGateway();
  for (const char* path : {"/alliance.evaluation.v1.EvaluationService/GetCampaign",
                           "/alliance.subsidy.v1.SubsidyService/GetSubsidyCase"}) {
    const Reply reply = Post(path, "{}", As("lead-1"));
    EXPECT_EQ(reply.status, 503) << reply.body;
    EXPECT_EQ(reply.Code(), "unavailable");
    EXPECT_EQ(reply.Reason(), "PEER_UNAVAILABLE");
    EXPECT_EQ(reply.Header("retry-after"), "1");
    EXPECT_NE(reply.body.find("暂时不可用"), std::string::npos);
    EXPECT_EQ(reply.body.find("connect"), std::string::npos) << "nothing of gRPC's own text";
  }
}

TEST_F(CallTest, NothingInternalLeaks) {
  StartGateway();
  const Reply bare = Post(kGetRound, R"({"name":"rounds/bare"})");
  EXPECT_EQ(bare.status, 500);
  EXPECT_EQ(bare.Reason(), "INTERNAL");
  EXPECT_EQ(bare.body.find("SELECT"), std::string::npos);
  // The caller's login is fine; that the service does not believe the gateway is not his affair.
  const Reply disbelieved = Post("/alliance.review.v1.ReviewService/GetNotice", "{}");
  EXPECT_EQ(disbelieved.status, 500);
  EXPECT_EQ(disbelieved.Reason(), "INTERNAL");
}

TEST_F(CallTest, TheClientsTimeLimitReachesTheServiceAndIsClamped) {
  StartGateway();
  EXPECT_EQ(Post(kGetRound, "{}", {{"Connect-Timeout-Ms", "5000"}}).status, 200);
  EXPECT_EQ(Post(kGetRound, "{}", {{"Connect-Timeout-Ms", "9999999999"}}).status, 200);
  EXPECT_EQ(Post(kGetRound, "{}").status, 200);
  const auto seen = filing_->seen();
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_LE(seen[0].time_left, absl::Seconds(5));
  EXPECT_GT(seen[0].time_left, absl::Seconds(1));
  for (int i : {1, 2}) {
    EXPECT_LE(seen[i].time_left, absl::Seconds(30));
    EXPECT_GT(seen[i].time_left, absl::Seconds(20));
  }
  const Reply late = Post(kGetRound, "{}", {{"Connect-Timeout-Ms", "0"}});
  EXPECT_EQ(late.status, 504);
  EXPECT_EQ(late.Reason(), "DEADLINE");
  const Reply slow = Post(kGetRound, R"({"name":"rounds/wait"})", {{"Connect-Timeout-Ms", "300"}});
  EXPECT_EQ(slow.status, 504) << slow.body;
  EXPECT_EQ(slow.Code(), "deadline_exceeded");
  EXPECT_EQ(slow.Reason(), "DEADLINE");
}

TEST_F(CallTest, MetadataOfTheServiceComesBackUnlessItIsOurs) {
  StartGateway();
  const Reply reply = Post(kGetRound, R"({"name":"rounds/meta"})");
  EXPECT_EQ(reply.Header("x-lead"), "1");
  EXPECT_EQ(reply.Header("trailer-x-trail"), "2");
  EXPECT_EQ(reply.Header("trailer-x-bytes-bin"), "AAECAw") << "unpadded";
  EXPECT_EQ(reply.Header("alliance-secret"), "");
  EXPECT_EQ(reply.Header("trailer-x-lead"), "");
}

TEST_F(CallTest, TooManyCallsAreShedAndReadsFirst) {
  options_.forward = {.in_flight = 2, .reads = 1};
  StartGateway();
  testing_http::Client waiting(gateway_->http_port());
  waiting.Send(testing_http::Client::Format(
      "POST", kGetRound, {{"Content-Type", "application/json"}}, R"({"name":"rounds/wait"})"));
  filing_->entered.WaitForNotification();
  const Reply shed = Post(kGetRound, "{}");
  EXPECT_EQ(shed.status, 429) << shed.body;
  EXPECT_EQ(shed.Code(), "resource_exhausted");
  EXPECT_EQ(shed.Reason(), "OVERLOADED");
  // Nobody is looked up for a call that finds no room: a read with a token that nobody has.
  const Reply unknown = Post("/alliance.filing.v1.FilingService/GetApplication", "{}",
                             {{"Authorization", "Bearer nonsense"}});
  EXPECT_EQ(unknown.Reason(), "OVERLOADED") << unknown.body;
  EXPECT_EQ(shed.Header("retry-after"), "1");
  EXPECT_EQ(Post(kCreate, "{}", As("lead-1")).status, 200) << "a write still gets through";
  filing_->release.Notify();
  EXPECT_EQ(waiting.Read().status, 200);
  EXPECT_EQ(Post(kGetRound, "{}").status, 200);
}

TEST_F(CallTest, CallsInFlightFinishWhenTheGatewayEnds) {
  StartGateway();
  testing_http::Client waiting(gateway_->http_port());
  testing_http::Client idle(gateway_->http_port());
  EXPECT_EQ(idle.Post(kGetRound, "{}").status, 200);
  waiting.Send(testing_http::Client::Format(
      "POST", kGetRound, {{"Content-Type", "application/json"}}, R"({"name":"rounds/wait"})"));
  filing_->entered.WaitForNotification();
  std::thread stop([&] { gateway_->Stop(absl::Seconds(10)); });
  EXPECT_TRUE(idle.IsClosed());
  filing_->release.Notify();
  const Reply reply = waiting.Read();
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.Header("connection"), "close");
  stop.join();
}

TEST_F(CallTest, CallsThatDoNotFinishAreCancelledAtTheEnd) {
  StartGateway();
  testing_http::Client waiting(gateway_->http_port());
  waiting.Send(testing_http::Client::Format(
      "POST", kGetRound, {{"Content-Type", "application/json"}}, R"({"name":"rounds/wait"})"));
  filing_->entered.WaitForNotification();
  const absl::Time start = absl::Now();
  gateway_->Stop(absl::Milliseconds(50));
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  const Reply reply = waiting.Read();
  EXPECT_EQ(reply.status, 499) << reply.body;
  EXPECT_EQ(reply.Reason(), "CANCELLED");
}

}  // namespace
}  // namespace alliance::gateway
