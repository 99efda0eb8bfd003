// The clock of review: a notice that is over has ended in law, whoever looks first and whatever
// becomes of their own act.

#include <string>
#include <vector>

#include "common/base/str.h"
#include "services/review/convert.h"
#include "services/review/fixture_test.h"

namespace alliance::review {
namespace {

using filing::v1::Application;

class ClockTest : public ReviewTest {
 protected:
  absl::Status Withdraw(const std::string& id) {
    filing::v1::WithdrawApplicationRequest request;
    request.set_name(base::StrCat(kApplicationPrefix, id));
    request.set_request_id(NewId());
    filing::v1::WithdrawApplicationResponse answer;
    return service_.WithdrawApplication(Lead(), request, &answer);
  }
  absl::Status Object(const std::string& id) {
    v1::FileObjectionResponse answer;
    return service_.FileObjection(Public(), ObjectionTo(id), &answer);
  }
  absl::Status Uphold(const v1::HandleObjectionRequest& request) {
    v1::ReviewCase answer;
    return service_.UpholdObjection(Li(), request, &answer);
  }
  int Sweep() {
    v1::SweepNoticesResponse answer;
    EXPECT_DONE(service_.SweepNotices(Operator(), {}, &answer));
    return answer.closed_cases();
  }
  void ExpectClosedByTheClock(const std::string& id) {
    EXPECT_EQ(StateOf(id), "NOTICE_CLOSED");
    EXPECT_EQ(LastHistory(id, "action"), "close_notice");
    EXPECT_EQ(LastHistory(id, "actor"), "clock");
    EXPECT_EQ(LastHistory(id, "at_us"), Micros(end_));
    EXPECT_EQ(Column(id, "update_us"), Micros(end_));
    EXPECT_EQ(Outcomes(id), 1);
  }
  static std::string Micros(absl::Time time) { return base::StrCat(absl::ToUnixMicros(time)); }
  static std::string Column(const std::string& id, const std::string& column) {
    return Db().Value(base::StrCat("SELECT ", column, " FROM review_case WHERE id = '", id, "'"));
  }
  static int64_t Outcomes(const std::string& id) {
    return Db().Count(
        base::StrCat("SELECT COUNT(*) FROM notice_outcome WHERE case_id = '", id, "'"));
  }

