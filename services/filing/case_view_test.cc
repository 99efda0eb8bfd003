// What people see of a case: who acts next, versions and their differences, the contact, and what
// other applications say.

#include <map>

#include "common/base/str.h"
#include "common/obs/log.h"
#include "services/filing/case_fixture.h"
#include "services/filing/form_diff.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Role;

class CaseView : public CaseFixture {
 protected:
  v1::Application Type(const v1::Application& application,
                       const std::vector<std::pair<std::string, std::string>>& typed) {
    v1::UpdateApplicationRequest request;
    request.mutable_application()->set_name(application.name());
    request.mutable_application()->set_etag(application.etag());
    request.set_request_id(NewId());
    for (const auto& [field, text] : typed) {
      v1::FieldEntry* entry = request.add_entries();
      entry->set_field(field);
      entry->set_text(text);
    }
    v1::Application answer;
    const absl::Status status =
        service_->UpdateApplication(As(Lead(), "UpdateApplication"), request, &answer);
    EXPECT_TRUE(status.ok()) << status << Fields(status);
    return answer;
  }

  absl::StatusOr<v1::DiffVersionsResponse> Diff(const std::string& name, int from, int to,
                                                const domain::Caller& caller) {
    v1::DiffVersionsRequest request;
    request.set_name(name);
    request.set_from_number(from);
    request.set_to_number(to);
    v1::DiffVersionsResponse answer;
    const absl::Status status =
        service_->DiffVersions(As(caller, "DiffVersions"), request, &answer);
    if (!status.ok()) return status;
    return answer;
  }

  absl::StatusOr<v1::Version> GetVersion(const std::string& name, const domain::Caller& caller) {
    v1::GetVersionRequest request;
    request.set_name(name);
    v1::Version answer;
    const absl::Status status = service_->GetVersion(As(caller, "GetVersion"), request, &answer);
    if (!status.ok()) return status;
    return answer;
  }

  static v1::RevealContactRequest RevealOf(const std::string& name, const std::string& reason) {
    v1::RevealContactRequest request;
    request.set_name(name);
    request.set_reason(reason);
    request.set_request_id(NewId());
    return request;
  }

  absl::Status Reveal(const v1::RevealContactRequest& request, const domain::Caller& caller,
                      v1::RevealContactResponse* answer) {
    return service_->RevealContact(As(caller, "RevealContact"), request, answer);
  }

  // "field before>after", "!" in front of what nobody asked for.
  static std::vector<std::string> Shown(const v1::DiffVersionsResponse& diff) {
    std::vector<std::string> shown;
    for (const v1::FieldChange& change : diff.changes()) {
      shown.push_back(base::StrCat(change.unrequested() ? "!" : "", change.field(), " ",
                                   change.before(), ">", change.after()));
    }
    return shown;
  }
};

// The applicant's view ----------------------------------------------------------------------------

//
TEST_F(CaseView, ItSaysWhoActsNextAndUntilWhen) {
  v1::Application draft = CreateComplete();
  clock_.Set(At("2023-04-25 23:59:00"));
  v1::Application read = Get(draft.name(), Lead());
  EXPECT_EQ(read.next_step().role(), "applicant");
  EXPECT_EQ(read.next_step().who_zh(), "盟主企业");
  EXPECT_EQ(read.next_step().seconds_left(), 60);
  EXPECT_EQ(read.next_step().deadline_time().seconds(),
            absl::ToUnixSeconds(At("2023-04-26 00:00:00")));
  EXPECT_EQ(read.next_step().office_phone(), "");
  EXPECT_EQ(read.applicant_label_en(), "Draft");
  EXPECT_FALSE(read.receipt_available());

  const auto submitted = Submit(draft.name(), read.etag(), Lead());
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  for (const v1::Application& told : {*submitted, Get(draft.name(), Lead())}) {
    EXPECT_EQ(told.next_step().role(), "recommender");
    EXPECT_EQ(told.next_step().task_zh(), "初审");
    EXPECT_EQ(told.next_step().office_name(), "大连市科技局");
    EXPECT_EQ(told.next_step().office_phone(), "0411-39989881");
    EXPECT_EQ(told.next_step().seconds_left(), 5 * 24 * 3600 + 60);
    EXPECT_TRUE(told.receipt_available());
    EXPECT_EQ(told.version_number(), 1);
  }
  v1::ListApplicationsResponse list;
  ASSERT_TRUE(service_->ListApplications(As(Lead(), "ListApplications"), {}, &list).ok());
  EXPECT_EQ(list.applications(0).next_step().office_name(), "大连市科技局");
}

