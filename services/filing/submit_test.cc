// Submission: the window, the checks, the locked version, the receipt, and what happens to a case
// that comes back.

#include <fstream>
#include <iterator>
#include <set>
#include <thread>

#include "alliance/events/v1/events.pb.h"
#include "common/audit/history.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "services/filing/case_fixture.h"
#include "services/filing/clock.h"
#include "services/filing/test_papers.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Role;

class SubmitTest : public CaseFixture {
 protected:
  absl::Status Withdraw(const std::string& name, const domain::Caller& caller) {
    v1::WithdrawApplicationRequest request;
    request.set_name(name);
    request.set_request_id(NewId());
    request.set_reason("不再申报");
    v1::WithdrawApplicationResponse answer;
    return service_->WithdrawApplication(As(caller, "WithdrawApplication"), request, &answer);
  }

  // Saves one changed field and answers the case.
  v1::Application SetStaff(const v1::Application& application, int staff) {
    v1::UpdateApplicationRequest request;
    request.mutable_application()->set_name(application.name());
    request.mutable_application()->set_etag(application.etag());
    request.mutable_application()->mutable_form()->mutable_lead()->mutable_staff()->set_y1(staff);
    request.set_request_id(NewId());
    v1::Application answer;
    const absl::Status status =
        service_->UpdateApplication(As(Lead(), "UpdateApplication"), request, &answer);
    EXPECT_TRUE(status.ok()) << status << Fields(status);
    return answer;
  }

  events::v1::ApplicationVersion LastVersion() {
    const auto events = Emitted("review");
    events::v1::ApplicationVersion version;
    EXPECT_FALSE(events.empty());
    EXPECT_TRUE(version.ParseFromString(events.back().application_submitted().version()));
    return version;
  }
};

