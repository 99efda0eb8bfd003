// CreateApplication: one draft per lead and round, for good. A withdrawn or lapsed application
// keeps its place: the workflow has one lifecycle per lead and round, and an end is an end.

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "services/filing/applicant_view.h"
#include "services/filing/case_times.h"
#include "services/filing/convert.h"
#include "services/filing/draft.h"
#include "services/filing/filing_service.h"
#include "services/filing/renewal.h"
#include "services/filing/renewal_store.h"
#include "services/filing/rounds.h"

namespace alliance::filing {
namespace {

constexpr size_t kCreditCodeLength = 18;

}  // namespace

using domain::Action;
using domain::Reason;
using domain::Refuse;

absl::Status FilingService::CreateApplication(const rpc::Call& call,
                                              const v1::CreateApplicationRequest& request,
                                              v1::Application* answer) {
  act::Shape shape;
  const std::string round_id = shape.Slug("round", kRounds, request.round());
  const std::string renewed = request.renew_from().empty()
                                  ? ""
                                  : shape.Name("renew_from", kAlliances, request.renew_from());
  RETURN_IF_ERROR(shape.Done());
  const std::string lead_code = LeadCodeOf(call.caller);
  if (call.caller.role != domain::Role::kApplicant || lead_code.empty() ||
      lead_code.size() > kCreditCodeLength) {
    return Refuse(Reason::kNotPermitted);
  }
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, round_id));
  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    const std::string& region = request.application().recommender_region();
    Application row{.id = base::NewUuid7(),
                    .round_id = round_id,
                    .lead_code = lead_code,
                    .region = region,
                    .create = step.now(),
                    .update = step.now()};
    // Opening a draft is its first save: the same people, the same window.
    const domain::CaseTimes times = TimesOf(step.txn(), *pack, row);
    domain::Facts facts{.now = step.now()};
    GatherTimes(times, &facts);
    RETURN_IF_ERROR(domain::Decide(row.View(), Action::kSave, call.caller, facts).status());
    row.due = times.filing().closes;
    v1::ApplicationForm form = request.application().form();
    if (!renewed.empty()) {
      RETURN_IF_ERROR(Prefill(deps_, step, renewed, *pack, lead_code, &form));
    }
    Complete(call.caller, &form);
    RETURN_IF_ERROR(CheckStorable(form, region, call.caller, *pack));
    const rules::Recommender* recommender = pack->FindRecommender(region);
    if (recommender != nullptr) row.city = recommender->city;
    CopyNames(form, call.caller, &row);

    auto sealed = InsertApplication(step.txn(), row, {.form = form.SerializeAsString()});
    if (!sealed) return Refuse(Reason::kAlreadyApplied);
    if (!renewed.empty()) {
      sealed->push_back(InsertRenewal(step.txn(), row.id, renewed, step.now()));
      answer->set_renews(request.renew_from());
    }
    step.Record({.case_id = row.id,
                 .action = std::string(domain::WordOf(Action::kSave)),
                 .to_state = std::string(domain::WordOf(row.state)),
                 .rules_digest = pack->digest(),
                 .sealed = *std::move(sealed)});
    FillApplication(row, call.caller, answer);
    FillForm(row, form, {}, call.caller, answer);
    FillNextStep(row, *pack, times, step.now(), answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