// a person's mobile is masked as in the directory; a zone is not in it.
TEST_F(CaseView, TheOfficeIsTheOneOfTheDirectory) {
  const v1::Application shenfu = Submitted(1, "21SF00");
  EXPECT_EQ(shenfu.next_step().office_phone(), "152****4131");
  const v1::Application zone = Submitted(2, "HTZ-DL");
  EXPECT_EQ(zone.next_step().office_name(), "大连高新技术产业园区");
  EXPECT_EQ(zone.next_step().office_phone(), "");
}

TEST_F(CaseView, AReturnSaysWhatAndWhyInTheFormsWords) {
  const v1::Application returned = Returned(1, {"lead.rd_spend_fen.y1", "papers.A2_AGREEMENT"});
  EXPECT_EQ(returned.return_reason(), "请核对");
  ASSERT_EQ(returned.marks_size(), 2);
  EXPECT_EQ(returned.marks(0).label_zh(), "研究开发费用（2022年）");
  EXPECT_EQ(returned.marks(0).reason(), "与证明材料不一致");
  EXPECT_EQ(returned.marks(1).label_zh(), "联盟协议文本复印件");
  EXPECT_EQ(returned.next_step().role(), "applicant");
  EXPECT_EQ(returned.next_step().task_zh(), "按退回意见修改后重新提交");
  EXPECT_EQ(returned.next_step().deadline_time().seconds(),
            absl::ToUnixSeconds(At("2023-05-01 00:00:00")));
}

TEST_F(CaseView, AfterwardsTheProvinceActsAndThereIsNoDay) {
  const v1::Application accepted = Accepted();
  const v1::Application told = Get(accepted.name(), Lead());
  EXPECT_EQ(told.next_step().role(), "province");
  EXPECT_FALSE(told.next_step().has_deadline_time());
  EXPECT_EQ(told.next_step().seconds_left(), 0);
}

// Versions ----------------------------------------------------------------------------------------

