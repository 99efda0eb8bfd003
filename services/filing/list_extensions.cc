// ListExtensions: every extension of a round that was ever asked for, in the caller's scope.

#include "common/act/page.h"
#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/filing/convert.h"
#include "services/filing/extension_store.h"
#include "services/filing/filing_service.h"

namespace alliance::filing {

using domain::Reason;
using domain::Refuse;

absl::Status FilingService::ListExtensions(const rpc::Call& call,
                                           const v1::ListExtensionsRequest& request,
                                           v1::ListExtensionsResponse* answer) {
  const std::optional<Scope> scope = ScopeOf(call.caller);
  if (!scope || !scope->lead_code.empty()) return Refuse(Reason::kNotPermitted);
  act::Shape shape;
  const std::string id = shape.Slug("round", kRounds, request.round());
  RETURN_IF_ERROR(shape.Done());
  ASSIGN_OR_RETURN(const act::Page page,
                   act::ReadPage(call, request.round(), request.page_size(), request.page_token()));
  return deps_.pool.Read(call.deadline, [&](db::Txn& txn) {
    answer->Clear();
    std::vector<ExtensionRow> rows =
        filing::ListExtensions(txn, id, scope->region, page.after, page.limit + 1);
    const bool more = rows.size() > static_cast<size_t>(page.limit);
    if (more) rows.resize(page.limit);
    for (const ExtensionRow& row : rows) FillExtension(row, call.caller, answer->add_extensions());
    if (more) answer->set_next_page_token(act::PageToken(call, request.round(), rows.back().id));
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
