// The audit trail: every row that an act wrote is sealed, so a row changed by hand is found; and
// the service's own user cannot change what is written once.

#include "common/base/str.h"
#include "services/filing/case_fixture.h"
#include "services/filing/clock.h"
#include "services/filing/filing_store.h"
#include "services/filing/rounds.h"

namespace alliance::filing {
namespace {

using domain::Role;
using Item = v1::DecisionItem;

class AuditTrail : public CaseFixture {
 protected:
  // Every table has rows afterwards.
  void LiveThroughEverything() {
    Returned(3);
    const v1::Alliance first = Registered(1);
    v1::GetAllianceYearRequest get;
    get.set_name(base::StrCat(first.name(), "/years/2023"));
    v1::AllianceYear year;
    ASSERT_TRUE(service_->GetAllianceYear(As(Lead(), "GetAllianceYear"), get, &year).ok());
    clock_.Set(At("2023-12-01 00:00:00"));
    v1::SubmitAnnualReportRequest report;
    report.set_name(year.name());
    report.set_etag(year.etag());
    report.set_request_id(NewId());
    *report.mutable_report() = GoodReport();
    ASSERT_TRUE(service_->SubmitAnnualReport(As(Lead(), "SubmitAnnualReport"), report, &year).ok());
    v1::DeregisterAllianceRequest deregister;
    deregister.set_name(first.name());
    deregister.set_etag(first.etag());
    deregister.set_request_id(NewId());
    deregister.set_reason("盟主企业注销");
    *deregister.mutable_decision() = ADocument("取消备案决定");
    v1::Alliance alliance;
    ASSERT_TRUE(service_
                    ->DeregisterAlliance(As(Official(Role::kRecorder), "DeregisterAlliance"),
                                         deregister, &alliance)
                    .ok());
    SweepCount count;
    ASSERT_TRUE(SweepDeadlines(*deps_, As(domain::ClockCaller(), "sweep"), &count).ok());
  }

  void Survey() {
    const v1::Application accepted = Accepted(5);
    CloseDraw(1);
    v1::RecordSurveyRequest request;
    request.set_name(accepted.name());
    request.set_etag(Get(accepted.name()).etag());
    request.set_request_id(NewId());
    request.set_findings("现场核实");
    *request.mutable_record() = ADocument("调研考察记录");
    v1::Application answer;
    ASSERT_TRUE(
        service_->RecordSurvey(As(Official(Role::kProvince), "RecordSurvey"), request, &answer)
            .ok());
  }
};

TEST_F(AuditTrail, AWholeLifeVerifiesCleanAndEveryTableIsSealed) {
  LiveThroughEverything();
  EXPECT_EQ(FirstFinding(), "");
  const struct {
    const char* table;
    const char* change;
  } kTable[] = {
      {"round_pack", "rules_digest=REPEAT('x',32)"},
      {"application", "state='REGISTERED'"},
      {"application", "lead_name=CONCAT(lead_name,'x')"},
      {"application", "verified_rd_fen=IFNULL(verified_rd_fen,0)+1"},
      {"application_draft", "form=CONCAT(form,'x')"},
      {"application_draft", "marks=CONCAT(marks,'x')"},
      {"application_version", "content=CONCAT(content,'x')"},
      {"application_paper", "sha256=REPEAT('x',32)"},
      {"draw_commitment", "seed=REPEAT('0',64)"},
      {"draw_result", "drawn='x'"},
      {"application_opinion", "opinion='x'"},
      {"meeting_decision", "meeting_number='x'"},
      {"meeting_decision_line", "verdict='DEFER'"},
      {"registry_counter", "last_number=9"},
      {"alliance", "lead_code='x'"},
      {"alliance_year", "verified_rd_fen=IFNULL(verified_rd_fen,0)+1"},
      {"annual_report_version", "content='x'"},
      {"deregistration_decision", "reason='x'"},
  };
  for (const auto& row : kTable) {
    const std::string id = schema_->Value(base::StrCat("SELECT MAX(id) FROM ", row.table));
    schema_->Execute(
        base::StrCat("CREATE TABLE kept AS SELECT * FROM ", row.table, " WHERE id='", id, "'"));
    schema_->Execute(
        base::StrCat("UPDATE ", row.table, " SET ", row.change, " WHERE id='", id, "'"));
    EXPECT_EQ(FirstFinding(), base::StrCat("ROW_CHANGED ", row.table, " id=", id)) << row.change;
    schema_->Execute(base::StrCat("DELETE FROM ", row.table, " WHERE id='", id, "'"));
    EXPECT_EQ(FirstFinding(), base::StrCat("ROW_MISSING ", row.table, " id=", id));
    schema_->Execute(base::StrCat("INSERT INTO ", row.table, " SELECT * FROM kept"));
    schema_->Execute("DROP TABLE kept");
    ASSERT_EQ(FirstFinding(), "") << row.table;
  }
}

TEST_F(AuditTrail, ASurveyIsSealedToo) {
  Survey();
  EXPECT_EQ(FirstFinding(), "");
  schema_->Execute("UPDATE application_survey SET findings='x'");
  EXPECT_EQ(FirstFinding().substr(0, 30), "ROW_CHANGED application_survey");
}

// Grants: what is written once cannot be changed by the service's own user.
TEST_F(AuditTrail, TheServiceCannotRewriteWhatIsAppendOnly) {
  Survey();
  for (const char* table :
       {"history", "round_pack", "application_version", "draw_commitment", "draw_result",
        "application_survey", "application_opinion", "meeting_decision", "meeting_decision_line",
        "application_renewal", "alliance", "annual_report_version", "deregistration_decision"}) {
    const char* key = std::string_view(table) == "history" ? "case_id" : "id";
    for (const std::string& text : {base::StrCat("UPDATE ", table, " SET ", key, "=", key),
                                    base::StrCat("DELETE FROM ", table)}) {
      const db::Sql sql = {"test.forbidden", text.c_str()};
      const absl::Status status = schema_->pool().Run(testdb::Soon(), [&](db::Txn& txn) {
        txn.Exec(sql);
        return absl::OkStatus();
      });
      EXPECT_TRUE(db::Is(status, db::ErrorWord::kDenied)) << text << " " << status;
    }
  }
  const db::Sql kDelete = {"test.delete", "DELETE FROM application"};
  EXPECT_TRUE(db::Is(schema_->pool().Run(testdb::Soon(),
                                         [&](db::Txn& txn) {
                                           txn.Exec(kDelete);
                                           return absl::OkStatus();
                                         }),
                     db::ErrorWord::kDenied));
}

// a round's rules are what they were when it was first served.
TEST_F(AuditTrail, AChangedPackStopsTheStart) {
  EXPECT_TRUE(RecordRounds(*deps_).ok());  // again: the same digest
  EXPECT_EQ(Count("SELECT COUNT(*) FROM round_pack"), 1);
  schema_->Execute("UPDATE round_pack SET rules_digest=REPEAT('x',32)");
  const absl::Status status = RecordRounds(*deps_);
  EXPECT_TRUE(Refused(status, domain::Reason::kRoundFrozen));
  EXPECT_EQ(domain::DetailsOf(status)->metadata.at("round"), "2023-tsl");
}

}  // namespace
}  // namespace alliance::filing
