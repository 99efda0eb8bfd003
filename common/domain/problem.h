// Every point that a check of a form, its papers or a code can find, in one list.
//
// A Problem is a word such as "REQUIRED" or "X04" with its severity, the clause it rests on and one
// sentence per language. A rule pack may give a problem another severity, never another meaning.

#ifndef ALLIANCE_COMMON_DOMAIN_PROBLEM_H_
#define ALLIANCE_COMMON_DOMAIN_PROBLEM_H_

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "common/domain/errors.h"

namespace alliance::domain {

enum class Problem {
  // One field
  kRequired,
  kTooLong,
  kForbiddenCharacter,
  kInvisibleText,
  kPrivateUse,
  kNotUtf8,
  kNotInList,
  kDuplicate,
  kNegative,
  kOutOfRange,
  kNotADay,
  kFutureDay,
  kPhone,
  kTooManyRows,
  kNoSuchField,
  kRowMissing,
  kNotACount,
  kEvidenceIncomplete,
  kNamePattern,
  // Cross-checks of the form, X01 … X12 of the pack
  kX01,
  kX02,
  kX03,
  kX04,
  kX05,
  kX06,
  kX07,
  kX08,
  kX09,
  kX10,
  kX11,
  kX12,
  // Against other rounds and other applications
  kLastRoundDiffers,
  kPreviousRegistry,
  kSameFigures,
  kMemberElsewhere,
  kSameFiguresOfAnotherOffice,
  kMemberOfAnotherOffice,
  // Members
  kNoUniversityOrInstitute,
  kTalentTeamOnly,
  kLeadNotAmongMembers,
  kTotalNotRows,
  kTotalBelowKinds,
  kKindsNotRows,
  kSameName,
  // Lead enterprise
  kLeadNotLegalPerson,
  kLeadKindUnusual,
  kDomicileUnexplained,
  kDomicileElsewhere,
  // Codes
  kLength,
  kBadCharacter,
  kDepartmentKind,
  kRegionDigits,
  kOrgCheck,
  kCheckChar,
  kOrgCode9,
  kOutOfProvince,
  // Papers
  kPaperMissing,
  kPaperSlotUnknown,
  // Review
  kConditionUnknown,
  kConditionTwice,
  // Scores
  kScoreRange,
  kScoreItems,

  kCount,
};

struct ProblemRow {
  Problem problem;
  std::string_view word;
  Severity severity;
  std::string_view clause;
  std::string_view en;
  std::string_view zh;
};

const ProblemRow& RowOf(Problem problem);
std::string_view WordOf(Problem problem);
std::optional<Problem> ProblemOf(std::string_view word);

// The row's texts with the holes filled, at `field`, with the row's severity unless one is given.
FieldProblem MakeProblem(Problem problem, std::string_view field,
                         std::initializer_list<Hole> holes = {},
                         std::optional<Severity> severity = std::nullopt);

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_PROBLEM_H_
