#include "services/filing/rounds.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "common/act/published_packs.h"
#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/calendar.h"
#include "services/filing/convert.h"
#include "services/filing/filing_store.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Refuse;

constexpr absl::Duration kStartTimeout = absl::Seconds(20);

// The same local time `years` later; 29 February becomes 28 February.
absl::Time YearsLater(absl::Time at, int years) {
  const absl::CivilSecond then = absl::ToCivilSecond(at, domain::Shanghai());
  absl::CivilSecond later(then.year() + years, then.month(), then.day(), then.hour(), then.minute(),
                          then.second());
  if (later.month() != then.month()) later -= 24 * 60 * 60;
  return absl::FromCivil(later, domain::Shanghai());
}

absl::Status RecordRound(act::Step& step, const rules::Pack& pack) {
  if (act::FindPublished(step.txn(), pack.digest_hex())) return absl::OkStatus();
  const auto published = act::LastPublished(step.txn(), pack.proto().round().id());
  const RoundPack round{.id = pack.proto().round().id(), .rules_digest = pack.digest()};
  const auto recorded = FindRoundPack(step.txn(), round.id);
  if (recorded && recorded->rules_digest == round.rules_digest) return absl::OkStatus();
  if (recorded || published) return Refuse(Reason::kRoundFrozen, {{"round", round.id}});
  if (auto sealed = InsertRoundPack(step.txn(), round, step.now())) {
    step.Record({.case_id = pack.round_name(),
                 .action = "open_round",
                 .rules_digest = pack.digest(),
                 .sealed = {*std::move(sealed)}});
    return absl::OkStatus();
  }
  step.txn().RetryWhole("another replica records the round");
}

}  // namespace

absl::Status RecordRounds(const act::Deps& deps) {
  const rpc::Call call{.caller = domain::ClockCaller(),
                       .method = "record_rounds",
                       .deadline = absl::Now() + kStartTimeout,
                       .trace = rpc::Trace::Continue("")};
  return act::Sweep(deps, call, [&](act::Step& step) -> absl::Status {
    for (const rules::Pack* pack : deps.packs.all()) RETURN_IF_ERROR(RecordRound(step, *pack));
    return absl::OkStatus();
  });
}

void ShowRound(db::Txn& txn, const rules::Pack& pack, std::string_view portal_address,
               v1::Round* out) {
  FillRound(pack, out);
  out->set_portal_address(std::string(portal_address));
  if (const auto published = act::FindPublished(txn, pack.digest_hex())) {
    out->set_supersedes(published->supersedes);
    act::SetTime(published->publish, out->mutable_publish_time());
  }
}

absl::StatusOr<const rules::Pack*> PackOf(const act::Deps& deps, std::string_view round_id) {
  const rules::Pack* pack = deps.packs.Find(base::StrCat(kRounds, round_id));
  if (pack == nullptr) return Refuse(Reason::kRoundUnknown, {{"round", round_id}});
  return pack;
}

domain::CivilDay LastConstructionDay(const rules::Pack& pack, domain::CivilDay day) {
  const int years = pack.proto().registration().construction_years();
  const domain::CivilDay last(day.year() + years, day.month(), day.day());
  return last.month() == day.month() ? last : last - 1;
}

absl::StatusOr<YearRow> NewYear(const act::Deps& deps, const AllianceRow& alliance, int year,
                                absl::Time now) {
  const rules::Pack* pack = deps.packs.ForYear(year);
  int shift = 0;
  if (pack == nullptr) {
    ASSIGN_OR_RETURN(pack, PackOf(deps, alliance.round_id));
    shift = year - (pack->form_year() + 1);
  }
  YearRow row{
      .id = YearId(alliance.id, year),
      .alliance_id = alliance.id,
      .year = year,
      .lead_code = alliance.lead_code,
      .region = alliance.region,
      .city = alliance.city,
      .report_opens = std::max(YearsLater(pack->report_opens(), shift), alliance.registered),
      .report_until = YearsLater(pack->report_deadline(), shift),
      .update = now};
  row.due = row.report_until;
  return row;
}

}  // namespace alliance::filing
