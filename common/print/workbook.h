// A workbook of one sheet (xlsx) in which every cell is text: a name that begins with = or + or @
// stays a name and is computed by nobody. All text passes Printable(). The same input gives the
// same bytes, for the same version of the library.

#ifndef ALLIANCE_COMMON_PRINT_WORKBOOK_H_
#define ALLIANCE_COMMON_PRINT_WORKBOOK_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace alliance::print {

struct Workbook {
  std::string name;  // of the sheet: at most 31 characters, none of []:*?/ and backslash
  absl::Time created;
  std::vector<double> widths;  // of the columns, in characters
  std::vector<std::vector<std::string>> rows;
  size_t head = 0;  // the row that heads the table: bold, and kept in sight
};

absl::StatusOr<std::string> WriteWorkbook(const Workbook& book);

}  // namespace alliance::print

#endif  // ALLIANCE_COMMON_PRINT_WORKBOOK_H_
