// UpdateApplication: saves parts of a form. It never changes the state.

#include <utility>
#include <vector>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/filing/applicant_view.h"
#include "services/filing/application_case.h"
#include "services/filing/case_times.h"
#include "services/filing/convert.h"
#include "services/filing/draft.h"
#include "services/filing/field_entry.h"
#include "services/filing/filing_service.h"
#include "services/filing/form_edit.h"
#include "services/filing/rounds.h"

namespace alliance::filing {
namespace {

using domain::Action;
using domain::Reason;
using domain::Refuse;

constexpr size_t kLargestForm = 1 << 20;

// A submitted case belongs to the recommender it was submitted to.
absl::Status CheckRecommender(const Application& row, const std::string& wanted) {
  if (row.version_number == 0 || wanted == row.region) return absl::OkStatus();
  return Refuse(Reason::kInvalidRequest, {},
                {{.field = "recommender_region",
                  .reason = "FIXED",
                  .zh = "首次提交后不能更换推荐单位。",
                  .en = "The recommender is fixed after the first submission.",
                  .clause = "Q3"}});
}

}  // namespace

absl::Status FilingService::UpdateApplication(const rpc::Call& call,
                                              const v1::UpdateApplicationRequest& request,
                                              v1::Application* answer) {
  act::Shape shape;
  const std::string id =
      shape.Name("application.name", kApplications, request.application().name());
  shape.Etag(request.application().etag());
  RETURN_IF_ERROR(shape.Done());
  ASSIGN_OR_RETURN(const Edit edit, ReadEdit(request));

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(DraftedApplication row,
                     cases::Lock<DraftCase>(step, Action::kSave, id, request.application().etag()));
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, row.round_id));
    domain::CaseTimes times;
    const auto gather = [&](const DraftedApplication& now, domain::Facts& facts) {
      times = TimesOf(step.txn(), *pack, now);
      GatherTimes(times, &facts);
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<DraftCase>(step, Action::kSave, row, gather));

    ASSIGN_OR_RETURN(v1::ApplicationForm form, ReadForm(row.draft));
    Merge(edit, request.application().form(), &form);
    std::vector<domain::FieldProblem> problems =
        ApplyEntries(request.entries(), pack->form_rules(), &form);
    Complete(call.caller, &form);
    if (edit.recommender) {
      RETURN_IF_ERROR(CheckRecommender(row, request.application().recommender_region()));
      row.region = request.application().recommender_region();
      // The new region may close earlier: what it has closed for cannot move there.
      RETURN_IF_ERROR(cases::Decide<DraftCase>(step, Action::kSave, row, gather).status());
      if (row.state == domain::State::kDraft) row.due = times.filing().closes;
    }
    for (domain::FieldProblem& problem : StorableProblems(form, row.region, call.caller, *pack)) {
      problems.push_back(std::move(problem));
    }
    if (!problems.empty()) return Refuse(Reason::kInvalidRequest, {}, std::move(problems));
    const rules::Recommender* recommender = pack->FindRecommender(row.region);
    row.city = recommender == nullptr ? "" : recommender->city;
    CopyNames(form, call.caller, &row);
    row.draft.form = form.SerializeAsString();
    if (row.draft.form.size() > kLargestForm) {
      return Refuse(Reason::kTooLarge, {{"limit", "1 MiB"}});
    }
    cases::Note note;
    note.sealed.push_back(SaveDraft(step.txn(), row.id, row.draft));
    RETURN_IF_ERROR(cases::Move<DraftCase>(step, decision, row, std::move(note)).status());

    FillApplication(row, call.caller, answer);
    FillForm(row, form, ListPapers(step.txn(), row.id), call.caller, answer);
    FillNextStep(row, *pack, times, step.now(), answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
