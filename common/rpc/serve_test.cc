// Serve around a real handler over real mutual TLS: who gets in, what each failure looks like on
// the wire, and what a full queue does.

#include "common/rpc/serve.h"

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "alliance/gateway/v1/gateway.grpc.pb.h"
#include "common/domain/errors.h"
#include "common/rpc/bind.h"
#include "common/rpc/client.h"
#include "common/rpc/serve_fixture.h"
#include "common/rpc/status.h"
#include "gtest/gtest.h"

namespace alliance::rpc {
namespace {

namespace pb = ::alliance::gateway::v1;
using domain::Reason;
using domain::RefusedFor;

constexpr char kMethod[] = "/alliance.gateway.v1.AccountService/GetSession";
constexpr char kPeerMethod[] = "/alliance.gateway.v1.AccountService/Logout";

// GetSession answers who called, or does what the test asks by the caller's account.
class Echo {
 public:
  ALLIANCE_RPC(GetSession, pb::GetSessionRequest, pb::Session)
  ALLIANCE_RPC(Logout, pb::LogoutRequest, pb::LogoutResponse)

  absl::Notification entered;
  absl::Notification release;
  std::atomic<bool> late_started = false;
};

class EchoWire final : public Bound<pb::AccountService, Echo> {
 public:
  using Bound::Bound;
  ALLIANCE_BIND(GetSession)
  ALLIANCE_BIND_PEER(Logout)
};

absl::Status Echo::GetSession(const Call& call, const pb::GetSessionRequest&, pb::Session* answer) {
  const std::string& account = call.caller.account;
  if (account == "throws") throw std::runtime_error("secret detail of a bug");
  if (account == "fails") return absl::InternalError("SELECT secret FROM detail");
  if (account == "late") late_started = true;
  if (account == "blocks") {
    entered.Notify();
    release.WaitForNotification();
  }
  if (account == "refused") {
    return domain::Refuse(Reason::kInvalidRequest, {},
                          {{.field = "lead.staff.y1",
                            .reason = "NEGATIVE",
                            .zh = "不得为负",
                            .en = "must not be negative",
                            .clause = "R-044"}});
  }
  answer->set_login(account);
  answer->set_role(std::string(domain::WordOf(call.caller.role)));
  answer->set_region(call.caller.region);
  answer->set_display_name(call.trace.trace_id);
  return absl::OkStatus();
}

absl::Status Echo::Logout(const Call&, const pb::LogoutRequest&, pb::LogoutResponse*) {
  return absl::OkStatus();
}

class ServeTest : public ServeFixture {
 protected:
  void Start(int workers, int queue_limit) {
    MakeServe(workers, queue_limit);
    auto echo = std::make_unique<Echo>();
    echo_ = echo.get();
    wire_ = std::make_unique<EchoWire>(*serve_, std::move(echo));
    Listen(wire_.get());
  }

  std::unique_ptr<pb::AccountService::Stub> StubOf(std::string_view uri) {
    return pb::AccountService::NewStub(ChannelAs(uri));
  }

  std::string TokenFor(std::string_view account, std::string_view audience = kService,
                       std::string_view method = kMethod, absl::Time at = absl::Now()) {
    return ServeFixture::TokenFor(account, audience, method, at);
  }

  static absl::Status Ask(pb::AccountService::Stub& stub, const std::string& token,
                          pb::Session* answer, absl::Duration timeout = absl::Seconds(5)) {
    grpc::ClientContext context;
    Equip(context, timeout, token);
    return FromWire(stub.GetSession(&context, {}, answer));
  }

