// Public notice (公示, R-082) and objections (Q23).

#include <string>
#include <vector>

#include "common/base/str.h"
#include "services/review/convert.h"
#include "services/review/fixture_test.h"

namespace alliance::review {
namespace {

using filing::v1::Application;

class NoticeTest : public ReviewTest {
 public:  // a test takes pointers to the acts
  absl::Status Open(const rpc::Call& by, const v1::OpenNoticeRequest& request) {
    return service_.OpenNotice(by, request, &notice_);
  }
  absl::Status Close(const rpc::Call& by, const std::string& batch, const std::string& reason) {
    v1::CloseNoticeRequest request;
    request.set_name(batch);
    request.set_request_id(NewId());
    request.set_reason(reason);
    return service_.CloseNotice(by, request, &notice_);
  }
  absl::Status Object(const v1::FileObjectionRequest& request) {
    return service_.FileObjection(Public(), request, &objection_);
  }
  absl::Status Dismiss(const rpc::Call& by, const v1::HandleObjectionRequest& request) {
    return service_.DismissObjection(by, request, &case_);
  }
  absl::Status Renotice(const rpc::Call& by, const v1::HandleObjectionRequest& request) {
    return service_.RenoticeCase(by, request, &case_);
  }
  absl::Status Uphold(const rpc::Call& by, const v1::HandleObjectionRequest& request) {
    return service_.UpholdObjection(by, request, &case_);
  }
  v1::NoticeBatch Show(const rpc::Call& reader, const std::string& name) {
    v1::GetNoticeRequest request;
    request.set_name(name);
    v1::NoticeBatch answer;
    EXPECT_DONE(service_.GetNotice(reader, request, &answer));
    return answer;
  }
  int Sweep() {
    v1::SweepNoticesResponse answer;
    EXPECT_DONE(service_.SweepNotices(Operator(), {}, &answer));
    return answer.closed_cases();
  }

