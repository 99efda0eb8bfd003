// RecordPayment: PAYING → PAID or PAYMENT_FAILED, as the bank answered. On the wire one request
// says which; here each is the act of the workflow that it is.

#include <utility>

#include "common/base/status_macros.h"
#include "services/subsidy/bank_receipt.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/request.h"
#include "services/subsidy/subsidy_case.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {
namespace {

using domain::Action;

absl::Status GatherAnswer(const v1::RecordPaymentRequest& request, domain::Facts& facts) {
  facts.reason = request.reason();
  facts.bank_reference = request.bank_reference();
  if (request.has_receipt()) facts.papers_given.Add(domain::Paper::kBankReceipt);
  return absl::OkStatus();
}

BankReceipt ReceiptOf(const act::Step& step, const v1::RecordPaymentRequest& request,
                      std::string kind, const Case& row) {
  return {.id = request.bank_reference(),
          .case_id = row.id,
          .kind = std::move(kind),
          .amount_fen = row.amount_fen,
          .receipt_sha256 = request.receipt().sha256(),
          .receive = step.now()};
}

absl::Status ConfirmPaid(act::Step& step, const std::string& id,
                         const v1::RecordPaymentRequest& request, v1::SubsidyCase* answer) {
  ASSIGN_OR_RETURN(Case row,
                   cases::Lock<SubsidyCase>(step, Action::kConfirmPaid, id, request.etag()));
  const auto gather = [&](const Case&, domain::Facts& facts) {
    return GatherAnswer(request, facts);
  };
  ASSIGN_OR_RETURN(const domain::Decision decision,
                   cases::Decide<SubsidyCase>(step, Action::kConfirmPaid, row, gather));
  cases::Note note{.reason = request.reason()};
  RETURN_IF_ERROR(KeepReceipt(step, ReceiptOf(step, request, "PAID", row), note));
  events::v1::SubsidyPaid& told = *note.events.emplace_back().mutable_subsidy_paid();
  told.set_alliance_id(row.alliance_id);
  told.set_year(row.year);
  told.set_amount_fen(row.amount_fen);
  told.set_bank_reference(request.bank_reference());
  RETURN_IF_ERROR(cases::Move<SubsidyCase>(step, decision, row, std::move(note)).status());
  FillCase(row, step.caller(), answer);
  return absl::OkStatus();
}

absl::Status ConfirmFailed(act::Step& step, const std::string& id,
                           const v1::RecordPaymentRequest& request, v1::SubsidyCase* answer) {
  ASSIGN_OR_RETURN(Case row,
                   cases::Lock<SubsidyCase>(step, Action::kConfirmFailed, id, request.etag()));
  const auto gather = [&](const Case&, domain::Facts& facts) {
    return GatherAnswer(request, facts);
  };
  ASSIGN_OR_RETURN(const domain::Decision decision,
                   cases::Decide<SubsidyCase>(step, Action::kConfirmFailed, row, gather));
  cases::Note note{.reason = request.reason()};
  RETURN_IF_ERROR(KeepReceipt(step, ReceiptOf(step, request, "FAILED", row), note));
  RETURN_IF_ERROR(cases::Move<SubsidyCase>(step, decision, row, std::move(note)).status());
  FillCase(row, step.caller(), answer);
  return absl::OkStatus();
}

}  // namespace

absl::Status SubsidyService::RecordPayment(const rpc::Call& call,
                                           const v1::RecordPaymentRequest& request,
                                           v1::SubsidyCase* answer) {
  act::Shape shape;
  const std::string id = shape.YearlyName("name", kCases, request.name());
  shape.Etag(request.etag());
  if (!request.bank_reference().empty()) CheckBankReference(shape, request.bank_reference());
  if (request.has_receipt()) shape.Document("receipt", request.receipt());
  if (request.paid()) {
    shape.OptionalText("reason", request.reason(), kLongText);
  } else {
    shape.Text("reason", request.reason(), kLongText);
  }
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    if (request.paid()) return ConfirmPaid(step, id, request, answer);
    return ConfirmFailed(step, id, request, answer);
  });
}

}  // namespace alliance::subsidy
