// What the tests of review share: a real database, the rounds' packs, a clock that stands still,
// and short ways to bring a case into any state by the handlers themselves.
//
// After every test the audit trail must be clean: each row that a handler wrote is sealed.

#ifndef ALLIANCE_SERVICES_REVIEW_FIXTURE_TEST_H_
#define ALLIANCE_SERVICES_REVIEW_FIXTURE_TEST_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "alliance/events/v1/events.pb.h"
#include "alliance/review/v1/review.pb.h"
#include "common/act/act.h"
#include "common/act/event_inbox.h"
#include "common/base/clock.h"
#include "common/domain/errors.h"
#include "common/rules/packs.h"
#include "common/testing/mariadb.h"
#include "common/testing/service_fixture.h"
#include "gtest/gtest.h"
#include "services/review/review_service.h"

namespace alliance::review {

using service_testing::At;
using service_testing::CallOf;
using service_testing::CodeOf;
using service_testing::DocumentOf;
using service_testing::FieldsOf;
using service_testing::NewId;
using service_testing::WordOf;

// Li and Wang review for Dalian, Zhang for its high-tech zone, Sun for a district of it, Zhao for
// Shenyang.
rpc::Call Li();
rpc::Call Wang();
rpc::Call Zhang();
rpc::Call Zhao();
rpc::Call Sun();  // of the district 210204 in Dalian
rpc::Call Province();
rpc::Call Public();
rpc::Call Operator();
rpc::Call Lead();  // of the cases below
rpc::Call OtherLead();

inline constexpr char kLeadCode[] = "91210200MA0XX00015";
inline constexpr char kRound[] = "rounds/2023-tsl";
// As 2023-tsl, but a notice may not be closed early, and it is counted in calendar days; in
// Shenyang three working days after the first, and an early end needs a reason.
inline constexpr char kStrictRound[] = "rounds/2023-strict";

// As 2023-tsl, but Dalian's zone and a district of it recommend through the city, which must have
// their cases by 27 and 26 April 00:00, and a review has three working days.
inline constexpr char kDeskRound[] = "rounds/2023-desk";

v1::Notice NoticeOf(std::string_view title);

class ReviewTest : public ::testing::Test {
 protected:
  ReviewTest();
  void SetUp() override;
  void TearDown() override;

  static testdb::Schema& Db();

  // A version as filing locks it, for Dalian.
  events::v1::ApplicationVersion Version(int number = 1);
  events::v1::Event SubmittedEvent(const std::string& id, int sequence, int handoff,
                                   const events::v1::ApplicationVersion& version);
  absl::Status Deliver(const events::v1::Event& event, bool* applied = nullptr);

  // A new case in SUBMITTED; its id.
  std::string Submitted();
  std::string Submitted(const events::v1::ApplicationVersion& version);
  // As Version, for another office and round.
  events::v1::ApplicationVersion VersionFor(const std::string& region, const char* round);
  // … and further, by Li (in the region of the version: by whoever reviews there).
  std::string Reviewing();
  std::string Passed();
  std::string Passed(const events::v1::ApplicationVersion& version, const rpc::Call& reviewer);
  // On notice since today; the batch's name is in batch_.
  std::string InNotice();
  std::string Objected();
  std::string NoticeClosed() { return NoticesClosed(1).front(); }
  std::vector<std::string> NoticesClosed(int count);
  std::string Recommended();

  // The case as `reader` sees it; a failure to read fails the test.
  v1::ReviewCase Read(const std::string& id, const rpc::Call& reader);
  v1::ReviewCase Read(const std::string& id) { return Read(id, Li()); }
  std::string EtagOf(const std::string& id) { return Read(id, Province()).etag(); }
  std::string StateOf(const std::string& id);

  // Requests that are right in every field.
  v1::ClaimCaseRequest ClaimOf(const std::string& id);
  v1::RecordConditionsRequest FindingsOf(const std::string& id);
  v1::ReturnCaseRequest ReturnOf(const std::string& id);
  v1::OpenNoticeRequest NoticeRequestOf(const std::vector<std::string>& ids);
  v1::FileObjectionRequest ObjectionTo(const std::string& id);
  v1::HandleObjectionRequest HandlingOf(const std::string& id);
  v1::PrepareRecommendationRequest PreparationOf(const std::vector<std::string>& ids);
  // … of a list that `by` has frozen, where that can be done.
  v1::RecommendCasesRequest RecommendationOf(const std::vector<std::string>& ids,
                                             const rpc::Call& by = Li());

  absl::Status Record(const std::string& id, const rpc::Call& by);
  absl::Status Declare(const std::string& id, const rpc::Call& by, bool none = true,
                       const std::string& reason = "");
  v1::ForwardCasesRequest ForwardingOf(const std::vector<std::string>& ids, const rpc::Call& by);

  // Events put into the outbox for filing, oldest first, but declarations of interest: every claim
  // brings one.
  std::vector<events::v1::Event> Emitted();
  events::v1::Event LastEvent();
  // What `alliancectl audit verify` finds: "ROW_CHANGED review_case id=…", one line each.
  std::string AuditFindings();
  // Rows of the case's history.
  int64_t HistoryOf(const std::string& id) { return service_testing::HistoryOf(Db(), id); }
  std::string LastHistory(const std::string& id, const std::string& column) {
    return service_testing::LastHistory(Db(), id, column);
  }

  base::ManualClock clock_;
  act::Deps deps_;
  ReviewService service_;
  act::EventInbox inbox_;
  std::string batch_;
};

template <typename Request>
Request Repeatable(Request request);  // with a new request id

template <typename Request>
Request Repeatable(Request request) {
  request.set_request_id(NewId());
  return request;
}

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_FIXTURE_TEST_H_
