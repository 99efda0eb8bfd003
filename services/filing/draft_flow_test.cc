// A draft: opened, saved in parts, checked, its papers attached, and who may see it.

#include <thread>

#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/domain/calendar.h"
#include "services/filing/case_fixture.h"
#include "services/filing/test_papers.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Role;

class DraftFlow : public CaseFixture {
 protected:
  static v1::CreateApplicationRequest CreateRequest(int lead = 1) {
    v1::CreateApplicationRequest request;
    request.set_round(kRound);
    request.set_request_id(NewId());
    *request.mutable_application()->mutable_form() = GoodForm(LeadCode(lead));
    request.mutable_application()->set_recommender_region(kDalian);
    return request;
  }

  absl::Status TryCreate(const v1::CreateApplicationRequest& request, const domain::Caller& caller,
                         v1::Application* answer = nullptr) {
    v1::Application own;
    return service_->CreateApplication(As(caller, "CreateApplication"), request,
                                       answer == nullptr ? &own : answer);
  }

  static v1::UpdateApplicationRequest UpdateOf(const v1::Application& application) {
    v1::UpdateApplicationRequest request;
    request.mutable_application()->set_name(application.name());
    request.mutable_application()->set_etag(application.etag());
    request.set_request_id(NewId());
    return request;
  }

  absl::Status TryUpdate(const v1::UpdateApplicationRequest& request, const domain::Caller& caller,
                         v1::Application* answer = nullptr) {
    v1::Application own;
    return service_->UpdateApplication(As(caller, "UpdateApplication"), request,
                                       answer == nullptr ? &own : answer);
  }

  static v1::AttachPaperRequest AttachOf(const v1::Application& application) {
    v1::AttachPaperRequest request;
    request.set_name(application.name());
    request.set_etag(application.etag());
    request.set_request_id(NewId());
    request.mutable_paper()->set_slot("A2_AGREEMENT");
    request.mutable_paper()->set_file_name("协议.pdf");
    request.set_content(test_papers::Pdf("agreement"));
    return request;
  }

  absl::Status TryAttach(const v1::AttachPaperRequest& request, v1::Application* answer = nullptr) {
    v1::Application own;
    return service_->AttachPaper(As(Lead(), "AttachPaper"), request,
                                 answer == nullptr ? &own : answer);
  }
};

//
TEST_F(DraftFlow, ALeadOpensADraftInTheWindow) {
  const v1::Application draft = Create();
  EXPECT_EQ(draft.state(), v1::Application::DRAFT);
  EXPECT_EQ(draft.holder(), "filing");
  EXPECT_EQ(draft.applicant_label(), "草稿");
  EXPECT_EQ(draft.round(), kRound);
  EXPECT_EQ(draft.version_number(), 0);
  EXPECT_EQ(draft.lead_credit_code(), LeadCode());
  EXPECT_EQ(draft.alliance_name(), "大连市轴承智能制造产学研联盟");
  EXPECT_EQ(draft.etag(), "\"1\"");
  EXPECT_EQ(
      std::vector<std::string>(draft.allowed_actions().begin(), draft.allowed_actions().end()),
      (std::vector<std::string>{"save", "submit", "withdraw"}));
  const v1::Application read = Get(draft.name(), Lead());
  EXPECT_EQ(read.form().SerializeAsString(), GoodForm(LeadCode()).SerializeAsString());
  ASSERT_EQ(read.timeline_size(), 1);
  EXPECT_EQ(read.timeline(0).action(), "save");
  EXPECT_EQ(read.timeline(0).actor(), "applicant");  // a role, no account
}

// both sides of both ends of the window, Q1.
TEST_F(DraftFlow, TheWindowIsHalfOpen) {
  const absl::Time opens = At("2023-04-03 00:00:00");
  const absl::Time closes = At("2023-04-26 00:00:00");
  clock_.Set(opens - kTick);
  EXPECT_TRUE(Refused(TryCreate(CreateRequest(1), Lead(1)), Reason::kWindowNotOpen));
  clock_.Set(opens);
  EXPECT_TRUE(TryCreate(CreateRequest(1), Lead(1)).ok());
  clock_.Set(closes - kTick);
  EXPECT_TRUE(TryCreate(CreateRequest(2), Lead(2)).ok());
  clock_.Set(closes);
  EXPECT_TRUE(Refused(TryCreate(CreateRequest(3), Lead(3)), Reason::kWindowClosed));
}

