// For tests: a form with every field filled in, and a fixture that reads prints back.

#ifndef ALLIANCE_COMMON_PRINT_TEST_PRINTS_H_
#define ALLIANCE_COMMON_PRINT_TEST_PRINTS_H_

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/print/prints.h"
#include "common/print/test_reader.h"
#include "gtest/gtest.h"

namespace alliance::print {

inline constexpr int64_t kWan = 1'000'000;

inline std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline int CountOf(std::string_view text, std::string_view part) {
  int count = 0;
  for (size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

// A grey picture of one page.
struct Picture {
  int width = 0;
  int height = 0;
  std::string grey;

  // Pixels darker than `below` in a part of the page, given in hundredths of it.
  int64_t Dark(int left, int top, int right, int bottom, int below = 128) const {
    int64_t dark = 0;
    for (int y = height * top / 100; y < height * bottom / 100; ++y) {
      for (int x = width * left / 100; x < width * right / 100; ++x) {
        if (static_cast<uint8_t>(grey[static_cast<size_t>(y * width + x)]) < below) ++dark;
      }
    }
    return dark;
  }
};

inline Picture ReadPgm(const std::string& path) {
  const std::string file = ReadFile(path);
  Picture picture;
  int most = 0;
  int header = 0;
  EXPECT_EQ(
      std::sscanf(file.c_str(), "P5 %d %d %d%n", &picture.width, &picture.height, &most, &header),
      3);
  picture.grey = file.substr(static_cast<size_t>(header) + 1);
  EXPECT_EQ(picture.grey.size(), static_cast<size_t>(picture.width * picture.height));
  return picture;
}

class PrintTest : public ::testing::Test {
 protected:
  void SetUp() override {
    // ALLIANCE_PRINT_FOLDER keeps the prints for people to look at.
    const char* keep = std::getenv("ALLIANCE_PRINT_FOLDER");
    folder_ = base::StrCat(keep != nullptr ? keep : ::testing::TempDir(), "/print-",
                           ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
    keep_ = keep != nullptr;
  }
  void TearDown() override {
    if (!keep_) std::filesystem::remove_all(folder_);
  }

  void Save(const absl::StatusOr<std::string>& pdf) {
    ASSERT_TRUE(pdf.ok()) << pdf.status();
    EXPECT_TRUE(pdf->starts_with("%PDF-1."));
    EXPECT_LT(pdf->size(), size_t{1} << 20) << "only the characters that are used are embedded";
    std::ofstream(folder_ + "/print.pdf", std::ios::binary) << *pdf;
  }
  std::string TextOf(const absl::StatusOr<std::string>& pdf) {
    Save(pdf);
    return print_testing::TextOfFile(folder_ + "/print.pdf");
  }
  // All pages as pictures of `dots` to the inch, in order.
  std::vector<std::string> DrawPages(const absl::StatusOr<std::string>& pdf, const char* dots) {
    Save(pdf);
    const std::string pages = base::StrCat(folder_, "/at-", dots);
    std::filesystem::remove_all(pages);
    std::filesystem::create_directories(pages);
    print_testing::RunWell(
        {"pdftoppm", "-r", dots, "-gray", folder_ + "/print.pdf", pages + "/page"});
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(pages)) {
      files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
  }
  std::vector<Picture> PicturesOf(const absl::StatusOr<std::string>& pdf) {
    std::vector<Picture> pictures;
    for (const std::string& file : DrawPages(pdf, "100")) pictures.push_back(ReadPgm(file));
    return pictures;
  }
  // Of the last page; empty when there is none.
  std::string QrOf(const absl::StatusOr<std::string>& pdf) {
    const std::string found = print_testing::Run({"zbarimg", "-q", "--nodbus", "--raw", "-Sdisable",
                                                  "-Sqrcode.enable", DrawPages(pdf, "200").back()})
                                  .out;
    return found.substr(0, found.find('\n'));
  }

  std::string folder_;
  bool keep_ = false;
};

inline FormTexts Texts() {
  return {.title = "辽宁省科技型中小企业技术能力提升类联盟备案申请表",
          .form_year = 2022,
          .narrative_limit = 500,
          .goals_limit = 500,
          .notes = {{"技术领域",
                     "电子信息、生物与新医药、航空航天、新材料、高技术服务、新能源与节能、"
                     "资源与环境、先进制造与自动化。"},
                    {"所属高新区", "**省级高新区或者沈大自创区。"},
                    {"I类知识产权", "包括：发明专利（含国防专利）、植物新品种等。"}},
          .source = "2023-tsl　规则包 041d2ac6358dec9e",
          .released = absl::FromUnixSeconds(1'680'192'000)};
}

inline std::string Repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) base::StrAppend(&out, text);
  return out;
}

inline FilledForm Complete() {
  FilledForm filled{.case_name = "applications/01870b2e-5c00-7000-8000-000000000001",
                    .zone_name = "大连高新技术产业园区",
                    .recommender_name = "大连市科技局",
                    .phone = "13812341234"};
  domain::Form& form = filled.form;
  form.alliance_name = "大连市轴承智能制造产学研联盟";
  form.technical_field = domain::TechnicalField::kAdvancedManufacturingAndAutomation;
  form.lead = {.enterprise_name = "大连示例轴承有限公司",
               .credit_code = "91210200PDY0000012",
               .lead_types = {domain::LeadType::kEaglet, domain::LeadType::kTechSme},
               .registered_address = "辽宁省大连市高新园区示例路1号",
               .domicile_explanation = "总部迁入",
               .founded_date = "2015-06-01",
               .staff = {120, 110},
               .tech_staff = {40, 35},
               .rd_spend_fen = {domain::Fen(601 * kWan + 10'000), domain::Fen(502 * kWan)},
               .cooperation_spend_fen = {domain::Fen(83 * kWan), domain::Fen(64 * kWan)},
               .sales_fen = {domain::Fen(9'005 * kWan + 560'000), domain::Fen(8'006 * kWan)},
               .hightech_income_fen = {domain::Fen(6'007 * kWan), domain::Fen(5'008 * kWan)},
               .profit_fen = {domain::Fen(709 * kWan), domain::Fen(-21 * kWan - 500'000)},
               .ip_class1 = {3, 2},
               .ip_class2 = {11, 0},
               .projects_and_platforms = "省级企业技术中心\n省重点研发计划项目"};
  form.alliance = {
      .cooperations = {{"示例理工大学机械学院", "高精度轴承在线检测，2023年完成样机"},
                       {"李教授团队", "润滑材料"}},
      .cooperation_forms = {domain::CooperationForm::kAgreement, domain::CooperationForm::kOther},
      .sales_fen = {domain::Fen(9'510 * kWan), domain::Fen(8'411 * kWan)},
      .rd_spend_fen = {domain::Fen(712 * kWan), domain::Fen(563 * kWan)},
      .member_count = 4,
      .enterprise_count = 2,
      .university_count = 1,
      .institute_count = 0,
      .cooperation_narrative =
          Repeated("联盟围绕高端轴承开展产学研合作。", 31) + "结尾四字",  // 500 characters
      .goals = "三年内建成行业公共检测平台。"};
  form.members = {
      {"大连示例轴承有限公司", "91210200PDY0000012", domain::MemberKind::kEnterprise,
       "细分行业前列"},
      {"示例理工大学", "12210200PDY9000019", domain::MemberKind::kUniversity, "机械工程学科领先"}};
  form.contact = {.display_name = "张三", .phone = "13812341234"};
  return filled;
}

inline Version AVersion() {
  return {.case_name = "applications/01870b2e-5c00-7000-8000-000000000001",
          .number = 2,
          .digest = crypto::Sha256("abc"),
          .receive = absl::FromUnixMicros(1'681'092'000'000'123),  // 2023-04-10 10:00 in Shanghai
          .rules_digest = Repeated("0123456789abcdef", 4)};
}

}  // namespace alliance::print

#endif  // ALLIANCE_COMMON_PRINT_TEST_PRINTS_H_
