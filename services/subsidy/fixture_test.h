// What the tests of subsidy share: a real database, the 2023 pack, a clock that stands still, and
// short ways to bring a case into any state by the events and handlers themselves.
//
// After every test the audit trail must be clean: each row that was written is sealed.

#ifndef ALLIANCE_SERVICES_SUBSIDY_FIXTURE_TEST_H_
#define ALLIANCE_SERVICES_SUBSIDY_FIXTURE_TEST_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/act/act.h"
#include "common/act/event_inbox.h"
#include "common/base/clock.h"
#include "common/domain/errors.h"
#include "common/rules/packs.h"
#include "common/testing/mariadb.h"
#include "gtest/gtest.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {

rpc::Call CallOf(domain::Role role, std::string account, std::string organisation = "");
rpc::Call Finance(std::string account = "finance-1");
rpc::Call Approver(std::string account = "approver-1");
rpc::Call Public();

inline constexpr char kLeadCode[] = "91210200PDY0000284";
inline constexpr char kPlan[] = "plans/2023";
inline constexpr int64_t kWan = 1'000'000;  // fen

filing::v1::Document DocumentOf(std::string_view title);

// OK, or the reason word.
std::string WordOf(const absl::Status& status);
#define EXPECT_REFUSED(expression, reason)                                        \
  do {                                                                            \
    const absl::Status refused_status = (expression);                             \
    EXPECT_EQ(WordOf(refused_status), domain::WordOf(domain::Reason::reason));    \
    EXPECT_EQ(refused_status.code(), domain::RowOf(domain::Reason::reason).code); \
  } while (false)
#define ASSERT_DONE(expression) ASSERT_EQ(WordOf(expression), "OK")
#define EXPECT_DONE(expression) EXPECT_EQ(WordOf(expression), "OK")

class SubsidyTest : public ::testing::Test {
 protected:
  SubsidyTest();
  void SetUp() override;
  void TearDown() override;

  static testdb::Schema& Db();
  static const rules::Packs& Packs();

  // An alliance registered and evaluated: its case is EVALUATED. The case's id.
  std::string Evaluated(int64_t rd_fen, std::string grade = "优秀", int total_hundredths = 9'200);
  // A plan of this budget, and a run over all evaluated cases.
  void Plan(int64_t budget_fen);
  v1::Run Prepared();
  absl::Status Freeze(const v1::Run& run, const rpc::Call& call, v1::Run* answer);
  // One case brought to SUBSIDY_NOTICE, with its run frozen.
  std::string InNotice(int64_t rd_fen = 123'450'000);
  std::string Approved(int64_t rd_fen = 123'450'000);
  std::string Paying(int64_t rd_fen = 123'450'000);

  v1::SubsidyCase Get(const std::string& id);
  v1::DecideSubsidyCaseRequest Decide(const std::string& id, std::string reason = "按会议意见办理");
  v1::FileSubsidyObjectionRequest ObjectionTo(const std::string& id);
  v1::PreparePaymentRequest PaymentOf(const std::string& id);
  int64_t UsedFen();

  base::ManualClock clock_;
  act::Deps deps_;
  rpc::Serve serve_;
  SubsidyService service_;
  act::Apply apply_;
};

}  // namespace alliance::subsidy

#endif  // ALLIANCE_SERVICES_SUBSIDY_FIXTURE_TEST_H_
