// AllianceCopy: an alliance as filing told of it, as a table of cases (common/case/case.h) that no
// act of this service moves.

#ifndef ALLIANCE_SERVICES_EVALUATION_ALLIANCE_COPY_H_
#define ALLIANCE_SERVICES_EVALUATION_ALLIANCE_COPY_H_

#include <optional>
#include <string>
#include <string_view>

#include "common/case/case.h"
#include "services/evaluation/alliance_store.h"

namespace alliance::evaluation {

struct AllianceCopy {
  using Row = Alliance;
  static constexpr domain::Owner kHere = domain::Owner::kEvaluation;

  static std::optional<Row> Lock(act::Step& step, std::string_view id);
  static bool Save(act::Step& step, absl::Span<Row> rows, absl::Time at);
  static void Insert(act::Step& step, const Row& row);
  static audit::SealedRow Seal(const Row& row) { return SealOf(row); }
  static domain::CaseView View(const Row& row);
  // Nothing is decided about it here.
  static std::optional<std::string> Rules(act::Step&, const Row&) { return std::nullopt; }
  static std::optional<absl::Time> Due(const Row&) { return std::nullopt; }
  static absl::Status Tick(act::Step& step, Row& row);
};

}  // namespace alliance::evaluation

#endif  // ALLIANCE_SERVICES_EVALUATION_ALLIANCE_COPY_H_
