#include <random>
#include <set>
#include <thread>

#include "common/base/str.h"
#include "common/domain/subsidy.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/fixture_test.h"
#include "services/subsidy/subsidy_store.h"

namespace alliance::subsidy {
namespace {

using Policy = v1::BudgetPolicy;

// An independent model of 区间定额 with the sample table (Q12), the 10–30 % envelope and the cap,
// in whole fen by other means than the product: a table of upper ends, walked downwards.
int64_t ModelFen(int64_t rd_fen) {
  struct Row {
    int64_t from_wan;
    int64_t sum_wan;
  };
  for (const Row& row :
       {Row{300, 50}, Row{200, 35}, Row{100, 25}, Row{50, 15}, Row{30, 8}, Row{10, 3}}) {
    if (rd_fen < row.from_wan * kWan) continue;
    int64_t fen = row.sum_wan * kWan;
    while (fen * 10 > rd_fen * 3) --fen;       // at most 30 %
    if (fen < rd_fen / 10) fen = rd_fen / 10;  // at least 10 %, in whole fen
    if (fen > 50 * kWan) fen = 50 * kWan;      // R-105, and the cap wins (Q13)
    return fen - fen % 10'000;                 // 0.01 万元
  }
  return 0;
}

// The line follows from its trace alone, and the trace from the line's own input.
void ExpectSound(const v1::Line& line) {
  std::vector<domain::TraceStep> trace;
  for (const v1::TraceStep& step : line.trace()) trace.push_back(FromProto(step));
  ASSERT_FALSE(trace.empty());
  EXPECT_TRUE(domain::RecheckLine(trace).ok()) << domain::RecheckLine(trace);
  EXPECT_EQ(trace.front().numbers.at("verified_rd_fen"), line.verified_rd_fen());
  EXPECT_EQ(trace.back().amount.value(), line.amount_fen());
  for (const domain::TraceStep& step : trace) EXPECT_FALSE(step.clause.empty());
}

class PlanTest : public SubsidyTest {};

// the year's money is one guard row, opened by finance with the document that grants it.
TEST_F(PlanTest, FinanceOpensOnePerYear) {
  v1::Plan plan;
  ASSERT_DONE(service_.CreatePlan(Chen(), PlanOf(500 * kWan), &plan));
  EXPECT_EQ(plan.name(), kPlan);
  EXPECT_EQ(plan.budget_fen(), 500 * kWan);
  EXPECT_EQ(plan.used_fen(), 0);
  EXPECT_EQ(plan.rules_digest(), Packs().ForYear(kYear)->digest_hex());
  EXPECT_REFUSED(service_.CreatePlan(Chen(), PlanOf(600 * kWan), &plan), kAlreadyExists);
}

TEST_F(PlanTest, BudgetIsPositiveAndTheYearHasRules) {
  v1::Plan plan;
  EXPECT_REFUSED(service_.CreatePlan(Chen(), PlanOf(0), &plan), kInvalidRequest);
  EXPECT_REFUSED(service_.CreatePlan(Chen(), PlanOf(-1), &plan), kInvalidRequest);
  v1::CreatePlanRequest request = PlanOf(1);
  request.set_year(2099);
  EXPECT_REFUSED(service_.CreatePlan(Chen(), request, &plan), kRoundUnknown);
  EXPECT_DONE(service_.CreatePlan(Chen(), PlanOf(1), &plan)) << "one fen is a budget";
}

TEST_F(PlanTest, NobodyElseOpensOne) {
  v1::Plan plan;
  for (const rpc::Call& call :
       {Luo(), Province(), Lead(), Public(), CallOf(domain::Role::kRecommender, "li", "210200"),
        CallOf(domain::Role::kAuditor, "a")}) {
    EXPECT_REFUSED(service_.CreatePlan(call, PlanOf(1), &plan), kNotPermitted);
  }
}

// The database itself refuses a guard row above its budget or below nothing.
TEST_F(PlanTest, GuardRowHasItsOwnCheck) {
  OpenPlan(100 * kWan);
  for (const char* forged :
       {"UPDATE plan SET used_fen=budget_fen+1", "UPDATE plan SET used_fen=-1"}) {
    const absl::Status status = Db().root().Run(testdb::Soon(), [&](db::Txn& txn) {
      txn.Exec(db::Sql{"test.forge", forged});
      return absl::OkStatus();
    });
    EXPECT_FALSE(status.ok()) << forged;
  }
  EXPECT_EQ(UsedFen(), 0);
}

class TrialRunTest : public SubsidyTest {
 protected:
  v1::Run Trial(int64_t budget_fen, std::vector<Policy::Kind> policies = {}) {
    v1::TrialRunRequest request;
    request.set_plan(kPlan);
    request.set_budget_fen(budget_fen);
    for (const Policy::Kind kind : policies) request.add_budget_policies()->set_kind(kind);
    v1::Run run;
    EXPECT_DONE(service_.TrialRun(Chen(), request, &run));
    return run;
  }
};

// both sides of every interval, of the cap and of the unit, against the model.
TEST_F(TrialRunTest, AmountsEqualTheIndependentModel) {
  OpenPlan(100'000 * kWan);
  std::set<int64_t> rds = {0,
                           1,
                           5000 * kWan,
                           50'000 * kWan,
                           16'666 * kWan / 100,
                           16'667 * kWan / 100,
                           12'345 * kWan / 100};
  for (const int64_t wan : {10, 30, 50, 100, 200, 300, 500}) {
    for (const int64_t by : {-10'000, -1, 0, 1, 10'000}) rds.insert(wan * kWan + by);
  }
  std::mt19937_64 random(20231120);  // NOLINT: the same numbers every time
  while (rds.size() < 120) rds.insert(static_cast<int64_t>(random() % (600 * kWan)));
  for (const int64_t rd : rds) Evaluated(rd);

  const v1::Run run = Trial(0, {Policy::NONE});
  ASSERT_EQ(run.lines_size(), static_cast<int>(rds.size()));
  int64_t total = 0;
  for (const v1::Line& line : run.lines()) {
    EXPECT_EQ(line.amount_fen(), ModelFen(line.verified_rd_fen())) << line.verified_rd_fen();
    ExpectSound(line);
    total += line.amount_fen();
  }
  EXPECT_EQ(run.total_fen(), total);
}

// R-101, Q11: 优秀 and 良好 are paid.
TEST_F(TrialRunTest, OnlyGoodGradesArePaid) {
  OpenPlan();
  for (const char* grade : {"优秀", "良好", "合格", "不合格"}) Evaluated(123 * kWan, grade, 7000);
  int paid = 0;
  const v1::Run run = Trial(0);
  for (const v1::Line& line : run.lines()) {
    const bool good = line.grade() == "优秀" || line.grade() == "良好";
    EXPECT_EQ(line.amount_fen(), good ? 25 * kWan : 0) << line.grade();
    paid += good;
  }
  EXPECT_EQ(paid, 2);
}

// what the year's money does, by each policy; never a fen above it.
TEST_F(TrialRunTest, RationingKeepsTheBudget) {
  OpenPlan();
  const std::string best = Evaluated(350 * kWan, "优秀", 9500);    // 50
  const std::string middle = Evaluated(250 * kWan, "优秀", 9200);  // 35
  const std::string last = Evaluated(120 * kWan, "良好", 8300);    // 25
  const auto amounts = [&](const v1::Run& run) {
    std::vector<int64_t> out;
    for (const std::string& id : {best, middle, last}) {
      for (const v1::Line& line : run.lines()) {
        if (line.subsidy_case() == NameOf(id)) out.push_back(line.amount_fen());
      }
    }
    return out;
  };
  const auto wan = [](std::vector<int64_t> sums) {
    for (int64_t& sum : sums) sum *= kWan;
    return sums;
  };
  EXPECT_EQ(amounts(Trial(110 * kWan, {Policy::RANK_CUTOFF})), wan({50, 35, 25})) << "just enough";
  EXPECT_EQ(amounts(Trial(110 * kWan - 1, {Policy::RANK_CUTOFF})), wan({50, 35, 0}));
  EXPECT_EQ(amounts(Trial(60 * kWan, {Policy::RANK_CUTOFF})), wan({50, 0, 0}))
      << "a smaller one must not overtake";
  EXPECT_EQ(amounts(Trial(55 * kWan, {Policy::PRO_RATA})),
            (std::vector<int64_t>{25 * kWan, 35 * kWan / 2, 25 * kWan / 2}));
  EXPECT_EQ(amounts(Trial(95 * kWan, {Policy::GRADE_PRIORITY})), wan({50, 35, 10}));
  EXPECT_EQ(amounts(Trial(90 * kWan, {Policy::LOWER_CAP})),
            (std::vector<int64_t>{32'50 * kWan / 100, 32'50 * kWan / 100, 25 * kWan}));
  for (const int64_t budget : {int64_t{1}, 777'777 * kWan / 10'000, 33 * kWan + 1, 109 * kWan}) {
    for (const Policy::Kind kind :
         {Policy::RANK_CUTOFF, Policy::PRO_RATA, Policy::GRADE_PRIORITY, Policy::LOWER_CAP}) {
      const v1::Run run = Trial(budget, {kind});
      EXPECT_LE(run.total_fen(), budget);
      if (kind == Policy::PRO_RATA) {
        EXPECT_EQ(run.total_fen(), budget);
      }
      for (const v1::Line& line : run.lines()) ExpectSound(line);
    }
  }
}

// Q14: rationed below 10 % of the R&D is allowed, and said.
TEST_F(TrialRunTest, BelowTheFloorIsFlagged) {
  OpenPlan();
  Evaluated(100 * kWan);  // 25; the floor is 10
  EXPECT_FALSE(Trial(10 * kWan, {Policy::PRO_RATA}).lines(0).below_floor());
  EXPECT_TRUE(Trial(10 * kWan - 10'000, {Policy::PRO_RATA}).lines(0).below_floor());
}

TEST_F(TrialRunTest, StoresNothingAndIsForFinance) {
  OpenPlan();
  Evaluated();
  const int64_t before = Db().Count("SELECT COUNT(1) FROM history");
  const v1::Run run = Trial(0);
  EXPECT_EQ(run.name(), "");
  EXPECT_EQ(run.state(), v1::Run::STATE_UNSPECIFIED);
  EXPECT_EQ(Db().Count("SELECT COUNT(1) FROM history"), before);
  EXPECT_EQ(Db().Count("SELECT COUNT(1) FROM subsidy_run"), 0);

  v1::TrialRunRequest request;
  request.set_plan(kPlan);
  v1::Run answer;
  for (const rpc::Call& call : {Luo(), Province(), Lead(), Public()}) {
    EXPECT_REFUSED(service_.TrialRun(call, request, &answer), kNotPermitted);
  }
  request.set_budget_fen(-1);
  EXPECT_REFUSED(service_.TrialRun(Chen(), request, &answer), kInvalidRequest);
  request.clear_budget_fen();
  request.add_budget_policies();
  const absl::Status refused = service_.TrialRun(Chen(), request, &answer);
  EXPECT_REFUSED(refused, kInvalidRequest);
  EXPECT_EQ(FieldsOf(refused), "budget_policies[0].kind");
  request.clear_budget_policies();
  request.set_plan("plans/2022");
  EXPECT_REFUSED(service_.TrialRun(Chen(), request, &answer), kNotPermitted);
}

class RunTest : public SubsidyTest {};

// The same pack and inputs give the same digest; any other input another one.
TEST_F(RunTest, DigestIsOfPackInputsAndLines) {
  OpenPlan();
  Evaluated();
  const v1::Run one = Prepared();
  clock_.Advance(absl::Hours(5));
  v1::Run two;
  ASSERT_DONE(service_.PrepareRun(Feng(), PrepareOf(), &two));
  EXPECT_NE(one.name(), two.name());
  EXPECT_EQ(one.digest(), two.digest()) << "not of who or when";
  EXPECT_NE(one.digest(), Prepared({Policy::PRO_RATA}).digest());
  Evaluated(9 * kWan);
  EXPECT_NE(one.digest(), Prepared().digest());
}

TEST_F(RunTest, NeedsAPlanAndACaseAndFinance) {
  v1::Run run;
  EXPECT_REFUSED(service_.PrepareRun(Chen(), PrepareOf(), &run), kNotPermitted);
  OpenPlan();
  EXPECT_REFUSED(service_.PrepareRun(Chen(), PrepareOf(), &run), kInputsIncomplete);
  Evaluated();
  for (const rpc::Call& call : {Luo(), Province(), Lead()}) {
    EXPECT_REFUSED(service_.PrepareRun(call, PrepareOf(), &run), kNotPermitted);
  }
  EXPECT_DONE(service_.PrepareRun(Chen(), PrepareOf(), &run));
  EXPECT_EQ(run.state(), v1::Run::PREPARED);
  EXPECT_EQ(run.preparer(), "chen");
}

TEST_F(RunTest, FreezingProposesAndReserves) {
  OpenPlan();
  const std::string paid = Evaluated();
  const std::string unpaid = Evaluated(123 * kWan, "合格", 7000);
  const v1::Run prepared = Prepared();
  v1::Run run;
  ASSERT_DONE(service_.FreezeRun(Luo(), FreezeOf(prepared), &run));
  EXPECT_EQ(run.state(), v1::Run::FROZEN);
  EXPECT_EQ(run.digest(), prepared.digest());
  EXPECT_EQ(StateOf(paid), "PROPOSED");
  EXPECT_EQ(StateOf(unpaid), "NOT_PROPOSED");
  EXPECT_EQ(UsedFen(), 25 * kWan);
  EXPECT_EQ(Read(paid).amount_fen(), 25 * kWan);
  EXPECT_REFUSED(service_.FreezeRun(Bai(), FreezeOf(prepared), &run), kRunFrozen);
  EXPECT_EQ(UsedFen(), 25 * kWan);
}

TEST_F(RunTest, SecondPersonSignsExactlyThisRun) {
  OpenPlan();
  Evaluated();
  const v1::Run prepared = Prepared();
  v1::Run run;
  EXPECT_REFUSED(service_.FreezeRun(Chen(), FreezeOf(prepared), &run), kSamePerson);
  // The same account with another role is the same person.
  EXPECT_REFUSED(
      service_.FreezeRun(CallOf(domain::Role::kApprover, "chen"), FreezeOf(prepared), &run),
      kSamePerson);
  for (const rpc::Call& call : {Province(), Lead(), CallOf(domain::Role::kAuditor, "a")}) {
    EXPECT_REFUSED(service_.FreezeRun(call, FreezeOf(prepared), &run), kNotPermitted);
  }
  v1::FreezeRunRequest request = FreezeOf(prepared);
  request.set_run_digest(std::string(64, '0'));
  EXPECT_REFUSED(service_.FreezeRun(Luo(), request, &run), kListMismatch);
  request = FreezeOf(prepared);
  request.clear_approval();
  EXPECT_REFUSED(service_.FreezeRun(Luo(), request, &run), kPaperRequired);
  request = FreezeOf(prepared);
  request.set_name(base::StrCat("runs/", NewId()));
  EXPECT_REFUSED(service_.FreezeRun(Luo(), request, &run), kNotPermitted);
  EXPECT_EQ(UsedFen(), 0) << "a refusal reserves nothing";
  EXPECT_DONE(service_.FreezeRun(Luo(), FreezeOf(prepared), &run));
}

// Two runs over the same cases: the second finds them gone.
TEST_F(RunTest, InputsMustStillBeCurrent) {
  OpenPlan();
  Evaluated();
  const v1::Run one = Prepared();
  const v1::Run two = Prepared();
  v1::Run run;
  ASSERT_DONE(service_.FreezeRun(Luo(), FreezeOf(one), &run));
  EXPECT_REFUSED(service_.FreezeRun(Luo(), FreezeOf(two), &run), kInputsIncomplete);
  EXPECT_EQ(UsedFen(), 25 * kWan);
}

// Both sides of the budget: exactly enough, and one fen short.
TEST_F(RunTest, NeverAboveTheBudget) {
  OpenPlan(25 * kWan);
  Evaluated();
  v1::Run run;
  EXPECT_DONE(service_.FreezeRun(Luo(), FreezeOf(Prepared({Policy::NONE})), &run));
  EXPECT_EQ(UsedFen(), 25 * kWan);
  Evaluated(10 * kWan);
  EXPECT_REFUSED(service_.FreezeRun(Luo(), FreezeOf(Prepared({Policy::NONE})), &run), kOverBudget);
  EXPECT_EQ(UsedFen(), 25 * kWan);
  EXPECT_EQ(Prepared({Policy::RANK_CUTOFF}).total_fen(), 0);
}

// docs/threats.md M4: read-then-insert overspent in most rounds; the guard row in none.
TEST_F(RunTest, SixThreadsNeverOverspendTheLastHalfMillion) {
  for (int round = 0; round < 10; ++round) {
    Db().Clear();
    OpenPlan(50 * kWan);
    std::vector<std::thread> threads;
    std::atomic<int64_t> taken = 0;
    for (int t = 0; t < 6; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 10; ++i) {
          const int64_t amount = (3 + (t + i) % 5) * kWan;
          bool ok = false;
          EXPECT_DONE(Db().pool().Run(testdb::Soon(), [&](db::Txn& txn) {
            ok = Reserve(txn, "2023", amount);
            return absl::OkStatus();
          }));
          if (ok) taken += amount;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(UsedFen(), taken);
    EXPECT_LE(taken, 50 * kWan);
    EXPECT_GT(taken, 50 * kWan - 3 * kWan) << "the money was there";
  }
  Db().Clear();  // reserved by no act: nothing for the audit to find
}

// Six approvers at once over six runs of the same cases, money for one of them only.
TEST_F(RunTest, SixApproversAtOnceFreezeOnce) {
  for (int round = 0; round < 4; ++round) {
    Db().Clear();
    OpenPlan(50 * kWan);
    Evaluated(350 * kWan);  // 50
    std::vector<v1::FreezeRunRequest> requests;
    for (int t = 0; t < 6; ++t) requests.push_back(FreezeOf(Prepared()));
    requests[5] = FreezeOf(Prepared());
    requests[4].set_name(requests[5].name());  // and two for the very same run
    std::vector<absl::Status> results(6);
    std::vector<std::thread> threads;
    for (int t = 0; t < 6; ++t) {
      threads.emplace_back([&, t] {
        v1::Run run;
        results[t] = service_.FreezeRun(CallOf(domain::Role::kApprover, base::StrCat("p", t)),
                                        requests[t], &run);
      });
    }
    for (std::thread& thread : threads) thread.join();
    int frozen = 0;
    for (const absl::Status& result : results) {
      const std::string word = WordOf(result);
      frozen += word == "OK";
      EXPECT_TRUE(word == "OK" || word == "INPUTS_INCOMPLETE" || word == "RUN_FROZEN") << word;
    }
    EXPECT_EQ(frozen, 1);
    EXPECT_EQ(UsedFen(), 50 * kWan);
  }
}

TEST_F(RunTest, ReadByOfficialsOfTheProvince) {
  OpenPlan();
  Evaluated();
  const v1::Run prepared = Prepared();
  v1::GetRunRequest request;
  request.set_name(prepared.name());
  v1::Run run;
  for (const rpc::Call& call : {Chen(), Luo(), Province(), CallOf(domain::Role::kAuditor, "a")}) {
    EXPECT_DONE(service_.GetRun(call, request, &run));
    EXPECT_EQ(run.digest(), prepared.digest());
    ASSERT_EQ(run.lines_size(), 1);
    ExpectSound(run.lines(0));
  }
  for (const rpc::Call& call :
       {Lead(), Public(), CallOf(domain::Role::kRecommender, "li", "210200"),
        CallOf(domain::Role::kFirm, "f", "", "firm-a")}) {
    EXPECT_REFUSED(service_.GetRun(call, request, &run), kNotPermitted);
  }
}

// A line cannot be rewritten by the service's own user.
TEST_F(RunTest, LinesAreAppendOnlyByGrant) {
  OpenPlan();
  Evaluated();
  Prepared();
  EXPECT_FALSE(
      Db().pool()
          .Run(testdb::Soon(),
               [](db::Txn& txn) {
                 constexpr db::Sql kForge = {"test.forge", "UPDATE subsidy_line SET amount_fen=1"};
                 txn.Exec(kForge);
                 return absl::OkStatus();
               })
          .ok());
}

}  // namespace
}  // namespace alliance::subsidy
