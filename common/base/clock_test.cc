#include "common/base/clock.h"

#include <cstdio>
#include <fstream>
#include <string>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace alliance::base {
namespace {

TEST(ManualClock, StandsStillUntilTold) {
  ManualClock clock(absl::FromUnixSeconds(100));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(100));
  clock.Advance(absl::Seconds(5));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(105));
  clock.Set(absl::FromUnixSeconds(7));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(7));
}

TEST(SharedOffsetClock, EveryOpenClockSeesANewOffset) {
  const std::string path = testing::TempDir() + "/clock_offset";
  std::remove(path.c_str());
  auto clock = SharedOffsetClock::Open(path);
  ASSERT_TRUE(clock.ok()) << clock.status();
  EXPECT_LT(absl::AbsDuration((*clock)->Now() - absl::Now()), absl::Minutes(1));

  ASSERT_TRUE(SharedOffsetClock::WriteOffset(path, -absl::Hours(24)).ok());
  EXPECT_LT(absl::AbsDuration((*clock)->Now() - (absl::Now() - absl::Hours(24))), absl::Minutes(1));
  SharedOffsetClock second(path);
  ASSERT_TRUE(second.status().ok());
  EXPECT_LT(absl::AbsDuration(second.Now() - (*clock)->Now()), absl::Minutes(1));
}

TEST(SharedOffsetClock, RefusesWhatIsNoOffset) {
  const std::string path = testing::TempDir() + "/clock_not_offset";
  std::ofstream(path) << "not eight bytes";
  EXPECT_FALSE(SharedOffsetClock::Open(path).ok());
  EXPECT_FALSE(SharedOffsetClock::Open("/nowhere/clock").ok());
  EXPECT_FALSE(SharedOffsetClock::WriteOffset("/nowhere/clock", absl::Seconds(1)).ok());
  EXPECT_FALSE(SharedOffsetClock::WriteOffset(path + "2", absl::Nanoseconds(1)).ok());
  SharedOffsetClock broken(path);
  EXPECT_FALSE(broken.status().ok());
  EXPECT_LT(absl::AbsDuration(broken.Now() - absl::Now()), absl::Minutes(1));
}

}  // namespace
}  // namespace alliance::base
