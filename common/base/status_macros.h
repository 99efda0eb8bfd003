// RETURN_IF_ERROR and ASSIGN_OR_RETURN: pass a failure up, keep the line straight.
//
//   ASSIGN_OR_RETURN(Fen spend, ParseWan(text, Sign::kNotNegative));
//   RETURN_IF_ERROR(CheckWindow(facts));

#ifndef ALLIANCE_COMMON_BASE_STATUS_MACROS_H_
#define ALLIANCE_COMMON_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define ALLIANCE_CONCAT_INNER(a, b) a##b
#define ALLIANCE_CONCAT(a, b) ALLIANCE_CONCAT_INNER(a, b)

// Evaluates an expression of type absl::Status once; returns it from this function if not OK.
#define RETURN_IF_ERROR(expr)                                           \
  do {                                                                  \
    if (absl::Status alliance_status = (expr); !alliance_status.ok()) { \
      return alliance_status;                                           \
    }                                                                   \
  } while (false)

// Evaluates an expression of type absl::StatusOr<T> once; returns its status if not OK, else moves
// the value into `lhs`, which may be a declaration. It is more than one statement: use braces.
#define ASSIGN_OR_RETURN(lhs, ...) \
  ASSIGN_OR_RETURN_INNER(ALLIANCE_CONCAT(alliance_result_, __LINE__), lhs, __VA_ARGS__)

#define ASSIGN_OR_RETURN_INNER(result, lhs, ...) \
  auto result = (__VA_ARGS__);                   \
  if (!result.ok()) {                            \
    return std::move(result).status();           \
  }                                              \
  lhs = *std::move(result)

#endif  // ALLIANCE_COMMON_BASE_STATUS_MACROS_H_
