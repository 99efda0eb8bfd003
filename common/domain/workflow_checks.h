// Compile-time proofs about the workflow tables. Included by workflow.h only.

#ifndef ALLIANCE_COMMON_DOMAIN_WORKFLOW_CHECKS_H_
#define ALLIANCE_COMMON_DOMAIN_WORKFLOW_CHECKS_H_

#include <array>
#include <cstddef>

#include "common/domain/workflow.h"

namespace alliance::domain {

// One row at most per state and action: the answer to a request never depends on the row order.
template <size_t N>
constexpr bool NoDuplicateRows(const std::array<Transition, N>& rows) {
  for (size_t i = 0; i < N; ++i) {
    for (size_t j = i + 1; j < N; ++j) {
      if (rows[i].from == rows[j].from && rows[i].action == rows[j].action) return false;
    }
  }
  return true;
}

// From `start` every state of the lifecycle can be reached; every state that is no end has a way
// out to another state, every end has no row at all.
template <size_t N>
constexpr bool EveryStateReachableAndLeavable(const std::array<Transition, N>& rows, State start,
                                              Lifecycle lifecycle) {
  std::array<bool, kStates.size()> reached = {};
  std::array<bool, kStates.size()> left = {};
  reached[static_cast<size_t>(start)] = true;
  for (size_t round = 0; round < N; ++round) {
    for (const Transition& row : rows) {
      if (!reached[static_cast<size_t>(row.from)]) continue;
      reached[static_cast<size_t>(row.to)] = true;
      if (row.otherwise) reached[static_cast<size_t>(*row.otherwise)] = true;
    }
  }
  for (const Transition& row : rows) {
    if (IsEnd(row.from)) return false;
    if (row.to != row.from) left[static_cast<size_t>(row.from)] = true;
  }
  for (const StateRow& row : kStates) {
    if (row.lifecycle != lifecycle) continue;
    if (!reached[static_cast<size_t>(row.state)]) return false;
    if (!row.end && !left[static_cast<size_t>(row.state)]) return false;
  }
  return true;
}

// A row belongs to the owner of its state and stays in its lifecycle; somebody may act; and when
// the case changes hands there is an event that tells the next holder.
template <size_t N>
constexpr bool OwnersAndEventsFit(const std::array<Transition, N>& rows, Lifecycle lifecycle) {
  for (const Transition& row : rows) {
    if (row.owner != OwnerOf(row.from) || row.who.empty()) return false;
    if (LifecycleOf(row.from) != lifecycle || LifecycleOf(row.to) != lifecycle) return false;
    if (OwnerOf(row.to) != row.owner && row.event.empty()) return false;
    if (row.otherwise && OwnerOf(*row.otherwise) != OwnerOf(row.to)) return false;
  }
  return true;
}

static_assert(NoDuplicateRows(kFilingWorkflow));
static_assert(NoDuplicateRows(kYearlyWorkflow));
static_assert(EveryStateReachableAndLeavable(kFilingWorkflow, State::kDraft, Lifecycle::kFiling));
static_assert(EveryStateReachableAndLeavable(kYearlyWorkflow, State::kReportDue,
                                             Lifecycle::kYearly));
static_assert(OwnersAndEventsFit(kFilingWorkflow, Lifecycle::kFiling));
static_assert(OwnersAndEventsFit(kYearlyWorkflow, Lifecycle::kYearly));

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_WORKFLOW_CHECKS_H_
