// Frozen lists and recommendations: rows and SQL.

#ifndef ALLIANCE_SERVICES_REVIEW_RECOMMENDATION_STORE_H_
#define ALLIANCE_SERVICES_REVIEW_RECOMMENDATION_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/audit/history.h"
#include "common/db/txn.h"
#include "services/review/notice_store.h"
#include "services/review/review_store.h"

namespace alliance::review {

// A list frozen for one formal letter.
struct ListRow {
  std::string id;
  std::string round_id;
  std::string region;
  std::string list_digest;  // 32 bytes
  std::string letter_number;
  std::string letter_date;
  std::string letter_issuer;
  std::string account;
  absl::Time prepare;
};

// One of its lines, as printed.
struct ListLine {
  std::string case_id;
  int32_t version_number = 0;
  std::string version_digest;  // 32 bytes
  std::string alliance_name;
  std::string lead_name;
  std::string lead_code;
  int32_t technical_field = 0;
  std::string high_tech_zone;
  int64_t verified_rd_fen = 0;
  std::string outcome;  // word of an Outcome
};

audit::SealedRow InsertList(db::Txn& txn, const ListRow& row);
// One seal per line, in the order given, which is the order of the table.
std::vector<audit::SealedRow> InsertListLines(db::Txn& txn, std::string_view list_id,
                                              const std::vector<ListLine>& lines);
// A list is its office's: an office above or below has its own.
std::optional<ListRow> FindList(db::Txn& txn, std::string_view id, const Scope& scope);
std::vector<ListLine> ListLinesOf(db::Txn& txn, std::string_view list_id, const Scope& scope);

struct RecommendationRow {
  std::string id;
  std::string round_id;
  std::string region;
  std::string list_digest;  // 32 bytes
  DocumentRow letter;
  std::string account;
  absl::Time at;
  std::string list_id;  // the frozen list
};
audit::SealedRow InsertRecommendation(db::Txn& txn, const RecommendationRow& row);
// One line per case, frozen; one seal per line, in the order given.
std::vector<audit::SealedRow> InsertRecommendationLines(db::Txn& txn,
                                                        std::string_view recommendation_id,
                                                        const std::vector<CaseRow>& cases);

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_RECOMMENDATION_STORE_H_
