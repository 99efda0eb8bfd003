// The audit trail: a case goes every way that the workflow has for review, and every row that was
// written on the way is sealed, so that a row changed by hand is found.

#include <string>
#include <vector>

#include "common/base/str.h"
#include "common/testing/whole_life.h"
#include "services/review/convert.h"
#include "services/review/fixture_test.h"

namespace alliance::review {
namespace {

using filing::v1::Extension;

// Every table that is sealed. No row was ever sealed in outbox, inbox, idempotency and
// published_pack, so these are left out; audit_checkpoint is signed instead.
const std::vector<std::string>& SealedTables() {
  static const std::vector<std::string>& tables =
      *new std::vector<std::string>{"review_case",         "review_version",
                                    "condition_decision",  "rd_decision",
                                    "case_return",         "notice_batch",
                                    "notice_line",         "notice_outcome",
                                    "objection",           "objection_decision",
                                    "recommendation",      "recommendation_line",
                                    "recommendation_list", "recommendation_list_line",
                                    "extension",           "forwarding",
                                    "delegation",          "interest_declaration"};
  return tables;
}

class AuditTrail : public ReviewTest {
 protected:
  template <typename Request>
  Request On(const std::string& id, const std::string& reason = "") {
    Request request;
    request.set_name(base::StrCat(kCasePrefix, id));
    request.set_etag(EtagOf(id));
    request.set_request_id(NewId());
    if constexpr (requires { request.set_reason(reason); }) request.set_reason(reason);
    return request;
  }
  void Claim(const std::string& id, const rpc::Call& by = Li()) {
    ASSERT_DONE(service_.ClaimCase(by, ClaimOf(id), &case_));
  }
  void Withdraw(const std::string& id) {
    filing::v1::WithdrawApplicationRequest request;
    request.set_name(base::StrCat(kApplicationPrefix, id));
    request.set_request_id(NewId());
    filing::v1::WithdrawApplicationResponse answer;
    ASSERT_DONE(service_.WithdrawApplication(Lead(), request, &answer));
  }
  void Object(const std::string& id) {
    v1::FileObjectionResponse answer;
    ASSERT_DONE(service_.FileObjection(Public(), ObjectionTo(id), &answer));
  }
  v1::SweepNoticesResponse Sweep() {
    v1::SweepNoticesResponse answer;
    EXPECT_DONE(service_.SweepNotices(Operator(), {}, &answer));
    return answer;
  }
  std::string LateNotice() {  // still running when the round ends
    clock_.Set(At("2023-04-28 10:00:00"));
    return InNotice();
  }

  // SUBMITTED, REVIEWING and RETURNED, until it is rejected.
  void AtTheDesk() {
    Withdraw(Submitted());
    const std::string id = Reviewing();
    ASSERT_DONE(service_.ReleaseCase(Li(), On<v1::ReleaseCaseRequest>(id, "休假"), &case_));
    Claim(id);
    auto reassign = On<v1::ReassignCaseRequest>(id, "改派");
    reassign.set_reviewer("wang");
    ASSERT_DONE(service_.ReassignCase(Wang(), reassign, &case_));
    ASSERT_DONE(Declare(id, Wang()));
    v1::DelegateCasesRequest delegate;
    delegate.set_request_id(NewId());
    delegate.set_holder("wang");
    delegate.set_delegate("li");
    delegate.set_last_date("2023-04-21");
    delegate.set_reason("出差");
    v1::Delegation delegation;
    ASSERT_DONE(service_.DelegateCases(Wang(), delegate, &delegation));
    ASSERT_DONE(Record(id, Li()));
    ASSERT_DONE(service_.ReturnCase(Wang(), ReturnOf(id), &case_));
    ASSERT_DONE(Deliver(SubmittedEvent(id, 2, 3, Version(2))));
    Claim(id);
    v1::RecordConditionsRequest findings = FindingsOf(id);
    findings.mutable_conditions(3)->set_verdict(v1::ConditionRecord::FAIL);
    ASSERT_DONE(service_.RecordConditions(Li(), findings, &case_));
    ASSERT_DONE(service_.RejectCase(Li(), On<v1::RejectCaseRequest>(id, "未组织活动"), &case_));
    Withdraw(Reviewing());
  }

  // PASSED: reopened, withdrawn, forwarded by a zone to its city.
  void Passing() {
    ASSERT_DONE(service_.ReopenCase(Li(), On<v1::ReopenCaseRequest>(Passed(), "复核"), &case_));
    Withdraw(Passed());
    const std::string id = Passed(VersionFor("HTZ-DL", kDeskRound), Zhang());
    v1::Forwarding forwarding;
    ASSERT_DONE(service_.ForwardCases(Zhang(), ForwardingOf({id}, Zhang()), &forwarding));
  }

