// The reviewers' desk: declarations of interest, delegations and what is forwarded to a city. Rows
// and SQL; all of it is only ever added to.

#ifndef ALLIANCE_SERVICES_REVIEW_DESK_STORE_H_
#define ALLIANCE_SERVICES_REVIEW_DESK_STORE_H_

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/audit/history.h"
#include "common/db/txn.h"
#include "services/review/notice_store.h"
#include "services/review/review_store.h"
#include "services/review/scope.h"

namespace alliance::review {

// What an account has declared about a case. An interest once declared stays.
enum class Interest { kUndeclared, kNone, kSome };

struct DeclarationRow {
  std::string case_id;
  std::string account;
  bool interest = false;
  std::string reason;
  absl::Time at;
};
audit::SealedRow InsertDeclaration(db::Txn& txn, const DeclarationRow& row);
Interest FindInterest(db::Txn& txn, std::string_view case_id, std::string_view account,
                      const Scope& scope);

// The cases in which an account has declared an interest.
std::set<std::string> ListInterests(db::Txn& txn, std::string_view account);

struct DelegationRow {
  std::string id;
  std::string region;  // the office
  std::string holder;
  std::string delegate;  // empty: nobody any more
  absl::Time end;        // exclusive
  std::string reason;
  std::string account;
  absl::Time create;
};
audit::SealedRow InsertDelegation(db::Txn& txn, const DelegationRow& row);
// Who stands in for the holder of this office now; empty: nobody.
std::string FindDelegate(db::Txn& txn, std::string_view office, std::string_view holder,
                         absl::Time now, const Scope& scope);

struct ForwardingRow {
  std::string id;
  std::string round_id;
  std::string region;
  std::string city;
  std::string list_digest;  // 32 bytes
  DocumentRow letter;
  std::string account;
  absl::Time at;
  std::string list_id;  // the frozen list
};
audit::SealedRow InsertForwarding(db::Txn& txn, const ForwardingRow& row);

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_DESK_STORE_H_
