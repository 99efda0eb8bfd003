#include "services/subsidy/subsidy_case.h"

#include "common/crypto/digest.h"
#include "services/subsidy/fixture_test.h"

namespace alliance::subsidy {
namespace {

class SubsidyCaseTest : public SubsidyTest {
 protected:
  // In a transaction as finance.
  void InStep(const std::function<absl::Status(act::Step&)>& body) {
    rpc::Call call = Chen();
    call.deadline = testdb::Soon();
    ASSERT_DONE(act::Sweep(deps_, call, body));
  }
};

// Whatever is sealed is written: each column is changed, and the audit after the test finds the row
// as the history says.
TEST_F(SubsidyCaseTest, SaveWritesWhateverIsSealed) {
  const std::string id = Evaluated();
  const std::string alliance = Registered();
  InStep([&](act::Step& step) -> absl::Status {
    Case row = *SubsidyCase::Lock(step, id);
    row.alliance_id = alliance;
    row.year = 2024;
    row.region = "210100";
    row.city = "210100";
    row.lead_code = "91210100MA0XX00023";
    row.lead_name = "沈阳某公司";
    row.registry_number = "LN-TSL-2024-1";
    row.first_receive += absl::Seconds(1);
    row.handoff_seq = 7;
    row.grade = "良好";
    row.total_hundredths = 8000;
    row.verified_rd_fen = 2;
    row.evidence_sha256 = crypto::Sha256("another report");
    row.run_id = NewId();
    row.amount_fen = 0;
    row.notice_open = step.now();
    row.notice_close = step.now();
    row.rules_digest = crypto::Sha256("rules");
    return cases::Edit<SubsidyCase>(step, "test", row, {}).status();
  });
  InStep([&](act::Step& step) -> absl::Status {
    Alliance row = *AllianceCopy::Lock(step, alliance);
    row.registry_number = "LN-TSL-2024-2";
    row.lead_name = "沈阳某公司";
    row.lead_code = "91210100MA0XX00023";
    row.region = "210100";
    row.city = "210100";
    row.first_receive += absl::Seconds(1);
    return cases::Edit<AllianceCopy>(step, "test", row, {}).status();
  });
  EXPECT_EQ(Db().Count("SELECT handoff_seq FROM subsidy_case"), 7);
}

// Who never acts on a subsidy is refused at once, also while somebody else has its row; finance
// has to wait for it.
TEST_F(SubsidyCaseTest, OnlyWhoActsOnASubsidyLocksIt) {
  const std::string id = Objected();
  v1::DecideSubsidyCaseRequest request = DecideOf(id);
  InStep([&](act::Step& step) -> absl::Status {
    EXPECT_TRUE(SubsidyCase::Lock(step, id).has_value());
    for (const rpc::Call& outsider :
         {Lead(), Province(), CallOf(domain::Role::kRecommender, "li", "210200"),
          CallOf(domain::Role::kAuditor, "a")}) {
      rpc::Call call = outsider;
      call.deadline = absl::Now() + absl::Seconds(20);
      v1::SubsidyCase answer;
      EXPECT_REFUSED(service_.DismissSubsidyObjection(call, request, &answer), kNotPermitted);
    }
    rpc::Call call = Chen();
    call.deadline = absl::Now() + absl::Seconds(1);
    v1::SubsidyCase answer;
    EXPECT_EQ(CodeOf(service_.DismissSubsidyObjection(call, request, &answer)),
              absl::StatusCode::kDeadlineExceeded);
    return absl::OkStatus();
  });
  v1::SubsidyCase answer;
  EXPECT_DONE(service_.DismissSubsidyObjection(Chen(), request, &answer));
}

// The run's rules decide about what it froze, whatever is published later; before, the year's.
TEST_F(SubsidyCaseTest, RulesAreThoseOfTheRun) {
  OpenPlan();
  const std::string id = Evaluated();
  const std::string of_year = Packs().ForYear(kYear)->digest_hex();
  EXPECT_EQ(FirstHistory(id, "LOWER(HEX(rules_digest))"), of_year);
  InStep([&](act::Step& step) -> absl::Status {
    Case row = *SubsidyCase::Lock(step, id);
    EXPECT_FALSE(row.rules_digest.has_value());
    row.rules_digest = crypto::Sha256("superseded");
    EXPECT_EQ(SubsidyCase::Rules(step, row), crypto::Sha256("superseded"));
    row.rules_digest.reset();
    row.year = 2099;
    EXPECT_EQ(SubsidyCase::Rules(step, row), std::nullopt) << "a year without rules";
    return absl::OkStatus();
  });
  const v1::Run run = Frozen();
  EXPECT_EQ(Db().Value("SELECT LOWER(HEX(rules_digest)) FROM subsidy_case"), run.rules_digest());
  v1::OpenSubsidyNoticeResponse opened;
  ASSERT_DONE(service_.OpenSubsidyNotice(Chen(), NoticeOf(run), &opened));
  v1::FileSubsidyObjectionResponse filed;
  ASSERT_DONE(service_.FileSubsidyObjection(Public(), ObjectionTo(id), &filed));
  EXPECT_EQ(LastHistory(id, "LOWER(HEX(rules_digest))"), run.rules_digest());
}

// A written reason is kept without the blanks around it; blanks alone are none.
TEST_F(SubsidyCaseTest, TheReasonIsTrimmedOnce) {
  const std::string id = Objected();
  v1::SubsidyCase answer;
  v1::DecideSubsidyCaseRequest request = DecideOf(id);
  request.set_reason(" 　\n");
  EXPECT_REFUSED(service_.DismissSubsidyObjection(Chen(), request, &answer), kReasonRequired);
  request.set_reason("　经核实，不成立。\n");
  ASSERT_DONE(service_.DismissSubsidyObjection(Chen(), request, &answer));
  EXPECT_EQ(LastHistory(id, "reason"), "经核实，不成立。");
}

TEST_F(SubsidyCaseTest, TheReasonOfAClaimIsTrimmedBeforeItsFigure) {
  const std::string id = ConfirmedPaid();
  v1::SubsidyCase answer;
  v1::ClaimBackRequest request = ClaimOf(id, 0);
  request.set_reason(" 专项审计核减。 ");
  ASSERT_DONE(service_.ClaimBack(Bai(), request, &answer));
  EXPECT_EQ(LastHistory(id, "reason"), "专项审计核减。 [corrected_rd_fen=0]");
}

}  // namespace
}  // namespace alliance::subsidy
