// The auditor's view: what a region did, and a case as it was at an instant.

#include <algorithm>
#include <string>
#include <vector>

#include "common/act/wire_time.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "services/review/convert.h"
#include "services/review/fixture_test.h"

namespace alliance::review {
namespace {

using filing::v1::Application;

rpc::Call Auditor() { return CallOf(domain::Role::kAuditor, "audit-office"); }

class AuditViewTest : public ReviewTest {
 protected:
  absl::Status Then(const rpc::Call& reader, const std::string& id, absl::Time at) {
    v1::GetReviewCaseRequest request;
    request.set_name(base::StrCat(kCasePrefix, id));
    act::SetTime(at, request.mutable_as_of());
    case_.Clear();
    return service_.GetReviewCase(reader, request, &case_);
  }
  std::vector<v1::RegionAct> Acts(const rpc::Call& reader, v1::ListRegionActsRequest request) {
    std::vector<v1::RegionAct> acts;
    do {
      v1::ListRegionActsResponse answer;
      EXPECT_DONE(service_.ListRegionActs(reader, request, &answer));
      acts.insert(acts.end(), answer.acts().begin(), answer.acts().end());
      request.set_page_token(answer.next_page_token());
    } while (!request.page_token().empty());
    return acts;
  }
  static v1::ListRegionActsRequest Of(const std::string& region, int page_size = 0) {
    v1::ListRegionActsRequest request;
    request.set_region(region);
    request.set_page_size(page_size);
    return request;
  }
  void Tick() { clock_.Advance(absl::Hours(1)); }
  std::string VerdictOf(const std::string& condition) {
    for (const v1::ConditionRecord& record : case_.conditions()) {
      if (record.condition() == condition) {
        return v1::ConditionRecord::Verdict_Name(record.verdict());
      }
    }
    return "";
  }

