// The papers of an application: which slots must be filled (article 6(1), R-030 … R-035).
//
// A requirement is satisfied by any one of its alternatives; an alternative is a set of slots that
// must all be filled. That holds both groupings of “扣除明细表或审计报告” (reading Q5):
//   A3 {A3_TAX_RETURN} and A4 {A4A_DEDUCTION_SHEET} or {A4B_AUDIT_REPORT}    the default
//   A3A4 {A3_TAX_RETURN, A4A_DEDUCTION_SHEET} or {A4B_AUDIT_REPORT}          the other grouping

#ifndef ALLIANCE_COMMON_DOMAIN_PAPERS_H_
#define ALLIANCE_COMMON_DOMAIN_PAPERS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/domain/errors.h"
#include "common/domain/form.h"

namespace alliance::domain {

enum class PaperNeed {
  kAlways,
  kPerMember,               // one per row of the member table, named by the member's code
  kIfIntellectualProperty,  // a class I or II count above 0 (X12)
  kGenerated,               // printed from the data; a sealed scan may be attached, none must be
};

struct PaperSlot {
  std::string id;  // "A2_AGREEMENT"
  std::string zh;
  std::string en;
  std::string clause;
};

struct PaperRequirement {
  std::string id;  // "A4"
  PaperNeed need = PaperNeed::kAlways;
  std::vector<std::vector<std::string>> any_of;  // alternatives of slot ids
  std::string clause;
};

// How large papers may be and how many one application may have.
struct PaperLimits {
  int64_t pdf_bytes = 0;
  int64_t image_bytes = 0;
  int64_t image_pixels = 0;
  int64_t files = 0;
  int64_t bytes = 0;
  int64_t upload_hours = 0;
};

struct PaperRules {
  std::vector<PaperSlot> slots;
  std::vector<PaperRequirement> requirements;
  PaperLimits limits;
};

struct PaperGiven {
  std::string slot;
  std::string member_credit_code;  // for slots that every member fills
};

// One problem per unfilled requirement, at "papers.A2_AGREEMENT" or, per member,
// "papers.A5_MEMBER_LICENCE[2]"; for alternatives the field is the first slot of the alternative
// that lacks least. A paper in a slot that the pack does not know is a problem too.
std::vector<FieldProblem> CheckPapers(const Form& form, const PaperRules& rules,
                                      const std::vector<PaperGiven>& given);

// True when the pack knows the slot.
bool KnowsSlot(const PaperRules& rules, std::string_view slot);
// True when the slot is filled once per member.
bool IsPerMember(const PaperRules& rules, std::string_view slot);

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_PAPERS_H_
