#include "services/filing/case_times.h"

#include <map>

#include "common/base/str.h"
#include "services/filing/convert.h"
#include "services/filing/extension_store.h"

namespace alliance::filing {

std::vector<domain::Grant> GrantsOf(db::Txn& txn, const Application& row) {
  if (row.office.empty()) return GrantsFor(txn, row.round_id, row.region, row.id);
  return GrantsOfRound(txn, row.round_id);
}

domain::CaseTimes TimesOf(const rules::Pack& pack, const Application& row,
                          const std::vector<domain::Grant>& grants) {
  domain::CaseTimes times = pack.times_of(row.region, row.id, grants);
  if (!row.office.empty()) {
    times.recommender_deadline = pack.times_of(row.office, row.id, grants).recommender_deadline;
  }
  return times;
}

domain::CaseTimes TimesOf(db::Txn& txn, const rules::Pack& pack, const Application& row) {
  return TimesOf(pack, row, GrantsOf(txn, row));
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
    times.push_back(TimesOf(*pack, row, at->second));
  }
  return times;
}

void GatherTimes(const domain::CaseTimes& times, domain::Facts* facts) {
  facts->window_opens = times.filing().opens;
  facts->window_closes = times.filing().closes;
  facts->correction_until = times.correcting().closes;
}

}  // namespace alliance::filing
