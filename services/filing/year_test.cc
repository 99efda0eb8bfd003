// The yearly report (article 7) and what the peers tell about a year.

#include "common/base/str.h"
#include "services/filing/case_fixture.h"
#include "services/filing/clock.h"
#include "services/filing/rounds.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Role;

class YearTest : public CaseFixture {
 protected:
  void SetUp() override {
    CaseFixture::SetUp();
    alliance_ = Registered();
    id_ = base::StrCat(alliance_.name().substr(10), "-2023");
    clock_.Set(At("2023-12-10 09:00:00"));
  }

  absl::StatusOr<v1::AllianceYear> Year(const domain::Caller& caller, int year = 2023) {
    v1::GetAllianceYearRequest request;
    request.set_name(base::StrCat(alliance_.name(), "/years/", year));
    v1::AllianceYear answer;
    const absl::Status status =
        service_->GetAllianceYear(As(caller, "GetAllianceYear"), request, &answer);
    if (!status.ok()) return status;
    return answer;
  }

  v1::SubmitAnnualReportRequest ReportOf(const v1::AllianceYear& year) {
    v1::SubmitAnnualReportRequest request;
    request.set_name(year.name());
    request.set_etag(year.etag());
    request.set_request_id(NewId());
    *request.mutable_report() = GoodReport();
    return request;
  }

  absl::Status Report(const v1::SubmitAnnualReportRequest& request, const domain::Caller& caller,
                      v1::AllianceYear* answer = nullptr) {
    v1::AllianceYear own;
    return service_->SubmitAnnualReport(As(caller, "SubmitAnnualReport"), request,
                                        answer == nullptr ? &own : answer);
  }

  absl::Status Reopen(int handoff, std::string_view source = "evaluation") {
    events::v1::Event event = EventOf(source, id_, handoff);
    event.mutable_annual_report_reopened()->set_alliance_id(alliance_.name().substr(10));
    event.mutable_annual_report_reopened()->set_year(2023);
    event.mutable_annual_report_reopened()->set_reason("证明材料不符");
    return Deliver(event);
  }

  v1::Alliance alliance_;
  std::string id_;
};

TEST_F(YearTest, RegistrationOpensTheYear) {
  const auto year = Year(Lead());
  ASSERT_TRUE(year.ok()) << year.status();
  EXPECT_EQ(year->state(), v1::AllianceYear::REPORT_DUE);
  EXPECT_EQ(year->report_deadline_time().seconds(), absl::ToUnixSeconds(At("2024-01-01 00:00:00")));
  ASSERT_EQ(year->allowed_actions_size(), 1);
  EXPECT_EQ(year->allowed_actions(0), "report");
  EXPECT_TRUE(Year(Recommender()).ok());
  EXPECT_TRUE(Refused(Year(Lead(2)).status(), Reason::kNotPermitted));
  EXPECT_TRUE(Refused(Year(Recommender(kShenyang)).status(), Reason::kNotPermitted));
  EXPECT_TRUE(Refused(Year(Official(Role::kFirm)).status(), Reason::kNotPermitted));
  EXPECT_TRUE(Refused(Year(Lead(), 2024).status(), Reason::kNotPermitted));
}

// Q7
TEST_F(YearTest, AReportHandsTheYearToEvaluation) {
  v1::AllianceYear answer;
  ASSERT_TRUE(Report(ReportOf(*Year(Lead())), Lead(), &answer).ok());
  EXPECT_EQ(answer.state(), v1::AllianceYear::REPORTED);
  EXPECT_EQ(answer.verified_rd_fen(), 640'000'000);  // the lower of declared and evidenced
  EXPECT_EQ(answer.report().summary(), GoodReport().summary());
  const events::v1::Event event = Emitted("evaluation").back();
  EXPECT_EQ(event.case_id(), id_);
  EXPECT_EQ(event.handoff_sequence(), 1);
  EXPECT_EQ(event.annual_report_submitted().year(), 2023);
  EXPECT_EQ(event.annual_report_submitted().verified_rd_fen(), 640'000'000);
  EXPECT_EQ(event.annual_report_submitted().report().SerializeAsString(),
            GoodReport().SerializeAsString());
  const auto read = Year(Official(Role::kProvince));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->report().next_year_plan(), GoodReport().next_year_plan());
  EXPECT_EQ(read->timeline_size(), 2);
}

