// What an applicant reads about its case beside the form: who acts next and until when, what came
// back and why, and what the form calls a place.

#ifndef ALLIANCE_SERVICES_FILING_APPLICANT_VIEW_H_
#define ALLIANCE_SERVICES_FILING_APPLICANT_VIEW_H_

#include "absl/time/time.h"
#include "alliance/filing/v1/filing.pb.h"
#include "common/domain/errors.h"
#include "common/domain/window.h"
#include "common/rules/pack.h"
#include "services/filing/filing_store.h"

namespace alliance::filing {

void FillNextStep(const Application& row, const rules::Pack& pack, const domain::CaseTimes& times,
                  absl::Time now, v1::Application* out);
// The marks of the last return with their labels, and its reason.
void FillReturn(const Draft& draft, const rules::Pack& pack, v1::Application* out);
// A problem with the name of its place.
v1::FormProblem Labelled(const domain::FieldProblem& problem, const rules::Pack& pack);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_APPLICANT_VIEW_H_
