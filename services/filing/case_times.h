// The times of one case, as every decision and every view of filing sees them.

#ifndef ALLIANCE_SERVICES_FILING_CASE_TIMES_H_
#define ALLIANCE_SERVICES_FILING_CASE_TIMES_H_

#include <optional>
#include <vector>

#include "common/db/txn.h"
#include "common/domain/facts.h"
#include "common/domain/window.h"
#include "common/rules/packs.h"
#include "services/filing/filing_store.h"

namespace alliance::filing {

// What lengthens the times of the case: granted to it, to its region, or to the office that
// returned it.
std::vector<domain::Grant> GrantsOf(db::Txn& txn, const Application& row);

// The times of the round as they hold in the case's region, with the extensions in force for it.
// What a city has returned for a zone or district may be corrected until the city's own end (Q3).
domain::CaseTimes TimesOf(const rules::Pack& pack, const Application& row,
                          const std::vector<domain::Grant>& grants);
domain::CaseTimes TimesOf(db::Txn& txn, const rules::Pack& pack, const Application& row);

// The same for many, in their order; nothing for a case whose round is not served any more.
std::vector<std::optional<domain::CaseTimes>> TimesOf(db::Txn& txn, const rules::Packs& packs,
                                                      const std::vector<Application>& rows);

// Into the facts: the filing window and the time for corrections (Q21).
void GatherTimes(const domain::CaseTimes& times, domain::Facts* facts);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_CASE_TIMES_H_
