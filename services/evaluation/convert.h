// Convert: rows of the store to what the API shows, by reader.

#ifndef ALLIANCE_SERVICES_EVALUATION_CONVERT_H_
#define ALLIANCE_SERVICES_EVALUATION_CONVERT_H_

#include <string>
#include <string_view>

#include "alliance/evaluation/v1/evaluation.pb.h"
#include "common/db/txn.h"
#include "common/domain/caller.h"
#include "common/domain/workflow.h"
#include "common/rules/pack.h"
#include "services/evaluation/evaluation_store.h"

namespace alliance::evaluation {

namespace v1 = ::alliance::evaluation::v1;

inline constexpr std::string_view kEvaluations = "evaluations/";
inline constexpr std::string_view kCampaigns = "campaigns/";

std::string NameOf(const Evaluation& evaluation);

void FillCampaign(const Campaign& campaign, const rules::Pack& pack, v1::Campaign* out);

// The row alone, as lists and the answers of acts have it: without report, scores and timeline.
void FillHead(const Evaluation& evaluation, const domain::Caller& reader, v1::Evaluation* out);

// The whole resource.
absl::Status FillEvaluation(db::Txn& txn, const Evaluation& evaluation,
                            const domain::Caller& reader, v1::Evaluation* out);

void FillScore(const Score& score, v1::Score* out);

}  // namespace alliance::evaluation

#endif  // ALLIANCE_SERVICES_EVALUATION_CONVERT_H_
