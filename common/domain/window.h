// Windows: from when until when something may be done (reading Q1).
//
// PhaseAt is the one function that says whether something is open: every rule, sweep and view asks
// it. A window is half-open, [opens, closes), of instants: its last moment is the microsecond
// before `closes`, whatever zone the machine is in. It knows nothing but the instant it is given: a
// clock that is set back finds the window open again, and what has lapsed meanwhile stays lapsed.

#ifndef ALLIANCE_COMMON_DOMAIN_WINDOW_H_
#define ALLIANCE_COMMON_DOMAIN_WINDOW_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "absl/types/span.h"

namespace alliance::domain {

struct Window {
  absl::Time opens = absl::InfinitePast();
  absl::Time closes = absl::InfiniteFuture();
};

enum class Phase { kBefore, kOpen, kOver };

constexpr Phase PhaseAt(const Window& window, absl::Time now) {
  // What never opens for longer than nothing is over when it should have begun.
  if (now >= window.closes) return Phase::kOver;
  return now < window.opens ? Phase::kBefore : Phase::kOpen;
}
constexpr bool IsOpen(const Window& window, absl::Time now) {
  return PhaseAt(window, now) == Phase::kOpen;
}
// Has the instant `closes` come?
constexpr bool IsOver(absl::Time closes, absl::Time now) {
  return PhaseAt({.closes = closes}, now) == Phase::kOver;
}

// The two deadlines of a round: of the firms and of the recommenders.
enum class Deadline { kEnterprise, kRecommender };

// The times of one case.
struct CaseTimes {
  absl::Time opens = absl::InfiniteFuture();
  absl::Time enterprise_deadline = absl::InfinitePast();
  absl::Time recommender_deadline = absl::InfinitePast();

  absl::Time of(Deadline which) const {
    return which == Deadline::kEnterprise ? enterprise_deadline : recommender_deadline;
  }
  // Filling in and first submission.
  Window filing() const { return {opens, enterprise_deadline}; }
  // Submission after a return: until the region must be done (Q21).
  Window correcting() const { return {opens, recommender_deadline}; }
  // Review, notice and recommendation by the region.
  Window recommending() const { return {opens, recommender_deadline}; }
};

// A region's own earlier deadlines inside the round (Q1).
struct InnerDeadlines {
  std::optional<absl::Time> enterprise;
  std::optional<absl::Time> recommender;
};

// More time, granted by two people with reason and document (Q1): an extension of one deadline in
// one round, for all cases of a region or for one case.
struct Grant {
  Deadline deadline = Deadline::kEnterprise;
  absl::Time closes;
  std::string region;
  std::string case_id;  // empty: every case of the region

  bool Covers(std::string_view of_region, std::string_view of_case) const {
    return case_id.empty() ? region == of_region : case_id == of_case;
  }
};

// The times of a case: the round's, cut by its region's own deadlines, lengthened by what of
// `grants` covers it. The latest counts; no grant ever shortens.
CaseTimes TimesOf(const CaseTimes& round, const InnerDeadlines& inner,
                  absl::Span<const Grant> grants, std::string_view region,
                  std::string_view case_id);

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_WINDOW_H_
