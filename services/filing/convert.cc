#include "services/filing/convert.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_split.h"
#include "common/act/shape.h"
#include "common/act/wire_time.h"
#include "common/base/str.h"
#include "common/base/text.h"
#include "common/crypto/digest.h"
#include "common/domain/calendar.h"
#include "common/domain/mask.h"
#include "common/domain/workflow.h"
#include "common/rules/feasibility.h"

namespace alliance::filing {
namespace {

std::optional<domain::Fen> ToFen(bool given, int64_t value) {
  return given ? std::optional(domain::Fen(value)) : std::nullopt;
}

std::optional<int64_t> ToCount(bool given, int64_t value) {
  return given ? std::optional(value) : std::nullopt;
}

domain::TwoYears<domain::Fen> ToDomain(const v1::TwoYearFen& years) {
  return {.y1 = ToFen(years.has_y1(), years.y1()), .y2 = ToFen(years.has_y2(), years.y2())};
}

domain::TwoYears<int64_t> ToDomain(const v1::TwoYearCount& years) {
  return {.y1 = ToCount(years.has_y1(), years.y1()), .y2 = ToCount(years.has_y2(), years.y2())};
}

template <typename To, typename From>
std::vector<To> ToEnums(const google::protobuf::RepeatedField<From>& values) {
  std::vector<To> out;
  for (const auto value : values) out.push_back(static_cast<To>(value));
  return out;
}

domain::LeadEnterprise ToDomain(const v1::LeadEnterprise& lead) {
  return {.enterprise_name = lead.enterprise_name(),
          .credit_code = lead.credit_code(),
          .lead_types = ToEnums<domain::LeadType>(lead.lead_types()),
          .registered_address = lead.registered_address(),
          .domicile_explanation = lead.domicile_explanation(),
          .founded_date = lead.founded_date(),
          .staff = ToDomain(lead.staff()),
          .tech_staff = ToDomain(lead.tech_staff()),
          .rd_spend_fen = ToDomain(lead.rd_spend_fen()),
          .cooperation_spend_fen = ToDomain(lead.cooperation_spend_fen()),
          .sales_fen = ToDomain(lead.sales_fen()),
          .hightech_income_fen = ToDomain(lead.hightech_income_fen()),
          .profit_fen = ToDomain(lead.profit_fen()),
          .ip_class1 = ToDomain(lead.ip_class1()),
          .ip_class2 = ToDomain(lead.ip_class2()),
          .projects_and_platforms = lead.projects_and_platforms(),
          .evidenced_rd_fen = ToFen(lead.has_evidenced_rd_fen(), lead.evidenced_rd_fen()),
          .rd_evidence_kind = lead.rd_evidence_kind()};
}

domain::AllianceSituation ToDomain(const v1::AllianceSituation& alliance) {
  domain::AllianceSituation out{
      .cooperation_forms = ToEnums<domain::CooperationForm>(alliance.cooperation_forms()),
      .sales_fen = ToDomain(alliance.sales_fen()),
      .rd_spend_fen = ToDomain(alliance.rd_spend_fen()),
      .member_count = ToCount(alliance.has_member_count(), alliance.member_count()),
      .enterprise_count = ToCount(alliance.has_enterprise_count(), alliance.enterprise_count()),
      .university_count = ToCount(alliance.has_university_count(), alliance.university_count()),
      .institute_count = ToCount(alliance.has_institute_count(), alliance.institute_count()),
      .cooperation_narrative = alliance.cooperation_narrative(),
      .goals = alliance.goals()};
  for (const v1::Cooperation& row : alliance.cooperations()) {
    out.cooperations.push_back(
        {.partner = row.partner(), .content_and_goals = row.content_and_goals()});
  }
  return out;
}

// The enums of the wire and of the law share their words.
v1::Application::State ToProto(domain::State state) {
  v1::Application::State out = v1::Application::STATE_UNSPECIFIED;
  v1::Application::State_Parse(std::string(domain::WordOf(state)), &out);
  return out;
}

}  // namespace

domain::Form ToDomain(const v1::ApplicationForm& form, std::string_view recommender_region) {
  domain::Form out{
      .recommender_region = std::string(recommender_region),
      .alliance_name = form.alliance_name(),
      .technical_field = static_cast<domain::TechnicalField>(form.technical_field()),
      .high_tech_zone = form.high_tech_zone(),
      .lead = ToDomain(form.lead()),
      .alliance = ToDomain(form.alliance()),
      .contact = {.display_name = form.contact().display_name(), .phone = form.contact().phone()},
      .previous_registry_number = form.previous_registry_number()};
  for (const v1::Member& member : form.members()) {
    out.members.push_back({.member_name = member.member_name(),
                           .credit_code = member.credit_code(),
                           .kind = static_cast<domain::MemberKind>(member.kind()),
                           .position = member.position()});
  }
  return out;
}

std::vector<domain::PaperGiven> ToDomain(const std::vector<PaperRow>& papers) {
  std::vector<domain::PaperGiven> given;
  for (const PaperRow& paper : papers) given.push_back({paper.slot, paper.member_code});
  return given;
}

v1::FormProblem ToProto(const domain::FieldProblem& problem) {
  v1::FormProblem out;
  out.set_field(problem.field);
  out.set_reason(problem.reason);
  out.set_text_zh(problem.zh);
  out.set_text_en(problem.en);
  out.set_clause(problem.clause);
  out.set_needs_override(problem.severity == domain::Severity::kNeedsOverride);
  return out;
}

v1::Paper ToProto(std::string_view application_id, const PaperRow& row) {
  v1::Paper out;
  out.set_name(base::StrCat(kApplications, application_id, "/papers/", row.id));
  out.set_slot(row.slot);
  out.set_member_credit_code(row.member_code);
  out.set_file_name(row.file_name);
  out.set_sha256(row.sha256);
  out.set_sm3(row.sm3.value_or(""));
  out.set_media_type(row.media_type);
  out.set_size_bytes(row.size_bytes);
  act::SetTime(row.attach, out.mutable_attach_time());
  return out;
}

bool MaySeeContact(const Application& row, const domain::Caller& reader) {
  return reader.role == domain::Role::kApplicant ||
         (reader.role == domain::Role::kRecommender && reader.region == row.region);
}

void MaskContact(v1::ApplicationForm* form) {
  if (!form->has_contact()) return;
  v1::Contact* contact = form->mutable_contact();
  contact->set_display_name(domain::MaskName(contact->display_name()));
  contact->set_phone(domain::MaskPhone(contact->phone()));
}

namespace {

std::string DayText(const std::optional<domain::CivilDay>& day) {
  return day ? domain::FormatDay(*day) : "";
}

void FillFeasibility(const rules::Feasibility& report, v1::Feasibility* out) {
  out->set_region(report.region);
  out->set_first_date(domain::FormatDay(report.first_day));
  out->set_last_date(domain::FormatDay(report.last_day));
  if (report.workdays) out->set_workdays(*report.workdays);
  for (const rules::NoticeChoice& choice : report.notices) {
    v1::LatestNotice* notice = out->add_notices();
    notice->set_days(choice.rule.days);
    notice->set_unit(choice.rule.unit == domain::DayUnit::kWorkday ? "workday" : "calendar_day");
    notice->set_include_start(choice.rule.include_start);
    notice->set_latest_start_date(DayText(choice.latest_start));
    notice->set_last_date(DayText(choice.last_day));
  }
  for (const rules::FeasibilityWarning& warning : report.warnings) {
    v1::FeasibilityWarning* shown = out->add_warnings();
    shown->set_reason(warning.reason);
    shown->set_text_zh(warning.zh);
    shown->set_text_en(warning.en);
  }
}

}  // namespace

void FillExtension(const ExtensionRow& row, const domain::Caller& reader, v1::Extension* out) {
  out->set_name(base::StrCat(kExtensions, row.id));
  out->set_round(base::StrCat(kRounds, row.round_id));
  if (!row.application_id.empty()) {
    out->set_application(base::StrCat(kApplications, row.application_id));
  }
  out->set_region(row.region);
  out->set_deadline(row.deadline == domain::Deadline::kEnterprise ? v1::Extension::ENTERPRISE
                                                                  : v1::Extension::RECOMMENDER);
  act::SetTime(row.close, out->mutable_close_time());
  act::SetTime(row.previous_close, out->mutable_previous_close_time());
  out->set_reason(row.reason);
  out->mutable_document()->ParseFromString(row.document);  // our own bytes
  out->set_state(row.approve ? v1::Extension::APPROVED : v1::Extension::PROPOSED);
  act::SetTime(row.propose, out->mutable_propose_time());
  if (row.approve) act::SetTime(*row.approve, out->mutable_approve_time());
  if (reader.role == domain::Role::kApplicant) return;
  out->set_proposer(row.proposer);
  out->set_approver(row.approver);
}

void FillRound(const rules::Pack& pack, v1::Round* out) {
  out->set_name(pack.round_name());
  out->set_title(pack.proto().round().title());
  act::SetTime(pack.opens(), out->mutable_open_time());
  act::SetTime(pack.enterprise_deadline(), out->mutable_enterprise_deadline_time());
  act::SetTime(pack.recommender_deadline(), out->mutable_recommender_deadline_time());
  out->set_rules_digest(pack.digest_hex());
  out->set_form_year(pack.form_year());
  const rules::v1::Round& round = pack.proto().round();
  out->set_issuer(round.issuer());
  out->set_notice_date(round.notice_date());
  out->set_guide(round.guide());
  out->set_portal_name(round.portal_name());
  for (const rules::v1::Phone& contact : round.contacts()) {
    v1::NoticeContact* shown = out->add_contacts();
    shown->set_who(contact.who());
    *shown->mutable_numbers() = contact.numbers();
  }
  const rules::v1::Annexes& annexes = pack.proto().annexes();
  int number = 0;
  for (const std::string* title :
       {&annexes.rules_title(), &annexes.form_title(), &annexes.directory_title()}) {
    v1::Annex* annex = out->add_annexes();
    annex->set_number(++number);
    annex->set_title(*title);
  }
  for (const rules::Feasibility& report : rules::FeasibilityOf(pack)) {
    FillFeasibility(report, out->add_feasibility());
  }
}

void FillDraw(const DrawRow& row, bool inside, v1::Draw* out) {
  out->set_name(base::StrCat(kDraws, row.round_id));
  out->set_seed_digest(crypto::Hex(row.seed_digest));
  if (!row.closed) return;
  out->set_seed(row.seed);
  out->set_list_digest(crypto::Hex(row.list_digest));
  if (!inside) return;
  for (absl::string_view name : absl::StrSplit(row.list, '\n', absl::SkipEmpty())) {
    out->add_applications(std::string(name));
  }
  for (absl::string_view name : absl::StrSplit(row.drawn, '\n', absl::SkipEmpty())) {
    out->add_drawn(std::string(name));
  }
}

void FillApplication(const Application& row, const domain::Caller& reader, v1::Application* out) {
  const bool applicant = reader.role == domain::Role::kApplicant;
  out->set_name(base::StrCat(kApplications, row.id));
  out->set_round(base::StrCat(kRounds, row.round_id));
  out->set_state(ToProto(applicant ? domain::SeenByApplicant(row.state) : row.state));
  out->set_holder(std::string(domain::WordOf(row.holder)));
  out->set_applicant_label(std::string(domain::ApplicantLabel(row.state, domain::Locale::kZh)));
  out->set_applicant_label_en(std::string(domain::ApplicantLabel(row.state, domain::Locale::kEn)));
  out->set_receipt_available(row.version_number > 0);
  out->set_recommender_region(row.region);
  out->set_version_number(row.version_number);
  if (row.version_digest) out->set_version_digest(crypto::Hex(*row.version_digest));
  if (row.state == domain::State::kReturned && row.correction_until) {
    act::SetTime(*row.correction_until, out->mutable_correction_deadline_time());
  }
  for (const domain::Action action : domain::AllowedActions(row.View(), reader)) {
    out->add_allowed_actions(std::string(domain::WordOf(action)));
  }
  out->set_etag(act::Etag(row.version));
  act::SetTime(row.create, out->mutable_create_time());
  act::SetTime(row.update, out->mutable_update_time());
  if (row.state == domain::State::kRegistered || row.state == domain::State::kDeregistered ||
      row.state == domain::State::kCompleted) {
    out->set_alliance(base::StrCat(kAlliances, row.id));
  }
  if (row.verified_rd_fen) out->set_verified_rd_fen(*row.verified_rd_fen);
  out->set_alliance_name(row.alliance_name);
  out->set_lead_name(row.lead_name);
  out->set_lead_credit_code(row.lead_code);
}

void FillForm(const Application& row, v1::ApplicationForm form, const std::vector<PaperRow>& papers,
              const domain::Caller& reader, v1::Application* out) {
  if (!MaySeeContact(row, reader)) MaskContact(&form);
  *out->mutable_form() = std::move(form);
  for (const PaperRow& paper : papers) *out->add_papers() = ToProto(row.id, paper);
}

void HideInside(const domain::Caller& reader,
                google::protobuf::RepeatedPtrField<v1::TimelineEntry>* timeline) {
  if (reader.role != domain::Role::kApplicant) return;
  const auto seen = [](const std::string& word) -> std::string {
    const auto state = domain::StateOf(word);
    return state ? std::string(domain::WordOf(domain::SeenByApplicant(*state))) : word;
  };
  google::protobuf::RepeatedPtrField<v1::TimelineEntry> told;
  for (v1::TimelineEntry& entry : *timeline) {
    entry.set_from_state(seen(entry.from_state()));
    entry.set_to_state(seen(entry.to_state()));
    const bool own = entry.actor() == domain::WordOf(domain::Role::kApplicant);
    if (own || entry.from_state() != entry.to_state()) told.Add(std::move(entry));
  }
  timeline->Swap(&told);
}

void FillAlliance(const RegisteredAlliance& alliance, v1::Alliance* out) {
  const AllianceRow& row = alliance.row;
  out->set_name(base::StrCat(kAlliances, row.id));
  out->set_registry_number(row.registry_number);
  v1::Alliance::State state = v1::Alliance::STATE_UNSPECIFIED;
  v1::Alliance::State_Parse(std::string(domain::WordOf(alliance.state)), &state);
  out->set_state(state);
  out->set_alliance_name(row.alliance_name);
  out->set_lead_name(row.lead_name);
  out->set_lead_credit_code(row.lead_code);
  out->set_region(row.region);
  out->set_application(base::StrCat(kApplications, row.id));
  out->set_register_date(row.register_day);
  out->set_construction_end_date(row.construction_day);
  out->set_etag(act::Etag(alliance.version));
}

std::string YearName(const YearRow& row) {
  return base::StrCat(kAlliances, row.alliance_id, "/years/", row.year);
}

void FillYear(const YearRow& row, const domain::Caller& reader, v1::AllianceYear* out) {
  out->set_name(YearName(row));
  v1::AllianceYear::State state = v1::AllianceYear::STATE_UNSPECIFIED;
  v1::AllianceYear::State_Parse(std::string(domain::WordOf(row.state)), &state);
  out->set_state(state);
  if (row.verified_rd_fen) out->set_verified_rd_fen(*row.verified_rd_fen);
  act::SetTime(row.report_until, out->mutable_report_deadline_time());
  for (const domain::Action action : domain::AllowedActions(row.View(), reader)) {
    out->add_allowed_actions(std::string(domain::WordOf(action)));
  }
  out->set_etag(act::Etag(row.version));
  if (row.paid_fen) out->set_paid_fen(*row.paid_fen);
}

}  // namespace alliance::filing