TEST_F(CaseView, VersionsAreListedReadAndCompared) {
  v1::Application returned = Returned(1, {"lead.staff.y1"});
  returned = Type(returned, {{"lead.staff.y1", "125"},
                             {"lead.rd_spend_fen.y1", "600.50"},
                             {"alliance.goals", "另一个目标。"},
                             {"contact.phone", "13912345678"}});
  const std::vector<std::string> changes = {
      "lead.staff.y1 120人>125人", "!lead.rd_spend_fen.y1 600.00万元>600.50万元",
      "!alliance.goals 三年内建成行业公共检测平台。>另一个目标。",
      "!contact.phone 13812341234>13912345678"};
  // Against what is saved now, then against the next version.
  auto diff = Diff(returned.name(), 1, 0, Lead());
  ASSERT_TRUE(diff.ok()) << diff.status();
  EXPECT_EQ(Shown(*diff), changes);
  EXPECT_EQ(diff->changes(0).label_zh(), "员工总数（2022年）");
  clock_.Set(At("2023-04-12 10:00:00"));
  const auto submitted = Submit(returned.name(), returned.etag(), Lead());
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  diff = Diff(returned.name(), 1, 2, Lead());
  ASSERT_TRUE(diff.ok()) << diff.status();
  EXPECT_EQ(Shown(*diff), changes);
  // Who has no need of the contact sees that it changed, not what it is.
  diff = Diff(returned.name(), 1, 2, Official(Role::kProvince));
  ASSERT_TRUE(diff.ok()) << diff.status();
  EXPECT_EQ(Shown(*diff)[3], "!contact.phone 138****1234>139****5678");

  v1::ListVersionsRequest request;
  request.set_name(returned.name());
  v1::ListVersionsResponse list;
  ASSERT_TRUE(service_->ListVersions(As(Lead(), "ListVersions"), request, &list).ok());
  ASSERT_EQ(list.versions_size(), 2);
  EXPECT_EQ(list.versions(0).number(), 1);
  EXPECT_EQ(list.versions(1).name(), base::StrCat(returned.name(), "/versions/2"));
  EXPECT_EQ(list.versions(1).version_digest(), submitted->version_digest());
  EXPECT_EQ(list.versions(1).rules_digest(), packs_->Latest()->digest_hex());
  EXPECT_EQ(list.versions(1).receive_time().seconds(),
            absl::ToUnixSeconds(At("2023-04-12 10:00:00")));
  EXPECT_FALSE(list.versions(1).has_form());

  const auto second = GetVersion(list.versions(1).name(), Lead());
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->form().lead().staff().y1(), 125);
  EXPECT_EQ(second->form().contact().phone(), "13912345678");
  EXPECT_EQ(second->papers_size(), 7);
  EXPECT_EQ(second->recommender_region(), kDalian);
  EXPECT_EQ(second->unrequested_changes_size(), 3);
  const auto masked = GetVersion(list.versions(0).name(), Official(Role::kAuditor));
  ASSERT_TRUE(masked.ok()) << masked.status();
  EXPECT_EQ(masked->form().contact().phone(), "138****1234");
  EXPECT_EQ(masked->form().contact().display_name(), "张*");
  EXPECT_EQ(masked->form().lead().staff().y1(), 120);
}

TEST_F(CaseView, VersionsAreForThoseWhoMayReadTheCase) {
  const v1::Application submitted = Submitted();
  const std::string first = base::StrCat(submitted.name(), "/versions/1");
  for (const domain::Caller& stranger :
       {Lead(2), Recommender(kShenyang), Official(Role::kFirm), Official(Role::kPublic)}) {
    EXPECT_TRUE(Refused(GetVersion(first, stranger).status(), Reason::kNotPermitted));
    EXPECT_TRUE(Refused(Diff(submitted.name(), 1, 0, stranger).status(), Reason::kNotPermitted));
    v1::ListVersionsRequest request;
    request.set_name(submitted.name());
    v1::ListVersionsResponse list;
    EXPECT_TRUE(Refused(service_->ListVersions(As(stranger, "ListVersions"), request, &list),
                        Reason::kNotPermitted));
  }
  ASSERT_TRUE(Declare(submitted.name(), Recommender()).ok());
  EXPECT_TRUE(Diff(submitted.name(), 1, 0, Recommender())->changes().empty());
  // A version that is not there looks like a case that is not.
  EXPECT_TRUE(Refused(GetVersion(base::StrCat(submitted.name(), "/versions/2"), Lead()).status(),
                      Reason::kNotPermitted));
  EXPECT_TRUE(Refused(Diff(submitted.name(), 1, 2, Lead()).status(), Reason::kNotPermitted));
  EXPECT_TRUE(Refused(Diff(submitted.name(), 2, 0, Lead()).status(), Reason::kNotPermitted));
  for (const auto& [from, to] :
       {std::pair(0, 1), std::pair(-1, 1), std::pair(1, 1), std::pair(2, 1), std::pair(1, -1)}) {
    EXPECT_TRUE(Refused(Diff(submitted.name(), from, to, Lead()).status(), Reason::kInvalidRequest))
        << from << " " << to;
  }
  for (const char* tail :
       {"", "/", "/versions", "/versions/", "/versions/0", "/versions/-1", "/versions/01",
        "/versions/1x", "/versions/99999999999", "/versions/1/"}) {
    EXPECT_TRUE(Refused(GetVersion(base::StrCat(submitted.name(), tail), Lead()).status(),
                        Reason::kInvalidRequest))
        << tail;
  }
}

