// What other applications of the round say of the same figures and members: for officials only.

#ifndef ALLIANCE_SERVICES_FILING_OTHER_CASES_H_
#define ALLIANCE_SERVICES_FILING_OTHER_CASES_H_

#include <vector>

#include "alliance/filing/v1/form.pb.h"
#include "common/db/txn.h"
#include "common/domain/caller.h"
#include "common/domain/errors.h"
#include "common/rules/pack.h"
#include "services/filing/version_store.h"

namespace alliance::filing {

// Members by their codes, and the R&D figures of both years together. Codes of letters and digits
// only: a code that is none cannot be found again.
std::vector<Mention> MentionsOf(const v1::ApplicationForm& form);

// SAME_FIGURES at lead.rd_spend_fen, MEMBER_ELSEWHERE at the member's row, about the last locked
// version. `form` tells the rows. Of an application that a recommender may not read it hears that
// there is one, not which.
std::vector<domain::FieldProblem> OfficialNotes(db::Txn& txn, const Application& row,
                                                const v1::ApplicationForm& form,
                                                const rules::Pack& pack,
                                                const domain::Caller& reader);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_OTHER_CASES_H_
