// What the whole-life audit tests ask of a schema once its cases have gone every way: was every row
// of the workflow walked, and is every change by hand found?

#ifndef ALLIANCE_COMMON_TESTING_WHOLE_LIFE_H_
#define ALLIANCE_COMMON_TESTING_WHOLE_LIFE_H_

#include <string>
#include <vector>

#include "common/domain/state.h"
#include "common/testing/mariadb.h"

namespace alliance::service_testing {

// Rows of the workflow that `owner` holds and that no row of the history walks, with each of their
// targets and by each of their roles: "REVIEWING pass PASSED by recommender", one line each.
std::string RowsNotWalked(testdb::Schema& schema, domain::Owner owner);

// Columns that the seals do not name, and whose change by hand is therefore not found:
// "plan open_us", one line each, in the order of the tables given.
std::string UnsealedColumns(testdb::Schema& schema, const std::vector<std::string>& tables);

// Changes a sealed column of one row of each table by hand, then deletes the row; each must be the
// only finding. What was not found, or not like that, one line each. Afterwards all is as it was.
std::string ChangesNotFound(testdb::Schema& schema, const std::vector<std::string>& tables);

}  // namespace alliance::service_testing

#endif  // ALLIANCE_COMMON_TESTING_WHOLE_LIFE_H_
