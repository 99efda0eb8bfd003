// Letter and summary table, read back with programs that are not ours: pdftotext, and for the sheet
// Python's zip and XML readers.

#include "common/print/recommendation_prints.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "common/base/str.h"
#include "common/print/test_reader.h"
#include "common/print/workbook.h"
#include "gtest/gtest.h"

namespace alliance::print {
namespace {

using print_testing::RunWell;

// Every cell as "A1<TAB>type<TAB>text", formulas as "A1<TAB>formula"; all parts must be
// well-formed.
constexpr char kReadSheet[] = R"(
import sys, zipfile, xml.etree.ElementTree as xml
space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
book = zipfile.ZipFile(sys.argv[1])
assert book.testzip() is None
for part in book.namelist(): xml.fromstring(book.read(part))
strings = ["".join(t.text or "" for t in si.iter("{%s}t" % space["m"]))
           for si in xml.fromstring(book.read("xl/sharedStrings.xml")).findall("m:si", space)]
sheet = xml.fromstring(book.read("xl/worksheets/sheet1.xml"))
for cell in sheet.iter("{%s}c" % space["m"]):
    if cell.find("m:f", space) is not None: print(cell.get("r"), "formula", sep="\t"); continue
    value = cell.find("m:v", space)
    if value is None: continue
    print(cell.get("r"), cell.get("t"), strings[int(value.text)], sep="\t")
print(xml.fromstring(book.read("xl/workbook.xml")).find("m:sheets/m:sheet", space).get("name"))
)";

class RecommendationPrintsTest : public ::testing::Test {
 protected:
  std::string File(const std::string& name, const absl::StatusOr<std::string>& bytes) {
    EXPECT_TRUE(bytes.ok()) << bytes.status();
    const std::string path =
        base::StrCat(::testing::TempDir(), "/",
                     ::testing::UnitTest::GetInstance()->current_test_info()->name(), "-", name);
    std::ofstream(path, std::ios::binary) << bytes.value_or("");
    files_.push_back(path);
    return path;
  }
  void TearDown() override {
    for (const std::string& file : files_) std::filesystem::remove(file);
  }
  std::string CellsOf(const absl::StatusOr<std::string>& book) {
    return RunWell({"python3", "-c", kReadSheet, File("sheet.xlsx", book)});
  }
  std::string TextOf(const absl::StatusOr<std::string>& pdf) {
    return print_testing::TextOfFile(File("print.pdf", pdf));
  }

