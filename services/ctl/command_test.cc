#include "services/ctl/command.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "services/ctl/ctl_testing.h"

namespace alliance::ctl {
namespace {

absl::StatusOr<int> Nothing(const Arguments&, const Context&) { return 0; }

constexpr Command kProbe{.words = "probe",
                         .arguments = "[--days N] [--dry] [NAME]",
                         .what = "",
                         .flags = "--days= --dry",
                         .most_names = 1,
                         .run = Nothing};

TEST(Arguments, TakesValuesEitherWayAndSwitchesAnywhere) {
  const std::vector<std::string> words = {"--dry", "name", "--days=-5"};
  const absl::StatusOr<Arguments> arguments = ParseArguments(kProbe, words);
  ASSERT_TRUE(arguments.ok());
  EXPECT_TRUE(arguments->Has("--dry"));
  EXPECT_EQ(arguments->Get("--days"), "-5");
  EXPECT_EQ(arguments->names, std::vector<std::string>{"name"});

  const std::vector<std::string> apart = {"--days", "-5"};
  EXPECT_EQ(ParseArguments(kProbe, apart)->Get("--days"), "-5") << "a value may begin with a dash";
  const std::vector<std::string> dashes = {"--", "--days"};
  EXPECT_EQ(ParseArguments(kProbe, dashes)->names, std::vector<std::string>{"--days"});
  EXPECT_EQ(ParseArguments(kProbe, {})->Get("--days"), std::nullopt);
}

TEST(Arguments, RefusesWhatItDoesNotKnow) {
  const struct {
    std::vector<std::string> words;
    std::string_view why;
  } kCases[] = {
      {{"--hours", "5"}, "there is no option --hours"},
      {{"--hours=5"}, "there is no option --hours"},
      {{"--days"}, "--days needs a value"},
      {{"--dry=yes"}, "--dry takes no value"},
      {{"--dry", "--dry"}, "--dry is given twice"},
      {{"--days", "1", "--days=2"}, "--days is given twice"},
      {{"one", "two"}, "'two' is one argument too many"},
  };
  for (const auto& c : kCases) {
    const absl::Status status = ParseArguments(kProbe, c.words).status();
    EXPECT_TRUE(IsWrongUse(status)) << c.why;
    EXPECT_EQ(std::string_view(status.message().data(), status.message().size()), c.why);
  }
}

TEST(RunCommand, WrongUseIsExitCode2WithTheUsage) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"nonsense"},
                                             {"audit"},
                                             {"working-days"},
                                             {"working-days", "--hours", "1"},
                                             {"quote"},
                                             {"keys", "make"},
                                             {"case"},
                                             {"clock", "set"},
                                             {"outbox", "requeue"},
                                             {"--config"},
                                             {"version", "now"}}) {
    const Said said = Ctl(words);
    EXPECT_EQ(said.code, 2) << words[0];
    EXPECT_EQ(said.out, "") << words[0];
    EXPECT_EQ(std::count(said.err.begin(), said.err.end(), '\n'), 1) << said.err;
    EXPECT_TRUE(said.err.starts_with("alliancectl: ")) << said.err;
  }
  EXPECT_NE(Ctl({"working-days"}).err.find("usage: alliancectl working-days --from DAY"),
            std::string::npos);
}

TEST(RunCommand, WithJsonAnErrorIsAlsoAnObjectOnStandardOutput) {
  const Said said = Ctl({"quote", "--rd", "-1", "--json"});
  EXPECT_EQ(said.code, 1);
  google::protobuf::Struct read;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(said.out, &read).ok()) << said.out;
  const auto& error = read.fields().at("error").struct_value().fields();
  EXPECT_EQ(error.at("code").string_value(), "INVALID_ARGUMENT");
  EXPECT_EQ(error.at("reason").string_value(), "AMOUNT_NEGATIVE");
  EXPECT_NE(error.at("text_zh").string_value(), "");
  EXPECT_NE(error.at("text_en").string_value(), "");
  EXPECT_TRUE(error.at("fields").has_list_value());
  EXPECT_NE(said.err, "") << "people still see the line";

  const Said wrong_use = Ctl({"--json", "quote"});
  EXPECT_EQ(wrong_use.code, 2);
  EXPECT_NE(wrong_use.out.find(R"("reason":"WRONG_USE")"), std::string::npos) << wrong_use.out;
}

TEST(RunCommand, HelpListsEveryCommand) {
  const Said said = Ctl({"help"});
  EXPECT_EQ(said.code, 0);
  for (const Command& command : AllCommands()) {
    EXPECT_NE(said.out.find(command.words), std::string::npos) << command.words;
  }
  EXPECT_EQ(Ctl({}).code, 2) << "nothing asked";
  EXPECT_EQ(Ctl({"quote", "--help"}).code, 0);
}

TEST(RunCommand, SaysItsVersion) {
  EXPECT_EQ(Ctl({"version"}).code, 0);
  EXPECT_TRUE(Ctl({"--version"}).out.starts_with("alliancectl "));
  EXPECT_TRUE(Ctl({"version", "--json"}).out.starts_with(R"({"version":")"));
}

TEST(Commands, HaveDifferentWordsAndALine) {
  std::vector<std::string_view> words;
  for (const Command& command : AllCommands()) {
    words.push_back(command.words);
    EXPECT_NE(command.what, "") << command.words;
    EXPECT_NE(command.run, nullptr) << command.words;
  }
  std::sort(words.begin(), words.end());
  EXPECT_EQ(std::adjacent_find(words.begin(), words.end()), words.end());
}

}  // namespace
}  // namespace alliance::ctl
