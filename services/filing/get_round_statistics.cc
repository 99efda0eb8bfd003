// GetRoundStatistics: how a round stands, extensions included, in the caller's scope.

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/filing/convert.h"
#include "services/filing/extension_store.h"
#include "services/filing/filing_service.h"
#include "services/filing/rounds.h"

namespace alliance::filing {

using domain::Reason;
using domain::Refuse;

absl::Status FilingService::GetRoundStatistics(const rpc::Call& call,
                                               const v1::GetRoundStatisticsRequest& request,
                                               v1::RoundStatistics* answer) {
  const std::optional<Scope> scope = ScopeOf(call.caller);
  if (!scope || !scope->lead_code.empty()) return Refuse(Reason::kNotPermitted);
  act::Shape shape;
  const std::string id = shape.Slug("round", kRounds, request.round());
  RETURN_IF_ERROR(shape.Done());
  RETURN_IF_ERROR(PackOf(deps_, id).status());
  return deps_.pool.Read(call.deadline, [&](db::Txn& txn) {
    answer->Clear();
    answer->set_round(request.round());
    for (const auto& [word, count] : CountStates(txn, id, scope->region)) {
      v1::Application::State state = v1::Application::STATE_UNSPECIFIED;
      v1::Application::State_Parse(word, &state);
      v1::StateCount* row = answer->add_states();
      row->set_state(state);
      row->set_count(count);
    }
    const ExtensionCount extensions = CountExtensions(txn, id, scope->region);
    answer->set_proposed_extension_count(extensions.proposed);
    answer->set_case_extension_count(extensions.of_cases);
    answer->set_region_extension_count(extensions.of_regions);
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