TEST(FormDiff, ARowTakenOutDoesNotChangeAllBelowIt) {
  const auto shown = [](const std::vector<FormChange>& changes) {
    std::vector<std::string> out;
    for (const FormChange& change : changes) {
      out.push_back(base::StrCat(change.path, " ", change.before, ">", change.after));
    }
    return out;
  };
  v1::ApplicationForm before;
  for (const char* code : {"A", "B", "C"}) {
    v1::Member* member = before.add_members();
    member->set_credit_code(code);
    member->set_member_name(base::StrCat("单位", code));
    member->set_kind(v1::ENTERPRISE);
  }
  v1::ApplicationForm after = before;
  EXPECT_EQ(shown(DiffForms(before, after)), std::vector<std::string>{});
  after.mutable_members()->DeleteSubrange(0, 1);
  after.mutable_members(1)->set_kind(v1::UNIVERSITY);
  EXPECT_EQ(
      shown(DiffForms(before, after)),
      (std::vector<std::string>{"members[1].kind 企业>高校", "members[0] 单位A / A / 企业>"}));
  after = before;
  *after.add_members() = before.members(0);
  after.mutable_members(3)->set_credit_code("D");
  EXPECT_EQ(shown(DiffForms(before, after)),
            (std::vector<std::string>{"members[3] >单位A / D / 企业"}));
  after = before;
  after.mutable_members(1)->set_credit_code("X");
  EXPECT_EQ(shown(DiffForms(before, after)),
            (std::vector<std::string>{"members[1].credit_code B>X"}));
  // Empty and 0 differ; choices as printed.
  after = before;
  after.mutable_lead()->mutable_ip_class1()->set_y2(0);
  after.mutable_lead()->add_lead_types(v1::GAZELLE);
  after.mutable_lead()->add_lead_types(v1::TECH_SME);
  after.mutable_lead()->set_rd_evidence_kind("audit_report");
  EXPECT_EQ(
      shown(DiffForms(before, after)),
      (std::vector<std::string>{"lead.lead_types >瞪羚、科技型中小企业",
                                "lead.rd_evidence_kind >专项审计报告", "lead.ip_class1.y2 >0项"}));
}

TEST(FormDiff, PapersBySlotAndMember) {
  v1::ApplicationForm form;
  form.add_members()->set_credit_code("A");
  Papers before;
  Papers after;
  const auto add = [](Papers* papers, const char* slot, const char* member, const char* name,
                      const char* digest) {
    v1::Paper* paper = papers->Add();
    paper->set_slot(slot);
    paper->set_member_credit_code(member);
    paper->set_file_name(name);
    paper->set_sha256(digest);
  };
  add(&before, "A2", "", "same.pdf", "1");
  add(&after, "A2", "", "same.pdf", "1");
  add(&before, "A3", "", "old.pdf", "2");
  add(&after, "A5", "A", "new.pdf", "3");
  add(&before, "A6", "", "x.pdf", "4");
  add(&after, "A6", "", "x.pdf", "5");
  std::map<std::string, std::string> shown;
  for (const FormChange& change : DiffPapers(before, after, form)) {
    shown[change.path] = base::StrCat(change.before, ">", change.after);
  }
  EXPECT_EQ(shown, (std::map<std::string, std::string>{{"papers.A3", "old.pdf>"},
                                                       {"papers.A5[0]", ">new.pdf"},
                                                       {"papers.A6", "x.pdf>x.pdf"}}));
}

// Personal data -----------------------------------------------------------------------------------

