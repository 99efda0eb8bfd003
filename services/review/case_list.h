// The exact list of cases that a request names, and its letter: forwarding, notice, recommendation.

#ifndef ALLIANCE_SERVICES_REVIEW_CASE_LIST_H_
#define ALLIANCE_SERVICES_REVIEW_CASE_LIST_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/act/act.h"
#include "common/act/shape.h"
#include "common/domain/workflow.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "services/review/review_case.h"

namespace alliance::review {

using CaseNames = google::protobuf::RepeatedPtrField<std::string>;

// 1 to 500 case names, none twice; their ids.
std::vector<std::string> CheckCaseNames(const CaseNames& names, act::Shape& shape);

// 推荐函 in `formal_letter`: every field of a formal document.
void CheckLetter(const filing::v1::Document& letter, act::Shape& shape);

// The cases behind the ids, locked, in the order of their ids, all of one round; notices that have
// ended are closed first. NOT_PERMITTED when one is missing or not the caller's;
// CONFLICT_OF_INTEREST when the caller has declared an interest in one.
absl::StatusOr<std::vector<CaseRow>> LockList(act::Step& step, domain::Action action,
                                              const std::vector<std::string>& ids);

// Decides on each case; refuses for all that are refused at once. `ids` is the order of the
// request, for the paths.
absl::StatusOr<CaseMoves> DecideList(
    act::Step& step, domain::Action action, const std::vector<CaseRow>& rows,
    const std::vector<std::string>& ids,
    const std::function<absl::Status(const CaseRow&, domain::Facts&)>& gather);

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_CASE_LIST_H_
