// RecordPayment, ClaimBack and RecordRecovery: what the bank answered, and money that must come
// back.

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/errors.h"
#include "services/subsidy/case.h"
#include "services/subsidy/compute.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {
namespace {

using domain::Action;
using domain::Reason;
using domain::Refuse;

// A reference proves one answer of the bank and no other.
absl::Status StoreReceipt(act::Step& step, const BankReceipt& receipt, Note& note) {
  if (!AddBankReceipt(step.txn(), receipt)) {
    return Refuse(Reason::kAlreadyExists, {{"name", receipt.id}});
  }
  note.paper_digest = receipt.receipt_sha256;
  note.sealed.push_back(SealOf(receipt));
  return absl::OkStatus();
}

void CheckReference(act::Shape& shape, std::string_view reference) {
  if (!reference.empty()) CheckCode(shape, "bank_reference", reference, 4, 64);
}

}  // namespace

absl::Status SubsidyService::RecordPayment(const rpc::Call& call,
                                           const v1::RecordPaymentRequest& request,
                                           v1::SubsidyCase* answer) {
  act::Shape shape;
  const std::string id = shape.YearlyName("name", kCases, request.name());
  shape.Etag(request.etag());
  CheckReference(shape, request.bank_reference());
  if (request.has_receipt()) shape.Document("receipt", request.receipt());
  if (request.paid()) {
    shape.OptionalText("reason", request.reason(), kLongText);
  } else {
    shape.Text("reason", request.reason(), kLongText);
  }
  RETURN_IF_ERROR(shape.Done());
  const Action action = request.paid() ? Action::kConfirmPaid : Action::kConfirmFailed;

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Case row, TakeFor(step, call, action, id, request.etag()));
    domain::Facts facts{
        .now = step.now(), .reason = request.reason(), .bank_reference = request.bank_reference()};
    if (request.has_receipt()) facts.papers_given.Add(domain::Paper::kBankReceipt);
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     domain::Decide(ViewOf(row), action, call.caller, facts));
    Note note{.reason = request.reason()};
    RETURN_IF_ERROR(StoreReceipt(step,
                                 {.id = request.bank_reference(),
                                  .case_id = row.id,
                                  .kind = request.paid() ? "PAID" : "FAILED",
                                  .amount_fen = row.amount_fen,
                                  .receipt_sha256 = request.receipt().sha256(),
                                  .receive = step.now()},
                                 note));
    RETURN_IF_ERROR(Move(step, decision, row, std::move(note)));
    if (request.paid()) {
      events::v1::Event event;
      events::v1::SubsidyPaid& paid = *event.mutable_subsidy_paid();
      paid.set_alliance_id(row.alliance_id);
      paid.set_year(row.year);
      paid.set_amount_fen(row.amount_fen);
      paid.set_bank_reference(request.bank_reference());
      step.Emit("filing", row.id, 0, std::move(event));
    }
    ShowCase(row, call.caller, answer);
    return absl::OkStatus();
  });
}

// The corrected figure is put through the run's own pack and method; what was paid above that is
// claimed. The old run stays as it was.
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
    ASSIGN_OR_RETURN(Case row, TakeFor(step, call, Action::kClaimBack, id, request.etag()));
    domain::Facts facts{.now = step.now(), .reason = request.reason()};
    if (request.has_decision()) facts.papers_given.Add(domain::Paper::kDecision);
    int64_t due_fen = row.amount_fen;
    const std::optional<Run> run = row.run_id ? ReadRun(step.txn(), *row.run_id) : std::nullopt;
    if (run) {
      ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, run->rules_digest));
      ASSIGN_OR_RETURN(const int64_t corrected_fen,
                       Recompute(row, *pack, request.corrected_rd_fen()));
      due_fen = std::min(row.amount_fen, corrected_fen);
      facts.corrected_run_shows_less = due_fen < row.amount_fen;
    }
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     domain::Decide(ViewOf(row), Action::kClaimBack, call.caller, facts));
    row.claim_fen = row.amount_fen - due_fen;
    RETURN_IF_ERROR(Move(step, decision, row,
                         {.reason = base::StrCat(request.reason(), " [corrected_rd_fen=",
                                                 request.corrected_rd_fen(), "]"),
                          .paper_digest = request.decision().sha256()}));
    ShowCase(row, call.caller, answer);
    return absl::OkStatus();
  });
}

absl::Status SubsidyService::RecordRecovery(const rpc::Call& call,
                                            const v1::RecordRecoveryRequest& request,
                                            v1::SubsidyCase* answer) {
  act::Shape shape;
  const std::string id = shape.YearlyName("name", kCases, request.name());
  shape.Etag(request.etag());
  CheckCode(shape, "bank_reference", request.bank_reference(), 4, 64);
  if (request.has_receipt()) shape.Document("receipt", request.receipt());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Case row, TakeFor(step, call, Action::kConfirmRecovered, id, request.etag()));
    domain::Facts facts{.now = step.now(), .bank_reference = request.bank_reference()};
    if (request.has_receipt()) facts.papers_given.Add(domain::Paper::kBankReceipt);
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     domain::Decide(ViewOf(row), Action::kConfirmRecovered, call.caller, facts));
    Note note;
    RETURN_IF_ERROR(StoreReceipt(step,
                                 {.id = request.bank_reference(),
                                  .case_id = row.id,
                                  .kind = "RECOVERED",
                                  .amount_fen = row.claim_fen,
                                  .receipt_sha256 = request.receipt().sha256(),
                                  .receive = step.now()},
                                 note));
    RETURN_IF_ERROR(Move(step, decision, row, std::move(note)));
    ShowCase(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::subsidy
