#include "common/domain/mask.h"

#include "gtest/gtest.h"

namespace alliance::domain {
namespace {

// A mobile number as lists show it: 138****1234.
TEST(MaskPhone, HidesTheMiddleOfEveryNumber) {
  EXPECT_EQ(MaskPhone("13812341234"), "138****1234");
  EXPECT_EQ(MaskPhone("024-23983158"), "024-****3158");
  EXPECT_EQ(MaskPhone("0412-5215902"), "041*-***5902");
  EXPECT_EQ(MaskPhone("024-23983158 13614027066"), "024-****3158 136****7066");
  EXPECT_EQ(MaskPhone("+8613812341234"), "+861******1234");
  EXPECT_EQ(MaskPhone("5215902"), "***5902");
  EXPECT_EQ(MaskPhone("12345"), "*****");
  EXPECT_EQ(MaskPhone("不详"), "不详");
  EXPECT_EQ(MaskPhone(""), "");
}

TEST(MaskName, ShowsTheFirstCharacterOnly) {
  EXPECT_EQ(MaskName("张三"), "张*");
  EXPECT_EQ(MaskName("欧阳某某"), "欧***");
  EXPECT_EQ(MaskName("𬭎文"), "𬭎*");
  EXPECT_EQ(MaskName("王 京"), "王**");
  EXPECT_EQ(MaskName("王"), "王");
  EXPECT_EQ(MaskName(""), "");
  EXPECT_EQ(MaskName("\xFF\xFE"), "*");
}

}  // namespace
}  // namespace alliance::domain