  std::unique_ptr<EchoWire> wire_;
  Echo* echo_ = nullptr;
  pb::Session answer_;
};

TEST_F(ServeTest, TheGatewaysWordForTheCallerReachesTheHandler) {
  Start(2, 8);
  auto stub = StubOf("alliance://services/gateway");
  ASSERT_TRUE(Ask(*stub, TokenFor("dalian"), &answer_).ok());
  EXPECT_EQ(answer_.login(), "dalian");
  EXPECT_EQ(answer_.role(), "recommender");
  EXPECT_EQ(answer_.region(), "210200");
  EXPECT_EQ(answer_.display_name(), "0af7651916cd43dd8448eb211c80319c") << "the trace goes on";
}

TEST_F(ServeTest, NobodyGetsInWithoutAValidToken) {
  Start(2, 8);
  auto stub = StubOf("alliance://services/gateway");
  std::string forged = TokenFor("dalian");
  forged[forged.size() / 2] ^= 1;
  const struct {
    const char* what;
    std::string token;
    Reason reason;
  } cases[] = {
      {"none", "", Reason::kLoginRequired},
      {"garbage", "garbage", Reason::kTokenInvalid},
      {"one bit changed", forged, Reason::kTokenInvalid},
      {"for another service", TokenFor("dalian", "review"), Reason::kTokenInvalid},
      {"for another method", TokenFor("dalian", "filing", kPeerMethod), Reason::kTokenInvalid},
      {"31 seconds old", TokenFor("dalian", "filing", kMethod, absl::Now() - absl::Seconds(31)),
       Reason::kTokenExpired},
      {"from the future", TokenFor("dalian", "filing", kMethod, absl::Now() + absl::Seconds(60)),
       Reason::kTokenExpired},
  };
  for (const auto& c : cases) {
    const absl::Status status = Ask(*stub, c.token, &answer_);
    EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated) << c.what;
    EXPECT_TRUE(RefusedFor(status, c.reason)) << c.what << ": " << status;
  }
}

// A good token is remembered by its bytes; where and when it may be used is asked again each time.
TEST_F(ServeTest, AKnownTokenIsStillForItsMethodAndItsLifeOnly) {
  MakeKey();
  CallerVerifier callers(verifier_, "filing");
  const absl::Time now = absl::Now();
  const std::string token = TokenFor("dalian", "filing", kMethod, now);
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(callers.Verify(token, kMethod, now).ok());
    EXPECT_TRUE(
        RefusedFor(callers.Verify(token, kPeerMethod, now).status(), Reason::kTokenInvalid));
    EXPECT_TRUE(callers.Verify(token, kMethod, now + kTokenLife - absl::Microseconds(1)).ok());
    EXPECT_TRUE(RefusedFor(callers.Verify(token, kMethod, now + kTokenLife).status(),
                           Reason::kTokenExpired));
  }
}

TEST_F(ServeTest, ASignedTokenIsUsedAgainForTenSecondsAndForTheSameCallerOnly) {
  MakeKey();
  CallerSigner callers(std::move(*signer_));
  const absl::Time now = absl::Now();
  const domain::Caller dalian{
      .account = "dalian", .role = domain::Role::kRecommender, .region = "210200"};
  const std::string token = callers.Sign(dalian, "filing", kMethod, now);
  const auto again = [&](const domain::Caller& caller, const char* audience, const char* method,
                         absl::Duration later) {
    return callers.Sign(caller, audience, method, now + later) == token;
  };
  EXPECT_TRUE(again(dalian, "filing", kMethod, absl::Seconds(10) - absl::Nanoseconds(1)));
  EXPECT_FALSE(again(dalian, "filing", kPeerMethod, absl::ZeroDuration()));
  EXPECT_FALSE(again(dalian, "review", kMethod, absl::ZeroDuration()));
  domain::Caller moved = dalian;
  moved.region = "210300";
  EXPECT_FALSE(again(moved, "filing", kMethod, absl::ZeroDuration())) << "new rights count at once";
  EXPECT_FALSE(again(dalian, "filing", kMethod, absl::Seconds(-1))) << "a clock that jumped back";
  EXPECT_FALSE(again(dalian, "filing", kMethod, absl::Seconds(10)));
}

// A recommender without a region, an applicant or firm without an organisation has no scope.
TEST_F(ServeTest, ARoleWithoutItsScopeIsNobody) {
  Start(2, 8);
  auto stub = StubOf("alliance://services/gateway");
  for (const domain::Role role :
       {domain::Role::kRecommender, domain::Role::kApplicant, domain::Role::kFirm}) {
    const std::string token =
        SignCaller(*signer_, {.account = "nobody", .role = role}, "filing", kMethod, absl::Now());
    EXPECT_TRUE(RefusedFor(Ask(*stub, token, &answer_), Reason::kTokenInvalid))
        << domain::WordOf(role);
  }
}

TEST_F(ServeTest, AnotherServiceCannotPassAsTheGateway) {
  Start(2, 8);
  auto stub = StubOf("alliance://services/review");
  EXPECT_TRUE(RefusedFor(Ask(*stub, TokenFor("dalian"), &answer_), Reason::kNotPermitted));
}

