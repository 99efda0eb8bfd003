#include "services/subsidy/payment_list.h"

#include "common/crypto/digest.h"

namespace alliance::subsidy {

std::string DigestOf(const std::vector<PaymentLine>& lines) {
  crypto::Sha256Hasher hasher;
  hasher.AddField("alliance payment list 1");
  for (const PaymentLine& line : lines) {
    hasher.AddField(line.case_id);
    hasher.AddField(line.bank_account);
    hasher.AddField(line.account_holder);
    hasher.AddNumber(line.amount_fen);
  }
  return hasher.Finish();
}

}  // namespace alliance::subsidy
