#include "common/case/case.h"

#include <algorithm>

#include "common/base/str.h"
#include "common/base/text.h"
#include "common/case/told.h"
#include "common/obs/log.h"

namespace alliance::cases {
namespace {

using domain::Reason;
using domain::Refuse;

// A service has sent what the tables do not know: the operator must look.
absl::Status Malformed(std::string_view field) {
  return Refuse(Reason::kInvalidRequest, {},
                {{.field = std::string(field),
                  .reason = "EVENT",
                  .zh = "事件内容有误",
                  .en = "is not as the sender's workflow says"}});
}

template <size_t N>
bool Names(const std::array<domain::Transition, N>& rows, domain::Told told,
           const events::v1::Event& event) {
  return std::any_of(rows.begin(), rows.end(), [&](const domain::Transition& row) {
    return row.told == told && event.action() == domain::WordOf(row.action) &&
           event.from_state() == domain::WordOf(row.from) &&
           (event.to_state() == domain::WordOf(row.to) ||
            (row.otherwise && event.to_state() == domain::WordOf(*row.otherwise)));
  });
}

}  // namespace

std::string Written(std::string_view reason) {
  return base::VisibleLength(reason) == 0 ? "" : std::string(base::Trim(reason));
}

namespace internal {

absl::Status CheckTold(domain::Told told, const std::vector<events::v1::Event>& events) {
  const size_t expected = told == domain::Told::kNothing ? 0 : 1;
  if (events.size() == expected && (events.empty() || ToldOf(events.front().body_case()) == told)) {
    return absl::OkStatus();
  }
  return absl::InternalError(
      base::StrCat("the workflow tells ", domain::RowOf(told).word, ", the act something else"));
}

audit::Head Write(act::Step& step, Change change, Note note, domain::Told told) {
  note.sealed.push_back(std::move(change.own));
  const act::Entry entry{.case_id = change.case_id,
                         .action = change.action,
                         .from_state = change.from_state,
                         .to_state = change.to_state,
                         .reason = Written(note.reason),
                         .paper_digest = std::move(note.paper_digest),
                         .rules_digest = std::move(change.rules_digest),
                         .sealed = std::move(note.sealed)};
  const audit::Head head =
      note.deadline ? step.RecordByClock(entry, *note.deadline) : step.Record(entry);
  if (told == domain::Told::kNothing) return head;

  events::v1::Event& event = note.events.front();
  event.set_action(change.action);
  event.set_from_state(change.from_state);
  event.set_to_state(change.to_state);
  const domain::ToldRow& row = domain::RowOf(told);
  const domain::Owner holder = domain::OwnerOf(*domain::StateOf(change.to_state));
  for (const domain::Owner receiver : domain::kOwners) {
    if (!row.receivers.Has(receiver)) continue;
    step.Emit(domain::WordOf(receiver), change.case_id, receiver == holder ? change.handoff_seq : 0,
              event, note.deadline);
  }
  return head;
}

absl::Status CheckArrival(const act::Step& step, const events::v1::Event& event) {
  const domain::Told told = ToldOf(event.body_case());
  const domain::ToldRow& row = domain::RowOf(told);
  if (told == domain::Told::kNothing) return Malformed("body");
  if (event.source() != domain::WordOf(row.sender)) return Refuse(Reason::kNotPermitted);
  const std::optional<domain::Owner> here = domain::OwnerOfWord(step.deps().service);
  if (!here || !row.receivers.Has(*here)) return Malformed("body");
  if (row.of_row == domain::OfRow::kYes && !Names(domain::kFilingWorkflow, told, event) &&
      !Names(domain::kYearlyWorkflow, told, event)) {
    return Malformed("action");
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> IsNextHandoff(int32_t known, const events::v1::Event& event) {
  if (event.handoff_sequence() <= known) return false;
  if (event.handoff_sequence() > known + 1) return Refuse(Reason::kOutOfOrder);
  return true;
}

std::optional<domain::State> StateElsewhere(domain::Owner here, const events::v1::Event& event) {
  const std::optional<domain::State> state = domain::StateOf(event.to_state());
  if (!state || domain::OwnerOf(*state) == here) return std::nullopt;
  return state;
}

absl::Status HeldHere(domain::Owner here) {
  return Refuse(Reason::kHeldElsewhere, {{"holder", domain::WordOf(here)},
                                         {"holder_zh", domain::LabelZh(here)},
                                         {"action", "take over"}});
}

void LogFailedTick(std::string_view case_id, const absl::Status& status) {
  obs::Log(obs::Level::kError, "clock_failed",
           {{"case_id", std::string(case_id)}, {"status", status.ToString()}});
}

}  // namespace internal

absl::Status Announce(act::Step& step, std::string_view chain, events::v1::Event event) {
  const domain::ToldRow& row = domain::RowOf(ToldOf(event.body_case()));
  if (row.of_row != domain::OfRow::kNo) {
    return absl::InternalError(base::StrCat(row.word, " is told by a move only"));
  }
  for (const domain::Owner receiver : domain::kOwners) {
    if (row.receivers.Has(receiver)) step.Emit(domain::WordOf(receiver), chain, 0, event);
  }
  return absl::OkStatus();
}

}  // namespace alliance::cases
