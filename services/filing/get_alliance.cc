// GetAlliance and ListAlliances: the registry within the caller's scope.

#include <algorithm>
#include <optional>
#include <vector>

#include "common/act/page.h"
#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "services/filing/application_case.h"
#include "services/filing/clock.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"
#include "services/filing/registry_store.h"
#include "services/filing/renewal_store.h"

namespace alliance::filing {

using domain::Reason;
using domain::Refuse;

absl::Status FilingService::GetAlliance(const rpc::Call& call,
                                        const v1::GetAllianceRequest& request,
                                        v1::Alliance* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kAlliances, request.name());
  RETURN_IF_ERROR(shape.Done());
  const std::optional<Scope> scope = ScopeOf(call.caller);
  if (!scope) return Refuse(Reason::kNotPermitted);
  std::optional<RegisteredAlliance> found;
  std::vector<std::string> renewed_by;
  const auto read = [&](db::Txn& txn) -> absl::Status {
    found = FindAlliance(txn, id, *scope);
    if (!found) return Refuse(Reason::kNotPermitted);
    renewed_by = RenewalsOf(txn, id);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, read));
  if (IsDue(found->due, deps_.clock.Now())) {
    cases::Sweep<ApplicationCase>(deps_, call, {id});
    RETURN_IF_ERROR(deps_.pool.Read(call.deadline, read));
  }
  FillAlliance(*found, answer);
  for (const std::string& application : renewed_by) {
    answer->add_renewed_by(base::StrCat(kApplications, application));
  }
  return absl::OkStatus();
}

absl::Status FilingService::ListAlliances(const rpc::Call& call,
                                          const v1::ListAlliancesRequest& request,
                                          v1::ListAlliancesResponse* answer) {
  const std::optional<Scope> scope = ScopeOf(call.caller);
  if (!scope) return Refuse(Reason::kNotPermitted);
  ASSIGN_OR_RETURN(const act::Page page,
                   act::ReadPage(call, "", request.page_size(), request.page_token()));
  std::vector<RegisteredAlliance> rows;
  const auto read = [&](db::Txn& txn) {
    rows = filing::ListAlliances(txn, *scope, page.after, page.limit + 1);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, read));
  const absl::Time now = deps_.clock.Now();
  std::vector<std::string> due;
  for (const RegisteredAlliance& row : rows) {
    if (IsDue(row.due, now)) due.push_back(row.row.id);
  }
  if (!due.empty()) {
    cases::Sweep<ApplicationCase>(deps_, call, due);
    RETURN_IF_ERROR(deps_.pool.Read(call.deadline, read));
  }
  const bool more = rows.size() > static_cast<size_t>(page.limit);
  if (more) rows.resize(page.limit);
  for (const RegisteredAlliance& row : rows) FillAlliance(row, answer->add_alliances());
  if (more) {
    answer->set_next_page_token(act::PageToken(call, "", rows.back().row.registry_number));
  }
  return absl::OkStatus();
}

}  // namespace alliance::filing
