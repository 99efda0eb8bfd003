#include "common/base/status_macros.h"

#include <memory>

#include "gtest/gtest.h"

namespace alliance::base {
namespace {

absl::StatusOr<std::unique_ptr<int>> Make(int value) {
  if (value < 0) return absl::InvalidArgumentError("negative");
  return std::make_unique<int>(value);
}

absl::StatusOr<int> Sum(int a, int b) {
  ASSIGN_OR_RETURN(std::unique_ptr<int> first, Make(a));
  ASSIGN_OR_RETURN(const auto second, Make(b));
  return *first + *second;
}

absl::Status Check(int value) {
  RETURN_IF_ERROR(Make(value).status());
  return absl::OkStatus();
}

TEST(StatusMacros, PassFailuresUpAndValuesOn) {
  EXPECT_EQ(Sum(1, 2).value(), 3);
  EXPECT_EQ(Sum(1, -2).status(), absl::InvalidArgumentError("negative"));
  EXPECT_TRUE(Check(0).ok());
  EXPECT_EQ(Check(-1), absl::InvalidArgumentError("negative"));
}

}  // namespace
}  // namespace alliance::base