  v1::ReviewCase case_;
};

// the verdicts of each instant, condition by condition.
// state, version, verified R&D and marks with them.
// A case that went back and forth: at every instant what was known then, on both sides of each act.
TEST_F(AuditViewTest, CaseAsItWas) {
  clock_.Set(At("2023-04-10 08:00:00"));
  v1::ReviewCase answer;
  const std::string id = Submitted();
  const absl::Time submitted = clock_.Now();
  Tick();
  ASSERT_DONE(service_.ClaimCase(Li(), ClaimOf(id), &answer));
  const absl::Time claimed = clock_.Now();
  Tick();
  v1::RecordConditionsRequest findings = FindingsOf(id);
  findings.mutable_conditions(0)->set_verdict(v1::ConditionRecord::CORRECT);
  ASSERT_DONE(service_.RecordConditions(Li(), findings, &answer));
  const absl::Time recorded = clock_.Now();
  Tick();
  ASSERT_DONE(service_.ReturnCase(Li(), ReturnOf(id), &answer));
  const absl::Time returned = clock_.Now();
  Tick();
  events::v1::ApplicationVersion second = Version(2);
  second.mutable_form()->set_alliance_name("大连市智能装备产业联盟");
  ASSERT_DONE(Deliver(SubmittedEvent(id, 2, 3, second)));
  const absl::Time resubmitted = clock_.Now();
  Tick();
  ASSERT_DONE(service_.ClaimCase(Wang(), ClaimOf(id), &answer));
  Tick();
  findings = FindingsOf(id);
  findings.set_verified_rd_fen(100'000'000);
  ASSERT_DONE(service_.RecordConditions(Wang(), findings, &answer));
  const absl::Time recorded_again = clock_.Now();
  Tick();
  v1::ReturnCaseRequest again = ReturnOf(id);
  again.mutable_marks(0)->set_field("alliance_name");
  ASSERT_DONE(service_.ReturnCase(Wang(), again, &answer));
  const absl::Time returned_again = clock_.Now();
  Tick();

  struct Row {
    absl::Time at;
    Application::State state;
    int version;
    const char* verdict;  // of A4_1
    int64_t rd;
    const char* mark;
    int timeline;
  };
  const absl::Duration before = absl::Microseconds(1);
  for (const Row& row : {
           Row{submitted, Application::SUBMITTED, 1, "", 0, "", 1},
           Row{claimed - before, Application::SUBMITTED, 1, "", 0, "", 1},
           Row{claimed, Application::REVIEWING, 1, "", 0, "", 2},
           Row{recorded - before, Application::REVIEWING, 1, "", 0, "", 2},
           Row{recorded, Application::REVIEWING, 1, "CORRECT", 123'450'000, "", 3},
           Row{returned - before, Application::REVIEWING, 1, "CORRECT", 123'450'000, "", 3},
           Row{returned, Application::RETURNED, 1, "CORRECT", 123'450'000, "lead.rd_spend_fen.y1",
               4},
           Row{resubmitted - before, Application::RETURNED, 1, "CORRECT", 123'450'000,
               "lead.rd_spend_fen.y1", 4},
           Row{resubmitted, Application::SUBMITTED, 2, "", 0, "lead.rd_spend_fen.y1", 5},
           Row{recorded_again, Application::REVIEWING, 2, "PASS", 100'000'000,
               "lead.rd_spend_fen.y1", 7},
           Row{returned_again - before, Application::REVIEWING, 2, "PASS", 100'000'000,
               "lead.rd_spend_fen.y1", 7},
           Row{returned_again, Application::RETURNED, 2, "PASS", 100'000'000, "alliance_name", 8},
       }) {
    ASSERT_DONE(Then(Auditor(), id, row.at));
    EXPECT_EQ(case_.state(), row.state) << row.at;
    EXPECT_EQ(case_.version_number(), row.version) << row.at;
    EXPECT_EQ(VerdictOf("A4_1"), row.verdict) << row.at;
    EXPECT_EQ(case_.verified_rd_fen(), row.rd) << row.at;
    EXPECT_EQ(case_.marks_size() == 0 ? "" : case_.marks(0).field(), row.mark) << row.at;
    EXPECT_EQ(case_.timeline_size(), row.timeline) << row.at;
    EXPECT_EQ(case_.alliance_name(),
              row.version == 1 ? "大连市智能装备联盟" : "大连市智能装备产业联盟");
    EXPECT_EQ(case_.etag(), "");
    EXPECT_TRUE(case_.allowed_actions().empty());
    EXPECT_EQ(case_.reviewer(), "");
  }
  // The last instant is the present.
  const v1::ReviewCase present = Read(id, Auditor());
  EXPECT_EQ(case_.version_digest(), present.version_digest());
  EXPECT_EQ(case_.conditions_size(), present.conditions_size());
}

// on notice, objected, upheld, on notice again, and over by the clock alone: the end counts
// from its instant, whenever somebody looked first.
TEST_F(AuditViewTest, NoticeAsItWas) {
  const std::string id = Objected();
  const std::string first = batch_;
  const absl::Time objected = clock_.Now();
  Tick();
  v1::ReviewCase answer;
  ASSERT_DONE(service_.RenoticeCase(Li(), HandlingOf(id), &answer));
  const std::string second = answer.notice_batch();
  const absl::Time renoticed = clock_.Now();
  const absl::Time end = At("2023-04-26 00:00:00");
  clock_.Set(end + absl::Hours(50));

  ASSERT_DONE(Then(Province(), id, end + absl::Hours(1)));
  EXPECT_EQ(case_.state(), Application::NOTICE_CLOSED);
  ASSERT_DONE(Then(Province(), id, end));
  EXPECT_EQ(case_.state(), Application::NOTICE_CLOSED);
  ASSERT_DONE(Then(Province(), id, end - absl::Microseconds(1)));
  EXPECT_EQ(case_.state(), Application::IN_NOTICE);
  EXPECT_EQ(case_.notice_batch(), second);
  EXPECT_EQ(case_.objection_count(), 1);
  ASSERT_DONE(Then(Province(), id, renoticed - absl::Microseconds(1)));
  EXPECT_EQ(case_.state(), Application::OBJECTED);
  EXPECT_EQ(case_.notice_batch(), first);
  ASSERT_DONE(Then(Li(), id, objected));
  EXPECT_EQ(case_.state(), Application::OBJECTED);
}

// the past is for whoever may read the case inside; not the future, not before it came.
TEST_F(AuditViewTest, PastIsRefused) {
  const std::string id = Submitted();
  const absl::Time arrived = clock_.Now();
  EXPECT_EQ(FieldsOf(Then(Auditor(), id, arrived - absl::Microseconds(1))), "as_of");
  EXPECT_DONE(Then(Auditor(), id, arrived));
  EXPECT_EQ(FieldsOf(Then(Auditor(), id, arrived + absl::Microseconds(1))), "as_of");
  for (const rpc::Call& by : {Lead(), OtherLead(), Zhao(), Public(), Operator()}) {
    SCOPED_TRACE(by.caller.account);
    EXPECT_REFUSED(Then(by, id, arrived), kNotPermitted);
  }
  EXPECT_REFUSED(Then(Auditor(), NewId(), arrived), kNotPermitted);
}

// everything that the region did, in the order of time, page by page, and nothing of others.
TEST_F(AuditViewTest, RegionActsAreAll) {
  const std::string id = InNotice();  // submit (filing), claim, record, pass, open_notice twice
  Tick();
  v1::FileObjectionResponse objection;
  ASSERT_DONE(service_.FileObjection(Public(), ObjectionTo(id), &objection));
  Tick();
  v1::ReviewCase answer;
  ASSERT_DONE(service_.DismissObjection(Wang(), HandlingOf(id), &answer));
  events::v1::ApplicationVersion elsewhere = Version();
  elsewhere.set_recommender_region("210100");
  Passed(elsewhere, Zhao());

  const std::vector<v1::RegionAct> acts = Acts(Auditor(), Of("210200"));
  std::vector<std::string> done;
  for (const v1::RegionAct& act : acts) {
    done.push_back(base::StrCat(act.actor(), " ", act.action()));
    EXPECT_EQ(act.role(), "recommender");
    EXPECT_EQ(act.hash().size(), 64u);
  }
  std::sort(done.begin(), done.end());
  EXPECT_EQ(done, (std::vector<std::string>{"li claim", "li open_notice", "li open_notice",
                                            "li pass", "li record", "wang dismiss"}));
  EXPECT_EQ(acts.back().action(), "dismiss");
  EXPECT_EQ(acts.back().target(), base::StrCat(kCasePrefix, id));
  EXPECT_EQ(acts.back().from_state(), "OBJECTED");
  EXPECT_EQ(acts.back().to_state(), "IN_NOTICE");
  EXPECT_EQ(acts.back().reason(), "经核查");
  EXPECT_EQ(acts.back().paper_digest(), crypto::Hex(crypto::Sha256("异议处理记录")));
  EXPECT_EQ(std::count_if(acts.begin(), acts.end(),
                          [&](const v1::RegionAct& act) { return act.target() == batch_; }),
            1);
  // One at a time is the same, whatever happened in one instant.
  std::string whole;
  std::string paged;
  for (const v1::RegionAct& act : acts) whole += act.SerializeAsString();
  for (const v1::RegionAct& act : Acts(Auditor(), Of("210200", 1)))
    paged += act.SerializeAsString();
  EXPECT_EQ(paged, whole);
  EXPECT_EQ(Acts(Province(), Of("210100")).size(), 3u);
  EXPECT_TRUE(Acts(Auditor(), Of("HTZ-DL")).empty());
}

// between two instants, the first of them inclusive; who may ask, and how.
TEST_F(AuditViewTest, RegionActsHaveAPeriodAndReaders) {
  const absl::Time first = clock_.Now();
  Reviewing();
  Tick();
  const absl::Time second = clock_.Now();
  Reviewing();
  v1::ListRegionActsRequest request = Of("210200");
  EXPECT_EQ(Acts(Li(), request).size(), 2u);
  act::SetTime(first + absl::Microseconds(1), request.mutable_from_time());
  EXPECT_EQ(Acts(Li(), request).size(), 1u);
  act::SetTime(second, request.mutable_from_time());
  EXPECT_EQ(Acts(Li(), request).size(), 1u);
  request.clear_from_time();
  act::SetTime(second, request.mutable_until_time());
  EXPECT_EQ(Acts(Li(), request).size(), 1u);

  v1::ListRegionActsResponse answer;
  for (const rpc::Call& by : {Zhao(), Zhang(), Lead(), Public(), Operator()}) {
    EXPECT_REFUSED(service_.ListRegionActs(by, Of("210200"), &answer), kNotPermitted);
  }
  act::SetTime(second, request.mutable_from_time());
  EXPECT_EQ(FieldsOf(service_.ListRegionActs(Li(), request, &answer)), "until_time");
  EXPECT_EQ(FieldsOf(service_.ListRegionActs(Auditor(), {}, &answer)), "region");
  request = Of("210200", 1);
  ASSERT_DONE(service_.ListRegionActs(Li(), request, &answer));
  request.set_page_token(answer.next_page_token());
  EXPECT_REFUSED(service_.ListRegionActs(Wang(), request, &answer), kPageTokenInvalid);
  act::SetTime(first, request.mutable_from_time());
  EXPECT_REFUSED(service_.ListRegionActs(Li(), request, &answer), kPageTokenInvalid);
}

}  // namespace
}  // namespace alliance::review
