#include "services/subsidy/bank_receipt.h"

#include "common/domain/errors.h"

namespace alliance::subsidy {

absl::Status KeepReceipt(act::Step& step, const BankReceipt& receipt, cases::Note& note) {
  if (!InsertBankReceipt(step.txn(), receipt)) {
    return domain::Refuse(domain::Reason::kAlreadyExists, {{"name", receipt.id}});
  }
  note.paper_digest = receipt.receipt_sha256;
  note.sealed.push_back(SealOf(receipt));
  return absl::OkStatus();
}

}  // namespace alliance::subsidy
