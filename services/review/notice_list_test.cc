// The planner, the public list of notices, and how each line of a notice ended.

#include <string>
#include <thread>
#include <vector>

#include "common/base/str.h"
#include "services/review/convert.h"
#include "services/review/fixture_test.h"

namespace alliance::review {
namespace {

using v1::NoticeBatch;
using v1::NoticeItem;

class NoticeListTest : public ReviewTest {
 protected:
  absl::Status Plan(const rpc::Call& by, const std::string& start, const std::string& region = "",
                    const std::string& round = kRound) {
    v1::PlanNoticeRequest request;
    request.set_round(round);
    request.set_region(region);
    request.set_start_date(start);
    plan_.Clear();
    return service_.PlanNotice(by, request, &plan_);
  }
  // Names of all notices that fit, page by page.
  std::vector<std::string> List(const rpc::Call& reader, int page_size = 0,
                                const std::string& region = "",
                                NoticeBatch::State state = NoticeBatch::STATE_UNSPECIFIED) {
    std::vector<std::string> names;
    v1::ListNoticesRequest request;
    request.set_page_size(page_size);
    request.set_region(region);
    request.set_state(state);
    do {
      v1::ListNoticesResponse answer;
      EXPECT_DONE(service_.ListNotices(reader, request, &answer));
      for (const NoticeBatch& one : answer.notices()) names.push_back(one.name());
      request.set_page_token(answer.next_page_token());
    } while (!request.page_token().empty());
    return names;
  }
  NoticeBatch Show(const rpc::Call& reader, const std::string& name) {
    v1::GetNoticeRequest request;
    request.set_name(name);
    NoticeBatch answer;
    EXPECT_DONE(service_.GetNotice(reader, request, &answer));
    return answer;
  }
  // Of the only case on a notice.
  NoticeItem::Outcome OutcomeIn(const rpc::Call& reader, const std::string& batch) {
    const NoticeBatch shown = Show(reader, batch);
    return shown.items_size() == 1 ? shown.items(0).outcome() : NoticeItem::OUTCOME_UNSPECIFIED;
  }
  absl::Status Object(const std::string& id) {
    v1::FileObjectionResponse answer;
    return service_.FileObjection(Public(), ObjectionTo(id), &answer);
  }
  std::string ShenyangOnNotice() {
    events::v1::ApplicationVersion version = Version();
    version.set_recommender_region("210100");
    const std::string id = Passed(version, Zhao());
    NoticeBatch batch;
    EXPECT_DONE(service_.OpenNotice(Zhao(), NoticeRequestOf({id}), &batch));
    batch_ = batch.name();
    return id;
  }

