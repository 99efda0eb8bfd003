// How common/case acts on the years of alliances.

#ifndef ALLIANCE_SERVICES_FILING_YEAR_CASE_H_
#define ALLIANCE_SERVICES_FILING_YEAR_CASE_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/act/act.h"
#include "common/case/case.h"
#include "services/filing/registry_store.h"

namespace alliance::filing {

// The clock finds that a report is missing.
struct YearCase {
  using Row = YearRow;
  static constexpr domain::Owner kHere = domain::Owner::kFiling;

  static std::optional<Row> Lock(act::Step& step, std::string_view id);
  static bool Save(act::Step& step, absl::Span<Row> rows, absl::Time at);
  static audit::SealedRow Seal(const Row& row) { return SealYear(row); }
  static domain::CaseView View(const Row& row) { return row.View(); }
  // Of the year, or the newest where a year has none of its own.
  static std::optional<std::string> Rules(const act::Step& step, const Row& row);
  static std::optional<absl::Time> Due(const Row& row) { return row.due; }
  static absl::Status Tick(act::Step& step, Row& row);
};

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_YEAR_CASE_H_
