// ListSubsidyCases.

#include "common/act/page.h"
#include "common/base/status_macros.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {

absl::Status SubsidyService::ListSubsidyCases(const rpc::Call& call,
                                              const v1::ListSubsidyCasesRequest& request,
                                              v1::ListSubsidyCasesResponse* answer) {
  ASSIGN_OR_RETURN(const act::Page page,
                   act::ReadPage(call, "", request.page_size(), request.page_token()));
  return deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    answer->Clear();
    std::vector<Case> cases = ListCases(txn, call.caller, page.after, page.limit + 1);
    if (cases.size() > static_cast<size_t>(page.limit)) {
      cases.resize(page.limit);
      answer->set_next_page_token(act::PageToken(call, "", cases.back().id));
    }
    for (const Case& row : cases) FillCase(row, call.caller, answer->add_subsidy_cases());
    return absl::OkStatus();
  });
}

}  // namespace alliance::subsidy
