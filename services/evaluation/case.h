// Case: what several acts on evaluations have in common, of their requests and of the result.

#ifndef ALLIANCE_SERVICES_EVALUATION_CASE_H_
#define ALLIANCE_SERVICES_EVALUATION_CASE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "alliance/evaluation/v1/evaluation.pb.h"
#include "common/act/act.h"
#include "common/act/shape.h"
#include "common/domain/workflow.h"
#include "common/rules/packs.h"
#include "services/evaluation/evaluation_store.h"

namespace alliance::evaluation {

// Most evaluations, or scores, of one request.
inline constexpr int kMostPerRequest = 500;
// Longest comment, reason and answer, in characters.
inline constexpr int kLongText = 2000;
// Longest grounds of an appeal: as long as those of an objection.
inline constexpr int kGroundsLimit = 5000;

// The ids behind 1 to 500 names evaluations/{uuid}-{yyyy}, no name twice, with each problem in
// `shape` at "evaluations[i]".
std::vector<std::string> EvaluationsNamed(
    act::Shape& shape, const google::protobuf::RepeatedPtrField<std::string>& names);
// The year behind campaigns/{yyyy}; "" and a problem in `shape` when it is none.
std::string CampaignNamed(act::Shape& shape, std::string_view field, std::string_view name);
// The year of an evaluation's id, "2023".
std::string_view YearOf(std::string_view evaluation_id);

// The pack of that digest; PACK_INVALID when this process has not loaded it.
absl::StatusOr<const rules::Pack*> PackOf(const act::Deps& deps,
                                          const std::optional<std::string>& rules_digest);

// Veto of the pack after a missed report (reading Q22).
inline constexpr std::string_view kMissedReportVeto = "V2";
std::vector<std::string> VetoesOf(const Evaluation& evaluation);

// Puts the result of these scores into the row: total, grade, veto.
absl::Status SetResult(const std::vector<Score>& scores, const rules::Pack& pack,
                       Evaluation& evaluation);

// One pushed score: expert code and comment.
void CheckScoreShape(act::Shape& shape, const std::string& field,
                     const alliance::evaluation::v1::Score& score);
std::vector<int64_t> ItemsOf(const alliance::evaluation::v1::Score& score);
// Appends the problems of a score's numbers under this pack, at "<field>.item_hundredths[j]".
void CheckItems(const std::vector<int64_t>& items, const rules::Pack& pack,
                const std::string& field, std::vector<domain::FieldProblem>& problems);

}  // namespace alliance::evaluation

#endif  // ALLIANCE_SERVICES_EVALUATION_CASE_H_
