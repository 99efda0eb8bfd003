// A frozen list as its readers see it: the message, the letter's text, what common/print draws.

#ifndef ALLIANCE_SERVICES_REVIEW_FROZEN_LIST_H_
#define ALLIANCE_SERVICES_REVIEW_FROZEN_LIST_H_

#include <optional>
#include <string_view>
#include <vector>

#include "alliance/review/v1/review.pb.h"
#include "common/domain/caller.h"
#include "common/print/recommendation_prints.h"
#include "common/rules/pack.h"
#include "services/review/recommendation_store.h"

namespace alliance::review {

inline constexpr std::string_view kListPrefix = "recommendationLists/";

// A list as it stands in the database.
struct FrozenList {
  ListRow row;
  std::vector<ListLine> lines;
};

// Nothing for an unknown list and for one of an office that `reader` may not look into.
std::optional<FrozenList> LoadList(db::Txn& txn, std::string_view id, const domain::Caller& reader);

// These cases are, line by line, what was frozen: the same versions with the same verified R&D.
bool IsExactly(const FrozenList& list, const std::vector<CaseRow>& cases);

void FillList(const FrozenList& list, const rules::Pack& pack, v1::RecommendationList* out);

print::Letter LetterOf(const FrozenList& list, const rules::Pack& pack);
print::Summary SummaryOf(const FrozenList& list, const rules::Pack& pack);

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_FROZEN_LIST_H_
