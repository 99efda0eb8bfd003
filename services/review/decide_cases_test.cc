// Decisions on many cases in one request.

#include <string>
#include <thread>
#include <vector>

#include "common/base/str.h"
#include "services/review/convert.h"
#include "services/review/fixture_test.h"

namespace alliance::review {
namespace {

using filing::v1::Application;

class DecideCasesTest : public ReviewTest {
 protected:
  absl::Status Decide(const rpc::Call& by, const v1::DecideCasesRequest& request) {
    return service_.DecideCases(by, request, &answer_);
  }
  static v1::DecideCasesRequest Of(const std::vector<v1::CaseDecision>& decisions) {
    v1::DecideCasesRequest request;
    for (const v1::CaseDecision& one : decisions) *request.add_decisions() = one;
    request.set_request_id(NewId());
    return request;
  }
  v1::CaseDecision Claim(const std::string& id) {
    v1::CaseDecision one;
    *one.mutable_claim_case() = ClaimOf(id);
    return one;
  }
  v1::CaseDecision Return(const std::string& id) {
    v1::CaseDecision one;
    *one.mutable_return_case() = ReturnOf(id);
    return one;
  }
  v1::CaseDecision Pass(const std::string& id) {
    v1::CaseDecision one;
    one.mutable_pass_case()->set_name(base::StrCat(kCasePrefix, id));
    one.mutable_pass_case()->set_etag(EtagOf(id));
    return one;
  }
  v1::CaseDecision Reject(const std::string& id, const std::string& reason) {
    v1::CaseDecision one;
    one.mutable_reject_case()->set_name(base::StrCat(kCasePrefix, id));
    one.mutable_reject_case()->set_etag(EtagOf(id));
    one.mutable_reject_case()->set_reason(reason);
    return one;
  }
  // In review with everything recorded; the first condition failed where `failed`.
  std::string Recorded(bool failed = false) {
    const std::string id = Reviewing();
    v1::RecordConditionsRequest findings = FindingsOf(id);
    if (failed) findings.mutable_conditions(0)->set_verdict(v1::ConditionRecord::FAIL);
    v1::ReviewCase answer;
    EXPECT_DONE(service_.RecordConditions(Li(), findings, &answer));
    return id;
  }
  // What the method that decides alone says to the same.
  absl::Status Alone(const v1::CaseDecision& one) {
    v1::ReviewCase answer;
    switch (one.decision_case()) {
      case v1::CaseDecision::kClaimCase:
        return service_.ClaimCase(Li(), Repeatable(one.claim_case()), &answer);
      case v1::CaseDecision::kPassCase:
        return service_.PassCase(Li(), Repeatable(one.pass_case()), &answer);
      case v1::CaseDecision::kReturnCase:
        return service_.ReturnCase(Li(), Repeatable(one.return_case()), &answer);
      default:
        return service_.RejectCase(Li(), Repeatable(one.reject_case()), &answer);
    }
  }

