// Reads of locked versions, and what they say of firms and figures: rows and SQL. Versions are
// written by filing_store.h.

#ifndef ALLIANCE_SERVICES_FILING_VERSION_STORE_H_
#define ALLIANCE_SERVICES_FILING_VERSION_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/db/txn.h"
#include "services/filing/filing_store.h"

namespace alliance::filing {

// A locked version without its content.
struct VersionRow {
  int32_t number = 0;
  std::string digest;        // 32 bytes
  std::string rules_digest;  // 32 bytes
  absl::Time receive;
};
// First to last; of more than `limit` the newest.
std::vector<VersionRow> ListVersionRows(db::Txn& txn, std::string_view application_id, int limit);
std::optional<VersionRow> FindVersionRow(db::Txn& txn, std::string_view application_id,
                                         int32_t number);
// The content of the last locked version of a lead's application in a round, or of an application.
std::optional<std::string> FindLockedOfLead(db::Txn& txn, std::string_view round_id,
                                            std::string_view lead_code);
std::optional<std::string> FindLocked(db::Txn& txn, std::string_view application_id);

// What a version says that another application may say too.
inline constexpr std::string_view kMentionMember = "MEMBER";  // a credit code
inline constexpr std::string_view kMentionRd = "RD_FIGURES";  // R&D of both years, fen
struct Mention {
  std::string kind;
  std::string value;
};
// Of the version that `of` has just locked.
void InsertMentions(db::Txn& txn, const Application& of, const std::vector<Mention>& mentions);

// Another application of the round whose last version says the same.
struct MentionElsewhere {
  std::string kind;
  std::string value;
  std::string alliance_name;
  std::string region;
};
// At most 200, by kind, value and application.
std::vector<MentionElsewhere> FindMentionsElsewhere(db::Txn& txn, const Application& of);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_VERSION_STORE_H_
