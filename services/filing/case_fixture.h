// For tests: the service on a real database, with a clock that the test sets, and the ways to bring
// a case to any state through the service's own methods and the events of its peers.

#ifndef ALLIANCE_SERVICES_FILING_CASE_FIXTURE_H_
#define ALLIANCE_SERVICES_FILING_CASE_FIXTURE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "alliance/events/v1/events.pb.h"
#include "alliance/filing/v1/filing.pb.h"
#include "common/act/event_inbox.h"
#include "common/base/clock.h"
#include "common/domain/errors.h"
#include "common/rules/packs.h"
#include "common/testing/mariadb.h"
#include "gtest/gtest.h"
#include "services/filing/filing_service.h"
#include "services/filing/paper_store.h"

namespace alliance::filing {

inline constexpr char kRound[] = "rounds/2023-tsl";
inline constexpr char kPortal[] = "https://portal.example/";
inline constexpr char kDalian[] = "210200";
inline constexpr char kShenyang[] = "210100";

// "2023-04-10 10:00:00" in Shanghai.
absl::Time At(std::string_view text);
inline constexpr absl::Duration kTick = absl::Microseconds(1);

// A credit code that passes all checks, of the number range reserved for users' own use (GB 11714).
std::string CodeOf(std::string_view department_and_kind, std::string_view office, int number);
inline std::string LeadCode(int number = 1) { return CodeOf("91", kDalian, number); }
inline std::string UniversityCode() { return CodeOf("12", kDalian, 90'001); }

// An application form without any problem, warnings included.
v1::ApplicationForm GoodForm(const std::string& lead_code);
v1::Document ADocument(std::string_view title);
// What a good year's report looks like.
v1::AnnualReport GoodReport();

std::string NewId();  // a request id

// EXPECT_TRUE(Refused(status, Reason::kWindowClosed)): the reason word and its code.
::testing::AssertionResult Refused(const absl::Status& status, domain::Reason reason);
// "field:REASON field:REASON" of a refusal.
std::string Fields(const absl::Status& status);

class CaseFixture : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();
  void SetUp() override;

  // Callers
  // ----------------------------------------------------------------------------------------
  static rpc::Call As(domain::Caller caller, std::string_view method);
  static domain::Caller Lead(int number = 1);
  static domain::Caller Recommender(std::string_view region = kDalian);
  static domain::Caller Official(domain::Role role, std::string_view account = "");

  // The way of a case
  // ------------------------------------------------------------------------------ Each step fails
  // the test if it is refused, and answers the case as its lead reads it.
  v1::Application Create(int lead = 1, std::string_view region = kDalian);
  v1::Application CreateComplete(int lead = 1,
                                 std::string_view region = kDalian);  // with all papers
  v1::Application Submitted(int lead = 1, std::string_view region = kDalian);
  v1::Application Returned(int lead = 1, const std::vector<std::string>& marked = {"lead.staff"});
  v1::Application Recommended(int lead = 1, std::string_view region = kDalian);
  v1::Application Accepted(int lead = 1, std::string_view region = kDalian);
  v1::Draw CloseDraw(int count);
  v1::Application Pending(int lead = 1);  // the draw must be closed
  v1::Alliance Registered(int lead = 1);  // closes the draw, decides on this case alone

  // Single acts
  // ------------------------------------------------------------------------------------
  v1::Application Get(const std::string& name, const domain::Caller& caller);
  v1::Application Get(const std::string& name) {
    return Get(name, Official(domain::Role::kAuditor));
  }
  absl::StatusOr<v1::Application> TryGet(const std::string& name, const domain::Caller& caller);
  absl::Status Attach(const std::string& name, const std::string& slot, const std::string& member,
                      const domain::Caller& caller, v1::Application* answer);
  absl::StatusOr<v1::Application> Submit(const std::string& name, const std::string& etag,
                                         const domain::Caller& caller,
                                         const std::string& request_id = NewId());
  absl::StatusOr<v1::Application> Accept(const std::string& name, const std::string& etag,
                                         const domain::Caller& caller);
  absl::StatusOr<v1::Application> GiveOpinion(const std::string& name, const std::string& etag,
                                              const domain::Caller& caller);
  // A request for the collective decision with the right digest for the items as they stand.
  v1::RecordDecisionRequest DecisionOn(
      const std::vector<std::pair<std::string, v1::DecisionItem::Verdict>>& items);
  absl::StatusOr<v1::Decision> Decide(const v1::RecordDecisionRequest& request,
                                      const domain::Caller& caller);

  // An event as `source` would send it: the next of its sequence unless one is given.
  events::v1::Event EventOf(std::string_view source, const std::string& case_id, int handoff);
  absl::Status Deliver(const events::v1::Event& event, bool* applied = nullptr);
  absl::Status Return(const v1::Application& application, const std::vector<std::string>& marked,
                      int handoff = 0);
  absl::Status Recommend(const v1::Application& application);
  // The reviewer has told review that he has no interest in the case, or that he has.
  absl::Status Declare(const std::string& name, const domain::Caller& reviewer,
                       bool interest = false);

  // The events put out so far for a destination, in order.
  std::vector<events::v1::Event> Emitted(std::string_view destination);
  // The last history row of a case, as "action from>to at_us".
  std::string LastAct(std::string_view case_id);
  int HandoffOf(const std::string& name);
  // What verifying every history finds first, as "KIND row"; "" when all is as it was written.
  std::string FirstFinding();
  int64_t Count(const std::string& sql) { return schema_->Count(sql); }

  static inline std::unique_ptr<testdb::Schema> schema_;
  static inline std::unique_ptr<rules::Packs> packs_;
  static inline std::unique_ptr<PaperStore> papers_;
  static inline std::string folder_;

  base::ManualClock clock_{At("2023-04-10 10:00:00")};
  std::unique_ptr<act::Deps> deps_;
  std::unique_ptr<FilingService> service_;
  std::unique_ptr<act::EventInbox> inbox_;
};

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_CASE_FIXTURE_H_