  v1::DecideCasesResponse answer_;
};

// each is done as by its own method, with history and event.
TEST_F(DecideCasesTest, EachIsDoneAsAlone) {
  const std::string claimed = Submitted();
  const std::string passed = Recorded();
  const std::string returned = Recorded();
  const std::string rejected = Recorded(true);
  ASSERT_DONE(Decide(
      Li(), Of({Claim(claimed), Pass(passed), Return(returned), Reject(rejected, "不符合条件")})));
  ASSERT_EQ(answer_.results_size(), 4);
  struct Row {
    std::string id;
    const char* state;
    const char* action;
  };
  const std::vector<Row> rows = {{claimed, "REVIEWING", "claim"},
                                 {passed, "PASSED", "pass"},
                                 {returned, "RETURNED", "return"},
                                 {rejected, "REJECTED", "reject"}};
  for (size_t i = 0; i < rows.size(); ++i) {
    const v1::CaseResult& result = answer_.results(static_cast<int>(i));
    EXPECT_EQ(result.name(), base::StrCat(kCasePrefix, rows[i].id));
    EXPECT_TRUE(result.has_review_case()) << rows[i].action;
    EXPECT_EQ(Application::State_Name(result.review_case().state()), rows[i].state);
    EXPECT_EQ(StateOf(rows[i].id), rows[i].state);
    EXPECT_EQ(LastHistory(rows[i].id, "action"), rows[i].action);
    EXPECT_EQ(LastHistory(rows[i].id, "actor"), "li");
  }
  EXPECT_EQ(Read(claimed).reviewer(), "li");
  ASSERT_EQ(Emitted().size(), 2u);
  EXPECT_EQ(Emitted()[0].application_returned().marks_size(), 1);
  EXPECT_EQ(Emitted()[1].application_rejected().reason(), "不符合条件");
}

// a refusal is that of the single method, word for word; the others go on.
TEST_F(DecideCasesTest, RefusalsAreThoseOfTheSingleMethod) {
  const std::string done = Submitted();
  v1::CaseDecision conflict = Claim(Submitted());
  conflict.mutable_claim_case()->set_no_conflict_of_interest(false);
  v1::CaseDecision stale = Claim(Submitted());
  stale.mutable_claim_case()->set_etag("\"99\"");
  v1::CaseDecision without_etag = Claim(Submitted());
  without_etag.mutable_claim_case()->clear_etag();
  v1::CaseDecision bad_marks = Return(Reviewing());
  bad_marks.mutable_return_case()->mutable_marks(0)->set_field("no.such.field");
  events::v1::ApplicationVersion elsewhere = Version();
  elsewhere.set_recommender_region("210100");
  v1::CaseDecision malformed = Claim(Submitted());
  malformed.mutable_claim_case()->set_name("x");
  const std::vector<v1::CaseDecision> refused = {conflict,
                                                 stale,
                                                 without_etag,
                                                 bad_marks,
                                                 malformed,
                                                 Claim(Submitted(elsewhere)),
                                                 Pass(Submitted()),
                                                 Pass(Reviewing()),
                                                 Reject(Recorded(), "无不合格条件"),
                                                 Reject(Recorded(true), "")};
  std::vector<v1::CaseDecision> all = refused;
  all.push_back(Claim(done));
  ASSERT_DONE(Decide(Li(), Of(all)));
  ASSERT_EQ(answer_.results_size(), static_cast<int>(all.size()));
  for (size_t i = 0; i < refused.size(); ++i) {
    const v1::CaseRefusal& said = answer_.results(static_cast<int>(i)).refusal();
    const absl::Status alone = Alone(refused[i]);
    ASSERT_FALSE(alone.ok()) << i;
    const domain::ErrorDetails details = *domain::DetailsOf(alone);
    EXPECT_EQ(said.reason(), details.reason) << i;
    EXPECT_EQ(said.code(), static_cast<int>(alone.code())) << i;
    EXPECT_EQ(said.problems().text_zh(), details.zh) << i;
    EXPECT_EQ(said.problems().text_en(), details.en) << i;
    EXPECT_EQ(said.problems().fields_size(), static_cast<int>(details.fields.size())) << i;
    EXPECT_EQ(said.metadata().size(), details.metadata.size()) << i;
  }
  const std::vector<std::string> words = {
      "CONFLICT_OF_INTEREST", "ETAG_STALE",     "ETAG_REQUIRED", "INVALID_REQUEST",
      "INVALID_REQUEST",      "NOT_PERMITTED",  "WRONG_STATE",   "CONDITION_OPEN",
      "NO_FAILED_CONDITION",  "REASON_REQUIRED"};
  for (size_t i = 0; i < words.size(); ++i) {
    EXPECT_EQ(answer_.results(static_cast<int>(i)).refusal().reason(), words[i]) << i;
  }
  EXPECT_TRUE(answer_.results().rbegin()->has_review_case());
  EXPECT_EQ(StateOf(done), "REVIEWING");
}

// a repeat answers the same and does nothing, also where the world has moved on since.
TEST_F(DecideCasesTest, RepeatAnswersTheSame) {
  const std::string claimed = Submitted();
  const std::string open = Reviewing();
  const v1::DecideCasesRequest request = Of({Claim(claimed), Pass(open)});
  ASSERT_DONE(Decide(Li(), request));
  const std::string first = answer_.SerializeAsString();
  EXPECT_EQ(answer_.results(1).refusal().reason(), "CONDITION_OPEN");
  ASSERT_DONE(Record(open, Li()));
  ASSERT_DONE(Decide(Li(), request));
  EXPECT_EQ(answer_.SerializeAsString(), first);
  EXPECT_EQ(HistoryOf(claimed), 2);
  EXPECT_EQ(StateOf(open), "REVIEWING");

  v1::DecideCasesRequest other = request;
  other.mutable_decisions()->RemoveLast();
  EXPECT_REFUSED(Decide(Li(), other), kRequestIdReused);
  EXPECT_EQ(HistoryOf(claimed), 2);
}

// the process ended before the results were kept: a repeat finds what is done and goes on.
TEST_F(DecideCasesTest, RepeatGoesOnAfterACrash) {
  const std::string first = Submitted();
  const std::string second = Submitted();
  v1::DecideCasesRequest request = Of({Claim(first), Claim(second)});
  ASSERT_DONE(Decide(Li(), request));
  const std::string before = answer_.SerializeAsString();
  Db().Execute(
      base::StrCat("DELETE FROM idempotency WHERE request_id = '", request.request_id(), "'"));
  ASSERT_DONE(Decide(Li(), request));
  EXPECT_EQ(answer_.SerializeAsString(), before);
  EXPECT_EQ(HistoryOf(first), 2);
  EXPECT_EQ(HistoryOf(second), 2);
}

// the same request twice at once: one effect, one answer.
TEST_F(DecideCasesTest, SameRequestAtOnce) {
  std::vector<std::string> ids;
  std::vector<v1::CaseDecision> decisions;
  for (int i = 0; i < 8; ++i) {
    ids.push_back(Submitted());
    decisions.push_back(Claim(ids.back()));
  }
  const v1::DecideCasesRequest request = Of(decisions);
  v1::DecideCasesResponse second;
  absl::Status other_status;
  std::thread other([&] { other_status = service_.DecideCases(Li(), request, &second); });
  EXPECT_DONE(Decide(Li(), request));
  other.join();
  EXPECT_DONE(other_status);
  EXPECT_EQ(answer_.SerializeAsString(), second.SerializeAsString());
  for (const std::string& id : ids) EXPECT_EQ(HistoryOf(id), 2);
  for (const v1::CaseResult& result : answer_.results()) EXPECT_TRUE(result.has_review_case());
}

// 500 are taken, 501 are not; nor is an empty request, a case twice or an empty decision.
TEST_F(DecideCasesTest, RequestHasAShape) {
  v1::DecideCasesRequest request = Of({});
  EXPECT_EQ(FieldsOf(Decide(Li(), request)), "decisions");
  v1::CaseDecision one = Claim(Submitted());
  for (int i = 0; i < 500; ++i) {
    one.mutable_claim_case()->set_name(base::StrCat(kCasePrefix, NewId()));
    *request.add_decisions() = one;
  }
  ASSERT_DONE(Decide(Li(), request));
  EXPECT_EQ(answer_.results_size(), 500);
  EXPECT_EQ(answer_.results(499).refusal().reason(), "NOT_PERMITTED");
  *request.add_decisions() = Claim(Submitted());
  const absl::Status many = Decide(Li(), Repeatable(request));
  EXPECT_REFUSED(many, kInvalidRequest);
  EXPECT_EQ(FieldsOf(many), "decisions");

  const std::string id = Submitted();
  request = Of({Claim(id), v1::CaseDecision(), Pass(id)});
  EXPECT_EQ(FieldsOf(Decide(Li(), request)), "decisions[1],decisions[2]");
  request = Of({Claim(id)});
  request.clear_request_id();
  EXPECT_REFUSED(Decide(Li(), request), kRequestIdRequired);
  for (const rpc::Call& by : {Province(), Lead(), Public(), Operator()}) {
    EXPECT_REFUSED(Decide(by, Of({Claim(id)})), kNotPermitted);
  }
  EXPECT_EQ(StateOf(id), "SUBMITTED");
}

}  // namespace
}  // namespace alliance::review
