// The trail is written right: chained per case, complete, sealed.

#include "common/audit/history.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "common/audit/test_fixture.h"
#include "common/db/error.h"

namespace alliance::audit {
namespace {

TEST_F(AuditTest, RowsAreChainedPerCase) {
  Edit("a", 1);
  Edit("b", 1);
  Edit("a", 2);
  const absl::Status status =
      schema_->pool().Read(testdb::Soon(), [&](db::Txn& txn) -> absl::Status {
        const std::vector<HistoryRow> a = ReadHistory(txn, "a");
        EXPECT_EQ(a.size(), 2u);
        if (a.size() != 2) return absl::OkStatus();
        EXPECT_EQ(a[0].seq, 1);
        EXPECT_EQ(a[0].prev_hash, std::string(32, '\0'));
        EXPECT_EQ(a[1].seq, 2);
        EXPECT_EQ(a[1].prev_hash, a[0].hash);
        EXPECT_EQ(HashOf(a[1]), a[1].hash);
        EXPECT_EQ(a[1].act.reason, "第 2 次修改 😀");
        EXPECT_EQ(a[1].act.rules_digest, crypto::Sha256("pack"));
        EXPECT_EQ(a[1].act.paper_digest, std::nullopt);
        EXPECT_EQ(ReadHistory(txn, "b").at(0).prev_hash, std::string(32, '\0'));
        EXPECT_EQ(ReadHistory(txn, "a", 1).size(), 1u);
        const Head head = ReadHead(txn, "a");
        EXPECT_EQ(head.seq, 2);
        EXPECT_EQ(head.hash, a[1].hash);
        EXPECT_EQ(ReadHead(txn, "nothing").seq, 0);
        return absl::OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(Show(VerifyAll()), "");
}

TEST_F(AuditTest, KnownHeadSavesTheRead) {
  const absl::Status status =
      schema_->pool().Run(testdb::Soon(), [&](db::Txn& txn) -> absl::Status {
        Head head;
        for (int i = 1; i <= 3; ++i) head = Append(txn, MakeAct("k", i), &head);
        EXPECT_EQ(head.seq, 3);
        return absl::OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(Show(VerifyAll()), "");
}

TEST_F(AuditTest, TwoAtOnceMakeOneChain) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        absl::Status status;
        do {
          status = schema_->pool().Run(testdb::Soon(), [&](db::Txn& txn) -> absl::Status {
            Append(txn, MakeAct("race", i));
            return absl::OkStatus();
          });
        } while (db::Is(status, db::ErrorWord::kConflictRetryExhausted));
        EXPECT_TRUE(status.ok()) << status;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(schema_->Count("SELECT MAX(seq) FROM history WHERE case_id='race'"), 40);
  EXPECT_EQ(Show(VerifyAll()), "");
}

TEST_F(AuditTest, ActsMustSayWhoAndWhat) {  // docs/threats.md B3-R1
  const auto word = [&](const Act& act) {
    return db::ErrorWordOf(schema_->pool().Run(testdb::Soon(), [&](db::Txn& txn) -> absl::Status {
      Append(txn, act);
      return absl::OkStatus();
    }));
  };
  EXPECT_EQ(word(MakeAct("x", 1)), "");
  for (std::string Act::*field :
       {&Act::case_id, &Act::actor, &Act::role, &Act::action, &Act::trace_id}) {
    Act act = MakeAct("x", 2);
    act.*field = "";
    EXPECT_EQ(word(act), "INTERNAL");
  }
  Act act = MakeAct("x", 2);
  act.paper_digest = "short";
  EXPECT_EQ(word(act), "INTERNAL");
  act = MakeAct("x\"y", 2);
  EXPECT_EQ(word(act), "INTERNAL");
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM history"), 1);
}

TEST_F(AuditTest, SealsKeepTypesAndNullApart) {
  const auto digest = [](const SealedRow& row) { return row.digest; };
  const std::string base = digest(Seal("t", "1", {{"a", "x"}, {"b", 1}}));
  EXPECT_EQ(digest(Seal("t", "1", {{"a", "x"}, {"b", "1"}})), base) << "as the database shows it";
  EXPECT_NE(digest(Seal("t", "1", {{"a", "x"}, {"b", std::nullopt}})), base);
  EXPECT_NE(digest(Seal("t", "1", {{"a", "x1"}, {"b", ""}})), base);
  EXPECT_NE(digest(Seal("t", "2", {{"a", "x"}, {"b", 1}})), base);
  EXPECT_NE(digest(Seal("u", "1", {{"a", "x"}, {"b", 1}})), base);
  EXPECT_NE(digest(Seal("t", "1", {{"b", 1}, {"a", "x"}})), base);
  EXPECT_NE(digest(Seal("t", "1", {{"a", ""}})), digest(Seal("t", "1", {{"a", std::nullopt}})));
  const auto refused = [](const std::string& table, const std::string& id,
                          const std::string& column) {
    EXPECT_THROW(Seal(table, id, {{column, 1}}), db::Error) << table << id << column;
  };
  refused("t; DROP", "1", "a");
  refused("t", "1\"", "a");
  refused("t", "", "a");
  refused("t", "1", "a`b");
  refused("T", "1", "a");
}

TEST_F(AuditTest, SealsAreReadBackOnlyAsTheyAreWritten) {
  const std::vector<SealedRow> seals = {Seal("t", "1", {{"a", 1}, {"b_2", "x"}}),
                                        SealRemoved("other", "id:2/x")};
  const std::string text = FormatSeals(seals);
  const std::optional<std::vector<SealedRow>> back = ParseSeals(text);
  ASSERT_TRUE(back.has_value());
  ASSERT_EQ(back->size(), 2u);
  EXPECT_EQ((*back)[0].digest, seals[0].digest);
  EXPECT_EQ((*back)[0].columns, (std::vector<std::string>{"a", "b_2"}));
  EXPECT_EQ((*back)[1].id, "id:2/x");
  EXPECT_EQ((*back)[1].digest, "");
  EXPECT_EQ(ParseSeals("")->size(), 0u);
  EXPECT_EQ(ParseSeals(text + "\n"), std::nullopt);
  EXPECT_EQ(ParseSeals(" " + text), std::nullopt);
  for (size_t cut = 1; cut < text.size(); ++cut) {
    const auto part = ParseSeals(text.substr(0, cut));
    EXPECT_TRUE(!part.has_value() || part->size() == 1) << cut;
  }
}

}  // namespace
}  // namespace alliance::audit
