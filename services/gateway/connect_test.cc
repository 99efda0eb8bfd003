// The rules of the Connect protocol and of JSON bodies, one table each.

#include "services/gateway/connect.h"

#include <gtest/gtest.h>

#include <string>

#include "common/domain/errors.h"
#include "common/rpc/status.h"
#include "services/gateway/gzip.h"
#include "services/gateway/json_check.h"
#include "services/gateway/methods.h"
#include "services/gateway/source.h"

namespace alliance::gateway {
namespace {

using domain::Reason;

// The reason word of the first wrong place, or the refusal's own.
std::string ReasonIn(const absl::Status& status) {
  if (status.ok()) return "OK";
  const auto details = domain::DetailsOf(status);
  if (!details) return "no details";
  return details->fields.empty() ? details->reason : details->fields[0].reason;
}

std::string FieldIn(const absl::Status& status) {
  const auto details = domain::DetailsOf(status);
  return details && !details->fields.empty() ? details->fields[0].field : "";
}

TEST(Connect, ContentTypes) {
  EXPECT_EQ(CodecOf("application/json"), Codec::kJson);
  EXPECT_EQ(CodecOf("Application/JSON; charset=UTF-8"), Codec::kJson);
  EXPECT_EQ(CodecOf("application/json;charset=\"utf-8\""), Codec::kJson);
  EXPECT_EQ(CodecOf("application/proto"), Codec::kProto);
  for (const char* other :
       {"", "text/plain", "application/json; charset=gbk", "application/proto; charset=utf-8",
        "application/grpc", "application/connect+json", "application/x-www-form-urlencoded",
        "application/jsonx", "json"}) {
    EXPECT_EQ(CodecOf(other), std::nullopt) << other;
  }
}

TEST(Connect, Encodings) {
  EXPECT_EQ(*CodingOf(""), Coding::kIdentity);
  EXPECT_EQ(*CodingOf("identity"), Coding::kIdentity);
  EXPECT_EQ(*CodingOf("GZIP"), Coding::kGzip);
  for (const char* other : {"br", "deflate", "gzip, gzip", "zstd", "x"}) {
    const auto coding = CodingOf(other);
    EXPECT_EQ(coding.status().code(), absl::StatusCode::kUnimplemented) << other;
    EXPECT_EQ(ReasonIn(coding.status()), "UNSUPPORTED_ENCODING");
  }
  EXPECT_TRUE(AcceptsGzip("gzip"));
  EXPECT_TRUE(AcceptsGzip("br;q=1.0, gzip;q=0.5, *;q=0"));
  EXPECT_FALSE(AcceptsGzip(""));
  EXPECT_FALSE(AcceptsGzip("gzip;q=0"));
  EXPECT_FALSE(AcceptsGzip("gzipped, br"));
}

TEST(Connect, VersionIsOneOrNotSaid) {
  EXPECT_TRUE(CheckVersion("").ok());
  EXPECT_TRUE(CheckVersion("1").ok());
  EXPECT_EQ(ReasonIn(CheckVersion("2")), "UNSUPPORTED_VERSION");
  EXPECT_EQ(ReasonIn(CheckVersion("01")), "UNSUPPORTED_VERSION");
}

TEST(Connect, TimeoutIsAtMostTenDigitsAndIsClamped) {
  const absl::Duration longest = absl::Seconds(30);
  EXPECT_EQ(*TimeoutOf("", longest), longest);
  EXPECT_EQ(*TimeoutOf("0", longest), absl::ZeroDuration());
  EXPECT_EQ(*TimeoutOf("1500", longest), absl::Milliseconds(1500));
  EXPECT_EQ(*TimeoutOf("30001", longest), longest);
  EXPECT_EQ(*TimeoutOf("9999999999", longest), longest);
  for (const char* bad : {"12345678901", "-1", "+1", "1.5", "1s", " 1", "0x1", "１"}) {
    EXPECT_EQ(ReasonIn(TimeoutOf(bad, longest).status()), "BAD_TIMEOUT") << bad;
  }
}

TEST(Connect, CodesAndHttpStatusesAreTheFixedTable) {
  struct Row {
    grpc::StatusCode code;
    const char* word;
    int http;
  };
  const Row kRows[] = {
      {grpc::StatusCode::CANCELLED, "canceled", 499},
      {grpc::StatusCode::UNKNOWN, "unknown", 500},
      {grpc::StatusCode::INVALID_ARGUMENT, "invalid_argument", 400},
      {grpc::StatusCode::DEADLINE_EXCEEDED, "deadline_exceeded", 504},
      {grpc::StatusCode::NOT_FOUND, "not_found", 404},
      {grpc::StatusCode::ALREADY_EXISTS, "already_exists", 409},
      {grpc::StatusCode::PERMISSION_DENIED, "permission_denied", 403},
      {grpc::StatusCode::RESOURCE_EXHAUSTED, "resource_exhausted", 429},
      {grpc::StatusCode::FAILED_PRECONDITION, "failed_precondition", 400},
      {grpc::StatusCode::ABORTED, "aborted", 409},
      {grpc::StatusCode::OUT_OF_RANGE, "out_of_range", 400},
      {grpc::StatusCode::UNIMPLEMENTED, "unimplemented", 501},
      {grpc::StatusCode::INTERNAL, "internal", 500},
      {grpc::StatusCode::UNAVAILABLE, "unavailable", 503},
      {grpc::StatusCode::DATA_LOSS, "data_loss", 500},
      {grpc::StatusCode::UNAUTHENTICATED, "unauthenticated", 401},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(ConnectCode(row.code), row.word);
    EXPECT_EQ(HttpStatusOf(row.code), row.http) << row.word;
  }
  EXPECT_EQ(ConnectCode(static_cast<grpc::StatusCode>(77)), "unknown");
}

TEST(Connect, ErrorCarriesUnpaddedDetailsAndTheirDebugForm) {
  LinkDescriptors();
  const std::string json = ErrorJson(rpc::ToWire(domain::Refuse(
      Reason::kInvalidRequest, {}, {{"lead.y1", "REQUIRED", "必填\"项\"", "Required.", "Q18"}})));
  EXPECT_NE(json.find(R"("code":"invalid_argument")"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("type":"google.rpc.ErrorInfo")"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("reason":"INVALID_REQUEST")"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("type":"google.rpc.BadRequest")"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("type":"alliance.errors.v1.Problems")"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("textZh":"必填\"项\"")"), std::string::npos) << json;
  EXPECT_EQ(json.find("=\""), std::string::npos) << "padding";
  EXPECT_TRUE(CheckJson(json).ok()) << json;
}

TEST(Connect, AnErrorWithoutDetailsIsStillWellFormed) {
  const std::string json =
      ErrorJson(grpc::Status(grpc::StatusCode::UNAVAILABLE, "line\nbreak \"quoted\""));
  EXPECT_EQ(json, R"({"code":"unavailable","message":"line\nbreak \"quoted\""})");
}

TEST(Connect, BearerTokens) {
  EXPECT_EQ(BearerOf("Bearer abc"), "abc");
  EXPECT_EQ(BearerOf("bearer abc "), "abc");
  EXPECT_EQ(BearerOf("Basic abc"), std::nullopt);
  EXPECT_EQ(BearerOf("Bearer"), std::nullopt);
  EXPECT_EQ(BearerOf("Bearerabc"), std::nullopt);
  EXPECT_EQ(BearerOf(""), std::nullopt);
}

TEST(Source, IsTheAddressOrItsNetwork) {
  EXPECT_EQ(SourceOf("203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(SourceOf("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(SourceOf("::ffff:203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(SourceOfPeer("ipv4:203.0.113.7:51234"), "203.0.113.7");
  EXPECT_EQ(SourceOfPeer("ipv6:%5B2001:db8:1:2::9%5D:51234"), "2001:db8:1:2::/64");
  EXPECT_EQ(SourceOfPeer("ipv6:[::1]:51234"), "::/64");
  EXPECT_EQ(SourceOfPeer(""), "");
}

TEST(Source, OwnAndTransportMetadataStaysHere) {
  EXPECT_TRUE(IsForwarded("x-request-cost"));
  EXPECT_TRUE(IsForwarded("x-bytes-bin"));
  for (const char* name : {"grpc-status-details-bin", "alliance-caller-bin", "content-type",
                           "set-cookie", "connection", "transfer-encoding", "connect-x",
                           "trailer-x", "access-control-allow-origin", "X-Upper", "a b", "a:b"}) {
    EXPECT_FALSE(IsForwarded(name)) << name;
  }
}

TEST(Gzip, RoundTripAndLimits) {
  const std::string plain(100'000, 'x');
  const std::string packed = Gzip(plain);
  ASSERT_LT(packed.size(), 1000u);
  EXPECT_EQ(*Gunzip(packed, plain.size()), plain);
  EXPECT_EQ(*Gunzip(Gzip(""), 0), "");
  EXPECT_TRUE(domain::RefusedFor(Gunzip(packed, plain.size() - 1).status(), Reason::kTooLarge));
}

TEST(Gzip, ABombIsStoppedAtTheLimit) {
  const std::string bomb = Gzip(std::string(64 << 20, '\0'));
  ASSERT_LT(bomb.size(), 1u << 20);
  EXPECT_TRUE(domain::RefusedFor(Gunzip(bomb, 1 << 20).status(), Reason::kTooLarge));
}

TEST(Gzip, DamageIsRefused) {
  const std::string good = Gzip("hello, hello, hello");
  std::string flipped = good;
  flipped[good.size() - 6] ^= 1;  // in the checksum
  for (const std::string& bad : {std::string("not gzip"), good.substr(0, good.size() - 1),
                                 good + "x", good + good, flipped, std::string("\x1f\x8b")}) {
    EXPECT_EQ(ReasonIn(Gunzip(bad, 1000).status()), "BAD_GZIP");
  }
}

TEST(Json, OnlyStrictJsonPasses) {
  for (const char* good :
       {"{}", " {\"a\": 1}\n", R"({"a":"x","b":[1,2.5e-3,-0,true,false,null,{}],"c":{"a":1}})",
        R"({"a":"\ud83d\ude00\n\u4e2d"})", R"({"汉字":"𠮷"})", R"({"a":[[],[[]]]})"}) {
    EXPECT_TRUE(CheckJson(good).ok()) << good;
  }
  struct Row {
    std::string text;
    const char* reason;
  };
  const Row kRows[] = {
      {"", "JSON_SYNTAX"},
      {"[]", "JSON_SYNTAX"},
      {"null", "JSON_SYNTAX"},
      {"\xEF\xBB\xBF{}", "JSON_SYNTAX"},
      {"{} x", "JSON_SYNTAX"},
      {"{}{}", "JSON_SYNTAX"},
      {"{'a':1}", "JSON_SYNTAX"},
      {"{a:1}", "JSON_SYNTAX"},
      {R"({"a":1,})", "JSON_SYNTAX"},
      {R"({"a":[1,]})", "JSON_SYNTAX"},
      {R"({"a":01})", "JSON_SYNTAX"},
      {R"({"a":.5})", "JSON_SYNTAX"},
      {R"({"a":5.})", "JSON_SYNTAX"},
      {R"({"a":1e})", "JSON_SYNTAX"},
      {R"({"a":+1})", "JSON_SYNTAX"},
      {R"({"a":NaN})", "JSON_SYNTAX"},
      {R"({"a":Infinity})", "JSON_SYNTAX"},
      {R"({"a":tru})", "JSON_SYNTAX"},
      {R"({"a":"x)", "JSON_SYNTAX"},
      {R"({"a":"\x41"})", "JSON_SYNTAX"},
      {R"({"a":"\u12"})", "JSON_SYNTAX"},
      {R"({"a" 1})", "JSON_SYNTAX"},
      {R"({"a":1)", "JSON_SYNTAX"},
      {"{\"a\":\"tab\there\"}", "JSON_SYNTAX"},
      {R"({"a":1 /* note */})", "JSON_SYNTAX"},
      {R"({"a":1,"a":2})", "JSON_NAME_TWICE"},
      {R"({"leadName":1,"lead_name":2})", "JSON_NAME_TWICE"},
      {R"({"a":"\ud800"})", "NOT_UTF8"},
      {R"({"a":"\udc00\ud800"})", "NOT_UTF8"},
      {R"({"a":"\ud800\u0041"})", "NOT_UTF8"},
      {"{\"a\":\"\xC0\xAF\"}", "NOT_UTF8"},
      {"{\"a\":\"\xED\xA0\x80\"}", "NOT_UTF8"},
      {"{\"a\":\"\xF4\x90\x80\x80\"}", "NOT_UTF8"},
      {"{\"a\":\"\xE4\xB8\"}", "NOT_UTF8"},
      {R"({"a":"\u0000"})", "FORBIDDEN_CHARACTER"},
      {std::string("{\"a\":\"\0\"}", 9), "FORBIDDEN_CHARACTER"},
  };
  for (const Row& row : kRows) EXPECT_EQ(ReasonIn(CheckJson(row.text)), row.reason) << row.text;
}

TEST(Json, DepthHasALimitOnBothSides) {
  const auto nested = [](int depth) {
    std::string text;
    for (int i = 0; i < depth - 1; ++i) text += R"({"a":)";
    return text + "{}" + std::string(depth - 1, '}');
  };
  EXPECT_TRUE(CheckJson(nested(kMaxJsonDepth)).ok());
  EXPECT_EQ(ReasonIn(CheckJson(nested(kMaxJsonDepth + 1))), "JSON_TOO_DEEP");
  EXPECT_EQ(ReasonIn(CheckJson(R"({"a":)" + std::string(100'000, '['))), "JSON_TOO_DEEP");
}

TEST(Json, TheProblemNamesItsPlace) {
  EXPECT_EQ(FieldIn(CheckJson(R"({"form":{"members":[{},{"name":"\ud800"}]}})")),
            "form.members[1].name");
}

// Through a method's own types
// -------------------------------------------------------------------------

class MethodTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { methods_ = Methods::Make()->release(); }
  const Method& Of(std::string_view path) { return *methods_->Find(path); }
  static inline const Methods* methods_ = nullptr;
};

TEST_F(MethodTest, JsonBecomesBytesAndBack) {
  const Method& login = Of("/alliance.gateway.v1.AccountService/Login");
  const auto bytes = login.RequestFromJson(R"({"login":"lead-1","password":"p"})");
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  EXPECT_EQ(*bytes, std::string("\n\x06lead-1\x12\x01p"));
  EXPECT_EQ(*login.RequestFromJson(""), "");
  EXPECT_EQ(*login.RequestFromJson("{}"), "");
}

// 64-bit numbers are strings in JSON: money in fen would lose digits in a browser otherwise.
TEST_F(MethodTest, MoneyIsAStringInJson) {
  const Method& plan = Of("/alliance.subsidy.v1.SubsidyService/CreatePlan");
  const auto bytes = plan.RequestFromJson(R"({"budgetFen":"9007199254740993"})");
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  const auto number = plan.RequestFromJson(R"({"budget_fen":9007199254740993})");
  ASSERT_TRUE(number.ok()) << number.status();
  EXPECT_EQ(*bytes, *number);
}

TEST_F(MethodTest, WrongFieldsAreNamed) {
  const Method& update = Of("/alliance.filing.v1.FilingService/UpdateApplication");
  struct Row {
    const char* json;
    const char* field;
    const char* reason;
  };
  const Row kRows[] = {
      {R"({"nmae":"x"})", "nmae", "UNKNOWN_FIELD"},
      {R"({"__proto__":{}})", "__proto__", "UNKNOWN_FIELD"},
      {R"({"application":{"form":{"leed":{}}}})", "application.form.leed", "UNKNOWN_FIELD"},
      {R"({"application":"x"})", "application", "BAD_VALUE"},
      {R"({"application":{"name":{"a":1}}})", "application.name", "BAD_VALUE"},
      {R"({"application":{"state":"GRANTED"}})", "application.state", "BAD_VALUE"},
      {R"({"application":{"form":{"lead":{"salesFen":{"y1":"12.5"}}}}})",
       "application.form.lead.sales_fen.y1", "BAD_VALUE"},
      {R"({"application":{"form":{"lead":{"salesFen":{"y1":"99999999999999999999"}}}}})",
       "application.form.lead.sales_fen.y1", "BAD_VALUE"},
      {R"({"application":{"form":{"members":[{"kind":"NOPE"}]}}})",
       "application.form.members[0].kind", "BAD_VALUE"},
  };
  for (const Row& row : kRows) {
    const auto bytes = update.RequestFromJson(row.json);
    EXPECT_EQ(bytes.status().code(), absl::StatusCode::kInvalidArgument) << row.json;
    EXPECT_EQ(FieldIn(bytes.status()), row.field) << row.json;
    EXPECT_EQ(ReasonIn(bytes.status()), row.reason) << row.json;
  }
}

TEST_F(MethodTest, BytesThatAreNoMessageAreRefused) {
  const Method& login = Of("/alliance.gateway.v1.AccountService/Login");
  EXPECT_TRUE(login.CheckRequest("").ok());
  EXPECT_TRUE(login.CheckRequest("\n\x01x").ok());
  EXPECT_EQ(ReasonIn(login.CheckRequest("\n\x7fx")), "BAD_PROTO") << "cut";
  EXPECT_EQ(ReasonIn(login.CheckRequest("\n\x02\xC0\xAF")), "BAD_PROTO") << "not UTF-8";
  EXPECT_EQ(ReasonIn(login.CheckRequest(std::string(5000, '\x0b'))), "BAD_PROTO") << "groups";
}

}  // namespace
}  // namespace alliance::gateway
