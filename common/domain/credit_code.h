// Unified social credit code (统一社会信用代码, GB 32100-2015) and organisation code (GB
// 11714-1997).
//
//   1 department · 2 kind · 3–8 registration office · 9–17 organisation code · 18 check character
//
// A code is for life: a firm that moved keeps the digits of its first office, so those digits are a
// hint and never decide the region. Some early codes are real and in use and yet fail a check
// character, so the two check characters only ask a reviewer (reading Q20).

#ifndef ALLIANCE_COMMON_DOMAIN_CREDIT_CODE_H_
#define ALLIANCE_COMMON_DOMAIN_CREDIT_CODE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/domain/errors.h"
#include "common/domain/problem.h"

namespace alliance::domain {

enum class CodeVerdict { kOk, kWarning, kError };

struct CodeCheck {
  CodeVerdict verdict = CodeVerdict::kOk;
  std::string code;               // normalised; compare and store this one
  std::vector<Problem> problems;  // what set the verdict; empty when it is kOk
  std::string did_you_mean;  // a valid code one look-alike away (I/1, O/0, S/5, V/U, Z/2), or ""

  // Hints, never part of the verdict
  bool out_of_province = false;  // positions 3–4 are not the province's
  bool legal_person = true;      // false for 92: an individual business is not a legal person
  bool enterprise = false;       // 91
};

// Half width, without blanks and hyphens, upper case.
std::string NormaliseCode(std::string_view typed);

// Checks length, alphabet, department and kind, the digits of the office, the organisation's check
// character, the code's own. A 9-character organisation code is accepted with a warning.
// `province_digits` is "21" for Liaoning.
CodeCheck CheckCreditCode(std::string_view typed, std::string_view province_digits);

// The same as problems of the field at `field`, hints left out.
std::vector<FieldProblem> CodeProblems(const CodeCheck& check, std::string_view field);

// The check character for the first 17; nothing when a character is outside the alphabet.
std::optional<char> CreditCheckCharacter(std::string_view first17);
// The check character for the first 8 of an organisation code.
std::optional<char> OrgCheckCharacter(std::string_view first8);

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_CREDIT_CODE_H_
