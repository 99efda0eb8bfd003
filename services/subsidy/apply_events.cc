#include "services/subsidy/apply_events.h"

#include "common/act/published_packs.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/domain/credit_code.h"
#include "common/domain/errors.h"
#include "common/rules/packs.h"
#include "services/subsidy/subsidy_case.h"

namespace alliance::subsidy {
namespace {

using domain::Reason;
using domain::Refuse;

absl::Status Malformed(std::string_view field) {
  return Refuse(Reason::kInvalidRequest, {},
                {{.field = std::string(field),
                  .reason = "EVENT",
                  .zh = "事件内容有误",
                  .en = "is not as events.proto says"}});
}

absl::Status ApplyRegistered(act::Step& step, const events::v1::Event& event) {
  const events::v1::AllianceRegistered& registered = event.alliance_registered();
  const std::optional<Alliance> known = AllianceCopy::Lock(step, registered.alliance_id());
  ASSIGN_OR_RETURN(const bool next,
                   cases::IsNext<AllianceCopy>(step, event, known ? &*known : nullptr));
  if (!next) return absl::OkStatus();  // registered, and told before

  const rules::Recommender* recommender =
      step.deps().packs.Latest()->FindRecommender(registered.region());
  Alliance alliance = known.value_or(Alliance{.id = registered.alliance_id()});
  alliance.registry_number = registered.registry_number();
  alliance.lead_name = registered.lead_name();
  alliance.lead_code = domain::NormaliseCode(registered.lead_credit_code());
  alliance.region = registered.region();
  alliance.city = recommender == nullptr ? "" : recommender->city;
  alliance.first_receive = absl::FromUnixMicros(registered.first_receive_time_us());
  if (!known) return cases::LandNew<AllianceCopy>(step, event, alliance, {});
  return cases::Land<AllianceCopy>(step, event, alliance, {});
}

// 取消备案 and 建设期满 mark the alliance; money under way is for finance and the approver to
// decide.
absl::Status ApplyEnd(act::Step& step, const events::v1::Event& event,
                      const std::string& alliance_id, const std::string& reason) {
  std::optional<Alliance> alliance = AllianceCopy::Lock(step, alliance_id);
  ASSIGN_OR_RETURN(const bool next,
                   cases::IsNext<AllianceCopy>(step, event, alliance ? &*alliance : nullptr));
  if (!next) return absl::OkStatus();
  if (!alliance) return Refuse(Reason::kOutOfOrder);
  return cases::Land<AllianceCopy>(step, event, *alliance, {.reason = reason});
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
  const std::optional<Alliance> alliance = AllianceCopy::Lock(step, published.alliance_id());
  const std::optional<Case> known = SubsidyCase::Lock(step, id);
  ASSIGN_OR_RETURN(const bool next,
                   cases::IsNext<SubsidyCase>(step, event, known ? &*known : nullptr));
  if (!next) return absl::OkStatus();
  if (!alliance) return Refuse(Reason::kOutOfOrder);  // its registration is still on the way
  Case row{.id = id,
           .alliance_id = alliance->id,
           .year = published.year(),
           .region = alliance->region,
           .city = alliance->city,
           .lead_code = alliance->lead_code,
           .lead_name = alliance->lead_name,
           .registry_number = alliance->registry_number,
           .first_receive = alliance->first_receive,
           .grade = published.grade(),
           .total_hundredths = published.total_hundredths(),
           .verified_rd_fen = published.verified_rd_fen()};
  if (digest_size != 0) row.evidence_sha256 = published.evidence_sha256();
  return cases::LandNew<SubsidyCase>(step, event, row, {});
}

absl::Status Apply(const act::Deps& deps, act::Step& step, const events::v1::Event& event) {
  using Body = events::v1::Event::BodyCase;
  switch (event.body_case()) {
    case Body::kRoundPublished:
      if (event.source() != "filing") return Refuse(Reason::kNotPermitted);
      return act::ApplyRoundPublished(deps, step, event);
    case Body::kAllianceRegistered:
      return ApplyRegistered(step, event);
    case Body::kAllianceDeregistered:
      return ApplyEnd(step, event, event.alliance_deregistered().alliance_id(),
                      event.alliance_deregistered().reason());
    case Body::kAllianceCompleted:
      return ApplyEnd(step, event, event.alliance_completed().alliance_id(), "");
    case Body::kEvaluationPublished:
      return ApplyPublished(step, event);
    default:
      return Malformed("body");
  }
}

}  // namespace

act::Apply ApplyEvents(const act::Deps& deps) {
  return
      [&deps](act::Step& step, const events::v1::Event& event) { return Apply(deps, step, event); };
}

}  // namespace alliance::subsidy
