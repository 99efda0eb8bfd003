#include "common/domain/credit_code.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>
#include <string>

#include "gtest/gtest.h"

namespace alliance::domain {
namespace {

constexpr char kLiaoning[] = "21";
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

google::protobuf::Struct Vectors() {
  std::ifstream file(std::string(ALLIANCE_SOURCE_DIR) + "/tests/golden/credit-code-vectors.json");
  std::stringstream text;
  text << file.rdbuf();
  google::protobuf::Struct vectors;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(text.str(), &vectors).ok());
  return vectors;
}

std::vector<std::string> CodesOf(const char* list) {
  std::vector<std::string> codes;
  const google::protobuf::Struct vectors = Vectors();
  for (const auto& value : vectors.fields().at(list).list_value().values()) {
    codes.push_back(value.struct_value().fields().at("code").string_value());
  }
  EXPECT_FALSE(codes.empty());
  return codes;
}

bool Has(const CodeCheck& check, Problem problem) {
  return std::find(check.problems.begin(), check.problems.end(), problem) != check.problems.end();
}

TEST(CreditCode, RealAndSyntheticCodesPass) {
  for (const char* list : {"real_public_codes_must_pass", "synthetic_valid_for_demo_data"}) {
    for (const std::string& code : CodesOf(list)) {
      const CodeCheck check = CheckCreditCode(code, kLiaoning);
      EXPECT_EQ(check.verdict, CodeVerdict::kOk) << code;
      EXPECT_TRUE(check.problems.empty()) << code;
    }
  }
}

// Codes that well-known wrong implementations of GB 32100 accept or refuse.
TEST(CreditCode, KnownTrapsAreCaught) {
  struct {
    const char* code;
    CodeVerdict verdict;
    Problem problem;
  } cases[] = {
      {"91350100M000100Y4Z", CodeVerdict::kError, Problem::kBadCharacter},
      {"91350100M000100Y4D", CodeVerdict::kWarning, Problem::kCheckChar},
      {"91350211M00013FA1N", CodeVerdict::kWarning, Problem::kCheckChar},
      {"91350203M0001QKT19", CodeVerdict::kWarning, Problem::kCheckChar},
      {"362322198709086409", CodeVerdict::kError, Problem::kDepartmentKind},
      {"362322198709086409", CodeVerdict::kError, Problem::kOrgCheck},
      {"111111111111111111", CodeVerdict::kWarning, Problem::kOrgCheck},
      {"91211321MAQFG6473", CodeVerdict::kError, Problem::kLength},
      {"9121010PPDY00001XY", CodeVerdict::kError, Problem::kRegionDigits},
      {"B1210100PDY00001XY", CodeVerdict::kError, Problem::kDepartmentKind},
      {"", CodeVerdict::kError, Problem::kLength},
      {"91210100PDY00001XY9", CodeVerdict::kError, Problem::kLength},
      {"91210100PDY0000汉", CodeVerdict::kError, Problem::kBadCharacter},
  };
  for (const auto& c : cases) {
    const CodeCheck check = CheckCreditCode(c.code, kLiaoning);
    EXPECT_EQ(check.verdict, c.verdict) << c.code;
    EXPECT_TRUE(Has(check, c.problem)) << c.code << " " << WordOf(c.problem);
  }
  for (const std::string& code : CodesOf("must_fail_or_warn")) {
    EXPECT_NE(CheckCreditCode(code, kLiaoning).verdict, CodeVerdict::kOk) << code;
  }
  // An ID-card number that passes mod 31 by chance.
  EXPECT_EQ(CreditCheckCharacter("36232219870908640"), '9');
  EXPECT_FALSE(Has(CheckCreditCode("362322198709086409", kLiaoning), Problem::kCheckChar));
}

TEST(CreditCode, IsNormalisedBeforeItIsChecked) {
  for (const char* typed :
       {"９１２１０１００ＰＤＹ００００１ＸＹ", "91210100pdy00001xy", " 91210100-PDY00001X-Y ",
        "9121 0100 PDY0 0001 XY", "91210100\u2011PDY00001XY\u200B"}) {
    const CodeCheck check = CheckCreditCode(typed, kLiaoning);
    EXPECT_EQ(check.code, "91210100PDY00001XY") << typed;
    EXPECT_EQ(check.verdict, CodeVerdict::kOk) << typed;
  }
}

TEST(CreditCode, ALookAlikeIsOfferedBack) {
  EXPECT_EQ(CheckCreditCode("9I21O1OOPDYOOOO1XY", kLiaoning).did_you_mean, "91210100PDY00001XY");
  EXPECT_EQ(CheckCreditCode("91210100PDYOOOO1XZ", kLiaoning).did_you_mean, "");
  const auto problems =
      CodeProblems(CheckCreditCode("91210100PDYOOOO1XY", kLiaoning), "lead.credit_code");
  ASSERT_EQ(problems.size(), 1);
  EXPECT_EQ(problems[0].reason, "BADCHAR");
  EXPECT_NE(problems[0].en.find("91210100PDY00001XY"), std::string::npos);
  EXPECT_NE(problems[0].en.find("position 12"), std::string::npos) << problems[0].en;
}

// reading Q20
TEST(CreditCode, AnOldOrganisationCodeIsAcceptedWithAWarning) {
  EXPECT_EQ(CheckCreditCode("M000100Y-4", kLiaoning).verdict, CodeVerdict::kWarning);
  EXPECT_TRUE(Has(CheckCreditCode("M000100Y-4", kLiaoning), Problem::kOrgCode9));
  EXPECT_FALSE(Has(CheckCreditCode("M000100Y4", kLiaoning), Problem::kOrgCheck));
  EXPECT_TRUE(Has(CheckCreditCode("M000100Y5", kLiaoning), Problem::kOrgCheck));
  EXPECT_EQ(CheckCreditCode("M000*00Y5", kLiaoning).verdict, CodeVerdict::kError);
  // X is the check character of ten; nowhere else in an old code does it mean that.
  EXPECT_EQ(OrgCheckCharacter("00000006"), 'X');
  EXPECT_FALSE(Has(CheckCreditCode("00000006-X", kLiaoning), Problem::kOrgCheck));
  EXPECT_FALSE(Has(CheckCreditCode("00000006x", kLiaoning), Problem::kOrgCheck));
  EXPECT_TRUE(Has(CheckCreditCode("00000007-X", kLiaoning), Problem::kOrgCheck));
}

// Region and kind are hints, never a refusal (reading Q20).
TEST(CreditCode, HintsAreNoPartOfTheVerdict) {
  const CodeCheck jilin = CheckCreditCode("91220100PDY000183F", kLiaoning);
  EXPECT_TRUE(jilin.out_of_province);
  EXPECT_EQ(jilin.verdict, CodeVerdict::kOk);
  const CodeCheck national = CheckCreditCode("91100000PDY0001916", kLiaoning);
  EXPECT_TRUE(national.out_of_province);
  const CodeCheck individual = CheckCreditCode("92210100PDY000239B", kLiaoning);
  EXPECT_FALSE(individual.legal_person);
  EXPECT_FALSE(individual.enterprise);
  EXPECT_EQ(individual.verdict, CodeVerdict::kOk);
  const CodeCheck city = CheckCreditCode("91210231550644863P", kLiaoning);
  EXPECT_FALSE(city.out_of_province);
  EXPECT_TRUE(city.enterprise);
}

TEST(CreditCode, EverySingleWrongCharacterIsCaught) {
  for (const std::string& code : CodesOf("synthetic_valid_for_demo_data")) {
    for (size_t at = 0; at < code.size(); ++at) {
      for (char other : kAlphabet) {
        if (other == code[at]) continue;
        std::string wrong = code;
        wrong[at] = other;
        ASSERT_NE(CheckCreditCode(wrong, kLiaoning).verdict, CodeVerdict::kOk) << wrong;
      }
    }
  }
}

TEST(CreditCode, EverySwapOfNeighboursIsCaughtInMadeUpCodes) {
  std::mt19937 random(11714);
  const auto pick = [&](std::string_view from) { return from[random() % from.size()]; };
  for (int i = 0; i < 20'000; ++i) {
    std::string code = "91";
    for (int d = 0; d < 6; ++d) code += pick("0123456789");
    for (int d = 0; d < 8; ++d) code += pick(kAlphabet);
    const char org = *OrgCheckCharacter(std::string_view(code).substr(8));
    code += org;
    code += *CreditCheckCharacter(code);
    ASSERT_EQ(CheckCreditCode(code, kLiaoning).verdict, CodeVerdict::kOk) << code;
    const size_t at = random() % 17;
    std::string swapped = code;
    std::swap(swapped[at], swapped[at + 1]);
    if (swapped == code) continue;
    ASSERT_NE(CheckCreditCode(swapped, kLiaoning).verdict, CodeVerdict::kOk)
        << code << " " << swapped;
  }
}

TEST(CreditCode, AnyBytesAreAnsweredWithoutHarm) {
  std::mt19937 random(32100);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random() % 30, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const CodeCheck check = CheckCreditCode(bytes, kLiaoning);
    CodeProblems(check, "x");
    ASSERT_EQ(NormaliseCode(check.code), check.code);
  }
}

}  // namespace
}  // namespace alliance::domain
