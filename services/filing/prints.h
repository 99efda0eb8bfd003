// From cases and packs to what common/print draws, and the answer of the printing methods.
// Rendering takes a tenth of a second of CPU: it is done when the transaction is over.

#ifndef ALLIANCE_SERVICES_FILING_PRINTS_H_
#define ALLIANCE_SERVICES_FILING_PRINTS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "alliance/events/v1/events.pb.h"
#include "alliance/filing/v1/print.pb.h"
#include "common/act/act.h"
#include "common/print/prints.h"
#include "common/rules/pack.h"
#include "services/filing/filing_store.h"

namespace alliance::filing {

print::FormTexts TextsOf(const rules::Pack& pack);
// "2023-tsl　规则包 0123456789abcdef": which version of the notice's texts a print shows.
std::string SourceOf(const rules::Pack& pack);
// The notice's day.
absl::Time ReleasedOf(const rules::Pack& pack);

// The form as `reader` may see it.
print::FilledForm FilledOf(const rules::Pack& pack, const Application& row,
                           const v1::ApplicationForm& form, std::string_view recommender_region,
                           const domain::Caller& reader);

// A locked version, `number` 0 being the last; INVALID_REQUEST when the case has no such version.
struct LockedPrint {
  events::v1::ApplicationVersion content;
  print::Version version;
  const rules::Pack* pack = nullptr;  // by which it was received
};
absl::StatusOr<LockedPrint> LoadLocked(const act::Deps& deps, db::Txn& txn, const Application& row,
                                       int32_t number);

// `version` adds its check code.
absl::Status Answer(absl::StatusOr<std::string> pdf, std::string_view file_name,
                    const print::Version* version, v1::Print* answer);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_PRINTS_H_
