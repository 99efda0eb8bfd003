#include "services/subsidy/apply_events.h"

#include "common/act/published_packs.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/domain/errors.h"
#include "common/rules/packs.h"
#include "services/subsidy/case.h"
#include "services/subsidy/subsidy_store.h"

namespace alliance::subsidy {
namespace {

using domain::Action;
using domain::Reason;
using domain::Refuse;
using domain::State;

absl::Status Malformed(std::string_view field) {
  return Refuse(Reason::kInvalidRequest, {},
                {{.field = std::string(field),
                  .reason = "EVENT",
                  .zh = "事件内容有误",
                  .en = "is not as events.proto says"}});
}

absl::Status ApplyRegistered(const act::Deps& deps, act::Step& step,
                             const events::v1::AllianceRegistered& event) {
  const rules::Recommender* recommender = deps.packs.Latest()->FindRecommender(event.region());
  const Alliance alliance{.id = event.alliance_id(),
                          .registry_number = event.registry_number(),
                          .lead_name = event.lead_name(),
                          .lead_code = event.lead_credit_code(),
                          .region = event.region(),
                          .city = recommender == nullptr ? "" : recommender->city,
                          .first_receive = absl::FromUnixMicros(event.first_receive_time_us())};
  if (!AddAlliance(step.txn(), alliance)) return absl::OkStatus();  // told before
  step.Record({.case_id = alliance.id,
               .action = std::string(domain::WordOf(Action::kRegister)),
               .to_state = std::string(domain::WordOf(State::kRegistered)),
               .sealed = {SealOf(alliance)}});
  return absl::OkStatus();
}

// 取消备案 and 建设期满 mark the alliance; money under way is for finance and the approver to
// decide.
absl::Status ApplyEnd(act::Step& step, const std::string& alliance_id, Action action, State state,
                      const std::string& reason) {
  std::optional<Alliance> alliance = TakeAlliance(step.txn(), alliance_id);
  if (!alliance) return Refuse(Reason::kOutOfOrder);
  const State from = alliance->state;
  alliance->state = state;
  if (!SaveAlliance(step.txn(), *alliance)) return Refuse(Reason::kEtagStale);
  step.Record({.case_id = alliance->id,
               .action = std::string(domain::WordOf(action)),
               .from_state = std::string(domain::WordOf(from)),
               .to_state = std::string(domain::WordOf(state)),
               .reason = reason,
               .sealed = {SealOf(*alliance)}});
  return absl::OkStatus();
}

// The year is handed over with its grade: EVALUATED.
absl::Status ApplyPublished(act::Step& step, const events::v1::Event& event) {
  const events::v1::EvaluationPublished& published = event.evaluation_published();
  const std::string id = base::StrCat(published.alliance_id(), "-", published.year());
  if (id != event.case_id()) return Malformed("case_id");
  const size_t digest_size = published.evidence_sha256().size();
  if (published.verified_rd_fen() < 0 || published.total_hundredths() < 0 ||
      published.total_hundredths() > 10'000 ||
      (digest_size != 0 && digest_size != crypto::kSha256Bytes)) {
    return Malformed("evaluation_published");
  }
  const std::optional<Alliance> alliance = TakeAlliance(step.txn(), published.alliance_id());
  if (!alliance) return Refuse(Reason::kOutOfOrder);      // its registration is still on the way
  if (TakeCase(step.txn(), id)) return absl::OkStatus();  // evaluation hands a year over once
  Case row{.id = id,
           .alliance_id = alliance->id,
           .year = published.year(),
           .region = alliance->region,
           .city = alliance->city,
           .lead_code = alliance->lead_code,
           .lead_name = alliance->lead_name,
           .registry_number = alliance->registry_number,
           .first_receive = alliance->first_receive,
           .handoff_seq = event.handoff_sequence(),
           .grade = published.grade(),
           .total_hundredths = published.total_hundredths(),
           .verified_rd_fen = published.verified_rd_fen()};
  if (digest_size != 0) row.evidence_sha256 = published.evidence_sha256();
  AddCase(step.txn(), row);
  step.Record({.case_id = id,
               .action = std::string(domain::WordOf(Action::kPublish)),
               .from_state = std::string(domain::WordOf(State::kPreliminary)),
               .to_state = std::string(domain::WordOf(State::kEvaluated)),
               .sealed = {SealOf(row)}});
  return absl::OkStatus();
}

absl::Status Apply(const act::Deps& deps, act::Step& step, const events::v1::Event& event) {
  using Body = events::v1::Event::BodyCase;
  const bool from_filing = event.source() == "filing";
  switch (event.body_case()) {
    case Body::kRoundPublished:
      if (!from_filing) break;
      return act::ApplyRoundPublished(deps, step, event);
    case Body::kAllianceRegistered:
      if (!from_filing) break;
      return ApplyRegistered(deps, step, event.alliance_registered());
    case Body::kAllianceDeregistered:
      if (!from_filing) break;
      return ApplyEnd(step, event.alliance_deregistered().alliance_id(), Action::kDeregister,
                      State::kDeregistered, event.alliance_deregistered().reason());
    case Body::kAllianceCompleted:
      if (!from_filing) break;
      return ApplyEnd(step, event.alliance_completed().alliance_id(), Action::kComplete,
                      State::kCompleted, "");
    case Body::kEvaluationPublished:
      if (event.source() != "evaluation") break;
      return ApplyPublished(step, event);
    default:
      return Malformed("body");
  }
  return Refuse(Reason::kNotPermitted);
}

}  // namespace

act::Apply ApplyEvents(const act::Deps& deps) {
  return
      [&deps](act::Step& step, const events::v1::Event& event) { return Apply(deps, step, event); };
}

}  // namespace alliance::subsidy
