#include "services/filing/extension_act.h"

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/errors.h"
#include "common/domain/extension.h"
#include "services/filing/convert.h"
#include "services/filing/rounds.h"

namespace alliance::filing {

absl::StatusOr<std::optional<Application>> LockExtended(db::Txn& txn, const ExtensionRow& row) {
  if (row.application_id.empty()) return std::optional<Application>();
  std::optional<Application> application = LockApplication(txn, row.application_id, EveryCase());
  if (!application || application->round_id != row.round_id) {
    return domain::Refuse(domain::Reason::kNotPermitted);
  }
  return application;
}

absl::StatusOr<absl::Time> CheckExtension(const act::Deps& deps, db::Txn& txn, absl::Time now,
                                          const ExtensionRow& row,
                                          const std::optional<Application>& application) {
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps, row.round_id));
  domain::ExtensionFacts facts{
      .now = now,
      .round = row.round_id,
      .deadline = row.deadline,
      .closes = row.close,
      .in_force = pack->times_of(row.region, row.application_id,
                                 GrantsFor(txn, row.round_id, row.region, row.application_id)),
      .of_round = pack->times_of("")};
  if (application) facts.state = application->state;
  if (pack->proto().has_extensions()) facts.most_days = pack->proto().extensions().most_days();
  RETURN_IF_ERROR(domain::CheckExtension(facts));
  return facts.in_force.of(row.deadline);
}

std::string ChainOf(const ExtensionRow& row) { return base::StrCat(kExtensions, row.id); }

}  // namespace alliance::filing
