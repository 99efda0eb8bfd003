// What the tests of evaluation share: a real database, the packs, a clock that stands still, and
// short ways to bring an evaluation into any state by the events and handlers themselves.
//
// After every test the audit trail must be clean: each row that was written is sealed.

#ifndef ALLIANCE_SERVICES_EVALUATION_FIXTURE_TEST_H_
#define ALLIANCE_SERVICES_EVALUATION_FIXTURE_TEST_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "alliance/evaluation/v1/evaluation.pb.h"
#include "alliance/events/v1/events.pb.h"
#include "common/act/act.h"
#include "common/act/event_inbox.h"
#include "common/base/clock.h"
#include "common/domain/errors.h"
#include "common/rpc/serve.h"
#include "common/rules/packs.h"
#include "common/testing/mariadb.h"
#include "gtest/gtest.h"
#include "services/evaluation/evaluation_service.h"

namespace alliance::evaluation {

// "2024-01-10 10:00:00.000000" in Asia/Shanghai.
absl::Time At(std::string_view text);

rpc::Call CallOf(domain::Role role, std::string account, std::string region = "",
                 std::string organisation = "");
rpc::Call Province();
rpc::Call Lead();  // of the alliances below
rpc::Call OtherLead();
rpc::Call Firm(std::string id = "firm-a");

inline constexpr char kLeadCode[] = "91210200MA0XX00015";
inline constexpr char kUniversityCode[] = "12100000400014081G";
// Firms' codes; none is a member, except where a test makes it one.
inline constexpr char kFirmCode[] = "91350100M000100Y43";
inline constexpr char kCampaign[] = "campaigns/2023";
inline constexpr int kYear = 2023;

filing::v1::Document DocumentOf(std::string_view title);

// OK, or the reason word, for messages of failed tests.
std::string WordOf(const absl::Status& status);
absl::StatusCode CodeOf(const absl::Status& status);
// Fields of a refusal, joined: "name,scores[0].expert".
std::string FieldsOf(const absl::Status& status);
// Refused for exactly this reason, with the code that belongs to it.
#define EXPECT_REFUSED(expression, reason)                                         \
  do {                                                                             \
    const absl::Status refused_status = (expression);                              \
    EXPECT_EQ(WordOf(refused_status), domain::WordOf(domain::Reason::reason));     \
    EXPECT_EQ(CodeOf(refused_status), domain::RowOf(domain::Reason::reason).code); \
  } while (false)
#define ASSERT_DONE(expression) ASSERT_EQ(WordOf(expression), "OK")
#define EXPECT_DONE(expression) EXPECT_EQ(WordOf(expression), "OK")

std::string NewId();
std::string NameOf(const std::string& id);

class EvaluationTest : public ::testing::Test {
 protected:
  EvaluationTest();
  void SetUp() override;
  void TearDown() override;

  static testdb::Schema& Db();
  static const rules::Packs& Packs();

  // Events of filing. `sequence` counts per case.
  absl::Status Deliver(events::v1::Event event, const std::string& case_id, int sequence,
                       int handoff = 0, bool* applied = nullptr);
  events::v1::Event RegisteredEvent(const std::string& alliance,
                                    const std::string& region = "210200",
                                    std::vector<std::string> members = {kUniversityCode});
  events::v1::Event ReportEvent(const std::string& alliance, int64_t verified_rd_fen = 123'450'000);
  events::v1::Event MissedEvent(const std::string& alliance);

  // A new alliance; its id. Then its evaluation of 2023 in REPORTED; the evaluation's id.
  std::string Registered(const std::string& region = "210200",
                         std::vector<std::string> members = {kUniversityCode});
  std::string Reported(const std::string& region = "210200",
                       std::vector<std::string> members = {kUniversityCode});
  std::string Missed();
  // … and further. OpenCampaign may be called again.
  void OpenCampaign();
  std::string Assigned(const std::string& firm = "firm-a");
  std::string Evaluating();
  // Three experts of firm-a give these totals.
  std::string Scored(std::vector<int> totals = {9000, 9000, 9000});
  std::string Preliminary(std::vector<int> totals = {9000, 9000, 9000});
  std::string Appealed();
  std::string Published();

  // Requests that are right in every field.
  v1::AssignFirmRequest AssignOf(const std::vector<std::string>& ids,
                                 const std::string& firm = "firm-a");
  v1::StartEvaluationsRequest StartOf(const std::vector<std::string>& ids);
  // One score whose items sum up to `total`.
  v1::Score ScoreOf(const std::string& id, const std::string& expert, int total);
  v1::PushScoresRequest PushOf(const std::string& id, const std::vector<int>& totals);
  v1::PublishPreliminaryRequest PreliminaryOf(const std::string& id);
  v1::FileAppealRequest AppealOf(const std::string& id);
  v1::AnswerAppealRequest AnswerOf(const std::string& id);
  v1::PublishEvaluationsRequest PublishOf(const std::vector<std::string>& ids);
  std::string ListDigestOf(const std::vector<std::string>& ids);

  v1::Evaluation Read(const std::string& id, const rpc::Call& reader);
  v1::Evaluation Read(const std::string& id) { return Read(id, Province()); }
  std::string EtagOf(const std::string& id) { return Read(id).etag(); }
  std::string StateOf(const std::string& id);

  // Events put into the outbox, oldest first.
  std::vector<events::v1::Event> Emitted();
  int64_t HistoryOf(const std::string& id);
  std::string LastHistory(const std::string& id, const std::string& column);

  base::ManualClock clock_;
  act::Deps deps_;
  rpc::Serve serve_;
  EvaluationService service_;
  act::EventInbox inbox_;
};

}  // namespace alliance::evaluation

#endif  // ALLIANCE_SERVICES_EVALUATION_FIXTURE_TEST_H_
