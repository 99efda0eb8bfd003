// Plans and runs: what is computed, who may freeze it, and a budget that cannot be overspent.

#include <thread>

#include "common/base/str.h"
#include "common/base/uuid.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/fixture_test.h"

namespace alliance::subsidy {
namespace {

v1::TrialRunRequest Trial(int64_t budget_fen) {
  v1::TrialRunRequest request;
  request.set_plan(kPlan);
  request.set_budget_fen(budget_fen);
  return request;
}

// 123.45 万元 of R&D lies in [100, 200) and gives 25 万元, with a trace.
TEST_F(SubsidyTest, ATrialShowsEveryLineWithItsTraceAndStoresNothing) {
  const std::string id = Evaluated(123'450'000);
  Plan(500 * kWan);
  v1::Run run;
  ASSERT_DONE(service_.TrialRun(Finance(), Trial(0), &run));
  ASSERT_EQ(run.lines_size(), 1);
  EXPECT_EQ(run.lines(0).subsidy_case(), base::StrCat(kCases, id));
  EXPECT_EQ(run.lines(0).amount_fen(), 25 * kWan);
  EXPECT_EQ(run.total_fen(), 25 * kWan);
  ASSERT_GE(run.lines(0).trace_size(), 4);
  for (const v1::TraceStep& step : run.lines(0).trace()) {
    EXPECT_FALSE(step.clause().empty());
    EXPECT_FALSE(step.text_zh().empty());
  }
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM subsidy_run"), 0);
  EXPECT_REFUSED(service_.TrialRun(Approver(), Trial(0), &run), kNotPermitted);
}

TEST_F(SubsidyTest, TheSameInputsGiveTheSameDigest) {
  Evaluated(123'450'000);
  Plan(500 * kWan);
  v1::Run trial;
  ASSERT_DONE(service_.TrialRun(Finance(), Trial(0), &trial));
  EXPECT_EQ(Prepared().digest(), trial.digest());
  EXPECT_EQ(Prepared().digest(), trial.digest());
  Evaluated(20 * kWan);
  EXPECT_NE(Prepared().digest(), trial.digest());
}

// R-101 (择优): a grade that is not paid becomes NOT_PROPOSED.
TEST_F(SubsidyTest, FreezingProposesTheGoodAndReservesTheBudget) {
  const std::string good = Evaluated(123'450'000);
  const std::string plain = Evaluated(123'450'000, "合格", 7'000);
  Plan(500 * kWan);
  const v1::Run run = Prepared();
  v1::Run frozen;
  ASSERT_DONE(Freeze(run, Approver(), &frozen));
  EXPECT_EQ(Get(good).state(), v1::SubsidyCase::PROPOSED);
  EXPECT_EQ(Get(good).amount_fen(), 25 * kWan);
  EXPECT_EQ(Get(plain).state(), v1::SubsidyCase::NOT_PROPOSED);
  EXPECT_EQ(UsedFen(), 25 * kWan);
  EXPECT_REFUSED(Freeze(run, Approver(), &frozen), kRunFrozen);
  EXPECT_EQ(UsedFen(), 25 * kWan);
}

TEST_F(SubsidyTest, FreezingNeedsASecondPersonTheExactDigestAndFreshInputs) {
  const std::string id = Evaluated(123'450'000);
  Plan(500 * kWan);
  v1::Run run = Prepared();
  v1::Run answer;
  EXPECT_REFUSED(Freeze(run, Finance(), &answer), kSamePerson);
  EXPECT_REFUSED(Freeze(run, CallOf(domain::Role::kProvince, "p"), &answer), kNotPermitted);
  v1::FreezeRunRequest bare;
  bare.set_name(run.name());
  bare.set_request_id(base::NewUuid7());
  bare.set_run_digest(run.digest());
  EXPECT_REFUSED(service_.FreezeRun(Approver(), bare, &answer), kPaperRequired);
  v1::Run other = run;
  other.set_digest(std::string(64, '0'));
  EXPECT_REFUSED(Freeze(other, Approver(), &answer), kListMismatch);
  EXPECT_EQ(UsedFen(), 0) << "a refusal reserves nothing";
  // Two runs over one input: the second is stale once the first is frozen.
  const v1::Run rival = Prepared();
  ASSERT_DONE(Freeze(run, Approver(), &answer));
  EXPECT_REFUSED(Freeze(rival, Approver(), &answer), kInputsIncomplete);
  EXPECT_EQ(UsedFen(), 25 * kWan);
}

// R-102 (年度财力): without rationing a run above the budget is refused, one fen either side.
TEST_F(SubsidyTest, ARunAboveTheBudgetCannotBeFrozen) {
  for (const int64_t budget : {25 * kWan - 1, 25 * kWan}) {
    Db().Clear();
    Evaluated(123'450'000);
    Plan(budget);
    v1::PrepareRunRequest request;
    request.set_plan(kPlan);
    request.set_request_id(base::NewUuid7());
    request.add_budget_policies()->set_kind(v1::BudgetPolicy::NONE);
    v1::Run run;
    ASSERT_DONE(service_.PrepareRun(Finance(), request, &run));
    v1::Run answer;
    if (budget < 25 * kWan) {
      EXPECT_REFUSED(Freeze(run, Approver(), &answer), kOverBudget);
    } else {
      EXPECT_DONE(Freeze(run, Approver(), &answer));
    }
  }
}

// reliability.md M4: six at once against room for one.
TEST_F(SubsidyTest, TheGuardRowNeverOverspends) {
  Plan(100 * kWan);
  std::atomic<int> won = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      const absl::Status status = deps_.pool.Run(testdb::Soon(), [&](db::Txn& txn) {
        return Reserve(txn, "2023", 60 * kWan) ? absl::OkStatus()
                                               : domain::Refuse(domain::Reason::kOverBudget);
      });
      if (status.ok()) ++won;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(UsedFen(), 60 * kWan);
  // The row was changed beside any act: put it back, so that the audit of this test is clean.
  Db().Execute("UPDATE plan SET used_fen=0, version=1");
}

TEST_F(SubsidyTest, APlanIsOpenedOnceByFinanceForAYearWithRules) {
  Plan(500 * kWan);
  v1::CreatePlanRequest request;
  request.set_year(2023);
  request.set_budget_fen(1);
  request.set_request_id(base::NewUuid7());
  *request.mutable_budget_document() = DocumentOf("预算批复");
  v1::Plan plan;
  EXPECT_REFUSED(service_.CreatePlan(Finance(), request, &plan), kAlreadyExists);
  EXPECT_REFUSED(service_.CreatePlan(Approver(), request, &plan), kNotPermitted);
  request.set_year(2031);
  EXPECT_REFUSED(service_.CreatePlan(Finance(), request, &plan), kRoundUnknown);
  request.set_budget_fen(0);
  request.clear_budget_document();
  EXPECT_REFUSED(service_.CreatePlan(Finance(), request, &plan), kInvalidRequest);
}

TEST_F(SubsidyTest, AnEvaluationOfAnUnknownAllianceWaitsForItsRegistration) {
  events::v1::Event event;
  event.set_source("evaluation");
  const std::string alliance = base::NewUuid7();
  event.set_case_id(alliance + "-2023");
  event.mutable_evaluation_published()->set_alliance_id(alliance);
  event.mutable_evaluation_published()->set_year(2023);
  const auto deliver = [&] {
    return act::Sweep(deps_, CallOf(domain::Role::kClock, "service:evaluation"),
                      [&](act::Step& step) { return apply_(step, event); });
  };
  EXPECT_REFUSED(deliver(), kOutOfOrder);
  event.set_source("filing");
  EXPECT_REFUSED(deliver(), kNotPermitted);
}

}  // namespace
}  // namespace alliance::subsidy
