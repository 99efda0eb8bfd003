#include "common/rules/packs.h"

#include <atomic>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace alliance::rules {
namespace {

const std::string kPath = ALLIANCE_SOURCE_DIR "/common/rules/2023.textproto";

std::string Changed(std::initializer_list<std::pair<std::string, std::string>> changes) {
  std::ifstream file(kPath);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const auto& [right, wrong] : changes) {
    const size_t at = text.find(right);
    EXPECT_NE(at, std::string::npos) << right;
    text.replace(at, right.size(), wrong);
  }
  return text;
}

// A pack is added while others read; what was handed out stays good, and the number decides.
TEST(Packs, GrowWhileTheyAreRead) {
  auto packs = Packs::Load({kPath});
  ASSERT_TRUE(packs.ok());
  const Pack* first = packs->Latest();
  auto second = ParsePack(Changed({{"min_experts: 3", "min_experts: 4"}}), "x");
  auto third = ParsePack(Changed({{"min_experts: 3", "min_experts: 5"}}), "x");
  const std::string second_digest = second->digest();
  EXPECT_FALSE(packs->Has(second_digest, 1));
  const Pack* newest = packs->Add(*std::move(third), 2);
  EXPECT_EQ(packs->Find("rounds/2023-tsl"), newest);
  // The one before it comes late, as from a table read again: kept, but not the round's.
  const Pack* older = packs->Add(*std::move(second), 1);
  EXPECT_TRUE(packs->Has(second_digest, 1));
  EXPECT_FALSE(packs->Has(second_digest, 2));
  EXPECT_EQ(packs->Find("rounds/2023-tsl"), newest);
  EXPECT_EQ(packs->all().size(), 1u);
  EXPECT_EQ(packs->FindByDigest(second_digest), older);
  EXPECT_EQ(packs->FindByDigest(first->digest()), first);
  EXPECT_EQ(first->round_name(), "rounds/2023-tsl");
  // The same again is the one that is there.
  EXPECT_EQ(packs->Add(LoadPack(kPath).value()), first);

  // Readers beside writers see a whole index each time.
  std::vector<std::thread> readers;
  std::atomic<bool> stop = false;
  std::atomic<int> wrong = 0;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        const Pack* found = packs->Find("rounds/2023-tsl");
        if (found == nullptr || packs->FindByDigest(found->digest()) != found) ++wrong;
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    packs->Add(ParsePack(Changed({{"appeal_days: ", "appeal_days: 1"},
                                  {"id: \"2023-tsl\"", "id: \"2023-" + std::to_string(i) + "\""}}),
                         "x")
                   .value());
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(packs->all().size(), 21u);
}

TEST(Packs, AreFoundByRoundYearAndDigest) {
  const absl::StatusOr<Packs> packs = Packs::Load({kPath});
  ASSERT_TRUE(packs.ok()) << packs.status();
  ASSERT_NE(packs->Find("rounds/2023-tsl"), nullptr);
  EXPECT_EQ(packs->Find("rounds/2022-tsl"), nullptr);
  EXPECT_EQ(packs->Latest(), packs->Find("rounds/2023-tsl"));
  EXPECT_EQ(packs->ForYear(2023), packs->Latest());
  EXPECT_EQ(packs->ForYear(2024), nullptr);
  EXPECT_EQ(packs->FindByDigest(LoadPack(kPath)->digest()), packs->Latest());
  EXPECT_EQ(packs->FindByDigest("x"), nullptr);
  EXPECT_FALSE(Packs::Load({}).ok());
  EXPECT_FALSE(Packs::Load({kPath, kPath}).ok());
}

}  // namespace
}  // namespace alliance::rules
