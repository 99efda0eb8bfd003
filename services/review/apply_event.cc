#include <algorithm>

#include "common/act/event_inbox.h"
#include "common/act/published_packs.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/text.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "common/domain/problem.h"
#include "services/review/case_act.h"
#include "services/review/convert.h"
#include "services/review/review_service.h"
#include "services/review/time_limit.h"

namespace alliance::review {
namespace {

using domain::Reason;
using domain::Refuse;
using domain::State;

// Of the columns that show a name; the version itself keeps every character.
constexpr size_t kNameColumn = 600;

std::string Shown(std::string_view name) {
  std::string out;
  for (size_t count = 0; count < kNameColumn; ++count) {
    const std::optional<char32_t> character = base::TakeCodePoint(name);
    if (!character) break;
    base::AppendCodePoint(*character, out);
  }
  return out;
}

absl::Status Malformed(std::string_view field, std::string_view why) {
  return Refuse(Reason::kInvalidRequest, {},
                {{.field = std::string(field),
                  .reason = "MALFORMED",
                  .zh = std::string(why),
                  .en = std::string(why)}});
}

// Problems that a reviewer must override with a reason before the case can pass: those of that
// severity in the round's pack.
int CountOverrides(const events::v1::ApplicationVersion& version, const rules::Pack& pack) {
  const auto& severities = pack.form_rules().severities;
  return static_cast<int>(
      std::count_if(version.warnings().begin(), version.warnings().end(), [&](const auto& warning) {
        const std::optional<domain::Problem> problem = domain::ProblemOf(warning.reason());
        if (!problem) return false;
        const auto own = severities.find(*problem);
        const domain::Severity severity =
            own == severities.end() ? domain::RowOf(*problem).severity : own->second;
        return severity == domain::Severity::kNeedsOverride;
      }));
}

// A new version begins its review anew: verdicts and the verified R&D were about another one. Marks
// of the last return stay for the reviewer to compare.
void StartReview(const events::v1::ApplicationVersion& version, const std::string& digest,
                 const rules::Pack& pack, CaseRow& row) {
  const filing::v1::ApplicationForm& form = version.form();
  const rules::Recommender* recommender = pack.FindRecommender(version.recommender_region());
  row.region = version.recommender_region();
  row.parent_region = recommender == nullptr ? "" : recommender->city;
  row.lead_name = Shown(form.lead().enterprise_name());
  row.alliance_name = Shown(form.alliance_name());
  row.technical_field = form.technical_field();
  row.high_tech_zone = form.high_tech_zone();
  row.reviewer.clear();
  row.version_number = version.number();
  row.version_digest = digest;
  row.declared_rd_fen = form.lead().rd_spend_fen().y1();
  row.verified_rd_fen = 0;
  row.verified_rd_evidence.clear();
  row.override_count = CountOverrides(version, pack);
  row.override_reason.clear();
  row.conditions.clear();
  row.receive = absl::FromUnixMicros(version.receive_time_us());
}

// The case as it is after this event; nothing for an event that has been overtaken.
struct Arrived {
  CaseRow row;
  std::optional<State> from;  // nothing: the case is new
};

absl::StatusOr<std::optional<Arrived>> Arrive(act::Step& step, const events::v1::Event& event,
                                              State expected) {
  if (!base::IsUuid(event.case_id())) return Malformed("case_id", "is no UUID");
  std::optional<CaseRow> known = LockCase(step.txn(), event.case_id(), Scope::Service());
  ASSIGN_OR_RETURN(const bool next, act::IsNextHandoff(known ? known->handoff_seq : 0, event));
  if (!next) return std::nullopt;
  Arrived arrived;
  if (known) {
    // The token says that filing held the case, so this cannot be unless a row was changed by hand.
    if (known->state != expected) {
      return Refuse(Reason::kWrongState,
                    {{"state", domain::WordOf(known->state)},
                     {"state_zh", domain::OfficialLabel(known->state, domain::Locale::kZh)},
                     {"action", "take over"},
                     {"action_zh", "接收"},
                     {"allowed", "nothing"},
                     {"allowed_zh", "无"}});
    }
    arrived.from = known->state;
    arrived.row = *std::move(known);
  }
  arrived.row.id = event.case_id();
  arrived.row.handoff_seq = event.handoff_sequence();
  arrived.row.update = step.now();
  return arrived;
}

void RecordArrival(act::Step& step, const Arrived& arrived, domain::Action action,
                   const std::string& reason, const rules::Pack& pack,
                   std::vector<audit::SealedRow> sealed) {
  sealed.push_back(SealCase(arrived.row));
  step.Record({.case_id = arrived.row.id,
               .action = std::string(domain::WordOf(action)),
               .from_state = std::string(arrived.from ? domain::WordOf(*arrived.from) : ""),
               .to_state = std::string(domain::WordOf(arrived.row.state)),
               .reason = reason,
               .rules_digest = pack.digest(),
               .sealed = std::move(sealed)});
}

absl::Status Submitted(const act::Deps& deps, act::Step& step, const events::v1::Event& event) {
  const events::v1::ApplicationSubmitted& body = event.application_submitted();
  // What was locked is what arrived, or it is not taken.
  if (crypto::Sha256(body.version()) != body.version_digest()) {
    return Refuse(Reason::kFileDigestMismatch);
  }
  events::v1::ApplicationVersion version;
  if (!version.ParseFromString(body.version())) {
    return Malformed("application_submitted.version", "is no ApplicationVersion");
  }
  // Exactly the pack it was checked under; it may still be on its way.
  const rules::Pack* pack =
      deps.packs.FindByDigest(crypto::Unhex(version.rules_digest()).value_or(""));
  if (pack == nullptr || pack->round_name() != version.round()) {
    return Refuse(Reason::kRoundUnknown, {{"round", version.round()}});
  }

  ASSIGN_OR_RETURN(std::optional<Arrived> arrived, Arrive(step, event, State::kReturned));
  if (!arrived) return absl::OkStatus();
  CaseRow& row = arrived->row;
  if (version.number() <= row.version_number) {
    return Malformed("application_submitted.version", "is not newer than the one known");
  }
  if (!arrived->from) {
    row.round_id = version.round().substr(kRoundPrefix.size());
    row.lead_code = version.form().lead().credit_code();
  }
  row.state = State::kSubmitted;
  // A corrected version goes back to the office that returned it.
  if (row.office.empty()) row.office = version.recommender_region();
  StartReview(version, body.version_digest(), *pack, row);
  KeepTimeLimit(arrived->from.value_or(State::kDraft), *pack, row.receive, row);
  std::vector<audit::SealedRow> sealed = {InsertVersion(step.txn(), {.case_id = row.id,
                                                                     .number = row.version_number,
                                                                     .digest = row.version_digest,
                                                                     .bytes = body.version(),
                                                                     .receive = row.receive})};
  if (!arrived->from) {
    InsertCase(step.txn(), row);
  } else if (!UpdateCase(step.txn(), row)) {
    step.txn().RetryWhole("the case was changed meanwhile");
  }
  RecordArrival(step, *arrived, domain::Action::kSubmit, "", *pack, std::move(sealed));
  return absl::OkStatus();
}

// RECOMMENDED → REVIEWING, in nobody's hands. The version is the same, so what was found stays.
absl::Status SentBack(const act::Deps& deps, act::Step& step, const events::v1::Event& event) {
  ASSIGN_OR_RETURN(std::optional<Arrived> arrived, Arrive(step, event, State::kRecommended));
  if (!arrived) return absl::OkStatus();
  if (!arrived->from) return Malformed("case_id", "is no case that review knows");
  CaseRow& row = arrived->row;
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps, row.round_id));
  row.state = State::kReviewing;
  row.reviewer.clear();
  row.recommendation.clear();
  KeepTimeLimit(*arrived->from, *pack, step.now(), row);
  if (!UpdateCase(step.txn(), row)) step.txn().RetryWhole("the case was changed meanwhile");
  RecordArrival(step, *arrived, domain::Action::kSendBack, event.application_sent_back().reason(),
                *pack, {});
  return absl::OkStatus();
}

