#include "services/filing/case_times.h"

#include <map>

#include "common/base/str.h"
#include "services/filing/convert.h"
#include "services/filing/extension_store.h"

namespace alliance::filing {

domain::CaseTimes TimesOf(db::Txn& txn, const rules::Pack& pack, const Application& row) {
  return pack.times_of(row.region, row.id, GrantsFor(txn, row.round_id, row.region, row.id));
}

std::vector<std::optional<domain::CaseTimes>> TimesOf(db::Txn& txn, const rules::Packs& packs,
                                                      const std::vector<Application>& rows) {
  std::map<std::string, std::vector<domain::Grant>> grants;  // by round
  std::vector<std::optional<domain::CaseTimes>> times;
  for (const Application& row : rows) {
    const rules::Pack* pack = packs.Find(base::StrCat(kRounds, row.round_id));
    if (pack == nullptr) {
      times.push_back(std::nullopt);
      continue;
    }
    const auto [at, fresh] = grants.try_emplace(row.round_id);
    if (fresh) at->second = GrantsOfRound(txn, row.round_id);
    times.push_back(pack->times_of(row.region, row.id, at->second));
  }
  return times;
}

void GatherTimes(const domain::CaseTimes& times, domain::Facts* facts) {
  facts->window_opens = times.filing().opens;
  facts->window_closes = times.filing().closes;
  facts->correction_until = times.correcting().closes;
}

}  // namespace alliance::filing
