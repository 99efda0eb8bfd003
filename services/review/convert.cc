#include "services/review/convert.h"

#include <algorithm>

#include "common/act/shape.h"
#include "common/act/wire_time.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/domain/form.h"
#include "common/domain/mask.h"
#include "common/domain/workflow.h"
#include "services/review/review_case.h"
#include "services/review/time_limit.h"

namespace alliance::review {
namespace {

using domain::Role;
using filing::v1::Application;
using filing::v1::FieldMark;
using google::protobuf::RepeatedPtrField;

// The firm itself and the office that has the case; a city that reads a zone's case has it not.
bool MayCall(const CaseRow& row, const domain::Caller& reader) {
  if (reader.role == Role::kApplicant) return reader.organisation == row.lead_code;
  return reader.role == Role::kRecommender && reader.region == row.office;
}

// The words of the column are those of the enum.
void FillOutcome(const std::string& word, v1::NoticeItem* out) {
  v1::NoticeItem::Outcome outcome = v1::NoticeItem::OUTCOME_UNSPECIFIED;
  v1::NoticeItem::Outcome_Parse(word, &outcome);
  out->set_outcome(outcome);
  out->set_outcome_label(std::string(OutcomeZh(outcome)));
}

}  // namespace

std::string_view OutcomeZh(v1::NoticeItem::Outcome outcome) {
  switch (outcome) {
    case v1::NoticeItem::NO_OBJECTION:
      return "无异议";
    case v1::NoticeItem::RENOTICED:
      return "处理后再次公示";
    case v1::NoticeItem::NO_OBJECTION_AFTER_RENOTICE:
      return "处理后再次公示无异议";
    case v1::NoticeItem::UPHELD:
      return "异议成立";
    default:
      return "";
  }
}

std::string CaseName(const CaseRow& row) { return base::StrCat(kCasePrefix, row.id); }

Application::State ToWire(domain::State state) {
  Application::State out = Application::STATE_UNSPECIFIED;
  Application::State_Parse(std::string(domain::WordOf(state)), &out);
  return out;
}

std::optional<domain::State> FromWire(Application::State state) {
  if (state == Application::STATE_UNSPECIFIED) return std::nullopt;
  return domain::StateOf(Application::State_Name(state));
}

std::string PackConditions(const std::vector<domain::ConditionRecord>& records) {
  v1::ReviewCase holder;
  for (const domain::ConditionRecord& record : records) {
    v1::ConditionRecord* out = holder.add_conditions();
    out->set_condition(record.condition);
    out->set_verdict(static_cast<v1::ConditionRecord::Verdict>(record.verdict));
    out->set_reason(record.reason);
    out->set_evidence(record.evidence);
  }
  return holder.SerializeAsString();
}

std::vector<domain::ConditionRecord> UnpackConditions(std::string_view bytes) {
  v1::ReviewCase holder;
  std::vector<domain::ConditionRecord> records;
  if (!holder.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return records;
  for (const v1::ConditionRecord& record : holder.conditions()) records.push_back(FromWire(record));
  return records;
}

std::string PackMarks(const RepeatedPtrField<FieldMark>& marks) {
  v1::ReviewCase holder;
  *holder.mutable_marks() = marks;
  return holder.SerializeAsString();
}

RepeatedPtrField<FieldMark> UnpackMarks(std::string_view bytes) {
  v1::ReviewCase holder;
  holder.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  return holder.marks();
}

domain::ConditionRecord FromWire(const v1::ConditionRecord& record) {
  return {.condition = record.condition(),
          .verdict = static_cast<domain::ConditionVerdict>(record.verdict()),
          .reason = record.reason(),
          .evidence = record.evidence()};
}

DocumentRow FromWire(const filing::v1::Document& document) {
  return {.number = document.document_number(),
          .title = document.title(),
          .issuer = document.issuer(),
          .date = document.issue_date(),
          .sha256 = document.sha256()};
}

filing::v1::Document ToWire(const DocumentRow& row) {
  filing::v1::Document out;
  out.set_document_number(row.number);
  out.set_title(row.title);
  out.set_issuer(row.issuer);
  out.set_issue_date(row.date);
  out.set_sha256(row.sha256);
  return out;
}

events::v1::Event DeclaredEvent(const DeclarationRow& row) {
  events::v1::Event event;
  event.mutable_interest_declared()->set_account(row.account);
  event.mutable_interest_declared()->set_interest(row.interest);
  return event;
}

std::string ListDigest(const std::vector<CaseRow>& cases) {
  std::vector<std::string> lines;
  lines.reserve(cases.size());
  for (const CaseRow& row : cases) {
    lines.push_back(base::StrCat(CaseName(row), "\t", crypto::Hex(row.version_digest), "\n"));
  }
  std::sort(lines.begin(), lines.end());
  crypto::Sha256Hasher hasher;
  for (const std::string& line : lines) hasher.Add(line);
  return hasher.Finish();
}

void FillCase(const CaseRow& row, const domain::Caller& reader, v1::ReviewCase* out) {
  const bool applicant = reader.role == Role::kApplicant;
  const domain::State state = applicant ? domain::SeenByApplicant(row.state) : row.state;
  out->set_name(CaseName(row));
  out->set_application(base::StrCat(kApplicationPrefix, row.id));
  out->set_state(ToWire(state));
  out->set_state_label(std::string(applicant
                                       ? domain::ApplicantLabel(row.state, domain::Locale::kZh)
                                       : domain::OfficialLabel(row.state, domain::Locale::kZh)));
  out->set_round(base::StrCat(kRoundPrefix, row.round_id));
  out->set_region(row.region);
  out->set_office(row.office);
  out->set_version_number(row.version_number);
  out->set_version_digest(crypto::Hex(row.version_digest));
  out->set_alliance_name(row.alliance_name);
  out->set_lead_name(row.lead_name);
  act::SetTime(row.receive, out->mutable_receive_time());
  for (domain::Action action : domain::AllowedActions(ReviewCase::View(row), reader)) {
    out->add_allowed_actions(std::string(domain::WordOf(action)));
  }
  if (!row.notice_batch.empty()) {
    out->set_notice_batch(base::StrCat(kBatchPrefix, row.notice_batch));
  }
  // Marks were told to the applicant with the return; while a reviewer looks again they stay.
  *out->mutable_marks() = UnpackMarks(row.marks);
  if (applicant) return;

  out->set_reviewer(row.reviewer);
  for (const domain::ConditionRecord& record : UnpackConditions(row.conditions)) {
    v1::ConditionRecord* condition = out->add_conditions();
    condition->set_condition(record.condition);
    condition->set_verdict(static_cast<v1::ConditionRecord::Verdict>(record.verdict));
    condition->set_reason(record.reason);
    condition->set_evidence(record.evidence);
  }
  out->set_verified_rd_fen(row.verified_rd_fen);
  if (row.verified_rd_fen > 0) {
    out->set_declared_rd_fen(row.declared_rd_fen);
    out->set_rd_difference_fen(row.verified_rd_fen - row.declared_rd_fen);
  }
  out->set_verified_rd_evidence(row.verified_rd_evidence);
  out->set_override_reason(row.override_reason);
  out->set_objection_count(row.objection_count);
  out->set_etag(act::Etag(row.version));
}

void FillTimeLimit(const CaseRow& row, const domain::Caller& reader, absl::Time now,
                   v1::ReviewCase* out) {
  if (reader.role == Role::kApplicant || !row.review_due) return;
  act::SetTime(*row.review_due, out->mutable_review_due_time());
  out->set_overdue(IsOverdue(row, now));
  // Told of an earlier limit, it is not told of this one.
  if (row.escalate && *row.escalate >= *row.review_due) {
    act::SetTime(*row.escalate, out->mutable_escalate_time());
  }
}

namespace {

void MaskContact(filing::v1::FieldChange& change) {
  const auto mask = change.field() == "contact.phone"          ? domain::MaskPhone
                    : change.field() == "contact.display_name" ? domain::MaskName
                                                               : nullptr;
  if (mask == nullptr) return;
  change.set_before(mask(change.before()));
  change.set_after(mask(change.after()));
}

}  // namespace

bool FillVersion(std::string_view bytes, const CaseRow& row, const domain::Caller& reader,
                 v1::ReviewCase* out) {
  events::v1::ApplicationVersion version;
  if (!version.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return false;
  out->mutable_form()->Swap(version.mutable_form());
  out->mutable_papers()->Swap(version.mutable_papers());
  out->mutable_warnings()->Swap(version.mutable_warnings());
  const bool masked = !MayCall(row, reader);
  if (out->form().has_contact() && masked) {
    filing::v1::Contact* contact = out->mutable_form()->mutable_contact();
    contact->set_display_name(domain::MaskName(contact->display_name()));
    contact->set_phone(domain::MaskPhone(contact->phone()));
  }
  if (reader.role == Role::kApplicant) return true;
  out->mutable_unrequested_changes()->Swap(version.mutable_unrequested_changes());
  for (filing::v1::FieldChange& change : *version.mutable_changes()) {
    if (masked) MaskContact(change);
    auto* list =
        change.unrequested() ? out->mutable_unrequested_edits() : out->mutable_requested_changes();
    list->Add(std::move(change));
  }
  return true;
}

void FillBatch(const BatchRow& row, const std::vector<NoticeLine>& lines, absl::Time now,
               bool for_office, v1::NoticeBatch* out) {
  out->set_name(base::StrCat(kBatchPrefix, row.id));
  out->set_state(row.open && !domain::IsOver(row.closes, now) ? v1::NoticeBatch::OPEN
                                                              : v1::NoticeBatch::CLOSED);
  out->set_region(row.region);
  out->set_start_date(row.start_date);
  out->set_last_date(row.last_date);
  act::SetTime(row.closes, out->mutable_end_time());
  out->set_channel(row.channel);
  out->set_link(row.link);
  out->set_title(row.text.title);
  out->set_round(base::StrCat(kRoundPrefix, row.round_id));
  out->set_item_count(static_cast<int32_t>(lines.size()));
  // Before the end an outcome would tell the firm of an objection, and after it the lack of one
  // beside its neighbours' (Q23).
  const bool all_ended = std::none_of(lines.begin(), lines.end(),
                                      [](const NoticeLine& line) { return line.outcome.empty(); });
  const bool tell_outcome = for_office || (out->state() == v1::NoticeBatch::CLOSED && all_ended);
  for (const NoticeLine& line : lines) {
    v1::NoticeItem* item = out->add_items();
    item->set_review_case(base::StrCat(kCasePrefix, line.case_id));
    item->set_alliance_name(line.alliance_name);
    item->set_lead_name(line.lead_name);
    item->set_technical_field(
        std::string(domain::NameZh(static_cast<domain::TechnicalField>(line.technical_field))));
    item->set_region(line.region);
    item->set_high_tech_zone(line.high_tech_zone);
    item->set_version_number(line.version_number);
    if (tell_outcome) FillOutcome(line.outcome, item);
  }
  if (!for_office) return;
  out->set_ends_after_deadline(row.ends_after_deadline);
  out->set_etag(act::Etag(row.version));
}

bool MayReadOffice(const domain::Caller& reader, std::string_view region) {
  switch (reader.role) {
    case Role::kRecommender:
      return !region.empty() && reader.region == region;
    case Role::kProvince:
    case Role::kAuditor:
      return true;
    default:
      return false;
  }
}

}  // namespace alliance::review
