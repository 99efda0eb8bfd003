// ListRounds: open to everybody, the one that opens last first.

#include <algorithm>
#include <vector>

#include "common/act/page.h"
#include "common/base/status_macros.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"
#include "services/filing/rounds.h"

namespace alliance::filing {

absl::Status FilingService::ListRounds(const rpc::Call& call, const v1::ListRoundsRequest& request,
                                       v1::ListRoundsResponse* answer) {
  ASSIGN_OR_RETURN(const act::Page page,
                   act::ReadPage(call, "", request.page_size(), request.page_token()));
  const std::vector<const rules::Pack*>& packs = deps_.packs.all();
  auto at = packs.rbegin();
  if (!page.after.empty()) {
    at = std::find_if(packs.rbegin(), packs.rend(), [&](const rules::Pack* pack) {
      return pack->proto().round().id() == page.after;
    });
    if (at != packs.rend()) ++at;
  }
  return deps_.pool.Read(call.deadline, [&](db::Txn& txn) {
    answer->Clear();
    auto shown = at;
    for (; shown != packs.rend() && answer->rounds_size() < page.limit; ++shown) {
      ShowRound(txn, **shown, portal_address_, answer->add_rounds());
    }
    if (shown != packs.rend()) {
      answer->set_next_page_token(
          act::PageToken(call, "", (*std::prev(shown))->proto().round().id()));
    }
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
