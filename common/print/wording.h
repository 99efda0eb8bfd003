// Words that several prints share.

#ifndef ALLIANCE_COMMON_PRINT_WORDING_H_
#define ALLIANCE_COMMON_PRINT_WORDING_H_

#include <string>

#include "absl/time/time.h"

namespace alliance::print {

// "2023-04-10 10:00:00.000001" in Shanghai: deadlines are judged by the microsecond.
std::string ToTheMicrosecond(absl::Time instant);

}  // namespace alliance::print

#endif  // ALLIANCE_COMMON_PRINT_WORDING_H_
