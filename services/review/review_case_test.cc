// The preliminary review, act by act: each accept with its nearest refuse.

#include <string>
#include <vector>

#include "common/base/str.h"
#include "services/review/convert.h"
#include "services/review/fixture_test.h"

namespace alliance::review {
namespace {

using filing::v1::Application;

// A request for one case by name and etag, as Pass, Release, Reject and Reopen have it.
template <typename Request>
Request On(const std::string& id, const std::string& etag, const std::string& reason = "") {
  Request request;
  request.set_name(base::StrCat(kCasePrefix, id));
  request.set_etag(etag);
  request.set_request_id(NewId());
  if constexpr (requires { request.set_reason(reason); }) request.set_reason(reason);
  return request;
}

class ReviewCaseTest : public ReviewTest {
 protected:
  absl::Status Claim(const rpc::Call& by, const v1::ClaimCaseRequest& request) {
    return service_.ClaimCase(by, request, &answer_);
  }
  absl::Status Return(const rpc::Call& by, const v1::ReturnCaseRequest& request) {
    return service_.ReturnCase(by, request, &answer_);
  }
  absl::Status Findings(const rpc::Call& by, const v1::RecordConditionsRequest& request) {
    return service_.RecordConditions(by, request, &answer_);
  }
  absl::Status Pass(const rpc::Call& by, const std::string& id) {
    return service_.PassCase(by, On<v1::PassCaseRequest>(id, EtagOf(id)), &answer_);
  }
  absl::Status Release(const rpc::Call& by, const std::string& id, const std::string& reason) {
    return service_.ReleaseCase(by, On<v1::ReleaseCaseRequest>(id, EtagOf(id), reason), &answer_);
  }
  absl::Status Reject(const rpc::Call& by, const std::string& id, const std::string& reason) {
    return service_.RejectCase(by, On<v1::RejectCaseRequest>(id, EtagOf(id), reason), &answer_);
  }
  absl::Status Reopen(const rpc::Call& by, const std::string& id, const std::string& reason) {
    return service_.ReopenCase(by, On<v1::ReopenCaseRequest>(id, EtagOf(id), reason), &answer_);
  }
  absl::Status Withdraw(const rpc::Call& by, const std::string& id) {
    filing::v1::WithdrawApplicationRequest request;
    request.set_name(base::StrCat(kApplicationPrefix, id));
    request.set_request_id(NewId());
    filing::v1::WithdrawApplicationResponse answer;
    return service_.WithdrawApplication(by, request, &answer);
  }

