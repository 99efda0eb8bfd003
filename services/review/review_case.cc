#include "services/review/review_case.h"

#include <map>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/rules/packs.h"
#include "services/review/case_facts.h"
#include "services/review/notice_store.h"
#include "services/review/time_limit.h"

namespace alliance::review {
namespace {

// The round's, or those that the row came with; nullptr for a round that is not served any more.
const rules::Pack* RulesOf(act::Step& step, const CaseRow& row) {
  if (row.rules != nullptr) return row.rules;
  return step.deps().packs.Find(base::StrCat("rounds/", row.round_id));
}

void Touch(act::Step& step, absl::Time at, CaseRow& row) {
  row.update = at;
  if (const rules::Pack* pack = RulesOf(step, row)) KeepTimeLimit(*pack, at, row);
}

}  // namespace

std::optional<CaseRow> ReviewCase::Lock(act::Step& step, std::string_view id) {
  return LockCase(step.txn(), id, Scope::ToAct(step.caller()));
}

bool ReviewCase::Save(act::Step& step, absl::Span<CaseRow> rows, absl::Time at) {
  for (CaseRow& row : rows) Touch(step, at, row);
  return SaveCases(step.txn(), rows);
}

void ReviewCase::Insert(act::Step& step, CaseRow& row) {
  Touch(step, step.now(), row);
  InsertCase(step.txn(), row);
}

audit::SealedRow ReviewCase::Seal(const CaseRow& row) { return SealCase(row); }

domain::CaseView ReviewCase::View(const CaseRow& row) {
  return {.state = row.state,
          .holder = domain::OwnerOf(row.state),
          .region = row.office,
          .lead_code = row.lead_code,
          .asked = kHere};
}

std::optional<std::string> ReviewCase::Rules(act::Step& step, const CaseRow& row) {
  const rules::Pack* pack = RulesOf(step, row);
  if (pack == nullptr) return std::nullopt;
  return pack->digest();
}

std::optional<absl::Time> ReviewCase::Due(const CaseRow& row) {
  return row.state == domain::State::kInNotice ? row.notice_closes : std::nullopt;
}

absl::Status ReviewCase::Tick(act::Step& step, CaseRow& row) {
  return CloseDue(step, absl::MakeSpan(&row, 1));
}

absl::Status CloseDue(act::Step& step, absl::Span<CaseRow> rows) {
  const domain::Caller clock = domain::ClockCaller();
  std::vector<CaseRow> due;
  std::vector<CaseRow*> places;
  for (CaseRow& row : rows) {
    if (!cases::IsDue<ReviewCase>(row, step.now())) continue;
    due.push_back(row);
    places.push_back(&row);
  }
  std::vector<audit::SealedRow> ends = InsertQuietEnds(step.txn(), due, step.now());

  // By instant: what is saved together is saved as of one.
  std::map<absl::Time, CaseMoves> moves;
  std::map<absl::Time, std::vector<CaseRow*>> moved;
  for (size_t i = 0; i < due.size(); ++i) {
    const absl::Time end = *due[i].notice_closes;
    RETURN_IF_ERROR(PackOf(step.deps(), due[i].round_id).status());
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     domain::Decide(ReviewCase::View(due[i]), domain::Action::kCloseNotice, clock,
                                    {.now = step.now(), .notice_closes = end}));
    moves[end].push_back({.row = std::move(due[i]),
                          .decision = decision,
                          .note = {.sealed = {std::move(ends[i])}, .deadline = end}});
    moved[end].push_back(places[i]);
  }
  for (auto& [end, together] : moves) {
    RETURN_IF_ERROR(cases::MoveAll<ReviewCase>(step, together));
    for (size_t i = 0; i < together.size(); ++i) *moved[end][i] = std::move(together[i].row);
  }
  return absl::OkStatus();
}

}  // namespace alliance::review
