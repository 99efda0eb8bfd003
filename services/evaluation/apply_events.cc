#include "services/evaluation/apply_events.h"

#include <set>

#include "common/act/published_packs.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "common/domain/credit_code.h"
#include "common/domain/errors.h"
#include "common/rules/packs.h"
#include "services/evaluation/case.h"
#include "services/evaluation/evaluation_store.h"

namespace alliance::evaluation {
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
  const Alliance alliance = {.id = event.alliance_id(),
                             .registry_number = event.registry_number(),
                             .name = event.alliance_name(),
                             .lead_name = event.lead_name(),
                             .lead_code = domain::NormaliseCode(event.lead_credit_code()),
                             .region = event.region(),
                             .city = recommender == nullptr ? "" : recommender->city,
                             .year = event.year(),
                             .state = State::kRegistered};
  if (!AddAlliance(step.txn(), alliance)) return absl::OkStatus();  // told before
  std::set<std::string> codes = {alliance.lead_code};
  for (const std::string& code : event.member_credit_codes()) {
    codes.insert(domain::NormaliseCode(code));
  }
  std::vector<Member> members;
  std::vector<audit::SealedRow> sealed = {SealOf(alliance)};
  for (const std::string& code : codes) {
    members.push_back({.id = base::StrCat(alliance.id, "/", code),
                       .alliance_id = alliance.id,
                       .credit_code = code});
    sealed.push_back(SealOf(members.back()));
  }
  AddMembers(step.txn(), members);
  step.Record({.case_id = alliance.id,
               .action = std::string(WordOf(Action::kRegister)),
               .from_state = "",
               .to_state = std::string(WordOf(State::kRegistered)),
               .reason = "",
               .sealed = std::move(sealed)});
  return absl::OkStatus();
}

// 取消备案 and 建设期满 mark the alliance; its evaluations under way are for the province to
// decide.
absl::Status ApplyEnd(act::Step& step, const std::string& alliance_id, Action action, State state,
                      const std::string& reason) {
  std::optional<Alliance> alliance = TakeAlliance(step.txn(), alliance_id);
  if (!alliance) return Refuse(Reason::kOutOfOrder);
  const State from = alliance->state;
  alliance->state = state;
  if (!SaveAlliance(step.txn(), *alliance)) return Refuse(Reason::kEtagStale);
  step.Record({.case_id = alliance->id,
               .action = std::string(WordOf(action)),
               .from_state = std::string(WordOf(from)),
               .to_state = std::string(WordOf(state)),
               .reason = reason,
               .sealed = {SealOf(*alliance)}});
  return absl::OkStatus();
}

// A year that filing hands over: in time with the report, or without it.
struct HandedYear {
  const events::v1::Event& event;
  std::string alliance_id;
  int year;
  const events::v1::AnnualReportSubmitted* submitted;  // nullptr: missed
};

void SetReport(act::Step& step, const HandedYear& handed, Evaluation& evaluation,
               std::vector<audit::SealedRow>& sealed) {
  evaluation.handoff_seq = handed.event.handoff_sequence();
  evaluation.report_missed = handed.submitted == nullptr;
  evaluation.state = evaluation.report_missed ? State::kReportMissed : State::kReported;
  evaluation.report_id = std::nullopt;
  evaluation.verified_rd_fen = 0;
  evaluation.evidence_sha256 = std::nullopt;
  if (handed.submitted == nullptr) return;
  const events::v1::AnnualReportSubmitted& submitted = *handed.submitted;
  std::string bytes = submitted.report().SerializeAsString();
  const std::string digest = crypto::Sha256(bytes);
  const Report report = {.id = base::StrCat(evaluation.id, "/", evaluation.handoff_seq),
                         .evaluation_id = evaluation.id,
                         .report = std::move(bytes),
                         .report_sha256 = digest,
                         .verified_rd_fen = submitted.verified_rd_fen(),
                         .receive = step.now()};
  AddReport(step.txn(), report);
  sealed.push_back(SealOf(report));
  evaluation.report_id = report.id;
  evaluation.verified_rd_fen = submitted.verified_rd_fen();
  evaluation.evidence_sha256 = submitted.report().rd_evidence().sha256();
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
  const std::optional<Alliance> alliance = TakeAlliance(step.txn(), handed.alliance_id);
  if (!alliance) return Refuse(Reason::kOutOfOrder);
  std::optional<Evaluation> known = TakeEvaluation(step.txn(), id);
  ASSIGN_OR_RETURN(const bool next,
                   act::IsNextHandoff(known ? known->handoff_seq : 0, handed.event));
  if (!next) return absl::OkStatus();

  const Action action = handed.submitted == nullptr ? Action::kLapse : Action::kReport;
  Note note = {.action = WordOf(action)};
  if (known) {
    if (known->state != State::kReportDue) return Refuse(Reason::kOutOfOrder);
    SetReport(step, handed, *known, note.sealed);
    return Store(step, *known, State::kReportDue, std::move(note));
  }
  Evaluation evaluation = {.id = id,
                           .alliance_id = alliance->id,
                           .year = handed.year,
                           .region = alliance->region,
                           .city = alliance->city,
                           .lead_code = alliance->lead_code,
                           .alliance_name = alliance->name};
  SetReport(step, handed, evaluation, note.sealed);
  AddEvaluation(step.txn(), evaluation);
  note.sealed.push_back(SealOf(evaluation));
  step.Record({.case_id = id,
               .action = std::string(note.action),
               .from_state = std::string(WordOf(State::kReportDue)),
               .to_state = std::string(WordOf(evaluation.state)),
               .reason = "",
               .sealed = std::move(note.sealed)});
  return absl::OkStatus();
}

absl::Status Apply(const act::Deps& deps, act::Step& step, const events::v1::Event& event) {
  using Body = events::v1::Event::BodyCase;
  if (event.source() != "filing") return Refuse(Reason::kNotPermitted);
  switch (event.body_case()) {
    case Body::kRoundPublished:
      return act::ApplyRoundPublished(deps, step, event);
    case Body::kAllianceRegistered:
      if (!base::IsUuid(event.alliance_registered().alliance_id())) return Malformed("alliance_id");
      return ApplyRegistered(deps, step, event.alliance_registered());
    case Body::kAllianceDeregistered:
      return ApplyEnd(step, event.alliance_deregistered().alliance_id(), Action::kDeregister,
                      State::kDeregistered, event.alliance_deregistered().reason());
    case Body::kAllianceCompleted:
      return ApplyEnd(step, event.alliance_completed().alliance_id(), Action::kComplete,
                      State::kCompleted, "");
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
