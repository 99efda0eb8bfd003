// Who must act next on an application and until when, in applicants' words.

#ifndef ALLIANCE_COMMON_DOMAIN_NEXT_STEP_H_
#define ALLIANCE_COMMON_DOMAIN_NEXT_STEP_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/time/time.h"
#include "common/domain/caller.h"
#include "common/domain/state.h"
#include "common/domain/window.h"

namespace alliance::domain {

struct NextStep {
  std::optional<Role> who;  // nothing: nobody must act any more
  std::string_view who_zh;
  std::string_view who_en;
  std::string_view task_zh;
  std::string_view task_en;
  std::optional<absl::Time> deadline;

  // Whole seconds until the deadline, never below 0; 0 without one.
  int64_t SecondsLeft(absl::Time now) const;
};

// Told by the state that an applicant is told, so that nothing inside leaks.
NextStep NextStepOf(State state, const CaseTimes& times);

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_NEXT_STEP_H_
