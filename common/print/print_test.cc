// Every print is rendered and read back with programs that are not ours: the text by pdftotext, the
// pictures by pdftoppm, the QR code by zbarimg.

#include <sys/wait.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "common/base/str.h"
#include "common/crypto/check_code.h"
#include "common/crypto/digest.h"
#include "common/print/printable.h"
#include "common/print/prints.h"
#include "common/print/sheet.h"
#include "common/print/test_prints.h"
#include "gtest/gtest.h"

namespace alliance::print {
namespace {

using domain::Fen;
using print_testing::RunWell;

// All words of Annex 2, in its order.
const std::vector<std::string>& Labels() {
  static const auto* labels = new std::vector<std::string>{
      "辽宁省科技型中小企业技术能力提升类联盟备案申请表",
      "联盟名称",
      "技术领域",
      "所属高新区",
      "一、盟主企业情况",
      "盟主单位类型",
      "年份",
      "2022年",
      "2021年",
      "员工总数（人）",
      "科技人员（人）",
      "研究开发费用（万元）",
      "产学研合作经费（万元）",
      "销售收入（万元）",
      "高新技术产品（服务）收入（万元）",
      "利润总额（万元）",
      "知识产权情况（提供证明材料）",
      "承担省级以上重点项目及平台名称",
      "二、联盟情况",
      "产学研合作主要内容",
      "单位或团队名称",
      "合作内容及阶段目标",
      "产学研合作形式",
      "联盟销售收入",
      "联盟研究开发费用",
      "成员总数",
      "成员企业数量",
      "成员高校数量",
      "成员研究机构数量",
      "联盟开展产学研合作情况（限500字）：",
      "主要包括：联盟所在产业（行业）领域地位、产学研合作、人才团队、项目实施、开展活动等内容。",
      "联盟发展目标任务（限500字）：",
      "联盟成员单位在行业（或领域）中地位的简要说明：",
      "序号",
      "成员单位名称",
      "成员单位法人代码",
      "在行业（或领域）中的地位",
      "1.填表说明：",
      "2.技术领域：电子信息、生物与新医药、航空航天、新材料、高技术服务、新能源与节能、资源与环境、"
      "先进制造与自动化。",
      "3.所属高新区：**省级高新区或者沈大自创区。",
      "4.I类知识产权包括：发明专利（含国防专利）、植物新品种等。",
  };
  return *labels;
}

void ExpectAll(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

// the form to be filled in by hand has every label, no value and no zero.
TEST_F(PrintTest, BlankFormIsAnnex2) {
  const auto pdf = PrintBlankForm(Texts());
  const std::string text = TextOf(pdf);
  ExpectAll(text, Labels());
  ExpectAll(text, {"附件2", "xx市xx联盟", "□瞪羚□雏鹰□科技型中小企业",
                   "□签署产学研合作协议□开展项目合作□联合培养人才□共建研发机构□其他",
                   "I类项，II类项", "2023-tsl规则包041d2ac6358dec9e", "第1页共2页", "第2页共2页"});
  for (const char* absent : {"草稿", "校验码", "万元0", "0.00", "✓", "联系电话"}) {
    EXPECT_EQ(CountOf(text, absent), 0) << absent;
  }
  EXPECT_EQ(PicturesOf(pdf).size(), 2U);
}

// the form is generated from the data, with every value as it was given.
TEST_F(PrintTest, FinalFormShowsEveryField) {
  const auto pdf = PrintFinal(Texts(), Complete(), AVersion());
  const std::string text = TextOf(pdf);
  ExpectAll(text, Labels());
  ExpectAll(text, {"大连市轴承智能制造产学研联盟",
                   "先进制造与自动化",
                   "大连高新技术产业园区",
                   "□瞪羚✓雏鹰✓科技型中小企业",
                   "120110",
                   "4035",
                   "601.01502.00",
                   "83.0064.00",
                   "9005.568006.00",
                   "6007.005008.00",
                   "709.00-21.50",
                   "I类3项，II类11项I类2项，II类0项",
                   "省级企业技术中心省重点研发计划项目",
                   "示例理工大学机械学院",
                   "高精度轴承在线检测，2023年完成样机",
                   "李教授团队",
                   "润滑材料",
                   "✓签署产学研合作协议□开展项目合作□联合培养人才□共建研发机构✓其他",
                   "9510.00万元8411.00万元",
                   "712.00万元563.00万元",
                   "4个",
                   "2个",
                   "1个",
                   "0个",
                   "三年内建成行业公共检测平台。",
                   "结尾四字",
                   "1大连示例轴承有限公司91210200PDY0000012细分行业前列",
                   "2示例理工大学12210200PDY9000019机械工程学科领先",
                   "盟主企业名称大连示例轴承有限公司",
                   "统一社会信用代码91210200PDY0000012",
                   "注册地址辽宁省大连市高新园区示例路1号",
                   "成立日期2015-06-01",
                   "联系人张三",
                   "联系电话13812341234",
                   "推荐单位大连市科技局",
                   "注册地说明总部迁入",
                   "版本2校验码" + crypto::CheckCode(AVersion().digest),
                   "收到时间：2023-04-1010:00:00.000123（北京时间）",
                   "版本摘要（SHA-256）：" + crypto::Hex(AVersion().digest),
                   AVersion().case_name});
  EXPECT_GE(CountOf(text, "联盟围绕高端轴承开展产学研合作。"), 30)
      << "of 31, one parted by the page";
  EXPECT_EQ(CountOf(text, "草稿"), 0);
  EXPECT_EQ(QrOf(pdf), AVersion().case_name + " " + crypto::Hex(AVersion().digest));
}

// R-012, Q7: beside the form stands what was entered beside it: the earlier registry number of a
// renewal, and what the evidence shows of the R&D. Nothing of it, and the row is not there.
TEST_F(PrintTest, ARenewalShowsItsEarlierNumberAndTheEvidenceItsAmount) {
  const std::string without = TextOf(PrintFinal(Texts(), Complete(), AVersion()));
  EXPECT_EQ(CountOf(without, "原备案编号"), 0);
  EXPECT_EQ(CountOf(without, "研发费用证明"), 0);
  FilledForm filled = Complete();
  filled.form.previous_registry_number = "辽联2022-017";
  filled.form.lead.evidenced_rd_fen = Fen(598 * kWan + 120'000);
  filled.form.lead.rd_evidence_kind = "a107012_row40";
  for (const auto& pdf :
       {PrintFinal(Texts(), filled, AVersion()), PrintDraft(Texts(), filled, AVersion().receive)}) {
    ExpectAll(TextOf(pdf),
              {"原备案编号辽联2022-017", "研发费用证明598.12万元（研发费用加计扣除明细表）"});
  }
  filled.form.previous_registry_number.clear();
  const std::string text = TextOf(PrintFinal(Texts(), filled, AVersion()));
  EXPECT_EQ(CountOf(text, "598.12"), 1);
  EXPECT_EQ(CountOf(text, "2022-017"), 0);
  EXPECT_EQ(CountOf(TextOf(PrintBlankForm(Texts())), "原备案编号"), 0)
      << "Annex 2 has no such line";
}

// Version and check code on every page; nothing runs over the margins.
TEST_F(PrintTest, EveryPageNamesTheVersionAndKeepsItsMargins) {
  const auto pdf = PrintFinal(Texts(), Complete(), AVersion());
  const std::string text = TextOf(pdf);
  const std::vector<Picture> pages = PicturesOf(pdf);
  ASSERT_EQ(pages.size(), 2U);
  EXPECT_EQ(CountOf(text, "校验码" + crypto::CheckCode(AVersion().digest)), 2);
  EXPECT_EQ(CountOf(text, "校验码：" + crypto::CheckCode(AVersion().digest)), 1) << "the stamp";
  for (const Picture& page : pages) {
    EXPECT_GT(page.Dark(10, 0, 90, 8), 100) << "header";
    EXPECT_GT(page.Dark(80, 93, 92, 97), 20) << "page number";
    EXPECT_EQ(page.Dark(0, 0, 8, 100), 0) << "left margin";
    EXPECT_EQ(page.Dark(92, 0, 100, 100), 0) << "right margin";
    EXPECT_EQ(page.Dark(0, 97, 100, 100), 0) << "bottom margin";
    EXPECT_EQ(page.Dark(0, 0, 100, 4), 0) << "top margin";
    EXPECT_GT(page.Dark(10, 8, 90, 40), 2000) << "the page is not empty";
  }
}

TEST_F(PrintTest, DraftSaysSoOnEveryPage) {
  const FilledForm filled = Complete();
  const auto pdf = PrintDraft(Texts(), filled, AVersion().receive);
  const std::string text = TextOf(pdf);
  ExpectAll(text, Labels());
  const std::vector<Picture> pages = PicturesOf(pdf);
  ASSERT_EQ(pages.size(), 2U);
  EXPECT_EQ(CountOf(text, "草稿DRAFT，不得作为正式材料"), 2) << "in the header";
  EXPECT_EQ(CountOf(text, "草稿DRAFT不得作为正式材料"), 2) << "and across the page";
  EXPECT_EQ(CountOf(text, "校验码"), 0) << "only locked versions have one";
  EXPECT_EQ(QrOf(pdf), "");
  // Grey, so that what stands over it can be read: the last page's empty lower half has the mark.
  const std::vector<Picture> finals = PicturesOf(PrintFinal(Texts(), filled, AVersion()));
  EXPECT_GT(pages[0].Dark(10, 8, 90, 92, 230), finals[0].Dark(10, 8, 90, 92, 230) + 5000);
}

// Empty is empty: no field of an empty form is printed as 0.
TEST_F(PrintTest, AnEmptyDraftHasNoValues) {
  const std::string text = TextOf(
      PrintDraft(Texts(), {.case_name = "applications/x"}, absl::FromUnixSeconds(1'681'092'011)));
  ExpectAll(text, Labels());
  ExpectAll(text, {"I类项，II类项", "成员总数个成员企业数量个", "□瞪羚□雏鹰□科技型中小企业"});
  for (const char* absent : {"0.00", "0个", "0项", "xx市", "✓"}) {
    EXPECT_EQ(CountOf(text, absent), 0) << absent;
  }
}

// the table goes on over the pages, with its head on each.
TEST_F(PrintTest, FiftyMembersTakeSeveralPages) {
  FilledForm filled = Complete();
  filled.form.members.clear();
  for (int i = 1; i <= 50; ++i) {
    filled.form.members.push_back({.member_name = base::StrCat("成员单位", i, "号有限责任公司"),
                                   .credit_code = "91210200PDY0000012",
                                   .position = Repeated("行业地位说明", i % 10 + 1)});
  }
  const auto pdf = PrintFinal(Texts(), filled, AVersion());
  const std::string text = TextOf(pdf);
  for (int i = 1; i <= 50; ++i) {
    EXPECT_EQ(CountOf(text, base::StrCat("成员单位", i, "号有限责任公司")), 1) << i;
  }
  const size_t pages = PicturesOf(pdf).size();
  EXPECT_GE(pages, 5U);
  EXPECT_GE(CountOf(text, "序号成员单位名称"), 3);
  EXPECT_EQ(CountOf(text, base::StrCat("共", pages, "页")), static_cast<int>(pages));
}

// A text longer than a page flows on and loses nothing.
TEST_F(PrintTest, AVeryLongTextFlowsOverPages) {
  FilledForm filled = Complete();
  filled.form.alliance.cooperation_narrative.clear();
  for (int i = 0; i < 300; ++i) {
    base::StrAppend(&filled.form.alliance.cooperation_narrative, "第", i, "句话讲述产学研合作。\n");
  }
  filled.form.alliance.cooperations[0].content_and_goals = Repeated("阶段目标", 400);
  const std::string text = TextOf(PrintFinal(Texts(), filled, AVersion()));
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(CountOf(text, base::StrCat("第", i, "句话")), 1) << i;
  }
  EXPECT_GE(CountOf(text, "阶段目标"), 400 - 8) << "but for those parted by a page's edge";
}

// Rare characters of names are printed; what would hide is written out.
TEST_F(PrintTest, RareCharactersAreDrawnAndHiddenOnesShown) {
  FilledForm filled = Complete();
  filled.form.members[0].member_name = "𬭎鎏科技㛃有限公司";
  filled.form.members[1].member_name = "abc\u202etxt.exe\u200bd\x01\xff";
  const auto pdf = PrintFinal(Texts(), filled, AVersion());
  const std::string text = TextOf(pdf);
  ExpectAll(text, {"𬭎鎏科技㛃有限公司", "abc<U+202E>txt.exe<U+200B>d<U+0001><0xFF>"});
  // A glyph that the font lacks would be embedded as .notdef and could not be read back.
  const std::string fonts = RunWell({"pdffonts", folder_ + "/print.pdf"});
  EXPECT_EQ(CountOf(fonts, "NotoSerifCJK"), 2) << fonts;
}

TEST(Printable, ShowsWhatHides) {
  struct {
    std::string_view text, shown;
  } rows[] = {
      {"大连 abc", "大连 abc"},
      {"a\r\nb\rc\td", "a\nb\nc d"},
      {std::string_view("a\0b", 3), "a<U+0000>b"},
      {"\x1b[31m", "<U+001B>[31m"},
      {"\u0085", "<U+0085>"},
      {"\u202e\u2066\u200e", "<U+202E><U+2066><U+200E>"},
      {"\ufeff\u200b\u2028", "<U+FEFF><U+200B><U+2028>"},
      {"葛\U000e0100", "葛\U000e0100"},  // a form of a name's character
      {"\xc3", "<0xC3>"},
      {"\xed\xa0\x80", "<0xED><0xA0><0x80>"},
      {"<b>&amp;", "<b>&amp;"},  // never markup
      {"𬭎", "𬭎"},
  };
  for (const auto& row : rows) EXPECT_EQ(Printable(row.text), row.shown) << row.text;
}

// the receipt proves what was received, when, and where that stands in the chain.
TEST_F(PrintTest, ReceiptNamesVersionInstantAndChain) {
  const Receipt receipt{.version = AVersion(),
                        .round_title = "关于组织申报的通知",
                        .alliance_name = "大连市轴承联盟",
                        .lead_name = "大连示例轴承有限公司",
                        .lead_credit_code = "91210200PDY0000012",
                        .recommender_name = "大连市科技局",
                        .history_sequence = 17,
                        .history_hash = crypto::Sha256("history")};
  const auto pdf = PrintReceipt(receipt);
  const std::string text = TextOf(pdf);
  ExpectAll(text, {"备案申请回执", "批次关于组织申报的通知", "案件编号" + AVersion().case_name,
                   "联盟名称大连市轴承联盟", "盟主企业大连示例轴承有限公司",
                   "统一社会信用代码91210200PDY0000012", "推荐单位大连市科技局", "版本第2版",
                   "收到时间2023-04-1010:00:00.000123（北京时间）", crypto::Hex(AVersion().digest),
                   crypto::CheckCode(AVersion().digest), "历史记录序号17",
                   crypto::Hex(receipt.history_hash), AVersion().rules_digest, "核验方法：",
                   "第1页共1页"});
  EXPECT_EQ(QrOf(pdf), QrText(AVersion()));
  EXPECT_EQ(PicturesOf(pdf).size(), 1U);
}

//
TEST_F(PrintTest, RulesAreTheArticlesInOrder) {
  const RulesText rules{
      .title = "后补助计划实施细则",
      .articles = {"第一条 为引导，制定本细则。", "第四条 条件：\n1. 法人。\n2. 合作。"},
      .source = "2023-tsl",
      .released = Texts().released};
  const std::string text = TextOf(PrintRules(rules));
  ExpectAll(text, {"附件1后补助计划实施细则第一条为引导，制定本细则。第四条条件：1.法人。2.合作。",
                   "2023-tsl"});
}

//
TEST_F(PrintTest, DirectoryIsTheTableOfAnnex3) {
  const Directory directory{.title = "各市科技局联系人及电话",
                            .offices = {{"沈阳市科技局", "沈阳市", "李永成", "024-22740339"},
                                        {"鞍山市科技局", "鞍山市", "王 京", "0412-5215902"},
                                        {"沈抚改革创新示范区产业发展和科技创新局",
                                         "沈抚改革创新示范区", "魏 超", "152****4131"}},
                            .source = "2023-tsl",
                            .released = Texts().released};
  const std::string text = TextOf(PrintDirectory(directory));
  ExpectAll(text, {"附件3各市科技局联系人及电话", "序号工作机构名称所在市联系人办公电话",
                   "1沈阳市科技局沈阳市李永成024-22740339", "2鞍山市科技局鞍山市王京0412-5215902",
                   "152****4131"});
}

// The same input, the same bytes: on this thread, on others at the same time, and after other
// prints.
TEST_F(PrintTest, PrintsAreDeterministicAndThreadSafe) {
  const std::string once = *PrintFinal(Texts(), Complete(), AVersion());
  std::vector<std::string> again(3);
  std::vector<std::thread> threads;
  for (std::string& pdf : again) {
    threads.emplace_back([&pdf] {
      for (int i = 0; i < 2; ++i) {
        PrintBlankForm(Texts()).IgnoreError();
        pdf = *PrintFinal(Texts(), Complete(), AVersion());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& pdf : again)
    EXPECT_EQ(crypto::Hex(crypto::Sha256(pdf)), crypto::Hex(crypto::Sha256(once)));
  FilledForm other = Complete();
  other.form.lead.staff.y1 = 121;
  EXPECT_NE(*PrintFinal(Texts(), other, AVersion()), once);
}

// And in another process, whose addresses and locale are others: told by its digest.
TEST_F(PrintTest, AnotherProcessPrintsTheSameBytes) {
  const std::string digest =
      crypto::Hex(crypto::Sha256(*PrintFinal(Texts(), Complete(), AVersion())));
  if (std::getenv("ALLIANCE_PRINT_DIGEST") != nullptr) {
    std::ofstream(std::getenv("ALLIANCE_PRINT_DIGEST")) << digest;
    return;
  }
  // Beside our folder: the other process has the same one and removes it.
  const std::string told = folder_ + "-digest";
  for (const char* locale : {"C", "tr_TR.UTF-8"}) {
    RunWell({"env", "ALLIANCE_PRINT_DIGEST=" + told, base::StrCat("LC_ALL=", locale), "TZ=UTC",
             std::filesystem::read_symlink("/proc/self/exe").string(),
             "--gtest_filter=PrintTest.AnotherProcessPrintsTheSameBytes"});
    EXPECT_EQ(ReadFile(told), digest) << locale;
    std::filesystem::remove(told);
  }
}

TEST_F(PrintTest, ATextTooLongForAQrCodeIsAnError) {
  Sheet sheet({.title = "x"});
  sheet.Stamp(Repeated("0123456789", 400), {"x"});
  sheet.Row({{.text = "after it", .width = kWidth}});
  EXPECT_EQ(sheet.Pdf().status().code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace alliance::print
