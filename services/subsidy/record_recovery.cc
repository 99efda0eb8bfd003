// RecordRecovery: RECOVERING → RECOVERED, on the bank's receipt.

#include <utility>

#include "common/base/status_macros.h"
#include "services/subsidy/bank_receipt.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/request.h"
#include "services/subsidy/subsidy_case.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {

using domain::Action;

absl::Status SubsidyService::RecordRecovery(const rpc::Call& call,
                                            const v1::RecordRecoveryRequest& request,
                                            v1::SubsidyCase* answer) {
  act::Shape shape;
  const std::string id = shape.YearlyName("name", kCases, request.name());
  shape.Etag(request.etag());
  CheckBankReference(shape, request.bank_reference());
  if (request.has_receipt()) shape.Document("receipt", request.receipt());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Case row,
                     cases::Lock<SubsidyCase>(step, Action::kConfirmRecovered, id, request.etag()));
    const auto gather = [&](const Case&, domain::Facts& facts) {
      if (request.has_receipt()) facts.papers_given.Add(domain::Paper::kBankReceipt);
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<SubsidyCase>(step, Action::kConfirmRecovered, row, gather));
    cases::Note note;
    RETURN_IF_ERROR(KeepReceipt(step,
                                {.id = request.bank_reference(),
                                 .case_id = row.id,
                                 .kind = "RECOVERED",
                                 .amount_fen = row.claim_fen,
                                 .receipt_sha256 = request.receipt().sha256(),
                                 .receive = step.now()},
                                note));
    RETURN_IF_ERROR(cases::Move<SubsidyCase>(step, decision, row, std::move(note)).status());
    FillCase(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::subsidy
