// Renewal: an alliance in its construction period applies again in a later round.

#ifndef ALLIANCE_SERVICES_FILING_RENEWAL_H_
#define ALLIANCE_SERVICES_FILING_RENEWAL_H_

#include <string_view>

#include "absl/status/status.h"
#include "alliance/filing/v1/form.pb.h"
#include "common/act/act.h"
#include "common/rules/pack.h"

namespace alliance::filing {

// The figures of a form `years` rounds further back: after one, last round's y1 is y2; what the new
// y1 is evidenced by is not known yet.
void ShiftYears(int years, v1::ApplicationForm* form);

// Puts the last form of the alliance under what `form` fills in itself. NOT_PERMITTED for another
// lead's or an unknown alliance, RENEWAL_REFUSED for one that left the registry, whose construction
// period is over, or that is not of an earlier round.
absl::Status Prefill(const act::Deps& deps, act::Step& step, std::string_view alliance_id,
                     const rules::Pack& pack, std::string_view lead_code,
                     v1::ApplicationForm* form);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_RENEWAL_H_
