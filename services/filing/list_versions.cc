// ListVersions: the locked versions of an application without their content.

#include "services/filing/versions.h"

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"

namespace alliance::filing {
namespace {

constexpr int kMostVersions = 200;

}  // namespace

using domain::Reason;
using domain::Refuse;

absl::Status FilingService::ListVersions(const rpc::Call& call,
                                         const v1::ListVersionsRequest& request,
                                         v1::ListVersionsResponse* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kApplications, request.name());
  RETURN_IF_ERROR(shape.Done());
  const std::optional<Scope> scope = ScopeOf(call.caller);
  if (!scope) return Refuse(Reason::kNotPermitted);
  return deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    if (!FindDrafted(txn, id, *scope)) return Refuse(Reason::kNotPermitted);
    answer->Clear();
    for (const VersionRow& row : ListVersionRows(txn, id, kMostVersions)) {
      FillVersion(id, row, answer->add_versions());
    }
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
