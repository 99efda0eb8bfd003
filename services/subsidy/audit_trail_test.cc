// The audit trail: a subsidy goes every way that the workflow has for it, and every row that was
// written on the way is sealed, so that a row changed by hand is found.

#include <string>
#include <vector>

#include "common/base/str.h"
#include "common/testing/whole_life.h"
#include "services/subsidy/fixture_test.h"

namespace alliance::subsidy {
namespace {

// Every table that is sealed. No row was ever sealed in outbox, inbox, idempotency and
// published_pack, so these are left out; audit_checkpoint is signed instead.
const std::vector<std::string>& SealedTables() {
  static const std::vector<std::string>& tables = *new std::vector<std::string>{
      "alliance",     "plan",        "subsidy_case",       "subsidy_run",
      "subsidy_line", "objection",   "objection_decision", "payment_list",
      "payment_line", "bank_receipt"};
  return tables;
}

class AuditTrail : public SubsidyTest {
 protected:
  void SetUp() override {
    SubsidyTest::SetUp();
    OpenPlan();
  }

  // Frozen by a second person of finance; a line below the least amount is not proposed.
  void ASecondRun() {
    const std::string none = Evaluated(5 * kWan);
    Evaluated();
    const v1::Run run = Prepared();
    v1::Run frozen;
    ASSERT_DONE(service_.FreezeRun(Feng(), FreezeOf(run), &frozen));
    EXPECT_EQ(StateOf(none), "NOT_PROPOSED");
  }

  void AfterTheNotice() { clock_.Advance(absl::Hours(8 * 24)); }

  void Object(const std::string& id) {
    v1::FileSubsidyObjectionResponse answer;
    ASSERT_DONE(service_.FileSubsidyObjection(Public(), ObjectionTo(id), &answer));
  }

  // Objected to twice and dismissed; upheld, then refused or released.
  void Objections() {
    const std::string dismissed = Objected();
    Object(dismissed);
    ASSERT_DONE(service_.DismissSubsidyObjection(Chen(), DecideOf(dismissed), &case_));
    ASSERT_DONE(service_.RefuseWithheld(Bai(), DecideOf(Withheld()), &case_));
    const std::string released = Withheld();
    AfterTheNotice();
    ASSERT_DONE(service_.ReleaseWithheld(Bai(), DecideOf(released), &case_));
  }

  // Released by a second person of finance; failed, tried again, paid, and paid back.
  void Money() {
    const std::string id = InNotice();
    AfterTheNotice();
    ASSERT_DONE(service_.ApproveSubsidy(Bai(), DecideOf(id), &case_));
    v1::PaymentList list;
    ASSERT_DONE(service_.PreparePayment(Chen(), PaymentOf({id}), &list));
    v1::PaymentList released;
    ASSERT_DONE(service_.ReleasePayment(Feng(), ReleaseOf(list), &released));
    ASSERT_DONE(service_.RecordPayment(Chen(), ConfirmFailedOf(id, "REF-0001"), &case_));
    ASSERT_DONE(service_.RetryPayment(Chen(), DecideOf(id), &case_));
    ASSERT_DONE(service_.RecordPayment(Chen(), ConfirmPaidOf(id, "REF-0002"), &case_));
    ASSERT_DONE(service_.ClaimBack(Bai(), ClaimOf(id, 50 * kWan), &case_));
    ASSERT_DONE(service_.RecordRecovery(Chen(), RecoveryOf(id, "REF-0003"), &case_));
    EXPECT_EQ(StateOf(id), "RECOVERED");
  }

  // An alliance that is deregistered, and one whose time is over.
  void Ends() {
    const std::string deregistered = Registered();
    ASSERT_DONE(Deliver(DeregisteredEvent(deregistered), "filing", deregistered, 2));
    const std::string completed = Registered();
    ASSERT_DONE(Deliver(CompletedEvent(completed), "filing", completed, 2));
  }

  v1::SubsidyCase case_;
};

TEST_F(AuditTrail, AWholeLifeVerifiesCleanAndEveryTableIsSealed) {
  Paying();  // frozen and released by approvers
  ASecondRun();
  Objections();
  Money();
  Ends();
  EXPECT_EQ(service_testing::RowsNotWalked(Db(), domain::Owner::kSubsidy), "");
  ASSERT_EQ(service_testing::AuditFindings(Db(), SealedTables()), "");
  // Gaps: who opened a plan and when, and the instants of the two people of a run and of a list.
  EXPECT_EQ(service_testing::UnsealedColumns(Db(), SealedTables()),
            "plan open_us\nplan opened_by\nsubsidy_run prepare_us\nsubsidy_run freeze_us\n"
            "payment_list prepare_us\npayment_list release_us\n");
  EXPECT_EQ(service_testing::ChangesNotFound(Db(), SealedTables()), "");
}

}  // namespace
}  // namespace alliance::subsidy
