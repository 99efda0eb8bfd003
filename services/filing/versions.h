// Locked versions on the wire.

#ifndef ALLIANCE_SERVICES_FILING_VERSIONS_H_
#define ALLIANCE_SERVICES_FILING_VERSIONS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "alliance/events/v1/events.pb.h"
#include "alliance/filing/v1/filing.pb.h"
#include "common/db/txn.h"
#include "common/rules/pack.h"
#include "services/filing/version_store.h"

namespace alliance::filing {

inline constexpr std::string_view kVersions = "/versions/";

void FillVersion(std::string_view application_id, const VersionRow& row, v1::Version* out);
// The content of a version; NOT_PERMITTED for a number that is not there, as for any unknown name.
absl::StatusOr<events::v1::ApplicationVersion> ReadVersion(db::Txn& txn,
                                                           std::string_view application_id,
                                                           int32_t number);

// Every difference between two versions, its place in words; `unrequested` are the places that
// nobody had asked to change.
std::vector<v1::FieldChange> ChangesBetween(
    const events::v1::ApplicationVersion& before, const events::v1::ApplicationVersion& after,
    const google::protobuf::RepeatedPtrField<v1::FieldMark>& unrequested, const rules::Pack& pack);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_VERSIONS_H_
