#include "services/filing/form_diff.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "common/base/str.h"
#include "common/domain/credit_code.h"
#include "common/domain/form_fields.h"
#include "google/protobuf/message.h"

namespace alliance::filing {
namespace {

using domain::FieldKind;
using domain::FieldRow;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::string_view kRows = "[].";

std::string ChoiceOf(const FieldRow& row, int number) {
  for (const domain::FieldChoice& choice : row.choices) {
    if (choice.number == number) return std::string(choice.zh);
  }
  return number == 0 ? "" : base::StrCat(number);
}

std::string Shown(const FieldRow& row, const Message& message, const FieldDescriptor* field) {
  const auto* reflection = message.GetReflection();
  if (field->is_repeated()) {
    std::string shown;
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      base::StrAppend(&shown, i == 0 ? "" : "、",
                      ChoiceOf(row, reflection->GetRepeatedEnumValue(message, field, i)));
    }
    return shown;
  }
  if (field->has_presence() && !reflection->HasField(message, field)) return "";
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
      return base::StrCat(domain::FormatWan(domain::Fen(reflection->GetInt64(message, field))),
                          row.unit);
    case FieldDescriptor::CPPTYPE_INT32:
      return base::StrCat(reflection->GetInt32(message, field), row.unit);
    case FieldDescriptor::CPPTYPE_ENUM:
      return ChoiceOf(row, reflection->GetEnumValue(message, field));
    default:
      break;
  }
  const std::string text = reflection->GetString(message, field);
  for (const domain::FieldChoice& choice : row.choices) {
    if (choice.word == text) return std::string(choice.zh);
  }
  return text;
}

// The value at `path` below `message`, without rows; parts that are absent read as empty.
std::string ShownAt(const FieldRow& row, const Message& message, std::string_view path) {
  const size_t point = path.find('.');
  const FieldDescriptor* field =
      message.GetDescriptor()->FindFieldByName(std::string(path.substr(0, point)));
  if (point == std::string_view::npos) return Shown(row, message, field);
  return ShownAt(row, message.GetReflection()->GetMessage(message, field), path.substr(point + 1));
}

void Compare(const FieldRow& row, const Message& before, const Message& after,
             std::string_view below, const std::string& path, std::vector<FormChange>* out) {
  std::string old_value = ShownAt(row, before, below);
  std::string new_value = ShownAt(row, after, below);
  if (old_value == new_value) return;
  out->push_back({.path = path, .before = std::move(old_value), .after = std::move(new_value)});
}

// Tables ------------------------------------------------------------------------------------------

struct TableRow {
  std::string key;
  const Message* message = nullptr;
};

std::vector<TableRow> RowsOf(const v1::ApplicationForm& form, std::string_view table) {
  std::vector<TableRow> rows;
  if (table == "members") {
    for (const v1::Member& member : form.members()) {
      const std::string code = domain::NormaliseCode(member.credit_code());
      rows.push_back({code.empty() ? member.member_name() : code, &member});
    }
  } else {
    for (const v1::Cooperation& row : form.alliance().cooperations()) {
      rows.push_back({row.partner(), &row});
    }
  }
  return rows;
}

// Which row of `before` each row of `after` was: the same key, else the row at the same place when
// both keys are new or gone.
std::vector<std::optional<size_t>> MatchRows(const std::vector<TableRow>& before,
                                             const std::vector<TableRow>& after) {
  std::vector<std::optional<size_t>> match(after.size());
  std::vector<bool> used(before.size());
  for (size_t i = 0; i < after.size(); ++i) {
    for (size_t j = 0; j < before.size() && !match[i]; ++j) {
      if (used[j] || before[j].key != after[i].key || after[i].key.empty()) continue;
      match[i] = j;
      used[j] = true;
    }
  }
  for (size_t i = 0; i < after.size(); ++i) {
    if (match[i] || i >= before.size() || used[i]) continue;
    match[i] = i;
    used[i] = true;
  }
  return match;
}

std::vector<const FieldRow*> FieldsOf(std::string_view table) {
  std::vector<const FieldRow*> fields;
  for (const FieldRow& row : domain::FormFields()) {
    if (row.path.starts_with(base::StrCat(table, kRows))) fields.push_back(&row);
  }
  return fields;
}

