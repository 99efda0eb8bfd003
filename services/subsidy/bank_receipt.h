// What a bank answered, as the proof of an act.

#ifndef ALLIANCE_SERVICES_SUBSIDY_BANK_RECEIPT_H_
#define ALLIANCE_SERVICES_SUBSIDY_BANK_RECEIPT_H_

#include "absl/status/status.h"
#include "common/case/case.h"
#include "services/subsidy/payment_store.h"

namespace alliance::subsidy {

// Keeps the receipt and names it in the note. ALREADY_EXISTS: a reference proves one answer of the
// bank and no other.
absl::Status KeepReceipt(act::Step& step, const BankReceipt& receipt, cases::Note& note);

}  // namespace alliance::subsidy

#endif  // ALLIANCE_SERVICES_SUBSIDY_BANK_RECEIPT_H_
