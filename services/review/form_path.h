// Paths into the application form, as marks and field problems use them.

#ifndef ALLIANCE_SERVICES_REVIEW_FORM_PATH_H_
#define ALLIANCE_SERVICES_REVIEW_FORM_PATH_H_

#include <string_view>

#include "common/domain/papers.h"

namespace alliance::review {

// "lead", "lead.rd_spend_fen.y1", "members", "members[2].credit_code", "recommender_region",
// "papers.A2_AGREEMENT", "papers.A5_MEMBER_LICENCE[2]": a field of ApplicationForm or what stands
// above it, or a slot that the round's rules know.
bool IsFormPath(std::string_view path, const domain::PaperRules& papers);

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_FORM_PATH_H_
