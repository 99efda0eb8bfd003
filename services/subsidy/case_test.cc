// One case from the notice to the money and back, each act with its nearest refusals.

#include "common/base/str.h"
#include "common/base/uuid.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/fixture_test.h"

namespace alliance::subsidy {
namespace {

// published, over after seven days, then approved by somebody who had no hand in the
// run.
TEST_F(SubsidyTest, ApprovalNeedsTheNoticeToBeOverAndAThirdPerson) {
  const std::string id = InNotice();
  v1::SubsidyCase answer;
  clock_.Set(domain::StartOf(absl::CivilDay(2024, 3, 8)) - absl::Microseconds(1));
  EXPECT_REFUSED(service_.ApproveSubsidy(Approver("approver-2"), Decide(id), &answer),
                 kNoticeNotOver);
  clock_.Set(domain::StartOf(absl::CivilDay(2024, 3, 8)));
  EXPECT_REFUSED(service_.ApproveSubsidy(Approver(), Decide(id), &answer), kSamePerson);
  EXPECT_REFUSED(service_.ApproveSubsidy(Finance(), Decide(id), &answer), kNotPermitted);
  auto request = Decide(id);
  request.clear_document();
  EXPECT_REFUSED(service_.ApproveSubsidy(Approver("approver-2"), request, &answer), kPaperRequired);
  request = Decide(id);
  request.set_etag("\"1\"");
  EXPECT_REFUSED(service_.ApproveSubsidy(Approver("approver-2"), request, &answer), kEtagStale);
  request.clear_etag();
  EXPECT_REFUSED(service_.ApproveSubsidy(Approver("approver-2"), request, &answer), kEtagRequired);
  ASSERT_DONE(service_.ApproveSubsidy(Approver("approver-2"), Decide(id), &answer));
  EXPECT_EQ(answer.state(), v1::SubsidyCase::APPROVED);
  EXPECT_REFUSED(service_.ApproveSubsidy(Approver("approver-2"), Decide(id), &answer), kWrongState);
}

TEST_F(SubsidyTest, AnObjectionIsInTimeByRealNameWithGroundsAndEvidence) {
  const std::string id = InNotice();
  v1::FileSubsidyObjectionResponse filed;
  auto request = ObjectionTo(id);
  request.clear_objector_name();
  EXPECT_REFUSED(service_.FileSubsidyObjection(Public(), request, &filed), kObjectionAnonymous);
  request = ObjectionTo(id);
  request.clear_grounds();
  EXPECT_REFUSED(service_.FileSubsidyObjection(Public(), request, &filed),
                 kObjectionWithoutGrounds);
  request = ObjectionTo(id);
  request.clear_evidence();
  EXPECT_REFUSED(service_.FileSubsidyObjection(Public(), request, &filed), kPaperRequired);
  EXPECT_REFUSED(service_.FileSubsidyObjection(Finance(), ObjectionTo(id), &filed), kNotPermitted);
  clock_.Set(domain::StartOf(absl::CivilDay(2024, 3, 8)));
  EXPECT_REFUSED(service_.FileSubsidyObjection(Public(), ObjectionTo(id), &filed), kObjectionLate);
  clock_.Set(domain::StartOf(absl::CivilDay(2024, 3, 8)) - absl::Microseconds(1));
  ASSERT_DONE(service_.FileSubsidyObjection(Public(), ObjectionTo(id), &filed));
  EXPECT_EQ(Get(id).state(), v1::SubsidyCase::SUBSIDY_OBJECTED);
  ASSERT_EQ(Get(id).objections_size(), 1);
  EXPECT_EQ(Get(id).objections(0).objector_name(), "张三");
}

// Q23: the lead learns neither that there is an objection nor who made it.
TEST_F(SubsidyTest, TheLeadSeesItsOwnCaseAndNothingOfAnObjection) {
  const std::string id = InNotice();
  v1::FileSubsidyObjectionResponse filed;
  ASSERT_DONE(service_.FileSubsidyObjection(Public(), ObjectionTo(id), &filed));
  v1::GetSubsidyCaseRequest request;
  request.set_name(base::StrCat(kCases, id));
  v1::SubsidyCase seen;
  ASSERT_DONE(
      service_.GetSubsidyCase(CallOf(domain::Role::kApplicant, "lead", kLeadCode), request, &seen));
  EXPECT_EQ(seen.state(), v1::SubsidyCase::SUBSIDY_NOTICE);
  EXPECT_GT(seen.trace_size(), 0) << "the lead is told how its amount came about";
  EXPECT_EQ(seen.DebugString().find("张三"), std::string::npos);
  EXPECT_EQ(seen.DebugString().find("OBJECTED"), std::string::npos);
  for (const rpc::Call& other : {CallOf(domain::Role::kApplicant, "x", "91210100PDY00001XY"),
                                 CallOf(domain::Role::kFirm, "f", "LNPJ-01"), Public()}) {
    EXPECT_REFUSED(service_.GetSubsidyCase(other, request, &seen), kNotPermitted);
  }
}

TEST_F(SubsidyTest, AnObjectionIsDismissedOrWithholdsTheMoney) {
  const std::string kept = InNotice();
  const std::string withheld = InNotice(40 * kWan);
  v1::FileSubsidyObjectionResponse filed;
  v1::SubsidyCase answer;
  for (const std::string& id : {kept, withheld}) {
    ASSERT_DONE(service_.FileSubsidyObjection(Public(), ObjectionTo(id), &filed));
  }
  EXPECT_REFUSED(service_.DismissSubsidyObjection(Finance(), Decide(kept, ""), &answer),
                 kReasonRequired);
  ASSERT_DONE(service_.DismissSubsidyObjection(Finance(), Decide(kept), &answer));
  EXPECT_EQ(answer.state(), v1::SubsidyCase::SUBSIDY_NOTICE);
  ASSERT_DONE(service_.UpholdSubsidyObjection(Finance(), Decide(withheld), &answer));
  EXPECT_EQ(answer.state(), v1::SubsidyCase::WITHHELD);
  EXPECT_EQ(UsedFen(), 33 * kWan);
  EXPECT_REFUSED(service_.RefuseWithheld(Finance(), Decide(withheld), &answer), kNotPermitted);
  ASSERT_DONE(service_.RefuseWithheld(Approver(), Decide(withheld), &answer));
  EXPECT_EQ(answer.state(), v1::SubsidyCase::REFUSED);
  EXPECT_EQ(UsedFen(), 25 * kWan) << "what is refused is given back";
}

TEST_F(SubsidyTest, WithheldMoneyMayBeReleased) {
  const std::string id = InNotice();
  v1::FileSubsidyObjectionResponse filed;
  v1::SubsidyCase answer;
  ASSERT_DONE(service_.FileSubsidyObjection(Public(), ObjectionTo(id), &filed));
  ASSERT_DONE(service_.UpholdSubsidyObjection(Finance(), Decide(id), &answer));
  ASSERT_DONE(service_.ReleaseWithheld(Approver(), Decide(id), &answer));
  EXPECT_EQ(answer.state(), v1::SubsidyCase::APPROVED);
  EXPECT_EQ(UsedFen(), 25 * kWan);
}

// the payee is the lead; two people; the exact list.
TEST_F(SubsidyTest, PaymentGoesToTheLeadByTwoPeople) {
  const std::string id = Approved();
  v1::PaymentList list;
  auto request = PaymentOf(id);
  request.mutable_items(0)->set_account_holder("别的公司");
  EXPECT_REFUSED(service_.PreparePayment(Finance(), request, &list), kAccountNotChecked);
  request = PaymentOf(id);
  request.mutable_items(0)->set_bank_account("6222 0202");
  EXPECT_REFUSED(service_.PreparePayment(Finance(), request, &list), kInvalidRequest);
  ASSERT_DONE(service_.PreparePayment(Finance(), PaymentOf(id), &list));
  EXPECT_EQ(list.total_fen(), 25 * kWan);
  EXPECT_EQ(list.items(0).bank_account(), "***************5678");
  const std::string digest = list.digest();  // a refused call empties its answer
  v1::ReleasePaymentRequest release;
  release.set_name(list.name());
  release.set_request_id(base::NewUuid7());
  release.set_list_digest(digest);
  EXPECT_REFUSED(service_.ReleasePayment(Finance(), release, &list), kSamePerson);
  release.set_request_id(base::NewUuid7());
  release.set_list_digest(std::string(64, 'a'));
  EXPECT_REFUSED(service_.ReleasePayment(Approver(), release, &list), kListMismatch);
  release.set_list_digest(digest);
  ASSERT_DONE(service_.ReleasePayment(Approver(), release, &list));
  EXPECT_EQ(Get(id).state(), v1::SubsidyCase::PAYING);
  release.set_request_id(base::NewUuid7());
  EXPECT_REFUSED(service_.ReleasePayment(Approver(), release, &list), kWrongState);
}

v1::RecordPaymentRequest Payment(const v1::SubsidyCase& row, bool paid, std::string reference) {
  v1::RecordPaymentRequest request;
  request.set_name(row.name());
  request.set_etag(row.etag());
  request.set_request_id(base::NewUuid7());
  request.set_paid(paid);
  request.set_bank_reference(std::move(reference));
  if (!paid) request.set_reason("账户已销户");
  *request.mutable_receipt() = DocumentOf("银行回单");
  return request;
}

TEST_F(SubsidyTest, AFailedPaymentIsTriedAgainAndAReferenceProvesOnePayment) {
  const std::string id = Paying();
  v1::SubsidyCase answer;
  EXPECT_REFUSED(service_.RecordPayment(Finance(), Payment(Get(id), true, ""), &answer),
                 kBankReferenceRequired);
  ASSERT_DONE(service_.RecordPayment(Finance(), Payment(Get(id), false, "BANK-0001"), &answer));
  EXPECT_EQ(answer.state(), v1::SubsidyCase::PAYMENT_FAILED);
  ASSERT_DONE(service_.RetryPayment(Finance(), Decide(id), &answer));
  EXPECT_REFUSED(service_.RecordPayment(Finance(), Payment(Get(id), true, "BANK-0001"), &answer),
                 kAlreadyExists);
  ASSERT_DONE(service_.RecordPayment(Finance(), Payment(Get(id), true, "BANK-0002"), &answer));
  EXPECT_EQ(answer.state(), v1::SubsidyCase::PAID);
  EXPECT_EQ(Db().Value("SELECT type FROM outbox WHERE destination='filing'"), "SubsidyPaid");
}

// A corrected figure makes a claim and never rewrites the run.
TEST_F(SubsidyTest, WhatACorrectedFigureDoesNotBearIsClaimedBack) {
  const std::string id = Paying();
  v1::SubsidyCase answer;
  ASSERT_DONE(service_.RecordPayment(Finance(), Payment(Get(id), true, "BANK-0003"), &answer));
  v1::ClaimBackRequest claim;
  claim.set_name(answer.name());
  claim.set_etag(answer.etag());
  claim.set_request_id(base::NewUuid7());
  claim.set_reason("审计核减");
  *claim.mutable_decision() = DocumentOf("追回决定");
  claim.set_corrected_rd_fen(100 * kWan);  // the same interval: nothing to claim
  EXPECT_REFUSED(service_.ClaimBack(Approver(), claim, &answer), kNothingToClaimBack);
  claim.set_corrected_rd_fen(100 * kWan - 1);  // one fen less: 15 万元
  claim.set_request_id(base::NewUuid7());
  ASSERT_DONE(service_.ClaimBack(Approver(), claim, &answer));
  EXPECT_EQ(answer.state(), v1::SubsidyCase::RECOVERING);
  EXPECT_EQ(answer.claim_fen(), 10 * kWan);
  v1::RecordRecoveryRequest recovery;
  recovery.set_name(answer.name());
  recovery.set_etag(answer.etag());
  recovery.set_request_id(base::NewUuid7());
  recovery.set_bank_reference("BANK-0004");
  *recovery.mutable_receipt() = DocumentOf("银行回单");
  ASSERT_DONE(service_.RecordRecovery(Finance(), recovery, &answer));
  EXPECT_EQ(answer.state(), v1::SubsidyCase::RECOVERED);
  EXPECT_EQ(Get(id).amount_fen(), 25 * kWan);
}

TEST_F(SubsidyTest, ARepeatedRequestHasOneEffect) {
  const std::string id = InNotice();
  v1::FileSubsidyObjectionResponse first;
  v1::FileSubsidyObjectionResponse second;
  auto request = ObjectionTo(id);
  ASSERT_DONE(service_.FileSubsidyObjection(Public(), request, &first));
  ASSERT_DONE(service_.FileSubsidyObjection(Public(), request, &second));
  EXPECT_EQ(first.name(), second.name());
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM objection"), 1);
  request.set_grounds("另一个理由");
  EXPECT_EQ(WordOf(service_.FileSubsidyObjection(Public(), request, &second)).find("OK"),
            std::string::npos);
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM objection"), 1);
}

}  // namespace
}  // namespace alliance::subsidy
