// Acts on a case: what all of them do alike around what each of them decides.
//
//   return ActOnCase(deps_, call, request, answer, [&](act::Step& step, Due& due) -> absl::Status {
//     ASSIGN_OR_RETURN(Application row, LoadToAct(step, call, id, Action::kAccept, etag, due));
//     ASSIGN_OR_RETURN(domain::Decision decision,
//                      DecideAct(row.View(), Action::kAccept, call.caller, {.now = step.now()},
//                      due));
//     RETURN_IF_ERROR(Move(step, decision, &row, {}).status());
//     FillApplication(row, call.caller, answer);
//     return absl::OkStatus();
//   });
//
// The clock. A case whose instant has passed (draft or returned at the end of its time, alliance at
// the end of its construction period, year without a report) has lapsed in law, whether or not
// anybody has looked. An act that would be allowed in the stored state is therefore put off until
// the clock has acted, in a transaction of its own, and then decided anew; and an act that is
// refused because its time is over leaves the case lapsed.

#ifndef ALLIANCE_SERVICES_FILING_CASE_ACTS_H_
#define ALLIANCE_SERVICES_FILING_CASE_ACTS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/act/act.h"
#include "common/domain/workflow.h"
#include "services/filing/filing_store.h"
#include "services/filing/registry_store.h"

namespace alliance::filing {

// The case on which the clock must act, as an act found it.
struct Due {
  std::string application;
  std::string year;
  bool first = false;  // the act waits for the clock

  bool found() const { return !application.empty() || !year.empty(); }
};

using CaseBody = absl::FunctionRef<absl::Status(act::Step&, Due&)>;
absl::Status ActOnCase(const act::Deps& deps, const rpc::Call& call,
                       const google::protobuf::Message& request, google::protobuf::Message* answer,
                       CaseBody body);

// Loads and locks; then NOT_PERMITTED for what the caller cannot see or may never do, then
// ETAG_STALE. Without an etag that is not asked.
absl::StatusOr<Application> LoadToAct(act::Step& step, const rpc::Call& call, std::string_view id,
                                      domain::Action action, std::optional<std::string_view> etag,
                                      Due& due);
absl::StatusOr<DraftedApplication> LoadDraftToAct(act::Step& step, const rpc::Call& call,
                                                  std::string_view id, domain::Action action,
                                                  std::optional<std::string_view> etag, Due& due);
absl::StatusOr<YearRow> LoadYearToAct(act::Step& step, const rpc::Call& call, std::string_view id,
                                      domain::Action action, std::string_view etag, Due& due);

// domain::Decide, with the clock before everybody else.
absl::StatusOr<domain::Decision> DecideAct(const domain::CaseView& view, domain::Action action,
                                           const domain::Caller& caller, const domain::Facts& facts,
                                           Due& due);

// What an act leaves in the history beside the change of state.
struct Note {
  std::string reason = {};
  std::optional<std::string> paper_digest = std::nullopt;  // 32 bytes
  std::optional<std::string> rules_digest = std::nullopt;  // 32 bytes
  std::vector<audit::SealedRow> sealed = {};               // rows written beside the case's own
  std::optional<absl::Time> due = std::nullopt;            // when the clock acts in the new state
};

// Puts the case where the decision says, saves it and records the act. A case that changes hands
// gets the next handoff sequence: emit the event with it.
absl::StatusOr<audit::Head> Move(act::Step& step, const domain::Decision& decision,
                                 Application* row, Note note);
absl::StatusOr<audit::Head> Move(act::Step& step, const domain::Decision& decision, YearRow* row,
                                 Note note);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_CASE_ACTS_H_
