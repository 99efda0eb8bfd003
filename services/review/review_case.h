// The cases of review as the kernel acts on them (common/case/case.h), and their clock: a notice
// that is over closes, at the instant of its end.

#ifndef ALLIANCE_SERVICES_REVIEW_REVIEW_CASE_H_
#define ALLIANCE_SERVICES_REVIEW_REVIEW_CASE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/case/case.h"
#include "services/review/review_store.h"

namespace alliance::review {

struct ReviewCase {
  using Row = CaseRow;
  static constexpr domain::Owner kHere = domain::Owner::kReview;

  static std::optional<CaseRow> Lock(act::Step& step, std::string_view id);
  // Keeps the time limit of the review as well (time_limit.h).
  static bool Save(act::Step& step, absl::Span<CaseRow> rows, absl::Time at);
  static void Insert(act::Step& step, CaseRow& row);
  static audit::SealedRow Seal(const CaseRow& row);
  static domain::CaseView View(const CaseRow& row);
  static std::optional<std::string> Rules(act::Step& step, const CaseRow& row);
  static std::optional<absl::Time> Due(const CaseRow& row);
  static absl::Status Tick(act::Step& step, CaseRow& row);
};

using CaseMoves = std::vector<cases::Moving<CaseRow>>;

// Tick for those of `rows` that are due, saved together.
absl::Status CloseDue(act::Step& step, absl::Span<CaseRow> rows);

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_REVIEW_CASE_H_
