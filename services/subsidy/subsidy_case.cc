#include "services/subsidy/subsidy_case.h"

#include "common/rules/packs.h"

namespace alliance::subsidy {

using domain::Role;

std::optional<Case> SubsidyCase::Lock(act::Step& step, std::string_view id) {
  // Whoever reads a subsidy but never acts on one neither waits for its row nor holds it up.
  constexpr domain::RoleSet kActors = {Role::kFinance, Role::kApprover, Role::kPublic,
                                       Role::kClock};
  if (!kActors.Has(step.caller().role)) return std::nullopt;
  return LockCase(step.txn(), id);
}

bool SubsidyCase::Save(act::Step& step, absl::Span<Case> rows, absl::Time) {
  for (Case& row : rows) {
    if (!SaveCase(step.txn(), row)) return false;
  }
  return true;
}

void SubsidyCase::Insert(act::Step& step, const Case& row) { InsertCase(step.txn(), row); }

domain::CaseView SubsidyCase::View(const Case& row) {
  return {.state = row.state,
          .holder = domain::OwnerOf(row.state),
          .region = row.region,
          .lead_code = row.lead_code,
          .asked = kHere};
}

std::optional<std::string> SubsidyCase::Rules(act::Step& step, const Case& row) {
  if (row.rules_digest) return row.rules_digest;
  const rules::Pack* pack = step.deps().packs.ForYear(row.year);
  if (pack == nullptr) return std::nullopt;
  return pack->digest();
}

absl::Status SubsidyCase::Tick(act::Step&, Case&) {
  return absl::InternalError("no instant moves a subsidy");
}

std::optional<Alliance> AllianceCopy::Lock(act::Step& step, std::string_view id) {
  return LockAlliance(step.txn(), id);
}

bool AllianceCopy::Save(act::Step& step, absl::Span<Alliance> rows, absl::Time) {
  for (Alliance& row : rows) {
    if (!SaveAlliance(step.txn(), row)) return false;
  }
  return true;
}

void AllianceCopy::Insert(act::Step& step, const Alliance& row) { InsertAlliance(step.txn(), row); }

domain::CaseView AllianceCopy::View(const Alliance& row) {
  return {.state = row.state,
          .holder = domain::OwnerOf(row.state),
          .region = row.region,
          .lead_code = row.lead_code,
          .asked = kHere};
}

absl::Status AllianceCopy::Tick(act::Step&, Alliance&) {
  return absl::InternalError("no instant moves a copy");
}

}  // namespace alliance::subsidy
