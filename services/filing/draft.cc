#include "services/filing/draft.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "alliance/events/v1/events.pb.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/text.h"
#include "common/domain/credit_code.h"
#include "common/domain/errors.h"
#include "common/domain/papers.h"
#include "common/rules/packs.h"
#include "services/filing/convert.h"
#include "services/filing/form_diff.h"
#include "services/filing/form_edit.h"
#include "services/filing/version_store.h"

namespace alliance::filing {
namespace {

using domain::FieldProblem;
using domain::Reason;
using domain::Refuse;

std::vector<std::string> ChangedPapers(const events::v1::ApplicationVersion& last,
                                       const v1::ApplicationForm& form,
                                       const std::vector<PaperRow>& papers) {
  std::map<std::pair<std::string, std::string>, std::string> before;
  for (const v1::Paper& paper : last.papers()) {
    before[{paper.slot(), paper.member_credit_code()}] = paper.sha256();
  }
  std::vector<std::string> changed;
  for (const PaperRow& paper : papers) {
    const auto found = before.find({paper.slot, paper.member_code});
    if (found == before.end() || found->second != paper.sha256) {
      changed.push_back(PaperPath(form, paper.slot, paper.member_code));
    }
  }
  return changed;
}

// Q21: after a return only what is marked may be changed, or any other change is shown.
absl::StatusOr<std::vector<FieldProblem>> Unrequested(db::Txn& txn,
                                                      const DraftedApplication& drafted,
                                                      const v1::ApplicationForm& form,
                                                      const std::vector<PaperRow>& papers,
                                                      const rules::Pack& pack) {
  std::vector<FieldProblem> found;
  const Application& row = drafted;
  if (row.state != domain::State::kReturned) return found;
  const auto content = FindVersion(txn, row.id, row.version_number);
  events::v1::ApplicationVersion last;
  if (!content || !last.ParseFromString(*content)) {
    return absl::InternalError("the last locked version cannot be read");
  }
  std::vector<std::string> changed = ChangedPaths(last.form(), form);
  for (std::string& path : ChangedPapers(last, form, papers)) changed.push_back(std::move(path));
  const auto marks = ReadMarks(drafted.draft);
  for (const std::string& path : changed) {
    if (IsMarked(path, marks)) continue;
    found.push_back({.field = path,
                     .reason = "UNREQUESTED_EDIT",
                     .zh = "推荐单位未要求修改此处。",
                     .en = "The recommender did not ask for this change.",
                     .clause = "Q21",
                     .severity = pack.proto().correction().strict() ? domain::Severity::kError
                                                                    : domain::Severity::kWarning});
  }
  return found;
}

// The lead's form of the round before, if it filed one: the year that both name must agree.
absl::StatusOr<std::vector<FieldProblem>> AgainstLastRound(const act::Deps& deps, db::Txn& txn,
                                                           const Application& row,
                                                           const domain::Form& now,
                                                           const rules::Pack& pack) {
  const rules::Pack* last = deps.packs.ForYear(pack.form_year());
  if (last == nullptr) return std::vector<FieldProblem>();
  const auto content = FindLockedOfLead(txn, last->proto().round().id(), row.lead_code);
  if (!content) return std::vector<FieldProblem>();
  events::v1::ApplicationVersion version;
  if (!version.ParseFromString(*content)) {
    return absl::InternalError("a locked version of the last round cannot be read");
  }
  return domain::CompareRounds(now, ToDomain(version.form(), version.recommender_region()),
                               pack.form_rules());
}

}  // namespace

absl::StatusOr<v1::ApplicationForm> ReadForm(const Draft& draft) {
  v1::ApplicationForm form;
  if (!form.ParseFromString(draft.form)) {
    return absl::InternalError("a stored form cannot be read");
  }
  return form;
}

google::protobuf::RepeatedPtrField<v1::FieldMark> ReadMarks(const Draft& draft) {
  events::v1::ApplicationReturned returned;
  returned.ParseFromString(draft.marks);  // our own bytes: an empty text has no marks
  return returned.marks();
}

std::string LeadCodeOf(const domain::Caller& caller) {
  if (caller.role != domain::Role::kApplicant) return "";
  return domain::NormaliseCode(caller.organisation);
}

void Complete(const domain::Caller& caller, v1::ApplicationForm* form) {
  Normalise(form);
  if (form->lead().credit_code().empty()) {
    form->mutable_lead()->set_credit_code(LeadCodeOf(caller));
  }
}

std::vector<FieldProblem> StorableProblems(const v1::ApplicationForm& form,
                                           std::string_view recommender_region,
                                           const domain::Caller& caller, const rules::Pack& pack) {
  std::vector<FieldProblem> problems =
      domain::CheckDraft(ToDomain(form, recommender_region), pack.form_rules());
  std::erase_if(problems, [](const FieldProblem& problem) {
    return problem.severity != domain::Severity::kError;
  });
  if (recommender_region.empty()) {
    problems.push_back({.field = "recommender_region",
                        .reason = "REQUIRED",
                        .zh = "请选择推荐单位。",
                        .en = "Choose the recommender.",
                        .clause = "Q3"});
  }
  const std::string& code = form.lead().credit_code();
  if (!code.empty() && code != LeadCodeOf(caller)) {
    problems.push_back({.field = "lead.credit_code",
                        .reason = "NOT_YOUR_ENTERPRISE",
                        .zh = "须与登录企业的统一社会信用代码一致。",
                        .en = "must be the code of the enterprise that is logged in",
                        .clause = "R-005"});
  }
  return problems;
}

absl::Status CheckStorable(const v1::ApplicationForm& form, std::string_view recommender_region,
                           const domain::Caller& caller, const rules::Pack& pack) {
  std::vector<FieldProblem> problems = StorableProblems(form, recommender_region, caller, pack);
  return problems.empty() ? absl::OkStatus()
                          : Refuse(Reason::kInvalidRequest, {}, std::move(problems));
}

void CopyNames(const v1::ApplicationForm& form, const domain::Caller& caller, Application* row) {
  row->alliance_name = std::string(base::Trim(form.alliance_name()));
  row->lead_name = std::string(base::Trim(form.lead().enterprise_name()));
  if (row->lead_name.empty()) row->lead_name = caller.display_name;
}

absl::StatusOr<Checks> RunChecks(const act::Deps& deps, db::Txn& txn,
                                 const DraftedApplication& drafted, const v1::ApplicationForm& form,
                                 const std::vector<PaperRow>& papers, const rules::Pack& pack) {
  const domain::Form checked = ToDomain(form, drafted.region);
  Checks checks{
      .form = domain::CheckForm(checked, pack.form_rules()),
      .papers = domain::CheckPapers(checked, pack.paper_rules(), ToDomain(papers)),
      .papers_clean = std::all_of(papers.begin(), papers.end(),
                                  [](const PaperRow& paper) { return paper.verdict == kClean; })};
  ASSIGN_OR_RETURN(std::vector<FieldProblem> last_round,
                   AgainstLastRound(deps, txn, drafted, checked, pack));
  std::move(last_round.begin(), last_round.end(), std::back_inserter(checks.form));
  ASSIGN_OR_RETURN(checks.unrequested, Unrequested(txn, drafted, form, papers, pack));
  return checks;
}

void GatherChecks(const Checks& checks, const rules::Pack& pack, domain::Facts* facts) {
  facts->form_checked = true;
  facts->form_problems = checks.form;
  facts->papers_checked = true;
  facts->paper_problems = checks.papers;
  facts->papers_clean = checks.papers_clean;
  facts->unrequested_edits = static_cast<int>(checks.unrequested.size());
  facts->unrequested_edits_allowed = !pack.proto().correction().strict();
}

}  // namespace alliance::filing
