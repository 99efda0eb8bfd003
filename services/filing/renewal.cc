#include "services/filing/renewal.h"

#include <optional>
#include <string>
#include <utility>

#include "alliance/events/v1/events.pb.h"
#include "common/base/status_macros.h"
#include "common/domain/errors.h"
#include "common/rules/packs.h"
#include "services/filing/clock.h"
#include "services/filing/convert.h"
#include "services/filing/form_edit.h"
#include "services/filing/registry_store.h"
#include "services/filing/version_store.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Refuse;

template <typename Years>
void Shift(int years, Years* figures) {
  const std::optional<decltype(figures->y1())> last =
      years == 1 && figures->has_y1() ? std::optional(figures->y1()) : std::nullopt;
  figures->Clear();
  if (last) figures->set_y2(*last);
}

absl::Status Refused(const RegisteredAlliance& alliance, domain::State state) {
  return Refuse(Reason::kRenewalRefused,
                {{"registry_number", alliance.row.registry_number},
                 {"state", domain::ApplicantLabel(state, domain::Locale::kEn)},
                 {"state_zh", domain::ApplicantLabel(state, domain::Locale::kZh)}});
}

}  // namespace

void ShiftYears(int years, v1::ApplicationForm* form) {
  v1::LeadEnterprise* lead = form->mutable_lead();
  Shift(years, lead->mutable_staff());
  Shift(years, lead->mutable_tech_staff());
  Shift(years, lead->mutable_rd_spend_fen());
  Shift(years, lead->mutable_cooperation_spend_fen());
  Shift(years, lead->mutable_sales_fen());
  Shift(years, lead->mutable_hightech_income_fen());
  Shift(years, lead->mutable_profit_fen());
  Shift(years, lead->mutable_ip_class1());
  Shift(years, lead->mutable_ip_class2());
  lead->clear_evidenced_rd_fen();
  lead->clear_rd_evidence_kind();
  Shift(years, form->mutable_alliance()->mutable_sales_fen());
  Shift(years, form->mutable_alliance()->mutable_rd_spend_fen());
  form->clear_previous_registry_number();
}

absl::Status Prefill(const act::Deps& deps, act::Step& step, std::string_view alliance_id,
                     const rules::Pack& pack, std::string_view lead_code,
                     v1::ApplicationForm* form) {
  const auto alliance =
      FindAlliance(step.txn(), alliance_id, Scope{.lead_code = std::string(lead_code)});
  if (!alliance) return Refuse(Reason::kNotPermitted);
  // The clock may not have looked yet: over is over.
  const bool over = IsDue(alliance->due, step.now());
  const domain::State state = over ? domain::State::kCompleted : alliance->state;
  if (state != domain::State::kRegistered) return Refused(*alliance, state);
  const std::optional<std::string> content = FindLocked(step.txn(), alliance_id);
  events::v1::ApplicationVersion version;
  if (!content || !version.ParseFromString(*content)) {
    return absl::InternalError("the last locked version of an alliance cannot be read");
  }
  const rules::Pack* earlier = deps.packs.Find(version.round());
  if (earlier == nullptr || earlier->form_year() >= pack.form_year()) {
    return Refused(*alliance, state);
  }
  ShiftYears(pack.form_year() - earlier->form_year(), version.mutable_form());
  v1::UpdateApplicationRequest own;
  *own.mutable_application()->mutable_form() = *form;
  ASSIGN_OR_RETURN(const Edit edit, ReadEdit(own));
  Merge(edit, *form, version.mutable_form());
  *form = std::move(*version.mutable_form());
  return absl::OkStatus();
}

}  // namespace alliance::filing
