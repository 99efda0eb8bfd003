#include "common/testing/service_fixture.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "common/audit/verify.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/case/told.h"
#include "common/crypto/digest.h"
#include "common/crypto/signing.h"
#include "common/domain/calendar.h"
#include "common/domain/workflow.h"
#include "common/rpc/status.h"

namespace alliance::service_testing {
namespace {

// No checkpoint is written here, so any key verifies them all.
const crypto::Verifier& AnyVerifier() {
  static const crypto::Verifier& verifier = *[] {
    const std::string folder = base::StrCat(::testing::TempDir(), "/key_", base::NewUuid7());
    std::filesystem::create_directories(folder);
    Require(crypto::GenerateKeyFiles(folder + "/key", folder + "/key.pub").ok(), "key files");
    absl::StatusOr<crypto::Verifier> loaded = crypto::Verifier::Load(folder + "/key.pub");
    Require(loaded.ok(), "key");
    std::filesystem::remove_all(folder);
    return new crypto::Verifier(*std::move(loaded));
  }();
  return verifier;
}

}  // namespace

void Require(bool right, std::string_view what) {
  if (right) return;
  ADD_FAILURE() << what;
  std::abort();
}

absl::Time At(std::string_view text) {
  absl::Time time;
  std::string error;
  Require(
      absl::ParseTime("%Y-%m-%d %H:%M:%E*S", base::Absl(text), domain::Shanghai(), &time, &error),
      error);
  return time;
}

rpc::Call CallOf(domain::Role role, std::string account, std::string region,
                 std::string organisation) {
  return {.caller = {.account = std::move(account),
                     .role = role,
                     .region = std::move(region),
                     .organisation = std::move(organisation)},
          .method = "/alliance.test.v1.TestService/Test",
          .peer = "gateway",
          .deadline = testdb::Soon(),
          .trace = rpc::Trace::Continue("")};
}

filing::v1::Document DocumentOf(std::string_view title) {
  filing::v1::Document document;
  document.set_document_number("大科发〔2023〕12号");
  document.set_title(std::string(title));
  document.set_issuer("大连市科技局");
  document.set_issue_date("2023-04-28");
  document.set_sha256(crypto::Sha256(title));
  return document;
}

std::string NewId() { return base::NewUuid7(); }

rules::Packs& Packs2023() {
  static rules::Packs& packs = *[] {
    auto loaded =
        rules::Packs::Load({base::StrCat(ALLIANCE_SOURCE_DIR, "/common/rules/2023.textproto")});
    Require(loaded.ok(), loaded.status().ToString());
    return new rules::Packs(*std::move(loaded));
  }();
  return packs;
}

std::string WordOf(const absl::Status& status) {
  if (status.ok()) return "OK";
  const auto details = domain::DetailsOf(rpc::WithDetails(status));
  if (details->reason == "INTERNAL") return base::StrCat("INTERNAL ", base::Std(status.message()));
  return details->reason;
}

absl::StatusCode CodeOf(const absl::Status& status) { return rpc::WithDetails(status).code(); }

std::string FieldsOf(const absl::Status& status) {
  std::string out;
  if (const auto details = domain::DetailsOf(status)) {
    for (const domain::FieldProblem& field : details->fields) {
      base::StrAppend(&out, out.empty() ? "" : ",", field.field);
    }
  }
  return out;
}

void FillMove(events::v1::Event* event) {
  const auto fill = [&](const domain::Transition& row) {
    if (row.told != cases::ToldOf(event->body_case()) || row.told == domain::Told::kNothing ||
        !event->action().empty() || !event->from_state().empty() || !event->to_state().empty()) {
      return;
    }
    event->set_action(std::string(domain::WordOf(row.action)));
    event->set_from_state(std::string(domain::WordOf(row.from)));
    event->set_to_state(std::string(domain::WordOf(row.to)));
  };
  std::for_each(domain::kFilingWorkflow.begin(), domain::kFilingWorkflow.end(), fill);
  std::for_each(domain::kYearlyWorkflow.begin(), domain::kYearlyWorkflow.end(), fill);
}

absl::Status Deliver(act::EventInbox& inbox, const events::v1::Event& event, bool* applied) {
  rpc::Call call = CallOf(domain::Role::kClock, base::StrCat("service:", event.source()));
  call.peer = event.source();
  events::v1::DeliverRequest request;
  *request.mutable_event() = event;
  FillMove(request.mutable_event());
  events::v1::DeliverResponse answer;
  const absl::Status status = inbox.Deliver(call, request, &answer);
  if (applied != nullptr) *applied = answer.applied();
  return status;
}

std::vector<events::v1::Event> Emitted(testdb::Schema& schema) {
  constexpr db::Sql kRead = {"test.outbox", "SELECT payload FROM outbox ORDER BY id LIMIT 1000"};
  std::vector<events::v1::Event> events;
  EXPECT_DONE(schema.root().Read(testdb::Soon(), [&](db::Txn& txn) {
    events.clear();
    for (const db::Row& row : txn.Query(kRead)) {
      EXPECT_TRUE(events.emplace_back().ParseFromString(row.Get<std::string>(0)));
    }
    return absl::OkStatus();
  }));
  return events;
}

int64_t HistoryOf(testdb::Schema& schema, const std::string& case_id) {
  return schema.Count(base::StrCat("SELECT COUNT(1) FROM history WHERE case_id='", case_id, "'"));
}

std::string LastHistory(testdb::Schema& schema, const std::string& case_id,
                        const std::string& column) {
  return schema.Value(base::StrCat("SELECT ", column, " FROM history WHERE case_id='", case_id,
                                   "' ORDER BY seq DESC LIMIT 1"));
}

std::string AuditFindings(testdb::Schema& schema, std::vector<std::string> sealed_tables) {
  const absl::StatusOr<audit::VerifyReport> report = audit::Verify(
      schema.root(), AnyVerifier(), {.sealed_tables = std::move(sealed_tables)}, testdb::Soon());
  if (!report.ok()) return report.status().ToString();
  std::string out;
  for (const audit::Finding& finding : report->findings) {
    base::StrAppend(&out, audit::Name(finding.kind), " ", finding.row, ": ", finding.text, "\n");
  }
  return out;
}

}  // namespace alliance::service_testing
