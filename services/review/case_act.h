// What the acts on cases have in common: taking a case, the facts about it, writing it back.
//
//   ASSIGN_OR_RETURN(Taken taken, Take(step, deps_, call, Action::kPass, id, request.etag()));
//   taken.facts.… = …;                                  // what only this act knows
//   ASSIGN_OR_RETURN(Decision decision, taken.Decide(call.caller));
//   …change taken.row…
//   RETURN_IF_ERROR(Store(step, taken, decision, {.reason = …}));

#ifndef ALLIANCE_SERVICES_REVIEW_CASE_ACT_H_
#define ALLIANCE_SERVICES_REVIEW_CASE_ACT_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/act/act.h"
#include "common/act/shape.h"
#include "common/domain/window.h"
#include "common/domain/workflow.h"
#include "common/rpc/call.h"
#include "common/rules/packs.h"
#include "services/review/extension_store.h"
#include "services/review/review_store.h"

namespace alliance::review {

// ROUND_UNKNOWN when the round is not served any more.
absl::StatusOr<const rules::Pack*> PackOf(const act::Deps& deps, std::string_view round_id);

domain::CaseView ViewOf(const CaseRow& row);

// A reason as a rule may count it: blanks alone are none.
std::string Written(std::string_view reason);

// The account of a colleague, as people log in; whether it is one of the office only the gateway
// knows.
void CheckAccount(std::string_view field, std::string_view account, act::Shape& shape);

// What has been granted to a round's cases beyond the pack's deadlines, read once for an act.
using Grants = std::vector<domain::Grant>;
domain::CaseTimes TimesOf(const CaseRow& row, const rules::Pack& pack, const Grants& grants);

// The office that has the case forwards it to its city instead of recommending it (Q3).
bool GoesThroughCity(const CaseRow& row, const rules::Pack& pack);

// Everything that the row, the round's pack and the extensions say. Reason, papers and what else a
// request brings are for the handler to add, and what the caller has declared for Take.
domain::Facts FactsOf(const CaseRow& row, const rules::Pack& pack, const Grants& grants,
                      const domain::Caller& caller, absl::Time now);

// A case that is locked, that the caller may act on in some state, and that is still as it was
// read.
struct Taken {
  CaseRow row;
  const rules::Pack* pack;
  domain::Action action;
  domain::Facts facts;
  std::string stands_in_for = {};  // the holder, when a delegation makes the caller act for him

  absl::StatusOr<domain::Decision> Decide(const domain::Caller& caller) const {
    return domain::Decide(ViewOf(row), action, caller, facts);
  }
};

// NOT_PERMITTED for an unknown case, another's, or a role that never does this; ETAG_STALE. Without
// `etag` freshness is not asked for. A notice that has ended is closed first.
absl::StatusOr<Taken> Take(act::Step& step, const act::Deps& deps, const rpc::Call& call,
                           domain::Action action, std::string_view id,
                           const std::optional<std::string>& etag);

// A reason as it was given: the history of an act by a delegation begins with whose it was.
std::string_view WithoutName(std::string_view reason);

// What goes into the history beside the change itself.
struct Why {
  std::string reason = "";
  std::optional<std::string> paper_digest = std::nullopt;
  std::vector<audit::SealedRow> sealed = {};
};

// Writes the case in its new state: row, history, seals. When another service holds it from now on,
// handoff_seq is counted up: put it into the event.
absl::Status Store(act::Step& step, Taken& taken, const domain::Decision& decision, Why why);

// The same for many cases that all make the same step, each with its own seals; rows in one
// statement.
struct Together {
  CaseRow row;
  domain::Decision decision;
  std::vector<audit::SealedRow> sealed = {};
};
absl::Status StoreAll(act::Step& step, const rules::Pack& pack, domain::Action action,
                      std::vector<Together>& cases, const Why& why);

// One case of a request that names many: refuses for all of them at once, with the path of each.
class Refusals {
 public:
  void Add(std::string_view field, std::string_view case_name, const absl::Status& refusal);
  // OK when nothing was added; else the first refusal with a field problem for each.
  absl::Status Done() const;

 private:
  absl::Status first_;
  std::string first_name_;
  std::vector<domain::FieldProblem> fields_;
};

// The notice of this case is over and the clock has not been applied yet.
bool IsDue(const CaseRow& row, absl::Time now);

// Closes the notice of cases that are due, at the instant of its end.
absl::Status CloseByClock(act::Step& step, const act::Deps& deps, std::vector<CaseRow*> due);

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_CASE_ACT_H_