TEST_F(CaseView, AContactIsRevealedToOfficialsWithAReasonAndRecorded) {
  const v1::Application submitted = Submitted();
  const std::string id = submitted.name().substr(13);
  ASSERT_TRUE(Declare(submitted.name(), Recommender()).ok());
  v1::RevealContactResponse answer;
  const struct {
    domain::Caller caller;
    bool may;
  } kTable[] = {
      {Official(Role::kProvince), true},
      {Official(Role::kRecorder), true},
      {Recommender(kDalian), true},
      {Recommender(kShenyang), false},
      {Lead(1), false},
      {Lead(2), false},
      {Official(Role::kAuditor), false},
      {Official(Role::kFinance), false},
      {Official(Role::kApprover), false},
      {Official(Role::kFirm), false},
      {Official(Role::kPublic), false},
      {Official(Role::kOperator), false},
  };
  for (const auto& row : kTable) {
    answer.Clear();
    const int64_t before = Count("SELECT COUNT(*) FROM history WHERE action='reveal_contact'");
    const absl::Status status =
        Reveal(RevealOf(submitted.name(), "核实成员单位"), row.caller, &answer);
    EXPECT_EQ(status.ok(), row.may) << row.caller.account << status;
    if (!row.may) {
      EXPECT_TRUE(Refused(status, Reason::kNotPermitted)) << row.caller.account;
    }
    EXPECT_EQ(answer.contact().phone(), row.may ? "13812341234" : "") << row.caller.account;
    EXPECT_EQ(Count("SELECT COUNT(*) FROM history WHERE action='reveal_contact'") - before,
              row.may);
  }
  EXPECT_EQ(LastAct(id).substr(0, 34), "reveal_contact SUBMITTED>SUBMITTED");
  EXPECT_EQ(Count("SELECT COUNT(*) FROM history WHERE action='reveal_contact'"
                  " AND reason='核实成员单位' AND actor='province'"),
            1);
  // A zone's city reads the case and does not handle it.
  const v1::Application zone = Submitted(2, "HTZ-DL");
  ASSERT_TRUE(Declare(zone.name(), Recommender("HTZ-DL")).ok());
  EXPECT_TRUE(Refused(Reveal(RevealOf(zone.name(), "核实"), Recommender(kDalian), &answer),
                      Reason::kNotPermitted));
  EXPECT_TRUE(Reveal(RevealOf(zone.name(), "核实"), Recommender("HTZ-DL"), &answer).ok());
  for (const char* no_reason : {"", " ", "　", "\u200B"}) {
    EXPECT_TRUE(
        Refused(Reveal(RevealOf(zone.name(), no_reason), Official(Role::kProvince), &answer),
                Reason::kReasonRequired));
  }
  EXPECT_TRUE(Refused(
      Reveal(RevealOf(zone.name(), std::string(501, 'x')), Official(Role::kProvince), &answer),
      Reason::kInvalidRequest));
  // A repeat looks again and is written down again, as nothing of the answer was kept; the case
  // itself has not changed.
  const v1::RevealContactRequest again = RevealOf(submitted.name(), "再次核实");
  ASSERT_TRUE(Reveal(again, Official(Role::kProvince), &answer).ok());
  ASSERT_TRUE(Reveal(again, Official(Role::kProvince), &answer).ok());
  EXPECT_EQ(answer.contact().phone(), "13812341234");
  EXPECT_EQ(Count("SELECT COUNT(*) FROM history WHERE reason='再次核实'"), 2);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM idempotency WHERE method LIKE '%RevealContact'"
                  " AND (LENGTH(answer)>0 OR answer LIKE '%13812341234%')"),
            0);
  EXPECT_GT(Count("SELECT COUNT(*) FROM idempotency WHERE method LIKE '%RevealContact'"), 0);
  v1::RevealContactRequest reused = again;
  reused.set_reason("另一个理由");
  EXPECT_TRUE(
      Refused(Reveal(reused, Official(Role::kProvince), &answer), Reason::kRequestIdReused));
  EXPECT_EQ(Get(submitted.name(), Lead()).etag(), submitted.etag());
  // Officials see who looked, the applicant's view stays as it was.
  EXPECT_EQ(Get(submitted.name(), Lead()).timeline_size(), submitted.timeline_size() + 9);
}

