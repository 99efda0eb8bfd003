// Which build this is.

#ifndef ALLIANCE_COMMON_PROCESS_VERSION_H_
#define ALLIANCE_COMMON_PROCESS_VERSION_H_

namespace alliance::process {

// "0.1.0 (3f2a9c1)": project version and commit.
const char* Version();

}  // namespace alliance::process

#endif  // ALLIANCE_COMMON_PROCESS_VERSION_H_