TEST_F(DraftFlow, OnlyApplicantsOpenDraftsAndOnlyForTheirOwnEnterprise) {
  for (const Role role :
       {Role::kRecommender, Role::kProvince, Role::kRecorder, Role::kPublic, Role::kFirm,
        Role::kFinance, Role::kApprover, Role::kAuditor, Role::kOperator, Role::kClock}) {
    EXPECT_TRUE(Refused(TryCreate(CreateRequest(), Official(role)), Reason::kNotPermitted))
        << static_cast<int>(role);
  }
  domain::Caller nobody = Lead();
  nobody.organisation.clear();
  EXPECT_TRUE(Refused(TryCreate(CreateRequest(), nobody), Reason::kNotPermitted));
  const absl::Status other = TryCreate(CreateRequest(2), Lead(1));
  EXPECT_TRUE(Refused(other, Reason::kInvalidRequest));
  EXPECT_EQ(Fields(other), "lead.credit_code:NOT_YOUR_ENTERPRISE");
}

TEST_F(DraftFlow, ADraftMayBeEmptyButForTheRecommender) {
  v1::CreateApplicationRequest request = CreateRequest();
  request.mutable_application()->clear_form();
  v1::Application answer;
  ASSERT_TRUE(TryCreate(request, Lead(), &answer).ok());
  EXPECT_EQ(answer.form().lead().credit_code(), LeadCode());  // known from the login
  EXPECT_EQ(answer.lead_name(), Lead().display_name);

  request = CreateRequest(2);
  request.mutable_application()->clear_recommender_region();
  EXPECT_EQ(Fields(TryCreate(request, Lead(2))), "recommender_region:REQUIRED");
  request.mutable_application()->set_recommender_region("999999");
  EXPECT_EQ(Fields(TryCreate(request, Lead(2))), "recommender_region:NOT_IN_LIST");
}

TEST_F(DraftFlow, AnUnknownRoundIsRefused) {
  v1::CreateApplicationRequest request = CreateRequest();
  request.set_round("rounds/2022-tsl");
  EXPECT_TRUE(Refused(TryCreate(request, Lead()), Reason::kRoundUnknown));
  request.set_round("2023-tsl");
  EXPECT_TRUE(Refused(TryCreate(request, Lead()), Reason::kInvalidRequest));
}

// One application per lead and round, whatever became of the first.
TEST_F(DraftFlow, ALeadAppliesOncePerRound) {
  const v1::Application draft = Create();
  EXPECT_TRUE(Refused(TryCreate(CreateRequest(), Lead()), Reason::kAlreadyApplied));
  v1::WithdrawApplicationRequest withdraw;
  withdraw.set_name(draft.name());
  withdraw.set_request_id(NewId());
  v1::WithdrawApplicationResponse withdrawn;
  ASSERT_TRUE(
      service_->WithdrawApplication(As(Lead(), "WithdrawApplication"), withdraw, &withdrawn).ok());
  EXPECT_TRUE(Refused(TryCreate(CreateRequest(), Lead()), Reason::kAlreadyApplied));
  EXPECT_EQ(Count("SELECT COUNT(*) FROM application"), 1);
}

