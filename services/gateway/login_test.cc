// Logging in and out, locks, and the life of a session, through the gateway's own front door.

#include <thread>

#include "services/gateway/test_gateway.h"

namespace alliance::gateway {
namespace {

using testing_gateway::GatewayTest;
using testing_gateway::kPassword;
using testing_http::Headers;
using testing_http::Reply;

constexpr char kLogin[] = "/alliance.gateway.v1.AccountService/Login";
constexpr char kLogout[] = "/alliance.gateway.v1.AccountService/Logout";
constexpr char kGetSession[] = "/alliance.gateway.v1.AccountService/GetSession";
constexpr char kListOffices[] = "/alliance.gateway.v1.DirectoryService/ListOffices";

class LoginTest : public GatewayTest {
 protected:
  std::string Whoami(const Headers& headers) {
    const Reply reply = Post(kGetSession, "{}", headers);
    return reply.status == 200 ? reply.Text("login") : reply.Reason();
  }
};

TEST_F(LoginTest, APasswordBecomesASession) {
  StartGateway();
  const Reply reply = Login("officer-1");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.Text("login"), "officer-1");
  EXPECT_EQ(reply.Text("role"), "recommender");
  EXPECT_EQ(reply.Text("region"), "210100");
  EXPECT_EQ(reply.Text("expireTime"), "2023-11-15T10:13:20Z") << "12 hours";
  const std::string token = reply.Text("accessToken");
  EXPECT_GE(token.size(), 43u);

  const Reply session = Post(kGetSession, "{}", {{"Authorization", "Bearer " + token}});
  EXPECT_EQ(session.Text("login"), "officer-1");
  EXPECT_EQ(session.Text("expireTime"), "2023-11-15T10:13:20Z");
  EXPECT_EQ(session.Json().fields().count("accessToken"), 0u) << "said once";
  // Not the token but its digest is stored; the history knows of the login.
  EXPECT_EQ(schema_->Value("SELECT HEX(token_sha256) FROM session").size(), 64u);
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM history WHERE case_id='accounts/officer-1'"
                           " AND action='login'"),
            1);
}

TEST_F(LoginTest, WrongShapesNameEveryField) {
  StartGateway();
  const Reply reply = Post(kLogin, "{}");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.Problem(), "login:REQUIRED");
  EXPECT_NE(reply.body.find("\"field\":\"password\""), std::string::npos);
  EXPECT_EQ(Login("lead-1", std::string(129, 'x')).Problem(), "password:TOO_LONG");
}

TEST_F(LoginTest, UnknownAndWrongAreOneAnswer) {
  StartGateway();
  const Reply wrong = Login("lead-1", "wrong");
  const Reply unknown = Login("nobody", "wrong");
  const Reply odd = Login("NOBODY ' OR 1=1--", "wrong");
  for (const Reply* reply : {&wrong, &unknown, &odd}) {
    EXPECT_EQ(reply->status, 401) << reply->body;
    EXPECT_EQ(reply->Reason(), "BAD_CREDENTIALS");
    EXPECT_EQ(reply->body, wrong.body);
  }
}

TEST_F(LoginTest, ASwitchedOffAccountIsLikeNone) {
  StartGateway();
  const Headers lead = As("lead-1");
  EXPECT_EQ(Whoami(lead), "lead-1");
  Put({.id = "lead-1", .role = "applicant", .organisation = "X", .active = false});
  now_.Advance(kIdentityFresh);
  EXPECT_EQ(Whoami(lead), "TOKEN_INVALID");
  EXPECT_EQ(Login("lead-1").Reason(), "BAD_CREDENTIALS");
}

