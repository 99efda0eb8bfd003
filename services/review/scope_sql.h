// The scope of a query on cases (scope.h) as SQL, for the stores only.

#ifndef ALLIANCE_SERVICES_REVIEW_SCOPE_SQL_H_
#define ALLIANCE_SERVICES_REVIEW_SCOPE_SQL_H_

// Of the case `c`. A part that does not apply is NULL, which equals nothing.
#define CASE_IN_SCOPE \
  "(? = 1 OR c.region = ? OR c.parent_region = ? OR c.office = ? OR c.lead_code = ?)"
// Its values, in the order of the marks.
#define CASE_SCOPE(scope) \
  (scope).all(), (scope).region(), (scope).region(), (scope).office(), (scope).lead_code()

#endif  // ALLIANCE_SERVICES_REVIEW_SCOPE_SQL_H_
