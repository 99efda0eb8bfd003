#include "common/case/objection.h"

#include <algorithm>
#include <array>

#include "common/base/text.h"
#include "common/domain/calendar.h"
#include "common/domain/errors.h"

namespace alliance::cases {

using domain::Reason;
using domain::Refuse;
using domain::State;

void CheckObjection(act::Shape& shape, const Objection& objection) {
  shape.OptionalText("objector_name", objection.objector_name, kObjectorLimit);
  shape.OptionalText("objector_contact", objection.objector_contact, kObjectorLimit);
  shape.OptionalText("grounds", objection.grounds, kGroundsLimit);
  if (objection.evidence != nullptr) shape.Document("evidence", *objection.evidence);
}

bool IsRealName(std::string_view text) {
  constexpr std::array<std::string_view, 6> kInstead = {"匿名", "匿名者",    "不具名",
                                                        "佚名", "anonymous", "Anonymous"};
  const std::string_view name = base::Trim(text);
  return base::VisibleLength(name) > 0 &&
         std::find(kInstead.begin(), kInstead.end(), name) == kInstead.end();
}

absl::Status CheckOnNotice(State state, std::optional<absl::Time> closes) {
  constexpr std::array kOnNotice = {State::kInNotice, State::kObjected, State::kSubsidyNotice,
                                    State::kSubsidyObjected};
  if (std::find(kOnNotice.begin(), kOnNotice.end(), state) != kOnNotice.end()) {
    return absl::OkStatus();
  }
  if (!closes) return Refuse(Reason::kNotPermitted);
  return Refuse(Reason::kObjectionLate, {{"closed_at", domain::FormatInstant(*closes)}});
}

void GatherObjection(const Objection& objection, domain::Facts& facts) {
  facts.objector_named =
      IsRealName(objection.objector_name) && IsRealName(objection.objector_contact);
  facts.objection_has_grounds = base::VisibleLength(objection.grounds) > 0;
  if (objection.evidence != nullptr) facts.papers_given.Add(domain::Paper::kEvidence);
}

}  // namespace alliance::cases
