// How common/case acts on applications: by their row alone, or with their draft.

#ifndef ALLIANCE_SERVICES_FILING_APPLICATION_CASE_H_
#define ALLIANCE_SERVICES_FILING_APPLICATION_CASE_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/act/act.h"
#include "common/case/case.h"
#include "services/filing/filing_store.h"

namespace alliance::filing {

// The clock ends drafts, returned applications and construction periods.
struct ApplicationCase {
  using Row = Application;
  static constexpr domain::Owner kHere = domain::Owner::kFiling;

  static std::optional<Row> Lock(act::Step& step, std::string_view id);
  static bool Save(act::Step& step, absl::Span<Row> rows, absl::Time at);
  static audit::SealedRow Seal(const Row& row) { return SealApplication(row); }
  static domain::CaseView View(const Row& row) { return row.View(); }
  static std::optional<std::string> Rules(const act::Step& step, const Row& row);
  static std::optional<absl::Time> Due(const Row& row) { return row.due; }
  static absl::Status Tick(act::Step& step, Row& row);
};

// The same case, locked together with its draft. Save writes the case; a draft that was changed is
// saved by SaveDraft beside it, its seal in the note.
struct DraftCase {
  using Row = DraftedApplication;
  static constexpr domain::Owner kHere = domain::Owner::kFiling;

  static std::optional<Row> Lock(act::Step& step, std::string_view id);
  static bool Save(act::Step& step, absl::Span<Row> rows, absl::Time at);
  static audit::SealedRow Seal(const Row& row) { return SealApplication(row); }
  static domain::CaseView View(const Row& row) { return row.View(); }
  static std::optional<std::string> Rules(const act::Step& step, const Row& row) {
    return ApplicationCase::Rules(step, row);
  }
  static std::optional<absl::Time> Due(const Row& row) { return row.due; }
  static absl::Status Tick(act::Step& step, Row& row) { return ApplicationCase::Tick(step, row); }
};

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_APPLICATION_CASE_H_
