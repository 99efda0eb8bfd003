#include "common/rules/pack_node.h"

#include <algorithm>
#include <iterator>

#include "common/base/str.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace alliance::rules {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::TextFormat;

// The fields that rules.proto calls optional.
constexpr std::string_view kOptional[] = {
    "alliance.rules.v1.Basis.source",
    "alliance.rules.v1.Interval.hi_wan",
    "alliance.rules.v1.Interval.sum_wan",
    "alliance.rules.v1.Form.severities",
    "alliance.rules.v1.Round.region_deadlines",
    "alliance.rules.v1.RegionDeadlines.enterprise_deadline_time",
    "alliance.rules.v1.RegionDeadlines.recommender_deadline_time",
    "alliance.rules.v1.Pack.extensions",
    "alliance.rules.v1.Pack.desk",
    "alliance.rules.v1.Pack.districts",
    "alliance.rules.v1.Zone.route",
    "alliance.rules.v1.PublicNotice.regions",
};

class Errors final : public google::protobuf::io::ErrorCollector {
 public:
  explicit Errors(PackProblems& problems) : problems_(problems) {}
  void AddError(int line, google::protobuf::io::ColumnNumber, const std::string& message) override {
    problems_.push_back({.line = line + 1, .why = message});
  }

 private:
  PackProblems& problems_;
};

bool IsOptional(const FieldDescriptor* field) {
  return std::find(std::begin(kOptional), std::end(kOptional), field->full_name()) !=
         std::end(kOptional);
}

}  // namespace

bool ParseWithLines(std::string_view text, google::protobuf::Message* out, Lines* lines,
                    PackProblems* problems) {
  google::protobuf::io::ArrayInputStream stream(text.data(), static_cast<int>(text.size()));
  Errors errors(*problems);
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  parser.WriteLocationsTo(lines);
  return parser.Parse(&stream, out);
}

const FieldDescriptor* Node::FieldOf(const char* field) const {
  return message_.GetDescriptor()->FindFieldByName(field);
}

int Node::LineOf(const FieldDescriptor* field, int index) const {
  if (lines_ == nullptr) return line_;
  const int line = lines_->GetLocation(field, field->is_repeated() ? std::max(index, 0) : -1).line;
  return line < 0 ? line_ : line + 1;  // not written at all: the message's own line
}

Node Node::Child(const char* name, int index) const {
  const FieldDescriptor* field = FieldOf(name);
  const auto* reflection = message_.GetReflection();
  // Below a message that was not written there are no lines.
  Node child(index < 0 ? reflection->GetMessage(message_, field)
                       : reflection->GetRepeatedMessage(message_, field, index),
             lines_ == nullptr ? nullptr : lines_->GetTreeForNested(field, index), problems_);
  child.path_ = base::StrCat(path_, path_.empty() ? "" : ".", name);
  if (index >= 0) base::StrAppend(&child.path_, "[", index, "]");
  child.line_ = LineOf(field, index);
  return child;
}

std::string Node::Text(const char* field, int index) const {
  const auto* reflection = message_.GetReflection();
  return index < 0 ? reflection->GetString(message_, FieldOf(field))
                   : reflection->GetRepeatedString(message_, FieldOf(field), index);
}

int64_t Node::Number(const char* name) const {
  const FieldDescriptor* field = FieldOf(name);
  const auto* reflection = message_.GetReflection();
  return field->cpp_type() == FieldDescriptor::CPPTYPE_INT32
             ? reflection->GetInt32(message_, field)
             : reflection->GetInt64(message_, field);
}

bool Node::Flag(const char* field) const {
  return message_.GetReflection()->GetBool(message_, FieldOf(field));
}

int Node::Size(const char* field) const {
  return message_.GetReflection()->FieldSize(message_, FieldOf(field));
}

bool Node::Wrong(const char* name, std::string_view why, int index) const {
  std::string where = base::StrCat(path_, path_.empty() ? "" : ".", name);
  if (index >= 0) base::StrAppend(&where, "[", index, "]");
  problems_.push_back(
      {.line = LineOf(FieldOf(name), index), .path = std::move(where), .why = std::string(why)});
  return false;
}

void Node::CheckFilled() const {
  const auto* descriptor = message_.GetDescriptor();
  const auto* reflection = message_.GetReflection();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    const char* name = field->name().c_str();
    const bool is_text = field->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
    const bool is_message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (field->is_repeated()) {
      const int size = reflection->FieldSize(message_, field);
      if (size == 0 && !IsOptional(field)) Wrong(name, "is missing");
      for (int j = 0; j < size; ++j) {
        if (is_text && Text(name, j).empty()) Wrong(name, "is empty", j);
        if (is_message) Child(name, j).CheckFilled();
      }
    } else if (is_message) {
      if (reflection->HasField(message_, field)) {
        Child(name).CheckFilled();
      } else if (!IsOptional(field)) {
        Wrong(name, "is missing");
      }
    } else if (is_text && Text(name).empty() && !IsOptional(field)) {
      Wrong(name, "is missing");
    }
  }
}

}  // namespace alliance::rules
