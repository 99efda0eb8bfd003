// The fields of the application form, one row each: what the form calls a field, what it holds and
// where it stands in the notice. The field guide, typed entry, labels of problems and marks, and
// the comparison of versions all read this table.

#ifndef ALLIANCE_COMMON_DOMAIN_FORM_FIELDS_H_
#define ALLIANCE_COMMON_DOMAIN_FORM_FIELDS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/domain/form.h"
#include "common/domain/papers.h"

namespace alliance::domain {

enum class FieldKind {
  kText,
  kAmount,        // 万元, two decimals at most, not negative
  kSignedAmount,  // the same, may be negative
  kCount,
  kDay,
  kOneOf,
  kSeveralOf,
  kZone,  // code of a high-tech zone of the pack
};

// A choice with the number and the word that stand for it on the wire.
struct FieldChoice {
  int number;
  std::string_view word;
  std::string_view zh;
};

// Which limit of FormRules counts a text.
enum class TextLimit { kNone, kName, kText, kNarrative, kGoals };

struct FieldRow {
  std::string_view path;  // "lead.staff", "members[].position"
  FieldKind kind;
  bool two_years;  // the path has .y1 and .y2
  bool required;
  TextLimit limit;
  std::string_view zh;
  std::string_view en;
  std::string_view unit;
  std::string_view clause;
  std::span<const FieldChoice> choices = {};
};

// In the order of the form.
std::span<const FieldRow> FormFields();

// Where a path points.
struct FieldPlace {
  const FieldRow* row = nullptr;
  int year = 0;              // 1 for .y1, 2 for .y2; 0 for a field without years, or for both
  std::optional<int> index;  // row of the table, from 0
};

// "lead.rd_spend_fen.y1", "lead.rd_spend_fen", "members[2].position"; nothing for a path that is no
// field of the form: a part of it, an unknown name, a wrong index.
std::optional<FieldPlace> FindField(std::string_view path);

int64_t LimitOf(TextLimit limit, const FormRules& rules);

struct FieldLabel {
  std::string zh;
  std::string en;
};

// What the form calls a place: "研究开发费用（2022年）",
// "联盟成员单位第3行·在行业（或领域）中的地位", for papers the slot's name. A path that nothing is
// known of is its own label.
FieldLabel LabelOf(std::string_view path, int form_year, const PaperRules& papers);

// A field as it was typed, read.
struct TypedEntry {
  bool empty = false;            // clears the field
  std::string text;              // of texts, days and zones
  std::optional<int64_t> value;  // of amounts, in fen, and of counts
  std::vector<const FieldChoice*> choices;
};

// Reads `typed` as people type: outer blanks, full-width digits and thousands separators are
// folded. What is wrong with it, at `path`, or nothing.
std::optional<FieldProblem> ReadEntry(const FieldRow& row, std::string_view path,
                                      std::string_view typed, const FormRules& rules,
                                      TypedEntry* out);

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_FORM_FIELDS_H_
