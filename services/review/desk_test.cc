// The reviewers' desk: filters and counts, reassignment, delegation, declarations of interest, the
// time limit and its end.

#include <string>
#include <thread>
#include <vector>

#include "common/base/str.h"
#include "services/review/convert.h"
#include "services/review/fixture_test.h"

namespace alliance::review {
namespace {

using filing::v1::Application;

class DeskTest : public ReviewTest {
 protected:
  // Names on the list, and its counts as "REVIEWING 2,PASSED 1".
  std::vector<std::string> List(const rpc::Call& reader,
                                const v1::ListReviewCasesRequest& request) {
    v1::ListReviewCasesResponse answer;
    EXPECT_DONE(service_.ListReviewCases(reader, request, &answer));
    counts_.clear();
    for (const auto& one : answer.counts().states()) {
      base::StrAppend(&counts_, counts_.empty() ? "" : ",", Application::State_Name(one.state()),
                      " ", one.count());
    }
    std::vector<std::string> ids;
    for (const v1::ReviewCase& one : answer.review_cases()) {
      ids.push_back(one.name().substr(kCasePrefix.size()));
    }
    return ids;
  }
  absl::Status Reassign(const rpc::Call& by, const std::string& id, const std::string& reviewer,
                        const std::string& reason) {
    v1::ReassignCaseRequest request;
    request.set_name(base::StrCat(kCasePrefix, id));
    request.set_etag(EtagOf(id));
    request.set_request_id(NewId());
    request.set_reviewer(reviewer);
    request.set_reason(reason);
    return service_.ReassignCase(by, request, &case_);
  }
  absl::Status Delegate(const rpc::Call& by, const std::string& holder, const std::string& delegate,
                        const std::string& last_date, const std::string& reason = "出差") {
    v1::DelegateCasesRequest request;
    request.set_request_id(NewId());
    request.set_holder(holder);
    request.set_delegate(delegate);
    request.set_last_date(last_date);
    request.set_reason(reason);
    return service_.DelegateCases(by, request, &delegation_);
  }
  absl::Status Claim(const rpc::Call& by, const std::string& id) {
    return service_.ClaimCase(by, ClaimOf(id), &case_);
  }
  absl::Status Withdraw(const std::string& id) {
    filing::v1::WithdrawApplicationRequest request;
    request.set_name(base::StrCat(kApplicationPrefix, id));
    request.set_request_id(NewId());
    filing::v1::WithdrawApplicationResponse answer;
    return service_.WithdrawApplication(Lead(), request, &answer);
  }
  int Escalated() {
    v1::SweepNoticesResponse answer;
    EXPECT_DONE(service_.SweepNotices(Operator(), {}, &answer));
    return answer.escalated_cases();
  }
  std::string DueOf(const std::string& id) {
    const v1::ReviewCase read = Read(id, Province());
    if (!read.has_review_due_time()) return "";
    return domain::FormatInstant(absl::FromUnixSeconds(read.review_due_time().seconds()));
  }

