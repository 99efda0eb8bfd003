// ClaimBack: PAID → RECOVERING. The corrected figure is put through the run's own pack and method;
// what was paid above that is claimed. The old run stays as it was.

#include <algorithm>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "services/subsidy/compute.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/request.h"
#include "services/subsidy/subsidy_case.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {

using domain::Action;

absl::Status SubsidyService::ClaimBack(const rpc::Call& call, const v1::ClaimBackRequest& request,
                                       v1::SubsidyCase* answer) {
  act::Shape shape;
  const std::string id = shape.YearlyName("name", kCases, request.name());
  shape.Etag(request.etag());
  shape.Between("corrected_rd_fen", request.corrected_rd_fen(), 0, 1'000'000'000'000'000);
  shape.Text("reason", request.reason(), kLongText);
  if (request.has_decision()) shape.Document("decision", request.decision());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Case row,
                     cases::Lock<SubsidyCase>(step, Action::kClaimBack, id, request.etag()));
    int64_t due_fen = row.amount_fen;
    const std::optional<Run> run = row.run_id ? FindRun(step.txn(), *row.run_id) : std::nullopt;
    if (run) {
      ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, run->rules_digest));
      ASSIGN_OR_RETURN(const int64_t corrected_fen,
                       Recompute(row, *pack, request.corrected_rd_fen()));
      due_fen = std::min(row.amount_fen, corrected_fen);
    }
    const auto gather = [&](const Case& now, domain::Facts& facts) {
      facts.reason = request.reason();
      facts.corrected_run_shows_less = due_fen < now.amount_fen;
      if (request.has_decision()) facts.papers_given.Add(domain::Paper::kDecision);
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<SubsidyCase>(step, Action::kClaimBack, row, gather));
    row.claim_fen = row.amount_fen - due_fen;
    const std::string reason = base::StrCat(cases::Written(request.reason()),
                                            " [corrected_rd_fen=", request.corrected_rd_fen(), "]");
    RETURN_IF_ERROR(
        cases::Move<SubsidyCase>(step, decision, row,
                                 {.reason = reason, .paper_digest = request.decision().sha256()})
            .status());
    FillCase(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::subsidy
