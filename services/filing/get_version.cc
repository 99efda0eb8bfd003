// GetVersion: one locked version as it was received, the contact masked for whom it is not.

#include <algorithm>
#include <charconv>
#include <optional>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"
#include "services/filing/interest_store.h"
#include "services/filing/versions.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Refuse;

// A number from 1 without leading zeros; 0 for anything else.
int32_t NumberOf(std::string_view text) {
  int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool right =
      error == std::errc() && end == text.data() + text.size() && number > 0 && text.front() != '0';
  return right ? number : 0;
}

}  // namespace

absl::Status FilingService::GetVersion(const rpc::Call& call, const v1::GetVersionRequest& request,
                                       v1::Version* answer) {
  const std::string_view name = request.name();
  const size_t split = std::min(name.find(kVersions), name.size());
  act::Shape shape;
  const std::string id = shape.Name("name", kApplications, name.substr(0, split));
  const int32_t number = split == name.size() ? 0 : NumberOf(name.substr(split + kVersions.size()));
  shape.Check(number > 0, "name", "NAME", "名称应为 applications/{uuid}/versions/{number}",
              "must be applications/{uuid}/versions/{number}");
  RETURN_IF_ERROR(shape.Done());
  const std::optional<Scope> scope = ScopeOf(call.caller);
  if (!scope) return Refuse(Reason::kNotPermitted);
  return deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    const auto drafted = FindDrafted(txn, id, *scope);
    if (!drafted) return Refuse(Reason::kNotPermitted);
    const auto row = FindVersionRow(txn, id, number);
    if (!row) return Refuse(Reason::kNotPermitted);
    RETURN_IF_ERROR(CheckOpen(txn, *drafted, call.caller));
    ASSIGN_OR_RETURN(events::v1::ApplicationVersion version, ReadVersion(txn, id, number));
    answer->Clear();
    FillVersion(id, *row, answer);
    answer->set_recommender_region(version.recommender_region());
    if (!MaySeeContact(*drafted, call.caller)) MaskContact(version.mutable_form());
    answer->mutable_form()->Swap(version.mutable_form());
    answer->mutable_papers()->Swap(version.mutable_papers());
    answer->mutable_warnings()->Swap(version.mutable_warnings());
    answer->mutable_unrequested_changes()->Swap(version.mutable_unrequested_changes());
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
