// Every wrong field of a request at once, each with its path and reason.

#include "common/act/shape.h"

#include <string>

#include "common/act/page.h"
#include "gtest/gtest.h"

namespace alliance::act {
namespace {

using domain::Reason;
using domain::RefusedFor;

constexpr char kUuid[] = "0190a5e0-7c11-7d3a-8f6e-0123456789ab";

// "field:REASON field:REASON" of a refusal.
std::string Problems(const Shape& shape) {
  std::string out;
  const auto details = domain::DetailsOf(shape.Done());
  if (!details) return out;
  for (const auto& field : details->fields) out += field.field + ":" + field.reason + " ";
  return out;
}

TEST(Shape, AGoodRequestPasses) {
  Shape shape;
  EXPECT_EQ(shape.Name("name", "applications/", std::string("applications/") + kUuid), kUuid);
  EXPECT_EQ(shape.YearlyName("name", "evaluations/", std::string("evaluations/") + kUuid + "-2023"),
            std::string(kUuid) + "-2023");
  EXPECT_EQ(shape.Slug("round", "rounds/", "rounds/2023-tsl"), "2023-tsl");
  shape.Etag("\"1\"");
  shape.Text("reason", "缺少税务章", 5);
  shape.OptionalText("comment", "");
  shape.OptionalText("blank", std::string(20, ' '), 5);
  shape.HexDigest("digest", std::string(64, 'a'));
  shape.Day("day", "2024-02-29");
  shape.Between("count", 500, 1, 500);
  filing::v1::Document document;
  document.set_title("推荐函");
  document.set_sha256(std::string(32, 'x'));
  shape.Document("letter", document);
  EXPECT_TRUE(shape.Done().ok()) << shape.Done() << Problems(shape);
}

TEST(Shape, EveryWrongFieldIsNamedAtOnce) {
  Shape shape;
  EXPECT_EQ(shape.Name("name", "applications/", "applications/1"), "");
  EXPECT_EQ(shape.Name("case", "reviewCases/", std::string("applications/") + kUuid), "");
  EXPECT_EQ(shape.YearlyName("year", "evaluations/", std::string("evaluations/") + kUuid), "");
  EXPECT_EQ(shape.Slug("round", "rounds/", "rounds/2023/../2022"), "");
  shape.Text("reason", " \t\n");
  shape.Text("long", "六个汉字过长", 5);
  shape.OptionalText("blank", std::string(21, ' '), 5);
  shape.OptionalText("nul", std::string("a\0b", 3));
  shape.OptionalText("utf8", "\xC0\xAF");
  shape.HexDigest("digest", std::string(63, 'a'));
  shape.Day("day", "2023-02-29");
  shape.Between("count", 501, 1, 500);
  shape.Document("letter", {});
  EXPECT_EQ(
      Problems(shape),
      "name:NAME case:NAME year:NAME round:NAME reason:REQUIRED long:TOO_LONG "
      "blank:TOO_LONG nul:FORBIDDEN_CHARACTER utf8:FORBIDDEN_CHARACTER digest:DIGEST day:NOT_A_DAY "
      "count:OUT_OF_RANGE letter.title:REQUIRED letter.sha256:DIGEST ");
}

TEST(Etag, MissingStaleAndCurrentDiffer) {
  Shape shape;
  shape.Etag("");
  EXPECT_TRUE(RefusedFor(shape.Done(), Reason::kEtagRequired));
  EXPECT_TRUE(CheckEtag(Etag(7), 7).ok());
  for (const char* stale : {"\"6\"", "7", "W/\"7\"", "\"07\""}) {
    EXPECT_TRUE(RefusedFor(CheckEtag(stale, 7), Reason::kEtagStale)) << stale;
    EXPECT_EQ(CheckEtag(stale, 7).code(), absl::StatusCode::kAborted);
  }
}

TEST(Page, ATokenBelongsToItsQuestionAndCaller) {
  rpc::Call call;
  call.method = "/a/List";
  call.caller.account = "shenyang";
  const std::string token = PageToken(call, "state=3", "2023|abc");
  ASSERT_TRUE(ReadPage(call, "state=3", 10, token).ok());
  EXPECT_EQ(ReadPage(call, "state=3", 10, token)->after, "2023|abc");
  EXPECT_TRUE(RefusedFor(ReadPage(call, "state=4", 10, token).status(), Reason::kPageTokenInvalid));
  EXPECT_TRUE(RefusedFor(ReadPage(call, "state=3", 10, "!!").status(), Reason::kPageTokenInvalid));
  EXPECT_TRUE(
      RefusedFor(ReadPage(call, "state=3", 10, "YWJj").status(), Reason::kPageTokenInvalid));
  call.caller.account = "dalian";
  EXPECT_TRUE(RefusedFor(ReadPage(call, "state=3", 10, token).status(), Reason::kPageTokenInvalid));
}

TEST(Page, SizesAreCoercedOrRefused) {
  const rpc::Call call{.method = "/a/List"};
  EXPECT_EQ(ReadPage(call, "", 0, "")->limit, 50);
  EXPECT_EQ(ReadPage(call, "", 200, "")->limit, 200);
  EXPECT_EQ(ReadPage(call, "", 201, "")->limit, 200);
  EXPECT_TRUE(RefusedFor(ReadPage(call, "", -1, "").status(), Reason::kInvalidRequest));
}

}  // namespace
}  // namespace alliance::act