// docs/threats.md B1-S1: five failures lock, the right password then does not help, and time does.
TEST_F(LoginTest, FiveFailuresLockEvenTheRightPassword) {
  StartGateway();
  for (const char* login : {"lead-1", "nobody"}) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(Login(login, "wrong").Reason(), "BAD_CREDENTIALS") << i;
    const Reply locked = Login(login, "wrong");
    EXPECT_EQ(locked.status, 429) << login << locked.body;
    EXPECT_EQ(locked.Reason(), "LOCKED_OUT");
    EXPECT_EQ(locked.Header("retry-after"), "1");
  }
  EXPECT_EQ(Login("lead-1").Reason(), "LOCKED_OUT") << "the right password";
  EXPECT_EQ(Login("officer-1").status, 200) << "others are not locked";
  now_.Advance(absl::Minutes(5) - absl::Seconds(1));
  EXPECT_EQ(Login("lead-1").Reason(), "LOCKED_OUT");
  now_.Advance(absl::Seconds(1));
  EXPECT_EQ(Login("lead-1", "wrong").Reason(), "BAD_CREDENTIALS");
  now_.Advance(absl::Minutes(10) - absl::Seconds(1));
  EXPECT_EQ(Login("lead-1").Reason(), "LOCKED_OUT") << "the second lock is longer";
  now_.Advance(absl::Seconds(1));
  EXPECT_EQ(Login("lead-1").status, 200);
  EXPECT_EQ(Login("lead-1", "wrong").Reason(), "BAD_CREDENTIALS") << "success has forgotten all";
}

TEST_F(LoginTest, OneSourceCannotTryManyAccounts) {
  options_.logins = {.failures = 3, .one_back_per = absl::Seconds(60)};
  StartGateway();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Login(base::StrCat("guess-", i), "x").Reason(), "BAD_CREDENTIALS");
  }
  const Reply limited = Login("lead-1");
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.Reason(), "RATE_LIMITED");
  now_.Advance(absl::Seconds(60));
  EXPECT_EQ(Login("lead-1").status, 200);
}

TEST_F(LoginTest, LogoutEndsTheSessionAtOnce) {
  StartGateway();
  const Headers lead = As("lead-1");
  const Headers other = As("lead-1");
  EXPECT_EQ(Whoami(lead), "lead-1");
  EXPECT_EQ(Post(kLogout, "{}", lead).status, 200);
  EXPECT_EQ(Whoami(lead), "TOKEN_INVALID");
  EXPECT_EQ(Whoami(other), "lead-1") << "another session of the same account lives on";
  EXPECT_EQ(Post(kLogout, "{}", lead).Reason(), "TOKEN_INVALID");
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM history WHERE action='logout'"), 1);
}

TEST_F(LoginTest, ASessionEndsAfterHalfAnHourWithoutUse) {
  StartGateway();
  const Headers lead = As("lead-1");
  for (int i = 0; i < 3; ++i) {
    now_.Advance(kSessionIdle - absl::Seconds(1));
    EXPECT_EQ(Whoami(lead), "lead-1") << "use keeps it alive";
  }
  now_.Advance(kSessionIdle);
  EXPECT_EQ(Whoami(lead), "TOKEN_EXPIRED");
}

TEST_F(LoginTest, ASessionEndsAfterTwelveHoursInAnyCase) {
  StartGateway();
  const Headers lead = As("lead-1");
  const absl::Time end = now_.Now() + kSessionLife;
  while (now_.Now() + absl::Minutes(20) < end) {
    now_.Advance(absl::Minutes(20));
    ASSERT_EQ(Whoami(lead), "lead-1");
  }
  now_.Set(end - absl::Milliseconds(1));
  EXPECT_EQ(Whoami(lead), "lead-1");
  now_.Set(end);
  EXPECT_EQ(Whoami(lead), "TOKEN_EXPIRED") << "also when it was known a moment ago";
}

TEST_F(LoginTest, ARoleThatWasTakenAwayIsFeltWithinASecond) {
  StartGateway();
  const Headers officer = As("officer-1");
  EXPECT_EQ(Whoami(officer), "officer-1");
  Put({.id = "officer-1", .role = "recommender", .region = "210200"});
  now_.Advance(kIdentityFresh);
  EXPECT_EQ(Whoami(officer), "TOKEN_INVALID");
}

TEST_F(LoginTest, ReadsDoNotPayForTheDatabaseEachTime) {
  StartGateway();
  const Headers lead = As("lead-1");
  EXPECT_EQ(Whoami(lead), "lead-1");
  schema_->Execute("DELETE FROM session");
  EXPECT_EQ(Whoami(lead), "lead-1") << "known for a second";
  now_.Advance(kIdentityFresh);
  EXPECT_EQ(Whoami(lead), "TOKEN_INVALID");
}

TEST_F(LoginTest, EachSessionIsItsOwnAccount) {
  StartGateway();
  const Headers lead = As("lead-1");
  const Headers officer = As("officer-1");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Whoami(lead), "lead-1");
    EXPECT_EQ(Whoami(officer), "officer-1");
    EXPECT_EQ(Whoami({{"Authorization", "Bearer other"}}), "TOKEN_INVALID");
  }
}

