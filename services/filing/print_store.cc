#include "services/filing/print_store.h"

namespace alliance::filing {

std::vector<VersionMark> ListVersionMarks(db::Txn& txn, std::string_view application_id) {
  static constexpr db::Sql kList = {"filing.list_version_marks",
                                    "SELECT number, digest, receive_us FROM application_version"
                                    " WHERE application_id=? ORDER BY number"};
  std::vector<VersionMark> marks;
  for (const db::Row& row : txn.Query(kList, application_id)) {
    marks.push_back({.number = row.Get<int32_t>(0),
                     .digest = row.Get<std::string>(1),
                     .receive = absl::FromUnixMicros(row.Get<int64_t>(2))});
  }
  return marks;
}

}  // namespace alliance::filing
