#include "common/domain/credit_code.h"

#include <array>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/text.h"

namespace alliance::domain {
namespace {

constexpr size_t kCodeLength = 18;
constexpr size_t kOrgLength = 9;
constexpr size_t kOrgAt = 8;  // the organisation code inside a credit code

// GB 32100-2015: no I, O, S, V, Z. Weight of position i is 3^(i-1) mod 31.
constexpr std::string_view kAlphabet31 = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr std::array<int, 17> kWeights31 = {1,  3,  9,  27, 19, 26, 16, 17, 20,
                                            29, 25, 13, 8,  24, 10, 30, 28};
static_assert(kAlphabet31.size() == 31);

// GB 11714-1997 counts A=10 … Z=35: another alphabet than the 31 above.
constexpr std::array<int, 8> kWeights11 = {3, 7, 9, 10, 5, 8, 4, 2};

// Registration department, and the kinds it registers.
struct Department {
  char department;
  std::string_view kinds;
};
constexpr Department kDepartments[] = {
    {'1', "1239"},  // 机构编制: 机关, 事业单位, 群团, 其他
    {'2', "19"},    // 外交
    {'3', "123459"},  // 司法行政: 律师事务所, 公证处, 基层法律服务所, 司法鉴定, 仲裁, 其他
    {'4', "19"},    // 文化
    {'5', "1239"},  // 民政: 社会团体, 民办非企业单位, 基金会, 其他
    {'6', "129"},   // 旅游
    {'7', "129"},   // 宗教
    {'8', "19"},    // 工会
    {'9', "1239"},  // 工商: 企业, 个体工商户, 农民专业合作社, 其他
    {'A', "19"},    // 军委改革和编制办公室
    {'N', "1239"},  // 农业: 组级, 村级, 乡镇级集体经济组织, 其他
    {'Y', "19"},    // 其他
};

bool KnownDepartmentAndKind(char department, char kind) {
  for (const Department& row : kDepartments) {
    if (row.department == department) return row.kinds.find(kind) != std::string_view::npos;
  }
  return false;
}

int Value36(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return -1;
}

// What a person meant by a character that credit codes do not use.
char LookAlike(char c) {
  switch (c) {
    case 'I':
      return '1';
    case 'O':
      return '0';
    case 'S':
      return '5';
    case 'V':
      return 'U';
    case 'Z':
      return '2';
    default:
      return '\0';
  }
}

bool AllInAlphabet(std::string_view code) {
  return code.find_first_not_of(kAlphabet31) == std::string_view::npos;
}

bool DigitsIn(std::string_view code) {
  return code.find_first_not_of("0123456789") == std::string_view::npos;
}

bool FullyValid(std::string_view code) {
  return code.size() == kCodeLength && AllInAlphabet(code) &&
         KnownDepartmentAndKind(code[0], code[1]) && DigitsIn(code.substr(2, 6)) &&
         OrgCheckCharacter(code.substr(kOrgAt, 8)) == code[16] &&
         CreditCheckCharacter(code.substr(0, 17)) == code[17];
}

// A code that is valid once its look-alikes are replaced.
std::string DidYouMean(std::string_view code) {
  std::string meant(code);
  for (char& c : meant) {
    if (const char other = LookAlike(c); other != '\0') c = other;
  }
  return meant != code && FullyValid(meant) ? meant : "";
}

CodeVerdict Worse(CodeVerdict a, CodeVerdict b) { return a > b ? a : b; }

void Find(CodeCheck& check, Problem problem) {
  const CodeVerdict verdict =
      RowOf(problem).severity == Severity::kError ? CodeVerdict::kError : CodeVerdict::kWarning;
  check.verdict = Worse(check.verdict, verdict);
  check.problems.push_back(problem);
}

void CheckOrgCode(CodeCheck& check) {
  for (char c : check.code) {
    if (Value36(c) < 0) return Find(check, Problem::kBadCharacter);
  }
  Find(check, Problem::kOrgCode9);
  if (OrgCheckCharacter(check.code) != check.code[8]) Find(check, Problem::kOrgCheck);
}

}  // namespace

std::string NormaliseCode(std::string_view typed) {
  const std::string folded = base::FoldWidth(typed);
  std::string code;
  std::string_view rest = folded;
  while (!rest.empty()) {
    const char first = rest.front();
    const std::optional<char32_t> code_point = base::TakeCodePoint(rest);
    if (!code_point) {
      code += first;
      rest.remove_prefix(1);
    } else if (*code_point >= 'a' && *code_point <= 'z') {
      code += static_cast<char>(*code_point - 'a' + 'A');
    } else if (!base::IsWhiteSpace(*code_point) && !base::IsInvisible(*code_point) &&
               *code_point != '-' && !(*code_point >= 0x2010 && *code_point <= 0x2015)) {
      base::AppendCodePoint(*code_point, code);
    }
  }
  return code;
}

std::optional<char> CreditCheckCharacter(std::string_view first17) {
  if (first17.size() != kWeights31.size()) return std::nullopt;
  int sum = 0;
  for (size_t i = 0; i < kWeights31.size(); ++i) {
    const size_t value = kAlphabet31.find(first17[i]);
    if (value == std::string_view::npos) return std::nullopt;
    sum += static_cast<int>(value) * kWeights31[i];
  }
  // The outer mod is for a remainder of 0: the character is then 0, not a 31st one.
  return kAlphabet31[(31 - sum % 31) % 31];
}

std::optional<char> OrgCheckCharacter(std::string_view first8) {
  if (first8.size() < kWeights11.size()) return std::nullopt;
  int sum = 0;
  for (size_t i = 0; i < kWeights11.size(); ++i) {
    const int value = Value36(first8[i]);
    if (value < 0) return std::nullopt;
    sum += value * kWeights11[i];
  }
  constexpr std::string_view kCheck = "0123456789X0";  // 10 → X, 11 → 0
  return kCheck[11 - sum % 11];
}

CodeCheck CheckCreditCode(std::string_view typed, std::string_view province_digits) {
  CodeCheck check{.code = NormaliseCode(typed)};
  const std::string_view code = check.code;
  if (code.size() == kOrgLength) {
    CheckOrgCode(check);
    return check;
  }
  if (code.size() != kCodeLength) {
    Find(check, Problem::kLength);
    return check;
  }
  if (!AllInAlphabet(code)) {
    Find(check, Problem::kBadCharacter);
    check.did_you_mean = DidYouMean(code);
    return check;
  }
  check.enterprise = code.substr(0, 2) == "91";
  check.legal_person = code.substr(0, 2) != "92";
  check.out_of_province = code.substr(2, province_digits.size()) != province_digits;
  if (!KnownDepartmentAndKind(code[0], code[1])) Find(check, Problem::kDepartmentKind);
  if (!DigitsIn(code.substr(2, 6))) Find(check, Problem::kRegionDigits);
  if (OrgCheckCharacter(code.substr(kOrgAt, 8)) != code[16]) Find(check, Problem::kOrgCheck);
  if (CreditCheckCharacter(code.substr(0, 17)) != code[17]) Find(check, Problem::kCheckChar);
  return check;
}

std::vector<FieldProblem> CodeProblems(const CodeCheck& check, std::string_view field) {
  std::vector<FieldProblem> problems;
  const std::string_view code = check.code;
  for (Problem problem : check.problems) {
    size_t length = 0;
    for (std::string_view rest = code; base::TakeCodePoint(rest);) ++length;
    std::string character;
    size_t position = 0;
    if (problem == Problem::kBadCharacter) {
      const std::string_view alphabet =
          code.size() == kOrgLength ? "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" : kAlphabet31;
      std::string_view rest = code.substr(code.find_first_not_of(alphabet));
      position = code.size() - rest.size() + 1;
      if (const auto code_point = base::TakeCodePoint(rest)) {
        base::AppendCodePoint(*code_point, character);
      }
    }
    std::string expected;
    if (problem == Problem::kOrgCheck) {
      expected += OrgCheckCharacter(code.size() == kOrgLength ? code : code.substr(kOrgAt, 8))
                      .value_or('?');
    } else if (problem == Problem::kCheckChar) {
      expected += CreditCheckCharacter(code.substr(0, 17)).value_or('?');
    }
    FieldProblem found = MakeProblem(problem, field,
                                     {{"length", absl::StrCat(length)},
                                      {"character", character},
                                      {"position", absl::StrCat(position)},
                                      {"prefix", code.substr(0, 2)},
                                      {"expected", expected}});
    if (!check.did_you_mean.empty()) {
      found.zh += "是否为" + check.did_you_mean + "？";
      found.en += " Did you mean " + check.did_you_mean + "?";
    }
    problems.push_back(std::move(found));
  }
  return problems;
}

}  // namespace alliance::domain
