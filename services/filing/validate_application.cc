// ValidateApplication (填写检查): everything that a submission would find, and nothing changes.

#include <optional>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/filing/applicant_view.h"
#include "services/filing/convert.h"
#include "services/filing/draft.h"
#include "services/filing/filing_service.h"
#include "services/filing/other_cases.h"
#include "services/filing/rounds.h"

namespace alliance::filing {

using domain::Reason;
using domain::Refuse;

namespace {

void Add(const domain::FieldProblem& problem, const rules::Pack& pack,
         v1::ValidateApplicationResponse* answer) {
  v1::FormProblem* out = nullptr;
  switch (problem.severity) {
    case domain::Severity::kError:
      out = answer->add_errors();
      break;
    case domain::Severity::kNeedsOverride:
      out = answer->add_needs_override();
      break;
    case domain::Severity::kWarning:
      out = answer->add_warnings();
      break;
  }
  *out = Labelled(problem, pack);
}

}  // namespace

absl::Status FilingService::ValidateApplication(const rpc::Call& call,
                                                const v1::ValidateApplicationRequest& request,
                                                v1::ValidateApplicationResponse* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kApplications, request.name());
  RETURN_IF_ERROR(shape.Done());
  const std::optional<Scope> scope = ScopeOf(call.caller);
  if (!scope) return Refuse(Reason::kNotPermitted);
  return deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    const auto drafted = FindDrafted(txn, id, *scope);
    if (!drafted) return Refuse(Reason::kNotPermitted);
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, drafted->round_id));
    ASSIGN_OR_RETURN(const v1::ApplicationForm form, ReadForm(drafted->draft));
    ASSIGN_OR_RETURN(const Checks checks,
                     RunChecks(deps_, txn, *drafted, form, ListPapers(txn, id), *pack));
    answer->Clear();
    for (const auto* problems : {&checks.form, &checks.papers, &checks.unrequested}) {
      for (const domain::FieldProblem& problem : *problems) {
        Add(problem, *pack, answer);
      }
    }
    if (call.caller.role != domain::Role::kApplicant) {
      for (const domain::FieldProblem& note :
           OfficialNotes(txn, *drafted, form, *pack, call.caller)) {
        *answer->add_official_notes() = Labelled(note, *pack);
      }
    }
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
