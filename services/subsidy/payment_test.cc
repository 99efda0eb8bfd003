#include <thread>

#include "common/base/str.h"
#include "services/subsidy/fixture_test.h"

namespace alliance::subsidy {
namespace {

class PaymentTest : public SubsidyTest {};

// the payee is the lead and nobody else; the account is shown by its last four digits.
TEST_F(PaymentTest, HolderMustBeTheLead) {
  const std::string id = Approved();
  v1::PaymentList list;
  v1::PreparePaymentRequest request = PaymentOf({id});
  request.mutable_items(0)->set_account_holder("王某个人");
  EXPECT_REFUSED(service_.PreparePayment(Chen(), request, &list), kAccountNotChecked);
  ASSERT_DONE(service_.PreparePayment(Chen(), PaymentOf({id}), &list));
  EXPECT_EQ(list.state(), v1::PaymentList::PREPARED);
  EXPECT_EQ(list.total_fen(), 25 * kWan);
  EXPECT_EQ(list.items(0).bank_account(), "***************3445");
  EXPECT_EQ(list.items(0).amount_fen(), 25 * kWan);
  EXPECT_EQ(StateOf(id), "APPROVED");
}

TEST_F(PaymentTest, EveryWrongFieldIsNamed) {
  const std::string id = Approved();
  v1::PreparePaymentRequest request = PaymentOf({id, id});
  request.mutable_items(0)->set_bank_account("12 34");
  request.mutable_items(0)->clear_account_holder();
  v1::PaymentList list;
  const absl::Status refused = service_.PreparePayment(Chen(), request, &list);
  EXPECT_REFUSED(refused, kInvalidRequest);
  EXPECT_EQ(FieldsOf(refused), "items[0].bank_account,items[0].account_holder,items[1]");
  EXPECT_REFUSED(service_.PreparePayment(Chen(), PaymentOf({}), &list), kInvalidRequest);
}

TEST_F(PaymentTest, OnlyApprovedByFinance) {
  const std::string notice = InNotice();
  v1::PaymentList list;
  EXPECT_REFUSED(service_.PreparePayment(Chen(), PaymentOf({notice}), &list), kWrongState);
  clock_.Set(At(kNoticeCloses));
  v1::SubsidyCase approved;
  ASSERT_DONE(service_.ApproveSubsidy(Bai(), DecideOf(notice), &approved));
  for (const rpc::Call& call : {Luo(), Province(), Lead(), Public()}) {
    EXPECT_REFUSED(service_.PreparePayment(call, PaymentOf({notice}), &list), kNotPermitted);
  }
  EXPECT_REFUSED(service_.PreparePayment(Chen(), PaymentOf({NewId() + "-2023"}), &list),
                 kNotPermitted);
}

TEST_F(PaymentTest, SecondPersonReleasesExactlyTheList) {
  const std::string id = Approved();
  v1::PaymentList list;
  ASSERT_DONE(service_.PreparePayment(Chen(), PaymentOf({id}), &list));
  v1::PaymentList released;
  EXPECT_REFUSED(service_.ReleasePayment(Chen(), ReleaseOf(list), &released), kSamePerson);
  EXPECT_REFUSED(
      service_.ReleasePayment(CallOf(domain::Role::kApprover, "chen"), ReleaseOf(list), &released),
      kSamePerson);
  for (const rpc::Call& call : {Province(), Lead(), Public()}) {
    EXPECT_REFUSED(service_.ReleasePayment(call, ReleaseOf(list), &released), kNotPermitted);
  }
  v1::ReleasePaymentRequest request = ReleaseOf(list);
  request.set_list_digest(std::string(64, 'a'));
  EXPECT_REFUSED(service_.ReleasePayment(Bai(), request, &released), kListMismatch);
  EXPECT_EQ(StateOf(id), "APPROVED");
  ASSERT_DONE(service_.ReleasePayment(Bai(), ReleaseOf(list), &released));
  EXPECT_EQ(released.state(), v1::PaymentList::RELEASED);
  EXPECT_EQ(StateOf(id), "PAYING");
  EXPECT_REFUSED(service_.ReleasePayment(Bai(), ReleaseOf(list), &released), kWrongState);
}

// Another account makes another list: the digest is over the accounts in full.
TEST_F(PaymentTest, DigestIsOverTheFullAccounts) {
  const std::string id = Approved();
  v1::PaymentList one;
  v1::PaymentList two;
  ASSERT_DONE(service_.PreparePayment(Chen(), PaymentOf({id}), &one));
  v1::PreparePaymentRequest request = PaymentOf({id});
  request.mutable_items(0)->set_bank_account("9999020200112233445");  // the same last four
  ASSERT_DONE(service_.PreparePayment(Chen(), request, &two));
  EXPECT_EQ(one.items(0).bank_account(), two.items(0).bank_account());
  EXPECT_NE(one.digest(), two.digest());
  v1::PaymentList released;
  ASSERT_DONE(service_.ReleasePayment(Bai(), ReleaseOf(two), &released));
  EXPECT_REFUSED(service_.ReleasePayment(Bai(), ReleaseOf(one), &released),
                 kWrongState);  // nobody is paid twice by two lists
}

// Two lists with the same case released at once: one payment.
TEST_F(PaymentTest, TwoListsAtOncePayOnce) {
  for (int round = 0; round < 4; ++round) {
    Db().Clear();
    clock_.Set(At("2023-11-20 10:00:00"));
    const std::string id = Approved();
    v1::PaymentList lists[2];
    for (v1::PaymentList& list : lists) {
      ASSERT_DONE(service_.PreparePayment(Chen(), PaymentOf({id}), &list));
    }
    absl::Status results[2];
    std::thread other([&] {
      v1::PaymentList released;
      results[0] = service_.ReleasePayment(Bai(), ReleaseOf(lists[0]), &released);
    });
    v1::PaymentList released;
    results[1] = service_.ReleasePayment(Luo(), ReleaseOf(lists[1]), &released);
    other.join();
    EXPECT_NE(results[0].ok(), results[1].ok());
    EXPECT_REFUSED(results[results[0].ok() ? 1 : 0], kWrongState);
  }
}

TEST_F(PaymentTest, PaidIsToldToFiling) {
  const std::string id = Paying();
  v1::SubsidyCase answer;
  ASSERT_DONE(service_.RecordPayment(Chen(), ConfirmPaidOf(id, "ICBC-20231127-001"), &answer));
  EXPECT_EQ(answer.state(), v1::SubsidyCase::PAID);
  const std::vector<events::v1::Event> events = Emitted();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].case_id(), id);
  EXPECT_EQ(events[0].handoff_sequence(), 0);
  EXPECT_EQ(events[0].subsidy_paid().amount_fen(), 25 * kWan);
  EXPECT_EQ(events[0].subsidy_paid().bank_reference(), "ICBC-20231127-001");
}

