#include "services/ctl/json.h"

#include <gtest/gtest.h>

#include <limits>

#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace alliance::ctl {
namespace {

TEST(Json, WritesMembersInTheirOrder) {
  EXPECT_EQ(Json::Object({{"b", 1}, {"a", "x"}, {"ok", true}, {"no", false}}).text(),
            R"({"b":1,"a":"x","ok":true,"no":false})");
  EXPECT_EQ(Json::Object(std::vector<Json::Member>{}).text(), "{}");
}

TEST(Json, WritesArraysOfAnything) {
  EXPECT_EQ(Json::Array(std::vector<std::string>{"a", "b"}).text(), R"(["a","b"])");
  EXPECT_EQ(Json::Array(std::vector<int>{}).text(), "[]");
  EXPECT_EQ(Json::Array(std::vector<Json>{Json::Object({{"n", 1}}), Json(2)}).text(),
            R"([{"n":1},2])");
}

TEST(Json, KeepsWholeNumbersWhole) {
  EXPECT_EQ(Json(int64_t{25'000'000}).text(), "25000000");
  EXPECT_EQ(Json(std::numeric_limits<int64_t>::max()).text(), "9223372036854775807");
  EXPECT_EQ(Json(std::numeric_limits<int64_t>::min()).text(), "-9223372036854775808");
}

TEST(Json, EveryTextComesBackFromAnIndependentReader) {
  const std::string texts[] = {
      "",
      "优秀 😀",
      "quote \" backslash \\ slash /",
      std::string("nul \0 in it", 11),
      "\n\r\t\b\f\x01\x1f\x7f",
      "</script>",
  };
  for (const std::string& text : texts) {
    google::protobuf::Struct read;
    const std::string json = Json::Object({{"text", text}}).text();
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json, &read).ok()) << json;
    EXPECT_EQ(read.fields().at("text").string_value(), text) << json;
    EXPECT_EQ(json.find('\n'), std::string::npos) << "one line each";
  }
}

TEST(Json, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(Json("a\xff"
                 "b")
                .text(),
            "\"a\xEF\xBF\xBD"
            "b\"");
  EXPECT_EQ(Json("\xe4\xbc").text(), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"") << "a cut character";
}

}  // namespace
}  // namespace alliance::ctl
