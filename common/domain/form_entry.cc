// ReadEntry of form_fields.h.

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "common/base/str.h"
#include "common/base/text.h"
#include "common/domain/calendar.h"
#include "common/domain/form_fields.h"

namespace alliance::domain {
namespace {

char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool SameWord(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return Upper(x) == Upper(y); });
}

std::optional<FieldProblem> ReadAmount(std::string_view path, std::string_view typed, Sign sign,
                                       std::string_view clause, TypedEntry* out) {
  const absl::StatusOr<Fen> amount = ParseWan(typed, sign);
  if (!amount.ok()) return ProblemAt(path, amount.status(), clause);
  out->value = amount->value();
  return std::nullopt;
}

// The digits and separators of an amount, without a point: 1,200.
std::optional<FieldProblem> ReadCount(std::string_view path, std::string_view typed,
                                      const FormRules& rules, TypedEntry* out) {
  const std::string folded = base::FoldWidth(typed);
  const absl::StatusOr<Fen> whole = ParseWan(folded, Sign::kAny);
  const auto too_many = [&] {
    return MakeProblem(Problem::kOutOfRange, path, {{"limit", absl::StrCat(rules.count_limit)}});
  };
  if (folded.find('.') != std::string::npos) return MakeProblem(Problem::kNotACount, path);
  if (RefusedFor(whole.status(), Reason::kAmountTooLarge)) return too_many();
  if (!whole.ok()) return MakeProblem(Problem::kNotACount, path);
  out->value = whole->value() / kFenPerWan;
  if (*out->value < 0) return MakeProblem(Problem::kNegative, path);
  if (*out->value > rules.count_limit) return too_many();
  return std::nullopt;
}

// "瞪羚、雏鹰", "GAZELLE, EAGLET", one a line.
std::vector<std::string> Words(std::string_view typed) {
  std::vector<std::string> words(1);
  const std::string folded = base::FoldWidth(typed);
  for (std::string_view rest = folded; !rest.empty();) {
    const std::optional<char32_t> code_point = base::TakeCodePoint(rest);
    if (!code_point) break;
    if (*code_point == U'、' || *code_point == ',' || *code_point == ';' || *code_point == '/' ||
        base::IsWhiteSpace(*code_point)) {
      words.emplace_back();
    } else {
      base::AppendCodePoint(*code_point, words.back());
    }
  }
  std::erase(words, "");
  return words;
}

std::optional<FieldProblem> ReadChoices(const FieldRow& row, std::string_view path,
                                        std::string_view typed, TypedEntry* out) {
  const std::vector<std::string> words = Words(typed);
  if (row.kind == FieldKind::kOneOf && words.size() != 1) {
    return MakeProblem(Problem::kNotInList, path);
  }
  for (const std::string& word : words) {
    const auto found =
        std::find_if(row.choices.begin(), row.choices.end(), [&](const FieldChoice& choice) {
          return choice.zh == word || SameWord(choice.word, word);
        });
    if (found == row.choices.end()) return MakeProblem(Problem::kNotInList, path);
    if (std::find(out->choices.begin(), out->choices.end(), &*found) != out->choices.end()) {
      return MakeProblem(Problem::kDuplicate, path);
    }
    out->choices.push_back(&*found);
  }
  return std::nullopt;
}

}  // namespace

std::optional<FieldProblem> ReadEntry(const FieldRow& row, std::string_view path,
                                      std::string_view typed, const FormRules& rules,
                                      TypedEntry* out) {
  if (!base::IsUtf8(typed)) return MakeProblem(Problem::kNotUtf8, path);
  if (base::HasForbiddenCharacter(base::NormaliseLineEnds(typed))) {
    return MakeProblem(Problem::kForbiddenCharacter, path);
  }
  if (row.kind != FieldKind::kText && base::CountCharacters(typed) > 0 &&
      base::VisibleLength(typed) == 0) {
    return MakeProblem(Problem::kInvisibleText, path);
  }
  if (base::Trim(typed).empty()) {
    out->empty = true;
    return std::nullopt;
  }
  switch (row.kind) {
    case FieldKind::kText:  // checked with the whole form
      out->text = std::string(typed);
      return std::nullopt;
    case FieldKind::kZone:
      out->text = std::string(base::Trim(typed));
      return std::nullopt;
    case FieldKind::kDay:
      out->text = std::string(base::Trim(base::FoldWidth(typed)));
      if (!ParseDay(out->text)) return MakeProblem(Problem::kNotADay, path);
      return std::nullopt;
    case FieldKind::kAmount:
      return ReadAmount(path, typed, Sign::kNotNegative, row.clause, out);
    case FieldKind::kSignedAmount:
      return ReadAmount(path, typed, Sign::kAny, row.clause, out);
    case FieldKind::kCount:
      return ReadCount(path, typed, rules, out);
    case FieldKind::kOneOf:
    case FieldKind::kSeveralOf:
      return ReadChoices(row, path, typed, out);
  }
  return std::nullopt;
}

}  // namespace alliance::domain
