// Who sees what of a case.

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/base/str.h"
#include "common/obs/log.h"
#include "services/review/convert.h"
#include "services/review/fixture_test.h"
#include "services/review/form_path.h"

namespace alliance::review {
namespace {

using filing::v1::Application;

class ReadTest : public ReviewTest {
 protected:
  absl::Status Get(const rpc::Call& reader, const std::string& id) {
    v1::GetReviewCaseRequest request;
    request.set_name(base::StrCat(kCasePrefix, id));
    return service_.GetReviewCase(reader, request, &case_);
  }
  std::vector<std::string> List(const rpc::Call& reader, int page_size = 0,
                                Application::State state = Application::STATE_UNSPECIFIED) {
    std::vector<std::string> names;
    v1::ListReviewCasesRequest request;
    request.set_page_size(page_size);
    request.set_state(state);
    do {
      v1::ListReviewCasesResponse answer;
      EXPECT_DONE(service_.ListReviewCases(reader, request, &answer));
      for (const v1::ReviewCase& one : answer.review_cases()) names.push_back(one.name());
      request.set_page_token(answer.next_page_token());
    } while (!request.page_token().empty());
    return names;
  }
  events::v1::ApplicationVersion ZoneVersion() {
    events::v1::ApplicationVersion version = Version();
    version.set_recommender_region("HTZ-DL");
    return version;
  }

