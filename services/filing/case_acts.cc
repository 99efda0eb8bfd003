#include "services/filing/case_acts.h"

#include <utility>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/filing/clock.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Refuse;

// An act, the clock, the act again; once more if the case came to another deadline meanwhile.
constexpr int kAttempts = 3;

// What every act asks before its own questions.
absl::Status CheckReach(const domain::CaseView& view, domain::Action action,
                        const domain::Caller& caller, int64_t version,
                        std::optional<std::string_view> etag) {
  if (!domain::MayEver(view, action, caller)) return Refuse(Reason::kNotPermitted);
  return etag ? act::CheckEtag(*etag, version) : absl::OkStatus();
}

act::Entry EntryOf(std::string_view case_id, const domain::Decision& decision, Note& note,
                   audit::SealedRow own) {
  act::Entry entry{.case_id = std::string(case_id),
                   .action = std::string(domain::WordOf(decision.row->action)),
                   .from_state = std::string(domain::WordOf(decision.row->from)),
                   .to_state = std::string(domain::WordOf(decision.to)),
                   .reason = std::move(note.reason),
                   .paper_digest = std::move(note.paper_digest),
                   .rules_digest = std::move(note.rules_digest),
                   .sealed = std::move(note.sealed)};
  entry.sealed.push_back(std::move(own));
  return entry;
}

// The clock's own acts stand at the instant of the deadline, never at that of the sweep.
audit::Head Record(act::Step& step, const domain::Decision& decision, const act::Entry& entry,
                   const std::optional<absl::Time>& was_due) {
  const bool by_clock = decision.row->who == domain::RoleSet(domain::Role::kClock);
  return by_clock && was_due ? step.RecordByClock(entry, *was_due) : step.Record(entry);
}

template <typename Row>
std::optional<absl::Time> Enter(const domain::Decision& decision, const Note& note, absl::Time now,
                                Row* row) {
  const std::optional<absl::Time> was_due = row->due;
  if (decision.to != decision.row->from) row->due = note.due;
  if (decision.next_holder() != row->holder) ++row->handoff_seq;
  row->state = decision.to;
  row->holder = decision.next_holder();
  row->update = now;
  return was_due;
}

}  // namespace

absl::Status ActOnCase(const act::Deps& deps, const rpc::Call& call,
                       const google::protobuf::Message& request, google::protobuf::Message* answer,
                       CaseBody body) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    Due due;
    absl::Status status = act::Once(deps, call, request, answer, [&](act::Step& step) {
      due = {};
      return body(step, due);
    });
    if (status.ok() || !due.found()) return status;
    absl::Status clock = due.year.empty() ? ApplyClock(deps, call, due.application)
                                          : ApplyClockToYear(deps, call, due.year);
    // The refusal is the answer; the sweeper comes again if the clock could not act now.
    if (!due.first) return status;
    RETURN_IF_ERROR(clock);
  }
  return absl::InternalError("the clock did not act");
}

absl::StatusOr<Application> LoadToAct(act::Step& step, const rpc::Call& call, std::string_view id,
                                      domain::Action action, std::optional<std::string_view> etag,
                                      Due& due) {
  const std::optional<Scope> scope = ScopeOf(call.caller);
  if (!scope) return Refuse(Reason::kNotPermitted);
  std::optional<Application> row = LockApplication(step.txn(), id, *scope);
  if (!row) return Refuse(Reason::kNotPermitted);
  RETURN_IF_ERROR(CheckReach(row->View(), action, call.caller, row->version, etag));
  if (IsDue(row->due, step.now())) due.application = row->id;
  return *std::move(row);
}

absl::StatusOr<DraftedApplication> LoadDraftToAct(act::Step& step, const rpc::Call& call,
                                                  std::string_view id, domain::Action action,
                                                  std::optional<std::string_view> etag, Due& due) {
  const std::optional<Scope> scope = ScopeOf(call.caller);
  if (!scope) return Refuse(Reason::kNotPermitted);
  std::optional<DraftedApplication> row = LockDrafted(step.txn(), id, *scope);
  if (!row) return Refuse(Reason::kNotPermitted);
  RETURN_IF_ERROR(
      CheckReach(row->application.View(), action, call.caller, row->application.version, etag));
  if (IsDue(row->application.due, step.now())) due.application = row->application.id;
  return *std::move(row);
}

absl::StatusOr<YearRow> LoadYearToAct(act::Step& step, const rpc::Call& call, std::string_view id,
                                      domain::Action action, std::string_view etag, Due& due) {
  const std::optional<Scope> scope = ScopeOf(call.caller);
  if (!scope) return Refuse(Reason::kNotPermitted);
  std::optional<YearRow> row = LockYear(step.txn(), id, *scope);
  if (!row) return Refuse(Reason::kNotPermitted);
  RETURN_IF_ERROR(CheckReach(row->View(), action, call.caller, row->version, etag));
  if (IsDue(row->due, step.now())) due.year = row->id;
  return *std::move(row);
}

absl::StatusOr<domain::Decision> DecideAct(const domain::CaseView& view, domain::Action action,
                                           const domain::Caller& caller, const domain::Facts& facts,
                                           Due& due) {
  ASSIGN_OR_RETURN(domain::Decision decision, domain::Decide(view, action, caller, facts));
  if (due.found()) {
    due.first = true;
    return absl::AbortedError("the clock acts first");
  }
  return decision;
}

absl::StatusOr<audit::Head> Move(act::Step& step, const domain::Decision& decision,
                                 Application* row, Note note) {
  const auto was_due = Enter(decision, note, step.now(), row);
  ASSIGN_OR_RETURN(audit::SealedRow sealed, SaveApplication(step.txn(), row));
  return Record(step, decision, EntryOf(row->id, decision, note, std::move(sealed)), was_due);
}

absl::StatusOr<audit::Head> Move(act::Step& step, const domain::Decision& decision, YearRow* row,
                                 Note note) {
  const auto was_due = Enter(decision, note, step.now(), row);
  ASSIGN_OR_RETURN(audit::SealedRow sealed, SaveYear(step.txn(), row));
  return Record(step, decision, EntryOf(row->id, decision, note, std::move(sealed)), was_due);
}

}  // namespace alliance::filing
