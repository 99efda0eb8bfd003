// Annex 1, the detailed rules, and Annex 3, the directory of the offices.

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "common/base/str.h"
#include "common/print/prints.h"
#include "common/print/sheet.h"

namespace alliance::print {

absl::StatusOr<std::string> PrintRules(const RulesText& rules) {
  Sheet sheet({.title = rules.title,
               .header_left = rules.title,
               .header_right = rules.source,
               .created = rules.released});
  sheet.Paragraph("附件 1", 12);
  sheet.Space(6);
  sheet.Title(rules.title);
  for (const std::string& article : rules.articles) {
    for (const absl::string_view paragraph : absl::StrSplit(article, '\n')) {
      sheet.Paragraph(base::StrCat("　　", paragraph), 11);
      sheet.Space(3);
    }
  }
  return sheet.Pdf();
}

absl::StatusOr<std::string> PrintDirectory(const Directory& directory) {
  Sheet sheet({.title = directory.title,
               .header_left = directory.title,
               .header_right = directory.source,
               .created = directory.released});
  sheet.Paragraph("附件 3", 12);
  sheet.Space(6);
  sheet.Title(directory.title);
  constexpr double kWidths[] = {40, 172, 110, 60, 100};
  const auto row = [&](const std::vector<std::string>& texts, bool label) {
    std::vector<Cell> cells;
    for (size_t i = 0; i < texts.size(); ++i) {
      cells.push_back(
          {.text = texts[i], .width = kWidths[i], .align = Align::kCentre, .label = label});
    }
    return cells;
  };
  sheet.Head(row({"序号", "工作机构名称", "所在市", "联系人", "办公电话"}, true));
  int number = 0;
  for (const OfficeLine& office : directory.offices) {
    sheet.Row(row({base::StrCat(++number), office.name, office.place, office.contact, office.phone},
                  false));
  }
  sheet.EndTable();
  return sheet.Pdf();
}

}  // namespace alliance::print
