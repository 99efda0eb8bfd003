// What a payment list is signed by.

#ifndef ALLIANCE_SERVICES_SUBSIDY_PAYMENT_LIST_H_
#define ALLIANCE_SERVICES_SUBSIDY_PAYMENT_LIST_H_

#include <string>
#include <vector>

#include "services/subsidy/payment_store.h"

namespace alliance::subsidy {

// What the second person signs: case, account, holder and amount of every line.
std::string DigestOf(const std::vector<PaymentLine>& lines);

}  // namespace alliance::subsidy

#endif  // ALLIANCE_SERVICES_SUBSIDY_PAYMENT_LIST_H_