  // OBJECTED, and every way out of it.
  void Objections() {
    const std::string id = Objected();
    Object(id);
    ASSERT_DONE(service_.DismissObjection(Li(), HandlingOf(id), &case_));
    Object(id);
    ASSERT_DONE(service_.RenoticeCase(Li(), HandlingOf(id), &case_));
    Object(id);
    ASSERT_DONE(service_.UpholdObjection(Li(), HandlingOf(id), &case_));
  }

  // A notice ends by the reviewer's act, by the clock, and with the objection to it; the case is
  // recommended, and sent back by the province.
  void EndsOfNotices() {
    InNotice();
    v1::CloseNoticeRequest close;
    close.set_name(batch_);
    close.set_request_id(NewId());
    close.set_reason("提前结束");
    v1::NoticeBatch batch;
    ASSERT_DONE(service_.CloseNotice(Li(), close, &batch));
    const std::string objected = Objected();
    const std::string id = InNotice();
    const std::string late = Submitted(VersionFor("210200", kDeskRound));
    clock_.Set(At("2023-04-27 00:00:00"));
    EXPECT_GE(Sweep().closed_cases(), 1);
    EXPECT_EQ(StateOf(id), "NOTICE_CLOSED");
    EXPECT_EQ(LastHistory(late, "action"), "escalate");
    ASSERT_DONE(service_.DismissObjection(Li(), HandlingOf(objected), &case_));
    v1::Recommendation recommendation;
    ASSERT_DONE(service_.RecommendCases(Li(), RecommendationOf({id}), &recommendation));
    events::v1::Event event = SubmittedEvent(id, 2, 3, Version());
    event.mutable_application_sent_back()->set_reason("核定数需复核");
    ASSERT_DONE(Deliver(event));
    EXPECT_EQ(StateOf(id), "REVIEWING");
  }

  void Extend(const std::string& id) {
    events::v1::Event event = SubmittedEvent(id, 1, 0, Version());
    Extension* extension = event.mutable_extension_approved()->mutable_extension();
    extension->set_name(base::StrCat("extensions/", NewId()));
    extension->set_round(kRound);
    extension->set_region("210200");
    extension->set_application(base::StrCat(kApplicationPrefix, id));
    extension->set_deadline(Extension::RECOMMENDER);
    extension->mutable_close_time()->set_seconds(absl::ToUnixSeconds(At("2023-05-05 00:00:00")));
    extension->set_reason("台风停电，公示顺延");
    event.set_case_id(extension->name());
    ASSERT_DONE(Deliver(event));
  }

  // What is left in each state when the round ends, with one case that has more time.
  void CloseRound() {
    Submitted();
    const std::string extended = Reviewing();
    Passed();
    Extend(extended);
    LateNotice();
    Object(LateNotice());
    clock_.Set(At("2023-05-05 00:00:00") - absl::Microseconds(1));
    v1::CloseRoundRequest request;
    request.set_round(kRound);
    request.set_validate_only(true);
    v1::CloseRoundResponse answer;
    EXPECT_REFUSED(service_.CloseRound(Province(), request, &answer), kRecommendStillOpen);
    clock_.Set(At("2023-05-05 00:00:00"));
    ASSERT_DONE(service_.CloseRound(Province(), request, &answer));
    request.set_validate_only(false);
    request.set_request_id(NewId());
    request.set_reason("推荐截止");
    request.set_list_digest(answer.list_digest());
    ASSERT_DONE(service_.CloseRound(Province(), request, &answer));
  }

  v1::ReviewCase case_;
};

TEST_F(AuditTrail, AWholeLifeVerifiesCleanAndEveryTableIsSealed) {
  AtTheDesk();
  Passing();
  Objections();
  EndsOfNotices();
  CloseRound();
  EXPECT_EQ(service_testing::RowsNotWalked(Db(), domain::Owner::kReview), "");
  ASSERT_EQ(service_testing::AuditFindings(Db(), SealedTables()), "");
  // When the clock last told of a case, left out on purpose: see review_store.h.
  EXPECT_EQ(service_testing::UnsealedColumns(Db(), SealedTables()), "review_case escalate_us\n");
  EXPECT_EQ(service_testing::ChangesNotFound(Db(), SealedTables()), "");
}

}  // namespace
}  // namespace alliance::review
