// PrintApplication: the form of Annex 2 as saved now, or as locked. Read first, then render: no
// database connection is held meanwhile.

#include <cstdint>
#include <optional>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "services/filing/convert.h"
#include "services/filing/draft.h"
#include "services/filing/filing_service.h"
#include "services/filing/interest_store.h"
#include "services/filing/prints.h"
#include "services/filing/rounds.h"

namespace alliance::filing {

using domain::Reason;
using domain::Refuse;

absl::Status FilingService::PrintApplication(const rpc::Call& call,
                                             const v1::PrintApplicationRequest& request,
                                             v1::Print* answer) {
  using Request = v1::PrintApplicationRequest;
  act::Shape shape;
  const std::string id = shape.Name("name", kApplications, request.name());
  shape.Check(request.kind() == Request::DRAFT || request.kind() == Request::FINAL, "kind",
              "NOT_IN_LIST", "请选择 DRAFT（草稿）或 FINAL（锁定的版本）",
              "choose DRAFT or FINAL (a locked version)");
  shape.Between("version_number", request.version_number(), 0,
                request.kind() == Request::FINAL ? INT32_MAX : 0);
  RETURN_IF_ERROR(shape.Done());
  const std::optional<Scope> scope = ScopeOf(call.caller);
  if (!scope) return Refuse(Reason::kNotPermitted);

  absl::Time saved;
  std::optional<LockedPrint> locked;
  const rules::Pack* pack = nullptr;
  print::FilledForm filled;
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    const auto drafted = FindDrafted(txn, id, *scope);
    if (!drafted) return Refuse(Reason::kNotPermitted);
    const Application& row = *drafted;
    RETURN_IF_ERROR(CheckOpen(txn, row, call.caller));
    saved = row.update;
    if (request.kind() == Request::DRAFT) {
      ASSIGN_OR_RETURN(pack, PackOf(deps_, row.round_id));
      ASSIGN_OR_RETURN(const v1::ApplicationForm form, ReadForm(drafted->draft));
      filled = FilledOf(*pack, row, form, row.region, call.caller);
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(locked, LoadLocked(deps_, txn, row, request.version_number()));
    pack = locked->pack;
    filled = FilledOf(*pack, row, locked->content.form(), locked->content.recommender_region(),
                      call.caller);
    return absl::OkStatus();
  }));

  if (!locked) {
    return Answer(print::PrintDraft(TextsOf(*pack), filled, saved),
                  base::StrCat("application-", id, "-draft.pdf"), nullptr, answer);
  }
  return Answer(print::PrintFinal(TextsOf(*pack), filled, locked->version),
                base::StrCat("application-", id, "-v", locked->version.number, ".pdf"),
                &locked->version, answer);
}

}  // namespace alliance::filing
