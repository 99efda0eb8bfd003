#include <thread>

#include "common/base/str.h"
#include "services/evaluation/fixture_test.h"

namespace alliance::evaluation {
namespace {

class PushScoresTest : public EvaluationTest {};

// each expert scores every item of the four dimensions; the sum is the expert's
// total.
TEST_F(PushScoresTest, ScoresAreStoredWithFirmRevisionAndTotal) {
  const std::string id = Evaluating();
  v1::PushScoresResponse answer;
  ASSERT_DONE(service_.PushScores(Firm(), PushOf(id, {9000, 8550}), &answer));
  ASSERT_EQ(answer.scores_size(), 2);
  EXPECT_EQ(answer.scores(0).firm(), "firm-a");
  EXPECT_EQ(answer.scores(0).revision(), 1);
  EXPECT_EQ(answer.scores(0).total_hundredths(), 9000);
  EXPECT_EQ(answer.scores(1).total_hundredths(), 8550);
  EXPECT_EQ(LastHistory(id, "action"), "score");
  EXPECT_EQ(LastHistory(id, "role"), "firm");
  EXPECT_EQ(StateOf(id), "EVALUATING");
}

// A correction never overwrites: it is the next revision, and the first one stays.
TEST_F(PushScoresTest, CorrectionIsTheNextRevision) {
  const std::string id = Evaluating();
  v1::PushScoresResponse answer;
  ASSERT_DONE(service_.PushScores(Firm(), PushOf(id, {9000, 8000}), &answer));
  ASSERT_DONE(service_.PushScores(Firm(), PushOf(id, {7000}), &answer));
  EXPECT_EQ(answer.scores(0).revision(), 2);
  EXPECT_EQ(Db().Count("SELECT COUNT(1) FROM evaluation_score"), 3);
  const v1::Evaluation shown = Read(id, Firm());
  ASSERT_EQ(shown.scores_size(), 2) << "the latest of each expert";
  EXPECT_EQ(shown.scores(0).total_hundredths(), 7000);
  EXPECT_EQ(shown.scores(1).total_hundredths(), 8000);
  // By grant, not by good will.
  EXPECT_FALSE(Db().pool()
                   .Run(testdb::Soon(),
                        [](db::Txn& txn) {
                          constexpr db::Sql kForge = {
                              "test.forge", "UPDATE evaluation_score SET total_hundredths=10000"};
                          txn.Exec(kForge);
                          return absl::OkStatus();
                        })
                   .ok());
}

// Each item within 0 and its weight: both sides of each limit, every wrong number at once.
TEST_F(PushScoresTest, EveryNumberOutOfRangeIsNamed) {
  const std::string id = Evaluating();
  v1::PushScoresRequest request = PushOf(id, {10000, 0, 5000});
  v1::PushScoresResponse answer;
  EXPECT_DONE(service_.PushScores(Firm(), request, &answer)) << "0 and full are in range";

  request = PushOf(id, {10000, 0, 5000});
  v1::Score& high = *request.mutable_scores(0);
  high.set_item_hundredths(0, high.item_hundredths(0) + 1);
  high.set_item_hundredths(7, high.item_hundredths(7) + 1);
  request.mutable_scores(1)->set_item_hundredths(2, -1);
  request.mutable_scores(2)->mutable_item_hundredths()->RemoveLast();
  const absl::Status refused = service_.PushScores(Firm(), request, &answer);
  EXPECT_REFUSED(refused, kScoreOutOfRange);
  EXPECT_EQ(FieldsOf(refused),
            "scores[0].item_hundredths[0],scores[0].item_hundredths[7],"
            "scores[1].item_hundredths[2],scores[2].item_hundredths");
  EXPECT_EQ(Db().Count("SELECT COUNT(1) FROM evaluation_score"), 3) << "all or nothing";
}

TEST_F(PushScoresTest, OneBadScoreRefusesAll) {
  const std::string good = Evaluating();
  const std::string bad = Evaluating();
  v1::PushScoresRequest request = PushOf(good, {9000});
  *request.add_scores() = ScoreOf(bad, "E1", 9000);
  request.mutable_scores(1)->set_item_hundredths(3, 30'000);
  v1::PushScoresResponse answer;
  const absl::Status refused = service_.PushScores(Firm(), request, &answer);
  EXPECT_REFUSED(refused, kScoreOutOfRange);
  EXPECT_EQ(FieldsOf(refused), "scores[1].item_hundredths[3]");
  EXPECT_EQ(Db().Count("SELECT COUNT(1) FROM evaluation_score"), 0);
}

TEST_F(PushScoresTest, EveryWrongFieldIsNamed) {
  const std::string id = Evaluating();
  v1::PushScoresRequest request = PushOf(id, {9000, 9000});
  request.mutable_scores(0)->set_expert("张三");
  request.mutable_scores(0)->set_comment("");
  request.mutable_scores(1)->set_evaluation("evaluations/x");
  *request.add_scores() = ScoreOf(id, "E9", 1);
  *request.add_scores() = ScoreOf(id, "E9", 2);
  v1::PushScoresResponse answer;
  const absl::Status refused = service_.PushScores(Firm(), request, &answer);
  EXPECT_REFUSED(refused, kInvalidRequest);
  EXPECT_EQ(FieldsOf(refused), "scores[0].expert,scores[0].comment,scores[1].evaluation,scores[3]");

  v1::PushScoresRequest empty;
  empty.set_request_id(NewId());
  EXPECT_EQ(FieldsOf(service_.PushScores(Firm(), empty, &answer)), "scores");
}

TEST_F(PushScoresTest, AtMostFiveHundred) {
  const std::string id = Evaluating();
  v1::PushScoresRequest request;
  request.set_request_id(NewId());
  for (int i = 0; i < 500; ++i) {
    *request.add_scores() = ScoreOf(id, base::StrCat("E", i), 8000);
  }
  v1::PushScoresResponse answer;
  EXPECT_DONE(service_.PushScores(Firm(), request, &answer));
  EXPECT_EQ(answer.scores_size(), 500);
  *request.add_scores() = ScoreOf(id, "E500", 8000);
  request.set_request_id(NewId());
  const absl::Status refused = service_.PushScores(Firm(), request, &answer);
  EXPECT_REFUSED(refused, kInvalidRequest);
  EXPECT_EQ(FieldsOf(refused), "scores");
}

// What is not assigned to a firm looks to it like what does not exist.
TEST_F(PushScoresTest, OnlyTheAssignedFirm) {
  const std::string id = Evaluating();
  v1::PushScoresResponse answer;
  EXPECT_REFUSED(service_.PushScores(Firm("firm-b"), PushOf(id, {9000}), &answer), kNotPermitted);
  EXPECT_REFUSED(service_.PushScores(Firm(), PushOf(NewId() + "-2023", {9000}), &answer),
                 kNotPermitted);
  for (const rpc::Call& call : {Province(), Lead(), CallOf(domain::Role::kAuditor, "a")}) {
    EXPECT_REFUSED(service_.PushScores(call, PushOf(id, {9000}), &answer), kNotPermitted);
  }
  EXPECT_EQ(Db().Count("SELECT COUNT(1) FROM evaluation_score"), 0);
}

TEST_F(PushScoresTest, OnlyWhileEvaluating) {
  OpenCampaign();
  const std::string reported = Assigned();
  v1::PushScoresResponse answer;
  EXPECT_REFUSED(service_.PushScores(Firm(), PushOf(reported, {9000}), &answer), kWrongState);
  const std::string preliminary = Preliminary();
  EXPECT_REFUSED(service_.PushScores(Firm(), PushOf(preliminary, {9000}), &answer), kWrongState);
}

// The conflict of interest is compared again at every push, not only when the firm was assigned.
TEST_F(PushScoresTest, ConflictFoundLaterStopsTheFirm) {
  const std::string id = Evaluating();
  const std::string alliance = id.substr(0, 36);
  const std::string row = base::StrCat(alliance, "/", kFirmCode);
  Db().Execute(base::StrCat("INSERT INTO alliance_member (id, alliance_id, credit_code) VALUES ('",
                            row, "', '", alliance, "', '", kFirmCode, "')"));
  v1::PushScoresResponse answer;
  EXPECT_REFUSED(service_.PushScores(Firm(), PushOf(id, {9000}), &answer), kConflictOfInterest);
  Db().Execute(base::StrCat("DELETE FROM alliance_member WHERE id='", row, "'"));
  EXPECT_DONE(service_.PushScores(Firm(), PushOf(id, {9000}), &answer));
}

TEST_F(PushScoresTest, RepeatedPushIsOnePush) {
  const std::string id = Evaluating();
  const v1::PushScoresRequest request = PushOf(id, {9000, 9100, 9200});
  v1::PushScoresResponse first;
  v1::PushScoresResponse again;
  ASSERT_DONE(service_.PushScores(Firm(), request, &first));
  ASSERT_DONE(service_.PushScores(Firm(), request, &again));
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  EXPECT_EQ(Db().Count("SELECT COUNT(1) FROM evaluation_score"), 3);
  v1::PushScoresRequest other = PushOf(id, {1});
  other.set_request_id(request.request_id());
  EXPECT_REFUSED(service_.PushScores(Firm(), other, &again), kRequestIdReused);
}

// Several pushes at once for the same expert: each is a revision of its own, none is lost.
TEST_F(PushScoresTest, PushesAtOnceAreAllKept) {
  const std::string id = Evaluating();
  constexpr int kThreads = 4;
  constexpr int kPushes = 5;
  std::vector<std::thread> threads;
  std::vector<absl::Status> results(kThreads * kPushes);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kPushes; ++i) {
        v1::PushScoresResponse answer;
        results[t * kPushes + i] =
            service_.PushScores(Firm(), PushOf(id, {8000 + t * 100 + i}), &answer);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& result : results) EXPECT_DONE(result);
  EXPECT_EQ(Db().Count("SELECT COUNT(1) FROM evaluation_score"), kThreads * kPushes);
  EXPECT_EQ(Db().Count("SELECT MAX(revision) FROM evaluation_score"), kThreads * kPushes);
}

// The result is published while a firm still pushes: the push is in the result, or refused.
TEST_F(PushScoresTest, PublishingAndPushingAtOnce) {
  for (int round = 0; round < 5; ++round) {
    const std::string id = Scored({8000, 8000, 8000});
    const v1::PublishPreliminaryRequest publish = PreliminaryOf(id);
    absl::Status published;
    std::thread other([&] {
      v1::Evaluation answer;
      published = service_.PublishPreliminary(Province(), publish, &answer);
    });
    v1::PushScoresResponse answer;
    const absl::Status pushed = service_.PushScores(Firm(), PushOf(id, {8300}), &answer);
    other.join();
    EXPECT_NE(pushed.ok(), published.ok());
    if (pushed.ok()) {
      EXPECT_REFUSED(published, kEtagStale);
    } else {
      EXPECT_REFUSED(pushed, kWrongState);
      EXPECT_EQ(Read(id).total_hundredths(), 8000);
    }
  }
}

// Who may not act on an evaluation is told so at once, without waiting for whoever has its row:
// what is out of scope is not locked.
TEST_F(PushScoresTest, NobodyWaitsForAnothersRow) {
  const std::string id = Evaluating();
  const v1::PushScoresRequest push = PushOf(id, {9000});
  const v1::PublishPreliminaryRequest publish = PreliminaryOf(id);
  const v1::FileAppealRequest appeal = AppealOf(id);
  v1::PushScoresResponse pushed;
  v1::Evaluation answer;
  constexpr db::Sql kHold = {"test.hold", "SELECT id FROM evaluation WHERE id=? FOR UPDATE"};
  ASSERT_DONE(Db().root().Run(testdb::Soon(), [&](db::Txn& txn) -> absl::Status {
    txn.QueryOne(kHold, id);
    EXPECT_REFUSED(service_.PushScores(Firm("firm-b"), push, &pushed), kNotPermitted);
    EXPECT_REFUSED(service_.FileAppeal(OtherLead(), appeal, &answer), kNotPermitted);
    for (const domain::Role role :
         {domain::Role::kRecommender, domain::Role::kFinance, domain::Role::kAuditor}) {
      EXPECT_REFUSED(service_.PublishPreliminary(CallOf(role, "x", "210200"), publish, &answer),
                     kNotPermitted);
    }
    return absl::OkStatus();
  }));
  // Whose it is gets the row.
  EXPECT_REFUSED(service_.FileAppeal(Lead(), appeal, &answer), kWrongState);
  EXPECT_DONE(service_.PushScores(Firm(), push, &pushed));
}

}  // namespace
}  // namespace alliance::evaluation
