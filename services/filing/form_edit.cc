#include "services/filing/form_edit.h"

#include <algorithm>

#include "common/base/str.h"
#include "common/base/text.h"
#include "common/domain/credit_code.h"
#include "common/domain/errors.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/field_mask_util.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Refuse;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::util::FieldMaskUtil;

constexpr std::string_view kForm = "form";
constexpr std::string_view kBelowForm = "form.";
constexpr std::string_view kRecommender = "recommender_region";

std::string Below(std::string_view path, std::string_view field) {
  return path.empty() ? std::string(field) : base::StrCat(path, ".", field);
}

void AddPopulated(const Message& message, std::string_view path, std::vector<std::string>* out) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string below = Below(path, field->name());
    if (!field->is_repeated() && field->message_type() != nullptr) {
      AddPopulated(message.GetReflection()->GetMessage(message, field), below, out);
    } else {
      out->push_back(below);
    }
  }
}

// Calls `change` with every text of the message.
template <typename Change>
void ForEachText(Message* message, const Change& change) {
  const auto* reflection = message->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    const bool text = field->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
    if (!text && field->message_type() == nullptr) continue;
    const int count = field->is_repeated() ? reflection->FieldSize(*message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->is_repeated()) {
        if (text) {
          reflection->SetRepeatedString(message, field, i,
                                        change(reflection->GetRepeatedString(*message, field, i)));
        } else {
          ForEachText(reflection->MutableRepeatedMessage(message, field, i), change);
        }
      } else if (text) {
        reflection->SetString(message, field, change(reflection->GetString(*message, field)));
      } else {
        ForEachText(reflection->MutableMessage(message, field), change);
      }
    }
  }
}

bool SameValue(const Message& a, const Message& b, const FieldDescriptor* field, int index) {
  std::string text_a;
  std::string text_b;
  google::protobuf::TextFormat::PrintFieldValueToString(a, field, index, &text_a);
  google::protobuf::TextFormat::PrintFieldValueToString(b, field, index, &text_b);
  return text_a == text_b;
}

void AddChanged(const Message& a, const Message& b, std::string_view path,
                std::vector<std::string>* out) {
  const auto* reflection = a.GetReflection();
  for (int n = 0; n < a.GetDescriptor()->field_count(); ++n) {
    const FieldDescriptor* field = a.GetDescriptor()->field(n);
    const std::string below = Below(path, field->name());
    if (field->is_repeated()) {
      const int count = reflection->FieldSize(a, field);
      if (count != reflection->FieldSize(b, field)) {
        out->push_back(below);
        continue;
      }
      for (int i = 0; i < count; ++i) {
        const std::string row = base::StrCat(below, "[", i, "]");
        if (field->message_type() != nullptr) {
          AddChanged(reflection->GetRepeatedMessage(a, field, i),
                     reflection->GetRepeatedMessage(b, field, i), row, out);
        } else if (!SameValue(a, b, field, i)) {
          out->push_back(row);
        }
      }
    } else if (field->message_type() != nullptr) {
      AddChanged(reflection->GetMessage(a, field), reflection->GetMessage(b, field), below, out);
    } else if ((field->has_presence() &&
                reflection->HasField(a, field) != reflection->HasField(b, field)) ||
               !SameValue(a, b, field, -1)) {
      out->push_back(below);
    }
  }
}

// True when `path` is `above` or lies below it.
bool IsBelow(std::string_view path, std::string_view above) {
  if (!path.starts_with(above)) return false;
  return path.size() == above.size() || path[above.size()] == '.' || path[above.size()] == '[';
}

}  // namespace

absl::StatusOr<Edit> ReadEdit(const v1::UpdateApplicationRequest& request) {
  Edit edit;
  if (request.update_mask().paths().empty()) {
    AddPopulated(request.application().form(), "", &edit.paths);
    edit.recommender = !request.application().recommender_region().empty();
    return edit;
  }
  std::vector<domain::FieldProblem> problems;
  for (const std::string& path : request.update_mask().paths()) {
    if (path == "*") {
      edit.whole_form = true;
      edit.recommender |= !request.application().recommender_region().empty();
    } else if (!FieldMaskUtil::IsValidPath<v1::Application>(path)) {
      problems.push_back({.field = "update_mask",
                          .reason = "UNKNOWN_PATH",
                          .zh = base::StrCat("没有此字段：", path),
                          .en = base::StrCat("there is no field ", path)});
    } else if (path == kForm) {
      edit.whole_form = true;
    } else if (path.starts_with(kBelowForm)) {
      edit.paths.push_back(path.substr(kBelowForm.size()));
    } else if (path == kRecommender) {
      edit.recommender = true;
    }
  }
  if (!problems.empty()) return Refuse(Reason::kInvalidRequest, {}, std::move(problems));
  return edit;
}

void Merge(const Edit& edit, const v1::ApplicationForm& from, v1::ApplicationForm* to) {
  if (edit.whole_form) {
    *to = from;
    return;
  }
  FieldMask mask;
  for (const std::string& path : edit.paths) mask.add_paths(path);
  FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(from, mask, options, to);
}

void Normalise(v1::ApplicationForm* form) {
  ForEachText(form,
              [](const std::string& text) { return base::Nfc(base::NormaliseLineEnds(text)); });
  if (form->has_lead()) {
    form->mutable_lead()->set_credit_code(domain::NormaliseCode(form->lead().credit_code()));
  }
  for (v1::Member& member : *form->mutable_members()) {
    member.set_credit_code(domain::NormaliseCode(member.credit_code()));
  }
}

std::vector<std::string> ChangedPaths(const v1::ApplicationForm& before,
                                      const v1::ApplicationForm& after) {
  std::vector<std::string> paths;
  AddChanged(before, after, "", &paths);
  return paths;
}

bool IsMarked(std::string_view path,
              const google::protobuf::RepeatedPtrField<v1::FieldMark>& marks) {
  return std::any_of(marks.begin(), marks.end(), [&](const v1::FieldMark& mark) {
    return IsBelow(path, mark.field()) || IsBelow(mark.field(), path);
  });
}

}  // namespace alliance::filing
