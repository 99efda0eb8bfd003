#include "services/filing/versions.h"

#include <optional>
#include <utility>

#include "common/act/wire_time.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/domain/errors.h"
#include "common/domain/form_fields.h"
#include "services/filing/convert.h"
#include "services/filing/form_diff.h"
#include "services/filing/form_edit.h"

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

std::vector<v1::FieldChange> ChangesBetween(
    const events::v1::ApplicationVersion& before, const events::v1::ApplicationVersion& after,
    const google::protobuf::RepeatedPtrField<v1::FieldMark>& unrequested, const rules::Pack& pack) {
  std::vector<FormChange> found = DiffForms(before.form(), after.form());
  for (FormChange& change : DiffPapers(before.papers(), after.papers(), after.form())) {
    found.push_back(std::move(change));
  }
  std::vector<v1::FieldChange> changes;
  for (FormChange& change : found) {
    const domain::FieldLabel label =
        domain::LabelOf(change.path, pack.form_year(), pack.paper_rules());
    v1::FieldChange& out = changes.emplace_back();
    out.set_label_zh(label.zh);
    out.set_label_en(label.en);
    out.set_unrequested(IsMarked(change.path, unrequested));
    out.set_field(std::move(change.path));
    out.set_before(std::move(change.before));
    out.set_after(std::move(change.after));
  }
  return changes;
}

}  // namespace alliance::filing
