// A draft: what every handler that saves or submits one does with its form.

#ifndef ALLIANCE_SERVICES_FILING_DRAFT_H_
#define ALLIANCE_SERVICES_FILING_DRAFT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "alliance/filing/v1/filing.pb.h"
#include "common/act/act.h"
#include "common/db/txn.h"
#include "common/domain/caller.h"
#include "common/domain/facts.h"
#include "common/rules/pack.h"
#include "services/filing/filing_store.h"

namespace alliance::filing {

// The stored form. What cannot be read is an internal error.
absl::StatusOr<v1::ApplicationForm> ReadForm(const Draft& draft);
// The marks of the last return; none when there was none.
google::protobuf::RepeatedPtrField<v1::FieldMark> ReadMarks(const Draft& draft);

// The code of the caller's enterprise, as it stands in forms and rows. Empty for whoever is no
// applicant, whatever organisation he belongs to.
std::string LeadCodeOf(const domain::Caller& caller);

// The form as it is stored: normalised, and with the lead's code when it is left empty. The
// enterprise is known from its login: nothing to type, nothing to mistype.
void Complete(const domain::Caller& caller, v1::ApplicationForm* form);

// What a draft must satisfy to be stored, every wrong field. The lead of the form is the caller's
// own enterprise.
std::vector<domain::FieldProblem> StorableProblems(const v1::ApplicationForm& form,
                                                   std::string_view recommender_region,
                                                   const domain::Caller& caller,
                                                   const rules::Pack& pack);
// The same as INVALID_REQUEST.
absl::Status CheckStorable(const v1::ApplicationForm& form, std::string_view recommender_region,
                           const domain::Caller& caller, const rules::Pack& pack);

// Takes the searched columns from the form.
void CopyNames(const v1::ApplicationForm& form, const domain::Caller& caller, Application* row);

// Everything that the checks of a submission find (填写检查).
struct Checks {
  std::vector<domain::FieldProblem> form;
  std::vector<domain::FieldProblem> papers;
  std::vector<domain::FieldProblem>
      unrequested;  // edits outside the marks of the last return (Q21)
  bool papers_clean = false;
};
absl::StatusOr<Checks> RunChecks(const act::Deps& deps, db::Txn& txn,
                                 const DraftedApplication& drafted, const v1::ApplicationForm& form,
                                 const std::vector<PaperRow>& papers, const rules::Pack& pack);

// Into the facts of a submission.
void GatherChecks(const Checks& checks, const rules::Pack& pack, domain::Facts* facts);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_DRAFT_H_