  v1::NoticePlan plan_;
  v1::ReviewCase case_;
};

// R-082, Q2: 24 April is the last start that fits; both sides of it.
TEST_F(NoticeListTest, PlannerShowsTheLatestStart) {
  ASSERT_DONE(Plan(Li(), "2023-04-24"));
  EXPECT_EQ(plan_.region(), "210200");
  EXPECT_EQ(plan_.days(), 5);
  EXPECT_EQ(plan_.unit(), "workday");
  EXPECT_TRUE(plan_.include_start());
  EXPECT_TRUE(plan_.early_close_asks());
  EXPECT_EQ(plan_.last_date(), "2023-04-28");
  EXPECT_EQ(plan_.latest_start_date(), "2023-04-24");
  EXPECT_FALSE(plan_.ends_after_deadline());
  EXPECT_EQ(plan_.warning_zh(), "");

  ASSERT_DONE(Plan(Li(), "2023-04-25"));
  EXPECT_EQ(plan_.last_date(), "2023-05-04");
  EXPECT_EQ(plan_.end_time().seconds(), absl::ToUnixSeconds(At("2023-05-05 00:00:00")));
  EXPECT_EQ(plan_.recommender_deadline_time().seconds(),
            absl::ToUnixSeconds(At("2023-05-01 00:00:00")));
  EXPECT_TRUE(plan_.ends_after_deadline());
  EXPECT_NE(plan_.warning_zh().find("2023-04-24"), std::string::npos) << plan_.warning_zh();
  EXPECT_NE(plan_.warning_en().find("2023-04-24"), std::string::npos) << plan_.warning_en();

  ASSERT_DONE(Plan(Li(), ""));
  EXPECT_EQ(plan_.start_date(), "2023-04-20");  // today
}

// length, unit, start day and what an early end asks for are the region's own.
TEST_F(NoticeListTest, RuleIsTheRegions) {
  ASSERT_DONE(Plan(Li(), "2023-04-20", "", kStrictRound));
  EXPECT_EQ(plan_.unit(), "calendar_day");
  EXPECT_EQ(plan_.last_date(), "2023-04-24");
  EXPECT_FALSE(plan_.early_close_asks());
  ASSERT_DONE(Plan(Zhao(), "2023-04-20", "", kStrictRound));
  EXPECT_EQ(plan_.days(), 3);
  EXPECT_EQ(plan_.unit(), "workday");
  EXPECT_FALSE(plan_.include_start());
  EXPECT_EQ(plan_.last_date(), "2023-04-24");  // 21, 23 (worked instead of a holiday), 24
  EXPECT_TRUE(plan_.early_close_asks());

  // What the planner says is what the notice does.
  const std::string id = Passed(VersionFor("210100", kStrictRound), Zhao());
  NoticeBatch batch;
  ASSERT_DONE(service_.OpenNotice(Zhao(), NoticeRequestOf({id}), &batch));
  EXPECT_EQ(batch.last_date(), "2023-04-24");
  v1::CloseNoticeRequest close;
  close.set_name(batch.name());
  EXPECT_REFUSED(service_.CloseNotice(Zhao(), Repeatable(close), &batch), kReasonRequired);
  close.set_reason("推荐在即");
  ASSERT_DONE(service_.CloseNotice(Zhao(), Repeatable(close), &batch));
  EXPECT_EQ(StateOf(id), "NOTICE_CLOSED");
}

// who may ask the planner about whom.
TEST_F(NoticeListTest, PlannerIsForOffices) {
  EXPECT_DONE(Plan(Province(), "2023-04-20", "210100"));
  EXPECT_DONE(Plan(CallOf(domain::Role::kAuditor, "a"), "2023-04-20", "HTZ-DL"));
  EXPECT_REFUSED(Plan(Li(), "2023-04-20", "210100"), kNotPermitted);
  for (const rpc::Call& by : {Public(), Lead(), Operator()}) {
    SCOPED_TRACE(by.caller.account);
    EXPECT_REFUSED(Plan(by, "2023-04-20", "210200"), kNotPermitted);
  }
  EXPECT_EQ(FieldsOf(Plan(Province(), "2023-04-20")), "region");
  EXPECT_EQ(FieldsOf(Plan(Li(), "2023-02-30", "", "2023")), "round,start_date");
  EXPECT_REFUSED(Plan(Li(), "2023-04-20", "", "rounds/1999"), kRoundUnknown);
  EXPECT_REFUSED(Plan(Li(), "2023-12-29"), kYearNotLoaded);
}

// everybody reads what runs and what ran, latest first; what has not begun is not listed.
TEST_F(NoticeListTest, ListShowsRunningAndPast) {
  InNotice();
  const std::string first = batch_;
  clock_.Advance(absl::Seconds(1));
  ShenyangOnNotice();
  const std::string second = batch_;  // of the same day: its start is the same instant
  v1::OpenNoticeRequest ahead = NoticeRequestOf({Passed()});
  ahead.set_start_date("2023-04-21");
  NoticeBatch announced;
  ASSERT_DONE(service_.OpenNotice(Li(), ahead, &announced));
  clock_.Set(At("2023-04-21 00:00:00") - absl::Microseconds(1));
  EXPECT_EQ(List(Public()), (std::vector<std::string>{second, first}));
  clock_.Set(At("2023-04-21 00:00:00"));
  EXPECT_EQ(List(Public()), (std::vector<std::string>{announced.name(), second, first}));
  EXPECT_EQ(List(Public(), 1), List(Public()));
  EXPECT_EQ(List(Public(), 2, "210200"), (std::vector<std::string>{announced.name(), first}));
  EXPECT_EQ(List(Public(), 0, "", NoticeBatch::OPEN).size(), 3u);
  EXPECT_TRUE(List(Public(), 0, "", NoticeBatch::CLOSED).empty());

  // The end is told from the clock, before anybody has written it down.
  clock_.Set(At("2023-04-26 00:00:00"));
  EXPECT_EQ(List(Public(), 0, "", NoticeBatch::CLOSED), (std::vector<std::string>{second, first}));
  EXPECT_EQ(List(Public(), 0, "", NoticeBatch::OPEN), std::vector<std::string>{announced.name()});

  v1::ListNoticesRequest request;
  v1::ListNoticesResponse answer;
  request.set_page_size(1);
  ASSERT_DONE(service_.ListNotices(Public(), request, &answer));
  request.set_page_token(answer.next_page_token());
  request.set_region("210200");
  EXPECT_REFUSED(service_.ListNotices(Public(), request, &answer), kPageTokenInvalid);
  request.set_page_size(-1);
  EXPECT_REFUSED(service_.ListNotices(Public(), request, &answer), kInvalidRequest);
  request.Clear();
  request.set_state(static_cast<NoticeBatch::State>(9));
  EXPECT_EQ(FieldsOf(service_.ListNotices(Public(), request, &answer)), "state");
}

// channel and link both; of the cases only how many, of the office nothing.
TEST_F(NoticeListTest, ListShowsPublicFieldsOnly) {
  Objected();
  v1::ListNoticesResponse answer;
  ASSERT_DONE(service_.ListNotices(Public(), {}, &answer));
  ASSERT_EQ(answer.notices_size(), 1);
  const NoticeBatch& shown = answer.notices(0);
  EXPECT_EQ(shown.channel(), "大连市科技局网站");
  EXPECT_EQ(shown.link(), "https://kjj.example.cn/notices/1");
  EXPECT_EQ(shown.title(), "推荐名单公示");
  EXPECT_EQ(shown.round(), kRound);
  EXPECT_EQ(shown.item_count(), 1);
  EXPECT_EQ(shown.items_size(), 0);
  EXPECT_EQ(shown.etag(), "");
  const std::string bytes = answer.SerializeAsString();
  for (std::string_view secret : {"13812341234", "王工", kLeadCode, "李明", "OBJECTED", "顺延"}) {
    EXPECT_EQ(bytes.find(secret), std::string::npos) << secret;
  }
  ASSERT_DONE(service_.ListNotices(Li(), {}, &answer));
  EXPECT_NE(answer.notices(answer.notices_size() - 1).etag(), "");
}

// R-082, Q23: both sides of the end, and all the same second: the instant decides.
TEST_F(NoticeListTest, ObjectionAtTheEnd) {
  const absl::Time end = At("2023-04-26 00:00:00");
  struct Row {
    absl::Duration after;
    bool in_time;
  };
  for (const Row& row : {Row{-absl::Milliseconds(1), true}, Row{absl::ZeroDuration(), false},
                         Row{absl::Milliseconds(1), false}, Row{absl::Milliseconds(999), false}}) {
    clock_.Set(At("2023-04-20 10:00:00"));
    const std::string id = InNotice();
    clock_.Set(end + row.after);
    const absl::Status said = Object(id);
    if (row.in_time) {
      EXPECT_DONE(said);
    } else {
      EXPECT_REFUSED(said, kObjectionLate);
    }
    EXPECT_DONE(SweepDueNotices(deps_, CallOf(domain::Role::kClock, "clock")).status());
    EXPECT_EQ(StateOf(id), row.in_time ? "OBJECTED" : "NOTICE_CLOSED") << row.after;
  }
}

// objection and clock meet at the end; whoever comes first, there is one outcome: the case
// is objected to exactly when the objector was told so.
TEST_F(NoticeListTest, ObjectionAndClockAtOnce) {
  const absl::Time end = At("2023-04-26 00:00:00");
  for (const absl::Duration after : {-absl::Milliseconds(1), absl::ZeroDuration()}) {
    for (int round = 0; round < 5; ++round) {
      clock_.Set(At("2023-04-20 10:00:00"));
      const std::string id = InNotice();
      const v1::FileObjectionRequest request = ObjectionTo(id);
      clock_.Set(end + after);
      absl::Status swept;
      std::thread clock(
          [&] { swept = SweepDueNotices(deps_, CallOf(domain::Role::kClock, "clock")).status(); });
      v1::FileObjectionResponse answer;
      const absl::Status said = service_.FileObjection(Public(), request, &answer);
      clock.join();
      EXPECT_DONE(swept);
      EXPECT_EQ(WordOf(said), after < absl::ZeroDuration() ? "OK" : "OBJECTION_LATE");
      EXPECT_DONE(SweepDueNotices(deps_, CallOf(domain::Role::kClock, "clock")).status());
      EXPECT_EQ(StateOf(id), said.ok() ? "OBJECTED" : "NOTICE_CLOSED");
      EXPECT_EQ(
          Db().Count(base::StrCat("SELECT COUNT(*) FROM objection WHERE case_id = '", id, "'")),
          said.ok() ? 1 : 0);
      EXPECT_EQ(Db().Count(
                    base::StrCat("SELECT COUNT(*) FROM notice_outcome WHERE case_id = '", id, "'")),
                said.ok() ? 0 : 1);
    }
  }
}

// 无异议, also when what was filed did not hold. Told to the public when the notice is over.
TEST_F(NoticeListTest, QuietEndsAreNoObjection) {
  InNotice();
  const std::string quiet = batch_;
  const std::string dismissed = Objected();
  const std::string objected = batch_;
  ASSERT_DONE(service_.DismissObjection(Li(), HandlingOf(dismissed), &case_));
  EXPECT_EQ(OutcomeIn(Li(), quiet), NoticeItem::OUTCOME_UNSPECIFIED);
  clock_.Set(At("2023-04-26 00:00:00"));
  EXPECT_DONE(SweepDueNotices(deps_, CallOf(domain::Role::kClock, "clock")).status());
  for (const std::string& batch : {quiet, objected}) {
    EXPECT_EQ(OutcomeIn(Public(), batch), NoticeItem::NO_OBJECTION);
    EXPECT_EQ(Show(Public(), batch).items(0).outcome_label(), "无异议");
  }
  EXPECT_EQ(Db().Count(base::StrCat("SELECT COUNT(DISTINCT end_us) FROM notice_outcome")), 1);
  EXPECT_EQ(Db().Value("SELECT MAX(end_us) FROM notice_outcome"),
            base::StrCat(absl::ToUnixMicros(At("2023-04-26 00:00:00"))));
}

// dismissed after the period: it ended at its end.
TEST_F(NoticeListTest, LateDismissalEndsTheLine) {
  const std::string id = Objected();
  clock_.Set(At("2023-04-27 10:00:00"));
  EXPECT_EQ(OutcomeIn(Public(), batch_), NoticeItem::OUTCOME_UNSPECIFIED);  // still open
  ASSERT_DONE(service_.DismissObjection(Li(), HandlingOf(id), &case_));
  EXPECT_EQ(OutcomeIn(Public(), batch_), NoticeItem::NO_OBJECTION);
  EXPECT_EQ(Db().Value("SELECT end_us FROM notice_outcome"),
            base::StrCat(absl::ToUnixMicros(At("2023-04-26 00:00:00"))));
}

// 处理后再次公示无异议: the first line says where it went, the second how it ended.
TEST_F(NoticeListTest, RenoticedLineEndsInTheSecondNotice) {
  const std::string id = Objected();
  const std::string first = batch_;
  ASSERT_DONE(service_.RenoticeCase(Li(), HandlingOf(id), &case_));
  const std::string second = case_.notice_batch();
  EXPECT_EQ(OutcomeIn(Li(), first), NoticeItem::RENOTICED);
  // Before its end the page tells nobody that there was an objection.
  EXPECT_EQ(OutcomeIn(Public(), first), NoticeItem::OUTCOME_UNSPECIFIED);
  EXPECT_EQ(OutcomeIn(Lead(), first), NoticeItem::OUTCOME_UNSPECIFIED);
  clock_.Set(At("2023-04-26 00:00:00"));
  EXPECT_EQ(Read(id).state(), filing::v1::Application::NOTICE_CLOSED);
  EXPECT_EQ(OutcomeIn(Public(), second), NoticeItem::NO_OBJECTION_AFTER_RENOTICE);
  EXPECT_EQ(Show(Public(), second).items(0).outcome_label(), "处理后再次公示无异议");
  EXPECT_EQ(Show(Public(), first).items(0).outcome_label(), "处理后再次公示");
}

// 异议成立: off the list, under review again; a later notice is a notice of its own.
TEST_F(NoticeListTest, UpheldLineLeavesTheList) {
  const std::string id = Objected();
  const std::string first = batch_;
  ASSERT_DONE(service_.UpholdObjection(Li(), HandlingOf(id), &case_));
  EXPECT_EQ(OutcomeIn(Province(), first), NoticeItem::UPHELD);
  EXPECT_EQ(OutcomeIn(Zhao(), first), NoticeItem::OUTCOME_UNSPECIFIED);
  EXPECT_EQ(OutcomeIn(Public(), first), NoticeItem::OUTCOME_UNSPECIFIED);
  v1::Recommendation recommendation;
  EXPECT_REFUSED(service_.RecommendCases(Li(), RecommendationOf({id}), &recommendation),
                 kWrongState);
  v1::PassCaseRequest pass;
  pass.set_name(base::StrCat(kCasePrefix, id));
  pass.set_etag(EtagOf(id));
  ASSERT_DONE(service_.PassCase(Li(), Repeatable(pass), &case_));
  NoticeBatch batch;
  ASSERT_DONE(service_.OpenNotice(Li(), NoticeRequestOf({id}), &batch));
  clock_.Set(At("2023-04-26 00:00:00"));
  EXPECT_EQ(Read(id).state(), filing::v1::Application::NOTICE_CLOSED);
  EXPECT_EQ(OutcomeIn(Public(), first), NoticeItem::UPHELD);
  EXPECT_EQ(OutcomeIn(Public(), batch.name()), NoticeItem::NO_OBJECTION);
}

// a notice that was closed before its time ended then, and says so to whoever objects.
TEST_F(NoticeListTest, EarlyEndIsTheEnd) {
  const std::string id = InNotice();
  clock_.Set(At("2023-04-21 10:00:00"));
  v1::CloseNoticeRequest close;
  close.set_name(batch_);
  close.set_reason("推荐在即");
  NoticeBatch batch;
  ASSERT_DONE(service_.CloseNotice(Li(), Repeatable(close), &batch));
  EXPECT_EQ(OutcomeIn(Public(), batch_), NoticeItem::NO_OBJECTION);
  const absl::Status late = Object(id);
  EXPECT_REFUSED(late, kObjectionLate);
  EXPECT_EQ(domain::DetailsOf(late)->metadata.at("closed_at"), "2023-04-21 10:00");
}

}  // namespace
}  // namespace alliance::review