TEST_F(PaymentTest, BankReferenceIsUsedOnce) {
  const std::string id = Paying();
  v1::SubsidyCase answer;
  v1::RecordPaymentRequest request = ConfirmPaidOf(id, "");
  EXPECT_REFUSED(service_.RecordPayment(Chen(), request, &answer), kBankReferenceRequired);
  request = ConfirmPaidOf(id, "REF-0001");
  request.clear_receipt();
  EXPECT_REFUSED(service_.RecordPayment(Chen(), request, &answer), kPaperRequired);
  ASSERT_DONE(service_.RecordPayment(Chen(), ConfirmFailedOf(id, "REF-0001"), &answer));
  EXPECT_EQ(answer.state(), v1::SubsidyCase::PAYMENT_FAILED);
  ASSERT_DONE(service_.RetryPayment(Chen(), DecideOf(id), &answer));
  EXPECT_EQ(answer.state(), v1::SubsidyCase::PAYING);
  EXPECT_REFUSED(service_.RecordPayment(Chen(), ConfirmPaidOf(id, "REF-0001"), &answer),
                 kAlreadyExists);
  EXPECT_EQ(StateOf(id), "PAYING");
  EXPECT_TRUE(Emitted().empty());
  EXPECT_DONE(service_.RecordPayment(Chen(), ConfirmPaidOf(id, "REF-0002"), &answer));
}

TEST_F(PaymentTest, RefusalsInTheirOrder) {
  const std::string id = Paying();
  v1::SubsidyCase answer;
  EXPECT_REFUSED(service_.RecordPayment(Bai(), ConfirmPaidOf(id, "REF-1"), &answer), kNotPermitted);
  EXPECT_REFUSED(service_.RecordPayment(Lead(), ConfirmPaidOf(id, "REF-1"), &answer),
                 kNotPermitted);
  v1::RecordPaymentRequest request = ConfirmPaidOf(id, "REF-1");
  request.set_etag("\"1\"");
  EXPECT_REFUSED(service_.RecordPayment(Chen(), request, &answer), kEtagStale);
  EXPECT_REFUSED(service_.RetryPayment(Chen(), DecideOf(id), &answer), kWrongState);
  EXPECT_REFUSED(service_.ClaimBack(Bai(), ClaimOf(id, kWan), &answer), kWrongState);
  request = ConfirmPaidOf(id, "REF-1");
  ASSERT_DONE(service_.RecordPayment(Chen(), request, &answer));
  v1::SubsidyCase again;
  ASSERT_DONE(service_.RecordPayment(Chen(), request, &again)) << "a repeat";
  EXPECT_EQ(answer.SerializeAsString(), again.SerializeAsString());
  EXPECT_EQ(Emitted().size(), 1U);
  request.set_bank_reference("REF-2");
  EXPECT_REFUSED(service_.RecordPayment(Chen(), request, &again), kRequestIdReused);
}