TEST_F(DraftFlow, TwoAtOnceOpenOneDraft) {
  absl::Status results[2];
  std::thread threads[2];
  for (int i = 0; i < 2; ++i) {
    threads[i] = std::thread([&, i] { results[i] = TryCreate(CreateRequest(), Lead()); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_NE(results[0].ok(), results[1].ok());
  EXPECT_TRUE(Refused(results[0].ok() ? results[1] : results[0], Reason::kAlreadyApplied));
  EXPECT_EQ(Count("SELECT COUNT(*) FROM application"), 1);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM application_draft"), 1);
}

// Decision 9: one request id, one effect, one answer.
TEST_F(DraftFlow, ARepeatGetsTheFirstAnswerAndAnotherBodyIsRefused) {
  v1::CreateApplicationRequest request = CreateRequest();
  v1::Application first;
  ASSERT_TRUE(TryCreate(request, Lead(), &first).ok());
  clock_.Set(At("2023-06-01 00:00:00"));  // long closed: the first answer stands all the same
  v1::Application second;
  ASSERT_TRUE(TryCreate(request, Lead(), &second).ok());
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  request.mutable_application()->mutable_form()->set_alliance_name("另一个名称");
  EXPECT_TRUE(Refused(TryCreate(request, Lead()), Reason::kRequestIdReused));
  request.clear_request_id();
  EXPECT_TRUE(Refused(TryCreate(request, Lead()), Reason::kRequestIdRequired));
  EXPECT_EQ(Count("SELECT COUNT(*) FROM history WHERE case_id LIKE '________-%'"), 1);
}

// Saving ------------------------------------------------------------------------------------------

TEST_F(DraftFlow, OnlyNamedFieldsAreSaved) {
  const v1::Application draft = Create();
  v1::UpdateApplicationRequest request = UpdateOf(draft);
  request.mutable_update_mask()->add_paths("form.lead.staff.y1");
  request.mutable_update_mask()->add_paths("state");  // output only: ignored
  request.mutable_application()->set_state(v1::Application::REGISTERED);
  request.mutable_application()->mutable_form()->mutable_lead()->mutable_staff()->set_y1(130);
  request.mutable_application()->mutable_form()->set_alliance_name("不在掩码内");
  v1::Application saved;
  ASSERT_TRUE(TryUpdate(request, Lead(), &saved).ok());
  EXPECT_EQ(saved.form().lead().staff().y1(), 130);
  EXPECT_EQ(saved.form().lead().staff().y2(), 110);
  EXPECT_EQ(saved.form().alliance_name(), draft.form().alliance_name());
  EXPECT_EQ(saved.state(), v1::Application::DRAFT);
  EXPECT_EQ(saved.etag(), "\"2\"");
}

TEST_F(DraftFlow, AStarReplacesTheWholeForm) {
  const v1::Application draft = Create();
  v1::UpdateApplicationRequest request = UpdateOf(draft);
  request.mutable_update_mask()->add_paths("*");
  request.mutable_application()->mutable_form()->set_alliance_name("大连市新联盟");
  v1::Application saved;
  ASSERT_TRUE(TryUpdate(request, Lead(), &saved).ok());
  EXPECT_EQ(saved.form().members_size(), 0);
  EXPECT_FALSE(saved.form().lead().has_staff());
  EXPECT_EQ(saved.form().lead().credit_code(), LeadCode());  // known from the login
  EXPECT_EQ(saved.recommender_region(), kDalian);
}

TEST_F(DraftFlow, TheRecommenderMayBeChangedUntilTheFirstSubmission) {
  const v1::Application draft = Create();
  v1::UpdateApplicationRequest request = UpdateOf(draft);
  request.mutable_application()->set_recommender_region("HTZ-DL");
  v1::Application saved;
  ASSERT_TRUE(TryUpdate(request, Lead(), &saved).ok());
  EXPECT_EQ(saved.recommender_region(), "HTZ-DL");
  // Q3: the zone recommends, its city reads.
  EXPECT_TRUE(TryGet(draft.name(), Recommender("HTZ-DL")).ok());
  EXPECT_TRUE(TryGet(draft.name(), Recommender(kDalian)).ok());
  EXPECT_TRUE(
      Refused(TryGet(draft.name(), Recommender(kShenyang)).status(), Reason::kNotPermitted));

  const v1::Application returned = Returned(2);
  request = UpdateOf(returned);
  request.mutable_application()->set_recommender_region(kShenyang);
  EXPECT_EQ(Fields(TryUpdate(request, Lead(2))), "recommender_region:FIXED");
}

TEST_F(DraftFlow, EveryWrongFieldAtOnce) {
  const v1::Application draft = Create();
  v1::UpdateApplicationRequest request = UpdateOf(draft);
  v1::ApplicationForm* form = request.mutable_application()->mutable_form();
  form->set_technical_field(static_cast<v1::TechnicalField>(99));
  form->mutable_lead()->mutable_staff()->set_y1(-1);
  form->mutable_alliance()->set_goals(std::string("a\0b", 3));
  form->mutable_lead()->set_credit_code(LeadCode(9));
  const absl::Status status = TryUpdate(request, Lead());
  EXPECT_TRUE(Refused(status, Reason::kInvalidRequest));
  EXPECT_EQ(Fields(status),
            "technical_field:NOT_IN_LIST lead.staff.y1:NEGATIVE "
            "alliance.goals:FORBIDDEN_CHARACTER lead.credit_code:NOT_YOUR_ENTERPRISE");
  EXPECT_EQ(Get(draft.name(), Lead()).etag(), draft.etag());  // nothing was stored
}

TEST_F(DraftFlow, FreshnessIsAskedForAndChecked) {
  const v1::Application draft = Create();
  v1::UpdateApplicationRequest request = UpdateOf(draft);
  request.mutable_application()->mutable_form()->set_alliance_name("大连市新联盟");
  ASSERT_TRUE(TryUpdate(request, Lead()).ok());
  request.set_request_id(NewId());
  const absl::Status stale = TryUpdate(request, Lead());
  EXPECT_TRUE(Refused(stale, Reason::kEtagStale));
  EXPECT_EQ(domain::DetailsOf(stale)->metadata.at("etag"), "\"2\"");
  request.mutable_application()->clear_etag();
  EXPECT_TRUE(Refused(TryUpdate(request, Lead()), Reason::kEtagRequired));
}

TEST_F(DraftFlow, OthersNeitherSaveNorLearnThatItExists) {
  const v1::Application draft = Create();
  v1::UpdateApplicationRequest request = UpdateOf(draft);
  v1::UpdateApplicationRequest unknown = UpdateOf(draft);
  unknown.mutable_application()->set_name(base::StrCat("applications/", NewId()));
  const absl::Status foreign = TryUpdate(request, Lead(2));
  EXPECT_TRUE(Refused(foreign, Reason::kNotPermitted));
  EXPECT_EQ(foreign.ToString(), TryUpdate(unknown, Lead(2)).ToString());
  // A stale etag tells a stranger nothing either, and the recommender reads but never saves.
  request.mutable_application()->set_etag("\"77\"");
  EXPECT_TRUE(Refused(TryUpdate(request, Lead(2)), Reason::kNotPermitted));
  EXPECT_TRUE(Refused(TryUpdate(request, Recommender()), Reason::kNotPermitted));
  EXPECT_TRUE(Refused(TryUpdate(request, Official(Role::kProvince)), Reason::kNotPermitted));
}

TEST_F(DraftFlow, NothingIsSavedWhileReviewHoldsTheCase) {
  const v1::Application submitted = Submitted();
  v1::UpdateApplicationRequest request = UpdateOf(submitted);
  request.mutable_application()->mutable_form()->set_alliance_name("大连市新联盟");
  EXPECT_TRUE(Refused(TryUpdate(request, Lead()), Reason::kWrongState));
}

// R-009, and the lapse that follows: both sides of the deadline.
TEST_F(DraftFlow, SavingEndsWithTheWindow) {
  v1::Application draft = Create();
  clock_.Set(At("2023-04-26 00:00:00") - kTick);
  v1::UpdateApplicationRequest request = UpdateOf(draft);
  request.mutable_application()->mutable_form()->set_alliance_name("大连市新联盟");
  ASSERT_TRUE(TryUpdate(request, Lead(), &draft).ok());
  clock_.Set(At("2023-04-26 00:00:00"));
  request = UpdateOf(draft);
  request.mutable_application()->mutable_form()->set_alliance_name("大连市晚联盟");
  const absl::Status late = TryUpdate(request, Lead());
  EXPECT_TRUE(Refused(late, Reason::kWindowClosed));
  EXPECT_EQ(domain::DetailsOf(late)->metadata.at("closed_at"), "2023-04-26 00:00");
  // The act was refused; the case has lapsed all the same, at the instant of the deadline.
  EXPECT_EQ(LastAct(draft.name().substr(13)),
            base::StrCat("lapse DRAFT>LAPSED ", absl::ToUnixMicros(At("2023-04-26 00:00:00"))));
}

// Papers ------------------------------------------------------------------------------------------

// reliability 4.4
TEST_F(DraftFlow, APaperIsKeptByItsDigestAndReplacedInItsSlot) {
  const v1::Application draft = Create();
  v1::AttachPaperRequest request = AttachOf(draft);
  v1::Application attached;
  ASSERT_TRUE(TryAttach(request, &attached).ok());
  ASSERT_EQ(attached.papers_size(), 1);
  const std::string content = test_papers::Pdf("agreement");
  EXPECT_EQ(attached.papers(0).sha256(), crypto::Sha256(content));
  EXPECT_EQ(attached.papers(0).sm3(), crypto::Sm3(content));
  EXPECT_EQ(attached.papers(0).size_bytes(), static_cast<int64_t>(content.size()));
  EXPECT_TRUE(papers_->Verify(attached.papers(0).sha256()).ok());
  EXPECT_EQ(*papers_->Read(attached.papers(0).sha256(), 0, 1 << 20), content);
  EXPECT_EQ(attached.next_step().SerializeAsString(),
            Get(draft.name(), Lead()).next_step().SerializeAsString());
  EXPECT_EQ(attached.next_step().role(), "applicant");

  request = AttachOf(attached);
  request.set_content(test_papers::Png(1, 1));
  request.mutable_paper()->set_file_name("协议.png");
  ASSERT_TRUE(TryAttach(request, &attached).ok());
  ASSERT_EQ(attached.papers_size(), 1);
  EXPECT_EQ(attached.papers(0).file_name(), "协议.png");
  EXPECT_EQ(Count("SELECT COUNT(*) FROM application_paper"), 1);
}

TEST_F(DraftFlow, WhatAPaperMustBe) {
  const v1::Application draft = Create();
  const auto refused = [&](auto change) {
    v1::AttachPaperRequest request = AttachOf(draft);
    change(&request);
    return TryAttach(request);
  };
  using R = v1::AttachPaperRequest;
  EXPECT_TRUE(Refused(refused([](R* r) { r->set_content("PK\x03\x04"); }), Reason::kFileRefused));
  EXPECT_TRUE(Refused(refused([](R* r) { r->clear_content(); }), Reason::kFileRefused));
  EXPECT_TRUE(Refused(refused([](R* r) { r->mutable_paper()->set_file_name("a.pdf.exe"); }),
                      Reason::kFileRefused));
  EXPECT_TRUE(Refused(refused([](R* r) { r->mutable_paper()->set_file_name("a.png"); }),
                      Reason::kFileRefused));
  EXPECT_TRUE(refused([&](R* r) { r->set_content(test_papers::PdfOfSize(1 << 20)); }).ok());
  EXPECT_TRUE(Refused(refused([&](R* r) { r->set_content(test_papers::PdfOfSize((1 << 20) + 1)); }),
                      Reason::kTooLarge));
  EXPECT_TRUE(Refused(refused([](R* r) {
                        r->set_etag("\"2\"");
                        r->mutable_paper()->set_sha256(std::string(32, 'x'));
                      }),
                      Reason::kFileDigestMismatch));
}

TEST_F(DraftFlow, WhereAPaperBelongs) {
  const v1::Application draft = Create();
  const auto fields = [&](const std::string& slot, const std::string& member,
                          const std::string& file_name = "a.pdf") {
    v1::AttachPaperRequest request = AttachOf(draft);
    request.mutable_paper()->set_slot(slot);
    request.mutable_paper()->set_member_credit_code(member);
    request.mutable_paper()->set_file_name(file_name);
    const absl::Status status = TryAttach(request);
    EXPECT_TRUE(Refused(status, Reason::kInvalidRequest));
    return Fields(status);
  };
  EXPECT_EQ(fields("A9_NONE", ""), "paper.slot:PAPER_SLOT_UNKNOWN");
  EXPECT_EQ(fields("A5_MEMBER_LICENCE", ""), "paper.member_credit_code:NOT_IN_LIST");
  EXPECT_EQ(fields("A5_MEMBER_LICENCE", LeadCode(7)), "paper.member_credit_code:NOT_IN_LIST");
  EXPECT_EQ(fields("A2_AGREEMENT", LeadCode()), "paper.member_credit_code:NOT_IN_LIST");
  EXPECT_EQ(fields("A2_AGREEMENT", "", "a\r\nb.pdf"), "paper.file_name:FORBIDDEN_CHARACTER");
  EXPECT_EQ(fields("A2_AGREEMENT", "", "../a.pdf"), "paper.file_name:FORBIDDEN_CHARACTER");
  EXPECT_EQ(fields("A2_AGREEMENT", "", std::string(801, ' ') + ".pdf"), "paper.file_name:TOO_LONG");
}

TEST_F(DraftFlow, AStrangerStoresNoFile) {
  const v1::Application draft = Create();
  v1::AttachPaperRequest request = AttachOf(draft);
  request.set_content(test_papers::Pdf("from a stranger"));
  v1::Application answer;
  EXPECT_TRUE(Refused(service_->AttachPaper(As(Lead(2), "AttachPaper"), request, &answer),
                      Reason::kNotPermitted));
  EXPECT_EQ(papers_->Verify(crypto::Sha256(request.content())).code(), absl::StatusCode::kNotFound);
}

// 填写检查
// ------------------------------------------------------------------------------------------

TEST_F(DraftFlow, ValidationNamesErrorsAndWarningsAndChangesNothing) {
  v1::CreateApplicationRequest create = CreateRequest();
  v1::ApplicationForm* form = create.mutable_application()->mutable_form();
  form->mutable_lead()->mutable_tech_staff()->set_y1(500);  // X01
  form->mutable_lead()->mutable_sales_fen()->set_y1(0);     // X02, X07
  v1::Application draft;
  ASSERT_TRUE(TryCreate(create, Lead(), &draft).ok());
  v1::ValidateApplicationRequest request;
  request.set_name(draft.name());
  v1::ValidateApplicationResponse answer;
  ASSERT_TRUE(
      service_->ValidateApplication(As(Lead(), "ValidateApplication"), request, &answer).ok());
  std::set<std::string> errors;
  for (const auto& error : answer.errors()) errors.insert(error.field() + ":" + error.reason());
  EXPECT_TRUE(errors.contains("lead.tech_staff.y1:X01")) << answer.DebugString();
  EXPECT_TRUE(errors.contains("papers.A2_AGREEMENT:PAPER_MISSING"));
  EXPECT_TRUE(errors.contains("papers.A5_MEMBER_LICENCE[1]:PAPER_MISSING"));
  EXPECT_TRUE(errors.contains("papers.A6_IP_PROOF:X12"));
  EXPECT_GT(answer.warnings_size(), 0);
  EXPECT_EQ(Get(draft.name(), Lead()).etag(), draft.etag());
  EXPECT_TRUE(
      Refused(service_->ValidateApplication(As(Lead(2), "ValidateApplication"), request, &answer),
              Reason::kNotPermitted));
}

// Reading -----------------------------------------------------------------------------------------

// who reads what.
TEST_F(DraftFlow, EverybodyReadsWithinScope) {
  const v1::Application own = Create(1, kDalian);
  const struct {
    domain::Caller reader;
    bool sees;
  } kTable[] = {
      {Lead(1), true},
      {Lead(2), false},
      {Recommender(kDalian), true},
      {Recommender(kShenyang), false},
      {Recommender("HTZ-DL"), false},
      {Official(Role::kProvince), true},
      {Official(Role::kRecorder), true},
      {Official(Role::kAuditor), true},
      {Official(Role::kFinance), true},
      {Official(Role::kApprover), true},
      {Official(Role::kFirm), false},
      {Official(Role::kPublic), false},
      {Official(Role::kOperator), false},
      {Recommender(""), false},
  };
  for (const auto& row : kTable) {
    const auto read = TryGet(own.name(), row.reader);
    EXPECT_EQ(read.ok(), row.sees) << row.reader.account;
    if (!row.sees) {
      EXPECT_TRUE(Refused(read.status(), Reason::kNotPermitted)) << row.reader.account;
    }
  }
  EXPECT_EQ(Get(own.name(), Official(Role::kProvince)).form().contact().phone(), "138****1234");
  EXPECT_FALSE(Get(own.name(), Recommender(kDalian)).has_form()) << "R-081: not declared yet";
  ASSERT_TRUE(Declare(own.name(), Recommender(kDalian)).ok());
  EXPECT_EQ(Get(own.name(), Recommender(kDalian)).form().contact().phone(), "13812341234");
}

TEST_F(DraftFlow, ListsArePagedNewestFirstAndWithinScope) {
  std::vector<std::string> names;
  for (int i = 1; i <= 5; ++i) {
    names.push_back(Create(i, i % 2 == 0 ? kShenyang : kDalian).name());
  }
  v1::ListApplicationsRequest request;
  request.set_page_size(2);
  std::vector<std::string> read;
  int pages = 0;
  do {
    v1::ListApplicationsResponse answer;
    ASSERT_TRUE(
        service_
            ->ListApplications(As(Official(Role::kProvince), "ListApplications"), request, &answer)
            .ok());
    for (const auto& application : answer.applications()) {
      read.push_back(application.name());
      EXPECT_FALSE(application.has_form());
    }
    request.set_page_token(answer.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(read, std::vector<std::string>(names.rbegin(), names.rend()));

  const auto count = [&](const domain::Caller& reader, v1::Application::State state) {
    v1::ListApplicationsRequest all;
    all.set_state(state);
    v1::ListApplicationsResponse answer;
    EXPECT_TRUE(service_->ListApplications(As(reader, "ListApplications"), all, &answer).ok());
    return answer.applications_size();
  };
  EXPECT_EQ(count(Recommender(kDalian), v1::Application::STATE_UNSPECIFIED), 3);
  EXPECT_EQ(count(Recommender(kShenyang), v1::Application::STATE_UNSPECIFIED), 2);
  EXPECT_EQ(count(Lead(1), v1::Application::STATE_UNSPECIFIED), 1);
  EXPECT_EQ(count(Lead(1), v1::Application::DRAFT), 1);
  EXPECT_EQ(count(Lead(1), v1::Application::SUBMITTED), 0);
  EXPECT_EQ(count(Lead(9), v1::Application::STATE_UNSPECIFIED), 0);

  v1::ListApplicationsResponse answer;
  request.set_page_size(-1);
  EXPECT_TRUE(Refused(service_->ListApplications(As(Official(Role::kProvince), "ListApplications"),
                                                 request, &answer),
                      Reason::kInvalidRequest));
  request.set_page_size(2);
  request.set_page_token("AAAA");
  EXPECT_TRUE(Refused(service_->ListApplications(As(Official(Role::kProvince), "ListApplications"),
                                                 request, &answer),
                      Reason::kPageTokenInvalid));
  EXPECT_TRUE(Refused(
      service_->ListApplications(As(Official(Role::kFirm), "ListApplications"), {}, &answer),
      Reason::kNotPermitted));
}

TEST_F(DraftFlow, AStateFilterMeansWhatTheReaderIsTold) {
  const v1::Application accepted = Accepted();
  const auto count = [&](const domain::Caller& reader, v1::Application::State state) {
    v1::ListApplicationsRequest request;
    request.set_state(state);
    v1::ListApplicationsResponse answer;
    EXPECT_TRUE(service_->ListApplications(As(reader, "ListApplications"), request, &answer).ok());
    return answer.applications_size();
  };
  EXPECT_EQ(count(Lead(), v1::Application::RECOMMENDED), 1);
  EXPECT_EQ(count(Lead(), v1::Application::ACCEPTED), 0);
  EXPECT_EQ(count(Official(Role::kProvince), v1::Application::ACCEPTED), 1);
  EXPECT_EQ(count(Official(Role::kProvince), v1::Application::RECOMMENDED), 0);
}

//
TEST_F(DraftFlow, ARoundTellsItsWindowsToAnybody) {
  v1::GetRoundRequest request;
  request.set_name(kRound);
  v1::Round round;
  ASSERT_TRUE(service_->GetRound(As(Official(Role::kPublic), "GetRound"), request, &round).ok());
  EXPECT_EQ(round.open_time().seconds(), absl::ToUnixSeconds(At("2023-04-03 00:00:00")));
  EXPECT_EQ(round.enterprise_deadline_time().seconds(),
            absl::ToUnixSeconds(At("2023-04-26 00:00:00")));
  EXPECT_EQ(round.recommender_deadline_time().seconds(),
            absl::ToUnixSeconds(At("2023-05-01 00:00:00")));
  EXPECT_EQ(round.form_year(), 2022);
  EXPECT_EQ(round.rules_digest(), packs_->Latest()->digest_hex());
  EXPECT_FALSE(round.has_survey_draw());
  request.set_name("rounds/none");
  EXPECT_TRUE(Refused(service_->GetRound(As(Official(Role::kPublic), "GetRound"), request, &round),
                      Reason::kRoundUnknown));
}

}  // namespace
}  // namespace alliance::filing
