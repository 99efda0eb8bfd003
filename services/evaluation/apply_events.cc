#include "services/evaluation/apply_events.h"

#include <set>
#include <utility>

#include "common/act/published_packs.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "common/domain/credit_code.h"
#include "common/domain/errors.h"
#include "common/rules/packs.h"
#include "services/evaluation/alliance_copy.h"
#include "services/evaluation/evaluation_case.h"

namespace alliance::evaluation {
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

// The members that are not known yet; who was one once may not evaluate the alliance later either.
std::vector<audit::SealedRow> InsertMembersOf(act::Step& step, const Alliance& alliance,
                                              const events::v1::AllianceRegistered& registered,
                                              const std::vector<std::string>& known) {
  std::set<std::string> codes = {alliance.lead_code};
  for (const std::string& code : registered.member_credit_codes()) {
    codes.insert(domain::NormaliseCode(code));
  }
  for (const std::string& code : known) codes.erase(code);
  std::vector<Member> members;
  std::vector<audit::SealedRow> sealed;
  for (const std::string& code : codes) {
    members.push_back({.id = base::StrCat(alliance.id, "/", code),
                       .alliance_id = alliance.id,
                       .credit_code = code});
    sealed.push_back(SealOf(members.back()));
  }
  InsertMembers(step.txn(), members);
  return sealed;
}

absl::Status ApplyRegistered(act::Step& step, const events::v1::Event& event) {
  const events::v1::AllianceRegistered& registered = event.alliance_registered();
  if (!base::IsUuid(registered.alliance_id())) return Malformed("alliance_id");
  const std::optional<Alliance> known = AllianceCopy::Lock(step, registered.alliance_id());
  ASSIGN_OR_RETURN(const bool next,
                   cases::IsNext<AllianceCopy>(step, event, known ? &*known : nullptr));
  if (!next) return absl::OkStatus();  // registered, and told before

  const rules::Recommender* recommender =
      step.deps().packs.Latest()->FindRecommender(registered.region());
  Alliance alliance = known.value_or(Alliance{.id = registered.alliance_id()});
  alliance.registry_number = registered.registry_number();
  alliance.name = registered.alliance_name();
  alliance.lead_name = registered.lead_name();
  alliance.lead_code = domain::NormaliseCode(registered.lead_credit_code());
  alliance.region = registered.region();
  alliance.city = recommender == nullptr ? "" : recommender->city;
  alliance.year = registered.year();
  if (!known) {
    return cases::LandNew<AllianceCopy>(
        step, event, alliance, {.sealed = InsertMembersOf(step, alliance, registered, {})});
  }
  return cases::Land<AllianceCopy>(
      step, event, alliance,
      {.sealed =
           InsertMembersOf(step, alliance, registered, ListMembers(step.txn(), alliance.id))});
}

// 取消备案 and 建设期满 mark the alliance; its evaluations under way are for the province to
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

// A year that filing hands over: in time with the report, or without it.
struct HandedYear {
  const events::v1::Event& event;
  std::string alliance_id;
  int year;
  const events::v1::AnnualReportSubmitted* submitted;  // nullptr: missed
};

// The report into the row and a row of its own, whose seal it gives.
std::vector<audit::SealedRow> SetReport(act::Step& step, const HandedYear& handed,
                                        Evaluation& evaluation) {
  evaluation.report_missed = handed.submitted == nullptr;
  evaluation.report_id = std::nullopt;
  evaluation.verified_rd_fen = 0;
  evaluation.evidence_sha256 = std::nullopt;
  if (handed.submitted == nullptr) return {};
  const events::v1::AnnualReportSubmitted& submitted = *handed.submitted;
  std::string bytes = submitted.report().SerializeAsString();
  const std::string digest = crypto::Sha256(bytes);
  const Report report = {.id = base::StrCat(evaluation.id, "/", handed.event.handoff_sequence()),
                         .evaluation_id = evaluation.id,
                         .report = std::move(bytes),
                         .report_sha256 = digest,
                         .verified_rd_fen = submitted.verified_rd_fen(),
                         .receive = step.now()};
  InsertReport(step.txn(), report);
  evaluation.report_id = report.id;
  evaluation.verified_rd_fen = submitted.verified_rd_fen();
  evaluation.evidence_sha256 = submitted.report().rd_evidence().sha256();
  return {SealOf(report)};
}

absl::Status ApplyYear(act::Step& step, const HandedYear& handed) {
  const std::string id = base::StrCat(handed.alliance_id, "-", handed.year);
  if (id != handed.event.case_id()) return Malformed("case_id");
  if (handed.submitted != nullptr &&
      (handed.submitted->verified_rd_fen() < 0 ||
       handed.submitted->report().rd_evidence().sha256().size() != crypto::kSha256Bytes)) {
    return Malformed("annual_report_submitted");
  }
  // The alliance's row is locked first, so two hand-overs of a new year cannot both create it.
  const std::optional<Alliance> alliance = AllianceCopy::Lock(step, handed.alliance_id);
  if (!alliance) return Refuse(Reason::kOutOfOrder);
  std::optional<Evaluation> known = EvaluationCase::Lock(step, id);
  ASSIGN_OR_RETURN(const bool next,
                   cases::IsNext<EvaluationCase>(step, handed.event, known ? &*known : nullptr));
  if (!next) return absl::OkStatus();

  if (known) {
    std::vector<audit::SealedRow> sealed = SetReport(step, handed, *known);
    return cases::Land<EvaluationCase>(step, handed.event, *known, {.sealed = std::move(sealed)});
  }
  Evaluation evaluation = {.id = id,
                           .alliance_id = alliance->id,
                           .year = handed.year,
                           .region = alliance->region,
                           .city = alliance->city,
                           .lead_code = alliance->lead_code,
                           .alliance_name = alliance->name};
  std::vector<audit::SealedRow> sealed = SetReport(step, handed, evaluation);
  return cases::LandNew<EvaluationCase>(step, handed.event, evaluation,
                                        {.sealed = std::move(sealed)});
}

absl::Status Apply(const act::Deps& deps, act::Step& step, const events::v1::Event& event) {
  using Body = events::v1::Event::BodyCase;
  if (event.source() != "filing") return Refuse(Reason::kNotPermitted);
  switch (event.body_case()) {
    case Body::kRoundPublished:
      return act::ApplyRoundPublished(deps, step, event);
    case Body::kAllianceRegistered:
      return ApplyRegistered(step, event);
    case Body::kAllianceDeregistered:
      return ApplyEnd(step, event, event.alliance_deregistered().alliance_id(),
                      event.alliance_deregistered().reason());
    case Body::kAllianceCompleted:
      return ApplyEnd(step, event, event.alliance_completed().alliance_id(), "");
    case Body::kAnnualReportSubmitted: {
      const auto& submitted = event.annual_report_submitted();
      return ApplyYear(step, {.event = event,
                              .alliance_id = submitted.alliance_id(),
                              .year = submitted.year(),
                              .submitted = &submitted});
    }
    case Body::kAnnualReportMissed:
      return ApplyYear(step, {.event = event,
                              .alliance_id = event.annual_report_missed().alliance_id(),
                              .year = event.annual_report_missed().year(),
                              .submitted = nullptr});
    default:
      return Malformed("body");
  }
}

}  // namespace

act::Apply ApplyEvents(const act::Deps& deps) {
  return
      [&deps](act::Step& step, const events::v1::Event& event) { return Apply(deps, step, event); };
}

}  // namespace alliance::evaluation
