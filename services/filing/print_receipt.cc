// PrintReceipt: what was received, when, and where that stands in the case's history.

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "common/act/shape.h"
#include "common/audit/history.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"
#include "services/filing/prints.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Refuse;

// Each submission locks the next version, so the last version is the last submission, and so back.
const audit::HistoryRow* SubmissionOf(const std::vector<audit::HistoryRow>& history, int back) {
  for (auto row = history.rbegin(); row != history.rend(); ++row) {
    if (row->act.action == domain::WordOf(domain::Action::kSubmit) && back-- == 0) return &*row;
  }
  return nullptr;
}

}  // namespace

absl::Status FilingService::PrintReceipt(const rpc::Call& call,
                                         const v1::PrintReceiptRequest& request,
                                         v1::Print* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kApplications, request.name());
  shape.Between("version_number", request.version_number(), 0, INT32_MAX);
  RETURN_IF_ERROR(shape.Done());
  const std::optional<Scope> scope = ScopeOf(call.caller);
  if (!scope) return Refuse(Reason::kNotPermitted);

  print::Receipt receipt;
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    const auto drafted = FindDrafted(txn, id, *scope);
    if (!drafted) return Refuse(Reason::kNotPermitted);
    const Application& row = *drafted;
    ASSIGN_OR_RETURN(const LockedPrint locked,
                     LoadLocked(deps_, txn, row, request.version_number()));
    const std::vector<audit::HistoryRow> history = audit::ReadTimeline(txn, row.id);
    const audit::HistoryRow* submission =
        SubmissionOf(history, row.version_number - locked.version.number);
    if (submission == nullptr) {
      return absl::InternalError(base::StrCat("no history row of the submission of ", row.id));
    }
    const v1::ApplicationForm& form = locked.content.form();
    receipt = {.version = locked.version,
               .round_title = locked.pack->proto().round().title(),
               .alliance_name = form.alliance_name(),
               .lead_name = form.lead().enterprise_name(),
               .lead_credit_code = row.lead_code,
               .recommender_name = FilledOf(*locked.pack, row, form,
                                            locked.content.recommender_region(), call.caller)
                                       .recommender_name,
               .history_sequence = submission->seq,
               .history_hash = submission->hash};
    return absl::OkStatus();
  }));
  return Answer(print::PrintReceipt(receipt),
                base::StrCat("receipt-", id, "-v", receipt.version.number, ".pdf"),
                &receipt.version, answer);
}

}  // namespace alliance::filing