  Summary summary_ = {.title = "推荐备案联盟汇总表",
                      .round_title = "关于组织申报联盟的通知",
                      .number = "大科发〔2023〕12号",
                      .issuer = "大连市科学技术局",
                      .date = "2023年4月27日",
                      .digest = std::string(64, 'a'),
                      .source = "recommendationLists/0190",
                      .prepared = absl::FromUnixSeconds(1682560800),
                      .lines = {{.alliance_name = "大连市智能装备联盟",
                                 .lead_name = "大连智造有限公司",
                                 .lead_code = "91210200MA0XX00015",
                                 .technical_field = "先进制造与自动化",
                                 .zone_name = "大连高新技术产业园区",
                                 .verified_rd_wan = "123.45",
                                 .outcome = "无异议",
                                 .version = "2",
                                 .version_digest = std::string(64, 'b')},
                                {.alliance_name = "=HYPERLINK(\"http://x\",\"联盟\")",
                                 .lead_name = "+cmd|' /C calc'!A0",
                                 .lead_code = "@SUM(1)",
                                 .technical_field = "-1",
                                 .verified_rd_wan = "0.10",
                                 .outcome = "处理后再次公示无异议",
                                 .version = "1",
                                 .version_digest = std::string(64, 'c')}}};
  std::vector<std::string> files_;
};

// R-083: the sheet read back says exactly the list, one row a line, in its order.
TEST_F(RecommendationPrintsTest, SheetSaysTheList) {
  const std::string cells = CellsOf(SummarySheet(summary_));
  for (std::string_view line :
       {"A1\ts\t推荐备案联盟汇总表\n", "A5\ts\t序号\n", "B5\ts\t联盟名称\n", "A6\ts\t1\n",
        "B6\ts\t大连市智能装备联盟\n", "C6\ts\t大连智造有限公司\n", "D6\ts\t91210200MA0XX00015\n",
        "E6\ts\t先进制造与自动化\n", "F6\ts\t大连高新技术产业园区\n", "G6\ts\t123.45\n",
        "H6\ts\t无异议\n", "I6\ts\t2\n", "A7\ts\t2\n", "H7\ts\t处理后再次公示无异议\n"}) {
    EXPECT_NE(cells.find(line), std::string::npos) << line << cells;
  }
  EXPECT_NE(cells.find(base::StrCat("J6\ts\t", std::string(64, 'b'))), std::string::npos);
  EXPECT_NE(cells.find(summary_.digest), std::string::npos);
  EXPECT_EQ(cells.find("A8\t"), std::string::npos);
  EXPECT_TRUE(cells.ends_with("\n推荐备案联盟汇总表\n")) << cells;  // name of the sheet
}

// R-083: what begins like a formula is text, character by character.
TEST_F(RecommendationPrintsTest, CellsAreTextNeverFormulas) {
  const std::string cells = CellsOf(SummarySheet(summary_));
  for (std::string_view line :
       {"B7\ts\t=HYPERLINK(\"http://x\",\"联盟\")\n", "C7\ts\t+cmd|' /C calc'!A0\n",
        "D7\ts\t@SUM(1)\n", "E7\ts\t-1\n", "G7\ts\t0.10\n"}) {
    EXPECT_NE(cells.find(line), std::string::npos) << line << cells;
  }
  EXPECT_EQ(cells.find("formula"), std::string::npos);
}

// R-083: what hides is written out, and what a sheet cannot hold is refused, not cut.
TEST_F(RecommendationPrintsTest, SheetHidesNothing) {
  summary_.lines[0].lead_name = "甲\u202e乙\x01";
  EXPECT_NE(CellsOf(SummarySheet(summary_)).find("C6\ts\t甲<U+202E>乙<U+0001>\n"),
            std::string::npos);
  summary_.lines[0].lead_name = std::string(32768, 'x');
  EXPECT_FALSE(SummarySheet(summary_).ok());
  summary_.lines[0].lead_name = std::string(32767, 'x');
  EXPECT_TRUE(SummarySheet(summary_).ok());
}

// R-083: the same list, the same bytes.
TEST_F(RecommendationPrintsTest, SameListSameBytes) {
  EXPECT_EQ(SummarySheet(summary_).value(), SummarySheet(summary_).value());
  EXPECT_EQ(PrintSummary(summary_).value(), PrintSummary(summary_).value());
  const std::string before = SummarySheet(summary_).value();
  summary_.lines[1].verified_rd_wan = "0.11";
  EXPECT_NE(SummarySheet(summary_).value(), before);
}

// R-083: the printed table says the same.
TEST_F(RecommendationPrintsTest, SummarySaysTheList) {
  const std::string text = TextOf(PrintSummary(summary_));
  for (std::string_view part :
       {"推荐备案联盟汇总表", "大科发〔2023〕12号", "大连市科学技术局", "2023年4月27日",
        "大连市智能装备联盟", "大连智造有限公司", "91210200MA0XX00015", "123.45", "无异议",
        "处理后再次公示无异议", "@SUM(1)"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_NE(text.find(summary_.digest), std::string::npos);
  // 500 lines go on over many pages, each with its number.
  summary_.lines.resize(500, summary_.lines[0]);
  EXPECT_NE(TextOf(PrintSummary(summary_)).find("500大连市智能装备联盟"), std::string::npos);
}

// R-036: the letter with its number, addressee, text, issuer and date.
TEST_F(RecommendationPrintsTest, LetterSaysWhatWasDrafted) {
  const Letter letter = {.title = "关于推荐备案实质性产学研联盟的函",
                         .number = "大科发〔2023〕12号",
                         .addressee = "辽宁省科学技术厅",
                         .paragraphs = {"现推荐大连市智能装备联盟备案。", "特此函报。"},
                         .attachment = "附件：推荐备案联盟汇总表（共1个）",
                         .issuer = "大连市科学技术局",
                         .date = "2023年4月27日",
                         .source = "recommendationLists/0190",
                         .prepared = absl::FromUnixSeconds(1682560800)};
  const std::string text = TextOf(PrintLetter(letter));
  for (std::string_view part :
       {"关于推荐备案实质性产学研联盟的函", "大科发〔2023〕12号", "辽宁省科学技术厅：",
        "现推荐大连市智能装备联盟备案。", "特此函报。", "附件：推荐备案联盟汇总表（共1个）",
        "大连市科学技术局（盖章）", "2023年4月27日", "recommendationLists/0190"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

}  // namespace
}  // namespace alliance::print
