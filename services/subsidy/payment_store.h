// PaymentStore: the SQL of payment lists and of what the bank answered. A list changes once, when
// it is released; its lines and the receipts never.

#ifndef ALLIANCE_SERVICES_SUBSIDY_PAYMENT_STORE_H_
#define ALLIANCE_SERVICES_SUBSIDY_PAYMENT_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/audit/history.h"
#include "common/db/txn.h"

namespace alliance::subsidy {

struct PaymentList {
  std::string id;
  std::string plan_id;
  bool released = false;
  int64_t version = 1;
  int64_t total_fen = 0;
  std::string digest;
  std::string preparer;
  absl::Time prepare;
  std::string released_by;
  std::optional<absl::Time> release;
};

struct PaymentLine {
  std::string id;  // list/case
  std::string list_id;
  std::string case_id;
  std::string bank_account;
  std::string account_holder;
  int64_t amount_fen = 0;
};

void InsertPaymentList(db::Txn& txn, const PaymentList& list,
                       const std::vector<PaymentLine>& lines);
// Locked until the end of the transaction.
std::optional<PaymentList> LockPaymentList(db::Txn& txn, std::string_view id);
// False: somebody else changed it.
bool SavePaymentList(db::Txn& txn, PaymentList& list);
// In the order of their cases.
std::vector<PaymentLine> ListPaymentLines(db::Txn& txn, std::string_view list_id);
audit::SealedRow SealOf(const PaymentList& list);
audit::SealedRow SealOf(const PaymentLine& line);

struct BankReceipt {
  std::string id;  // the bank's reference
  std::string case_id;
  std::string kind;  // PAID, FAILED or RECOVERED
  int64_t amount_fen = 0;
  std::string receipt_sha256;
  absl::Time receive;
};

// False: the reference was used before.
bool InsertBankReceipt(db::Txn& txn, const BankReceipt& receipt);
audit::SealedRow SealOf(const BankReceipt& receipt);

}  // namespace alliance::subsidy

#endif  // ALLIANCE_SERVICES_SUBSIDY_PAYMENT_STORE_H_
