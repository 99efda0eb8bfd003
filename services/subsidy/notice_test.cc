#include <set>
#include <thread>

#include "common/base/str.h"
#include "services/subsidy/fixture_test.h"

namespace alliance::subsidy {
namespace {

class NoticeTest : public SubsidyTest {};

TEST_F(NoticeTest, EveryProposedLineGoesOnNotice) {
  OpenPlan();
  const std::string one = Evaluated();
  const std::string two = Evaluated(350 * kWan);
  const std::string none = Evaluated(5 * kWan);
  const v1::Run run = Frozen();
  v1::OpenSubsidyNoticeResponse answer;
  ASSERT_DONE(service_.OpenSubsidyNotice(Chen(), NoticeOf(run), &answer));
  EXPECT_EQ(answer.subsidy_cases_size(), 2);
  EXPECT_EQ(StateOf(one), "SUBSIDY_NOTICE");
  EXPECT_EQ(StateOf(two), "SUBSIDY_NOTICE");
  EXPECT_EQ(StateOf(none), "NOT_PROPOSED");
  EXPECT_EQ(absl::FromUnixSeconds(Read(one).notice_end_time().seconds()), At(kNoticeCloses));
  EXPECT_REFUSED(service_.OpenSubsidyNotice(Chen(), NoticeOf(run), &answer), kWrongState);
}

TEST_F(NoticeTest, NeedsAFrozenRunFinanceAndTheText) {
  OpenPlan();
  Evaluated();
  const v1::Run prepared = Prepared();
  v1::OpenSubsidyNoticeResponse answer;
  EXPECT_REFUSED(service_.OpenSubsidyNotice(Chen(), NoticeOf(prepared), &answer),
                 kInputsIncomplete);
  v1::Run run;
  ASSERT_DONE(service_.FreezeRun(Luo(), FreezeOf(prepared), &run));
  for (const rpc::Call& call : {Luo(), Province(), Lead(), Public()}) {
    EXPECT_REFUSED(service_.OpenSubsidyNotice(call, NoticeOf(run), &answer), kNotPermitted);
  }
  v1::OpenSubsidyNoticeRequest request = NoticeOf(run);
  request.clear_notice();
  EXPECT_REFUSED(service_.OpenSubsidyNotice(Chen(), request, &answer), kPaperRequired);
  EXPECT_DONE(service_.OpenSubsidyNotice(Chen(), NoticeOf(run), &answer));
}

class ObjectionTest : public SubsidyTest {};

// Q23: in writing, by real name, with evidence, inside the period to the microsecond.
TEST_F(ObjectionTest, InsideThePeriodOnly) {
  const std::string id = InNotice();
  v1::FileSubsidyObjectionResponse answer;
  clock_.Set(At(kNoticeCloses));
  EXPECT_REFUSED(service_.FileSubsidyObjection(Public(), ObjectionTo(id), &answer), kObjectionLate);
  clock_.Set(At(kNoticeCloses) - absl::Microseconds(1));
  EXPECT_DONE(service_.FileSubsidyObjection(Public(), ObjectionTo(id), &answer));
  EXPECT_EQ(StateOf(id), "SUBSIDY_OBJECTED");
  EXPECT_DONE(service_.FileSubsidyObjection(Public(), ObjectionTo(id), &answer)) << "a second one";
}

TEST_F(ObjectionTest, AnonymousEmptyAndUnprovenAreRefused) {
  const std::string id = InNotice();
  v1::FileSubsidyObjectionResponse answer;
  v1::FileSubsidyObjectionRequest request = ObjectionTo(id);
  request.set_objector_name(" ");
  EXPECT_REFUSED(service_.FileSubsidyObjection(Public(), request, &answer), kObjectionAnonymous);
  request = ObjectionTo(id);
  request.clear_objector_contact();
  EXPECT_REFUSED(service_.FileSubsidyObjection(Public(), request, &answer), kObjectionAnonymous);
  request = ObjectionTo(id);
  request.clear_grounds();
  EXPECT_REFUSED(service_.FileSubsidyObjection(Public(), request, &answer),
                 kObjectionWithoutGrounds);
  request = ObjectionTo(id);
  request.clear_evidence();
  EXPECT_REFUSED(service_.FileSubsidyObjection(Public(), request, &answer), kPaperRequired);
  EXPECT_EQ(StateOf(id), "SUBSIDY_NOTICE");
}

// Who signs as nobody has no name, here as in the notice of an application.
TEST_F(ObjectionTest, AWordForNobodyIsRefused) {
  const std::string id = InNotice();
  v1::FileSubsidyObjectionResponse answer;
  for (const char* nobody : {"匿名", "不具名", " Anonymous "}) {
    v1::FileSubsidyObjectionRequest request = ObjectionTo(id);
    request.set_objector_name(nobody);
    EXPECT_REFUSED(service_.FileSubsidyObjection(Public(), request, &answer), kObjectionAnonymous);
    request = ObjectionTo(id);
    request.set_objector_contact(nobody);
    EXPECT_REFUSED(service_.FileSubsidyObjection(Public(), request, &answer), kObjectionAnonymous);
  }
  EXPECT_EQ(StateOf(id), "SUBSIDY_NOTICE");
  v1::FileSubsidyObjectionRequest request = ObjectionTo(id);
  request.set_objector_name("匿名举报中心李某");
  EXPECT_DONE(service_.FileSubsidyObjection(Public(), request, &answer));
}

// 5,000 characters of grounds, as for an application; that there are any is the rule's to ask.
TEST_F(ObjectionTest, GroundsHaveALimit) {
  const std::string id = InNotice();
  v1::FileSubsidyObjectionResponse answer;
  std::string grounds;
  for (int i = 0; i < 5000; ++i) grounds += "证";
  v1::FileSubsidyObjectionRequest request = ObjectionTo(id);
  request.set_grounds(grounds + "据");
  const absl::Status refused = service_.FileSubsidyObjection(Public(), request, &answer);
  EXPECT_REFUSED(refused, kInvalidRequest);
  EXPECT_EQ(FieldsOf(refused), "grounds");
  request.set_grounds("");
  EXPECT_REFUSED(service_.FileSubsidyObjection(Public(), request, &answer),
                 kObjectionWithoutGrounds);
  request.set_grounds(grounds);
  ASSERT_DONE(service_.FileSubsidyObjection(Public(), request, &answer));
  EXPECT_EQ(Read(id).objections(0).grounds(), grounds);
}

// What is not on notice does not exist for the public.
TEST_F(ObjectionTest, OnlyWhatIsOnNotice) {
  OpenPlan();
  const std::string proposed = Evaluated();
  Frozen();
  v1::FileSubsidyObjectionResponse answer;
  EXPECT_REFUSED(service_.FileSubsidyObjection(Public(), ObjectionTo(proposed), &answer),
                 kNotPermitted);
  EXPECT_REFUSED(service_.FileSubsidyObjection(Public(), ObjectionTo(NewId() + "-2023"), &answer),
                 kNotPermitted);
}

// The objector is protected: who handles it sees the name, the lead and its region never.
TEST_F(ObjectionTest, LeadLearnsNothingOfIt) {
  const std::string id = Objected();
  ASSERT_EQ(Read(id).objections_size(), 1);
  EXPECT_EQ(Read(id).objections(0).objector_name(), "王实名");
  for (const rpc::Call& reader : {Lead(), CallOf(domain::Role::kRecommender, "li", "210200")}) {
    EXPECT_EQ(Read(id, reader).objections_size(), 0);
  }
  const v1::SubsidyCase seen = Read(id, Lead());
  EXPECT_EQ(seen.state(), v1::SubsidyCase::SUBSIDY_NOTICE);
  EXPECT_EQ(seen.SerializeAsString().find("王实名"), std::string::npos);
  for (const auto& entry : seen.timeline()) {
    EXPECT_NE(entry.action(), "object");
    EXPECT_EQ(entry.to_state().find("OBJECTED"), std::string::npos);
    EXPECT_EQ(entry.to_state().find("异议"), std::string::npos);
    EXPECT_EQ(entry.reason(), "");
  }
  v1::SubsidyCase answer;
  ASSERT_DONE(service_.UpholdSubsidyObjection(Chen(), DecideOf(id), &answer));
  const v1::SubsidyCase upheld = Read(id, Lead());
  for (const auto& entry : upheld.timeline()) {
    EXPECT_NE(entry.action(), "uphold") << "the word itself tells of an objection";
  }
}

TEST_F(ObjectionTest, DismissalGoesBackToTheNotice) {
  const std::string id = Objected();
  v1::SubsidyCase answer;
  EXPECT_REFUSED(service_.DismissSubsidyObjection(Luo(), DecideOf(id), &answer), kNotPermitted);
  v1::DecideSubsidyCaseRequest request = DecideOf(id);
  request.clear_document();
  EXPECT_REFUSED(service_.DismissSubsidyObjection(Chen(), request, &answer), kPaperRequired);
  request = DecideOf(id);
  request.clear_reason();
  EXPECT_REFUSED(service_.DismissSubsidyObjection(Chen(), request, &answer), kReasonRequired);
  request = DecideOf(id);
  request.set_etag("\"1\"");
  EXPECT_REFUSED(service_.DismissSubsidyObjection(Chen(), request, &answer), kEtagStale);
  request.clear_etag();
  EXPECT_REFUSED(service_.DismissSubsidyObjection(Chen(), request, &answer), kEtagRequired);
  ASSERT_DONE(service_.DismissSubsidyObjection(Chen(), DecideOf(id), &answer));
  EXPECT_EQ(answer.state(), v1::SubsidyCase::SUBSIDY_NOTICE);
  EXPECT_REFUSED(service_.DismissSubsidyObjection(Chen(), DecideOf(id), &answer), kWrongState);
}

// How objections were handled is kept for good, with the record of it, as for an application: who,
// what, why, and over how many. An act that is refused leaves nothing.
TEST_F(ObjectionTest, HandlingIsKeptWithItsRecord) {
  const std::string id = Objected();
  v1::FileSubsidyObjectionResponse filed;
  ASSERT_DONE(service_.FileSubsidyObjection(Public(), ObjectionTo(id), &filed));
  v1::SubsidyCase answer;
  v1::DecideSubsidyCaseRequest request = DecideOf(id);
  request.clear_document();
  EXPECT_REFUSED(service_.DismissSubsidyObjection(Chen(), request, &answer), kPaperRequired);
  EXPECT_EQ(Db().Count("SELECT COUNT(1) FROM objection_decision"), 0);
  request = DecideOf(id);
  request.set_reason(" 经核实，不成立。");
  request.mutable_document()->set_document_number("辽科财〔2023〕8号");
  request.mutable_document()->set_issuer("资源配置处");
  request.mutable_document()->set_issue_date("2023-11-21");
  ASSERT_DONE(service_.DismissSubsidyObjection(Chen(), request, &answer));
  EXPECT_EQ(Db().Value("SELECT CONCAT_WS('|', case_id, action, objections, reason, record_number, "
                       "record_title, record_issuer, record_date, account) "
                       "FROM objection_decision"),
            base::StrCat(id, "|dismiss|2|经核实，不成立。|辽科财〔2023〕8号|办理文件|资源配置处|",
                         "2023-11-21|chen"));
  EXPECT_EQ(Db().Value("SELECT HEX(record_sha256) FROM objection_decision"),
            LastHistory(id, "HEX(paper_digest)"));

  ASSERT_DONE(service_.FileSubsidyObjection(Public(), ObjectionTo(id), &filed));
  ASSERT_DONE(service_.UpholdSubsidyObjection(Feng(), DecideOf(id), &answer));
  EXPECT_EQ(Db().Value("SELECT GROUP_CONCAT(CONCAT(action, ' ', objections, ' ', account) "
                       "ORDER BY decide_us, id) FROM objection_decision"),
            "dismiss 2 chen,uphold 3 feng");
}

// Nobody can rewrite it, the service's own user neither.
TEST_F(ObjectionTest, HandlingIsAppendOnlyByGrant) {
  Withheld();
  const absl::Status forged = Db().pool().Run(testdb::Soon(), [](db::Txn& txn) {
    constexpr db::Sql kForge = {"test.forge", "UPDATE objection_decision SET action='dismiss'"};
    txn.Exec(kForge);
    return absl::OkStatus();
  });
  EXPECT_FALSE(forged.ok());
  EXPECT_EQ(Db().Value("SELECT action FROM objection_decision"), "uphold");
}

TEST_F(ObjectionTest, UpheldIsWithheldThenReleasedOrRefused) {
  const std::string released = Withheld();
  v1::SubsidyCase answer;
  EXPECT_REFUSED(service_.ReleaseWithheld(Chen(), DecideOf(released), &answer), kNotPermitted);
  ASSERT_DONE(service_.ReleaseWithheld(Bai(), DecideOf(released), &answer));
  EXPECT_EQ(answer.state(), v1::SubsidyCase::APPROVED);
  EXPECT_EQ(UsedFen(), 25 * kWan);
}

// A refusal gives the money back to the guard row, once.
TEST_F(ObjectionTest, RefusalGivesTheMoneyBack) {
  const std::string id = Withheld();
  EXPECT_EQ(UsedFen(), 25 * kWan);
  v1::SubsidyCase answer;
  v1::DecideSubsidyCaseRequest request = DecideOf(id);
  request.clear_reason();
  EXPECT_REFUSED(service_.RefuseWithheld(Bai(), request, &answer), kReasonRequired);
  EXPECT_EQ(UsedFen(), 25 * kWan);
  request = DecideOf(id);
  ASSERT_DONE(service_.RefuseWithheld(Bai(), request, &answer));
  EXPECT_EQ(answer.state(), v1::SubsidyCase::REFUSED);
  EXPECT_EQ(UsedFen(), 0);
  ASSERT_DONE(service_.RefuseWithheld(Bai(), request, &answer)) << "a repeat";
  EXPECT_EQ(UsedFen(), 0);
  EXPECT_REFUSED(service_.RefuseWithheld(Bai(), DecideOf(id), &answer), kWrongState);
}

// One approver releases, another refuses: one wins, and the money is there or it is not.
TEST_F(ObjectionTest, TwoApproversAtOnce) {
  for (int round = 0; round < 4; ++round) {
    Db().Clear();
    clock_.Set(At("2023-11-20 10:00:00"));
    const std::string id = Withheld();
    const v1::DecideSubsidyCaseRequest release = DecideOf(id);
    const v1::DecideSubsidyCaseRequest refuse = DecideOf(id);
    absl::Status released;
    std::thread other([&] {
      v1::SubsidyCase answer;
      released = service_.ReleaseWithheld(Bai(), release, &answer);
    });
    v1::SubsidyCase answer;
    const absl::Status refused = service_.RefuseWithheld(Luo(), refuse, &answer);
    other.join();
    EXPECT_NE(released.ok(), refused.ok());
    EXPECT_REFUSED(released.ok() ? refused : released, kEtagStale);
    EXPECT_EQ(UsedFen(), released.ok() ? 25 * kWan : 0);
  }
}

class ApproveTest : public SubsidyTest {};

TEST_F(ApproveTest, AfterTheNoticeByAThirdPerson) {
  const std::string id = InNotice();
  v1::SubsidyCase answer;
  clock_.Set(At(kNoticeCloses) - absl::Microseconds(1));
  EXPECT_REFUSED(service_.ApproveSubsidy(Bai(), DecideOf(id), &answer), kNoticeNotOver);
  clock_.Set(At(kNoticeCloses));
  EXPECT_REFUSED(service_.ApproveSubsidy(Luo(), DecideOf(id), &answer), kSamePerson);  // froze it
  EXPECT_REFUSED(
      service_.ApproveSubsidy(CallOf(domain::Role::kApprover, "chen"), DecideOf(id), &answer),
      kSamePerson);  // prepared it
  EXPECT_REFUSED(service_.ApproveSubsidy(Chen(), DecideOf(id), &answer), kNotPermitted);
  EXPECT_REFUSED(service_.ApproveSubsidy(Lead(), DecideOf(id), &answer), kNotPermitted);
  v1::DecideSubsidyCaseRequest request = DecideOf(id);
  request.clear_document();
  EXPECT_REFUSED(service_.ApproveSubsidy(Bai(), request, &answer), kPaperRequired);
  request = DecideOf(id);
  request.set_etag("\"1\"");
  EXPECT_REFUSED(service_.ApproveSubsidy(Bai(), request, &answer), kEtagStale);
  EXPECT_DONE(service_.ApproveSubsidy(Bai(), DecideOf(id), &answer));
  EXPECT_EQ(answer.state(), v1::SubsidyCase::APPROVED);
}

TEST_F(ApproveTest, NotWhileObjectedTo) {
  const std::string id = Objected();
  clock_.Set(At(kNoticeCloses));
  v1::SubsidyCase answer;
  EXPECT_REFUSED(service_.ApproveSubsidy(Bai(), DecideOf(id), &answer), kWrongState);
}

class ReadTest : public SubsidyTest {
 protected:
  std::set<std::string> Listed(const rpc::Call& reader) {
    v1::ListSubsidyCasesResponse answer;
    EXPECT_DONE(service_.ListSubsidyCases(reader, {}, &answer));
    std::set<std::string> names;
    for (const v1::SubsidyCase& one : answer.subsidy_cases()) names.insert(one.name());
    return names;
  }
};

// everybody within their own scope; unknown and foreign look the same.
TEST_F(ReadTest, ScopeOfEachRole) {
  using domain::Role;
  const std::string city = Evaluated(kWan, "优秀", 9000, "210200");
  const std::string zone = Evaluated(kWan, "优秀", 9000, "HTZ-DL");
  const std::string other = Evaluated(kWan, "优秀", 9000, "210100");
  struct Row {
    const char* who;
    rpc::Call reader;
    std::vector<std::string> sees;
  };
  for (const Row& row :
       std::vector<Row>{{"lead", Lead(), {city, zone, other}},
                        {"another lead", OtherLead(), {}},
                        {"city", CallOf(Role::kRecommender, "li", "210200"), {city, zone}},
                        {"zone", CallOf(Role::kRecommender, "zhang", "HTZ-DL"), {zone}},
                        {"nowhere", CallOf(Role::kRecommender, "nobody", ""), {}},
                        {"province", Province(), {city, zone, other}},
                        {"finance", Chen(), {city, zone, other}},
                        {"approver", Luo(), {city, zone, other}},
                        {"auditor", CallOf(Role::kAuditor, "a"), {city, zone, other}},
                        {"firm", CallOf(Role::kFirm, "f", "", "firm-a"), {}},
                        {"operator", CallOf(Role::kOperator, "o"), {}},
                        {"public", Public(), {}}}) {
    std::set<std::string> names;
    for (const std::string& id : row.sees) names.insert(NameOf(id));
    EXPECT_EQ(Listed(row.reader), names) << row.who;
    for (const std::string& id : {city, zone, other}) {
      v1::GetSubsidyCaseRequest request;
      request.set_name(NameOf(id));
      v1::SubsidyCase answer;
      EXPECT_EQ(WordOf(service_.GetSubsidyCase(row.reader, request, &answer)),
                names.contains(NameOf(id)) ? "OK" : "NOT_PERMITTED")
          << row.who;
    }
  }
}

// A proposal is internal until its notice; then the lead sees how its amount came about.
TEST_F(ReadTest, LeadSeesItsTraceFromTheNoticeOn) {
  OpenPlan();
  const std::string id = Evaluated();
  const v1::Run run = Frozen();
  const v1::SubsidyCase before = Read(id, Lead());
  EXPECT_EQ(before.state(), v1::SubsidyCase::EVALUATED);
  EXPECT_EQ(before.amount_fen(), 0);
  EXPECT_EQ(before.trace_size(), 0);
  v1::OpenSubsidyNoticeResponse opened;
  ASSERT_DONE(service_.OpenSubsidyNotice(Chen(), NoticeOf(run), &opened));
  const v1::SubsidyCase after = Read(id, Lead());
  EXPECT_EQ(after.amount_fen(), 25 * kWan);
  EXPECT_GE(after.trace_size(), 6);
  EXPECT_EQ(after.trace(after.trace_size() - 1).amount_fen(), 25 * kWan);
  for (const auto& entry : after.timeline()) EXPECT_NE(entry.actor(), "luo");
}

}  // namespace
}  // namespace alliance::subsidy