// A canary through everything that a lead does: no line of the log has it.
TEST_F(CaseView, NoLogLineHoldsAPhoneOrAName) {
  obs::SetLog("filing", obs::Level::kDebug);
  testing::internal::CaptureStderr();
  v1::Application draft = CreateComplete();
  draft = Type(draft, {{"contact.phone", "13800001357"}, {"contact.display_name", "金丝雀"}});
  v1::UpdateApplicationRequest wrong;
  wrong.mutable_application()->set_name(draft.name());
  wrong.mutable_application()->set_etag(draft.etag());
  wrong.set_request_id(NewId());
  v1::FieldEntry* entry = wrong.add_entries();
  entry->set_field("lead.staff.y1");
  entry->set_text("13800001357人");
  v1::Application refused;
  EXPECT_TRUE(Refused(service_->UpdateApplication(As(Lead(), "UpdateApplication"), wrong, &refused),
                      Reason::kInvalidRequest));
  ASSERT_TRUE(Submit(draft.name(), draft.etag(), Lead()).ok());
  v1::RevealContactResponse contact;
  ASSERT_TRUE(Reveal(RevealOf(draft.name(), "核实"), Official(Role::kProvince), &contact).ok());
  EXPECT_EQ(contact.contact().phone(), "13800001357");
  EXPECT_TRUE(Return(Get(draft.name()), {"contact.phone"}).ok());
  EXPECT_TRUE(Diff(draft.name(), 1, 0, Official(Role::kProvince)).ok());
  obs::Log(obs::Level::kInfo, "the_log_is_heard");
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find("the_log_is_heard"), std::string::npos);
  EXPECT_EQ(log.find("13800001357"), std::string::npos) << log;
  EXPECT_EQ(log.find("金丝雀"), std::string::npos) << log;
}

// to a reviewer of its region a case opens with his declaration to have no interest in it;
// an interest once declared shuts it for good. The zone's city, which handles nothing, reads along.
TEST_F(CaseView, ACaseOpensWithTheReviewersDeclaration) {
  const v1::Application submitted = Submitted();
  const std::string version = base::StrCat(submitted.name(), "/versions/1");
  const auto open = [&](const domain::Caller& reader) {
    v1::PrintApplicationRequest print;
    print.set_name(submitted.name());
    print.set_kind(v1::PrintApplicationRequest::FINAL);
    v1::Print printed;
    v1::ReadPaperRequest read;
    read.set_name(submitted.papers(0).name());
    read.set_request_id(NewId());
    v1::ReadPaperResponse paper;
    v1::RevealContactRequest reveal;
    reveal.set_name(submitted.name());
    reveal.set_request_id(NewId());
    reveal.set_reason("联系企业");
    v1::RevealContactResponse contact;
    const std::vector<absl::Status> all = {
        GetVersion(version, reader).status(), Diff(submitted.name(), 1, 0, reader).status(),
        service_->PrintApplication(As(reader, "PrintApplication"), print, &printed),
        service_->ReadPaper(As(reader, "ReadPaper"), read, &paper),
        service_->RevealContact(As(reader, "RevealContact"), reveal, &contact)};
    const v1::Application seen = Get(submitted.name(), reader);
    EXPECT_EQ(seen.has_form(), !seen.form_withheld());
    EXPECT_EQ(seen.papers().empty(), seen.form_withheld());
    int refused = 0;
    for (const absl::Status& status : all) {
      if (status.ok()) continue;
      EXPECT_TRUE(Refused(status, Reason::kConflictOfInterest));
      ++refused;
    }
    EXPECT_EQ(refused, seen.form_withheld() ? 5 : 0);
    return !seen.form_withheld();
  };
  EXPECT_FALSE(open(Recommender()));
  ASSERT_TRUE(Declare(submitted.name(), Recommender()).ok());
  EXPECT_TRUE(open(Recommender()));
  domain::Caller colleague = Recommender();
  colleague.account = "colleague";
  EXPECT_FALSE(open(colleague)) << "each for himself";
  ASSERT_TRUE(Declare(submitted.name(), Recommender(), /*interest=*/true).ok());
  EXPECT_FALSE(open(Recommender()));
  EXPECT_EQ(FirstFinding(), "");
}

// Other applications ------------------------------------------------------------------------------