TEST_F(LoginTest, ManyLoginsOfOneAccountAtOnceAllSucceed) {
  StartGateway();
  std::vector<std::thread> threads;
  std::atomic<int> succeeded = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      if (Login("lead-1").status == 200) ++succeeded;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(succeeded, 8) << "attempts that succeed are not failures, not even for a moment";
}

// Decision 13: without the database there is a clear answer, and what needs none goes on.
TEST_F(LoginTest, WithoutADatabaseThereIsAClearAnswer) {
  StartGateway();
  const Headers lead = As("lead-1");
  EXPECT_EQ(Whoami(lead), "lead-1");
  testdb::MariaDb::Shared().Kill();
  EXPECT_EQ(Whoami(lead), "lead-1") << "known for a second";
  now_.Advance(kIdentityFresh);
  const Reply session = Post(kGetSession, "{}", lead);
  EXPECT_EQ(session.status, 503);
  EXPECT_EQ(session.Reason(), "DATABASE_UNAVAILABLE");
  EXPECT_EQ(session.Header("retry-after"), "1");
  EXPECT_EQ(Login("lead-1").Reason(), "DATABASE_UNAVAILABLE");
  EXPECT_EQ(Post("/alliance.filing.v1.FilingService/GetRound", "{}").status, 200);
  testdb::MariaDb::Shared().Start();
  EXPECT_EQ(Whoami(lead), "lead-1") << "the session has survived";
}

// R-013, R-014, R-088: Annex 3 in its order; the one number that is a person's mobile is masked.
TEST_F(LoginTest, TheDirectoryIsOpenPagedAndMasked) {
  const auto pack = rules::LoadPack(ALLIANCE_SOURCE_DIR "/common/rules/2023.textproto");
  ASSERT_TRUE(pack.ok()) << pack.status();
  offices_ = DirectoryOf(*pack);
  StartGateway();
  const Reply all = Post(kListOffices, "{}");
  ASSERT_EQ(all.status, 200) << all.body;
  const google::protobuf::Struct json = all.Json();
  const auto& offices = json.fields().at("offices").list_value().values();
  ASSERT_EQ(offices.size(), 15);
  const auto text = [&](int i, const char* field) {
    return offices[i].struct_value().fields().at(field).string_value();
  };
  EXPECT_EQ(text(0, "officeName"), "沈阳市科技局");
  EXPECT_EQ(text(0, "phone"), "024-22740339");
  EXPECT_EQ(text(2, "contact"), "王 京") << "the annex's spacing";
  EXPECT_EQ(text(13, "place"), "葫芦岛市");
  EXPECT_EQ(text(14, "contact"), "魏 超");
  EXPECT_EQ(text(14, "phone"), "152****4131");
  EXPECT_EQ(all.body.find("15242304131"), std::string::npos);
  EXPECT_EQ(json.fields().count("nextPageToken"), 0u);

  const Reply first = Post(kListOffices, R"({"pageSize":10})");
  EXPECT_EQ(first.Json().fields().at("offices").list_value().values_size(), 10);
  const Reply rest = Post(kListOffices, base::StrCat(R"({"pageSize":10,"pageToken":")",
                                                     first.Text("nextPageToken"), "\"}"));
  EXPECT_EQ(rest.Json().fields().at("offices").list_value().values_size(), 5);
  EXPECT_EQ(Post(kListOffices, R"({"pageSize":-1})").Problem(), "page_size:NEGATIVE");
  for (const char* token : {"x", "o", "o0", "o15", "o-1", "o1x"}) {
    EXPECT_EQ(Post(kListOffices, base::StrCat(R"({"pageToken":")", token, "\"}")).Reason(),
              "PAGE_TOKEN_INVALID")
        << token;
  }
  EXPECT_EQ(Post(kListOffices, R"({"pageSize":100000})").status, 200) << "coerced";
}

TEST(ShownPhone, MasksMobilesOnly) {
  EXPECT_EQ(ShownPhone("15242304131"), "152****4131");
  EXPECT_EQ(ShownPhone("0412-5215902"), "0412-5215902");
  EXPECT_EQ(ShownPhone("024-22740339"), "024-22740339");
  EXPECT_EQ(ShownPhone(""), "");
}

}  // namespace
}  // namespace alliance::gateway
