#include <algorithm>
#include <utility>

#include "common/act/published_packs.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/text.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "common/domain/problem.h"
#include "services/review/case_facts.h"
#include "services/review/convert.h"
#include "services/review/review_case.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

using domain::Reason;
using domain::Refuse;

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

absl::Status Submitted(act::Step& step, const events::v1::Event& event) {
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
      step.deps().packs.FindByDigest(crypto::Unhex(version.rules_digest()).value_or(""));
  if (pack == nullptr || pack->round_name() != version.round()) {
    return Refuse(Reason::kRoundUnknown, {{"round", version.round()}});
  }
  if (!base::IsUuid(event.case_id())) return Malformed("case_id", "is no UUID");

  const std::optional<CaseRow> known = ReviewCase::Lock(step, event.case_id());
  ASSIGN_OR_RETURN(const bool next,
                   cases::IsNext<ReviewCase>(step, event, known ? &*known : nullptr));
  if (!next) return absl::OkStatus();
  CaseRow row = known.value_or(CaseRow{.id = event.case_id(),
                                       .round_id = version.round().substr(kRoundPrefix.size()),
                                       .lead_code = version.form().lead().credit_code()});
  if (version.number() <= row.version_number) {
    return Malformed("application_submitted.version", "is not newer than the one known");
  }
  row.rules = pack;
  // A corrected version goes back to the office that returned it.
  if (row.office.empty()) row.office = version.recommender_region();
  StartReview(version, body.version_digest(), *pack, row);
  cases::Note note{.sealed = {InsertVersion(step.txn(), {.case_id = row.id,
                                                         .number = row.version_number,
                                                         .digest = row.version_digest,
                                                         .bytes = body.version(),
                                                         .receive = row.receive})}};
  return known ? cases::Land<ReviewCase>(step, event, row, std::move(note))
               : cases::LandNew<ReviewCase>(step, event, row, std::move(note));
}

// Under review again, in nobody's hands. The version is the same, so what was found stays.
absl::Status SentBack(act::Step& step, const events::v1::Event& event) {
  if (!base::IsUuid(event.case_id())) return Malformed("case_id", "is no UUID");
  std::optional<CaseRow> row = ReviewCase::Lock(step, event.case_id());
  ASSIGN_OR_RETURN(const bool next, cases::IsNext<ReviewCase>(step, event, row ? &*row : nullptr));
  if (!next) return absl::OkStatus();
  if (!row) return Malformed("case_id", "is no case that review knows");
  RETURN_IF_ERROR(PackOf(step.deps(), row->round_id).status());
  row->reviewer.clear();
  row->recommendation.clear();
  return cases::Land<ReviewCase>(step, event, *row,
                                 {.reason = event.application_sent_back().reason()});
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
      return Submitted(step, event);
    case events::v1::Event::kRoundPublished:
      return act::ApplyRoundPublished(deps, step, event);
    case events::v1::Event::kExtensionApproved:
      return Extended(step, event);
    case events::v1::Event::kApplicationSentBack:
      return SentBack(step, event);
    default:
      return Malformed("body", "is no event that review takes");
  }
}

}  // namespace alliance::review