// each part of the report that is missing is named.
TEST_F(YearTest, WhoReportsAndWhatIsAsked) {
  const v1::AllianceYear year = *Year(Lead());
  const v1::SubmitAnnualReportRequest good = ReportOf(year);
  for (const domain::Caller& caller : {Lead(2), Recommender(), Official(Role::kProvince)}) {
    EXPECT_TRUE(Refused(Report(good, caller), Reason::kNotPermitted)) << caller.account;
  }
  const auto refused = [&](auto change) {
    v1::SubmitAnnualReportRequest request = ReportOf(year);
    change(request.mutable_report());
    return Report(request, Lead());
  };
  using R = v1::AnnualReport;
  const struct {
    void (*change)(R*);
    const char* paper;
  } kMissing[] = {
      {[](R* r) { r->clear_summary(); }, "ACTIVITY_SUMMARY"},
      {[](R* r) { r->set_next_year_plan("  "); }, "ACTIVITY_PLAN"},
      {[](R* r) { r->clear_activity_count(); }, "STATISTICS"},
      {[](R* r) { r->clear_rd_spend_fen(); }, "STATISTICS"},
      {[](R* r) { r->clear_rd_evidence(); }, "RD_EVIDENCE"},
  };
  for (const auto& row : kMissing) {
    const absl::Status status = refused(row.change);
    EXPECT_TRUE(Refused(status, Reason::kPaperRequired)) << row.paper;
    EXPECT_EQ(domain::DetailsOf(status)->metadata.at("papers"), row.paper);
  }
  const absl::Status wrong = refused([](R* r) {
    r->set_activity_count(-1);
    r->set_rd_spend_fen(-1);
    r->set_rd_evidence_kind("hearsay");
    r->mutable_rd_evidence()->clear_sha256();
    std::string long_summary;
    for (int i = 0; i < 5001; ++i) long_summary += "字";
    r->set_summary(long_summary);
  });
  EXPECT_TRUE(Refused(wrong, Reason::kInvalidRequest));
  EXPECT_EQ(Fields(wrong),
            "report.summary:TOO_LONG report.activity_count:OUT_OF_RANGE "
            "report.rd_spend_fen:OUT_OF_RANGE report.rd_evidence_kind:NOT_IN_LIST "
            "report.rd_evidence.sha256:DIGEST");
  EXPECT_EQ(Fields(refused([](R* r) { r->clear_evidenced_rd_fen(); })),
            "report.evidenced_rd_fen:REQUIRED");
  // Nothing spent and nothing held is an answer; empty is not.
  EXPECT_TRUE(refused([](R* r) {
                r->set_activity_count(0);
                r->set_rd_spend_fen(0);
                r->set_evidenced_rd_fen(0);
              }).ok());
}

TEST_F(YearTest, TheFormAsEvidenceNeedsNoSecondFigure) {
  v1::SubmitAnnualReportRequest request = ReportOf(*Year(Lead()));
  request.mutable_report()->set_rd_evidence_kind("form");
  request.mutable_report()->clear_evidenced_rd_fen();
  v1::AllianceYear answer;
  const absl::Status status = Report(request, Lead(), &answer);
  ASSERT_TRUE(status.ok()) << status << Fields(status);
  EXPECT_EQ(answer.verified_rd_fen(), 650'000'000);
}

TEST_F(YearTest, FreshnessAndRepeats) {
  const v1::AllianceYear year = *Year(Lead());
  v1::SubmitAnnualReportRequest request = ReportOf(year);
  request.clear_etag();
  EXPECT_TRUE(Refused(Report(request, Lead()), Reason::kEtagRequired));
  request.set_etag("\"9\"");
  EXPECT_TRUE(Refused(Report(request, Lead()), Reason::kEtagStale));
  request = ReportOf(year);
  v1::AllianceYear first;
  v1::AllianceYear second;
  ASSERT_TRUE(Report(request, Lead(), &first).ok());
  ASSERT_TRUE(Report(request, Lead(), &second).ok());
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  request.mutable_report()->set_summary("另一份总结");
  EXPECT_TRUE(Refused(Report(request, Lead()), Reason::kRequestIdReused));
  EXPECT_TRUE(Refused(Report(ReportOf(first), Lead()), Reason::kWrongState));
  EXPECT_EQ(Count("SELECT COUNT(*) FROM annual_report_version"), 1);
  request.set_name("alliances/x/years/2023");
  EXPECT_EQ(Fields(Report(request, Lead())), "name:NAME");
}

