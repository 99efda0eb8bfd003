// What the requests of subsidy have in common.

#ifndef ALLIANCE_SERVICES_SUBSIDY_REQUEST_H_
#define ALLIANCE_SERVICES_SUBSIDY_REQUEST_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "alliance/subsidy/v1/subsidy.pb.h"
#include "common/act/shape.h"
#include "common/case/case.h"
#include "common/domain/facts.h"

namespace alliance::subsidy {

// Longest reason, in characters.
inline constexpr int kLongText = 2000;
// Most payments of one list.
inline constexpr int kMostPerRequest = 500;

// The year behind plans/{yyyy}; "" and a problem in `shape` when it is none.
std::string PlanName(act::Shape& shape, std::string_view field, std::string_view name);
// Letters, digits and . _ -: the number of an account, say.
void CheckCode(act::Shape& shape, std::string_view field, std::string_view code, size_t least,
               size_t most);
void CheckBankReference(act::Shape& shape, std::string_view reference);

// Of the acts that decide one case with a reason and a document: shape, with the case's id; facts,
// the document being such a paper; and what the history keeps of it.
std::string CheckDecision(act::Shape& shape,
                          const alliance::subsidy::v1::DecideSubsidyCaseRequest& request);
absl::Status GatherDecision(const alliance::subsidy::v1::DecideSubsidyCaseRequest& request,
                            domain::Paper paper, domain::Facts& facts);
cases::Note NoteOf(const alliance::subsidy::v1::DecideSubsidyCaseRequest& request);

}  // namespace alliance::subsidy

#endif  // ALLIANCE_SERVICES_SUBSIDY_REQUEST_H_