class ClaimBackTest : public SubsidyTest {};

// 25 was paid on 123.45; 99.99 gives 15, so 10 are claimed. The old run stays as it was.
TEST_F(ClaimBackTest, DifferenceIsClaimedAndRecovered) {
  const std::string id = ConfirmedPaid();
  const std::string line = Db().Value("SELECT HEX(content) FROM subsidy_line");
  v1::SubsidyCase answer;
  ASSERT_DONE(service_.ClaimBack(Bai(), ClaimOf(id, 9'999 * kWan / 100), &answer));
  EXPECT_EQ(answer.state(), v1::SubsidyCase::RECOVERING);
  EXPECT_EQ(answer.claim_fen(), 10 * kWan);
  EXPECT_EQ(answer.amount_fen(), 25 * kWan);
  EXPECT_EQ(Db().Value("SELECT HEX(content) FROM subsidy_line"), line);

  EXPECT_REFUSED(service_.RecordRecovery(Bai(), RecoveryOf(id, "BACK-1"), &answer), kNotPermitted);
  v1::RecordRecoveryRequest request = RecoveryOf(id, "BACK-1");
  request.clear_receipt();
  EXPECT_REFUSED(service_.RecordRecovery(Chen(), request, &answer), kPaperRequired);
  ASSERT_DONE(service_.RecordRecovery(Chen(), RecoveryOf(id, "BACK-1"), &answer));
  EXPECT_EQ(answer.state(), v1::SubsidyCase::RECOVERED);
  EXPECT_REFUSED(service_.RecordRecovery(Chen(), RecoveryOf(id, "BACK-2"), &answer), kWrongState);
}

// Both sides: 100 万元 still gives 25, one fen less gives 15.
TEST_F(ClaimBackTest, OnlyWhenTheCorrectedFigureGivesLess) {
  const std::string id = ConfirmedPaid();
  v1::SubsidyCase answer;
  EXPECT_REFUSED(service_.ClaimBack(Bai(), ClaimOf(id, 100 * kWan), &answer), kNothingToClaimBack);
  EXPECT_REFUSED(service_.ClaimBack(Bai(), ClaimOf(id, 300 * kWan), &answer), kNothingToClaimBack);
  EXPECT_EQ(StateOf(id), "PAID");
  ASSERT_DONE(service_.ClaimBack(Bai(), ClaimOf(id, 100 * kWan - 1), &answer));
  EXPECT_EQ(answer.claim_fen(), 10 * kWan);
}

TEST_F(ClaimBackTest, AllOfItWhenNothingIsLeft) {
  const std::string id = ConfirmedPaid();
  v1::SubsidyCase answer;
  ASSERT_DONE(service_.ClaimBack(Bai(), ClaimOf(id, 0), &answer));
  EXPECT_EQ(answer.claim_fen(), 25 * kWan);
}

TEST_F(ClaimBackTest, RefusalsInTheirOrder) {
  const std::string id = ConfirmedPaid();
  v1::SubsidyCase answer;
  for (const rpc::Call& call : {Chen(), Province(), Lead()}) {
    EXPECT_REFUSED(service_.ClaimBack(call, ClaimOf(id, kWan), &answer), kNotPermitted);
  }
  v1::ClaimBackRequest request = ClaimOf(id, kWan);
  request.clear_decision();
  EXPECT_REFUSED(service_.ClaimBack(Bai(), request, &answer), kPaperRequired);
  request = ClaimOf(id, -1);
  const absl::Status refused = service_.ClaimBack(Bai(), request, &answer);
  EXPECT_REFUSED(refused, kInvalidRequest);
  EXPECT_EQ(FieldsOf(refused), "corrected_rd_fen");
  request = ClaimOf(id, kWan);
  request.set_etag("\"1\"");
  EXPECT_REFUSED(service_.ClaimBack(Bai(), request, &answer), kEtagStale);
}

// Nobody can sign a claim away by naming a reference that proved the payment.
TEST_F(ClaimBackTest, RecoveryNeedsAReferenceOfItsOwn) {
  const std::string id = Paying();
  v1::SubsidyCase answer;
  ASSERT_DONE(service_.RecordPayment(Chen(), ConfirmPaidOf(id, "REF-PAID"), &answer));
  ASSERT_DONE(service_.ClaimBack(Bai(), ClaimOf(id, kWan), &answer));
  EXPECT_REFUSED(service_.RecordRecovery(Chen(), RecoveryOf(id, "REF-PAID"), &answer),
                 kAlreadyExists);
  EXPECT_EQ(StateOf(id), "RECOVERING");
}

}  // namespace
}  // namespace alliance::subsidy
