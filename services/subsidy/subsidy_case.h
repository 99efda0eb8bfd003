// The kinds of cases that subsidy acts on or keeps (common/case/case.h).

#ifndef ALLIANCE_SERVICES_SUBSIDY_SUBSIDY_CASE_H_
#define ALLIANCE_SERVICES_SUBSIDY_SUBSIDY_CASE_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/case/case.h"
#include "services/subsidy/subsidy_store.h"

namespace alliance::subsidy {

// One alliance's subsidy in one year.
struct SubsidyCase {
  using Row = Case;
  static constexpr domain::Owner kHere = domain::Owner::kSubsidy;

  static std::optional<Row> Lock(act::Step& step, std::string_view id);
  static bool Save(act::Step& step, absl::Span<Row> rows, absl::Time at);
  static void Insert(act::Step& step, const Row& row);
  static audit::SealedRow Seal(const Row& row) { return SealOf(row); }
  static domain::CaseView View(const Row& row);
  // Of the run that froze it; before that, of the pack that a plan of the year would have.
  static std::optional<std::string> Rules(act::Step& step, const Row& row);
  // No instant moves a subsidy: the end of its notice approves nothing, a second person does.
  static std::optional<absl::Time> Due(const Row&) { return std::nullopt; }
  static absl::Status Tick(act::Step& step, Row& row);
};

// An alliance as filing told of it: a copy, which no act of this service moves.
struct AllianceCopy {
  using Row = Alliance;
  static constexpr domain::Owner kHere = domain::Owner::kSubsidy;

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

}  // namespace alliance::subsidy

#endif  // ALLIANCE_SERVICES_SUBSIDY_SUBSIDY_CASE_H_
