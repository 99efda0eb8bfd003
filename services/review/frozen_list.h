// A frozen list as its readers see it: the message, the letter's text, what common/print draws.

#ifndef ALLIANCE_SERVICES_REVIEW_FROZEN_LIST_H_
#define ALLIANCE_SERVICES_REVIEW_FROZEN_LIST_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alliance/review/v1/review.pb.h"
#include "common/act/shape.h"
#include "common/domain/caller.h"
#include "common/print/recommendation_prints.h"
#include "common/rules/pack.h"
#include "services/review/case_list.h"
#include "services/review/recommendation_store.h"

namespace alliance::review {

inline constexpr std::string_view kListPrefix = "recommendationLists/";

// A list as it stands in the database.
struct FrozenList {
  ListRow row;
  std::vector<ListLine> lines;
};

// Nothing for an unknown list and for one of an office that `reader` may not look into.
std::optional<FrozenList> FindFrozenList(db::Txn& txn, std::string_view id,
                                         const domain::Caller& reader);

// What RecommendCases and ForwardCases are asked to do: these cases, by a stamped letter.
struct ListRequest {
  std::vector<std::string> ids;
  std::string list_id;  // empty: none was named, and the rule says so after those about the window
  std::string digest_hex;                        // what the request is bound to: the summary table
  const filing::v1::Document* letter = nullptr;  // of the request; nullptr: none
};
template <typename Request>
ListRequest CheckListRequest(const Request& request, act::Shape& shape) {
  ListRequest asked{.ids = CheckCaseNames(request.review_cases(), shape),
                    .digest_hex = request.list_digest()};
  if (request.has_formal_letter()) {
    asked.letter = &request.formal_letter();
    CheckLetter(*asked.letter, shape);
  }
  if (!asked.digest_hex.empty()) shape.HexDigest("list_digest", asked.digest_hex);
  if (!request.recommendation_list().empty()) {
    asked.list_id = shape.Name("recommendation_list", kListPrefix, request.recommendation_list());
  }
  return asked;
}

// The cases of a frozen list, locked and decided on: they are, line by line, what was frozen, the
// same versions with the same verified R&D, and the scan is of the letter that was drafted for it.
struct ListMoves {
  const rules::Pack* pack;
  FrozenList list;
  CaseMoves cases;
};
absl::StatusOr<ListMoves> DecideFrozenList(act::Step& step, domain::Action action,
                                           const ListRequest& asked);

void FillList(const FrozenList& list, const rules::Pack& pack, v1::RecommendationList* out);

print::Letter LetterOf(const FrozenList& list, const rules::Pack& pack);
print::Summary SummaryOf(const FrozenList& list, const rules::Pack& pack);

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_FROZEN_LIST_H_