// N3, R-018: the same figures of two leads, and members of several alliances, are for officials
// only. Which application it is, a recommender is told of those that it reads itself.
TEST_F(CaseView, OfficialsAreToldOfTheSameFiguresAndMembersElsewhere) {
  const v1::Application first = Submitted(1);
  const auto notes = [&](const domain::Caller& reader) {
    v1::ValidateApplicationRequest request;
    request.set_name(first.name());
    v1::ValidateApplicationResponse answer;
    EXPECT_TRUE(
        service_->ValidateApplication(As(reader, "ValidateApplication"), request, &answer).ok());
    std::vector<std::string> found;
    for (const v1::FormProblem& note : answer.official_notes()) {
      found.push_back(base::StrCat(note.field(), " ", note.reason()));
      // The alliances of all leads here have one name.
      for (const std::string which : {"沈阳市科技局", "大连市轴承智能制造产学研联盟"}) {
        EXPECT_EQ(note.text_zh().find(which) != std::string::npos,
                  reader.role != Role::kRecommender)
            << note.text_zh();
      }
      EXPECT_FALSE(note.label_zh().empty());
    }
    return found;
  };
  EXPECT_EQ(notes(Recommender()), std::vector<std::string>{});
  Create(3, kShenyang);  // a draft says nothing yet
  EXPECT_EQ(notes(Recommender()), std::vector<std::string>{});
  Submitted(2, kShenyang);
  const std::vector<std::string> both = {"members[1].credit_code MEMBER_ELSEWHERE",
                                         "lead.rd_spend_fen SAME_FIGURES"};
  EXPECT_EQ(notes(Official(Role::kProvince)), both);
  EXPECT_EQ(notes(Official(Role::kAuditor)).size(), 2u);
  EXPECT_EQ(notes(Recommender()),
            (std::vector<std::string>{"members[1].credit_code MEMBER_OF_ANOTHER_OFFICE",
                                      "lead.rd_spend_fen SAME_FIGURES_OF_ANOTHER_OFFICE"}));
  EXPECT_EQ(notes(Lead()), std::vector<std::string>{});
}

// The city of a zone reads the zone's cases, so it is told which one it is; the zone is not.
TEST_F(CaseView, ANoteNamesAnApplicationThatItsReaderMayRead) {
  const v1::Application city = Submitted(1, kDalian);
  const v1::Application zone = Submitted(2, "HTZ-DL");
  const auto texts = [&](const v1::Application& application, const domain::Caller& reader) {
    v1::ValidateApplicationRequest request;
    request.set_name(application.name());
    v1::ValidateApplicationResponse answer;
    EXPECT_TRUE(
        service_->ValidateApplication(As(reader, "ValidateApplication"), request, &answer).ok());
    EXPECT_EQ(answer.official_notes_size(), 2);
    std::string all;
    for (const v1::FormProblem& note : answer.official_notes()) all += note.text_zh();
    return all;
  };
  EXPECT_NE(texts(city, Recommender(kDalian)).find("大连高新技术产业园区"), std::string::npos);
  EXPECT_EQ(texts(zone, Recommender("HTZ-DL")).find("大连市"), std::string::npos);
}

// Only the last version speaks.
TEST_F(CaseView, WhatACorrectionTookBackIsNoLongerFound) {
  v1::Application returned = Returned(1, {"lead.rd_spend_fen"});
  returned = Type(returned, {{"lead.rd_spend_fen.y1", "601"}});
  ASSERT_TRUE(Submit(returned.name(), returned.etag(), Lead()).ok());
  const v1::Application other = Submitted(2, kShenyang);
  v1::ValidateApplicationRequest request;
  request.set_name(other.name());
  v1::ValidateApplicationResponse answer;
  ASSERT_TRUE(service_
                  ->ValidateApplication(As(Official(Role::kProvince), "ValidateApplication"),
                                        request, &answer)
                  .ok());
  ASSERT_EQ(answer.official_notes_size(), 1);
  EXPECT_EQ(answer.official_notes(0).reason(), "MEMBER_ELSEWHERE");
}

}  // namespace
}  // namespace alliance::filing
