#include "common/domain/extension.h"

#include <algorithm>

#include "common/domain/calendar.h"
#include "common/domain/errors.h"

namespace alliance::domain {
namespace {

// Can the end of this deadline still change anything for a case in `state`?
bool Matters(Deadline deadline, State state) {
  if (deadline == Deadline::kEnterprise) return state == State::kDraft;
  switch (state) {
    case State::kDraft:
    case State::kReturned:
    case State::kSubmitted:
    case State::kReviewing:
    case State::kPassed:
    case State::kInNotice:
    case State::kObjected:
    case State::kNoticeClosed:
      return true;
    default:
      return false;
  }
}

// The same local time of the day, `days` later.
absl::Time DaysLater(absl::Time at, int days) { return at + days * absl::Hours(24); }

}  // namespace

absl::Status CheckExtension(const ExtensionFacts& facts) {
  if (!facts.most_days) return Refuse(Reason::kExtensionsNotAllowed, {{"round", facts.round}});
  if (facts.state && !Matters(facts.deadline, *facts.state)) {
    return Refuse(
        Reason::kExtensionUseless,
        {{"state", WordOf(*facts.state)}, {"state_zh", OfficialLabel(*facts.state, Locale::kZh)}});
  }
  const absl::Time closes = facts.in_force.of(facts.deadline);
  if (IsOver(closes, facts.now)) {
    return Refuse(Reason::kExtensionLate, {{"closed_at", FormatInstant(closes)}});
  }
  if (facts.closes <= closes) {
    return Refuse(Reason::kExtensionShortens, {{"closes_at", FormatInstant(closes)}});
  }
  absl::Time latest = DaysLater(facts.of_round.of(facts.deadline), *facts.most_days);
  // A firm that submits after its region must be done could not be recommended any more.
  if (facts.deadline == Deadline::kEnterprise) {
    latest = std::min(latest, facts.in_force.recommender_deadline);
  }
  if (facts.closes > latest) {
    return Refuse(Reason::kExtensionTooLong, {{"latest", FormatInstant(latest)}});
  }
  return absl::OkStatus();
}

}  // namespace alliance::domain
