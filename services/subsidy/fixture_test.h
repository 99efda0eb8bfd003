// What the tests of subsidy share: a real database, the packs, a clock that stands still, and short
// ways to bring a case into any state by the events and handlers themselves.
//
// After every test the audit trail must be clean, each amount must follow from its trace, and the
// guard row must hold exactly what the cases hold.

#ifndef ALLIANCE_SERVICES_SUBSIDY_FIXTURE_TEST_H_
#define ALLIANCE_SERVICES_SUBSIDY_FIXTURE_TEST_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "alliance/events/v1/events.pb.h"
#include "alliance/subsidy/v1/subsidy.pb.h"
#include "common/act/act.h"
#include "common/act/event_inbox.h"
#include "common/base/clock.h"
#include "common/domain/errors.h"
#include "common/rules/packs.h"
#include "common/testing/mariadb.h"
#include "common/testing/service_fixture.h"
#include "gtest/gtest.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {

using service_testing::At;
using service_testing::CallOf;
using service_testing::CodeOf;
using service_testing::DocumentOf;
using service_testing::FieldsOf;
using service_testing::NewId;
using service_testing::WordOf;

rpc::Call Chen();  // finance: prepares
rpc::Call Feng();  // finance
rpc::Call Luo();   // approver: freezes
rpc::Call Bai();   // approver: approves and releases
rpc::Call Province();
rpc::Call Public();
rpc::Call Lead();  // of the cases below
rpc::Call OtherLead();

inline constexpr char kLeadCode[] = "91210200MA0XX00015";
inline constexpr char kLeadName[] = "大连智造有限公司";
inline constexpr char kPlan[] = "plans/2023";
inline constexpr int kYear = 2023;
inline constexpr int64_t kWan = 1'000'000;  // fen
// A notice opened on Monday 20 November 2023 is over after its seventh day.
inline constexpr char kNoticeCloses[] = "2023-11-27 00:00:00";

std::string NameOf(const std::string& id);

class SubsidyTest : public ::testing::Test {
 protected:
  SubsidyTest();
  void SetUp() override;
  void TearDown() override;

  static testdb::Schema& Db();
  static rules::Packs& Packs();

  absl::Status Deliver(events::v1::Event event, std::string source, const std::string& case_id,
                       int sequence, int handoff = 0, bool* applied = nullptr);
  events::v1::Event RegisteredEvent(const std::string& alliance,
                                    const std::string& region = "210200");
  events::v1::Event PublishedEvent(const std::string& alliance,
                                   int64_t rd_fen = 12'345 * kWan / 100,
                                   const std::string& grade = "优秀", int total = 9100);
  events::v1::Event DeregisteredEvent(const std::string& alliance);
  events::v1::Event CompletedEvent(const std::string& alliance);

  std::string Registered(const std::string& region = "210200");
  // A case of 2023 in EVALUATED; its id.
  std::string Evaluated(int64_t rd_fen = 12'345 * kWan / 100, const std::string& grade = "优秀",
                        int total = 9100, const std::string& region = "210200");
  void OpenPlan(int64_t budget_fen = 1000 * kWan);
  // Prepared by Chen over all that is EVALUATED; then frozen by Luo, put on notice by Chen.
  v1::Run Prepared(std::vector<v1::BudgetPolicy::Kind> policies = {});
  v1::Run Frozen();
  // One case of 123.45 万元, which gives 25 万元, brought so far; the plan is opened on demand.
  std::string InNotice();
  std::string Objected();
  std::string Withheld();
  std::string Approved();
  std::string Paying();
  std::string ConfirmedPaid();

  // Requests that are right in every field.
  v1::CreatePlanRequest PlanOf(int64_t budget_fen);
  v1::PrepareRunRequest PrepareOf(std::vector<v1::BudgetPolicy::Kind> policies = {});
  v1::FreezeRunRequest FreezeOf(const v1::Run& run);
  v1::OpenSubsidyNoticeRequest NoticeOf(const v1::Run& run);
  v1::FileSubsidyObjectionRequest ObjectionTo(const std::string& id);
  v1::DecideSubsidyCaseRequest DecideOf(const std::string& id);
  v1::PreparePaymentRequest PaymentOf(const std::vector<std::string>& ids);
  v1::ReleasePaymentRequest ReleaseOf(const v1::PaymentList& list);
  v1::RecordPaymentRequest ConfirmPaidOf(const std::string& id, const std::string& reference);
  v1::RecordPaymentRequest ConfirmFailedOf(const std::string& id, const std::string& reference);
  v1::ClaimBackRequest ClaimOf(const std::string& id, int64_t corrected_rd_fen);
  v1::RecordRecoveryRequest RecoveryOf(const std::string& id, const std::string& reference);

  v1::SubsidyCase Read(const std::string& id, const rpc::Call& reader);
  v1::SubsidyCase Read(const std::string& id) { return Read(id, Chen()); }
  std::string EtagOf(const std::string& id) { return Read(id).etag(); }
  std::string StateOf(const std::string& id);
  int64_t UsedFen();

  std::vector<events::v1::Event> Emitted() { return service_testing::Emitted(Db()); }
  int64_t HistoryOf(const std::string& id) { return service_testing::HistoryOf(Db(), id); }
  // One column of the first and of the last entry.
  std::string FirstHistory(const std::string& id, const std::string& column);
  std::string LastHistory(const std::string& id, const std::string& column) {
    return service_testing::LastHistory(Db(), id, column);
  }

  base::ManualClock clock_;
  act::Deps deps_;
  SubsidyService service_;
  act::EventInbox inbox_;
};

}  // namespace alliance::subsidy

#endif  // ALLIANCE_SERVICES_SUBSIDY_FIXTURE_TEST_H_
