// Rounds and what their packs say about time.

#ifndef ALLIANCE_SERVICES_FILING_ROUNDS_H_
#define ALLIANCE_SERVICES_FILING_ROUNDS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "alliance/filing/v1/filing.pb.h"
#include "common/act/act.h"
#include "common/domain/calendar.h"
#include "common/rules/packs.h"
#include "services/filing/registry_store.h"

namespace alliance::filing {

// At start: every pack of the configuration is recorded as a round with its digest. One whose round
// is known with other rules, recorded or published, refuses: ROUND_FROZEN.
absl::Status RecordRounds(const act::Deps& deps);

// A round as everybody may read it, without its survey draw.
void ShowRound(db::Txn& txn, const rules::Pack& pack, std::string_view portal_address,
               v1::Round* out);

// The pack of a round; ROUND_UNKNOWN.
absl::StatusOr<const rules::Pack*> PackOf(const act::Deps& deps, std::string_view round_id);

// Last day of the construction period that begins with registration on `day` (Q6): the first day
// does not count, so three years from 20 May 2023 end with 20 May 2026.
domain::CivilDay LastConstructionDay(const rules::Pack& pack, domain::CivilDay day);

// The yearly row of an alliance (R-090, Q22), due from the registration, or from the pack's opening
// if that is later, to the pack's deadline. For a year without a pack of its own, the same days of
// that year under the pack of the alliance's round.
absl::StatusOr<YearRow> NewYear(const act::Deps& deps, const AllianceRow& alliance, int year,
                                absl::Time now);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_ROUNDS_H_