// Q22: both sides of the opening and of 1 January.
TEST_F(YearTest, ReportsHaveTheirTime) {
  const v1::AllianceYear year = *Year(Lead());
  clock_.Set(At("2023-05-01 00:00:00") - kTick);
  EXPECT_TRUE(Refused(Report(ReportOf(year), Lead()), Reason::kReportNotOpen));
  clock_.Set(At("2024-01-01 00:00:00"));
  EXPECT_TRUE(Refused(Report(ReportOf(year), Lead()), Reason::kReportClosed));
  const auto missed = Year(Lead());
  ASSERT_TRUE(missed.ok());
  EXPECT_EQ(missed->state(), v1::AllianceYear::REPORT_MISSED);
  EXPECT_EQ(LastAct(id_), base::StrCat("lapse REPORT_DUE>REPORT_MISSED ",
                                       absl::ToUnixMicros(At("2024-01-01 00:00:00"))));
  const events::v1::Event event = Emitted("evaluation").back();
  EXPECT_EQ(event.annual_report_missed().year(), 2023);
  EXPECT_EQ(event.handoff_sequence(), 1);
}

TEST_F(YearTest, OneMicrosecondBeforeTheYearEndsIsInTime) {
  clock_.Set(At("2024-01-01 00:00:00") - kTick);
  EXPECT_TRUE(Report(ReportOf(*Year(Lead())), Lead()).ok());
}

TEST_F(YearTest, AReportIsFoundMissingByReadingOrBySweeping) {
  clock_.Set(At("2024-01-01 00:00:00") - kTick);
  EXPECT_EQ(Year(Lead())->state(), v1::AllianceYear::REPORT_DUE);
  clock_.Set(At("2024-01-02 00:00:00"));
  v1::SweepDeadlinesResponse answer;
  ASSERT_TRUE(
      service_->SweepDeadlines(As(Official(Role::kOperator), "SweepDeadlines"), {}, &answer).ok());
  EXPECT_EQ(answer.missed_reports(), 1);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM history WHERE action='lapse'"), 1);
  EXPECT_EQ(Year(Lead())->state(), v1::AllianceYear::REPORT_MISSED);
}

// every year, as long as the alliance is registered.
TEST_F(YearTest, EveryNewYearAsksForItsReport) {
  ASSERT_TRUE(Report(ReportOf(*Year(Lead())), Lead()).ok());
  clock_.Set(At("2024-01-01 00:00:00") - kTick);
  SweepCount count;
  ASSERT_TRUE(SweepDeadlines(*deps_, As(domain::ClockCaller(), "sweep"), &count).ok());
  EXPECT_EQ(count.opened_years, 0);
  clock_.Set(At("2024-01-01 00:00:00"));
  ASSERT_TRUE(SweepDeadlines(*deps_, As(domain::ClockCaller(), "sweep"), &count).ok());
  EXPECT_EQ(count.opened_years, 1);
  const auto next = Year(Lead(), 2024);
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(next->state(), v1::AllianceYear::REPORT_DUE);
  EXPECT_EQ(next->report_deadline_time().seconds(), absl::ToUnixSeconds(At("2025-01-01 00:00:00")));
  count = {};
  ASSERT_TRUE(SweepDeadlines(*deps_, As(domain::ClockCaller(), "sweep"), &count).ok());
  EXPECT_EQ(count.opened_years, 0);
}

TEST_F(YearTest, NoYearAfterTheAllianceIsComplete) {
  ASSERT_TRUE(Report(ReportOf(*Year(Lead())), Lead()).ok());
  clock_.Set(At("2026-04-11 00:00:00"));
  SweepCount count;
  ASSERT_TRUE(SweepDeadlines(*deps_, As(domain::ClockCaller(), "sweep"), &count).ok());
  EXPECT_EQ(count.opened_years, 3);  // 2024, 2025, 2026: it was registered on each 1 January
  EXPECT_EQ(count.completed_alliances, 1);
  EXPECT_EQ(count.missed_reports, 2);  // 2024, 2025
  clock_.Set(At("2027-01-01 00:00:00"));
  count = {};
  ASSERT_TRUE(SweepDeadlines(*deps_, As(domain::ClockCaller(), "sweep"), &count).ok());
  EXPECT_EQ(count.opened_years, 0);
  EXPECT_EQ(count.missed_reports, 1);
}

