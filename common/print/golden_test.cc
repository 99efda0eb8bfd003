// The prints of a golden file, so that a version printed again in years is what it is today.

#include <string>
#include <utility>

#include "common/print/test_prints.h"

namespace alliance::print {
namespace {

// A version printed again in years is the print of today. Text and picture are always compared:
// they are what is on the paper. The bytes also hold the outlines of the characters as this font
// file has them, packed as this cairo and this zlib pack them; so bytes are compared with the
// golden ones where font file and libraries are those that the golden file names, and elsewhere
// they must differ from them in nothing that can be read or seen.
TEST_F(PrintTest, PrintsAreThoseOfTheGoldenFile) {
  const Version version = AVersion();
  const std::pair<const char*, absl::StatusOr<std::string>> prints[] = {
      {"form", PrintFinal(Texts(), Complete(), version)},
      {"blank", PrintBlankForm(Texts())},
      {"receipt", PrintReceipt({.version = version,
                                .round_title = "2023 年批次",
                                .alliance_name = "大连市轴承智能制造产学研联盟",
                                .lead_name = "大连示例轴承有限公司",
                                .lead_credit_code = "91210200PDY0000012",
                                .recommender_name = "大连市科技局",
                                .history_sequence = 3,
                                .history_hash = std::string(32, 'h')})}};
  const auto digest = [](std::string_view bytes) { return crypto::Hex(crypto::Sha256(bytes)); };
  std::string made_with;
  for (const char* file : {"NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc"}) {
    const std::string font = ReadFile(base::StrCat("/usr/share/fonts/opentype/noto/", file));
    ASSERT_FALSE(font.empty()) << file;
    base::StrAppend(&made_with, "with ", file, " ", digest(font), "\n");
  }
  std::string seen;
  std::string bytes;
  for (const auto& [name, pdf] : prints) {
    base::StrAppend(&seen, name, " text ", digest(TextOf(pdf)), "\n");
    std::string pictures;
    for (const std::string& file : DrawPages(pdf, "72")) pictures += ReadFile(file);
    base::StrAppend(&seen, name, " picture ", digest(pictures), "\n");
    base::StrAppend(&bytes, name, " bytes ", digest(*pdf), "\n");
  }
  const std::string form = *prints[0].second;
  const size_t producer = form.find("/Producer (");  // cairo names itself and its version
  ASSERT_NE(producer, std::string::npos);
  base::StrAppend(&made_with, "with ", form.substr(producer, form.find('\n', producer) - producer),
                  "\n");
  const std::string path = std::string(ALLIANCE_SOURCE_DIR) + "/tests/golden/prints.sha256";
  const std::string golden = ReadFile(path);
  EXPECT_EQ(golden.substr(0, seen.size()), seen) << "a print is no longer what it was; now it is\n"
                                                 << seen << made_with << bytes << "of " << path;
  if (golden.find(made_with) != std::string::npos) {
    EXPECT_EQ(golden, seen + made_with + bytes) << "the same to read, other bytes: " << path;
  }
}

}  // namespace
}  // namespace alliance::print
