// What is saved is what is sealed.

#include "services/review/review_store.h"

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "common/act/act.h"
#include "common/base/str.h"
#include "services/review/fixture_test.h"

namespace alliance::review {
namespace {

class ReviewStoreTest : public ReviewTest {
 protected:
  // Runs `body` on the cases behind `ids`, locked, and undoes it: no history goes with it.
  void Try(const std::vector<std::string>& ids,
           const std::function<void(db::Txn&, std::vector<CaseRow>&)>& body) {
    const absl::Status undone = deps_.pool.Run(testdb::Soon(), [&](db::Txn& txn) -> absl::Status {
      std::vector<CaseRow> rows = LockCases(txn, ids, Scope::Service());
      EXPECT_EQ(rows.size(), ids.size());
      body(txn, rows);
      return absl::AbortedError("undone");
    });
    EXPECT_EQ(undone, absl::AbortedError("undone"));
  }
  std::vector<std::string> Several(size_t count) {
    std::vector<std::string> ids;
    for (size_t i = 0; i < count; ++i) ids.push_back(Submitted());
    return ids;
  }
};

// Another value in every sealed column; text and bytes as awkward as they come.
void ChangeAll(CaseRow& row) {
  const std::string text = "联盟“甲”\\ \"乙\" '丙' 𠮷\n\t{}[],%_";
  row.round_id = "2023-desk";
  row.region = "210204";
  row.parent_region = "210201";
  row.office = "210202";
  row.lead_code = "91210200MA0XX0\"X5";
  row.lead_name = base::StrCat("企业", text);
  row.alliance_name = base::StrCat("联盟", text);
  row.technical_field = 7;
  row.high_tech_zone = "HTZ-\"DL\\";
  row.state = domain::State::kObjected;
  row.reviewer = "wang";
  row.handoff_seq += 3;
  row.version_number += 5;
  row.version_digest = std::string("\0\"\\", 3) + std::string(29, '\xff');
  row.declared_rd_fen = 9'007'199'254'740'993;  // more than a double holds
  row.verified_rd_fen = 9'007'199'254'740'993;
  row.verified_rd_evidence = "form";
  row.override_count = 2;
  row.override_reason = text;
  row.conditions = std::string("\0\x01\xfe\"\\", 5);
  row.marks = std::string(3000, '\xff');
  row.notice_batch = "0190f1a0-0000-7000-8000-000000000001";
  row.notice_opens = At("2023-04-20 00:00:00");
  row.notice_closes = At("2023-04-26 00:00:00.000001");
  row.objection_count = 4;
  row.recommendation = "0190f1a0-0000-7000-8000-000000000002";
  row.forwarding = "0190f1a0-0000-7000-8000-000000000003";
  row.review_due = At("2023-04-25 00:00:00");
  row.review_days_left = 6;
  row.receive = At("2023-04-19 00:00:00.123456");
  row.update = At("2023-04-20 00:00:00.654321");
}

// Columns of the seal whose values differ.
size_t Changed(const CaseRow& before, const CaseRow& after) {
  size_t changed = 0;
  const auto differ = [&](const auto& a, const auto& b) { changed += a != b ? 1 : 0; };
  differ(before.round_id, after.round_id);
  differ(before.region, after.region);
  differ(before.parent_region, after.parent_region);
  differ(before.office, after.office);
  differ(before.lead_code, after.lead_code);
  differ(before.lead_name, after.lead_name);
  differ(before.alliance_name, after.alliance_name);
  differ(before.technical_field, after.technical_field);
  differ(before.high_tech_zone, after.high_tech_zone);
  differ(before.state, after.state);
  differ(before.reviewer, after.reviewer);
  differ(before.version, after.version);
  differ(before.handoff_seq, after.handoff_seq);
  differ(before.version_number, after.version_number);
  differ(before.version_digest, after.version_digest);
  differ(before.declared_rd_fen, after.declared_rd_fen);
  differ(before.verified_rd_fen, after.verified_rd_fen);
  differ(before.verified_rd_evidence, after.verified_rd_evidence);
  differ(before.override_count, after.override_count);
  differ(before.override_reason, after.override_reason);
  differ(before.conditions, after.conditions);
  differ(before.marks, after.marks);
  differ(before.notice_batch, after.notice_batch);
  differ(before.notice_opens, after.notice_opens);
  differ(before.notice_closes, after.notice_closes);
  differ(before.objection_count, after.objection_count);
  differ(before.recommendation, after.recommendation);
  differ(before.forwarding, after.forwarding);
  differ(before.review_due, after.review_due);
  differ(before.review_days_left, after.review_days_left);
  differ(before.receive, after.receive);
  differ(before.update, after.update);
  return changed;
}

// One row and many go by different statements; both write every sealed column, there and back, and
// instants that become none.
TEST_F(ReviewStoreTest, EverySealedColumnIsSaved) {
  for (const size_t count : {1, 3}) {
    Try(Several(count), [&](db::Txn& txn, std::vector<CaseRow>& rows) {
      const std::vector<CaseRow> before = rows;
      std::vector<std::string> ids;
      for (CaseRow& row : rows) {
        ids.push_back(row.id);
        ChangeAll(row);
      }
      ASSERT_TRUE(SaveCases(txn, absl::MakeSpan(rows)));
      std::vector<CaseRow> read = LockCases(txn, ids, Scope::Service());
      ASSERT_EQ(read.size(), count);
      for (size_t i = 0; i < count; ++i) {
        EXPECT_EQ(Changed(before[i], read[i]), SealCase(read[i]).columns.size()) << count;
        EXPECT_EQ(SealCase(read[i]).digest, SealCase(rows[i]).digest) << count;
        EXPECT_EQ(read[i].version, before[i].version + 1);
        read[i].notice_opens.reset();
        read[i].notice_closes.reset();
        read[i].review_due.reset();
      }
      ASSERT_TRUE(SaveCases(txn, absl::MakeSpan(read)));
      const std::vector<CaseRow> again = LockCases(txn, ids, Scope::Service());
      for (size_t i = 0; i < count; ++i) {
        EXPECT_EQ(SealCase(again[i]).digest, SealCase(read[i]).digest) << count;
        EXPECT_FALSE(again[i].notice_closes || again[i].notice_opens || again[i].review_due);
      }
    });
  }
}

// Over the version that was read, or not at all; also when the many go in several statements.
TEST_F(ReviewStoreTest, ARowThatSomebodyElseChangedIsNotSaved) {
  for (const size_t count : {1, 4}) {
    Try(Several(count), [&](db::Txn& txn, std::vector<CaseRow>& rows) {
      for (CaseRow& row : rows) row.marks = std::string(400'000, 'm');
      rows.back().version -= 1;
      EXPECT_FALSE(SaveCases(txn, absl::MakeSpan(rows))) << count;
    });
    Try(Several(count), [&](db::Txn& txn, std::vector<CaseRow>& rows) {
      std::vector<std::string> ids;
      for (CaseRow& row : rows) {
        ids.push_back(row.id);
        row.marks = std::string(400'000, 'm');
      }
      EXPECT_TRUE(SaveCases(txn, absl::MakeSpan(rows))) << count;
      for (const CaseRow& row : LockCases(txn, ids, Scope::Service())) {
        EXPECT_EQ(row.marks.size(), 400'000u);
      }
    });
  }
}

}  // namespace
}  // namespace alliance::review
