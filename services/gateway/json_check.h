// A strict look at a JSON body before protobuf's lenient reader sees it.
//
// protobuf's reader takes unquoted names, single quotes, trailing commas, and the last of two equal
// names. Two readers that understand one body differently are how a check is walked around, so only
// RFC 8259 passes: one object, no name twice in it ("leadName" and "lead_name" are the same proto
// field), well-formed UTF-8, no NUL, no lone surrogate, nothing before or after it
// (tests/bad-input.md 4.1, 4.6).

#ifndef ALLIANCE_SERVICES_GATEWAY_JSON_CHECK_H_
#define ALLIANCE_SERVICES_GATEWAY_JSON_CHECK_H_

#include <string_view>

#include "absl/status/status.h"

namespace alliance::gateway {

// Well above our deepest message; protobuf itself stops at 100.
inline constexpr int kMaxJsonDepth = 32;

// INVALID_ARGUMENT INVALID_REQUEST with one problem whose field is the path ("lead.contacts[1]")
// and whose reason is one of NOT_UTF8, JSON_SYNTAX, JSON_TOO_DEEP, JSON_NAME_TWICE,
// FORBIDDEN_CHARACTER.
absl::Status CheckJson(std::string_view text);

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_JSON_CHECK_H_