std::string WholeRow(std::string_view table, const Message& message) {
  std::string shown;
  for (const FieldRow* field : FieldsOf(table)) {
    const std::string value =
        ShownAt(*field, message, field->path.substr(table.size() + kRows.size()));
    if (!value.empty()) base::StrAppend(&shown, shown.empty() ? "" : " / ", value);
  }
  return shown;
}

void CompareTable(std::string_view table, const v1::ApplicationForm& before,
                  const v1::ApplicationForm& after, std::vector<FormChange>* out) {
  const std::vector<TableRow> old_rows = RowsOf(before, table);
  const std::vector<TableRow> new_rows = RowsOf(after, table);
  const auto match = MatchRows(old_rows, new_rows);
  const std::vector<const FieldRow*> fields = FieldsOf(table);
  std::vector<bool> kept(old_rows.size());
  for (size_t i = 0; i < new_rows.size(); ++i) {
    const std::string row_path = base::StrCat(table, "[", i, "]");
    if (!match[i]) {
      out->push_back({.path = row_path, .after = WholeRow(table, *new_rows[i].message)});
      continue;
    }
    kept[*match[i]] = true;
    for (const FieldRow* field : fields) {
      const std::string_view below = field->path.substr(table.size() + kRows.size());
      Compare(*field, *old_rows[*match[i]].message, *new_rows[i].message, below,
              base::StrCat(row_path, ".", below), out);
    }
  }
  for (size_t j = 0; j < old_rows.size(); ++j) {
    if (kept[j]) continue;
    out->push_back({.path = base::StrCat(table, "[", j, "]"),
                    .before = WholeRow(table, *old_rows[j].message)});
  }
}

}  // namespace

std::vector<FormChange> DiffForms(const v1::ApplicationForm& before,
                                  const v1::ApplicationForm& after) {
  std::vector<FormChange> changes;
  std::string_view last_table;
  for (const FieldRow& row : domain::FormFields()) {
    const size_t rows = row.path.find(kRows);
    if (rows != std::string_view::npos) {
      const std::string_view table = row.path.substr(0, rows);
      if (table != last_table) CompareTable(table, before, after, &changes);
      last_table = table;
      continue;
    }
    if (!row.two_years) {
      Compare(row, before, after, row.path, std::string(row.path), &changes);
      continue;
    }
    for (const char* year : {".y1", ".y2"}) {
      const std::string path = base::StrCat(row.path, year);
      Compare(row, before, after, path, path, &changes);
    }
  }
  return changes;
}

std::vector<FormChange> DiffPapers(const Papers& before, const Papers& after,
                                   const v1::ApplicationForm& after_form) {
  using Key = std::pair<std::string, std::string>;
  std::map<Key, std::pair<const v1::Paper*, const v1::Paper*>> both;
  for (const v1::Paper& paper : before) {
    both[{paper.slot(), paper.member_credit_code()}].first = &paper;
  }
  for (const v1::Paper& paper : after) {
    both[{paper.slot(), paper.member_credit_code()}].second = &paper;
  }
  std::vector<FormChange> changes;
  for (const auto& [key, papers] : both) {
    const auto& [old_paper, new_paper] = papers;
    const bool same = old_paper != nullptr && new_paper != nullptr &&
                      old_paper->sha256() == new_paper->sha256() &&
                      old_paper->file_name() == new_paper->file_name();
    if (same) continue;
    changes.push_back({.path = PaperPath(after_form, key.first, key.second),
                       .before = old_paper == nullptr ? "" : old_paper->file_name(),
                       .after = new_paper == nullptr ? "" : new_paper->file_name()});
  }
  return changes;
}

std::string PaperPath(const v1::ApplicationForm& form, const std::string& slot,
                      const std::string& member_code) {
  for (int i = 0; !member_code.empty() && i < form.members_size(); ++i) {
    if (form.members(i).credit_code() == member_code) {
      return base::StrCat("papers.", slot, "[", i, "]");
    }
  }
  return base::StrCat("papers.", slot);
}

}  // namespace alliance::filing
