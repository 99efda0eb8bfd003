// What a round's pack lays down for one region: its deadlines, its notices, its route.

#include <string>

#include "common/rules/pack.h"
#include "gtest/gtest.h"

namespace alliance::rules {
namespace {

std::string Text2023() {
  return ReadText(std::string(ALLIANCE_SOURCE_DIR) + "/common/rules/2023.textproto").value();
}

// Q1: a region may close earlier than the round; never later, and never without being known.
TEST(Loader, RegionDeadlinesCutInsideTheRound) {
  const auto with = [](const std::string& row) {
    std::string text = Text2023();
    text.insert(text.find("recommender_deadline_shown: "), "region_deadlines { " + row + " }\n");
    return text;
  };
  const auto pack = ParsePack(
      with("region: \"210200\" enterprise_deadline_time: \"2023-04-20T00:00:00+08:00\""), "x");
  ASSERT_TRUE(pack.ok()) << pack.status();
  EXPECT_EQ(domain::FormatInstant(pack->times_of("210200").filing().closes), "2023-04-20 00:00");
  EXPECT_EQ(pack->times_of("210200").recommending().closes, pack->recommender_deadline());
  EXPECT_EQ(pack->times_of("210100").filing().closes, pack->enterprise_deadline());
  const char* wrong[] = {
      "region: \"310100\" enterprise_deadline_time: \"2023-04-20T00:00:00+08:00\"",
      "region: \"210200\" enterprise_deadline_time: \"2023-04-26T00:00:01+08:00\"",
      "region: \"210200\" enterprise_deadline_time: \"2023-04-03T00:00:00+08:00\"",
      "region: \"210200\" enterprise_deadline_time: \"20 April\"",
      "region: \"210200\" recommender_deadline_time: \"2023-04-25T00:00:00+08:00\"",
      "region: \"210200\"",
  };
  for (const char* row : wrong) {
    PackProblems problems;
    EXPECT_FALSE(ParsePack(with(row), "x", &problems).ok()) << row;
    ASSERT_FALSE(problems.empty());
    EXPECT_EQ(problems.front().path.rfind("round.region_deadlines[0].", 0), 0u) << row;
  }
}

// length, unit, start day and early end may be a recommender's own.
TEST(Loader, RecommenderMayHaveItsOwnNotice) {
  const std::string text = Text2023();
  const std::string rule = "early_close_asks: true";
  const auto with = [&](const std::string& regions) {
    std::string own = text;
    own.replace(own.find(rule), rule.size(), rule + "\n" + regions);
    return ParsePack(own, "own");
  };
  const auto pack = with("regions { region: \"HTZ-DL\" days: 3 unit: \"calendar_day\" }");
  ASSERT_TRUE(pack.ok()) << pack.status();
  EXPECT_EQ(pack->notice_rule("HTZ-DL").days, 3);
  EXPECT_EQ(pack->notice_rule("HTZ-DL").unit, domain::DayUnit::kCalendarDay);
  EXPECT_FALSE(pack->notice_rule("HTZ-DL").include_start);
  EXPECT_FALSE(pack->notice_rule("HTZ-DL").early_close_asks);
  EXPECT_EQ(pack->notice_rule("210200").days, 5);
  for (const char* wrong : {"regions { region: \"XX\" days: 3 unit: \"workday\" }",
                            "regions { region: \"210200\" days: 0 unit: \"workday\" }",
                            "regions { region: \"210200\" days: 3 unit: \"week\" }",
                            "regions { region: \"210200\" days: 3 unit: \"workday\" }"
                            " regions { region: \"210200\" days: 4 unit: \"workday\" }"}) {
    EXPECT_FALSE(with(wrong).ok()) << wrong;
  }
}

// R-016, Q3: a zone may recommend through its city, a district always does; each may have a
// deadline of its own inside the round.
TEST(Loader, RoutesThroughTheCity) {
  const std::string text = Text2023();
  const std::string zone = "{ code: \"HTZ-DL\"";
  const std::string shown = "recommender_deadline_shown:";
  const auto with = [&](const std::string& of_zone, const std::string& of_round,
                        const std::string& more) {
    std::string changed = text;
    changed.insert(changed.find(zone) + zone.size(), of_zone);
    changed.insert(changed.find(shown), of_round);
    return ParsePack(changed + more, "x");
  };
  const auto district = [](const std::string& code, const std::string& city) {
    return "\ndistricts { code: \"" + code + "\" office_name: \"区科技局\" city: \"" + city +
           "\" }\n";
  };
  const std::string deadline =
      "region_deadlines { region: \"210204\""
      " recommender_deadline_time: \"2023-04-28T00:00:00+08:00\" }\n";
  const absl::StatusOr<Pack> pack =
      with(" route: \"via_city\"", deadline,
           district("210204", "210200") + "desk { basis { clause: \"Q3\" } case_workdays: 3 }\n");
  ASSERT_TRUE(pack.ok()) << pack.status();
  EXPECT_TRUE(pack->FindRecommender("HTZ-DL")->via_city);
  EXPECT_TRUE(pack->FindRecommender("210204")->via_city);
  EXPECT_EQ(pack->FindRecommender("210204")->city, "210200");
  EXPECT_FALSE(pack->FindRecommender("HTZ-SY")->via_city);
  EXPECT_EQ(domain::FormatInstant(pack->times_of("210204").recommending().closes),
            "2023-04-28 00:00");
  EXPECT_EQ(pack->times_of("210200").recommending().closes, pack->recommender_deadline());
  EXPECT_EQ(pack->case_workdays(), 3);
  EXPECT_EQ(ParsePack(text, "x")->case_workdays(), 0);
  EXPECT_TRUE(with(" route: \"direct\"", "", "").ok());

  EXPECT_FALSE(with(" route: \"round\"", "", "").ok());
  EXPECT_FALSE(with("", deadline, "").ok()) << "a deadline of nobody";
  EXPECT_FALSE(with("", "", district("210204", "HTZ-DL")).ok()) << "below a zone";
  EXPECT_FALSE(with("", "", district("210200", "210100")).ok()) << "a code twice";
  EXPECT_FALSE(with("", "", "\ndesk { basis { clause: \"Q3\" } case_workdays: 0 }\n").ok());
}

}  // namespace
}  // namespace alliance::rules
