#include "common/print/recommendation_prints.h"

#include "common/base/str.h"
#include "common/print/sheet.h"
#include "common/print/workbook.h"

namespace alliance::print {
namespace {

// What the table is, above it.
std::string FactsOf(const Summary& summary) {
  return base::StrCat("推荐函文号：", summary.number, "　推荐单位：", summary.issuer, "　日期：",
                      summary.date);
}

}  // namespace

absl::StatusOr<std::string> PrintLetter(const Letter& letter) {
  Sheet sheet({.title = letter.title,
               .header_left = letter.number,
               .footer = letter.source,
               .created = letter.prepared});
  sheet.Title(letter.title);
  sheet.Paragraph(letter.number, 11);
  sheet.Space(12);
  sheet.Paragraph(base::StrCat(letter.addressee, "："), 12);
  sheet.Space(6);
  for (const std::string& paragraph : letter.paragraphs) {
    sheet.Paragraph(base::StrCat("　　", paragraph), 12);
    sheet.Space(6);
  }
  sheet.Space(12);
  sheet.Paragraph(base::StrCat("　　", letter.attachment), 12);
  // Signature, stamp and date stay together.
  sheet.Need(120);
  sheet.Space(48);
  sheet.Paragraph(
      base::StrCat("　　　　　　　　　　　　　　　　　　　　", letter.issuer, "（盖章）"), 12);
  sheet.Paragraph(base::StrCat("　　　　　　　　　　　　　　　　　　　　", letter.date), 12);
  return sheet.Pdf();
}

absl::StatusOr<std::string> PrintSummary(const Summary& summary) {
  Sheet sheet({.title = summary.title,
               .header_left = summary.title,
               .header_right = summary.number,
               .footer = summary.source,
               .created = summary.prepared});
  sheet.Title(summary.title);
  sheet.Paragraph(summary.round_title, 10);
  sheet.Space(3);
  sheet.Paragraph(FactsOf(summary), 10);
  sheet.Space(6);
  constexpr double kWidths[] = {28, 92, 92, 76, 60, 54, 50, 30};
  const auto row = [&](const std::vector<std::string>& texts, bool label) {
    std::vector<Cell> cells;
    for (size_t i = 0; i < texts.size(); ++i) {
      cells.push_back(
          {.text = texts[i], .width = kWidths[i], .align = Align::kCentre, .label = label});
    }
    return cells;
  };
  sheet.Head(row({"序号", "联盟名称", "盟主企业", "统一社会信用代码", "技术领域",
                  "核定研发投入（万元）", "公示结果", "版本"},
                 true));
  int number = 0;
  for (const SummaryLine& line : summary.lines) {
    sheet.Row(row({base::StrCat(++number), line.alliance_name, line.lead_name, line.lead_code,
                   line.technical_field, line.verified_rd_wan, line.outcome, line.version},
                  false));
  }
  sheet.EndTable();
  sheet.Space(8);
  sheet.Paragraph(base::StrCat("名单摘要（SHA-256）：", summary.digest), 9);
  sheet.Paragraph("推荐函与本表须为同一名单；系统只受理与本摘要一致的推荐。", 9);
  return sheet.Pdf();
}

absl::StatusOr<std::string> SummarySheet(const Summary& summary) {
  Workbook book = {.name = summary.title,
                   .created = summary.prepared,
                   .widths = {6, 32, 32, 22, 20, 18, 18, 22, 8, 68}};
  book.rows.push_back({summary.title});
  book.rows.push_back({summary.round_title});
  book.rows.push_back({FactsOf(summary)});
  book.rows.push_back(
      {base::StrCat("名单：", summary.source, "　名单摘要（SHA-256）：", summary.digest)});
  book.head = book.rows.size();
  book.rows.push_back({"序号", "联盟名称", "盟主企业", "统一社会信用代码", "技术领域", "高新区",
                       "核定研发投入（万元）", "公示结果", "申请版本", "版本摘要（SHA-256）"});
  int number = 0;
  for (const SummaryLine& line : summary.lines) {
    book.rows.push_back({base::StrCat(++number), line.alliance_name, line.lead_name, line.lead_code,
                         line.technical_field, line.zone_name, line.verified_rd_wan, line.outcome,
                         line.version, line.version_digest});
  }
  return WriteWorkbook(book);
}

}  // namespace alliance::print
