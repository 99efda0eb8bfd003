// What the tests of a service share: instants, callers, documents, refusals by their words, the
// outbox, the history and the audit's findings of a schema.

#ifndef ALLIANCE_COMMON_TESTING_SERVICE_FIXTURE_H_
#define ALLIANCE_COMMON_TESTING_SERVICE_FIXTURE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "alliance/events/v1/events.pb.h"
#include "alliance/filing/v1/paper.pb.h"
#include "common/act/event_inbox.h"
#include "common/domain/errors.h"
#include "common/rpc/call.h"
#include "common/rules/packs.h"
#include "common/testing/mariadb.h"
#include "gtest/gtest.h"

namespace alliance::service_testing {

// Ends the binary where no test means anything without `right`.
void Require(bool right, std::string_view what);

// "2023-04-20 10:00:00.000000" in Asia/Shanghai.
absl::Time At(std::string_view text);

// A call through the gateway.
rpc::Call CallOf(domain::Role role, std::string account, std::string region = "",
                 std::string organisation = "");

// A document with this title and a digest made from it.
filing::v1::Document DocumentOf(std::string_view title);

std::string NewId();

// common/rules/2023.textproto alone.
rules::Packs& Packs2023();

// OK, or the reason word, for messages of failed tests: "OK", "WRONG_STATE".
std::string WordOf(const absl::Status& status);
absl::StatusCode CodeOf(const absl::Status& status);
// Fields of a refusal, joined: "name,marks[0].field".
std::string FieldsOf(const absl::Status& status);
// Refused for exactly this reason, with the code that belongs to it.
#define EXPECT_REFUSED(expression, reason)                                         \
  do {                                                                             \
    const absl::Status refused_status = (expression);                              \
    EXPECT_EQ(::alliance::service_testing::WordOf(refused_status),                 \
              ::alliance::domain::WordOf(::alliance::domain::Reason::reason));     \
    EXPECT_EQ(::alliance::service_testing::CodeOf(refused_status),                 \
              ::alliance::domain::RowOf(::alliance::domain::Reason::reason).code); \
  } while (false)
#define ASSERT_DONE(expression) ASSERT_EQ(::alliance::service_testing::WordOf(expression), "OK")
#define EXPECT_DONE(expression) EXPECT_EQ(::alliance::service_testing::WordOf(expression), "OK")

// What the sender's Move writes into an event, where a test has not: the first row of the workflow
// that tells it.
void FillMove(events::v1::Event* event);
// Delivers as the event's source would, to that service's inbox.
absl::Status Deliver(act::EventInbox& inbox, const events::v1::Event& event, bool* applied);

// Events put into the outbox, oldest first.
std::vector<events::v1::Event> Emitted(testdb::Schema& schema);
// Rows of the case's history, and one column of the last.
int64_t HistoryOf(testdb::Schema& schema, const std::string& case_id);
std::string LastHistory(testdb::Schema& schema, const std::string& case_id,
                        const std::string& column);
// What `alliancectl audit verify` finds: "ROW_CHANGED review_case id=…", one line each. Every row
// of `sealed_tables` must be sealed.
std::string AuditFindings(testdb::Schema& schema, std::vector<std::string> sealed_tables);

}  // namespace alliance::service_testing

#endif  // ALLIANCE_COMMON_TESTING_SERVICE_FIXTURE_H_
