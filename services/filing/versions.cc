#include "services/filing/versions.h"

#include <optional>

#include "common/act/wire_time.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/domain/errors.h"
#include "services/filing/convert.h"

namespace alliance::filing {

void FillVersion(std::string_view application_id, const VersionRow& row, v1::Version* out) {
  out->set_name(base::StrCat(kApplications, application_id, kVersions, row.number));
  out->set_number(row.number);
  out->set_version_digest(crypto::Hex(row.digest));
  out->set_rules_digest(crypto::Hex(row.rules_digest));
  act::SetTime(row.receive, out->mutable_receive_time());
}

absl::StatusOr<events::v1::ApplicationVersion> ReadVersion(db::Txn& txn,
                                                           std::string_view application_id,
                                                           int32_t number) {
  const std::optional<std::string> content = FindVersion(txn, application_id, number);
  if (!content) return domain::Refuse(domain::Reason::kNotPermitted);
  events::v1::ApplicationVersion version;
  if (!version.ParseFromString(*content)) {
    return absl::InternalError("a locked version cannot be read");
  }
  return version;
}

}  // namespace alliance::filing
