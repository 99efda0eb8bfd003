#include "common/act/timeline.h"

#include <string>

#include "common/act/wire_time.h"
#include "common/domain/state.h"

namespace alliance::act {
namespace {

// Officials and auditors; everybody else sees the outside of a case.
constexpr domain::RoleSet kInside = {domain::Role::kRecommender, domain::Role::kProvince,
                                     domain::Role::kRecorder,    domain::Role::kFinance,
                                     domain::Role::kApprover,    domain::Role::kAuditor};

// What an applicant reads for a state word; words of other things (plans, runs) stay.
std::string LabelOf(const std::string& word) {
  const auto state = domain::StateOf(word);
  return state ? std::string(domain::ApplicantLabel(*state, domain::Locale::kZh)) : word;
}

// Its own acts an applicant always sees; others only when they changed something for it.
bool ConcernsOutsiders(const audit::Act& act) {
  return act.role == domain::WordOf(domain::Role::kApplicant) ||
         LabelOf(act.from_state) != LabelOf(act.to_state);
}

// The name of such an act would tell of the objection it answers.
bool AnswersObjection(const audit::Act& act) {
  return act.from_state == domain::WordOf(domain::State::kObjected) ||
         act.from_state == domain::WordOf(domain::State::kSubsidyObjected);
}

void Fill(const audit::HistoryRow& row, bool inside, filing::v1::TimelineEntry* entry) {
  SetTime(row.act.at, entry->mutable_act_time());
  if (inside || !AnswersObjection(row.act)) entry->set_action(row.act.action);
  entry->set_from_state(inside ? row.act.from_state : LabelOf(row.act.from_state));
  entry->set_to_state(inside ? row.act.to_state : LabelOf(row.act.to_state));
  entry->set_actor(inside ? row.act.actor : row.act.role);
  if (inside) entry->set_reason(row.act.reason);
}

}  // namespace

void FillTimeline(const std::vector<audit::HistoryRow>& rows, const domain::Caller& reader,
                  google::protobuf::RepeatedPtrField<filing::v1::TimelineEntry>* out) {
  const bool inside = kInside.Has(reader.role);
  for (const audit::HistoryRow& row : rows) {
    if (!inside && !ConcernsOutsiders(row.act)) continue;
    filing::v1::TimelineEntry* entry = out->Add();
    Fill(row, inside, entry);
    // To outsiders a gap in the numbers would tell that something is hidden.
    entry->set_sequence(inside ? row.seq : out->size());
  }
}

}  // namespace alliance::act