TEST(NewYearTest, TheLastDayOfTheConstructionPeriod) {
  auto packs = rules::Packs::Load({ALLIANCE_SOURCE_DIR "/common/rules/2023.textproto"});
  ASSERT_TRUE(packs.ok()) << packs.status();
  const rules::Pack& pack = *packs->Latest();
  EXPECT_EQ(LastConstructionDay(pack, domain::CivilDay(2023, 5, 20)),
            domain::CivilDay(2026, 5, 20));
  EXPECT_EQ(LastConstructionDay(pack, domain::CivilDay(2024, 2, 29)),
            domain::CivilDay(2027, 2, 28));
}

// What the peers tell
// -----------------------------------------------------------------------------------

TEST_F(YearTest, AReopenedReportMayBeHandedInAgain) {
  ASSERT_TRUE(Report(ReportOf(*Year(Lead())), Lead()).ok());
  clock_.Set(At("2024-01-20 09:00:00"));  // evaluation looks at it after the year's end
  ASSERT_TRUE(Reopen(2).ok());
  const auto due = Year(Lead());
  ASSERT_TRUE(due.ok());
  EXPECT_EQ(due->state(), v1::AllianceYear::REPORT_DUE);
  EXPECT_EQ(due->report_deadline_time().seconds(), absl::ToUnixSeconds(At("2024-01-30 09:00:00")));
  for (const auto& entry : due->timeline()) EXPECT_EQ(entry.reason(), "");
  v1::SubmitAnnualReportRequest request = ReportOf(*due);
  request.mutable_report()->set_evidenced_rd_fen(600'000'000);
  ASSERT_TRUE(Report(request, Lead()).ok());
  EXPECT_EQ(Emitted("evaluation").back().handoff_sequence(), 3);
  EXPECT_EQ(Year(Lead())->verified_rd_fen(), 600'000'000);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM annual_report_version"), 2);
}

TEST_F(YearTest, ReopenedLongBeforeTheYearEndsTheOldDeadlineStands) {
  clock_.Set(At("2023-06-01 09:00:00"));
  ASSERT_TRUE(Report(ReportOf(*Year(Lead())), Lead()).ok());
  ASSERT_TRUE(Reopen(2).ok());
  EXPECT_EQ(Year(Lead())->report_deadline_time().seconds(),
            absl::ToUnixSeconds(At("2024-01-01 00:00:00")));
}

TEST_F(YearTest, OldOvertakingAndForeignReopeningsChangeNothing) {
  ASSERT_TRUE(Report(ReportOf(*Year(Lead())), Lead()).ok());
  EXPECT_TRUE(Reopen(1).ok());  // old: the year has moved on
  EXPECT_TRUE(Refused(Reopen(3), Reason::kOutOfOrder));
  EXPECT_TRUE(Refused(Reopen(2, "review"), Reason::kNotPermitted));
  EXPECT_EQ(Year(Lead())->state(), v1::AllianceYear::REPORTED);
  ASSERT_TRUE(Reopen(2).ok());
  EXPECT_EQ(Year(Lead())->state(), v1::AllianceYear::REPORT_DUE);
}

TEST_F(YearTest, APaymentIsShownToTheLead) {
  ASSERT_TRUE(Report(ReportOf(*Year(Lead())), Lead()).ok());
  events::v1::Event event = EventOf("subsidy", id_, 0);
  event.mutable_subsidy_paid()->set_alliance_id(alliance_.name().substr(10));
  event.mutable_subsidy_paid()->set_year(2023);
  event.mutable_subsidy_paid()->set_amount_fen(50'000'000);
  event.mutable_subsidy_paid()->set_bank_reference("ICBC-2024-0001");
  events::v1::Event foreign = event;
  foreign.set_source("review");
  EXPECT_TRUE(Refused(Deliver(foreign), Reason::kNotPermitted));
  ASSERT_TRUE(Deliver(event).ok());
  const auto year = Year(Lead());
  ASSERT_TRUE(year.ok());
  EXPECT_EQ(year->state(), v1::AllianceYear::PAID);
  EXPECT_EQ(year->paid_fen(), 50'000'000);
  EXPECT_EQ(year->allowed_actions_size(), 0);
  EXPECT_EQ(year->timeline(year->timeline_size() - 1).action(), "confirm_paid");
}

}  // namespace
}  // namespace alliance::filing