  v1::ReviewCase answer_;
};

// A reason is kept without the blanks around it, the same in the history, in what filing hears and
// in the case; blanks alone are none.
TEST_F(ReviewCaseTest, ReasonsAreKeptWithoutBlanksAround) {
  const std::string returned = Reviewing();
  v1::ReturnCaseRequest request = ReturnOf(returned);
  request.set_reason(" \u3000 请补 充\n ");
  ASSERT_DONE(Return(Li(), request));
  EXPECT_EQ(LastHistory(returned, "reason"), "请补 充");
  EXPECT_EQ(LastEvent().application_returned().reason(), "请补 充");
  const std::string unexplained = Reviewing();
  request = ReturnOf(unexplained);
  request.set_reason(" \u3000 ");
  ASSERT_DONE(Return(Li(), request));
  EXPECT_EQ(LastHistory(unexplained, "reason"), "");
  EXPECT_EQ(LastEvent().application_returned().reason(), "");

  const std::string recorded = Reviewing();
  v1::RecordConditionsRequest findings = FindingsOf(recorded);
  findings.set_override_reason("  已核实 ");
  ASSERT_DONE(Findings(Li(), findings));
  EXPECT_EQ(LastHistory(recorded, "reason"), "已核实");
  EXPECT_EQ(Read(recorded).override_reason(), "已核实");

  // Where one is asked for, blanks are refused.
  const std::string passed = Passed();
  EXPECT_REFUSED(Reopen(Li(), passed, " \u3000\n"), kReasonRequired);
  ASSERT_DONE(Reopen(Li(), passed, " 有误 "));
  EXPECT_EQ(LastHistory(passed, "reason"), "有误");
}

// a reviewer of the region claims a case and holds it from then on.
TEST_F(ReviewCaseTest, ClaimMakesTheCallerTheHolder) {
  const std::string id = Submitted();
  ASSERT_DONE(Claim(Li(), ClaimOf(id)));
  EXPECT_EQ(answer_.state(), Application::REVIEWING);
  EXPECT_EQ(answer_.reviewer(), "li");
  EXPECT_EQ(answer_.etag(), "\"2\"");
  EXPECT_EQ(StateOf(id), "REVIEWING");
  EXPECT_EQ(HistoryOf(id), 2);
  EXPECT_EQ(LastHistory(id, "action"), "claim");
  EXPECT_EQ(LastHistory(id, "actor"), "li");
  EXPECT_TRUE(Emitted().empty());
}

// role, region and existence give one and the same answer, and nothing is written.
TEST_F(ReviewCaseTest, ClaimIsForReviewersOfTheRegion) {
  const std::string id = Submitted();
  for (const rpc::Call& by :
       {Zhao(), Zhang(), Province(), Public(), Operator(), Lead(), OtherLead(),
        CallOf(domain::Role::kRecommender, "nowhere"), CallOf(domain::Role::kAuditor, "audit"),
        CallOf(domain::Role::kFirm, "firm", "", "F1")}) {
    EXPECT_REFUSED(Claim(by, ClaimOf(id)), kNotPermitted);
  }
  v1::ClaimCaseRequest unknown = ClaimOf(id);
  unknown.set_name(base::StrCat(kCasePrefix, NewId()));
  EXPECT_REFUSED(Claim(Li(), unknown), kNotPermitted);
  EXPECT_EQ(StateOf(id), "SUBMITTED");
  EXPECT_EQ(HistoryOf(id), 1);
}

// A stranger hears NOT_PERMITTED also with a wrong etag: freshness tells them nothing.
TEST_F(ReviewCaseTest, PermissionComesBeforeFreshness) {
  const std::string id = Submitted();
  v1::ClaimCaseRequest request = ClaimOf(id);
  request.set_etag("\"99\"");
  EXPECT_REFUSED(Claim(Zhao(), request), kNotPermitted);
  EXPECT_REFUSED(Claim(Lead(), request), kNotPermitted);
  EXPECT_REFUSED(Claim(Li(), request), kEtagStale);
}

TEST_F(ReviewCaseTest, ClaimNeedsTheDeclaration) {
  const std::string id = Submitted();
  v1::ClaimCaseRequest request = ClaimOf(id);
  request.set_no_conflict_of_interest(false);
  EXPECT_REFUSED(Claim(Li(), request), kConflictOfInterest);
  EXPECT_EQ(StateOf(id), "SUBMITTED");
}

// AIP-154, AIP-155: etag and request id.
TEST_F(ReviewCaseTest, EtagAndRequestIdAreRequired) {
  const std::string id = Submitted();
  v1::ClaimCaseRequest request = ClaimOf(id);
  request.clear_etag();
  EXPECT_REFUSED(Claim(Li(), request), kEtagRequired);
  request = ClaimOf(id);
  request.set_request_id("1");
  EXPECT_REFUSED(Claim(Li(), request), kRequestIdRequired);
  request = ClaimOf(id);
  request.set_name("reviewCases/1");
  request.clear_etag();
  const absl::Status wrong = Claim(Li(), request);
  EXPECT_REFUSED(wrong, kInvalidRequest);
  EXPECT_EQ(FieldsOf(wrong), "name");
  ASSERT_DONE(Claim(Li(), ClaimOf(id)));
  EXPECT_REFUSED(Claim(Wang(), ClaimOf(id)), kWrongState);
}

// AIP-155: the same request again gives the first answer and no second effect; another body is
// refused.
TEST_F(ReviewCaseTest, RepeatedClaimIsOneClaim) {
  const std::string id = Submitted();
  const v1::ClaimCaseRequest request = ClaimOf(id);
  ASSERT_DONE(Claim(Li(), request));
  const std::string first = answer_.SerializeAsString();
  ASSERT_DONE(Release(Li(), id, ""));  // the case goes on
  ASSERT_DONE(Claim(Li(), request));
  EXPECT_EQ(answer_.SerializeAsString(), first);
  EXPECT_EQ(StateOf(id), "SUBMITTED");
  EXPECT_EQ(HistoryOf(id), 3);

  v1::ClaimCaseRequest other = request;
  other.set_no_conflict_of_interest(false);
  EXPECT_REFUSED(Claim(Li(), other), kRequestIdReused);
}

// release: holder, or a superior with reason. Accounts have no ranks yet: a colleague with a
// reason.
TEST_F(ReviewCaseTest, ReleaseByHolderOrWithReason) {
  const std::string id = Reviewing();
  EXPECT_REFUSED(Release(Wang(), id, ""), kReasonRequired);
  EXPECT_REFUSED(Release(Wang(), id, "  "), kReasonRequired);
  EXPECT_REFUSED(Release(Zhao(), id, "转办"), kNotPermitted);
  ASSERT_DONE(Release(Wang(), id, "李永成休假"));
  EXPECT_EQ(LastHistory(id, "reason"), "李永成休假");
  EXPECT_EQ(answer_.state(), Application::SUBMITTED);
  EXPECT_EQ(answer_.reviewer(), "");
  EXPECT_REFUSED(Release(Li(), id, ""), kWrongState);

  ASSERT_DONE(Claim(Wang(), ClaimOf(id)));
  ASSERT_DONE(Release(Wang(), id, ""));
}

// each condition is decided separately, with reason and evidence; the decisions are kept one
// by one.
TEST_F(ReviewCaseTest, RecordsTheConditionsOneByOne) {
  const std::string id = Reviewing();
  v1::RecordConditionsRequest request = FindingsOf(id);
  request.mutable_conditions()->DeleteSubrange(1, 3);
  request.clear_verified_rd_fen();
  request.clear_verified_rd_evidence();
  ASSERT_DONE(Findings(Li(), request));
  ASSERT_EQ(answer_.conditions_size(), 1);
  EXPECT_EQ(answer_.state(), Application::REVIEWING);
  EXPECT_REFUSED(Pass(Li(), id), kConditionOpen);

  request = FindingsOf(id);
  request.mutable_conditions(0)->set_verdict(v1::ConditionRecord::CORRECT);
  request.mutable_conditions(0)->set_reason("缺科研机构的盖章页");
  ASSERT_DONE(Findings(Li(), request));
  ASSERT_EQ(answer_.conditions_size(), 4);
  EXPECT_EQ(answer_.conditions(0).reason(), "缺科研机构的盖章页");
  EXPECT_EQ(answer_.verified_rd_fen(), 123'450'000);
  EXPECT_EQ(answer_.declared_rd_fen(), 150'000'000);
  EXPECT_EQ(answer_.rd_difference_fen(), -26'550'000);
  // 需补正 is as good as open.
  EXPECT_REFUSED(Pass(Li(), id), kConditionOpen);
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM condition_decision"), 5);
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM rd_decision"), 1);
}

// Every wrong field at once.
TEST_F(ReviewCaseTest, FindingsAreCheckedWhole) {
  const std::string id = Reviewing();
  v1::RecordConditionsRequest request = FindingsOf(id);
  request.mutable_conditions(0)->clear_reason();
  request.mutable_conditions(1)->clear_evidence();
  request.mutable_conditions(2)->set_condition("A4_9");
  request.mutable_conditions(3)->set_condition("A4_1");
  request.set_verified_rd_evidence("hearsay");
  const absl::Status wrong = Findings(Li(), request);
  EXPECT_REFUSED(wrong, kInvalidRequest);
  for (std::string_view field :
       {"conditions[0].reason", "conditions[1].evidence", "conditions[2].condition",
        "conditions[3].condition", "verified_rd_evidence"}) {
    EXPECT_NE(FieldsOf(wrong).find(field), std::string::npos) << field << " in " << FieldsOf(wrong);
  }
  v1::RecordConditionsRequest empty = FindingsOf(id);
  empty.clear_conditions();
  empty.clear_verified_rd_fen();
  empty.clear_verified_rd_evidence();
  EXPECT_EQ(FieldsOf(Findings(Li(), empty)), "conditions");
}

// Q7: the verified figure is above 0, at most the declared one, and its paper is there.
TEST_F(ReviewCaseTest, VerifiedRdIsAtMostDeclaredAndEvidenced) {
  const std::string id = Reviewing();
  struct Row {
    int64_t fen;
    std::string evidence;
    std::string fields;  // empty: accepted
  };
  for (const Row& row :
       {Row{150'000'000, "audit_report", ""}, Row{150'000'001, "audit_report", "verified_rd_fen"},
        Row{1, "form", ""}, Row{0, "form", "verified_rd_fen"}, Row{-1, "form", "verified_rd_fen"},
        Row{1, "", "verified_rd_evidence"}, Row{1, "a107012_row40", "verified_rd_evidence"}}) {
    v1::RecordConditionsRequest request = FindingsOf(id);
    request.set_verified_rd_fen(row.fen);
    request.set_verified_rd_evidence(row.evidence);
    const absl::Status status = Findings(Li(), request);
    EXPECT_EQ(WordOf(status), row.fields.empty() ? "OK" : "INVALID_REQUEST") << row.fen;
    EXPECT_EQ(FieldsOf(status), row.fields) << row.fen << " " << row.evidence;
  }
}

// only the holder records, and only while reviewing.
TEST_F(ReviewCaseTest, OnlyTheHolderRecords) {
  const std::string id = Reviewing();
  EXPECT_REFUSED(Findings(Wang(), FindingsOf(id)), kClaimedByOther);
  EXPECT_REFUSED(Findings(Zhao(), FindingsOf(id)), kNotPermitted);
  ASSERT_DONE(Findings(Li(), FindingsOf(id)));
  ASSERT_DONE(Release(Li(), id, ""));
  EXPECT_REFUSED(Findings(Li(), FindingsOf(id)), kWrongState);
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM condition_decision"), 4);
}

// every condition decided and none failed, verified R&D recorded.
TEST_F(ReviewCaseTest, PassNeedsEverything) {
  const std::string id = Reviewing();
  EXPECT_REFUSED(Pass(Li(), id), kConditionOpen);
  v1::RecordConditionsRequest findings = FindingsOf(id);
  findings.clear_verified_rd_fen();
  findings.clear_verified_rd_evidence();
  ASSERT_DONE(Findings(Li(), findings));
  EXPECT_REFUSED(Pass(Li(), id), kVerifiedRdMissing);
  findings = FindingsOf(id);
  findings.mutable_conditions(1)->set_verdict(v1::ConditionRecord::FAIL);
  ASSERT_DONE(Findings(Li(), findings));
  EXPECT_REFUSED(Pass(Li(), id), kConditionFailed);
  ASSERT_DONE(Findings(Li(), FindingsOf(id)));
  EXPECT_REFUSED(Pass(Wang(), id), kClaimedByOther);
  ASSERT_DONE(Pass(Li(), id));
  EXPECT_EQ(answer_.state(), Application::PASSED);
  EXPECT_REFUSED(Pass(Li(), id), kWrongState);
  EXPECT_TRUE(Emitted().empty());
}

// Each condition of article 4 stands between the case and its recommendation by itself: not
// recorded, to be corrected or failed, it alone keeps the case from passing, and failed, it alone
// is enough to reject it.
TEST_F(ReviewCaseTest, EachConditionOfArticle4StandsByItself) {
  const struct {
    const char* condition;
  } kTable[] = {
      {"A4_1"},  // a legal person that works in the province; a university or
                 // institute
      {"A4_2"},  // the lead already cooperates in substance
      {"A4_3"},  // R&D in the last year, with spending
      {"A4_4"},  // activities for the members, regularly
  };
  ASSERT_EQ(std::size(kTable), domain::kConditions.size());
  for (const auto& row : kTable) {
    const std::string id = Reviewing();
    const auto find = [&](v1::RecordConditionsRequest& request) {
      for (v1::ConditionRecord& record : *request.mutable_conditions()) {
        if (record.condition() == row.condition) return &record;
      }
      return static_cast<v1::ConditionRecord*>(nullptr);
    };
    v1::RecordConditionsRequest others = FindingsOf(id);
    for (int i = 0; i < others.conditions_size(); ++i) {
      if (others.conditions(i).condition() == row.condition) {
        others.mutable_conditions()->DeleteSubrange(i, 1);
      }
    }
    ASSERT_EQ(others.conditions_size(), 3) << row.condition;
    ASSERT_DONE(Findings(Li(), others));
    EXPECT_REFUSED(Pass(Li(), id), kConditionOpen);
    for (const auto& [verdict, refusal] :
         {std::pair(v1::ConditionRecord::CORRECT, domain::Reason::kConditionOpen),
          std::pair(v1::ConditionRecord::FAIL, domain::Reason::kConditionFailed)}) {
      v1::RecordConditionsRequest findings = FindingsOf(id);
      ASSERT_NE(find(findings), nullptr) << row.condition;
      find(findings)->set_verdict(verdict);
      ASSERT_DONE(Findings(Li(), findings));
      EXPECT_TRUE(domain::RefusedFor(Pass(Li(), id), refusal)) << row.condition;
    }
    ASSERT_DONE(Reject(Li(), id, "不符合第四条"));

    const std::string other = Reviewing();
    ASSERT_DONE(Findings(Li(), FindingsOf(other)));
    EXPECT_REFUSED(Reject(Li(), other, "不符合第四条"), kNoFailedCondition);
    ASSERT_DONE(Pass(Li(), other));
  }
}

// Q16, Q20: a problem that a reviewer may override needs a written reason before the case passes; a
// mere warning does not.
TEST_F(ReviewCaseTest, OverridableProblemsNeedAReason) {
  events::v1::ApplicationVersion version = Version();
  version.add_warnings()->set_reason("X02");
  version.add_warnings()->set_reason("TALENT_TEAM_ONLY");
  const std::string id = Submitted(version);
  ASSERT_DONE(Claim(Li(), ClaimOf(id)));
  ASSERT_DONE(Findings(Li(), FindingsOf(id)));
  EXPECT_REFUSED(Pass(Li(), id), kOverrideNeedsReason);
  v1::RecordConditionsRequest override = FindingsOf(id);
  override.set_override_reason("人才团队为省级引进团队");
  ASSERT_DONE(Findings(Li(), override));
  EXPECT_EQ(answer_.override_reason(), "人才团队为省级引进团队");
  ASSERT_DONE(Pass(Li(), id));
}

// reject: a failed condition and a reason; filing hears of it as a hand-over.
TEST_F(ReviewCaseTest, RejectNeedsAFailedConditionAndAReason) {
  const std::string id = Reviewing();
  EXPECT_REFUSED(Reject(Li(), id, "不符合"), kNoFailedCondition);
  v1::RecordConditionsRequest findings = FindingsOf(id);
  findings.mutable_conditions(3)->set_verdict(v1::ConditionRecord::FAIL);
  ASSERT_DONE(Findings(Li(), findings));
  EXPECT_REFUSED(Reject(Li(), id, ""), kReasonRequired);
  EXPECT_REFUSED(Reject(Wang(), id, "不符合"), kClaimedByOther);
  EXPECT_TRUE(Emitted().empty());
  ASSERT_DONE(Reject(Li(), id, "未组织活动"));
  EXPECT_EQ(StateOf(id), "REJECTED");
  const events::v1::Event event = LastEvent();
  EXPECT_EQ(event.application_rejected().reason(), "未组织活动");
  EXPECT_EQ(event.handoff_sequence(), 2);
  EXPECT_EQ(event.source(), "review");
  EXPECT_EQ(event.case_id(), id);
  EXPECT_REFUSED(Reject(Li(), id, "再次"), kWrongState);
}

// return: at least one mark, each with a path of the form and a reason (Q21).
TEST_F(ReviewCaseTest, ReturnNeedsMarksWithReasons) {
  const std::string id = Reviewing();
  v1::ReturnCaseRequest request = ReturnOf(id);
  request.clear_marks();
  EXPECT_REFUSED(Return(Li(), request), kMarksRequired);
  request = ReturnOf(id);
  request.mutable_marks(0)->set_reason(" ");
  EXPECT_REFUSED(Return(Li(), request), kMarksRequired);
  request = ReturnOf(id);
  request.add_marks()->set_field("lead.no_such");
  request.add_marks()->set_field("papers.A9_NOTHING");
  *request.add_marks() = request.marks(0);
  const absl::Status wrong = Return(Li(), request);
  EXPECT_REFUSED(wrong, kInvalidRequest);
  EXPECT_EQ(FieldsOf(wrong), "marks[1].field,marks[2].field,marks[3].field");
  EXPECT_REFUSED(Return(Wang(), ReturnOf(id)), kClaimedByOther);

  ASSERT_DONE(Return(Li(), ReturnOf(id)));
  EXPECT_EQ(StateOf(id), "RETURNED");
  const events::v1::Event event = LastEvent();
  EXPECT_EQ(event.handoff_sequence(), 2);
  ASSERT_EQ(event.application_returned().marks_size(), 1);
  EXPECT_EQ(event.application_returned().marks(0).field(), "lead.rd_spend_fen.y1");
  // Filing holds it now: nothing more may be done here.
  EXPECT_TRUE(Read(id).allowed_actions().empty());
  EXPECT_REFUSED(Claim(Li(), ClaimOf(id)), kWrongState);
}

// With no time left for a correction the reviewer says why all the same: both sides of the deadline
// of the correction time.
TEST_F(ReviewCaseTest, LateReturnNeedsAReason) {
  const std::string id = Reviewing();
  const absl::Time deadline = At("2023-05-01 00:00:00");
  clock_.Set(deadline);
  EXPECT_REFUSED(Return(Li(), ReturnOf(id)), kReasonRequired);
  v1::ReturnCaseRequest request = ReturnOf(id);
  request.set_reason("企业来函要求");
  clock_.Set(deadline - absl::Microseconds(1));
  const std::string other = Reviewing();
  ASSERT_DONE(Return(Li(), ReturnOf(other)));
  clock_.Set(deadline);
  ASSERT_DONE(Return(Li(), request));
}

TEST_F(ReviewCaseTest, ReopenNeedsAReason) {
  const std::string id = Passed();
  EXPECT_REFUSED(Reopen(Li(), id, ""), kReasonRequired);
  EXPECT_REFUSED(Reopen(Zhao(), id, "更正"), kNotPermitted);
  ASSERT_DONE(Reopen(Wang(), id, "发现新材料"));
  EXPECT_EQ(answer_.state(), Application::REVIEWING);
  EXPECT_EQ(answer_.reviewer(), "li");
  EXPECT_EQ(answer_.conditions_size(), 4);
  EXPECT_REFUSED(Reopen(Li(), id, "更正"), kWrongState);
}

// The firm may withdraw while the recommender has not put the case on notice.
TEST_F(ReviewCaseTest, FirmWithdrawsBeforeTheNotice) {
  const std::string submitted = Submitted();
  const std::string reviewing = Reviewing();
  const std::string passed = Passed();
  EXPECT_REFUSED(Withdraw(OtherLead(), submitted), kNotPermitted);
  EXPECT_REFUSED(Withdraw(Li(), submitted), kNotPermitted);
  for (const std::string& id : {submitted, reviewing, passed}) {
    ASSERT_DONE(Withdraw(Lead(), id));
    EXPECT_EQ(StateOf(id), "WITHDRAWN");
    const events::v1::Event event = LastEvent();
    EXPECT_TRUE(event.has_application_withdrawn());
    EXPECT_EQ(event.case_id(), id);
    EXPECT_EQ(event.handoff_sequence(), 2);
  }
  EXPECT_REFUSED(Withdraw(Lead(), submitted), kWrongState);
  EXPECT_REFUSED(Withdraw(Lead(), InNotice()), kWrongState);
  const std::string returned = Reviewing();
  ASSERT_DONE(Return(Li(), ReturnOf(returned)));
  // The gateway sends it on to filing.
  EXPECT_REFUSED(Withdraw(Lead(), returned), kHeldElsewhere);
}

// What an applicant is told about a wrong state says nothing of an objection.
TEST_F(ReviewCaseTest, RefusalsToTheFirmDoNotLeak) {
  const std::string id = Objected();
  const absl::Status refused = Withdraw(Lead(), id);
  EXPECT_REFUSED(refused, kWrongState);
  const auto details = domain::DetailsOf(refused);
  ASSERT_TRUE(details);
  EXPECT_EQ(details->metadata.at("state"), "IN_NOTICE");
  EXPECT_EQ(details->zh.find("异议"), std::string::npos) << details->zh;
}

// Text of people goes through the shape checks before anything else.
TEST_F(ReviewCaseTest, ReasonsAreText) {
  const std::string id = Passed();
  EXPECT_REFUSED(Reopen(Li(), id, std::string("a\0b", 3)), kInvalidRequest);
  EXPECT_REFUSED(Reopen(Li(), id, std::string(2001, 'x')), kInvalidRequest);
  EXPECT_DONE(Reopen(Li(), id, std::string(2000, 'x')));
}

}  // namespace
}  // namespace alliance::review