// R-080, article 6(1)
TEST_F(SubmitTest, ASubmissionLocksAVersionAndHandsTheCaseToReview) {
  const v1::Application draft = CreateComplete();
  const auto submitted = Submit(draft.name(), draft.etag(), Lead());
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  EXPECT_EQ(submitted->state(), v1::Application::SUBMITTED);
  EXPECT_EQ(submitted->holder(), "review");
  EXPECT_EQ(submitted->version_number(), 1);
  EXPECT_EQ(submitted->applicant_label(), "待初审（推荐单位）");

  const auto events = Emitted("review");
  ASSERT_EQ(events.size(), 1U);
  const events::v1::Event& event = events[0];
  EXPECT_EQ(event.source(), "filing");
  EXPECT_EQ(event.case_id(), draft.name().substr(13));
  EXPECT_EQ(event.handoff_sequence(), 1);
  const auto& body = event.application_submitted();
  EXPECT_EQ(crypto::Sha256(body.version()), body.version_digest());
  EXPECT_EQ(crypto::Hex(body.version_digest()), submitted->version_digest());
  const events::v1::ApplicationVersion version = LastVersion();
  EXPECT_EQ(version.number(), 1);
  EXPECT_EQ(version.round(), kRound);
  EXPECT_EQ(version.recommender_region(), kDalian);
  EXPECT_EQ(version.papers_size(), 7);
  EXPECT_EQ(version.rules_digest(), packs_->Latest()->digest_hex());
  EXPECT_EQ(version.form().contact().phone(), "13812341234");
  EXPECT_EQ(version.receive_time_us(), absl::ToUnixMicros(clock_.Now()));

  // The receipt names the instant, the version, and a place in the chain that anybody can check.
  const v1::Receipt& receipt = submitted->receipt();
  EXPECT_EQ(receipt.receive_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  EXPECT_EQ(receipt.version_digest(), submitted->version_digest());
  const v1::Application read = Get(draft.name(), Lead());
  EXPECT_EQ(read.receipt().SerializeAsString(), receipt.SerializeAsString());
  EXPECT_EQ(schema_->Value(base::StrCat("SELECT LOWER(HEX(hash)) FROM history WHERE case_id='",
                                        event.case_id(), "' AND seq=", receipt.history_sequence())),
            receipt.history_hash());
}

// both sides of the deadline's instant.
TEST_F(SubmitTest, CannotSubmitAfterTheDeadline) {
  const v1::Application first = CreateComplete(1);
  const v1::Application second = CreateComplete(2);
  clock_.Set(At("2023-04-26 00:00:00") - kTick);
  EXPECT_TRUE(Submit(first.name(), first.etag(), Lead(1)).ok());
  clock_.Set(At("2023-04-26 00:00:00"));
  const auto late = Submit(second.name(), second.etag(), Lead(2));
  EXPECT_TRUE(Refused(late.status(), Reason::kWindowClosed));
  EXPECT_EQ(Get(second.name()).state(), v1::Application::LAPSED);
  EXPECT_EQ(Emitted("review").size(), 1U);
}

TEST_F(SubmitTest, AFormWithErrorsIsRefusedWithAllOfThem) {
  const v1::Application draft = Create();
  v1::UpdateApplicationRequest update;
  update.mutable_application()->set_name(draft.name());
  update.mutable_application()->set_etag(draft.etag());
  update.mutable_update_mask()->add_paths("form.alliance.goals");
  update.mutable_update_mask()->add_paths("form.lead.rd_spend_fen.y1");
  update.set_request_id(NewId());
  v1::Application saved;
  ASSERT_TRUE(service_->UpdateApplication(As(Lead(), "UpdateApplication"), update, &saved).ok());
  const absl::Status status = Submit(saved.name(), saved.etag(), Lead()).status();
  EXPECT_TRUE(Refused(status, Reason::kFormHasErrors));
  const std::string fields = Fields(status);
  for (const char* wrong : {"lead.rd_spend_fen.y1:REQUIRED", "alliance.goals:REQUIRED",
                            "papers.A2_AGREEMENT:PAPER_MISSING", "papers.A6_IP_PROOF:X12"}) {
    EXPECT_NE(fields.find(wrong), std::string::npos) << wrong << " in " << fields;
  }
  EXPECT_EQ(Get(draft.name()).state(), v1::Application::DRAFT);
  EXPECT_TRUE(Emitted("review").empty());
}

// a complete form without papers names every one of them; with
// all but one, that one.
TEST_F(SubmitTest, MissingPapersAreNamed) {
  const v1::Application draft = Create();
  const absl::Status status = Submit(draft.name(), draft.etag(), Lead()).status();
  EXPECT_TRUE(Refused(status, Reason::kPapersMissing));
  EXPECT_EQ(Fields(status),
            "papers.A2_AGREEMENT:PAPER_MISSING papers.A3_TAX_RETURN:PAPER_MISSING "
            "papers.A4A_DEDUCTION_SHEET:PAPER_MISSING papers.A5_MEMBER_LICENCE[0]:PAPER_MISSING "
            "papers.A5_MEMBER_LICENCE[1]:PAPER_MISSING papers.A6_IP_PROOF:X12 "
            "papers.A7_LEAD_STATUS:PAPER_MISSING");
  const v1::Application complete = CreateComplete(2);
  schema_->Execute(base::StrCat("DELETE FROM application_paper WHERE slot='A3_TAX_RETURN' AND ",
                                "application_id='", complete.name().substr(13), "'"));
  const absl::Status one = Submit(complete.name(), complete.etag(), Lead(2)).status();
  EXPECT_TRUE(Refused(one, Reason::kPapersMissing));
  EXPECT_EQ(Fields(one), "papers.A3_TAX_RETURN:PAPER_MISSING");
}

TEST_F(SubmitTest, APaperThatIsNotProvenCleanIsNotSubmitted) {
  const v1::Application draft = CreateComplete();
  schema_->Execute("UPDATE application_paper SET verdict='PENDING' WHERE slot='A3_TAX_RETURN'");
  EXPECT_TRUE(
      Refused(Submit(draft.name(), draft.etag(), Lead()).status(), Reason::kPapersNotClean));
}

// AIP-163
TEST_F(SubmitTest, ARehearsalChecksEverythingAndChangesNothing) {
  const v1::Application draft = CreateComplete();
  v1::SubmitApplicationRequest request;
  request.set_name(draft.name());
  request.set_etag(draft.etag());
  request.set_request_id(NewId());
  request.set_validate_only(true);
  v1::Application answer;
  const auto rehearse = [&](const domain::Caller& caller) {
    return service_->SubmitApplication(As(caller, "SubmitApplication"), request, &answer);
  };
  ASSERT_TRUE(rehearse(Lead()).ok());
  EXPECT_EQ(answer.state(), v1::Application::DRAFT);
  EXPECT_EQ(answer.etag(), draft.etag());
  EXPECT_TRUE(Emitted("review").empty());
  EXPECT_TRUE(Refused(rehearse(Lead(2)), Reason::kNotPermitted));
  EXPECT_TRUE(Refused(rehearse(Recommender()), Reason::kNotPermitted));
  request.set_etag("\"99\"");
  EXPECT_TRUE(Refused(rehearse(Lead()), Reason::kEtagStale));
  request.set_etag(draft.etag());
  clock_.Set(At("2023-04-26 00:00:00"));
  EXPECT_TRUE(Refused(rehearse(Lead()), Reason::kWindowClosed));
  const v1::Application empty = [&] {
    clock_.Set(At("2023-04-10 10:00:00"));
    return Create(2);
  }();
  request.set_name(empty.name());
  request.set_etag(empty.etag());
  EXPECT_TRUE(Refused(rehearse(Lead(2)), Reason::kPapersMissing));
}

TEST_F(SubmitTest, WhoMayNotSubmit) {
  const v1::Application draft = CreateComplete();
  for (const domain::Caller& caller : {Lead(2), Recommender(), Official(Role::kProvince),
                                       Official(Role::kAuditor), Official(Role::kOperator)}) {
    EXPECT_TRUE(Refused(Submit(draft.name(), draft.etag(), caller).status(), Reason::kNotPermitted))
        << caller.account;
  }
  EXPECT_TRUE(Refused(Submit(draft.name(), "", Lead()).status(), Reason::kEtagRequired));
  EXPECT_TRUE(Refused(Submit(draft.name(), "\"1\"", Lead()).status(), Reason::kEtagStale));
  EXPECT_TRUE(Refused(Submit("applications/1", "\"1\"", Lead()).status(), Reason::kInvalidRequest));
}

TEST_F(SubmitTest, ARepeatSubmitsOnce) {
  const v1::Application draft = CreateComplete();
  const std::string id = NewId();
  const auto first = Submit(draft.name(), draft.etag(), Lead(), id);
  const auto second = Submit(draft.name(), draft.etag(), Lead(), id);
  ASSERT_TRUE(first.ok() && second.ok()) << second.status();
  EXPECT_EQ(first->SerializeAsString(), second->SerializeAsString());
  EXPECT_TRUE(
      Refused(Submit(draft.name(), "\"1\"", Lead(), id).status(), Reason::kRequestIdReused));
  EXPECT_TRUE(Refused(Submit(draft.name(), first->etag(), Lead()).status(), Reason::kWrongState));
  EXPECT_EQ(Emitted("review").size(), 1U);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM application_version"), 1);
}

// Two of the lead's staff at once: one wins, the other hears that it changed.
TEST_F(SubmitTest, TwoAtOnceSubmitOneVersion) {
  const v1::Application draft = CreateComplete();
  absl::Status results[2];
  std::thread threads[2];
  for (int i = 0; i < 2; ++i) {
    threads[i] =
        std::thread([&, i] { results[i] = Submit(draft.name(), draft.etag(), Lead()).status(); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_NE(results[0].ok(), results[1].ok()) << results[0] << results[1];
  EXPECT_TRUE(Refused(results[0].ok() ? results[1] : results[0], Reason::kEtagStale));
  EXPECT_EQ(Count("SELECT COUNT(*) FROM application_version"), 1);
  EXPECT_EQ(Emitted("review").size(), 1U);
}

// Withdrawal
// ----------------------------------------------------------------------------------------

TEST_F(SubmitTest, ALeadWithdrawsWhatFilingHolds) {
  const v1::Application draft = Create(1);
  EXPECT_TRUE(Refused(Withdraw(draft.name(), Lead(2)), Reason::kNotPermitted));
  EXPECT_TRUE(Refused(Withdraw(draft.name(), Recommender()), Reason::kNotPermitted));
  ASSERT_TRUE(Withdraw(draft.name(), Lead(1)).ok());
  EXPECT_EQ(Get(draft.name(), Lead(1)).state(), v1::Application::WITHDRAWN);
  EXPECT_TRUE(Refused(Withdraw(draft.name(), Lead(1)), Reason::kWrongState));

  const v1::Application returned = Returned(2);
  EXPECT_TRUE(Withdraw(returned.name(), Lead(2)).ok());

  // Review holds it: the gateway sends the withdrawal there.
  const v1::Application submitted = Submitted(3);
  EXPECT_TRUE(Refused(Withdraw(submitted.name(), Lead(3)), Reason::kHeldElsewhere));
}

TEST_F(SubmitTest, WhatHasLapsedCannotBeWithdrawn) {
  const v1::Application draft = Create();
  clock_.Set(At("2023-04-26 00:00:00"));
  EXPECT_TRUE(Refused(Withdraw(draft.name(), Lead()), Reason::kWrongState));
  EXPECT_EQ(Get(draft.name()).state(), v1::Application::LAPSED);
}

// Return and correction
// -------------------------------------------------------------------------------

TEST_F(SubmitTest, AReturnedCaseShowsItsMarksAndItsTime) {
  const v1::Application returned = Returned(1, {"lead.staff", "papers.A3_TAX_RETURN"});
  EXPECT_EQ(returned.state(), v1::Application::RETURNED);
  EXPECT_EQ(returned.holder(), "filing");
  EXPECT_EQ(returned.applicant_label(), "请修改");
  ASSERT_EQ(returned.marks_size(), 2);
  EXPECT_EQ(returned.marks(0).field(), "lead.staff");
  EXPECT_EQ(returned.marks(0).reason(), "与证明材料不一致");
  EXPECT_EQ(returned.correction_deadline_time().seconds(),
            absl::ToUnixSeconds(At("2023-05-01 00:00:00")));
  for (const auto& entry : returned.timeline()) EXPECT_EQ(entry.reason(), "");
}

TEST_F(SubmitTest, ACorrectionIsANewVersionAndMayComeAfterTheEnterpriseDeadline) {
  const v1::Application returned = Returned();
  clock_.Set(At("2023-05-01 00:00:00") - kTick);
  const v1::Application saved = SetStaff(returned, 121);
  EXPECT_EQ(LastVersion().changes_size(), 0) << "the first version differs from none";
  const auto again = Submit(saved.name(), saved.etag(), Lead());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->version_number(), 2);
  EXPECT_EQ(Emitted("review").back().handoff_sequence(), 3);
  EXPECT_EQ(LastVersion().unrequested_changes_size(), 0);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM application_version"), 2);
}

TEST_F(SubmitTest, CorrectionTimeIsHalfOpen) {
  const v1::Application returned = Returned();
  clock_.Set(At("2023-05-01 00:00:00"));
  const absl::Status late = Submit(returned.name(), returned.etag(), Lead()).status();
  EXPECT_TRUE(Refused(late, Reason::kCorrectionTimeOver));
  EXPECT_EQ(Get(returned.name(), Lead()).state(), v1::Application::LAPSED);
  EXPECT_EQ(LastAct(returned.name().substr(13)),
            base::StrCat("lapse RETURNED>LAPSED ", absl::ToUnixMicros(At("2023-05-01 00:00:00"))));
}

// Q21: an edit outside the marks is recorded and shown.
TEST_F(SubmitTest, UnrequestedEditsAreRecorded) {
  v1::Application returned = Returned(1, {"lead.staff.y1"});
  v1::UpdateApplicationRequest update;
  update.mutable_application()->set_name(returned.name());
  update.mutable_application()->set_etag(returned.etag());
  update.set_request_id(NewId());
  v1::ApplicationForm* form = update.mutable_application()->mutable_form();
  form->mutable_lead()->mutable_staff()->set_y1(121);
  form->mutable_alliance()->set_goals("另一个目标。");
  ASSERT_TRUE(service_->UpdateApplication(As(Lead(), "UpdateApplication"), update, &returned).ok());
  // A marked paper may be replaced, another one is shown.
  v1::AttachPaperRequest attach;
  attach.set_name(returned.name());
  attach.set_etag(returned.etag());
  attach.set_request_id(NewId());
  attach.mutable_paper()->set_slot("A2_AGREEMENT");
  attach.mutable_paper()->set_file_name("新协议.pdf");
  attach.set_content(test_papers::Pdf("another agreement"));
  ASSERT_TRUE(service_->AttachPaper(As(Lead(), "AttachPaper"), attach, &returned).ok());

  v1::ValidateApplicationRequest validate;
  validate.set_name(returned.name());
  v1::ValidateApplicationResponse checked;
  ASSERT_TRUE(
      service_->ValidateApplication(As(Lead(), "ValidateApplication"), validate, &checked).ok());
  ASSERT_EQ(checked.warnings_size(), 2);
  EXPECT_EQ(checked.warnings(0).reason(), "UNREQUESTED_EDIT");

  ASSERT_TRUE(Submit(returned.name(), returned.etag(), Lead()).ok());
  const events::v1::ApplicationVersion version = LastVersion();
  EXPECT_EQ(std::set<std::string>(version.unrequested_changes().begin(),
                                  version.unrequested_changes().end()),
            (std::set<std::string>{"alliance.goals", "papers.A2_AGREEMENT"}));
  // For the reviewer, each with both values: what was asked for, and what was not.
  std::set<std::string> told;
  for (const v1::FieldChange& change : version.changes()) {
    told.insert(base::StrCat(change.unrequested() ? "unrequested " : "requested ", change.field(),
                             " ", change.before(), ">", change.after()));
  }
  EXPECT_EQ(told, (std::set<std::string>{
                      "requested lead.staff.y1 120人>121人",
                      "unrequested alliance.goals 三年内建成行业公共检测平台。>另一个目标。",
                      "unrequested papers.A2_AGREEMENT A2_AGREEMENT.pdf>新协议.pdf"}));
}

// Q21, the other reading: a strict pack refuses what was not asked for, and says where.
TEST_F(SubmitTest, AStrictPackRefusesUnrequestedEdits) {
  std::ifstream in(ALLIANCE_SOURCE_DIR "/common/rules/2023.textproto");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  const size_t at = text.find("strict: false");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 13, "strict: true ");
  const std::string path = folder_ + "/strict.textproto";
  std::ofstream(path) << text;
  auto strict = rules::Packs::Load({path});
  ASSERT_TRUE(strict.ok()) << strict.status();
  const act::Deps deps{
      .service = "filing", .pool = schema_->pool(), .clock = clock_, .packs = *strict};
  FilingService service(deps, *papers_, kPortal);

  const v1::Application returned = Returned(1, {"alliance.goals"});
  const v1::Application saved = SetStaff(returned, 121);
  v1::SubmitApplicationRequest request;
  request.set_name(saved.name());
  request.set_etag(saved.etag());
  request.set_request_id(NewId());
  v1::Application answer;
  const absl::Status status =
      service.SubmitApplication(As(Lead(), "SubmitApplication"), request, &answer);
  EXPECT_TRUE(Refused(status, Reason::kUnrequestedEdits));
  EXPECT_EQ(domain::DetailsOf(status)->metadata.at("count"), "1");
  EXPECT_EQ(Fields(status), "lead.staff.y1:UNREQUESTED_EDIT");
  v1::ValidateApplicationRequest validate;
  validate.set_name(saved.name());
  v1::ValidateApplicationResponse checked;
  ASSERT_TRUE(
      service.ValidateApplication(As(Lead(), "ValidateApplication"), validate, &checked).ok());
  ASSERT_EQ(checked.errors_size(), 1);
  EXPECT_EQ(checked.errors(0).field(), "lead.staff.y1");
  // Undone, it may be submitted.
  const v1::Application undone = SetStaff(saved, 120);
  request.set_etag(undone.etag());
  request.set_request_id(NewId());
  EXPECT_TRUE(service.SubmitApplication(As(Lead(), "SubmitApplication"), request, &answer).ok());
}

// The receipt that breaks ties is the first; the receipt shown is the last.
TEST_F(SubmitTest, TheFirstReceiptIsKept) {
  const v1::Application returned = Returned();
  const std::string first = schema_->Value("SELECT first_receive_us FROM application");
  clock_.Advance(absl::Hours(24));
  ASSERT_TRUE(Submit(returned.name(), returned.etag(), Lead()).ok());
  EXPECT_EQ(schema_->Value("SELECT first_receive_us FROM application"), first);
  EXPECT_EQ(schema_->Value("SELECT receive_us FROM application"),
            std::to_string(absl::ToUnixMicros(clock_.Now())));
}

// The clock
// -------------------------------------------------------------------------------------------

TEST_F(SubmitTest, ADraftLapsesWhenItIsNextRead) {
  const v1::Application draft = Create();
  clock_.Set(At("2023-04-26 00:00:00") - kTick);
  EXPECT_EQ(Get(draft.name(), Lead()).state(), v1::Application::DRAFT);
  clock_.Set(At("2023-04-27 09:30:00"));
  const v1::Application read = Get(draft.name(), Lead());
  EXPECT_EQ(read.state(), v1::Application::LAPSED);
  EXPECT_EQ(read.allowed_actions_size(), 0);
  // At the instant of the deadline, never of the look.
  EXPECT_EQ(read.timeline(read.timeline_size() - 1).act_time().seconds(),
            absl::ToUnixSeconds(At("2023-04-26 00:00:00")));
  EXPECT_EQ(read.timeline(read.timeline_size() - 1).actor(), "clock");
}

TEST_F(SubmitTest, ADraftLapsesWhenItIsListed) {
  Create();
  clock_.Set(At("2023-04-26 00:00:00"));
  v1::ListApplicationsResponse answer;
  ASSERT_TRUE(service_->ListApplications(As(Lead(), "ListApplications"), {}, &answer).ok());
  ASSERT_EQ(answer.applications_size(), 1);
  EXPECT_EQ(answer.applications(0).state(), v1::Application::LAPSED);
}

TEST_F(SubmitTest, TheSweepLapsesAllThatIsDueOnce) {
  Create(1);
  Returned(2);
  Submitted(3);
  const auto sweep = [&](const domain::Caller& caller, v1::SweepDeadlinesResponse* answer) {
    return service_->SweepDeadlines(As(caller, "SweepDeadlines"), {}, answer);
  };
  v1::SweepDeadlinesResponse answer;
  EXPECT_TRUE(Refused(sweep(Official(Role::kProvince), &answer), Reason::kNotPermitted));
  EXPECT_TRUE(Refused(sweep(Lead(), &answer), Reason::kNotPermitted));
  ASSERT_TRUE(sweep(Official(Role::kOperator), &answer).ok());
  EXPECT_EQ(answer.lapsed_applications(), 0);
  clock_.Set(At("2023-04-30 12:00:00"));
  ASSERT_TRUE(sweep(Official(Role::kOperator), &answer).ok());
  EXPECT_EQ(answer.lapsed_applications(), 1);  // the draft; the correction still has time
  clock_.Set(At("2023-05-02 12:00:00"));
  ASSERT_TRUE(sweep(Official(Role::kOperator), &answer).ok());
  EXPECT_EQ(answer.lapsed_applications(), 1);
  ASSERT_TRUE(sweep(Official(Role::kOperator), &answer).ok());
  EXPECT_EQ(answer.lapsed_applications(), 0);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM history WHERE action='lapse'"), 2);
}

// Reader, act and sweeper at once: it lapses once.
TEST_F(SubmitTest, ManyLookersLapseACaseOnce) {
  const v1::Application draft = Create();
  clock_.Set(At("2023-04-26 00:00:00"));
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      if (i % 3 == 0) {
        SweepCount count;
        EXPECT_TRUE(SweepDeadlines(*deps_, As(domain::ClockCaller(), "sweep"), &count).ok());
      } else if (i % 3 == 1) {
        EXPECT_EQ(Get(draft.name(), Lead()).state(), v1::Application::LAPSED);
      } else {
        EXPECT_FALSE(Withdraw(draft.name(), Lead()).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Count("SELECT COUNT(*) FROM history WHERE action='lapse'"), 1);
  EXPECT_EQ(Get(draft.name()).state(), v1::Application::LAPSED);
}

}  // namespace
}  // namespace alliance::filing