  std::string counts_;
  v1::ReviewCase case_;
  v1::Delegation delegation_;
};

// the office finds its work by state, holder, field and name, and sees how much there is.
TEST_F(DeskTest, TheListAnswersWhatADeskAsks) {
  const std::string mine = Reviewing();
  const std::string open = Submitted();
  events::v1::ApplicationVersion version = Version();
  version.mutable_form()->set_alliance_name("大连市海洋新材料联盟");
  version.mutable_form()->set_technical_field(filing::v1::NEW_MATERIALS);
  const std::string wangs = Submitted(version);
  ASSERT_DONE(Claim(Wang(), wangs));
  Submitted(VersionFor("210100", kRound));  // Shenyang's

  v1::ListReviewCasesRequest all;
  EXPECT_EQ(List(Li(), all).size(), 3u);
  EXPECT_EQ(counts_, "SUBMITTED 1,REVIEWING 2");
  v1::ListReviewCasesRequest request;
  request.set_reviewer("wang");
  EXPECT_EQ(List(Li(), request), std::vector<std::string>{wangs});
  EXPECT_EQ(counts_, "REVIEWING 1");
  request.set_state(Application::SUBMITTED);
  EXPECT_TRUE(List(Li(), request).empty());
  EXPECT_EQ(counts_, "REVIEWING 1") << "the state asked for does not change the counts";
  request.Clear();
  request.set_technical_field(filing::v1::NEW_MATERIALS);
  EXPECT_EQ(List(Li(), request), std::vector<std::string>{wangs});
  request.Clear();
  request.set_text(" 海洋新材料 ");
  EXPECT_EQ(List(Li(), request), std::vector<std::string>{wangs});
  request.set_text("大连智造");  // the lead's name
  EXPECT_EQ(List(Li(), request).size(), 3u);
  request.set_text("%");
  EXPECT_TRUE(List(Li(), request).empty());
  request.Clear();
  request.set_state(Application::SUBMITTED);
  EXPECT_EQ(List(Li(), request), std::vector<std::string>{open});
  EXPECT_EQ(List(Zhao(), all).size(), 1u);
  EXPECT_EQ(counts_, "SUBMITTED 1");
  EXPECT_EQ(List(Province(), all).size(), 4u);
  request.Clear();
  request.set_reviewer("li");
  EXPECT_EQ(List(Province(), request), std::vector<std::string>{mine});
}

// counts keep to the scope and to the words that the reader is told; a firm cannot ask who
// holds its case.
TEST_F(DeskTest, CountsAndFiltersTellAFirmNothing) {
  Objected();
  InNotice();
  Reviewing();
  v1::ListReviewCasesRequest request;
  EXPECT_EQ(List(Lead(), request).size(), 3u);
  EXPECT_EQ(counts_, "SUBMITTED 1,IN_NOTICE 2");
  EXPECT_TRUE(List(OtherLead(), request).empty());
  EXPECT_EQ(counts_, "");
  v1::ListReviewCasesResponse answer;
  request.set_reviewer("li");
  request.set_overdue(true);
  const absl::Status refused = service_.ListReviewCases(Lead(), request, &answer);
  EXPECT_REFUSED(refused, kInvalidRequest);
  EXPECT_EQ(FieldsOf(refused), "reviewer,overdue");
  EXPECT_TRUE(List(Li(), request).empty());
  // A page belongs to its question.
  request.Clear();
  request.set_page_size(1);
  ASSERT_DONE(service_.ListReviewCases(Li(), request, &answer));
  request.set_page_token(answer.next_page_token());
  request.set_text("大连");
  EXPECT_REFUSED(service_.ListReviewCases(Li(), request, &answer), kPageTokenInvalid);
}

// a superior gives a case to another reviewer, with a reason; it opens to him when he has
// declared.
TEST_F(DeskTest, ReassignedByASuperiorWithAReason) {
  const std::string id = Reviewing();
  EXPECT_REFUSED(Reassign(Wang(), id, "wang", ""), kReasonRequired);
  EXPECT_REFUSED(Reassign(Zhao(), id, "zhao", "改派"), kNotPermitted);
  EXPECT_REFUSED(Reassign(Province(), id, "wang", "改派"), kNotPermitted);
  EXPECT_EQ(FieldsOf(Reassign(Wang(), id, "王", "改派")), "reviewer");
  ASSERT_DONE(Reassign(Wang(), id, "wang", "李休假"));
  EXPECT_EQ(case_.reviewer(), "wang");
  EXPECT_EQ(case_.state(), Application::REVIEWING);
  EXPECT_EQ(LastHistory(id, "action"), "reassign");
  EXPECT_EQ(LastHistory(id, "reason"), "李休假");
  EXPECT_REFUSED(Record(id, Li()), kClaimedByOther);
  EXPECT_REFUSED(Record(id, Wang()), kConflictOfInterest);
  ASSERT_DONE(Declare(id, Wang()));
  ASSERT_DONE(Record(id, Wang()));
  EXPECT_REFUSED(Reassign(Wang(), Submitted(), "wang", "改派"), kWrongState);
}

// while a delegation runs the delegate acts for the holder, and the history says so; both
// sides of its end.
TEST_F(DeskTest, ADelegateActsForTheHolderUntilTheEnd) {
  const std::string id = Reviewing();
  ASSERT_DONE(Declare(id, Wang()));
  EXPECT_REFUSED(Record(id, Wang()), kClaimedByOther);
  ASSERT_DONE(Delegate(Li(), "", "wang", "2023-04-21"));
  EXPECT_EQ(delegation_.holder(), "li");
  EXPECT_EQ(domain::FormatInstant(absl::FromUnixSeconds(delegation_.end_time().seconds())),
            "2023-04-22 00:00");
  EXPECT_EQ(Read(id).delegate(), "wang");
  clock_.Set(At("2023-04-22 00:00:00") - absl::Microseconds(1));
  ASSERT_DONE(Record(id, Wang()));
  EXPECT_EQ(LastHistory(id, "actor"), "wang");
  EXPECT_EQ(LastHistory(id, "reason"), "代li办理");
  EXPECT_EQ(Read(id).reviewer(), "li");
  clock_.Set(At("2023-04-22 00:00:00"));
  EXPECT_REFUSED(Record(id, Wang()), kClaimedByOther);
  EXPECT_EQ(Read(id).delegate(), "");
  ASSERT_DONE(Record(id, Li()));
}

// the latest delegation of a holder counts; without a delegate it ends at once. Another
// region's says nothing here.
TEST_F(DeskTest, ADelegationCanBeEnded) {
  const std::string id = Reviewing();
  ASSERT_DONE(Declare(id, Wang()));
  ASSERT_DONE(Delegate(Zhao(), "li", "wang", "2023-04-30"));
  EXPECT_REFUSED(Record(id, Wang()), kClaimedByOther);
  ASSERT_DONE(Delegate(Wang(), "li", "wang", "2023-04-30"));
  ASSERT_DONE(Record(id, Wang()));
  clock_.Advance(absl::Seconds(1));
  ASSERT_DONE(Delegate(Li(), "", "", ""));
  EXPECT_REFUSED(Record(id, Wang()), kClaimedByOther);

  EXPECT_REFUSED(Delegate(Li(), "", "wang", "2023-04-30", " "), kReasonRequired);
  EXPECT_EQ(FieldsOf(Delegate(Li(), "", "li", "2023-02-29")), "delegate,last_date");
  EXPECT_EQ(FieldsOf(Delegate(Li(), "", "wang", "2023-04-19")), "last_date");
  EXPECT_EQ(FieldsOf(Delegate(Li(), "", "wang", "2024-04-21")), "last_date");
  EXPECT_EQ(FieldsOf(Delegate(Li(), "", "wang", "")), "last_date");
  EXPECT_EQ(FieldsOf(Delegate(Li(), "", "", "2023-04-30")), "last_date");
  for (const rpc::Call& by :
       {Province(), Lead(), Public(), Operator(), CallOf(domain::Role::kRecommender, "nowhere")}) {
    EXPECT_REFUSED(Delegate(by, "li", "wang", "2023-04-30"), kNotPermitted);
  }
}

// R-018, Q3: to a reviewer of the office a case opens when he has declared to have no interest in
// it; whoever reads without reviewing is not asked.
TEST_F(DeskTest, ACaseOpensAfterTheDeclaration) {
  const std::string id = Submitted(VersionFor("HTZ-DL", kRound));
  const v1::ReviewCase shut = Read(id, Zhang());
  EXPECT_TRUE(shut.form_withheld());
  EXPECT_FALSE(shut.has_form());
  EXPECT_EQ(shut.papers_size(), 0);
  EXPECT_EQ(shut.lead_name(), "大连智造有限公司") << "whom he must know to declare";
  EXPECT_TRUE(Read(id, Li()).has_form());
  EXPECT_TRUE(Read(id, Province()).has_form());
  EXPECT_TRUE(Read(id, Lead()).has_form());
  EXPECT_REFUSED(Declare(id, Li()), kNotPermitted);
  EXPECT_REFUSED(Declare(id, Province()), kNotPermitted);
  EXPECT_REFUSED(Declare(id, Lead()), kNotPermitted);
  ASSERT_DONE(Declare(id, Zhang()));
  EXPECT_TRUE(Read(id, Zhang()).has_form());
  EXPECT_FALSE(Read(id, Zhang()).form_withheld());
  EXPECT_EQ(HistoryOf(id), 2);
}

// who has declared an interest neither reads nor handles the case, whatever he says later.
TEST_F(DeskTest, AnInterestDeclaredStays) {
  const std::string id = Submitted();
  EXPECT_REFUSED(Declare(id, Wang(), false), kReasonRequired);
  ASSERT_DONE(Declare(id, Wang(), false, "配偶任职于该企业"));
  EXPECT_REFUSED(Declare(id, Wang()), kConflictOfInterest);
  EXPECT_REFUSED(Claim(Wang(), id), kConflictOfInterest);
  EXPECT_TRUE(Read(id, Wang()).form_withheld());
  ASSERT_DONE(Claim(Li(), id));
  EXPECT_TRUE(Read(id).has_form());
  EXPECT_REFUSED(Reassign(Li(), id, "wang", "改派"), kConflictOfInterest);
  ASSERT_DONE(Delegate(Li(), "", "wang", "2023-04-30"));
  EXPECT_REFUSED(Record(id, Wang()), kConflictOfInterest);
  // Found out afterwards: the holder stops at once.
  ASSERT_DONE(Declare(id, Li(), false, "新发现持股"));
  EXPECT_REFUSED(Record(id, Li()), kConflictOfInterest);
  EXPECT_TRUE(Read(id).form_withheld());
}

// who has an interest in a case does nothing about it, alone or in a list, but hand it on.
TEST_F(DeskTest, AnInterestShutsEveryAct) {
  const std::string id = Objected();
  ASSERT_DONE(Declare(id, Wang(), false, "配偶任职于该企业"));
  EXPECT_REFUSED(service_.DismissObjection(Wang(), HandlingOf(id), &case_), kConflictOfInterest);
  EXPECT_REFUSED(service_.UpholdObjection(Wang(), HandlingOf(id), &case_), kConflictOfInterest);
  EXPECT_REFUSED(service_.RenoticeCase(Wang(), HandlingOf(id), &case_), kConflictOfInterest);
  ASSERT_DONE(service_.DismissObjection(Li(), HandlingOf(id), &case_));
  v1::CloseNoticeRequest close;
  close.set_name(batch_);
  close.set_reason("推荐即将截止");
  v1::NoticeBatch batch;
  EXPECT_REFUSED(service_.CloseNotice(Wang(), Repeatable(close), &batch), kConflictOfInterest);
  clock_.Set(At("2023-04-27 00:00:00"));
  v1::RecommendationList list;
  const absl::Status listed = service_.PrepareRecommendation(Wang(), PreparationOf({id}), &list);
  EXPECT_REFUSED(listed, kConflictOfInterest);
  EXPECT_EQ(FieldsOf(listed), "review_cases[0]");
  v1::Recommendation recommendation;
  EXPECT_REFUSED(service_.RecommendCases(Wang(), RecommendationOf({id}), &recommendation),
                 kConflictOfInterest);
  EXPECT_DONE(service_.RecommendCases(Li(), RecommendationOf({id}), &recommendation));
  // Whoever holds one may give it out of his hands.
  const std::string held = Reviewing();
  ASSERT_DONE(Declare(held, Li(), false, "新发现持股"));
  v1::ReassignCaseRequest reassign;
  reassign.set_name(base::StrCat(kCasePrefix, held));
  reassign.set_etag(EtagOf(held));
  reassign.set_reviewer("wang");
  reassign.set_reason("回避");
  EXPECT_DONE(service_.ReassignCase(Li(), Repeatable(reassign), &case_));
}

// three working days from the day after receipt, over the weekend; the pack's, and no limit
// without one.
TEST_F(DeskTest, TheTimeLimitIsInWorkingDays) {
  const std::string id = Submitted(VersionFor("210200", kDeskRound));  // Thursday, 20 April 2023
  // Friday, the make-up Sunday, Monday.
  EXPECT_EQ(DueOf(id), "2023-04-25 00:00");
  EXPECT_EQ(DueOf(Submitted()), "");
  v1::ListReviewCasesRequest late;
  late.set_overdue(true);
  const absl::Time due = At("2023-04-25 00:00:00");
  clock_.Set(due - absl::Microseconds(1));
  EXPECT_FALSE(Read(id, Province()).overdue());
  EXPECT_TRUE(List(Li(), late).empty());
  EXPECT_EQ(Escalated(), 0);
  clock_.Set(due);
  EXPECT_TRUE(Read(id, Province()).overdue());
  EXPECT_EQ(List(Li(), late), std::vector<std::string>{id});
  EXPECT_EQ(counts_, "SUBMITTED 1");
  EXPECT_FALSE(Read(id, Lead()).overdue()) << "the office's own affair";
  EXPECT_FALSE(Read(id, Lead()).has_review_due_time());
}

// the clock tells of it once, at the instant of the limit, without touching the etag.
TEST_F(DeskTest, TheClockEscalatesOnce) {
  const std::string id = Submitted(VersionFor("210200", kDeskRound));
  ASSERT_DONE(Claim(Li(), id));
  const std::string etag = EtagOf(id);
  clock_.Set(At("2023-04-26 09:00:00"));
  EXPECT_FALSE(Read(id).has_escalate_time());
  EXPECT_EQ(Escalated(), 1);
  EXPECT_EQ(Escalated(), 0);
  EXPECT_EQ(EtagOf(id), etag);
  EXPECT_EQ(LastHistory(id, "action"), "escalate");
  EXPECT_EQ(LastHistory(id, "actor"), "clock");
  EXPECT_EQ(LastHistory(id, "reason"), "li");
  EXPECT_EQ(LastHistory(id, "at_us"), base::StrCat(absl::ToUnixMicros(At("2023-04-25 00:00:00"))));
  EXPECT_TRUE(Read(id).has_escalate_time());
  // The firm's timeline says nothing of it.
  const v1::ReviewCase firm = Read(id, Lead());
  EXPECT_EQ(firm.timeline(firm.timeline_size() - 1).action(), "submit");
  // What is decided is not late any more.
  ASSERT_DONE(Record(id, Li()));
  v1::PassCaseRequest pass;
  pass.set_name(base::StrCat(kCasePrefix, id));
  pass.set_etag(EtagOf(id));
  ASSERT_DONE(service_.PassCase(Li(), Repeatable(pass), &case_));
  EXPECT_FALSE(Read(id).overdue());
  EXPECT_EQ(DueOf(id), "");
}

// Q21: the limit stands still while the applicant corrects, and goes on with what was left.
TEST_F(DeskTest, TheTimeLimitStandsStillWhileReturned) {
  const std::string id = Submitted(VersionFor("210200", kDeskRound));
  ASSERT_DONE(Claim(Li(), id));
  clock_.Set(At("2023-04-21 15:00:00"));  // the first of three days; Sunday and Monday are left
  ASSERT_DONE(service_.ReturnCase(Li(), ReturnOf(id), &case_));
  EXPECT_EQ(DueOf(id), "");
  clock_.Set(At("2023-04-26 09:00:00"));
  EXPECT_FALSE(Read(id).overdue());
  EXPECT_EQ(Escalated(), 0);
  events::v1::ApplicationVersion corrected = VersionFor("210200", kDeskRound);
  corrected.set_number(2);
  ASSERT_DONE(Deliver(SubmittedEvent(id, 2, 3, corrected)));
  EXPECT_EQ(DueOf(id), "2023-04-29 00:00");  // Thursday and Friday
}

// Q21: the reviewer sees what he asked for, before and after, apart from what he did not.
TEST_F(DeskTest, RequestedAndUnrequestedChangesStandApart) {
  const std::string id = Reviewing();
  ASSERT_DONE(service_.ReturnCase(Li(), ReturnOf(id), &case_));
  events::v1::ApplicationVersion corrected = Version(2);
  const auto change = [&](const char* field, const char* before, const char* after, bool asked) {
    filing::v1::FieldChange* out = corrected.add_changes();
    out->set_field(field);
    out->set_before(before);
    out->set_after(after);
    out->set_unrequested(!asked);
    if (!asked) corrected.add_unrequested_changes(field);
  };
  change("lead.rd_spend_fen.y1", "150.00万元", "120.00万元", true);
  change("contact.phone", "13812341234", "13912341234", false);
  ASSERT_DONE(Deliver(SubmittedEvent(id, 2, 3, corrected)));
  const v1::ReviewCase seen = Read(id);
  ASSERT_EQ(seen.requested_changes_size(), 1);
  EXPECT_EQ(seen.requested_changes(0).field(), "lead.rd_spend_fen.y1");
  EXPECT_EQ(seen.requested_changes(0).before(), "150.00万元");
  EXPECT_EQ(seen.requested_changes(0).after(), "120.00万元");
  ASSERT_EQ(seen.unrequested_edits_size(), 1);
  EXPECT_EQ(seen.unrequested_edits(0).after(), "13912341234");
  EXPECT_EQ(Read(id, Province()).unrequested_edits(0).after(), "139****1234");
  EXPECT_EQ(Read(id, Lead()).requested_changes_size(), 0);
}

// Q21: a withdrawal and a return that meet have one outcome, and the one who was slower is told
// which.
TEST_F(DeskTest, WithdrawalAndReturnHaveOneOutcome) {
  for (int round = 0; round < 10; ++round) {
    const std::string id = Reviewing();
    const v1::ReturnCaseRequest request = ReturnOf(id);
    const size_t before = Emitted().size();
    absl::Status withdrawn;
    std::thread firm([&] { withdrawn = Withdraw(id); });
    v1::ReviewCase answer;
    const absl::Status returned = service_.ReturnCase(Li(), request, &answer);
    firm.join();
    ASSERT_EQ(Emitted().size(), before + 1);
    ASSERT_NE(withdrawn.ok(), returned.ok());
    if (withdrawn.ok()) {
      EXPECT_TRUE(LastEvent().has_application_withdrawn());
      EXPECT_EQ(StateOf(id), "WITHDRAWN");
      // Read again, the reviewer is told that it is withdrawn.
      EXPECT_REFUSED(returned, kEtagStale);
      const absl::Status again = service_.ReturnCase(Li(), ReturnOf(id), &answer);
      EXPECT_REFUSED(again, kWrongState);
      EXPECT_EQ(domain::DetailsOf(again)->metadata.at("state"), "WITHDRAWN");
    } else {
      EXPECT_TRUE(LastEvent().has_application_returned());
      EXPECT_EQ(StateOf(id), "RETURNED");
      // The case is filing's again, where the firm may withdraw it.
      EXPECT_REFUSED(withdrawn, kHeldElsewhere);
      EXPECT_EQ(domain::DetailsOf(withdrawn)->metadata.at("holder"), "filing");
    }
  }
}

}  // namespace
}  // namespace alliance::review