  v1::NoticeBatch notice_;
  v1::FileObjectionResponse objection_;
  v1::ReviewCase case_;
};

// R-082, Q2: five working days counting the first, on the calendar of 2023 with its make-up Sunday.
TEST_F(NoticeTest, PeriodIsCountedOnTheWorkingDayCalendar) {
  struct Row {
    std::string today;
    std::string last;
    std::string end;
    bool warns;
  };
  for (const Row& row : {Row{"2023-04-20", "2023-04-25", "2023-04-26", false},
                         Row{"2023-04-21", "2023-04-26", "2023-04-27", false},
                         Row{"2023-04-23", "2023-04-27", "2023-04-28", false},
                         Row{"2023-04-24", "2023-04-28", "2023-04-29", false},
                         Row{"2023-04-25", "2023-05-04", "2023-05-05", true},
                         Row{"2023-04-26", "2023-05-05", "2023-05-06", true}}) {
    clock_.Set(At(row.today + " 16:59:00"));
    v1::OpenNoticeRequest request = NoticeRequestOf({Passed()});
    if (row.warns) {
      // The planner's warning needs an answer, it does not block.
      EXPECT_REFUSED(Open(Li(), request), kPlannerWarningOpen);
      request.set_reason("申报企业25日提交，公示期顺延");
    }
    ASSERT_DONE(Open(Li(), Repeatable(request)));
    EXPECT_EQ(notice_.start_date(), row.today);
    EXPECT_EQ(notice_.last_date(), row.last);
    EXPECT_EQ(notice_.end_time().seconds(), absl::ToUnixSeconds(At(row.end + " 00:00:00")));
    EXPECT_EQ(notice_.ends_after_deadline(), row.warns);
    EXPECT_EQ(notice_.state(), v1::NoticeBatch::OPEN);
  }
}

// Calendar days and the pack's refusal of an early end: the numbers are the round's.
TEST_F(NoticeTest, LengthAndUnitAreThePacks) {
  events::v1::ApplicationVersion version = Version();
  version.set_round(kStrictRound);
  version.set_rules_digest(deps_.packs.Find(kStrictRound)->digest_hex());
  const std::string id = Passed(version, Li());
  ASSERT_DONE(Open(Li(), NoticeRequestOf({id})));
  EXPECT_EQ(notice_.last_date(), "2023-04-24");
  EXPECT_REFUSED(Close(Li(), notice_.name(), "提前结束"), kNoticeNotOver);
  const std::string other = Passed();
  const absl::Status mixed = Open(Li(), NoticeRequestOf({other, Passed(version, Li())}));
  EXPECT_REFUSED(mixed, kInvalidRequest);
  EXPECT_EQ(FieldsOf(mixed), "review_cases[1]");
}

// A year whose holidays are not loaded is refused, never guessed.
TEST_F(NoticeTest, UnknownYearIsRefused) {
  const std::string id = Passed();
  clock_.Set(At("2023-12-29 10:00:00"));
  v1::OpenNoticeRequest request = NoticeRequestOf({id});
  request.set_reason("逾期");
  EXPECT_REFUSED(Open(Li(), request), kYearNotLoaded);
  EXPECT_EQ(StateOf(id), "PASSED");
}

// A batch is all or nothing: one case that is not ready stops it, and every such case is named.
TEST_F(NoticeTest, BatchIsAllOrNothing) {
  const std::string first = Passed();
  const std::string second = Reviewing();
  const std::string third = Submitted();
  const absl::Status refused = Open(Li(), NoticeRequestOf({third, first, second}));
  EXPECT_REFUSED(refused, kWrongState);
  // In the order of the locks; each with its place in the request.
  const std::string fields = FieldsOf(refused);
  EXPECT_NE(fields.find("review_cases[0]"), std::string::npos) << fields;
  EXPECT_NE(fields.find("review_cases[2]"), std::string::npos) << fields;
  EXPECT_EQ(fields.find("review_cases[1]"), std::string::npos) << fields;
  EXPECT_EQ(StateOf(first), "PASSED");
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM notice_batch"), 0);

  const std::string fourth = Passed();
  ASSERT_DONE(Open(Li(), NoticeRequestOf({fourth, first})));
  EXPECT_EQ(notice_.items_size(), 2);
  EXPECT_EQ(StateOf(first), "IN_NOTICE");
  EXPECT_EQ(StateOf(fourth), "IN_NOTICE");
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM notice_line"), 2);
}

TEST_F(NoticeTest, OpenNoticeIsRefused) {
  const std::string id = Passed();
  EXPECT_REFUSED(Open(Zhao(), NoticeRequestOf({id})), kNotPermitted);
  EXPECT_REFUSED(Open(Zhang(), NoticeRequestOf({id})), kNotPermitted);
  EXPECT_REFUSED(Open(Province(), NoticeRequestOf({id})), kNotPermitted);
  EXPECT_REFUSED(Open(Lead(), NoticeRequestOf({id})), kNotPermitted);
  EXPECT_REFUSED(Open(Li(), NoticeRequestOf({id, NewId()})), kNotPermitted);

  v1::OpenNoticeRequest request = NoticeRequestOf({id});
  request.clear_notice();
  EXPECT_REFUSED(Open(Li(), request), kPaperRequired);
  request = NoticeRequestOf({id});
  request.mutable_notice()->clear_text();
  EXPECT_REFUSED(Open(Li(), request), kPaperRequired);

  request = NoticeRequestOf({id, id});
  request.add_review_cases("x");
  request.mutable_notice()->clear_channel();
  request.mutable_notice()->set_link("javascript:alert(1)");
  request.mutable_notice()->mutable_text()->set_sha256("short");
  request.set_start_date("2023-02-30");
  const absl::Status wrong = Open(Li(), request);
  EXPECT_REFUSED(wrong, kInvalidRequest);
  EXPECT_EQ(FieldsOf(wrong),
            "review_cases[1],review_cases[2],notice.channel,notice.link,notice.text.sha256,"
            "start_date");
  EXPECT_EQ(FieldsOf(Open(Li(), NoticeRequestOf({}))), "review_cases");
  request = NoticeRequestOf({id});
  for (int i = 0; i < 500; ++i) request.add_review_cases(base::StrCat(kCasePrefix, NewId()));
  EXPECT_EQ(FieldsOf(Open(Li(), request)), "review_cases");
}

// The first day may be announced ahead: objections before it are early.
TEST_F(NoticeTest, StartDateIsTodayOrSoon) {
  const std::string id = Passed();
  v1::OpenNoticeRequest request = NoticeRequestOf({id});
  request.set_start_date("2023-04-19");
  EXPECT_EQ(FieldsOf(Open(Li(), request)), "start_date");
  request.set_start_date("2023-05-21");
  EXPECT_EQ(FieldsOf(Open(Li(), Repeatable(request))), "start_date");
  request.set_start_date("2023-04-21");
  ASSERT_DONE(Open(Li(), Repeatable(request)));
  EXPECT_EQ(notice_.start_date(), "2023-04-21");

  clock_.Set(At("2023-04-21 00:00:00") - absl::Microseconds(1));
  EXPECT_REFUSED(Object(ObjectionTo(id)), kObjectionEarly);
  clock_.Set(At("2023-04-21 00:00:00"));
  EXPECT_DONE(Object(ObjectionTo(id)));
}

// rules: public_fields. Names, field, region and zone; never a phone, a figure or a paper.
TEST_F(NoticeTest, NoticeShowsPublicFieldsOnly) {
  events::v1::ApplicationVersion version = Version();
  version.mutable_form()->set_high_tech_zone("HTZ-DL");
  const std::string id = Passed(version, Li());
  ASSERT_DONE(Open(Li(), NoticeRequestOf({id})));
  EXPECT_FALSE(notice_.etag().empty());
  const v1::NoticeBatch shown = Show(Public(), notice_.name());
  ASSERT_EQ(shown.items_size(), 1);
  EXPECT_EQ(shown.items(0).alliance_name(), "大连市智能装备联盟");
  EXPECT_EQ(shown.items(0).lead_name(), "大连智造有限公司");
  EXPECT_EQ(shown.items(0).technical_field(), "先进制造与自动化");
  EXPECT_EQ(shown.items(0).region(), "210200");
  EXPECT_EQ(shown.items(0).high_tech_zone(), "HTZ-DL");
  EXPECT_EQ(shown.items(0).version_number(), 1);
  EXPECT_EQ(shown.etag(), "");
  EXPECT_FALSE(shown.ends_after_deadline());
  const std::string bytes = shown.SerializeAsString();
  for (std::string_view secret : {"13812341234", "王工", kLeadCode, "li", "audit"}) {
    EXPECT_EQ(bytes.find(secret), std::string::npos) << secret;
  }
  v1::GetNoticeRequest unknown;
  unknown.set_name(base::StrCat(kBatchPrefix, NewId()));
  EXPECT_REFUSED(service_.GetNotice(Public(), unknown, &notice_), kNotPermitted);
}

// Both sides of the end, to the microsecond: an objection at the instant of the end is late, and
// whoever looks closes the notice at that instant, not at their own.
TEST_F(NoticeTest, NoticeEndsAtTheInstant) {
  const std::string id = InNotice();
  const absl::Time end = At("2023-04-26 00:00:00");
  clock_.Set(end - absl::Microseconds(1));
  EXPECT_EQ(Sweep(), 0);
  EXPECT_EQ(Show(Public(), batch_).state(), v1::NoticeBatch::OPEN);
  EXPECT_EQ(Read(id).state(), Application::IN_NOTICE);

  clock_.Set(end);
  EXPECT_EQ(Show(Public(), batch_).state(), v1::NoticeBatch::CLOSED);
  EXPECT_REFUSED(Object(ObjectionTo(id)), kObjectionLate);
  clock_.Set(end + absl::Hours(30));
  // The objection was refused; that the notice was over stays so.
  EXPECT_EQ(Sweep(), 0);
  EXPECT_EQ(StateOf(id), "NOTICE_CLOSED");
  EXPECT_EQ(LastHistory(id, "at_us"), base::StrCat(absl::ToUnixMicros(end)));
  EXPECT_EQ(LastHistory(id, "actor"), "clock");
  EXPECT_REFUSED(Object(ObjectionTo(id)), kObjectionLate);
  // Closing what is closed changes nothing.
  ASSERT_DONE(Close(Li(), batch_, ""));
  EXPECT_EQ(notice_.state(), v1::NoticeBatch::CLOSED);
  EXPECT_EQ(Db().Count("SELECT version FROM notice_batch"), 2);
}

// A read, a list or a recommendation applies the end as well.
TEST_F(NoticeTest, ReadersApplyTheEnd) {
  const std::string id = InNotice();
  clock_.Set(At("2023-04-26 00:00:00"));
  v1::ListReviewCasesResponse list;
  ASSERT_DONE(service_.ListReviewCases(Li(), {}, &list));
  ASSERT_EQ(list.review_cases_size(), 1);
  EXPECT_EQ(list.review_cases(0).state(), Application::NOTICE_CLOSED);

  const std::string other = InNotice();
  clock_.Set(At("2023-05-06 00:00:00"));
  EXPECT_EQ(Read(other).state(), Application::NOTICE_CLOSED);
  EXPECT_EQ(Read(other).allowed_actions_size(), 1);
}

TEST_F(NoticeTest, SweepIsForOperators) {
  v1::SweepNoticesResponse answer;
  for (const rpc::Call& by : {Li(), Province(), Public(), Lead()}) {
    EXPECT_REFUSED(service_.SweepNotices(by, {}, &answer), kNotPermitted);
  }
  EXPECT_DONE(SweepDueNotices(deps_, CallOf(domain::Role::kClock, "clock")).status());
}

// Q2: before the end the pack asks for a written reason.
TEST_F(NoticeTest, EarlyCloseNeedsAReason) {
  const std::string id = InNotice();
  EXPECT_REFUSED(Close(Li(), batch_, ""), kReasonRequired);
  EXPECT_REFUSED(Close(Zhao(), batch_, "提前"), kNotPermitted);
  EXPECT_REFUSED(Close(Province(), batch_, "提前"), kNotPermitted);
  EXPECT_REFUSED(Close(Public(), batch_, "提前"), kNotPermitted);
  EXPECT_REFUSED(Close(Li(), base::StrCat(kBatchPrefix, NewId()), "提前"), kNotPermitted);
  ASSERT_DONE(Close(Wang(), batch_, "推荐截止前须完成"));
  EXPECT_EQ(notice_.state(), v1::NoticeBatch::CLOSED);
  EXPECT_EQ(StateOf(id), "NOTICE_CLOSED");
  EXPECT_EQ(LastHistory(id, "reason"), "推荐截止前须完成");
  EXPECT_EQ(LastHistory(id, "actor"), "wang");
  EXPECT_REFUSED(Close(Li(), batch_, "再次"), kWrongState);
  EXPECT_REFUSED(Object(ObjectionTo(id)), kObjectionLate);
}

// An objected case keeps its period; the others of its batch close normally.
TEST_F(NoticeTest, ObjectedCaseStaysTheOthersClose) {
  const std::string quiet = Passed();
  const std::string objected = Passed();
  ASSERT_DONE(Open(Li(), NoticeRequestOf({quiet, objected})));
  const std::string batch = notice_.name();
  ASSERT_DONE(Object(ObjectionTo(objected)));
  ASSERT_DONE(Close(Li(), batch, "提前"));
  EXPECT_EQ(notice_.state(), v1::NoticeBatch::OPEN);
  EXPECT_EQ(StateOf(quiet), "NOTICE_CLOSED");
  EXPECT_EQ(StateOf(objected), "OBJECTED");
  EXPECT_REFUSED(Close(Li(), batch, "提前"), kWrongState);

  clock_.Set(At("2023-04-26 00:00:00"));
  EXPECT_EQ(Sweep(), 0);
  EXPECT_EQ(Show(Public(), batch).state(), v1::NoticeBatch::CLOSED);
  EXPECT_EQ(StateOf(objected), "OBJECTED");
  ASSERT_DONE(Dismiss(Li(), HandlingOf(objected)));
  EXPECT_EQ(case_.state(), Application::NOTICE_CLOSED);
}

// Q23: anonymous, without grounds, without evidence, late, early or about a case that is not on
// notice: each is refused with its reason.
TEST_F(NoticeTest, ObjectionsAreWrittenAndByRealName) {
  const std::string id = InNotice();
  v1::FileObjectionRequest request = ObjectionTo(id);
  for (std::string_view name : {"", "  ", "匿名"}) {
    request = ObjectionTo(id);
    request.set_objector_name(std::string(name));
    EXPECT_REFUSED(Object(request), kObjectionAnonymous);
  }
  request = ObjectionTo(id);
  request.clear_objector_contact();
  EXPECT_REFUSED(Object(request), kObjectionAnonymous);
  request = ObjectionTo(id);
  request.clear_grounds();
  EXPECT_REFUSED(Object(request), kObjectionWithoutGrounds);
  request = ObjectionTo(id);
  request.clear_evidence();
  EXPECT_REFUSED(Object(request), kPaperRequired);
  request = ObjectionTo(id);
  request.mutable_evidence()->clear_title();
  EXPECT_EQ(FieldsOf(Object(request)), "evidence.title");
  EXPECT_REFUSED(Object(ObjectionTo(NewId())), kNotPermitted);
  EXPECT_REFUSED(Object(ObjectionTo(Passed())), kNotPermitted);
  EXPECT_REFUSED(service_.FileObjection(Li(), ObjectionTo(id), &objection_), kNotPermitted);
  EXPECT_REFUSED(service_.FileObjection(OtherLead(), ObjectionTo(id), &objection_), kNotPermitted);
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM objection"), 0);

  ASSERT_DONE(Object(ObjectionTo(id)));
  EXPECT_TRUE(objection_.name().starts_with(kObjectionPrefix));
  EXPECT_EQ(StateOf(id), "OBJECTED");
  ASSERT_DONE(Object(ObjectionTo(id)));
  EXPECT_EQ(Read(id).objection_count(), 2);
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM objection"), 2);
}

// Q23: who handles an objection reads it whole, having declared to have no interest in the case;
// who supervises reads what was said; the firm, the city next door and the public read nothing.
TEST_F(NoticeTest, ObjectionsAreForWhoHandlesThem) {
  const std::string id = Objected();
  v1::ListObjectionsRequest request;
  request.set_review_case(base::StrCat(kCasePrefix, id));
  v1::ListObjectionsResponse answer;
  ASSERT_DONE(service_.ListObjections(Li(), Repeatable(request), &answer));
  ASSERT_EQ(answer.objections_size(), 1);
  const v1::Objection whole = answer.objections(0);
  EXPECT_EQ(whole.objector_name(), "李明");
  EXPECT_EQ(whole.objector_contact(), "13900001111");
  EXPECT_EQ(whole.grounds(), "研发费用不实");
  EXPECT_EQ(whole.evidence().title(), "证明材料");
  EXPECT_EQ(whole.notice_batch(), batch_);
  EXPECT_REFUSED(service_.ListObjections(Wang(), Repeatable(request), &answer),
                 kConflictOfInterest);
  for (const rpc::Call& by : {Province(), CallOf(domain::Role::kAuditor, "auditor")}) {
    ASSERT_DONE(service_.ListObjections(by, request, &answer));
    EXPECT_EQ(answer.objections(0).objector_name(), "李*");
    EXPECT_EQ(answer.objections(0).objector_contact(), "");
    EXPECT_EQ(answer.objections(0).grounds(), "研发费用不实");
  }
  for (const rpc::Call& by : {Zhao(), Lead(), Public(), Operator()}) {
    EXPECT_REFUSED(service_.ListObjections(by, Repeatable(request), &answer), kNotPermitted);
  }
  EXPECT_REFUSED(service_.ListObjections(Li(), request, &answer), kRequestIdRequired);
  EXPECT_EQ(LastHistory(id, "action"), "list_objections");
  EXPECT_EQ(LastHistory(id, "actor"), "li");
}

// The same objection sent twice is one objection.
TEST_F(NoticeTest, RepeatedObjectionIsOne) {
  const std::string id = InNotice();
  const v1::FileObjectionRequest request = ObjectionTo(id);
  ASSERT_DONE(Object(request));
  const std::string reference = objection_.name();
  ASSERT_DONE(Object(request));
  EXPECT_EQ(objection_.name(), reference);
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM objection"), 1);
}

// Handling needs a reason and the handling record, by the region's reviewers.
TEST_F(NoticeTest, HandlingNeedsReasonAndRecord) {
  const std::string id = Objected();
  for (auto handle : {&NoticeTest::Dismiss, &NoticeTest::Renotice, &NoticeTest::Uphold}) {
    v1::HandleObjectionRequest request = HandlingOf(id);
    request.clear_reason();
    EXPECT_REFUSED((this->*handle)(Li(), request), kReasonRequired);
    request = HandlingOf(id);
    request.clear_record();
    EXPECT_REFUSED((this->*handle)(Li(), request), kPaperRequired);
    request = HandlingOf(id);
    request.mutable_record()->set_sha256("x");
    EXPECT_EQ(FieldsOf((this->*handle)(Li(), request)), "record.sha256");
    request = HandlingOf(id);
    request.set_etag("\"1\"");
    EXPECT_REFUSED((this->*handle)(Li(), request), kEtagStale);
    EXPECT_REFUSED((this->*handle)(Zhao(), HandlingOf(id)), kNotPermitted);
    EXPECT_REFUSED((this->*handle)(Public(), HandlingOf(id)), kNotPermitted);
    EXPECT_REFUSED((this->*handle)(Li(), HandlingOf(Passed())), kWrongState);
  }
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM objection_decision"), 0);
}

// dismiss: back on notice, or closed when the period is over meanwhile; both sides of the end.
TEST_F(NoticeTest, DismissLeadsBackOrCloses) {
  const absl::Time end = At("2023-04-26 00:00:00");
  const std::string in_time = Objected();
  const std::string late = Objected();
  clock_.Set(end - absl::Microseconds(1));
  ASSERT_DONE(Dismiss(Li(), HandlingOf(in_time)));
  EXPECT_EQ(case_.state(), Application::IN_NOTICE);
  clock_.Set(end);
  ASSERT_DONE(Dismiss(Li(), HandlingOf(late)));
  EXPECT_EQ(case_.state(), Application::NOTICE_CLOSED);
  EXPECT_EQ(Sweep(), 1);  // in_time
  EXPECT_EQ(Db().Value("SELECT GROUP_CONCAT(action) FROM objection_decision"), "dismiss,dismiss");
}

// renotice: a new batch with a whole new period (处理后再次公示).
TEST_F(NoticeTest, RenoticeBeginsAnew) {
  const std::string id = Objected();
  const std::string first = batch_;
  clock_.Set(At("2023-04-21 09:00:00"));
  v1::HandleObjectionRequest request = HandlingOf(id);
  request.clear_notice();
  EXPECT_EQ(FieldsOf(Renotice(Li(), request)), "notice.channel,notice.link,notice.text");
  ASSERT_DONE(Renotice(Li(), HandlingOf(id)));
  EXPECT_EQ(case_.state(), Application::IN_NOTICE);
  EXPECT_NE(case_.notice_batch(), first);
  const v1::NoticeBatch shown = Show(Public(), case_.notice_batch());
  EXPECT_EQ(shown.last_date(), "2023-04-26");
  EXPECT_EQ(shown.items_size(), 1);
  clock_.Set(At("2023-04-26 12:00:00"));
  EXPECT_EQ(Sweep(), 0);
  EXPECT_DONE(Object(ObjectionTo(id)));
  EXPECT_EQ(Show(Public(), first).state(), v1::NoticeBatch::CLOSED);
}

// uphold: under review again, in nobody's hands; any reviewer of the region goes on.
TEST_F(NoticeTest, UpholdLeadsBackToReview) {
  const std::string id = Objected();
  ASSERT_DONE(Uphold(Wang(), HandlingOf(id)));
  EXPECT_EQ(case_.state(), Application::REVIEWING);
  EXPECT_EQ(case_.reviewer(), "");
  EXPECT_REFUSED(Record(id, Wang()), kConflictOfInterest);
  ASSERT_DONE(Declare(id, Wang()));
  EXPECT_DONE(Record(id, Wang()));
}

}  // namespace
}  // namespace alliance::review
