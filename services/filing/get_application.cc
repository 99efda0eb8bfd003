// GetApplication and ListApplications. A case on which the clock must act is moved first, so that
// nobody is shown a draft that has lapsed.

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "common/act/page.h"
#include "common/act/shape.h"
#include "common/act/timeline.h"
#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/rules/packs.h"
#include "services/filing/applicant_view.h"
#include "services/filing/application_case.h"
#include "services/filing/case_times.h"
#include "services/filing/convert.h"
#include "services/filing/draft.h"
#include "services/filing/filing_service.h"
#include "services/filing/interest_store.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Refuse;

// The receipt of the last submission is where that stands in the case's history.
void FillReceipt(const Application& row, const std::vector<audit::HistoryRow>& history,
                 v1::Receipt* out) {
  const auto last = std::find_if(history.rbegin(), history.rend(), [](const auto& entry) {
    return entry.act.action == domain::WordOf(domain::Action::kSubmit);
  });
  if (last == history.rend()) return;
  act::SetTime(*row.receive, out->mutable_receive_time());
  out->set_version_digest(crypto::Hex(*row.version_digest));
  out->set_history_sequence(last->seq);
  out->set_history_hash(crypto::Hex(last->hash));
}

absl::Status FillWhole(const act::Deps& deps, db::Txn& txn, const DraftedApplication& drafted,
                       const domain::Caller& reader, v1::Application* answer) {
  const Application& row = drafted;
  FillApplication(row, reader, answer);
  answer->set_form_withheld(!CheckOpen(txn, row, reader).ok());
  if (!answer->form_withheld()) {
    ASSIGN_OR_RETURN(v1::ApplicationForm form, ReadForm(drafted.draft));
    FillForm(row, std::move(form), ListPapers(txn, row.id), reader, answer);
  }
  const std::vector<domain::Grant> grants = GrantsOf(txn, row);
  // A case outlives the service of its round: without the pack it has no next step and no labels.
  if (const rules::Pack* pack = deps.packs.Find(answer->round())) {
    FillNextStep(row, *pack, TimesOf(*pack, row, grants), deps.clock.Now(), answer);
    if (row.state == domain::State::kReturned) FillReturn(drafted.draft, *pack, answer);
  }
  // Few cases have any: those that have none are spared the second question.
  if (!grants.empty()) {
    for (const ExtensionRow& extension : ExtensionsInForce(txn, row)) {
      FillExtension(extension, reader, answer->add_extensions());
    }
  }
  if (!drafted.renews.empty()) answer->set_renews(base::StrCat(kAlliances, drafted.renews));
  const std::vector<audit::HistoryRow> history = audit::ReadTimeline(txn, row.id);
  if (row.version_number > 0) FillReceipt(row, history, answer->mutable_receipt());
  act::FillTimeline(history, reader, answer->mutable_timeline());
  HideInside(reader, answer->mutable_timeline());
  return absl::OkStatus();
}

// The states that a caller means by one: an applicant's covers all that he is told as it.
std::string StatesMeant(v1::Application::State state, const domain::Caller& reader) {
  if (state == v1::Application::STATE_UNSPECIFIED) return "";
  const auto wanted = domain::StateOf(v1::Application::State_Name(state));
  std::string words;
  for (const domain::StateRow& row : domain::kStates) {
    const bool meant = reader.role == domain::Role::kApplicant
                           ? domain::SeenByApplicant(row.state) == wanted
                           : row.state == wanted;
    if (meant) base::StrAppend(&words, words.empty() ? "" : ",", row.word);
  }
  return words.empty() ? "-" : words;  // a state that nobody is told: an empty list
}

}  // namespace

absl::Status FilingService::GetApplication(const rpc::Call& call,
                                           const v1::GetApplicationRequest& request,
                                           v1::Application* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kApplications, request.name());
  RETURN_IF_ERROR(shape.Done());
  const std::optional<Scope> scope = ScopeOf(call.caller);
  if (!scope) return Refuse(Reason::kNotPermitted);
  bool due = false;
  const auto read = [&](db::Txn& txn) -> absl::Status {
    const auto drafted = FindDrafted(txn, id, *scope);
    if (!drafted) return Refuse(Reason::kNotPermitted);
    due = cases::IsDue<DraftCase>(*drafted, deps_.clock.Now());
    if (due) return absl::OkStatus();
    answer->Clear();
    return FillWhole(deps_, txn, *drafted, call.caller, answer);
  };
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, read));
  if (!due) return absl::OkStatus();
  cases::Sweep<ApplicationCase>(deps_, call, {id});
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, read));
  return due ? absl::InternalError("the clock did not act") : absl::OkStatus();
}

absl::Status FilingService::ListApplications(const rpc::Call& call,
                                             const v1::ListApplicationsRequest& request,
                                             v1::ListApplicationsResponse* answer) {
  const std::optional<Scope> scope = ScopeOf(call.caller);
  if (!scope) return Refuse(Reason::kNotPermitted);
  act::Shape shape;
  shape.Check(v1::Application::State_IsValid(request.state()), "state", "NOT_IN_LIST", "没有此状态",
              "there is no such state");
  RETURN_IF_ERROR(shape.Done());
  const std::string filter = base::StrCat("state=", static_cast<int>(request.state()));
  ASSIGN_OR_RETURN(const act::Page page,
                   act::ReadPage(call, filter, request.page_size(), request.page_token()));
  const std::string states = StatesMeant(request.state(), call.caller);
  std::vector<Application> rows;
  std::vector<std::optional<domain::CaseTimes>> times;
  const auto read = [&](db::Txn& txn) {
    rows = filing::ListApplications(txn, *scope, states, page.after, page.limit + 1);
    times = TimesOf(txn, deps_.packs, rows);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, read));
  const absl::Time now = deps_.clock.Now();
  std::vector<std::string> due;
  for (const Application& row : rows) {
    if (cases::IsDue<ApplicationCase>(row, now)) due.push_back(row.id);
  }
  if (!due.empty()) {
    cases::Sweep<ApplicationCase>(deps_, call, due);
    RETURN_IF_ERROR(deps_.pool.Read(call.deadline, read));
  }
  const bool more = rows.size() > static_cast<size_t>(page.limit);
  if (more) rows.resize(page.limit);
  for (size_t i = 0; i < rows.size(); ++i) {
    v1::Application* application = answer->add_applications();
    FillApplication(rows[i], call.caller, application);
    if (!times[i]) continue;
    FillNextStep(rows[i], *deps_.packs.Find(application->round()), *times[i], now, application);
  }
  if (more) answer->set_next_page_token(act::PageToken(call, filter, rows.back().id));
  return absl::OkStatus();
}

}  // namespace alliance::filing
