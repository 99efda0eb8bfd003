// What the audit tests share: a schema with a sealed table, keys, a checkpointer, and a verifier
// that is connected as the read-only auditor.

#ifndef ALLIANCE_COMMON_AUDIT_TEST_FIXTURE_H_
#define ALLIANCE_COMMON_AUDIT_TEST_FIXTURE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "common/audit/checkpoint.h"
#include "common/audit/history.h"
#include "common/audit/verify.h"
#include "common/base/clock.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/crypto/signing.h"
#include "common/testing/mariadb.h"

namespace alliance::audit {
inline constexpr db::Sql kWrite = {
    "test.write",
    "INSERT INTO thing (id, state, version, note, digest) "
    "VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE "
    "state=VALUES(state), version=VALUES(version), note=VALUES(note), "
    "digest=VALUES(digest)"};
inline constexpr db::Sql kRemove = {"test.remove", "DELETE FROM thing WHERE id=?"};

class AuditTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    schema_ = testdb::Schema::Make("alliance_filing");
    schema_->Execute(
        "CREATE TABLE thing (id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin PRIMARY KEY, "
        "state VARCHAR(20) NOT NULL, version INT NOT NULL, note VARCHAR(100) NULL, "
        "digest BINARY(32) NOT NULL, unsealed INT NOT NULL DEFAULT 0)");
    schema_->Execute(base::StrCat("GRANT SELECT, INSERT, UPDATE, DELETE ON ", schema_->name(),
                                  ".thing TO ", schema_->user()));
    auditor_ = *db::Pool::Open(schema_->AuditOptions());
  }
  static void TearDownTestSuite() {
    auditor_.reset();
    schema_.reset();
  }

  void SetUp() override {
    schema_->Clear();
    std::string pattern = ::testing::TempDir() + "/audit-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    ASSERT_TRUE(crypto::GenerateKeyFiles(folder_ + "/key", folder_ + "/pub").ok());
    signer_ = std::make_unique<crypto::Signer>(*crypto::Signer::Load(folder_ + "/key"));
    verifier_ = std::make_unique<crypto::Verifier>(*crypto::Verifier::Load(folder_ + "/pub"));
    checkpointer_ = MakeCheckpointer("outside");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Outside(const std::string& name = "outside") const { return folder_ + "/" + name; }

  std::unique_ptr<Checkpointer> MakeCheckpointer(const std::string& file) {
    return std::make_unique<Checkpointer>(
        schema_->pool(), *signer_, *verifier_,
        Checkpointer::Options{
            .service = "filing", .outside_path = Outside(file), .clock = &clock_});
  }
  absl::StatusOr<int> RunCheckpoint() { return checkpointer_->RunOnce(testdb::Soon()); }

  Act MakeAct(const std::string& case_id, int version) {
    return {.case_id = case_id,
            .at = clock_.Now(),
            .actor = "officer-1",
            .role = "RECOMMENDER",
            .region = "沈阳",
            .organisation = "市科技局",
            .action = "edit",
            .from_state = "DRAFT",
            .to_state = "DRAFT",
            .reason = base::StrCat("第 ", version, " 次修改 😀"),
            .rules_digest = crypto::Sha256("pack"),
            .trace_id = "0af7651916cd43dd8448eb211c80319c"};
  }

  // One act that writes the case's thing and seals it.
  void Edit(const std::string& case_id, int version) {
    clock_.Advance(absl::Seconds(1));
    const std::string digest = crypto::Sha256(base::StrCat(case_id, version));
    const std::optional<std::string> note =
        version % 2 == 0 ? std::optional<std::string>("备注") : std::nullopt;
    const absl::Status status =
        schema_->pool().Run(testdb::Soon(), [&](db::Txn& txn) -> absl::Status {
          const std::string id = "thing-" + case_id;
          txn.Exec(kWrite, id, "DRAFT", version, note, digest);
          Act act = MakeAct(case_id, version);
          act.sealed = {
              Seal("thing", id,
                   {{"state", "DRAFT"}, {"version", version}, {"note", note}, {"digest", digest}})};
          Append(txn, act);
          return absl::OkStatus();
        });
    ASSERT_TRUE(status.ok()) << status;
  }

  // Three cases of four acts, checkpoints after the second act and at the end.
  void Fill() {
    for (int version = 1; version <= 4; ++version) {
      for (const char* case_id : {"a", "b", "c"}) Edit(case_id, version);
      if (version % 2 == 0) {
        ASSERT_EQ(*RunCheckpoint(), 3);
      }
    }
  }

  VerifyReport VerifyAll(VerifyOptions options = {}) {
    if (options.outside_path.empty()) options.outside_path = Outside();
    absl::StatusOr<VerifyReport> report = Verify(*auditor_, *verifier_, options, testdb::Soon());
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *std::move(report) : VerifyReport();
  }

  static std::string Show(const VerifyReport& report) {
    std::string text;
    for (const Finding& finding : report.findings) {
      base::StrAppend(&text, Name(finding.kind), " ", finding.row, ": ", finding.text, "\n");
    }
    return text;
  }
  static std::vector<std::string> Short(const VerifyReport& report) {
    std::vector<std::string> found;
    for (const Finding& finding : report.findings) {
      found.push_back(base::StrCat(Name(finding.kind), " ", finding.row));
    }
    std::sort(found.begin(), found.end());
    return found;
  }
  using Findings = std::vector<std::string>;

  static inline std::unique_ptr<testdb::Schema> schema_;
  static inline std::unique_ptr<db::Pool> auditor_;
  base::ManualClock clock_{absl::FromUnixSeconds(1682380800)};
  std::string folder_;
  std::unique_ptr<crypto::Signer> signer_;
  std::unique_ptr<crypto::Verifier> verifier_;
  std::unique_ptr<Checkpointer> checkpointer_;
};

}  // namespace alliance::audit

#endif  // ALLIANCE_COMMON_AUDIT_TEST_FIXTURE_H_
