// What a print is checked against: the locked versions of a case, without their contents.

#ifndef ALLIANCE_SERVICES_FILING_PRINT_STORE_H_
#define ALLIANCE_SERVICES_FILING_PRINT_STORE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/db/txn.h"

namespace alliance::filing {

struct VersionMark {
  int32_t number = 0;
  std::string digest;  // 32 bytes
  absl::Time receive;
};

// In the order of their numbers; none for an unknown case.
std::vector<VersionMark> ListVersionMarks(db::Txn& txn, std::string_view application_id);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_PRINT_STORE_H_
