// Whatever a hand changes in the database is found and named (docs/threats.md F-K1, F-K2).

#include "common/audit/verify.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "common/audit/test_fixture.h"

namespace alliance::audit {
namespace {

// ----------------------------------------------------------

struct Mutation {
  const char* name;
  std::vector<std::string> sql;
  std::vector<std::string> found;  // sorted; exactly these
};

TEST_F(AuditTest, EveryChangeByHandIsFoundAndNamed) {
  const std::string hash = "x'" + crypto::Hex(std::string(32, 'h')) + "'";
  const std::vector<Mutation> mutations = {
      {"nothing", {}, {}},
      {"edit reason",
       {"UPDATE history SET reason='better' WHERE case_id='b' AND seq=2"},
       {"HISTORY_EDITED history case=b seq=2"}},
      {"edit actor of the last row",
       {"UPDATE history SET actor='nobody' WHERE case_id='b' AND seq=4"},
       {"HISTORY_EDITED history case=b seq=4"}},
      {"edit time",
       {"UPDATE history SET at_us=at_us-1 WHERE case_id='a' AND seq=1"},
       {"HISTORY_EDITED history case=a seq=1"}},
      {"edit nullable digest",
       {"UPDATE history SET rules_digest=NULL WHERE case_id='a' AND seq=3"},
       {"HISTORY_EDITED history case=a seq=3"}},
      {"edit the hash itself",
       {"UPDATE history SET hash=" + hash + " WHERE case_id='a' AND seq=3"},
       {"HISTORY_EDITED history case=a seq=3"}},
      {"edit a checkpointed hash",
       {"UPDATE history SET hash=" + hash + " WHERE case_id='a' AND seq=2"},
       {"HISTORY_EDITED history case=a seq=2", "HISTORY_REWRITTEN history case=a seq=2"}},
      {"delete in the middle",
       {"DELETE FROM history WHERE case_id='c' AND seq=2"},
       {"HISTORY_GAP history case=c seq=2"}},
      {"delete the first",
       {"DELETE FROM history WHERE case_id='c' AND seq=1"},
       {"HISTORY_GAP history case=c seq=1"}},
      {"cut off the end",
       {"DELETE FROM history WHERE case_id='c' AND seq>2"},
       {"HISTORY_CUT history case=c seq=3", "ROW_CHANGED thing id=thing-c"}},
      {"delete a whole case and its row",
       {"DELETE FROM history WHERE case_id='c'", "DELETE FROM thing WHERE id='thing-c'"},
       {"HISTORY_CUT history case=c seq=1"}},
      {"delete a whole case",
       {"DELETE FROM history WHERE case_id='c'"},
       {"HISTORY_CUT history case=c seq=1", "ROW_UNSEALED thing id=thing-c"}},
      {"swap two rows",
       {"UPDATE history SET seq=99 WHERE case_id='a' AND seq=2",
        "UPDATE history SET seq=2 WHERE case_id='a' AND seq=3",
        "UPDATE history SET seq=3 WHERE case_id='a' AND seq=99"},
       {"HISTORY_CHAIN history case=a seq=2", "HISTORY_CHAIN history case=a seq=3",
        "HISTORY_CHAIN history case=a seq=4", "HISTORY_EDITED history case=a seq=2",
        "HISTORY_EDITED history case=a seq=3", "HISTORY_REWRITTEN history case=a seq=2"}},
      {"insert after the end, by copying",
       {"INSERT INTO history SELECT case_id, 5, at_us, actor, role, region, organisation, action, "
        "from_state, to_state, reason, paper_digest, rules_digest, trace_id, sealed, hash, "
        "prev_hash FROM history WHERE case_id='a' AND seq=4"},
       {"HISTORY_EDITED history case=a seq=5"}},
      {"move a row to another case",
       {"UPDATE history SET case_id='z', seq=1 WHERE case_id='a' AND seq=4"},
       {"HISTORY_CHAIN history case=z seq=1", "HISTORY_CUT history case=a seq=4",
        "HISTORY_EDITED history case=z seq=1"}},
      {"rewrite the seals",
       {"UPDATE history SET sealed='[]' WHERE case_id='a' AND seq=4"},
       {"HISTORY_EDITED history case=a seq=4", "ROW_CHANGED thing id=thing-a",
        "SEAL_UNREADABLE history case=a seq=4"}},
      {"change a sealed row",
       {"UPDATE thing SET state='REGISTERED' WHERE id='thing-b'"},
       {"ROW_CHANGED thing id=thing-b"}},
      {"NULL becomes empty",
       {"UPDATE thing SET note='' WHERE id='thing-b'"},
       {"ROW_CHANGED thing id=thing-b"}},
      {"change a column that is not sealed",
       {"UPDATE thing SET unsealed=7 WHERE id='thing-b'"},
       {}},
      {"delete a sealed row",
       {"DELETE FROM thing WHERE id='thing-b'"},
       {"ROW_MISSING thing id=thing-b"}},
      {"rename a sealed row",
       {"UPDATE thing SET id='thing-x' WHERE id='thing-b'"},
       {"ROW_MISSING thing id=thing-b", "ROW_UNSEALED thing id=thing-x"}},
      {"insert a row",
       {"INSERT INTO thing (id, state, version, digest) VALUES ('mine', 'PAID', 1, REPEAT('x', "
        "32))"},
       {"ROW_UNSEALED thing id=mine"}},
      {"edit a checkpoint",
       {"UPDATE audit_checkpoint SET line=REPLACE(line, '\"a\"', '\"x\"') WHERE n=1"},
       {"CHECKPOINT_BROKEN audit_checkpoint n=1", "OUTSIDE_DIFFERS audit_checkpoint n=1"}},
      {"edit a checkpoint's time",
       {"UPDATE audit_checkpoint SET at_us=1 WHERE n=2"},
       {"CHECKPOINT_BROKEN audit_checkpoint n=2"}},
      {"delete a checkpoint",
       {"DELETE FROM audit_checkpoint WHERE n=1"},
       {"CHECKPOINT_MISSING audit_checkpoint n=1", "CHECKPOINT_MISSING audit_checkpoint n=1"}},
      {"delete the last checkpoint",
       {"DELETE FROM audit_checkpoint WHERE n=2"},
       {"DATABASE_ROLLED_BACK audit_checkpoint n=2"}},
      {"repeat a checkpoint",
       {"INSERT INTO audit_checkpoint SELECT 3, at_us, line FROM audit_checkpoint WHERE n=2"},
       {"CHECKPOINT_BROKEN audit_checkpoint n=3"}},
      {"empty everything",
       {"DELETE FROM history", "DELETE FROM thing", "DELETE FROM audit_checkpoint"},
       {"DATABASE_ROLLED_BACK audit_checkpoint n=1", "HISTORY_CUT history case=a seq=1",
        "HISTORY_CUT history case=b seq=1", "HISTORY_CUT history case=c seq=1"}},
  };
  Fill();
  for (const char* table : {"history", "thing", "audit_checkpoint"}) {
    schema_->Execute(base::StrCat("CREATE TABLE keep_", table, " AS SELECT * FROM ", table));
  }
  for (const Mutation& mutation : mutations) {
    for (const std::string& sql : mutation.sql) schema_->Execute(sql);
    const VerifyReport report = VerifyAll();
    EXPECT_EQ(Short(report), mutation.found) << mutation.name << "\n" << Show(report);
    for (const char* table : {"history", "thing", "audit_checkpoint"}) {
      schema_->Execute(base::StrCat("DELETE FROM ", table));
      schema_->Execute(base::StrCat("INSERT INTO ", table, " SELECT * FROM keep_", table));
    }
  }
  EXPECT_EQ(Show(VerifyAll()), "");
  for (const char* table : {"history", "thing", "audit_checkpoint"}) {
    schema_->Execute(base::StrCat("DROP TABLE keep_", table));
  }
}

// Any single change of any single value, drawn at random: all are found.
TEST_F(AuditTest, RandomChangesAreAllFound) {
  Fill();
  const std::vector<std::string> texts = {"actor",    "role",       "region",   "organisation",
                                          "action",   "from_state", "to_state", "reason",
                                          "trace_id", "sealed"};
  const std::vector<std::string> bytes = {"prev_hash", "hash", "rules_digest"};
  std::mt19937 random(20230425);
  const auto draw = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int i = 0; i < 150; ++i) {
    const std::string row =
        base::StrCat(" WHERE case_id='", std::string(1, static_cast<char>('a' + draw(3))),
                     "' AND seq=", 1 + draw(4));
    std::string column;
    std::string change;
    switch (draw(3)) {
      case 0:
        column = texts[static_cast<size_t>(draw(static_cast<int>(texts.size())))];
        change = base::StrCat("CONCAT(", column, ", 'x')");
        break;
      case 1:
        column = bytes[static_cast<size_t>(draw(3))];
        change = base::StrCat("INSERT(", column, ", ", 1 + draw(32), ", 1, '",
                              std::string(1, static_cast<char>('A' + draw(26))), "')");
        break;
      default:
        column = "at_us";
        change = base::StrCat("at_us+", 1 + draw(1000));
    }
    const std::string before =
        schema_->Value(base::StrCat("SELECT HEX(", column, ") FROM history", row));
    schema_->Execute(base::StrCat("UPDATE history SET ", column, "=", change, row));
    if (schema_->Value(base::StrCat("SELECT HEX(", column, ") FROM history", row)) == before)
      continue;
    EXPECT_FALSE(VerifyAll().clean()) << column << row;
    schema_->Execute(base::StrCat("UPDATE history SET ", column, "=",
                                  column == "at_us" ? base::StrCat("CONV('", before, "', 16, 10)")
                                                    : base::StrCat("x'", before, "'"),
                                  row));
  }
  EXPECT_EQ(Show(VerifyAll()), "");
}

// A clever hand rewrites the row and chains everything after it anew: only the checkpoint knows.
TEST_F(AuditTest, ChainMadeAnewIsFoundByTheCheckpoint) {
  Fill();
  const absl::Status status =
      schema_->root().Run(testdb::Soon(), [&](db::Txn& txn) -> absl::Status {
        std::vector<HistoryRow> rows = ReadHistory(txn, "b");
        std::string prev(32, '\0');
        for (HistoryRow& row : rows) {
          if (row.seq == 2) row.act.reason = "another";
          row.prev_hash = prev;
          row.hash = HashOf(row);
          prev = row.hash;
          txn.Exec({"test.rechain",
                    "UPDATE history SET reason=?, prev_hash=?, hash=? "
                    "WHERE case_id='b' AND seq=?"},
                   row.act.reason, row.prev_hash, row.hash, row.seq);
        }
        return absl::OkStatus();
      });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(Short(VerifyAll()), (Findings{"HISTORY_REWRITTEN history case=b seq=2",
                                          "HISTORY_REWRITTEN history case=b seq=4"}));
}

TEST_F(AuditTest, OlderBackupIsFoundByTheFileOutside) {  // docs/threats.md F-K2
  for (const char* case_id : {"a", "b"}) Edit(case_id, 1);
  ASSERT_TRUE(RunCheckpoint().ok());
  const std::vector<std::string> tables = {"history", "thing", "audit_checkpoint"};
  for (const std::string& table : tables) {
    schema_->Execute(base::StrCat("CREATE TABLE backup_", table, " AS SELECT * FROM ", table));
  }
  Edit("a", 2);
  Edit("c", 1);
  ASSERT_TRUE(RunCheckpoint().ok());
  EXPECT_EQ(Show(VerifyAll()), "");
  for (const std::string& table : tables) {
    schema_->Execute(base::StrCat("DELETE FROM ", table));
    schema_->Execute(base::StrCat("INSERT INTO ", table, " SELECT * FROM backup_", table));
    schema_->Execute(base::StrCat("DROP TABLE backup_", table));
  }
  EXPECT_EQ(Short(VerifyAll()),
            (Findings{"DATABASE_ROLLED_BACK audit_checkpoint n=2",
                      "HISTORY_CUT history case=a seq=2", "HISTORY_CUT history case=c seq=1"}));
  // Alone, the older state is in itself without fault: that is why the file is outside.
  EXPECT_EQ(Show(*Verify(*auditor_, *verifier_, {}, testdb::Soon())), "");
}

TEST_F(AuditTest, FileOutsideIsCheckedToo) {
  for (int version = 1; version <= 6; ++version) {
    Edit("a", version);
    ASSERT_TRUE(RunCheckpoint().ok());
  }
  std::vector<std::string> lines;
  {
    std::ifstream file(Outside());
    for (std::string line; std::getline(file, line);) lines.push_back(line);
  }
  const auto write = [&](const std::vector<std::string>& with) {
    std::ofstream file(Outside(), std::ios::trunc);
    for (const std::string& line : with) file << line << "\n";
  };
  const auto found = [&](const std::vector<std::string>& with) {
    write(with);
    return Short(VerifyAll());
  };
  const auto at = [&](int line) { return base::StrCat(Outside(), ":", line); };
  EXPECT_EQ(found(lines), Findings{});
  std::vector<std::string> changed = lines;
  changed[2][10] ^= 1;
  EXPECT_EQ(found(changed), (Findings{"OUTSIDE_BROKEN " + at(3)}));
  changed = lines;
  changed.erase(changed.begin() + 2);
  EXPECT_EQ(found(changed), (Findings{"OUTSIDE_BROKEN " + at(3)}));
  changed = {lines.begin(), lines.begin() + 4};
  EXPECT_EQ(found(changed), Findings{}) << "within the moment between commit and file";
  changed = {lines.begin(), lines.begin() + 3};
  EXPECT_EQ(found(changed), (Findings{"OUTSIDE_MISSING " + at(4)}));
  std::filesystem::remove(Outside());
  EXPECT_EQ(Short(VerifyAll()), (Findings{"OUTSIDE_MISSING " + at(1)}));
  // Another key's signature is worth nothing.
  write(lines);
  ASSERT_TRUE(crypto::GenerateKeyFiles(folder_ + "/key2", folder_ + "/pub2").ok());
  verifier_ = std::make_unique<crypto::Verifier>(*crypto::Verifier::Load(folder_ + "/pub2"));
  EXPECT_EQ(VerifyAll().findings.size(), 12u);
}

TEST_F(AuditTest, LawfulRemovalAndReturn) {
  Edit("a", 1);
  const auto act = [&](bool remove) {
    const absl::Status status =
        schema_->pool().Run(testdb::Soon(), [&](db::Txn& txn) -> absl::Status {
          Act row = MakeAct("a", 2);
          txn.Exec(kRemove, "thing-a");
          if (remove) row.sealed = {SealRemoved("thing", "thing-a")};
          Append(txn, row);
          return absl::OkStatus();
        });
    ASSERT_TRUE(status.ok()) << status;
  };
  act(/*remove=*/true);
  EXPECT_EQ(Show(VerifyAll()), "");
  schema_->Execute(
      "INSERT INTO thing (id, state, version, digest) "
      "VALUES ('thing-a', 'DRAFT', 1, REPEAT('x', 32))");
  EXPECT_EQ(Short(VerifyAll()), (Findings{"ROW_UNSEALED thing id=thing-a"}));
  schema_->Execute("DELETE FROM thing");
  Edit("a", 3);
  EXPECT_EQ(Show(VerifyAll()), "");
  act(/*remove=*/false);
  EXPECT_EQ(Short(VerifyAll()), (Findings{"ROW_MISSING thing id=thing-a"}));
}

TEST_F(AuditTest, RowSealedByTwoCasesFollowsTheLater) {
  Edit("a", 1);
  const auto by = [&](const std::string& case_id, int version) {
    clock_.Advance(absl::Seconds(1));
    const absl::Status status =
        schema_->pool().Run(testdb::Soon(), [&](db::Txn& txn) -> absl::Status {
          txn.Exec({"test.version", "UPDATE thing SET version=? WHERE id='thing-a'"}, version);
          Act act = MakeAct(case_id, version);
          act.sealed = {Seal("thing", "thing-a", {{"version", version}})};
          Append(txn, act);
          return absl::OkStatus();
        });
    ASSERT_TRUE(status.ok()) << status;
  };
  by("a-2024", 7);
  EXPECT_EQ(Show(VerifyAll()), "");
  by("a", 8);
  EXPECT_EQ(Show(VerifyAll()), "");
  schema_->Execute("UPDATE thing SET version=7");
  EXPECT_EQ(Short(VerifyAll()), (Findings{"ROW_CHANGED thing id=thing-a"}));
}

TEST_F(AuditTest, OneCaseAlone) {
  Fill();
  schema_->Execute("UPDATE history SET reason='x' WHERE case_id='b' AND seq=1");
  schema_->Execute("UPDATE thing SET version=0 WHERE id='thing-c'");
  const auto of = [&](const std::string& case_id) {
    return Short(VerifyAll({.case_id = case_id}));
  };
  EXPECT_EQ(of("a"), Findings{});
  EXPECT_EQ(of("b"), (Findings{"HISTORY_EDITED history case=b seq=1"}));
  EXPECT_EQ(of("c"), (Findings{"ROW_CHANGED thing id=thing-c"}));
}

TEST_F(AuditTest, TableThatNobodySealedMustBeEmptyWhenNamed) {
  schema_->Execute(
      "INSERT INTO thing (id, state, version, digest) "
      "VALUES ('mine', 'PAID', 1, REPEAT('x', 32))");
  EXPECT_EQ(Show(VerifyAll()), "");
  EXPECT_EQ(Short(VerifyAll({.sealed_tables = {"thing"}})),
            (Findings{"ROW_UNSEALED thing id=mine"}));
  EXPECT_EQ(Short(VerifyAll({.sealed_tables = {"nowhere"}})), (Findings{"ROW_MISSING nowhere"}));
}

TEST_F(AuditTest, ManyCasesOverManyPages) {
  const absl::Status status =
      schema_->pool().Run(testdb::Soon(), [&](db::Txn& txn) -> absl::Status {
        for (int c = 0; c < 30; ++c) {
          Head head;
          for (int i = 1; i <= 80; ++i)
            head = Append(txn, MakeAct(base::StrCat("case-", c), i), &head);
        }
        return absl::OkStatus();
      });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(*RunCheckpoint(), 30);
  const VerifyReport report = VerifyAll();
  EXPECT_EQ(Show(report), "");
  EXPECT_EQ(report.cases, 30);
  EXPECT_EQ(report.history_rows, 2400);
}

TEST_F(AuditTest, NoFalseAlarmWhileTheServiceWorks) {
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int version = 1; !stop; ++version) Edit("busy", version);
  });
  std::thread signer([&] {
    while (!stop) EXPECT_TRUE(RunCheckpoint().ok());
  });
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Show(VerifyAll()), "");
  stop = true;
  writer.join();
  signer.join();
}

TEST_F(AuditTest, UnreachableDatabaseIsAnErrorNotAFinding) {
  const absl::StatusOr<VerifyReport> report =
      Verify(*auditor_, *verifier_, {}, absl::Now() - absl::Seconds(1));
  EXPECT_EQ(report.status().code(), absl::StatusCode::kDeadlineExceeded);
}

}  // namespace
}  // namespace alliance::audit
