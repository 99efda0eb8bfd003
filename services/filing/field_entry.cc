#include "services/filing/field_entry.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "common/base/str.h"
#include "common/domain/form_fields.h"
#include "google/protobuf/message.h"

namespace alliance::filing {
namespace {

using domain::FieldPlace;
using domain::FieldProblem;
using domain::MakeProblem;
using domain::Problem;
using domain::TypedEntry;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The next part of a path without its row; the rest behind the point.
std::string_view TakePart(std::string_view& path) {
  const size_t point = path.find('.');
  std::string_view part = path.substr(0, point);
  path.remove_prefix(point == std::string_view::npos ? path.size() : point + 1);
  return part.substr(0, part.find('['));
}

void SetValue(Message* message, const FieldDescriptor* field, const TypedEntry& entry) {
  const auto* reflection = message->GetReflection();
  if (entry.empty || field->is_repeated()) reflection->ClearField(message, field);
  if (entry.empty) return;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection->SetInt64(message, field, *entry.value);
    case FieldDescriptor::CPPTYPE_INT32:  // a count, which ReadEntry keeps small
      return reflection->SetInt32(message, field, static_cast<int32_t>(*entry.value));
    case FieldDescriptor::CPPTYPE_ENUM:
      for (const domain::FieldChoice* choice : entry.choices) {
        field->is_repeated() ? reflection->AddEnumValue(message, field, choice->number)
                             : reflection->SetEnumValue(message, field, choice->number);
      }
      return;
    default:
      return reflection->SetString(
          message, field,
          entry.choices.empty() ? entry.text : std::string(entry.choices.front()->word));
  }
}

// A field that FindField knows, in the form itself. An empty entry makes no row and no part.
std::optional<FieldProblem> Put(const FieldPlace& place, std::string_view path,
                                const TypedEntry& entry, const domain::FormRules& rules,
                                v1::ApplicationForm* form) {
  Message* message = form;
  for (std::string_view rest = path;;) {
    const auto* reflection = message->GetReflection();
    const FieldDescriptor* field =
        message->GetDescriptor()->FindFieldByName(std::string(TakePart(rest)));
    if (rest.empty()) {
      SetValue(message, field, entry);
      return std::nullopt;
    }
    if (!field->is_repeated()) {
      if (entry.empty && !reflection->HasField(*message, field)) return std::nullopt;
      message = reflection->MutableMessage(message, field);
      continue;
    }
    const int rows = reflection->FieldSize(*message, field);
    if (*place.index >= rules.row_limit) {
      return MakeProblem(Problem::kTooManyRows, path, {{"limit", base::StrCat(rules.row_limit)}});
    }
    if (*place.index > rows) return MakeProblem(Problem::kRowMissing, path);
    if (*place.index == rows && entry.empty) return std::nullopt;
    message = *place.index == rows
                  ? reflection->AddMessage(message, field)
                  : reflection->MutableRepeatedMessage(message, field, *place.index);
  }
}

std::optional<FieldProblem> Apply(const v1::FieldEntry& typed, const domain::FormRules& rules,
                                  v1::ApplicationForm* form) {
  const std::optional<FieldPlace> place = domain::FindField(typed.field());
  // One value at a time: a year of two, a field of a row, all of several choices.
  const bool table = place && place->row->path.find("[]") != std::string_view::npos;
  if (!place || place->row->two_years != (place->year != 0) || table != place->index.has_value()) {
    return MakeProblem(Problem::kNoSuchField, typed.field());
  }
  TypedEntry entry;
  if (auto problem = domain::ReadEntry(*place->row, typed.field(), typed.text(), rules, &entry)) {
    return problem;
  }
  return Put(*place, typed.field(), entry, rules, form);
}

}  // namespace

std::vector<FieldProblem> ApplyEntries(
    const google::protobuf::RepeatedPtrField<v1::FieldEntry>& entries,
    const domain::FormRules& rules, v1::ApplicationForm* form) {
  std::vector<FieldProblem> problems;
  std::set<std::string> seen;
  for (const v1::FieldEntry& entry : entries) {
    std::optional<FieldProblem> problem = seen.insert(entry.field()).second
                                              ? Apply(entry, rules, form)
                                              : MakeProblem(Problem::kDuplicate, entry.field());
    if (problem) problems.push_back(*std::move(problem));
  }
  return problems;
}

}  // namespace alliance::filing
