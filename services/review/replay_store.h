// What was known of a case at an instant, from rows that never change.

#ifndef ALLIANCE_SERVICES_REVIEW_REPLAY_STORE_H_
#define ALLIANCE_SERVICES_REVIEW_REPLAY_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/audit/history.h"
#include "common/db/txn.h"
#include "common/domain/eligibility.h"
#include "services/review/review_store.h"

namespace alliance::review {

// A return with its marks, as convert.h writes them.
audit::SealedRow InsertReturn(db::Txn& txn, const DecidedBy& by, std::string_view marks);
// Those of the last return by `at`; empty: none.
std::string MarksAsOf(db::Txn& txn, std::string_view case_id, absl::Time at);

// The `count`-th version that arrived, without its bytes.
struct VersionThen {
  int32_t number = 0;
  std::string digest;
  absl::Time receive;
};
std::optional<VersionThen> FindNthVersion(db::Txn& txn, std::string_view case_id, int64_t count);

// The verdicts of one version that stood at `at`, by condition.
std::vector<domain::ConditionRecord> ConditionsAsOf(db::Txn& txn, std::string_view case_id,
                                                    int32_t version_number, absl::Time at);

struct VerifiedRd {
  int64_t amount_fen = 0;  // 0: not recorded
  std::string evidence;
};
VerifiedRd VerifiedRdAsOf(db::Txn& txn, std::string_view case_id, int32_t version_number,
                          absl::Time at);

int32_t CountObjectionsAsOf(db::Txn& txn, std::string_view case_id, absl::Time at);
// The id of the last notice that was opened by `at`; empty: none.
std::string NoticeAsOf(db::Txn& txn, std::string_view case_id, absl::Time at);

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_REPLAY_STORE_H_
