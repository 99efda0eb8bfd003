// Many rows by their keys with few round trips: one prepared statement for up to kChunk keys.

#ifndef ALLIANCE_SERVICES_FILING_SQL_CHUNKS_H_
#define ALLIANCE_SERVICES_FILING_SQL_CHUNKS_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "common/db/txn.h"

namespace alliance::filing {

inline constexpr size_t kChunk = 50;
// kChunk question marks for an IN list.
#define ALLIANCE_FILING_10_MARKS "?,?,?,?,?,?,?,?,?,?"
#define ALLIANCE_FILING_50_MARKS                                                     \
  ALLIANCE_FILING_10_MARKS "," ALLIANCE_FILING_10_MARKS "," ALLIANCE_FILING_10_MARKS \
                           "," ALLIANCE_FILING_10_MARKS "," ALLIANCE_FILING_10_MARKS

// Runs `sql` once per chunk of `keys`; the last chunk repeats its last key. `before` are the values
// of the marks that stand before the list.
inline std::vector<db::Row> QueryChunks(db::Txn& txn, const db::Sql& sql,
                                        const std::vector<db::Param>& before,
                                        const std::vector<std::string>& keys) {
  std::vector<db::Row> rows;
  for (size_t first = 0; first < keys.size(); first += kChunk) {
    std::vector<db::Param> values = before;
    for (size_t i = 0; i < kChunk; ++i) {
      values.emplace_back(keys[std::min(first + i, keys.size() - 1)]);
    }
    for (db::Row& row : txn.QueryValues(sql, values)) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_SQL_CHUNKS_H_
