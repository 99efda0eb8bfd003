#include "common/domain/draw.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/domain/errors.h"
#include "gtest/gtest.h"

namespace alliance::domain {
namespace {

// Not a cryptographic digest; the law only needs a fixed function. FNV-1a with a final mix.
std::string Digest(std::string_view text) {
  uint64_t hash = 14695981039346656037u;
  for (char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211u;
  hash ^= hash >> 33, hash *= 0xff51afd7ed558ccdu, hash ^= hash >> 33;
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(hash >> shift);
  return bytes;
}

std::vector<std::string> List(int size) {
  std::vector<std::string> list;
  for (int i = 0; i < size; ++i) list.push_back("applications/" + std::to_string(1000 + i));
  return list;
}

using Drawn = absl::StatusOr<std::vector<std::string>>;

Drawn Draw(const std::string& seed, const std::vector<std::string>& list, int count) {
  return DrawSample(Digest(seed), seed, list, count, Digest);
}

//
TEST(Draw, AnybodyCanDrawTheSameAgain) {
  const std::vector<std::string> drawn = Draw("seed", List(100), 10).value();
  EXPECT_EQ(drawn.size(), 10);
  EXPECT_TRUE(std::is_sorted(drawn.begin(), drawn.end()));
  EXPECT_EQ(Draw("seed", List(100), 10).value(), drawn);
  EXPECT_NE(Draw("another seed", List(100), 10).value(), drawn);
  EXPECT_TRUE(Draw("seed", List(100), 0)->empty());
  EXPECT_EQ(Draw("seed", List(5), 5).value(), List(5));
}

TEST(Draw, DrawingMoreKeepsThoseAlreadyDrawn) {
  const std::vector<std::string> few = Draw("seed", List(100), 10).value();
  const std::vector<std::string> more = Draw("seed", List(100), 20).value();
  EXPECT_TRUE(std::includes(more.begin(), more.end(), few.begin(), few.end()));
}

TEST(Draw, EveryCaseHasTheSameChance) {
  std::map<std::string, int> times;
  for (int i = 0; i < 10'000; ++i) {
    const Drawn drawn = Draw("seed " + std::to_string(i), List(20), 5);
    for (const std::string& id : *drawn) ++times[id];
  }
  ASSERT_EQ(times.size(), 20);
  for (const auto& [id, count] : times) EXPECT_NEAR(count, 2'500, 250) << id;
}

TEST(Draw, RefusesAnotherSeedOrAListThatIsNotClosed) {
  EXPECT_TRUE(RefusedFor(DrawSample(Digest("seed"), "another", List(3), 1, Digest).status(),
                         Reason::kListMismatch));
  EXPECT_TRUE(
      RefusedFor(DrawSample(Digest(""), "", List(3), 1, Digest).status(), Reason::kListMismatch));
  EXPECT_TRUE(RefusedFor(Draw("seed", {"b", "a"}, 1).status(), Reason::kListMismatch));
  EXPECT_TRUE(RefusedFor(Draw("seed", {"a", "a"}, 1).status(), Reason::kListMismatch));
  EXPECT_TRUE(RefusedFor(Draw("seed", List(3), 4).status(), Reason::kInvalidRequest));
  EXPECT_TRUE(RefusedFor(Draw("seed", List(3), -1).status(), Reason::kInvalidRequest));
}

}  // namespace
}  // namespace alliance::domain
