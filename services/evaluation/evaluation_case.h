// EvaluationCase: the evaluation of an alliance's year as a table of cases (common/case/case.h).

#ifndef ALLIANCE_SERVICES_EVALUATION_EVALUATION_CASE_H_
#define ALLIANCE_SERVICES_EVALUATION_EVALUATION_CASE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/case/case.h"
#include "services/evaluation/evaluation_store.h"

namespace alliance::evaluation {

struct EvaluationCase {
  using Row = Evaluation;
  static constexpr domain::Owner kHere = domain::Owner::kEvaluation;

  static std::optional<Row> Lock(act::Step& step, std::string_view id);
  static bool Save(act::Step& step, absl::Span<Row> rows, absl::Time at);
  static void Insert(act::Step& step, const Row& row);
  static audit::SealedRow Seal(const Row& row) { return SealOf(row); }
  static domain::CaseView View(const Row& row);
  // Of the campaign; before the start, of the pack that a campaign of that year would have.
  static std::optional<std::string> Rules(act::Step& step, const Row& row);
  // The end of the appeal time publishes nothing: the province does.
  static std::optional<absl::Time> Due(const Row&) { return std::nullopt; }
  static absl::Status Tick(act::Step& step, Row& row);
};

// Locks all of them, in the order of their ids, for one act; one that is unknown or out of scope
// refuses all.
absl::StatusOr<std::vector<Evaluation>> LockAll(act::Step& step, domain::Action action,
                                                const std::vector<std::string>& ids);

}  // namespace alliance::evaluation

#endif  // ALLIANCE_SERVICES_EVALUATION_EVALUATION_CASE_H_
