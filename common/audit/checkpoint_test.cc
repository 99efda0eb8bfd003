// Signed checkpoints, in the table and outside it.

#include "common/audit/checkpoint.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "common/audit/test_fixture.h"

namespace alliance::audit {
namespace {

TEST_F(AuditTest, CheckpointsHoldWhatChangedAndChain) {
  EXPECT_EQ(*RunCheckpoint(), 0) << "nothing to say, nothing written";
  Fill();
  EXPECT_EQ(*RunCheckpoint(), 0);
  Edit("b", 5);
  EXPECT_EQ(*RunCheckpoint(), 1);
  std::ifstream file(Outside());
  std::string line;
  std::string prev(32, '\0');
  for (int n = 1; n <= 3; ++n) {
    ASSERT_TRUE(std::getline(file, line));
    const absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(line, *verifier_);
    ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
    EXPECT_EQ(checkpoint->n, n);
    EXPECT_EQ(checkpoint->prev, prev);
    EXPECT_EQ(checkpoint->service, "filing");
    EXPECT_EQ(checkpoint->heads.size(), n == 3 ? 1u : 3u);
    prev = checkpoint->digest;
    EXPECT_EQ(schema_->Value(base::StrCat("SELECT line FROM audit_checkpoint WHERE n=", n)), line);
    // Not one byte of it can be another.
    for (size_t i = 0; i < line.size(); i += 7) {
      std::string changed = line;
      changed[i] ^= 1;
      EXPECT_FALSE(ParseCheckpoint(changed, *verifier_).ok()) << i;
    }
  }
  EXPECT_FALSE(std::getline(file, line));
  const VerifyReport report = VerifyAll();
  EXPECT_EQ(Show(report), "");
  EXPECT_EQ(report.cases, 3);
  EXPECT_EQ(report.history_rows, 13);
  EXPECT_EQ(report.sealed_rows, 3);
  EXPECT_EQ(report.checkpoints, 3);
  EXPECT_EQ(report.outside_checkpoints, 3);
}

TEST_F(AuditTest, TwoReplicasWriteOneChainAndTwoFullFiles) {
  const std::unique_ptr<Checkpointer> other = MakeCheckpointer("other");
  int total = 0;
  for (int version = 1; version <= 8; ++version) {
    Edit("a", version);
    int written[2] = {};
    std::thread thread([&] { written[1] = *other->RunOnce(testdb::Soon()); });
    written[0] = *RunCheckpoint();
    thread.join();
    EXPECT_EQ(written[0] + written[1], 1) << "one of the two";
    total += written[0] + written[1];
  }
  EXPECT_EQ(total, 8);
  ASSERT_TRUE(RunCheckpoint().ok());
  ASSERT_TRUE(other->RunOnce(testdb::Soon()).ok());
  EXPECT_EQ(Show(VerifyAll()), "");
  EXPECT_EQ(Show(VerifyAll({.outside_path = Outside("other")})), "");
  EXPECT_EQ(VerifyAll({.outside_path = Outside("other")}).outside_checkpoints, 8);
}

TEST_F(AuditTest, RestartedProcessGoesOn) {
  Fill();
  checkpointer_ = MakeCheckpointer("outside");
  EXPECT_EQ(*RunCheckpoint(), 0);
  Edit("c", 5);
  checkpointer_ = MakeCheckpointer("outside");
  EXPECT_EQ(*RunCheckpoint(), 1);
  EXPECT_EQ(Show(VerifyAll()), "");
}

TEST_F(AuditTest, LineCutShortByACrashIsMended) {
  Fill();
  const auto size = std::filesystem::file_size(Outside());
  std::filesystem::resize_file(Outside(), size - 40);  // the second line lost its end
  checkpointer_ = MakeCheckpointer("outside");
  EXPECT_EQ(*RunCheckpoint(), 0);
  EXPECT_EQ(std::filesystem::file_size(Outside()), size);
  EXPECT_EQ(Show(VerifyAll()), "");
}

TEST_F(AuditTest, DiskErrorIsToldAndMadeGood) {
  checkpointer_ = MakeCheckpointer("missing-folder/outside");
  Edit("a", 1);
  EXPECT_EQ(RunCheckpoint().status().code(), absl::StatusCode::kUnavailable);
  std::filesystem::create_directory(folder_ + "/missing-folder");
  EXPECT_TRUE(RunCheckpoint().ok());
  EXPECT_EQ(Show(VerifyAll({.outside_path = Outside("missing-folder/outside")})), "");
}

TEST_F(AuditTest, ThreadRunsByItselfAndOnceMoreAtTheEnd) {
  std::atomic<int> runs = 0;
  Checkpointer checkpointer(schema_->pool(), *signer_, *verifier_,
                            {.service = "filing",
                             .outside_path = Outside(),
                             .interval = absl::Milliseconds(5),
                             .on_run = [&](const absl::Status& status) {
                               EXPECT_TRUE(status.ok()) << status;
                               ++runs;
                             }});
  Edit("a", 1);
  checkpointer.Start();
  while (runs < 2) absl::SleepFor(absl::Milliseconds(1));
  Edit("a", 2);
  checkpointer.Stop();
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM audit_checkpoint"), 2);
  EXPECT_EQ(Show(VerifyAll()), "");
}

TEST_F(AuditTest, RunningServiceNoticesACutChainOrADatabaseSetBack) {
  Fill();
  schema_->Execute("DELETE FROM history WHERE case_id='b' AND seq=4");
  EXPECT_EQ(RunCheckpoint().status().code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(RunCheckpoint().status().message().find("case=b"), absl::string_view::npos);
  schema_->Execute("DELETE FROM history WHERE case_id='b'");
  EXPECT_EQ(RunCheckpoint().status().code(), absl::StatusCode::kDataLoss);
  schema_->Execute("DELETE FROM audit_checkpoint WHERE n=2");
  EXPECT_NE(RunCheckpoint().status().message().find("set back"), absl::string_view::npos);
  checkpointer_ = MakeCheckpointer("outside");
  EXPECT_NE(RunCheckpoint().status().message().find("set back"), absl::string_view::npos)
      << "a new process sees it by the file";
}

}  // namespace
}  // namespace alliance::audit
