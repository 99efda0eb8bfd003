// SubmitApplication: locks a numbered version and hands the case to review (article 6(1), R-080).
//
// The version is the serialised ApplicationVersion; its digest names it from then on in receipts,
// notices and decisions. The receipt's instant is the one that the window was judged by.

#include <utility>

#include "alliance/events/v1/events.pb.h"
#include "common/act/shape.h"
#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "services/filing/applicant_view.h"
#include "services/filing/application_case.h"
#include "services/filing/case_times.h"
#include "services/filing/convert.h"
#include "services/filing/draft.h"
#include "services/filing/filing_service.h"
#include "services/filing/other_cases.h"
#include "services/filing/rounds.h"
#include "services/filing/versions.h"

namespace alliance::filing {
namespace {

using domain::Action;
using domain::Reason;
using domain::Refuse;

// A draft with everything that a submission needs to know about it.
struct Submission {
  const rules::Pack* pack = nullptr;
  domain::CaseTimes times;
  v1::ApplicationForm form;
  std::vector<PaperRow> papers;
  Checks checks;
  domain::Facts facts;
};

absl::StatusOr<Submission> Gather(const act::Deps& deps, db::Txn& txn, absl::Time now,
                                  const DraftedApplication& drafted) {
  const Application& row = drafted;
  Submission submission;
  ASSIGN_OR_RETURN(submission.pack, PackOf(deps, row.round_id));
  ASSIGN_OR_RETURN(submission.form, ReadForm(drafted.draft));
  submission.papers = ListPapers(txn, row.id);
  ASSIGN_OR_RETURN(submission.checks, RunChecks(deps, txn, drafted, submission.form,
                                                submission.papers, *submission.pack));
  domain::Facts& facts = submission.facts;
  facts.now = now;
  submission.times = TimesOf(txn, *submission.pack, row);
  GatherTimes(submission.times, &facts);
  GatherChecks(submission.checks, *submission.pack, &facts);
  facts.first_submitted_in_time =
      row.first_receive && domain::IsOpen(submission.times.filing(), *row.first_receive);
  // One row per lead and round by UNIQUE KEY application_lead: there can be no other.
  facts.other_application = false;
  return submission;
}

events::v1::ApplicationVersion VersionOf(const Application& row, const Submission& submission) {
  events::v1::ApplicationVersion version;
  version.set_number(row.version_number);
  version.set_round(base::StrCat(kRounds, row.round_id));
  version.set_recommender_region(row.region);
  *version.mutable_form() = submission.form;
  for (const PaperRow& paper : submission.papers) *version.add_papers() = ToProto(row.id, paper);
  version.set_rules_digest(submission.pack->digest_hex());
  for (const auto* problems : {&submission.checks.form, &submission.checks.papers}) {
    for (const domain::FieldProblem& problem : *problems) {
      if (problem.severity != domain::Severity::kError) *version.add_warnings() = ToProto(problem);
    }
  }
  version.set_receive_time_us(absl::ToUnixMicros(*row.receive));
  for (const domain::FieldProblem& edit : submission.checks.unrequested) {
    version.add_unrequested_changes(edit.field);
  }
  return version;
}

// What differs from the last version, for the reviewer who asked for it (Q21).
absl::Status AddChanges(db::Txn& txn, const Application& row, const rules::Pack& pack,
                        events::v1::ApplicationVersion* version) {
  if (version->number() == 1) return absl::OkStatus();
  ASSIGN_OR_RETURN(const events::v1::ApplicationVersion before,
                   ReadVersion(txn, row.id, version->number() - 1));
  google::protobuf::RepeatedPtrField<v1::FieldMark> unrequested;
  for (const std::string& path : version->unrequested_changes()) {
    unrequested.Add()->set_field(path);
  }
  for (v1::FieldChange& change : ChangesBetween(before, *version, unrequested, pack)) {
    *version->add_changes() = std::move(change);
  }
  return absl::OkStatus();
}

// The rule counts the edits that nobody asked for; the answer also says where they are.
absl::Status NameUnrequested(const absl::Status& refusal, const Submission& submission) {
  const auto details = domain::DetailsOf(refusal);
  if (!domain::RefusedFor(refusal, Reason::kUnrequestedEdits)) return refusal;
  return domain::RefuseWith(Reason::kUnrequestedEdits, details->metadata,
                            submission.checks.unrequested);
}

// All checks, permission included, and no change (AIP-163).
absl::Status Rehearse(const act::Deps& deps, const rpc::Call& call, const std::string& id,
                      const v1::SubmitApplicationRequest& request, v1::Application* answer) {
  const std::optional<Scope> scope = ScopeOf(call.caller);
  if (!scope) return Refuse(Reason::kNotPermitted);
  return deps.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    const auto drafted = FindDrafted(txn, id, *scope);
    if (!drafted) return Refuse(Reason::kNotPermitted);
    const Application& row = *drafted;
    if (!domain::MayEver(row.View(), Action::kSubmit, call.caller)) {
      return Refuse(Reason::kNotPermitted);
    }
    RETURN_IF_ERROR(act::CheckEtag(request.etag(), row.version));
    ASSIGN_OR_RETURN(const Submission submission, Gather(deps, txn, deps.clock.Now(), *drafted));
    const auto decision =
        domain::Decide(row.View(), Action::kSubmit, call.caller, submission.facts);
    if (!decision.ok()) return NameUnrequested(decision.status(), submission);
    answer->Clear();
    FillApplication(row, call.caller, answer);
    FillForm(row, submission.form, submission.papers, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace

absl::Status FilingService::SubmitApplication(const rpc::Call& call,
                                              const v1::SubmitApplicationRequest& request,
                                              v1::Application* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kApplications, request.name());
  shape.Etag(request.etag());
  RETURN_IF_ERROR(shape.Done());
  if (request.validate_only()) return Rehearse(deps_, call, id, request, answer);

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(DraftedApplication row,
                     cases::Lock<DraftCase>(step, Action::kSubmit, id, request.etag()));
    Submission submission;
    const auto gather = [&](const DraftedApplication& now, domain::Facts& facts) -> absl::Status {
      ASSIGN_OR_RETURN(submission, Gather(deps_, step.txn(), step.now(), now));
      facts = submission.facts;
      return absl::OkStatus();
    };
    const auto decision = cases::Decide<DraftCase>(step, Action::kSubmit, row, gather);
    if (!decision.ok()) return NameUnrequested(decision.status(), submission);

    ++row.version_number;
    row.receive = step.now();
    if (!row.first_receive) row.first_receive = step.now();
    row.correction_until.reset();
    events::v1::ApplicationVersion version = VersionOf(row, submission);
    RETURN_IF_ERROR(AddChanges(step.txn(), row, *submission.pack, &version));
    const std::string content = version.SerializeAsString();
    row.version_digest = crypto::Sha256(content);
    cases::Note note;
    note.sealed.push_back(InsertVersion(step.txn(), row, submission.pack->digest(), content));
    InsertMentions(step.txn(), row, MentionsOf(submission.form));
    events::v1::Event& event = note.events.emplace_back();
    event.mutable_application_submitted()->set_version(content);
    event.mutable_application_submitted()->set_version_digest(*row.version_digest);
    ASSIGN_OR_RETURN(const audit::Head head,
                     cases::Move<DraftCase>(step, *decision, row, std::move(note)));

    FillApplication(row, call.caller, answer);
    FillForm(row, submission.form, submission.papers, call.caller, answer);
    FillNextStep(row, *submission.pack, submission.times, step.now(), answer);
    v1::Receipt* receipt = answer->mutable_receipt();
    act::SetTime(*row.receive, receipt->mutable_receive_time());
    receipt->set_version_digest(answer->version_digest());
    receipt->set_history_sequence(head.seq);
    receipt->set_history_hash(crypto::Hex(head.hash));
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
