// Scope: whose rows a query may touch (territorial management, R-016, R-017).
//
// Every query of review_store.h and notice_store.h takes one and puts it into its WHERE, so what is
// outside is never read: no handler can forget to look afterwards. A Scope can only be made from a
// caller, or by naming the reason for which every row may be touched.

#ifndef ALLIANCE_SERVICES_REVIEW_SCOPE_H_
#define ALLIANCE_SERVICES_REVIEW_SCOPE_H_

#include <optional>
#include <string>

#include "common/domain/caller.h"

namespace alliance::review {

class Scope {
 public:
  // What `caller` may read: a firm's staff its own case; a recommender the cases of its region, of
  // the zones and districts below it and, once forwarded, still those; province, recorder, finance,
  // approver and auditor all; anybody else nothing.
  static Scope ToRead(const domain::Caller& caller);
  // What `caller` may act on: a recommender the cases that its office has now, the others as above,
  // and any case for the province, the public and the clock. What they may do there is for
  // domain::Decide.
  static Scope ToAct(const domain::Caller& caller);
  // The service itself: the clock's steps and what filing hands over.
  static Scope Service() { return Scope(true); }
  // What is published is everybody's: notices, and nothing else.
  static Scope Published() { return Scope(true); }

  // No row at all: say so before asking the database.
  bool none() const { return !all_ && !region_ && !office_ && !lead_code_; }

  // The values of the WHERE, in the order of its marks. What does not apply is NULL, which equals
  // nothing.
  bool all() const { return all_; }
  const std::optional<std::string>& region() const { return region_; }  // or the one above it
  const std::optional<std::string>& office() const { return office_; }  // that has the case now
  const std::optional<std::string>& lead_code() const { return lead_code_; }

 private:
  explicit Scope(bool all) : all_(all) {}

  bool all_;
  std::optional<std::string> region_;
  std::optional<std::string> office_;
  std::optional<std::string> lead_code_;
};

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_SCOPE_H_
