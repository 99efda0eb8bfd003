// Fields as people type them, put into a form.

#ifndef ALLIANCE_SERVICES_FILING_FIELD_ENTRY_H_
#define ALLIANCE_SERVICES_FILING_FIELD_ENTRY_H_

#include <vector>

#include "alliance/filing/v1/filing.pb.h"
#include "common/domain/errors.h"
#include "common/domain/form.h"

namespace alliance::filing {

// Applies the entries in their order. What is wrong with any of them, all at once; the caller saves
// nothing then.
std::vector<domain::FieldProblem> ApplyEntries(
    const google::protobuf::RepeatedPtrField<v1::FieldEntry>& entries,
    const domain::FormRules& rules, v1::ApplicationForm* form);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_FIELD_ENTRY_H_
