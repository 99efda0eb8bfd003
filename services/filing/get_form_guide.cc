// GetFormGuide: what each field of a round's form is called, means and may hold (R-040 … R-078).
// Open to everybody, as the notice is.

#include <map>
#include <string>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/form_fields.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"
#include "services/filing/rounds.h"

namespace alliance::filing {
namespace {

using domain::FieldKind;
using domain::FieldRow;

v1::FormField::Kind KindOf(FieldKind kind) {
  switch (kind) {
    case FieldKind::kText:
      return v1::FormField::TEXT;
    case FieldKind::kAmount:
    case FieldKind::kSignedAmount:
      return v1::FormField::AMOUNT;
    case FieldKind::kCount:
      return v1::FormField::COUNT;
    case FieldKind::kDay:
      return v1::FormField::DAY;
    case FieldKind::kOneOf:
    case FieldKind::kZone:
      return v1::FormField::CHOICE;
    case FieldKind::kSeveralOf:
      return v1::FormField::CHOICES;
  }
  return v1::FormField::KIND_UNSPECIFIED;
}

void FillChoices(const FieldRow& row, const rules::Pack& pack, v1::FormField* out) {
  for (const domain::FieldChoice& choice : row.choices) {
    v1::FieldChoice* added = out->add_choices();
    added->set_word(std::string(choice.word));
    added->set_label_zh(std::string(choice.zh));
  }
  if (row.kind != FieldKind::kZone) return;
  for (const auto& zone : pack.proto().zones()) {
    v1::FieldChoice* added = out->add_choices();
    added->set_word(zone.code());
    added->set_label_zh(zone.zone_name());
  }
}

void FillLimits(const FieldRow& row, const domain::FormRules& rules, v1::FormField* out) {
  out->set_required(row.required);
  out->set_may_be_negative(row.kind == FieldKind::kSignedAmount);
  out->set_character_limit(domain::LimitOf(row.limit, rules));
  if (out->kind() == v1::FormField::AMOUNT) {
    out->set_upper_limit(rules.amount_limit.value() / domain::kFenPerWan);
  }
  if (out->kind() == v1::FormField::COUNT) out->set_upper_limit(rules.count_limit);
  if (row.path.find("[]") != std::string_view::npos) out->set_row_limit(rules.row_limit);
}

}  // namespace

absl::Status FilingService::GetFormGuide(const rpc::Call& /*call*/,
                                         const v1::GetFormGuideRequest& request,
                                         v1::FormGuide* answer) {
  act::Shape shape;
  const std::string id = shape.Slug("round", kRounds, request.round());
  RETURN_IF_ERROR(shape.Done());
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, id));
  std::map<std::string, const rules::v1::FieldNote*, std::less<>> notes;
  for (const auto& note : pack->proto().form().field_notes()) notes[note.field()] = &note;

  answer->set_round(pack->round_name());
  answer->set_rules_digest(pack->digest_hex());
  for (const FieldRow& row : domain::FormFields()) {
    for (const char* year : {".y1", ".y2"}) {
      v1::FormField* out = answer->add_fields();
      const std::string path = row.two_years ? base::StrCat(row.path, year) : std::string(row.path);
      const domain::FieldLabel label =
          domain::LabelOf(path, pack->form_year(), pack->paper_rules());
      out->set_path(path);
      out->set_label_zh(row.two_years ? label.zh : std::string(row.zh));
      out->set_label_en(row.two_years ? label.en : std::string(row.en));
      out->set_kind(KindOf(row.kind));
      out->set_unit(std::string(row.unit));
      FillLimits(row, pack->form_rules(), out);
      FillChoices(row, *pack, out);
      const auto note = notes.find(row.path);
      if (note != notes.end()) out->set_note(note->second->text());
      out->set_clause(note != notes.end() ? note->second->clause() : std::string(row.clause));
      if (!row.two_years) break;
    }
  }
  return absl::OkStatus();
}

}  // namespace alliance::filing
