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

// A row belongs to the owner of its state and stays in its lifecycle, and somebody may act.
template <size_t N>
constexpr bool OwnersFit(const std::array<Transition, N>& rows, Lifecycle lifecycle) {
  for (const Transition& row : rows) {
    if (row.owner != OwnerOf(row.from) || row.who.empty()) return false;
    if (LifecycleOf(row.from) != lifecycle || LifecycleOf(row.to) != lifecycle) return false;
    if (row.otherwise && OwnerOf(*row.otherwise) != OwnerOf(row.to)) return false;
  }
  return true;
}

// What a row tells is sent by its owner; a case that changes hands has an event, and its next
// holder receives it; one event hands over always or never.
template <size_t N>
constexpr bool EventsFit(const std::array<Transition, N>& rows) {
  for (const Transition& row : rows) {
    const bool hands_over = OwnerOf(row.to) != row.owner;
    if (row.told == Told::kNothing) {
      if (hands_over) return false;
      continue;
    }
    const ToldRow& told = RowOf(row.told);
    if (told.of_row != OfRow::kYes || told.sender != row.owner) return false;
    if (hands_over && !told.receivers.Has(OwnerOf(row.to))) return false;
    for (const Transition& other : rows) {
      if (other.told == row.told && (OwnerOf(other.to) != other.owner) != hands_over) return false;
    }
  }
  return true;
}

// Every event that is said to be of a row is, in one of the two tables.
template <size_t N, size_t M>
constexpr bool EveryEventHasARow(const std::array<Transition, N>& filing,
                                 const std::array<Transition, M>& yearly) {
  for (const ToldRow& told : kTold) {
    bool named = told.told == Told::kNothing;
    for (const Transition& row : filing) named = named || row.told == told.told;
    for (const Transition& row : yearly) named = named || row.told == told.told;
    if (named != (told.of_row == OfRow::kYes)) return false;
  }
  return true;
}

static_assert(NoDuplicateRows(kFilingWorkflow));
static_assert(NoDuplicateRows(kYearlyWorkflow));
static_assert(EveryStateReachableAndLeavable(kFilingWorkflow, State::kDraft, Lifecycle::kFiling));
static_assert(EveryStateReachableAndLeavable(kYearlyWorkflow, State::kReportDue,
                                             Lifecycle::kYearly));
static_assert(OwnersFit(kFilingWorkflow, Lifecycle::kFiling));
static_assert(OwnersFit(kYearlyWorkflow, Lifecycle::kYearly));
static_assert(EventsFit(kFilingWorkflow));
static_assert(EventsFit(kYearlyWorkflow));
static_assert(EveryEventHasARow(kFilingWorkflow, kYearlyWorkflow));

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_WORKFLOW_CHECKS_H_
