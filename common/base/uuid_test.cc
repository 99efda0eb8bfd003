#include "common/base/uuid.h"

#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace alliance::base {
namespace {

TEST(Uuid7, IsAVersionSevenUuid) {
  const std::string id = NewUuid7();
  EXPECT_TRUE(IsUuid(id)) << id;
  EXPECT_EQ(id[14], '7');
  EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos) << id;
}

TEST(Uuid7, LaterIsGreater) {
  std::string last = NewUuid7();
  for (int i = 0; i < 100'000; ++i) {
    const std::string next = NewUuid7();
    ASSERT_GT(next, last);
    last = next;
  }
}

TEST(Uuid7, ThreadsNeverRepeatAndStayInOrder) {
  constexpr int kThreads = 4;
  std::vector<std::vector<std::string>> made(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&made, t] {
      for (int i = 0; i < 5'000; ++i) made[t].push_back(NewUuid7());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> all;
  for (const std::vector<std::string>& ids : made) {
    EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
    all.insert(ids.begin(), ids.end());
  }
  EXPECT_EQ(all.size(), size_t{kThreads * 5'000});
}

TEST(IsUuid, RefusesEverythingElse) {
  for (const char* bad :
       {"", "0187438a", "0187438A-96BD-7CE1-9D0A-3F1C2E5B7A90",
        "0187438a-96bd-7ce1-9d0a-3f1c2e5b7a9", "0187438a-96bd-7ce1-9d0a-3f1c2e5b7a900",
        "0187438a096bd-7ce1-9d0a-3f1c2e5b7a90", "g187438a-96bd-7ce1-9d0a-3f1c2e5b7a90"}) {
    EXPECT_FALSE(IsUuid(bad)) << bad;
  }
}

}  // namespace
}  // namespace alliance::base