  const absl::Time end_ = At("2023-04-26 00:00:00");  // of a notice that is opened today
};

// The act is refused, in the state that the clock has brought about; the end of the notice stays.
// Before the end the same refusal leaves nothing.
TEST_F(ClockTest, ARefusedActLeavesTheEndOfTheNotice) {
  const std::string id = InNotice();
  const int64_t before = HistoryOf(id);
  clock_.Set(end_ - absl::Microseconds(1));
  EXPECT_REFUSED(Withdraw(id), kWrongState);
  EXPECT_EQ(StateOf(id), "IN_NOTICE");
  EXPECT_EQ(HistoryOf(id), before);

  clock_.Set(end_ + absl::Hours(30));
  const absl::Status refused = Withdraw(id);
  EXPECT_REFUSED(refused, kWrongState);
  // In the words of the firm, to which a closed notice is a passed review.
  EXPECT_EQ(domain::DetailsOf(refused)->metadata.at("state"), "PASSED");
  ExpectClosedByTheClock(id);
  EXPECT_EQ(HistoryOf(id), before + 1);
  EXPECT_EQ(Sweep(), 0);
}

// Only time has passed: an etag from before the end is as fresh as the row. One that is really old
// is stale.
TEST_F(ClockTest, TheEndOfANoticeMakesNoEtagStale) {
  const std::string fresh = InNotice();
  const std::string stale = InNotice();
  const v1::HandleObjectionRequest of_today = HandlingOf(fresh);
  v1::HandleObjectionRequest of_long_ago = HandlingOf(stale);
  of_long_ago.set_etag("\"1\"");
  clock_.Set(end_);
  EXPECT_REFUSED(Uphold(of_long_ago), kEtagStale);
  EXPECT_REFUSED(Uphold(of_today), kWrongState);
  ExpectClosedByTheClock(fresh);
}

// All cases of a list that is refused, each at its own end.
TEST_F(ClockTest, ARefusedListLeavesTheEndsOfItsNotices) {
  const std::vector<std::string> ids = {InNotice(), InNotice()};
  v1::OpenNoticeRequest request = NoticeRequestOf(ids);
  v1::NoticeBatch batch;
  clock_.Set(end_ - absl::Microseconds(1));
  EXPECT_REFUSED(service_.OpenNotice(Li(), request, &batch), kWrongState);
  for (const std::string& id : ids) EXPECT_EQ(StateOf(id), "IN_NOTICE");
  clock_.Set(end_);
  EXPECT_REFUSED(service_.OpenNotice(Li(), Repeatable(request), &batch), kWrongState);
  for (const std::string& id : ids) ExpectClosedByTheClock(id);
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM notice_batch"), 2);
}

// The rule first, within one act: a late objection hears that it is late, whether or not the clock
// has come by meanwhile.
TEST_F(ClockTest, ALateObjectionHearsTheSameBeforeAndAfterTheSweep) {
  const std::string in_time = InNotice();
  const std::string late = InNotice();
  clock_.Set(end_ - absl::Microseconds(1));
  EXPECT_DONE(Object(in_time));
  clock_.Set(end_);
  const absl::Status before = Object(late);
  EXPECT_REFUSED(before, kObjectionLate);
  ExpectClosedByTheClock(late);
  const absl::Status after = Object(late);
  EXPECT_REFUSED(after, kObjectionLate);
  EXPECT_EQ(domain::DetailsOf(before)->metadata.at("closed_at"),
            domain::DetailsOf(after)->metadata.at("closed_at"));
  EXPECT_EQ(StateOf(in_time), "OBJECTED");
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM objection"), 1);
}

// One case that cannot be closed keeps nobody else's notice open, and is closed when it is mended.
TEST_F(ClockTest, ACaseThatCannotBeClosedStopsItselfOnly) {
  const std::string first = InNotice();
  const std::string bad = InNotice();
  const std::string last = InNotice();
  // Its end is written down already, so that it cannot be written.
  const std::string line = base::StrCat(Column(bad, "notice_batch"), ".", bad);
  Db().Execute(base::StrCat(
      "INSERT INTO notice_outcome (id, batch_id, case_id, outcome, end_us) VALUES ('", line, "', '",
      Column(bad, "notice_batch"), "', '", bad, "', 'NO_OBJECTION', 0)"));
  clock_.Set(end_);
  EXPECT_EQ(Sweep(), 2);
  ExpectClosedByTheClock(first);
  ExpectClosedByTheClock(last);
  EXPECT_EQ(StateOf(bad), "IN_NOTICE");
  EXPECT_EQ(Sweep(), 0);

  Db().Execute(base::StrCat("DELETE FROM notice_outcome WHERE id = '", line, "'"));
  EXPECT_EQ(Sweep(), 1);
  ExpectClosedByTheClock(bad);
}

// A round that is not served any more keeps only its own cases open.
TEST_F(ClockTest, ACaseOfAnUnknownRoundStopsItselfOnly) {
  const std::string unknown = InNotice();
  const std::string known = InNotice();
  const auto move = [&](std::string_view round) {
    Db().Execute(
        base::StrCat("UPDATE review_case SET round_id = '", round, "' WHERE id = '", unknown, "'"));
  };
  move("1999-gone");
  clock_.Set(end_);
  EXPECT_EQ(Sweep(), 1);
  ExpectClosedByTheClock(known);
  v1::GetReviewCaseRequest request;
  request.set_name(base::StrCat(kCasePrefix, unknown));
  v1::ReviewCase answer;
  EXPECT_REFUSED(service_.GetReviewCase(Li(), request, &answer), kRoundUnknown);
  EXPECT_EQ(StateOf(unknown), "IN_NOTICE");
  move("2023-tsl");
  EXPECT_EQ(Read(unknown).state(), Application::NOTICE_CLOSED);
  ExpectClosedByTheClock(unknown);
}

// Swept together, each is as of its own end.
TEST_F(ClockTest, EachNoticeEndsAtItsOwnInstant) {
  const std::string first = InNotice();
  clock_.Set(At("2023-04-21 10:00:00"));
  const std::string second = InNotice();
  clock_.Set(At("2023-04-28 10:00:00"));
  EXPECT_EQ(Sweep(), 2);
  ExpectClosedByTheClock(first);
  EXPECT_EQ(StateOf(second), "NOTICE_CLOSED");
  EXPECT_EQ(LastHistory(second, "at_us"), Micros(At("2023-04-27 00:00:00")));
  EXPECT_EQ(Column(second, "update_us"), Micros(At("2023-04-27 00:00:00")));
}

// More than one transaction's worth.
TEST_F(ClockTest, ASweepClosesAllHoweverMany) {
  const std::string id = InNotice();
  const std::string columns =
      "round_id, region, parent_region, office, lead_code, lead_name, alliance_name, "
      "technical_field, high_tech_zone, state, reviewer, version, handoff_seq, version_number, "
      "version_digest, declared_rd_fen, verified_rd_fen, verified_rd_evidence, override_count, "
      "override_reason, conditions, marks, notice_batch, notice_opens_us, notice_closes_us, "
      "objection_count, recommendation, receive_us, update_us, forwarding, review_due_us, "
      "review_days_left";
  Db().Execute(base::StrCat("INSERT INTO review_case (id, ", columns, ") SELECT UUID(), ", columns,
                            " FROM review_case, seq_1_to_449 WHERE id = '", id, "'"));
  clock_.Set(end_);
  EXPECT_EQ(Sweep(), 450);
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM review_case WHERE state = 'NOTICE_CLOSED'"), 450);
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM notice_outcome"), 450);
}

// Whoever may read a case sees its notice ended, also who may not act on it.
TEST_F(ClockTest, AReaderWhoMayNotActAppliesTheEnd) {
  for (const rpc::Call& reader : {CallOf(domain::Role::kAuditor, "auditor"), Lead(), Province()}) {
    const std::string id = InNotice();
    const absl::Time now = clock_.Now();
    clock_.Set(end_);
    v1::ReviewCase seen = Read(id, reader);
    ExpectClosedByTheClock(id);
    EXPECT_NE(seen.state(), Application::IN_NOTICE);
    clock_.Set(now);
  }
}

}  // namespace
}  // namespace alliance::review