TEST_F(ServeTest, PeerMethodsAreForPeersOnly) {
  Start(2, 8);
  const auto logout = [&](std::string_view uri) {
    grpc::ClientContext context;
    Prepare(context, absl::Now() + absl::Seconds(5), "");
    pb::LogoutResponse answer;
    return FromWire(StubOf(uri)->Logout(&context, {}, &answer));
  };
  EXPECT_TRUE(logout("alliance://services/review").ok());
  EXPECT_TRUE(RefusedFor(logout("alliance://services/gateway"), Reason::kNotPermitted));
  EXPECT_TRUE(RefusedFor(logout("alliance://firms/review"), Reason::kNotPermitted));
}

TEST_F(ServeTest, AStrangersCertificateDoesNotPassTheHandshake) {
  Start(2, 8);
  testing_certs::Authority stranger;
  config::v1::Tls tls = TlsOf(stranger.Issue("alliance://services/gateway"));
  tls.set_ca_file(authority_.folder() + "/ca.pem");
  auto stub =
      pb::AccountService::NewStub(Connect("127.0.0.1:" + std::to_string(server_->port()), tls));
  EXPECT_EQ(Ask(*stub, TokenFor("dalian"), &answer_, absl::Seconds(2)).code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(ServeTest, ABugTellsTheCallerNothing) {
  Start(2, 8);
  auto stub = StubOf("alliance://services/gateway");
  for (const char* account : {"throws", "fails"}) {
    const absl::Status status = Ask(*stub, TokenFor(account), &answer_);
    EXPECT_TRUE(RefusedFor(status, Reason::kInternal)) << status;
    EXPECT_EQ(status.ToString().find("secret"), std::string::npos) << status;
  }
}

TEST_F(ServeTest, ARefusalArrivesWithEveryField) {
  Start(2, 8);
  const absl::Status status =
      Ask(*StubOf("alliance://services/gateway"), TokenFor("refused"), &answer_);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  const auto details = domain::DetailsOf(status);
  ASSERT_TRUE(details.has_value());
  EXPECT_EQ(details->reason, "INVALID_REQUEST");
  EXPECT_FALSE(details->zh.empty());
  ASSERT_EQ(details->fields.size(), 1u);
  EXPECT_EQ(details->fields[0].field, "lead.staff.y1");
  EXPECT_EQ(details->fields[0].reason, "NEGATIVE");
  EXPECT_EQ(details->fields[0].zh, "不得为负");
  EXPECT_EQ(details->fields[0].clause, "R-044");
}

// Waits until `calls` have arrived and are not answered: one of them running, the others queued.
void WaitInFlight(double calls) {
  prometheus::Gauge& in_flight = obs::Gauge("rpc_in_flight", "");
  while (in_flight.Value() < calls) std::this_thread::yield();
}

TEST_F(ServeTest, AFullQueueShedsAtOnce) {
  Start(/*workers=*/1, /*queue_limit=*/1);
  auto stub = StubOf("alliance://services/gateway");
  pb::Session first;
  pb::Session second;
  std::thread running([&] { EXPECT_TRUE(Ask(*stub, TokenFor("blocks"), &first).ok()); });
  echo_->entered.WaitForNotification();
  std::thread queued([&] { EXPECT_TRUE(Ask(*stub, TokenFor("dalian"), &second).ok()); });
  WaitInFlight(2);
  for (int i = 0; i < 4; ++i) {
    const absl::Status status = Ask(*stub, TokenFor("dalian"), &answer_);
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
    EXPECT_TRUE(RefusedFor(status, Reason::kOverloaded)) << status;
  }
  echo_->release.Notify();
  running.join();
  queued.join();
}

TEST_F(ServeTest, ACallWhoseTimeRanOutInTheQueueIsNotStarted) {
  Start(/*workers=*/1, /*queue_limit=*/4);
  auto stub = StubOf("alliance://services/gateway");
  pb::Session blocked_answer;
  std::thread blocked([&] { EXPECT_TRUE(Ask(*stub, TokenFor("blocks"), &blocked_answer).ok()); });
  echo_->entered.WaitForNotification();
  const absl::Status status = Ask(*stub, TokenFor("late"), &answer_, absl::Milliseconds(300));
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  echo_->release.Notify();
  blocked.join();
  server_.reset();  // everything queued has been answered
  serve_.reset();
  EXPECT_FALSE(echo_->late_started);
}

TEST_F(ServeTest, TwoServersOnOnePortAreAnError) {
  Start(2, 8);
  const auto second = Server::Start({.address = "127.0.0.1:" + std::to_string(server_->port()),
                                     .tls = TlsOf(authority_.Issue("alliance://services/filing")),
                                     .name = "filing"},
                                    {});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(second.status().message().find("is the port taken?"), absl::string_view::npos);
}

}  // namespace
}  // namespace alliance::rpc
