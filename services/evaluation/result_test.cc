#include <thread>

#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "services/evaluation/fixture_test.h"

namespace alliance::evaluation {
namespace {

// The preliminary result is told on 10 January 2024; the fifth day after it is the 15th.
constexpr char kAppealCloses[] = "2024-01-16 00:00:00";

class PublishPreliminaryTest : public EvaluationTest {};

// R-096, Q10: the mean of the experts' totals, the grade compared before rounding.
TEST_F(PublishPreliminaryTest, GradeIsOfTheExactMean) {
  struct Case {
    std::vector<int> totals;
    int total;
    const char* grade;
  };
  for (const Case& c : std::vector<Case>{{{9000, 9000, 9000}, 9000, "优秀"},
                                         {{9000, 9000, 8999}, 8999, "良好"},
                                         {{8000, 8000, 8000}, 8000, "良好"},
                                         {{8000, 8000, 7999}, 7999, "合格"},
                                         {{6000, 6000, 6000}, 6000, "合格"},
                                         {{6000, 6000, 5999}, 5999, "不合格"},
                                         {{9000, 9001, 9001}, 9000, "优秀"}}) {
    const v1::Evaluation shown = Read(Preliminary(c.totals));
    EXPECT_EQ(shown.state(), v1::Evaluation::PRELIMINARY);
    EXPECT_EQ(shown.total_hundredths(), c.total);
    EXPECT_EQ(shown.grade(), c.grade);
    EXPECT_EQ(shown.veto(), "");
  }
}

TEST_F(PublishPreliminaryTest, NeedsAsManyExpertsAsThePackAsks) {
  const std::string id = Scored({9000, 9000});
  v1::Evaluation answer;
  EXPECT_REFUSED(service_.PublishPreliminary(Province(), PreliminaryOf(id), &answer),
                 kScoresIncomplete);
  // Two revisions of one expert are one expert.
  v1::PushScoresResponse pushed;
  ASSERT_DONE(service_.PushScores(Firm(), PushOf(id, {9000}), &pushed));
  EXPECT_REFUSED(service_.PublishPreliminary(Province(), PreliminaryOf(id), &answer),
                 kScoresIncomplete);
  ASSERT_DONE(service_.PushScores(Firm(), PushOf(id, {9000, 9000, 9000}), &pushed));
  EXPECT_DONE(service_.PublishPreliminary(Province(), PreliminaryOf(id), &answer));
}

// Experts that lie far from the mean: 7000, 7000, 9250 has a mean of 7750, and 1500 is the limit.
TEST_F(PublishPreliminaryTest, OutliersNeedAnAnswer) {
  const std::string close = Scored({7000, 7000, 9250});
  v1::Evaluation answer;
  EXPECT_DONE(service_.PublishPreliminary(Province(), PreliminaryOf(close), &answer))
      << "exactly at the limit";
  const std::string apart = Scored({7000, 7000, 9253});
  v1::PublishPreliminaryRequest request = PreliminaryOf(apart);
  EXPECT_REFUSED(service_.PublishPreliminary(Province(), request, &answer), kOutliersOpen);
  request.set_outlier_answer("  ");
  request.set_request_id(NewId());
  EXPECT_REFUSED(service_.PublishPreliminary(Province(), request, &answer), kOutliersOpen);
  request.set_outlier_answer("已请专家说明，评分依据充分。");
  request.set_request_id(NewId());
  EXPECT_DONE(service_.PublishPreliminary(Province(), request, &answer));
  EXPECT_EQ(LastHistory(apart, "reason"), "已请专家说明，评分依据充分。");
}

// Q22: a missing summary is a veto; nothing has to be scored.
TEST_F(PublishPreliminaryTest, MissedReportIsVetoed) {
  OpenCampaign();
  const std::string id = Missed();
  v1::StartEvaluationsResponse started;
  ASSERT_DONE(service_.StartEvaluations(Province(), StartOf({id}), &started));
  v1::Evaluation answer;
  ASSERT_DONE(service_.PublishPreliminary(Province(), PreliminaryOf(id), &answer));
  EXPECT_EQ(answer.grade(), "不合格");
  EXPECT_EQ(answer.veto(), "V2");
  EXPECT_EQ(answer.total_hundredths(), 0);
}

TEST_F(PublishPreliminaryTest, RefusalsInTheirOrder) {
  const std::string id = Scored();
  v1::Evaluation answer;
  v1::PublishPreliminaryRequest request = PreliminaryOf(id);
  EXPECT_REFUSED(service_.PublishPreliminary(Firm(), request, &answer), kNotPermitted);
  EXPECT_REFUSED(service_.PublishPreliminary(Lead(), request, &answer), kNotPermitted);
  request.set_etag("\"1\"");
  EXPECT_REFUSED(service_.PublishPreliminary(Province(), request, &answer), kEtagStale);
  request.clear_etag();
  EXPECT_REFUSED(service_.PublishPreliminary(Province(), request, &answer), kEtagRequired);
  request = PreliminaryOf(id);
  request.set_name(NameOf(NewId() + "-2023"));
  EXPECT_REFUSED(service_.PublishPreliminary(Province(), request, &answer), kNotPermitted);
  ASSERT_DONE(service_.PublishPreliminary(Province(), PreliminaryOf(id), &answer));
  EXPECT_REFUSED(service_.PublishPreliminary(Province(), PreliminaryOf(id), &answer), kWrongState);
}

class AppealTest : public EvaluationTest {};

// The day of the result does not count; the fifth day ends at 24:00, to the microsecond.
TEST_F(AppealTest, InsideTheAppealTimeOnly) {
  const std::string last = Preliminary();
  clock_.Set(At(kAppealCloses) - absl::Microseconds(1));
  v1::Evaluation answer;
  EXPECT_DONE(service_.FileAppeal(Lead(), AppealOf(last), &answer));
  EXPECT_EQ(answer.state(), v1::Evaluation::APPEALED);

  clock_.Set(At("2024-01-10 10:00:00"));
  const std::string late = Preliminary();
  clock_.Set(At(kAppealCloses));
  EXPECT_REFUSED(service_.FileAppeal(Lead(), AppealOf(late), &answer), kAppealLate);
}

TEST_F(AppealTest, RefusalsInTheirOrder) {
  const std::string id = Preliminary();
  v1::Evaluation answer;
  EXPECT_REFUSED(service_.FileAppeal(OtherLead(), AppealOf(id), &answer), kNotPermitted);
  EXPECT_REFUSED(service_.FileAppeal(Province(), AppealOf(id), &answer), kNotPermitted);
  v1::FileAppealRequest request = AppealOf(id);
  request.set_etag("\"1\"");
  EXPECT_REFUSED(service_.FileAppeal(Lead(), request, &answer), kEtagStale);
  request = AppealOf(id);
  request.clear_evidence();
  EXPECT_REFUSED(service_.FileAppeal(Lead(), request, &answer), kPaperRequired);
  request = AppealOf(id);
  request.set_grounds(" \n");
  request.mutable_evidence()->set_sha256("short");
  const absl::Status refused = service_.FileAppeal(Lead(), request, &answer);
  EXPECT_REFUSED(refused, kInvalidRequest);
  EXPECT_EQ(FieldsOf(refused), "evidence.sha256");
  const std::string early = Scored();
  EXPECT_REFUSED(service_.FileAppeal(Lead(), AppealOf(early), &answer), kWrongState);
  EXPECT_EQ(StateOf(id), "PRELIMINARY");
}

// Grounds are as long as those of an objection, and the workflow asks for them: after the rule that
// asks whether it is time, and as the paper that they are.
TEST_F(AppealTest, GroundsAreAskedForByTheWorkflowUpToFiveThousandCharacters) {
  const auto of = [](int characters) {
    std::string text;
    for (int i = 0; i < characters; ++i) text += "据";
    return text;
  };
  const std::string id = Preliminary();
  v1::Evaluation answer;
  v1::FileAppealRequest request = AppealOf(id);
  for (const char* none : {"", " \n　"}) {
    request.set_grounds(none);
    EXPECT_REFUSED(service_.FileAppeal(Lead(), request, &answer), kPaperRequired);
  }
  request.set_grounds(of(5001));
  const absl::Status refused = service_.FileAppeal(Lead(), request, &answer);
  EXPECT_REFUSED(refused, kInvalidRequest);
  EXPECT_EQ(FieldsOf(refused), "grounds");
  request.set_grounds(of(5000));
  ASSERT_DONE(service_.FileAppeal(Lead(), request, &answer));
  EXPECT_EQ(Read(id).appeal_grounds(), of(5000));

  const std::string late = Preliminary();
  request = AppealOf(late);
  request.clear_grounds();
  clock_.Set(At(kAppealCloses));
  EXPECT_REFUSED(service_.FileAppeal(Lead(), request, &answer), kAppealLate);
}

// A reason is kept without the blanks around it, everywhere the same; blanks alone are none.
TEST_F(AppealTest, ReasonsAreTrimmedOnce) {
  const std::string id = Preliminary();
  v1::Evaluation answer;
  v1::FileAppealRequest appeal = AppealOf(id);
  appeal.set_grounds("　成果转化得分不符。\n");
  ASSERT_DONE(service_.FileAppeal(Lead(), appeal, &answer));
  EXPECT_EQ(Read(id).appeal_grounds(), "成果转化得分不符。");
  EXPECT_EQ(LastHistory(id, "reason"), "成果转化得分不符。");

  v1::AnswerAppealRequest request = AnswerOf(id);
  request.set_reason(" \t　");
  EXPECT_REFUSED(service_.AnswerAppeal(Province(), request, &answer), kReasonRequired);
  request.set_reason("  经复核，维持。　");
  ASSERT_DONE(service_.AnswerAppeal(Province(), request, &answer));
  EXPECT_EQ(Read(id).appeal_answer(), "经复核，维持。");
  EXPECT_EQ(LastHistory(id, "reason"), "经复核，维持。");
}

TEST_F(AppealTest, AnswerKeepsTheResult) {
  const std::string id = Appealed();
  v1::Evaluation answer;
  ASSERT_DONE(service_.AnswerAppeal(Province(), AnswerOf(id), &answer));
  EXPECT_EQ(answer.state(), v1::Evaluation::PRELIMINARY);
  EXPECT_EQ(answer.total_hundredths(), 9000);
  const v1::Evaluation shown = Read(id, Lead());
  EXPECT_EQ(shown.appeal_grounds(), "成果转化得分与材料不符。");
  EXPECT_EQ(shown.appeal_answer(), "经复核，维持原评分。");
  EXPECT_EQ(Read(id, Firm()).appeal_grounds(), "") << "not the firm's business";
}

TEST_F(AppealTest, AnswerMayRescore) {
  const std::string id = Appealed();
  v1::AnswerAppealRequest request = AnswerOf(id);
  request.set_reason("经复核，成果转化得分上调。");
  *request.add_rescored() = ScoreOf(id, "E2", 9300);
  request.mutable_rescored(0)->set_firm("firm-a");
  v1::Evaluation answer;
  ASSERT_DONE(service_.AnswerAppeal(Province(), request, &answer));
  EXPECT_EQ(answer.total_hundredths(), 9100);
  const v1::Evaluation shown = Read(id);
  ASSERT_EQ(shown.scores_size(), 3);
  EXPECT_EQ(shown.scores(1).revision(), 2);
  EXPECT_EQ(Db().Count("SELECT COUNT(1) FROM evaluation_score"), 4) << "the first score stays";
}

TEST_F(AppealTest, RescoringIsForThoseWhoScored) {
  const std::string id = Appealed();
  v1::AnswerAppealRequest request = AnswerOf(id);
  *request.add_rescored() = ScoreOf(id, "E7", 9300);
  request.mutable_rescored(0)->set_firm("firm-a");
  v1::Evaluation answer;
  absl::Status refused = service_.AnswerAppeal(Province(), request, &answer);
  EXPECT_REFUSED(refused, kInvalidRequest);
  EXPECT_EQ(FieldsOf(refused), "rescored[0]");

  request = AnswerOf(id);
  *request.add_rescored() = ScoreOf(id, "E1", 9300);
  request.mutable_rescored(0)->set_firm("firm-a");
  request.mutable_rescored(0)->set_item_hundredths(1, 501);
  refused = service_.AnswerAppeal(Province(), request, &answer);
  EXPECT_REFUSED(refused, kScoreOutOfRange);
  EXPECT_EQ(FieldsOf(refused), "rescored[0].item_hundredths[1]");

  request = AnswerOf(id);
  *request.add_rescored() = ScoreOf(NewId() + "-2023", "E1", 9300);
  refused = service_.AnswerAppeal(Province(), request, &answer);
  EXPECT_REFUSED(refused, kInvalidRequest);
  EXPECT_EQ(FieldsOf(refused), "rescored[0].evaluation");
  EXPECT_EQ(StateOf(id), "APPEALED");
}

TEST_F(AppealTest, AnswerNeedsReasonAndPaper) {
  const std::string id = Appealed();
  v1::Evaluation answer;
  EXPECT_REFUSED(service_.AnswerAppeal(Lead(), AnswerOf(id), &answer), kNotPermitted);
  EXPECT_REFUSED(service_.AnswerAppeal(Firm(), AnswerOf(id), &answer), kNotPermitted);
  v1::AnswerAppealRequest request = AnswerOf(id);
  request.clear_reason();
  EXPECT_REFUSED(service_.AnswerAppeal(Province(), request, &answer), kReasonRequired);
  request = AnswerOf(id);
  request.clear_answer();
  EXPECT_REFUSED(service_.AnswerAppeal(Province(), request, &answer), kPaperRequired);
  request = AnswerOf(id);
  request.set_etag("\"1\"");
  EXPECT_REFUSED(service_.AnswerAppeal(Province(), request, &answer), kEtagStale);
  ASSERT_DONE(service_.AnswerAppeal(Province(), AnswerOf(id), &answer));
  EXPECT_REFUSED(service_.AnswerAppeal(Province(), AnswerOf(id), &answer), kWrongState);
}

class PublishTest : public EvaluationTest {};

// the published result goes to subsidy, with what the subsidy is computed from.
TEST_F(PublishTest, HandsTheYearToSubsidy) {
  const std::string one = Preliminary({9000, 9000, 9000});
  const std::string two = Preliminary({8500, 8500, 8501});
  clock_.Set(At(kAppealCloses));
  v1::PublishEvaluationsResponse answer;
  ASSERT_DONE(service_.PublishEvaluations(Province(), PublishOf({two, one}), &answer));
  EXPECT_EQ(StateOf(one), "EVALUATED");
  EXPECT_EQ(StateOf(two), "EVALUATED");
  const std::vector<events::v1::Event> events = Emitted();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(Db().Count("SELECT COUNT(1) FROM outbox WHERE destination='subsidy'"), 2);
  for (const events::v1::Event& event : events) {
    const events::v1::EvaluationPublished& published = event.evaluation_published();
    EXPECT_EQ(event.handoff_sequence(), 2);
    EXPECT_EQ(event.case_id(), base::StrCat(published.alliance_id(), "-2023"));
    EXPECT_EQ(published.verified_rd_fen(), 123'450'000);
    EXPECT_EQ(published.evidence_sha256(), crypto::Sha256("2023年研发投入专项审计报告"));
    const bool first = event.case_id() == one;
    EXPECT_EQ(published.total_hundredths(), first ? 9000 : 8500);
    EXPECT_EQ(published.grade(), first ? "优秀" : "良好");
  }
  // Held elsewhere now: nothing more is possible here.
  EXPECT_EQ(Read(one).allowed_actions_size(), 0);
  EXPECT_REFUSED(service_.PublishEvaluations(Province(), PublishOf({one}), &answer), kWrongState);
}

TEST_F(PublishTest, NotBeforeTheAppealTimeIsOver) {
  const std::string id = Preliminary();
  const v1::PublishEvaluationsRequest request = PublishOf({id});
  clock_.Set(At(kAppealCloses) - absl::Microseconds(1));
  v1::PublishEvaluationsResponse answer;
  EXPECT_REFUSED(service_.PublishEvaluations(Province(), request, &answer), kAppealTimeLeft);
  clock_.Set(At(kAppealCloses));
  EXPECT_DONE(service_.PublishEvaluations(Province(), request, &answer));
}

TEST_F(PublishTest, NotWithAnOpenAppeal) {
  const std::string id = Appealed();
  clock_.Set(At(kAppealCloses));
  v1::PublishEvaluationsResponse answer;
  EXPECT_REFUSED(service_.PublishEvaluations(Province(), PublishOf({id}), &answer), kWrongState);
  v1::Evaluation answered;
  ASSERT_DONE(service_.AnswerAppeal(Province(), AnswerOf(id), &answered));
  EXPECT_DONE(service_.PublishEvaluations(Province(), PublishOf({id}), &answer));
}

// The count of hand-overs goes up when the year changes hands, and at no other act.
TEST_F(PublishTest, HandOversAloneAreCounted) {
  const auto count = [&](const std::string& id) {
    return Db().Value(base::StrCat("SELECT handoff_seq FROM evaluation WHERE id='", id, "'"));
  };
  const std::string id = Appealed();
  EXPECT_EQ(count(id), "1") << "it came from filing, and has been here since";
  v1::Evaluation answered;
  ASSERT_DONE(service_.AnswerAppeal(Province(), AnswerOf(id), &answered));
  EXPECT_EQ(count(id), "1");
  clock_.Set(At(kAppealCloses));
  v1::PublishEvaluationsResponse answer;
  ASSERT_DONE(service_.PublishEvaluations(Province(), PublishOf({id}), &answer));
  EXPECT_EQ(count(id), "2");
}

// Every entry names the rules that decided: of the campaign, and before there is one of the year.
TEST_F(PublishTest, EveryEntryNamesTheRulesThatDecided) {
  const std::string id = Published();
  EXPECT_EQ(HistoryOf(id), 6) << "report, firm, start, scores, preliminary result, result";
  EXPECT_EQ(Db().Count(base::StrCat("SELECT COUNT(1) FROM history WHERE case_id='", id,
                                    "' AND HEX(rules_digest)=UPPER('",
                                    Packs().ForYear(kYear)->digest_hex(), "')")),
            6);
}

// Exactly the list that was decided on: not one result more, less or other.
TEST_F(PublishTest, ListMustMatchExactly) {
  const std::string one = Preliminary();
  const std::string two = Preliminary({8000, 8000, 8000});
  clock_.Set(At(kAppealCloses));
  v1::PublishEvaluationsResponse answer;
  v1::PublishEvaluationsRequest request = PublishOf({one, two});
  request.set_list_digest(ListDigestOf({one}));
  EXPECT_REFUSED(service_.PublishEvaluations(Province(), request, &answer), kListMismatch);
  request = PublishOf({one});
  request.set_list_digest(ListDigestOf({one, two}));
  EXPECT_REFUSED(service_.PublishEvaluations(Province(), request, &answer), kListMismatch);
  request.set_list_digest("abc");
  const absl::Status refused = service_.PublishEvaluations(Province(), request, &answer);
  EXPECT_REFUSED(refused, kInvalidRequest);
  EXPECT_EQ(FieldsOf(refused), "list_digest");
  EXPECT_EQ(StateOf(one), "PRELIMINARY");
  EXPECT_TRUE(Emitted().empty());
  EXPECT_DONE(service_.PublishEvaluations(Province(), PublishOf({two, one}), &answer));
}

TEST_F(PublishTest, ProvinceOnlyAndAllOrNothing) {
  const std::string one = Preliminary();
  const std::string two = Scored();
  clock_.Set(At(kAppealCloses));
  v1::PublishEvaluationsResponse answer;
  for (const rpc::Call& call : {Lead(), Firm(), CallOf(domain::Role::kFinance, "f"),
                                CallOf(domain::Role::kRecommender, "li", "210200")}) {
    EXPECT_REFUSED(service_.PublishEvaluations(call, PublishOf({one}), &answer), kNotPermitted);
  }
  EXPECT_REFUSED(service_.PublishEvaluations(Province(), PublishOf({one, two}), &answer),
                 kWrongState);
  EXPECT_EQ(StateOf(one), "PRELIMINARY");
}

// The last moment: the lead appeals while the province publishes. One wins.
TEST_F(PublishTest, AppealAndPublicationAtOnce) {
  for (int round = 0; round < 5; ++round) {
    clock_.Set(At("2024-01-10 10:00:00"));
    const std::string id = Preliminary();
    const v1::FileAppealRequest appeal = AppealOf(id);
    const v1::PublishEvaluationsRequest publish = PublishOf({id});
    absl::Status appealed;
    // The lead's handler took its instant before the deadline, the province's at it.
    base::ManualClock before(At(kAppealCloses) - absl::Microseconds(1));
    const act::Deps deps = {
        .service = "evaluation", .pool = Db().pool(), .clock = before, .packs = Packs()};
    EvaluationService lead_side(deps);
    clock_.Set(At(kAppealCloses));
    std::thread other([&] {
      v1::Evaluation answer;
      appealed = lead_side.FileAppeal(Lead(), appeal, &answer);
    });
    v1::PublishEvaluationsResponse answer;
    const absl::Status published = service_.PublishEvaluations(Province(), publish, &answer);
    other.join();
    EXPECT_NE(appealed.ok(), published.ok());
    EXPECT_EQ(StateOf(id), appealed.ok() ? "APPEALED" : "EVALUATED");
  }
}

}  // namespace
}  // namespace alliance::evaluation
