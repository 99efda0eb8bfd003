// UUID version 7 (RFC 9562): the name of every row, event and request that we make ourselves.
//
// The first 48 bits are the time in milliseconds, so keys made later sort later and B-tree inserts
// stay at the right edge. Inside one process the order is strict: a call that starts after another
// has returned gets a greater value, even when the system clock is set back.

#ifndef ALLIANCE_COMMON_BASE_UUID_H_
#define ALLIANCE_COMMON_BASE_UUID_H_

#include <string>
#include <string_view>

namespace alliance::base {

// 36 lower-case characters, for example "0187438a-96bd-7ce1-9d0a-3f1c2e5b7a90". Thread-safe.
std::string NewUuid7();

// True for 36 lower-case characters of the form 8-4-4-4-12, of any version.
bool IsUuid(std::string_view text);

}  // namespace alliance::base

#endif  // ALLIANCE_COMMON_BASE_UUID_H_
