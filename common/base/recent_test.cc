#include "common/base/recent.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace alliance::base {
namespace {

TEST(Recent, FindsTheLastValueOfAKeyAndNoOther) {
  Recent<int> recent(8);
  EXPECT_FALSE(recent.Find("a"));
  recent.Put("a", 1);
  recent.Put("a", 2);
  EXPECT_EQ(recent.Find("a"), 2);
  EXPECT_FALSE(recent.Find("b"));
}

TEST(Recent, KeepsAtMostItsBoundAndTheLatest) {
  Recent<int> recent(8);
  for (int i = 0; i < 1000; ++i) recent.Put(absl::StrCat(i), i);
  int kept = 0;
  for (int i = 0; i < 1000; ++i) kept += recent.Find(absl::StrCat(i)) ? 1 : 0;
  EXPECT_LE(kept, 8);
  for (int i = 996; i < 1000; ++i) EXPECT_EQ(recent.Find(absl::StrCat(i)), i);
}

TEST(Recent, ANewValueWinsOverOneThatIsAlreadyOld) {
  Recent<int> recent(4);
  recent.Put("a", 1);
  recent.Put("b", 1);
  recent.Put("c", 1);  // a and b are old now
  recent.Put("a", 2);
  EXPECT_EQ(recent.Find("a"), 2);
}

}  // namespace
}  // namespace alliance::base
