// round check, offline, and what round publish asks for before it calls anybody.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "services/ctl/ctl_testing.h"

namespace alliance::ctl {
namespace {

// R-010, Q2: what the department looks at before it publishes the round of 2023.
TEST(RoundCheck, SaysWhatTheCalendarLeaves) {
  const Said said = Ctl({"round", "check", "2023"});
  EXPECT_EQ(said.code, 0) << said.err;
  for (const char* part : {R"("round":"rounds/2023-tsl")", R"("workdays":3)",
                           R"("first_day":"2023-04-26","last_day":"2023-04-30")",
                           R"("notices":[{"days":5,"unit":"workday","include_start":true,)"
                           R"("latest_start":"2023-04-24","last_day":"2023-04-28"})",
                           R"("reason":"NOTICE_BEFORE_DEADLINE")"}) {
    EXPECT_NE(said.out.find(part), std::string::npos) << part << " in " << said.out;
  }
}

TEST(RoundCheck, TellsEveryProblem) {
  std::ifstream in(ALLIANCE_SOURCE_DIR "/common/rules/2023.textproto");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  for (const auto& [right, wrong] :
       {std::pair<std::string, std::string>{"narrative_limit: 500", "narrative_limit: 0"},
        {"cap_wan: \"50\"", "cap_wan: \"much\""}}) {
    const size_t at = text.find(right);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, right.size(), wrong);
  }
  const std::string path = ::testing::TempDir() + "/ctl_round.textproto";
  std::ofstream(path) << text;
  const Said said = Ctl({"round", "check", path});
  EXPECT_EQ(said.code, 1);
  EXPECT_NE(said.out.find(R"("path":"form.narrative_limit","why":"must be above 0")"),
            std::string::npos)
      << said.out;
  EXPECT_NE(said.out.find(R"("path":"subsidy.cap_wan")"), std::string::npos) << said.out;
  std::filesystem::remove(path);
}

TEST(Round, RefusesInOneClearLine) {
  const std::string pack = ALLIANCE_SOURCE_DIR "/common/rules/2023.textproto";
  const struct {
    std::vector<std::string> words;
    int code;
    std::string_view why;
  } kCases[] = {
      {{"round", "check"}, 2, "the pack is missing"},
      {{"round", "check", "1999"}, 1, "no rule pack '1999'"},
      {{"round", "publish", "--gateway", "x", "--login", "y", "--password-file", "z"},
       2,
       "the pack's file is missing"},
      {{"round", "publish", pack}, 2, "--gateway is missing"},
      {{"round", "publish", pack, "--gateway", "127.0.0.1:1", "--login", "y"},
       2,
       "--password-file is missing"},
      {{"round", "publish", pack, "--gateway", "127.0.0.1:1", "--login", "y", "--password-file",
        "/nowhere"},
       1,
       "/nowhere"},
      // Nobody listens there; the password file may be any file.
      {{"round", "publish", pack, "--gateway", "127.0.0.1:1", "--login", "y", "--password-file",
        pack},
       1,
       "127.0.0.1:1"},
  };
  for (const auto& c : kCases) {
    const Said said = Ctl(c.words);
    EXPECT_EQ(said.code, c.code) << c.why;
    EXPECT_EQ(said.out, "") << c.why;
    EXPECT_NE(said.err.find(c.why), std::string::npos) << said.err;
  }
}

}  // namespace
}  // namespace alliance::ctl
