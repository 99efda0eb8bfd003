// The three pure look-ups, and keys: they need no configuration and no running suite.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "services/ctl/case_name.h"
#include "services/ctl/ctl_testing.h"
#include "services/ctl/rule_packs.h"

namespace alliance::ctl {
namespace {

namespace fs = std::filesystem;

TEST(CreditCode, PrintsOneLinePerCode) {
  EXPECT_EQ(Ctl({"credit-code", "91210100604608172K", "91350100M000100Y43"}).out,
            R"({"code":"91210100604608172K","normalized":"91210100604608172K",)"
            R"("verdict":"ok","reasons":[]})"
            "\n"
            R"({"code":"91350100M000100Y43","normalized":"91350100M000100Y43",)"
            R"("verdict":"ok","reasons":[]})"
            "\n");
}

TEST(CreditCode, NormalisesAndNamesEveryReason) {
  const Said folded = Ctl({"credit-code", " ９１２１0100-604608172k "});
  EXPECT_NE(folded.out.find(R"("normalized":"91210100604608172K","verdict":"ok")"),
            std::string::npos)
      << folded.out;
  const Said check = Ctl({"credit-code", "912101006046081721"});
  EXPECT_NE(check.out.find(R"("verdict":"warning","reasons":["CHECK_CHAR"])"), std::string::npos)
      << check.out;
  const Said length = Ctl({"credit-code", "9121"});
  EXPECT_NE(length.out.find(R"("verdict":"error","reasons":["LENGTH"])"), std::string::npos)
      << length.out;
  EXPECT_EQ(length.code, 0) << "a verdict is an answer, not a failure";
  const Said broken = Ctl({"credit-code", "\xff\"\n"});
  EXPECT_NE(broken.out.find(R"("verdict":"error")"), std::string::npos) << broken.out;
  EXPECT_NE(broken.out.find("\"code\":\"\xEF\xBF\xBD\\\"\\n\""), std::string::npos) << broken.out;
}

TEST(CreditCode, ReadsStandardInputWhenNoneIsGiven) {
  const Said said = Ctl({"credit-code"}, {"91210100604608172K", "", "9121"});
  EXPECT_EQ(std::count(said.out.begin(), said.out.end(), '\n'), 2);
  EXPECT_EQ(Ctl({"credit-code"}).out, "");
  EXPECT_EQ(Ctl({"credit-code"}).code, 0);
}

// R-082: the last day of a public notice. Around the May holidays of 2023: 29 April to 3 May are
// off, 23 April and 6 May are worked.
TEST(WorkingDays, FindsTheLastDay) {
  const struct {
    std::vector<std::string> words;
    std::string_view last_day;
  } kCases[] = {
      {{"--from", "2023-04-24", "--days", "5"}, "2023-04-28"},
      {{"--from", "2023-04-24", "--days", "5", "--exclude-start"}, "2023-05-04"},
      {{"--from", "2023-04-23", "--days", "1"}, "2023-04-23"},
      {{"--from", "2023-04-22", "--days", "1"}, "2023-04-23"},
      {{"--from", "2023-04-29", "--days", "1"}, "2023-05-04"},
      {{"--from", "2023-05-05", "--days", "2"}, "2023-05-06"},
      {{"--from=2023-04-28", "--days=1", "--exclude-start", "--pack", "2023"}, "2023-05-04"},
  };
  for (const auto& c : kCases) {
    std::vector<std::string> words = {"working-days"};
    words.insert(words.end(), c.words.begin(), c.words.end());
    const Said said = Ctl(words);
    EXPECT_EQ(said.out, "{\"last_day\":\"" + std::string(c.last_day) + "\"}\n") << said.err;
    EXPECT_EQ(said.code, 0);
  }
}

TEST(WorkingDays, CountsBothEnds) {
  EXPECT_EQ(Ctl({"working-days", "--from", "2023-04-24", "--to", "2023-04-28"}).out,
            "{\"count\":5}\n");
  EXPECT_EQ(Ctl({"working-days", "--from", "2023-04-29", "--to", "2023-05-03"}).out,
            "{\"count\":0}\n");
  EXPECT_EQ(Ctl({"working-days", "--from", "2023-04-23", "--to", "2023-04-23"}).out,
            "{\"count\":1}\n");
}

TEST(WorkingDays, RefusesInOneClearLine) {
  const struct {
    std::vector<std::string> words;
    int code;
    std::string_view why;
  } kCases[] = {
      {{"--days", "5"}, 2, "--from is missing"},
      {{"--from", "2023-04-24"}, 2, "give either --days or --to"},
      {{"--from", "2023-04-24", "--days", "5", "--to", "2023-04-28"},
       2,
       "give either --days or --to"},
      {{"--from", "2023-04-24", "--to", "2023-04-28", "--exclude-start"}, 2, "--exclude-start"},
      {{"--from", "2023-02-30", "--days", "1"}, 1, "--from: must be a day"},
      {{"--from", "2023-4-5", "--days", "1"}, 1, "--from: must be a day"},
      {{"--from", "2023-04-24T00:00", "--days", "1"}, 1, "--from: must be a day"},
      {{"--from", "", "--days", "1"}, 1, "--from: must be a day"},
      {{"--from", "2023-04-24", "--to", "tomorrow"}, 1, "--to: must be a day"},
      {{"--from", "2023-04-24", "--to", "2023-04-23"}, 1, "--to: must not be before --from"},
      {{"--from", "2023-04-24", "--days", "0"}, 1, "--days: must be 1 to 1000"},
      {{"--from", "2023-04-24", "--days", "-1"}, 1, "--days: must be 1 to 1000"},
      {{"--from", "2023-04-24", "--days", "five"}, 1, "--days: must be a whole number"},
      {{"--from", "2019-04-24", "--days", "5"}, 1, "YEAR_NOT_LOADED"},
      {{"--from", "2023-04-24", "--days", "1000"}, 1, "YEAR_NOT_LOADED"},
      {{"--from", "2023-04-24", "--days", "1", "--pack", "1999"}, 1, "no rule pack '1999'"},
      {{"--from", "2023-04-24", "--days", "1", "--pack", "/nowhere.textproto"},
       1,
       "/nowhere.textproto"},
  };
  for (const auto& c : kCases) {
    std::vector<std::string> words = {"working-days"};
    words.insert(words.end(), c.words.begin(), c.words.end());
    const Said said = Ctl(words);
    EXPECT_EQ(said.code, c.code) << c.why;
    EXPECT_EQ(said.out, "") << c.why;
    EXPECT_NE(said.err.find(c.why), std::string::npos) << said.err;
    EXPECT_EQ(std::count(said.err.begin(), said.err.end(), '\n'), 1) << said.err;
  }
}

std::string AmountOf(std::vector<std::string> words) {
  words.insert(words.begin(), "quote");
  const Said said = Ctl(words);
  EXPECT_EQ(said.code, 0) << said.err;
  const size_t trace = said.out.find(",\"trace\":[{");
  return said.out.substr(0, trace == std::string::npos ? said.out.size() : trace);
}

// R-103 interval quota, R-104 10 % to 30 %, R-105 at most 500,000 yuan.
TEST(Quote, ComputesEveryMethodOfThePack) {
  EXPECT_EQ(AmountOf({"--pack", "2023", "--rd", "123.45", "--grade", "优秀"}),
            R"({"amount_wan":"25.00","amount_fen":25000000)");
  EXPECT_EQ(AmountOf({"--rd", "9.99"}), R"({"amount_wan":"0.00","amount_fen":0)");
  EXPECT_EQ(AmountOf({"--rd", "0"}), R"({"amount_wan":"0.00","amount_fen":0)");
  EXPECT_EQ(AmountOf({"--method", "RATE_BY_INTERVAL", "--rd", "250"}),
            R"({"amount_wan":"25.00","amount_fen":25000000)");
  EXPECT_EQ(AmountOf({"--method", "MARGINAL", "--rd", "99.99"}),
            R"({"amount_wan":"24.99","amount_fen":24990000)");
  EXPECT_EQ(AmountOf({"--method", "RATE_BY_GRADE", "--rd", "99.99", "--grade", "优秀"}),
            R"({"amount_wan":"29.99","amount_fen":29990000)");
  EXPECT_EQ(AmountOf({"--method", "RATE_BY_GRADE", "--rd", "99.99", "--grade", "合格"}),
            R"({"amount_wan":"9.99","amount_fen":9990000)")
      << "the grade gate is not applied";
  EXPECT_EQ(AmountOf({"--method", "RATE_BY_SCORE", "--rd", "99.99", "--score", "85"}),
            R"({"amount_wan":"22.49","amount_fen":22490000)");
  EXPECT_EQ(AmountOf({"--rd", "100000", "--grade", "优秀"}),
            R"({"amount_wan":"50.00","amount_fen":50000000)")
      << "the cap";
  AmountOf({"--method", "MATRIX", "--rd", "123.45", "--grade", "优秀"});
}

TEST(Quote, TracesEveryStepThatItTakes) {
  const Said said = Ctl({"quote", "--rd", "123.45", "--grade", "优秀"});
  for (const char* rule : {"input", "method", "envelope", "cap", "rounding"}) {
    EXPECT_NE(said.out.find("{\"rule\":\"" + std::string(rule)), std::string::npos) << said.out;
  }
  EXPECT_EQ(said.out.find("grade_gate"), std::string::npos) << "not applied, so not claimed";
  EXPECT_EQ(said.out.find("\"budget\""), std::string::npos) << "not applied either";
}

TEST(Quote, RefusesInOneClearLine) {
  const struct {
    std::vector<std::string> words;
    int code;
    std::string_view why;
  } kCases[] = {
      {{}, 2, "--rd is missing"},
      {{"--rd", "-1"}, 1, "AMOUNT_NEGATIVE"},
      {{"--rd", "1.234"}, 1, "AMOUNT_TOO_MANY_DECIMALS"},
      {{"--rd", "much"}, 1, "AMOUNT_NOT_A_NUMBER"},
      {{"--rd", ""}, 1, "AMOUNT_NOT_A_NUMBER"},
      {{"--rd", "9999999999999999"}, 1, "AMOUNT_"},
      {{"--rd", "100", "--grade", "很好"}, 1, "--grade: must be a grade of the pack"},
      {{"--rd", "100", "--method", "GUESS"}, 1, "--method: must be one of FIXED_BY_INTERVAL"},
      {{"--rd", "100", "--method", "RATE_BY_SCORE"}, 2, "RATE_BY_SCORE needs --score"},
      {{"--rd", "100", "--method", "RATE_BY_GRADE"}, 2, "RATE_BY_GRADE needs --grade"},
      {{"--rd", "100", "--method", "MATRIX"}, 2, "MATRIX needs --grade"},
      {{"--rd", "100", "--score", "100.01"}, 1, "--score: must be 0 to 100"},
      {{"--rd", "100", "--score", "-1"}, 1, "--score: must be 0 to 100"},
      {{"--rd", "100", "--score", "85.125"}, 1, "--score: must be 0 to 100"},
      {{"--rd", "100", "--pack", "1999"}, 1, "no rule pack '1999'"},
  };
  for (const auto& c : kCases) {
    std::vector<std::string> words = {"quote"};
    words.insert(words.end(), c.words.begin(), c.words.end());
    const Said said = Ctl(words);
    EXPECT_EQ(said.code, c.code) << c.why << said.out;
    EXPECT_NE(said.err.find(c.why), std::string::npos) << said.err;
    EXPECT_EQ(std::count(said.err.begin(), said.err.end(), '\n'), 1) << said.err;
  }
}

TEST(RulePacks, AreFoundByNameByPathAndByEnvironment) {
  const absl::StatusOr<std::string> path = PackPath("2023");
  ASSERT_TRUE(path.ok()) << path.status();
  EXPECT_TRUE(fs::exists(*path));
  EXPECT_EQ(*PackPath("./a/b.textproto"), "./a/b.textproto");

  const fs::path folder = fs::path(testing::TempDir()) / "rules";
  fs::create_directories(folder);
  fs::copy_file(*path, folder / "my.textproto", fs::copy_options::overwrite_existing);
  setenv("ALLIANCE_RULES", folder.c_str(), 1);
  EXPECT_EQ(*PackPath("my"), (folder / "my.textproto").string());
  EXPECT_FALSE(PackPath("2023").ok());
  EXPECT_EQ(Ctl({"working-days", "--from", "2023-04-24", "--days", "1"}).code, 0);
  setenv("ALLIANCE_RULES", (folder / "gone").c_str(), 1);
  EXPECT_NE(
      Ctl({"working-days", "--from", "2023-04-24", "--days", "1"}).err.find("is not a folder"),
      std::string::npos);
  unsetenv("ALLIANCE_RULES");
}

TEST(Quote, ABrokenPackIsNamedWithItsLine) {
  const fs::path file = fs::path(testing::TempDir()) / "broken.textproto";
  std::ofstream(file) << "round { id: }\n";
  const Said said = Ctl({"quote", "--rd", "1", "--pack", file.string()});
  EXPECT_EQ(said.code, 1);
  EXPECT_NE(said.err.find("broken.textproto:1"), std::string::npos) << said.err;
}

TEST(KeysMake, MakesAPairAndNeverOverwrites) {
  const fs::path folder = fs::path(testing::TempDir()) / "keys";
  fs::remove_all(folder);
  fs::create_directories(folder);
  const std::string key = (folder / "a.key").string();
  const Said said = Ctl({"keys", "make", key});
  EXPECT_EQ(said.code, 0) << said.err;
  struct stat mode {};
  ASSERT_EQ(stat(key.c_str(), &mode), 0);
  EXPECT_EQ(mode.st_mode & 0777, 0600u);
  EXPECT_TRUE(fs::exists(key + ".pub"));

  std::ifstream before(key);
  const std::string text{std::istreambuf_iterator<char>(before), {}};
  const Said again = Ctl({"keys", "make", key, (folder / "b.pub").string()});
  EXPECT_EQ(again.code, 1);
  EXPECT_NE(again.err, "");
  std::ifstream after(key);
  EXPECT_EQ(text, std::string(std::istreambuf_iterator<char>(after), {}));
  EXPECT_EQ(Ctl({"keys", "make", (folder / "gone/a.key").string()}).code, 1);
}

TEST(CaseName, TakesEveryNameOfACase) {
  const std::string uuid = "0187438a-96bd-7ce1-9d0a-3f1c2e5b7a90";
  for (const std::string& name :
       {uuid, "applications/" + uuid, "reviewCases/" + uuid, "alliances/" + uuid}) {
    EXPECT_EQ(*CaseIdOf(name), uuid) << name;
  }
  for (const std::string& name :
       {uuid + "-2023", "alliances/" + uuid + "/years/2023", "evaluations/" + uuid + "-2023",
        "subsidyCases/" + uuid + "-2023"}) {
    EXPECT_EQ(*CaseIdOf(name), uuid + "-2023") << name;
  }
  for (const std::string& name :
       {std::string(), std::string("applications/"), "rounds/" + uuid, uuid + "-23", uuid + "2023",
        uuid + "-20x3", uuid + "/years/", "applications/" + uuid + "/x", std::string("%"),
        uuid.substr(1), "applications/applications/" + uuid}) {
    EXPECT_FALSE(CaseIdOf(name).ok()) << name;
  }
}

TEST(Status, ReadsTheVersionFromAScrape) {
  EXPECT_EQ(VersionIn("# HELP x\nalliance_build_info{service=\"a\",version=\"0.1.0 (3f2a)\"} 1\n"),
            "0.1.0 (3f2a)");
  EXPECT_EQ(VersionIn("up 1\n"), "");
  EXPECT_EQ(VersionIn("alliance_build_info{} 1\n"), "");
}

}  // namespace
}  // namespace alliance::ctl