// More time for a case or a region: stored, and from here on in the facts of every act.
absl::Status Extended(act::Step& step, const events::v1::Event& event) {
  const filing::v1::Extension& extension = event.extension_approved().extension();
  const auto id_of = [](const std::string& name, std::string_view prefix) {
    return name.starts_with(prefix) ? name.substr(prefix.size()) : "";
  };
  ExtensionRow row{.id = id_of(extension.name(), "extensions/"),
                   .round_id = id_of(extension.round(), kRoundPrefix),
                   .grant = {.deadline = extension.deadline() == filing::v1::Extension::ENTERPRISE
                                             ? domain::Deadline::kEnterprise
                                             : domain::Deadline::kRecommender,
                             .closes = absl::FromUnixSeconds(extension.close_time().seconds()) +
                                       absl::Nanoseconds(extension.close_time().nanos()),
                             .region = extension.region(),
                             .case_id = id_of(extension.application(), kApplicationPrefix)},
                   .extension = extension.SerializeAsString(),
                   .receive = step.now()};
  if (!base::IsUuid(row.id) || row.round_id.empty() || row.grant.region.empty() ||
      row.grant.case_id.empty() != extension.application().empty()) {
    return Malformed("extension_approved.extension", "is not as events.proto says");
  }
  step.Record({.case_id = extension.name(),
               .action = "approve_extension",
               .from_state = "PROPOSED",
               .to_state = "APPROVED",
               .reason = extension.reason(),
               .sealed = {InsertExtension(step.txn(), row)}});
  return absl::OkStatus();
}

}  // namespace

absl::Status ApplyEvent(const act::Deps& deps, act::Step& step, const events::v1::Event& event) {
  if (event.source() != "filing") return Refuse(Reason::kNotPermitted);
  switch (event.body_case()) {
    case events::v1::Event::kApplicationSubmitted:
      return Submitted(deps, step, event);
    case events::v1::Event::kRoundPublished:
      return act::ApplyRoundPublished(deps, step, event);
    case events::v1::Event::kExtensionApproved:
      return Extended(step, event);
    case events::v1::Event::kApplicationSentBack:
      return SentBack(deps, step, event);
    default:
      return Malformed("body", "is no event that review takes");
  }
}

}  // namespace alliance::review