  v1::ReviewCase case_;
};

// Q3: own region; a city also reads its zones' cases; the province and the auditor
// all; everybody else hears the same as for a case that does not exist.
TEST_F(ReadTest, ScopeOfReaders) {
  const std::string city = Submitted();
  const std::string zone = Submitted(ZoneVersion());
  struct Row {
    rpc::Call reader;
    bool city;
    bool zone;
  };
  for (const Row& row :
       {Row{Li(), true, true}, Row{Zhang(), false, true}, Row{Zhao(), false, false},
        Row{Province(), true, true}, Row{CallOf(domain::Role::kAuditor, "a"), true, true},
        Row{CallOf(domain::Role::kRecorder, "r"), true, true},
        Row{CallOf(domain::Role::kFinance, "f"), true, true},
        Row{CallOf(domain::Role::kApprover, "p"), true, true}, Row{Lead(), true, true},
        Row{OtherLead(), false, false}, Row{Public(), false, false}, Row{Operator(), false, false},
        Row{CallOf(domain::Role::kFirm, "e", "", "F1"), false, false},
        Row{CallOf(domain::Role::kRecommender, "none"), false, false},
        Row{CallOf(domain::Role::kApplicant, "none"), false, false}}) {
    EXPECT_EQ(WordOf(Get(row.reader, city)), row.city ? "OK" : "NOT_PERMITTED")
        << row.reader.caller.account;
    EXPECT_EQ(WordOf(Get(row.reader, zone)), row.zone ? "OK" : "NOT_PERMITTED")
        << row.reader.caller.account;
  }
  EXPECT_REFUSED(Get(Province(), NewId()), kNotPermitted);
  EXPECT_REFUSED(Get(Province(), "x"), kInvalidRequest);
}

// A city reads the cases of its zones and does not act on them.
TEST_F(ReadTest, CityDoesNotActOnItsZones) {
  const std::string id = Submitted(ZoneVersion());
  ASSERT_DONE(Get(Li(), id));
  EXPECT_TRUE(case_.allowed_actions().empty());
  EXPECT_REFUSED(service_.ClaimCase(Li(), ClaimOf(id), &case_), kNotPermitted);
  ASSERT_DONE(Get(Zhang(), id));
  EXPECT_EQ(case_.allowed_actions_size(), 1);
  EXPECT_DONE(service_.ClaimCase(Zhang(), ClaimOf(id), &case_));
}

// The contact is for the firm itself and its recommender; others see it masked.
TEST_F(ReadTest, ContactIsMasked) {
  const std::string id = Submitted(ZoneVersion());
  ASSERT_DONE(Declare(id, Zhang()));
  for (const rpc::Call& reader : {Zhang(), Lead()}) {
    ASSERT_DONE(Get(reader, id));
    EXPECT_EQ(case_.form().contact().phone(), "13812341234") << reader.caller.account;
    EXPECT_EQ(case_.form().contact().display_name(), "王工") << reader.caller.account;
  }
  for (const rpc::Call& reader : {Li(), Province(), CallOf(domain::Role::kAuditor, "a")}) {
    ASSERT_DONE(Get(reader, id));
    EXPECT_EQ(case_.form().contact().phone(), "138****1234") << reader.caller.account;
    EXPECT_EQ(case_.form().contact().display_name(), "王*") << reader.caller.account;
  }
}

// A canary through the whole review, with an objector who gives his own name and number: no line of
// the log has either, and no list.
TEST_F(ReadTest, NoLogLineAndNoListHoldsAPhoneOrAName) {
  obs::SetLog("review", obs::Level::kDebug);
  testing::internal::CaptureStderr();
  const std::string id = Objected();
  ASSERT_DONE(Get(Province(), id));
  v1::ListReviewCasesRequest request;
  v1::ListReviewCasesResponse list;
  ASSERT_DONE(service_.ListReviewCases(Province(), request, &list));
  ASSERT_EQ(list.review_cases_size(), 1);
  obs::Log(obs::Level::kInfo, "the_log_is_heard");
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find("the_log_is_heard"), std::string::npos);
  const std::string listed = list.DebugString();
  for (const std::string canary : {"13812341234", "王工", "李明", "13900001111"}) {
    EXPECT_EQ(log.find(canary), std::string::npos) << canary << " in " << log;
    EXPECT_EQ(listed.find(canary), std::string::npos) << canary << " in " << listed;
  }
}

// The locked version as it was submitted, with what the checks and the comparison found.
TEST_F(ReadTest, OfficialsSeeTheWholeCase) {
  events::v1::ApplicationVersion version = Version();
  version.add_warnings()->set_reason("X02");
  const std::string id = Submitted(version);
  ASSERT_DONE(service_.ClaimCase(Li(), ClaimOf(id), &case_));
  ASSERT_DONE(Record(id, Li()));
  ASSERT_DONE(Get(Province(), id));
  EXPECT_EQ(case_.application(), base::StrCat(kApplicationPrefix, id));
  EXPECT_EQ(case_.round(), kRound);
  EXPECT_EQ(case_.state_label(), "初审中");
  EXPECT_EQ(case_.reviewer(), "li");
  EXPECT_EQ(case_.papers_size(), 1);
  EXPECT_EQ(case_.warnings_size(), 1);
  EXPECT_EQ(case_.conditions_size(), 4);
  EXPECT_EQ(case_.verified_rd_evidence(), "audit_report");
  EXPECT_EQ(case_.receive_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  EXPECT_EQ(case_.timeline_size(), 3);
  EXPECT_EQ(case_.timeline(1).actor(), "li");
}

// The firm sees its own case as applicants are told it: no names, no findings, and of an objection
// nothing at all, neither in the state nor in what happened (Q23).
TEST_F(ReadTest, FirmSeesNothingOfTheReview) {
  const std::string id = Objected();
  ASSERT_DONE(Get(Lead(), id));
  EXPECT_EQ(case_.state(), Application::IN_NOTICE);
  EXPECT_EQ(case_.state_label(), "公示中");
  EXPECT_EQ(case_.reviewer(), "");
  EXPECT_EQ(case_.conditions_size(), 0);
  EXPECT_EQ(case_.verified_rd_fen(), 0);
  EXPECT_EQ(case_.objection_count(), 0);
  EXPECT_EQ(case_.etag(), "");
  EXPECT_TRUE(case_.allowed_actions().empty());
  std::vector<std::string> actions;
  for (const filing::v1::TimelineEntry& entry : case_.timeline()) {
    actions.push_back(entry.action());
    EXPECT_EQ(entry.reason(), "");
    EXPECT_EQ(entry.sequence(), static_cast<int>(actions.size())) << "a gap would tell";
  }
  EXPECT_EQ(actions, (std::vector<std::string>{"submit", "pass", "open_notice"}));
  const std::string bytes = case_.SerializeAsString();
  for (std::string_view secret :
       {"object", "OBJECTED", "李明", "13900001111", "研发费用不实", "符合条件"}) {
    EXPECT_EQ(bytes.find(secret), std::string::npos) << secret;
  }

  v1::ReviewCase answer;
  ASSERT_DONE(service_.UpholdObjection(Li(), HandlingOf(id), &answer));
  ASSERT_DONE(Get(Lead(), id));
  EXPECT_EQ(case_.state(), Application::SUBMITTED);
  const filing::v1::TimelineEntry& last = case_.timeline(case_.timeline_size() - 1);
  EXPECT_EQ(last.action(), "");  // the name of the act would tell of the objection
  EXPECT_EQ(last.from_state(), "公示中");
  EXPECT_EQ(case_.allowed_actions_size(), 1);  // withdraw
}

// The list is the queue: oldest receipt first, in pages, in scope.
TEST_F(ReadTest, ListIsAQueue) {
  std::vector<std::string> expected;
  for (int i = 0; i < 5; ++i) {
    if (i != 2) clock_.Advance(absl::Microseconds(1));  // two of the same instant
    expected.push_back(base::StrCat(kCasePrefix, Submitted()));
  }
  const std::string zone = base::StrCat(kCasePrefix, Submitted(ZoneVersion()));
  EXPECT_EQ(List(Li(), 2), List(Li()));
  EXPECT_EQ(List(Li()).size(), 6u);
  EXPECT_EQ(List(Li()).front(), expected.front());
  EXPECT_EQ(List(Zhang()), std::vector<std::string>{zone});
  EXPECT_TRUE(List(Zhao()).empty());
  EXPECT_EQ(List(Province(), 1).size(), 6u);
  EXPECT_EQ(List(Lead(), 4).size(), 6u);

  v1::ListReviewCasesRequest request;
  v1::ListReviewCasesResponse answer;
  for (const rpc::Call& reader : {Public(), Operator(), CallOf(domain::Role::kFirm, "e")}) {
    EXPECT_REFUSED(service_.ListReviewCases(reader, request, &answer), kNotPermitted);
  }
  request.set_page_size(-1);
  EXPECT_REFUSED(service_.ListReviewCases(Li(), request, &answer), kInvalidRequest);
  request.set_page_size(2);
  ASSERT_DONE(service_.ListReviewCases(Li(), request, &answer));
  EXPECT_FALSE(answer.review_cases(0).has_form());
  request.set_page_token(answer.next_page_token());
  EXPECT_REFUSED(service_.ListReviewCases(Wang(), request, &answer), kPageTokenInvalid);
  request.set_state(Application::PASSED);
  EXPECT_REFUSED(service_.ListReviewCases(Li(), request, &answer), kPageTokenInvalid);
  request.set_page_token("AAAA");
  EXPECT_REFUSED(service_.ListReviewCases(Li(), request, &answer), kPageTokenInvalid);
}

// Filtering by state: a firm asks in its own words, so OBJECTED answers nothing to it.
TEST_F(ReadTest, FilterDoesNotLeak) {
  const std::string id = base::StrCat(kCasePrefix, Objected());
  const std::string other = base::StrCat(kCasePrefix, InNotice());
  EXPECT_EQ(List(Li(), 0, Application::OBJECTED), std::vector<std::string>{id});
  EXPECT_EQ(List(Li(), 0, Application::IN_NOTICE), std::vector<std::string>{other});
  EXPECT_TRUE(List(Lead(), 0, Application::OBJECTED).empty());
  EXPECT_EQ(List(Lead(), 0, Application::IN_NOTICE).size(), 2u);
  EXPECT_TRUE(List(Li(), 0, Application::DRAFT).empty());
}

// Two officers claim the same case at once: one wins, the other hears why, and there is one claim.
TEST_F(ReadTest, TwoOfficersAtOnce) {
  for (int round = 0; round < 10; ++round) {
    const std::string id = Submitted();
    const v1::ClaimCaseRequest by_li = ClaimOf(id);
    const v1::ClaimCaseRequest by_wang = Repeatable(by_li);
    absl::Status li;
    absl::Status wang;
    {
      std::thread other([&] {
        v1::ReviewCase answer;
        wang = service_.ClaimCase(Wang(), by_wang, &answer);
      });
      v1::ReviewCase answer;
      li = service_.ClaimCase(Li(), by_li, &answer);
      other.join();
    }
    EXPECT_NE(li.ok(), wang.ok());
    EXPECT_EQ(WordOf(li.ok() ? wang : li), "ETAG_STALE");
    EXPECT_EQ(HistoryOf(id), 2);
  }
}

// The same request sent twice at once has one effect and one answer.
TEST_F(ReadTest, SameRequestAtOnce) {
  for (int round = 0; round < 5; ++round) {
    const std::string id = Submitted();
    const v1::ClaimCaseRequest request = ClaimOf(id);
    v1::ReviewCase first;
    v1::ReviewCase second;
    absl::Status other_status;
    std::thread other([&] { other_status = service_.ClaimCase(Li(), request, &second); });
    EXPECT_DONE(service_.ClaimCase(Li(), request, &first));
    other.join();
    EXPECT_DONE(other_status);
    EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
    EXPECT_EQ(HistoryOf(id), 2);
  }
}

// a preparation and a sweep that meet on the same cases: each case is closed once, and the
// list that was frozen is the one that is recommended.
TEST_F(ReadTest, SweepAndPreparationAtOnce) {
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) ids.push_back(InNotice());
  clock_.Set(At("2023-04-26 00:00:00"));
  absl::Status swept;
  std::thread sweeper(
      [&] { swept = SweepDueNotices(deps_, CallOf(domain::Role::kClock, "clock")).status(); });
  v1::RecommendationList frozen;
  EXPECT_DONE(service_.PrepareRecommendation(Li(), PreparationOf(ids), &frozen));
  sweeper.join();
  EXPECT_DONE(swept);
  for (const std::string& id : ids) {
    EXPECT_EQ(StateOf(id), "NOTICE_CLOSED");
    EXPECT_EQ(HistoryOf(id), 6);
  }
  v1::Recommendation answer;
  EXPECT_DONE(service_.RecommendCases(Li(), RecommendationOf(ids), &answer));
  for (const std::string& id : ids) EXPECT_EQ(StateOf(id), "RECOMMENDED");
}

// Grants: what is decided or received can be added to, never changed.
TEST_F(ReadTest, InsertOnlyByGrant) {
  Recommended();
  for (const char* table :
       {"review_version", "condition_decision", "rd_decision", "case_return", "notice_line",
        "notice_outcome", "objection", "objection_decision", "recommendation",
        "recommendation_line", "recommendation_list", "recommendation_list_line", "forwarding",
        "delegation", "interest_declaration", "history"}) {
    const std::string update = base::StrCat("UPDATE ", table, " SET case_id = case_id");
    const std::string remove = base::StrCat("DELETE FROM ", table);
    for (const std::string& text : {update, remove}) {
      const db::Sql sql = {"test.forbidden", text.c_str()};
      const absl::Status status = Db().pool().Run(testdb::Soon(), [&](db::Txn& txn) {
        txn.Exec(sql);
        return absl::OkStatus();
      });
      EXPECT_EQ(db::ErrorWordOf(status), "DENIED") << text;
    }
  }
}

// A row changed, added or taken away by hand is found and named, in the case and in what was
// decided.
TEST_F(ReadTest, HandsInTheDatabaseAreFound) {
  const std::string id = Objected();
  v1::ReviewCase answer;
  ASSERT_DONE(service_.DismissObjection(Li(), HandlingOf(id), &answer));
  struct Row {
    std::string change;
    std::string back;
    std::string found;
  };
  for (const Row& row :
       {Row{"UPDATE review_case SET verified_rd_fen = verified_rd_fen + 1",
            "UPDATE review_case SET verified_rd_fen = verified_rd_fen - 1", "review_case id="},
        Row{"UPDATE condition_decision SET verdict = 2 WHERE condition_id = 'A4_1'",
            "UPDATE condition_decision SET verdict = 1 WHERE condition_id = 'A4_1'",
            "condition_decision id="},
        Row{"UPDATE review_version SET bytes = CONCAT(bytes, 'x')",
            "UPDATE review_version SET bytes = LEFT(bytes, LENGTH(bytes) - 1)",
            "review_version id="},
        Row{"UPDATE objection SET batch_id = REVERSE(batch_id)",
            "UPDATE objection SET batch_id = REVERSE(batch_id)", "objection id="},
        Row{"UPDATE notice_batch SET closes_us = closes_us + 1",
            "UPDATE notice_batch SET closes_us = closes_us - 1", "notice_batch id="}}) {
    Db().Execute(row.change);
    EXPECT_NE(AuditFindings().find(row.found), std::string::npos) << row.change;
    Db().Execute(row.back);
    EXPECT_EQ(AuditFindings(), "") << row.back;
  }
}

TEST(FormPath, LeadsToAFieldOfTheForm) {
  domain::PaperRules papers;
  papers.slots = {{.id = "A2_AGREEMENT"}, {.id = "A5_MEMBER_LICENCE"}};
  for (std::string_view path :
       {"lead", "lead.rd_spend_fen.y1", "alliance_name", "members", "members[2].credit_code",
        "members[2]", "alliance.cooperations[0].partner", "lead.lead_types", "recommender_region",
        "papers.A2_AGREEMENT", "papers.A5_MEMBER_LICENCE[2]", "contact.phone"}) {
    EXPECT_TRUE(IsFormPath(path, papers)) << path;
  }
  for (std::string_view path : {"",
                                ".",
                                "lead.",
                                ".lead",
                                "lead.rd_spend_fen.y3",
                                "lead[0]",
                                "members.credit_code",
                                "members[].credit_code",
                                "members[a]",
                                "members[1",
                                "members]1[",
                                "members[1234]",
                                "alliance_name.x",
                                "papers",
                                "papers.",
                                "papers.A9",
                                "papers.A2_AGREEMENT[",
                                "Lead",
                                "members[1]x",
                                "form.lead"}) {
    EXPECT_FALSE(IsFormPath(path, papers)) << path;
  }
}

}  // namespace
}  // namespace alliance::review
