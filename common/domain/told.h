// Told: what one service tells the others when a case moves. Each event is said once, here: who
// sends it and who receives it. A row of the workflow names at most one.
//
// An event of no row stands here with the reason why no change of state carries it.

#ifndef ALLIANCE_COMMON_DOMAIN_TOLD_H_
#define ALLIANCE_COMMON_DOMAIN_TOLD_H_

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>

#include "common/domain/state.h"

namespace alliance::domain {

enum class Told {
  kNothing,
  kApplicationSubmitted,
  kApplicationReturned,
  kApplicationRejected,
  kApplicationWithdrawn,
  kApplicationRecommended,
  kApplicationNotRecommended,
  kApplicationSentBack,
  kAllianceRegistered,
  kAllianceDeregistered,
  kAllianceCompleted,
  kAnnualReportSubmitted,
  kAnnualReportMissed,
  kAnnualReportReopened,
  kEvaluationPublished,
  kSubsidyPaid,
  // Of no row
  kRoundPublished,
  kExtensionApproved,
  kInterestDeclared,
};

class OwnerSet {
 public:
  constexpr OwnerSet() = default;
  constexpr OwnerSet(std::initializer_list<Owner> owners) {
    for (Owner owner : owners) bits_ |= Bit(owner);
  }
  constexpr bool Has(Owner owner) const { return (bits_ & Bit(owner)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }

 private:
  static constexpr unsigned Bit(Owner owner) { return 1U << static_cast<unsigned>(owner); }
  unsigned bits_ = 0;
};

enum class OfRow { kYes, kNo };

struct ToldRow {
  Told told;
  std::string_view word;  // as the body's message is named in events.proto
  Owner sender;
  OwnerSet receivers;
  OfRow of_row;
};

// clang-format off
#define T Told
#define O Owner
inline constexpr std::array kTold = std::to_array<ToldRow>({
{T::kNothing,                   "",                          O::kFiling,     {},                                        OfRow::kYes},
{T::kApplicationSubmitted,      "ApplicationSubmitted",      O::kFiling,     {O::kReview},                              OfRow::kYes},
{T::kApplicationReturned,       "ApplicationReturned",       O::kReview,     {O::kFiling},                              OfRow::kYes},
{T::kApplicationRejected,       "ApplicationRejected",       O::kReview,     {O::kFiling},                              OfRow::kYes},
{T::kApplicationWithdrawn,      "ApplicationWithdrawn",      O::kReview,     {O::kFiling},                              OfRow::kYes},
{T::kApplicationRecommended,    "ApplicationRecommended",    O::kReview,     {O::kFiling},                              OfRow::kYes},
{T::kApplicationNotRecommended, "ApplicationNotRecommended", O::kReview,     {O::kFiling},                              OfRow::kYes},
{T::kApplicationSentBack,       "ApplicationSentBack",       O::kFiling,     {O::kReview},                              OfRow::kYes},
{T::kAllianceRegistered,        "AllianceRegistered",        O::kFiling,     {O::kEvaluation, O::kSubsidy},             OfRow::kYes},
{T::kAllianceDeregistered,      "AllianceDeregistered",      O::kFiling,     {O::kEvaluation, O::kSubsidy},             OfRow::kYes},
{T::kAllianceCompleted,         "AllianceCompleted",         O::kFiling,     {O::kEvaluation, O::kSubsidy},             OfRow::kYes},
{T::kAnnualReportSubmitted,     "AnnualReportSubmitted",     O::kFiling,     {O::kEvaluation},                          OfRow::kYes},
{T::kAnnualReportMissed,        "AnnualReportMissed",        O::kFiling,     {O::kEvaluation},                          OfRow::kYes},
{T::kAnnualReportReopened,      "AnnualReportReopened",      O::kEvaluation, {O::kFiling},                              OfRow::kYes},
{T::kEvaluationPublished,       "EvaluationPublished",       O::kEvaluation, {O::kSubsidy},                             OfRow::kYes},
{T::kSubsidyPaid,               "SubsidyPaid",               O::kSubsidy,    {O::kFiling},                              OfRow::kYes},
// Rules of a round, not a case.
{T::kRoundPublished,            "RoundPublished",            O::kFiling,     {O::kReview, O::kEvaluation, O::kSubsidy}, OfRow::kNo},
// More time, for one case or a whole region; no case moves.
{T::kExtensionApproved,         "ExtensionApproved",         O::kFiling,     {O::kReview},                              OfRow::kNo},
// What a reviewer declares before or while claiming; the case stays.
{T::kInterestDeclared,          "InterestDeclared",          O::kReview,     {O::kFiling},                              OfRow::kNo},
});
#undef T
#undef O
// clang-format on

constexpr const ToldRow& RowOf(Told told) { return kTold[static_cast<size_t>(told)]; }

// Order as in the enum; a word each; somebody receives, and never the sender.
constexpr bool ToldFollowsTheEnum() {
  for (size_t i = 0; i < kTold.size(); ++i) {
    const ToldRow& row = kTold[i];
    if (static_cast<size_t>(row.told) != i) return false;
    if (row.told == Told::kNothing) continue;
    if (row.word.empty() || row.receivers.empty() || row.receivers.Has(row.sender)) return false;
  }
  return kTold.size() == static_cast<size_t>(Told::kInterestDeclared) + 1;
}
static_assert(ToldFollowsTheEnum());

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_TOLD_H_
