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
#include "common/rules/packs.h"
#include "common/testing/mariadb.h"
#include "common/testing/service_fixture.h"
#include "gtest/gtest.h"
#include "services/evaluation/evaluation_service.h"

namespace alliance::evaluation {

using service_testing::At;
using service_testing::CallOf;
using service_testing::CodeOf;
using service_testing::DocumentOf;
using service_testing::FieldsOf;
using service_testing::NewId;
using service_testing::WordOf;

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

std::string NameOf(const std::string& id);

class EvaluationTest : public ::testing::Test {
 protected:
  EvaluationTest();
  void SetUp() override;
  void TearDown() override;

  static testdb::Schema& Db();
  static rules::Packs& Packs();

  // Events of filing. `sequence` counts per case.
  absl::Status Deliver(events::v1::Event event, const std::string& case_id, int sequence,
                       int handoff = 0, bool* applied = nullptr);
  events::v1::Event RegisteredEvent(const std::string& alliance,
                                    const std::string& region = "210200",
                                    std::vector<std::string> members = {kUniversityCode});
  events::v1::Event ReportEvent(const std::string& alliance, int64_t verified_rd_fen = 123'450'000);
  events::v1::Event MissedEvent(const std::string& alliance);
  events::v1::Event DeregisteredEvent(const std::string& alliance);
  events::v1::Event CompletedEvent(const std::string& alliance);

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
  std::vector<events::v1::Event> Emitted() { return service_testing::Emitted(Db()); }
  int64_t HistoryOf(const std::string& id) { return service_testing::HistoryOf(Db(), id); }
  std::string LastHistory(const std::string& id, const std::string& column) {
    return service_testing::LastHistory(Db(), id, column);
  }

  base::ManualClock clock_;
  act::Deps deps_;
  EvaluationService service_;
  act::EventInbox inbox_;
};

}  // namespace alliance::evaluation

#endif  // ALLIANCE_SERVICES_EVALUATION_FIXTURE_TEST_H_
