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
std::optional<FrozenList> LoadList(db::Txn& txn, std::string_view id, const domain::Caller& reader);

// What RecommendCases and ForwardCases are asked to do: these cases, by a stamped letter.
struct ListRequest {
  std::vector<std::string> ids;
  std::string list_id;  // empty: none was named, and the rule says so after those about the window
};
template <typename Request>
ListRequest CheckListRequest(const Request& request, act::Shape& shape) {
  ListRequest asked{.ids = CheckCaseNames(request.review_cases(), shape)};
  if (request.has_formal_letter()) CheckLetter(request.formal_letter(), shape);
  if (!request.list_digest().empty()) shape.HexDigest("list_digest", request.list_digest());
  if (!request.recommendation_list().empty()) {
    asked.list_id = shape.Name("recommendation_list", kListPrefix, request.recommendation_list());
  }
  return asked;
}

// These cases are, line by line, what was frozen: the same versions with the same verified R&D;
// `digest_hex` is what the request is bound to.
bool IsExactly(const std::optional<FrozenList>& list, const std::vector<CaseRow>& cases,
               std::string_view digest_hex);

// What such a request brings to the rules.
template <typename Request>
void AddListFacts(const Request& request, bool exactly, domain::Facts& facts) {
  facts.list_matches = exactly;
  if (request.has_formal_letter()) facts.papers_given.Add(domain::Paper::kFormalLetter);
  // The summary table is the list that the digest stands for.
  if (!request.list_digest().empty()) facts.papers_given.Add(domain::Paper::kSummaryTable);
}

// The scan is of the letter that was drafted for this list.
absl::Status CheckIsDrafted(const filing::v1::Document& letter, const ListRow& list);

void FillList(const FrozenList& list, const rules::Pack& pack, v1::RecommendationList* out);

print::Letter LetterOf(const FrozenList& list, const rules::Pack& pack);
print::Summary SummaryOf(const FrozenList& list, const rules::Pack& pack);

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_FROZEN_LIST_H_
