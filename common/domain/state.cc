#include "common/domain/state.h"

#include <array>
#include <cstddef>

namespace alliance::domain {
namespace {

constexpr std::array<std::string_view, 4> kOwnerWords = {"filing", "review", "evaluation",
                                                         "subsidy"};

}  // namespace

std::optional<State> StateOf(std::string_view word) {
  for (const StateRow& row : kStates) {
    if (row.word == word) return row.state;
  }
  return std::nullopt;
}

std::string_view ApplicantLabel(State state, Locale locale) {
  return locale == Locale::kZh ? RowOf(state).applicant_zh : RowOf(state).applicant_en;
}

std::string_view OfficialLabel(State state, Locale locale) {
  return locale == Locale::kZh ? RowOf(state).zh : RowOf(state).en;
}

std::string_view WordOf(Owner owner) { return kOwnerWords[static_cast<size_t>(owner)]; }

std::string_view LabelZh(Owner owner) {
  switch (owner) {
    case Owner::kFiling:
      return "申报备案";
    case Owner::kReview:
      return "地区初审";
    case Owner::kEvaluation:
      return "绩效评价";
    case Owner::kSubsidy:
      return "后补助";
  }
  return "";
}

std::optional<Owner> OwnerOfWord(std::string_view word) {
  for (size_t i = 0; i < kOwnerWords.size(); ++i) {
    if (kOwnerWords[i] == word) return static_cast<Owner>(i);
  }
  return std::nullopt;
}

}  // namespace alliance::domain
