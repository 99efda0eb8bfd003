// The provincial stage up to the division's opinion (article 6(3), R-084, R-085).

#include <algorithm>
#include <set>
#include <thread>

#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/domain/draw.h"
#include "services/filing/case_fixture.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Role;

class ProvinceTest : public CaseFixture {
 protected:
  const domain::Caller province_ = Official(Role::kProvince);

  absl::Status SendBack(const std::string& name, const std::string& etag, const std::string& reason,
                        const domain::Caller& caller) {
    v1::SendBackApplicationRequest request;
    request.set_name(name);
    request.set_etag(etag);
    request.set_request_id(NewId());
    request.set_reason(reason);
    v1::Application answer;
    return service_->SendBackApplication(As(caller, "SendBackApplication"), request, &answer);
  }

  absl::Status Commit(const domain::Caller& caller, v1::Draw* draw) {
    v1::CommitDrawRequest request;
    request.set_round(kRound);
    request.set_request_id(NewId());
    return service_->CommitDraw(As(caller, "CommitDraw"), request, draw);
  }

  absl::Status Draw(int count, const domain::Caller& caller, v1::Draw* draw) {
    v1::DrawSurveyRequest request;
    request.set_round(kRound);
    request.set_count(count);
    request.set_request_id(NewId());
    return service_->DrawSurvey(As(caller, "DrawSurvey"), request, draw);
  }

  v1::RecordSurveyRequest SurveyOf(const v1::Application& application) {
    v1::RecordSurveyRequest request;
    request.set_name(application.name());
    request.set_etag(application.etag());
    request.set_request_id(NewId());
    request.set_findings("现场核实，设备与人员到位。");
    *request.mutable_record() = ADocument("调研考察记录");
    return request;
  }

  absl::Status RecordSurvey(const v1::RecordSurveyRequest& request, const domain::Caller& caller) {
    v1::Application answer;
    return service_->RecordSurvey(As(caller, "RecordSurvey"), request, &answer);
  }
};

// Accept ------------------------------------------------------------------------------------------

TEST_F(ProvinceTest, OnlyTheProvinceAcceptsWhatIsRecommended) {
  const v1::Application recommended = Recommended();
  EXPECT_EQ(recommended.verified_rd_fen(), 590'000'000);
  for (const domain::Caller& caller :
       {Lead(), Recommender(), Official(Role::kRecorder), Official(Role::kAuditor)}) {
    EXPECT_TRUE(Refused(Accept(recommended.name(), recommended.etag(), caller).status(),
                        Reason::kNotPermitted))
        << caller.account;
  }
  EXPECT_TRUE(Refused(Accept(recommended.name(), "", province_).status(), Reason::kEtagRequired));
  EXPECT_TRUE(Refused(Accept(recommended.name(), "\"1\"", province_).status(), Reason::kEtagStale));
  const auto accepted = Accept(recommended.name(), recommended.etag(), province_);
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_EQ(accepted->state(), v1::Application::ACCEPTED);
  EXPECT_TRUE(Refused(Accept(recommended.name(), accepted->etag(), province_).status(),
                      Reason::kWrongState));
  // The applicant learns nothing of it.
  const v1::Application told = Get(recommended.name(), Lead());
  EXPECT_EQ(told.state(), v1::Application::RECOMMENDED);
  EXPECT_EQ(told.applicant_label(), "待省厅备案");
  for (const auto& entry : told.timeline()) EXPECT_NE(entry.action(), "accept");
}

TEST_F(ProvinceTest, TwoOfficersAtOnceAcceptOnce) {
  const v1::Application recommended = Recommended();
  absl::Status results[2];
  std::thread threads[2];
  for (int i = 0; i < 2; ++i) {
    threads[i] = std::thread([&, i] {
      results[i] = Accept(recommended.name(), recommended.etag(),
                          Official(Role::kProvince, base::StrCat("officer-", i)))
                       .status();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_NE(results[0].ok(), results[1].ok());
  EXPECT_TRUE(Refused(results[0].ok() ? results[1] : results[0], Reason::kEtagStale));
  EXPECT_EQ(Count("SELECT COUNT(*) FROM history WHERE action='accept'"), 1);
}

// Send back
// -----------------------------------------------------------------------------------------

TEST_F(ProvinceTest, SendingBackNeedsAReasonAndHandsTheCaseToReview) {
  const v1::Application accepted = Accepted();
  EXPECT_TRUE(
      Refused(SendBack(accepted.name(), accepted.etag(), " ", province_), Reason::kReasonRequired));
  EXPECT_TRUE(Refused(SendBack(accepted.name(), accepted.etag(), "x", Official(Role::kRecorder)),
                      Reason::kNotPermitted));
  EXPECT_TRUE(Refused(SendBack(accepted.name(), "\"1\"", "x", province_), Reason::kEtagStale));
  ASSERT_TRUE(SendBack(accepted.name(), accepted.etag(), "请补充实地核查", province_).ok());
  const v1::Application read = Get(accepted.name());
  EXPECT_EQ(read.state(), v1::Application::REVIEWING);
  EXPECT_EQ(read.holder(), "review");
  const events::v1::Event event = Emitted("review").back();
  EXPECT_EQ(event.application_sent_back().reason(), "请补充实地核查");
  EXPECT_EQ(event.handoff_sequence(), HandoffOf(accepted.name()));
  EXPECT_TRUE(
      Refused(SendBack(accepted.name(), read.etag(), "再退", province_), Reason::kWrongState));
  // And it may come again.
  ASSERT_TRUE(Recommend(read).ok());
  EXPECT_EQ(Get(accepted.name()).state(), v1::Application::RECOMMENDED);
}

// The draw
// --------------------------------------------------------------------------------------

TEST_F(ProvinceTest, AnybodyCanDrawAgainFromTheSeed) {
  std::vector<std::string> accepted;
  for (int i = 1; i <= 5; ++i) accepted.push_back(Accepted(i).name());
  Recommended(6);  // not accepted: not in the list
  std::sort(accepted.begin(), accepted.end());

  v1::Draw committed;
  ASSERT_TRUE(Commit(province_, &committed).ok());
  EXPECT_EQ(committed.name(), "draws/2023-tsl");
  EXPECT_EQ(committed.seed(), "");
  // Published before the list is closed: the round shows it to everybody.
  v1::GetRoundRequest get;
  get.set_name(kRound);
  v1::Round round;
  ASSERT_TRUE(service_->GetRound(As(Official(Role::kPublic), "GetRound"), get, &round).ok());
  EXPECT_EQ(round.survey_draw().seed_digest(), committed.seed_digest());
  EXPECT_EQ(round.survey_draw().seed(), "");

  v1::Draw drawn;
  ASSERT_TRUE(Draw(2, province_, &drawn).ok());
  EXPECT_EQ(drawn.seed_digest(), committed.seed_digest());
  EXPECT_EQ(crypto::Hex(crypto::Sha256(drawn.seed())), committed.seed_digest());
  EXPECT_EQ(std::vector<std::string>(drawn.applications().begin(), drawn.applications().end()),
            accepted);
  const auto again = domain::DrawSample(*crypto::Unhex(drawn.seed_digest()), drawn.seed(), accepted,
                                        2, crypto::Sha256);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(std::vector<std::string>(drawn.drawn().begin(), drawn.drawn().end()), *again);
  for (const std::string& name : accepted) {
    const bool chosen = std::find(again->begin(), again->end(), name) != again->end();
    EXPECT_EQ(Get(name).state(), chosen ? v1::Application::SURVEYING : v1::Application::ACCEPTED);
  }
  ASSERT_TRUE(service_->GetRound(As(Official(Role::kPublic), "GetRound"), get, &round).ok());
  EXPECT_EQ(round.survey_draw().seed(), drawn.seed());
  EXPECT_EQ(round.survey_draw().list_digest(), drawn.list_digest());
  EXPECT_EQ(round.survey_draw().applications_size(), 0);  // the cases are for officials
  ASSERT_TRUE(service_->GetRound(As(province_, "GetRound"), get, &round).ok());
  EXPECT_EQ(round.survey_draw().drawn_size(), 2);
}

TEST_F(ProvinceTest, ADrawIsCommittedAndDrawnOnce) {
  v1::Draw draw;
  EXPECT_TRUE(Refused(Commit(Lead(), &draw), Reason::kNotPermitted));
  EXPECT_TRUE(Refused(Commit(Official(Role::kRecorder), &draw), Reason::kNotPermitted));
  EXPECT_TRUE(Refused(Draw(0, province_, &draw), Reason::kWrongState));  // nothing committed
  ASSERT_TRUE(Commit(province_, &draw).ok());
  EXPECT_TRUE(Refused(Commit(province_, &draw), Reason::kAlreadyExists));
  EXPECT_EQ(Fields(Draw(0, province_, &draw)), "round:NO_ACCEPTED_CASES");
  Accepted(1);
  Accepted(2);
  EXPECT_TRUE(Refused(Draw(1, Recommender(), &draw), Reason::kNotPermitted));
  EXPECT_EQ(Fields(Draw(3, province_, &draw)), "count:OUT_OF_RANGE");
  EXPECT_EQ(Fields(Draw(-1, province_, &draw)), "count:OUT_OF_RANGE");
  EXPECT_EQ(Fields(Draw(501, province_, &draw)), "count:OUT_OF_RANGE");
  ASSERT_TRUE(Draw(2, province_, &draw).ok());
  EXPECT_TRUE(Refused(Draw(2, province_, &draw), Reason::kDrawClosed));
  EXPECT_EQ(Count("SELECT COUNT(*) FROM application WHERE state='SURVEYING'"), 2);
}

TEST_F(ProvinceTest, TwoDrawsAtOnceAreOne) {
  for (int i = 1; i <= 4; ++i) Accepted(i);
  v1::Draw committed;
  ASSERT_TRUE(Commit(province_, &committed).ok());
  absl::Status results[2];
  std::thread threads[2];
  for (int i = 0; i < 2; ++i) {
    threads[i] = std::thread([&, i] {
      v1::Draw draw;
      results[i] = Draw(2, province_, &draw);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_NE(results[0].ok(), results[1].ok()) << results[0] << results[1];
  EXPECT_TRUE(Refused(results[0].ok() ? results[1] : results[0], Reason::kDrawClosed));
  EXPECT_EQ(Count("SELECT COUNT(*) FROM application WHERE state='SURVEYING'"), 2);
}

// Survey and opinion
// --------------------------------------------------------------------------------------

TEST_F(ProvinceTest, ASurveyIsRecordedWithItsPaper) {
  const v1::Application accepted = Accepted();
  EXPECT_TRUE(Refused(RecordSurvey(SurveyOf(accepted), province_), Reason::kWrongState));
  CloseDraw(1);
  const v1::Application surveying = Get(accepted.name());
  v1::RecordSurveyRequest request = SurveyOf(surveying);
  request.clear_record();
  EXPECT_TRUE(Refused(RecordSurvey(request, province_), Reason::kPaperRequired));
  request = SurveyOf(surveying);
  request.mutable_record()->set_sha256("short");
  request.clear_findings();
  EXPECT_EQ(Fields(RecordSurvey(request, province_)), "findings:REQUIRED record.sha256:DIGEST");
  EXPECT_TRUE(Refused(RecordSurvey(SurveyOf(surveying), Recommender()), Reason::kNotPermitted));
  ASSERT_TRUE(RecordSurvey(SurveyOf(surveying), province_).ok());
  EXPECT_EQ(Get(accepted.name()).state(), v1::Application::SURVEYED);
  EXPECT_EQ(Get(accepted.name(), Lead()).state(), v1::Application::RECOMMENDED);
}

// only when nobody can be drawn any more.
TEST_F(ProvinceTest, TheOpinionWaitsForTheDraw) {
  const v1::Application first = Accepted(1);
  const v1::Application second = Accepted(2);
  EXPECT_TRUE(
      Refused(GiveOpinion(first.name(), first.etag(), province_).status(), Reason::kDrawOpen));
  const v1::Draw draw = CloseDraw(1);
  const std::string drawn = draw.drawn(0);
  const std::string spared = drawn == first.name() ? second.name() : first.name();
  EXPECT_TRUE(Refused(GiveOpinion(drawn, Get(drawn).etag(), province_).status(),
                      Reason::kWrongState));  // SURVEYING: the visit first
  EXPECT_TRUE(GiveOpinion(spared, Get(spared).etag(), province_).ok());
  ASSERT_TRUE(RecordSurvey(SurveyOf(Get(drawn)), province_).ok());
  EXPECT_TRUE(Refused(GiveOpinion(drawn, Get(drawn).etag(), Official(Role::kRecorder)).status(),
                      Reason::kNotPermitted));
  const auto pending = GiveOpinion(drawn, Get(drawn).etag(), province_);
  ASSERT_TRUE(pending.ok()) << pending.status();
  EXPECT_EQ(pending->state(), v1::Application::PENDING_DECISION);
}

TEST_F(ProvinceTest, AnOpinionNeedsItsTextAndItsPaperAndStaysInside) {
  const v1::Application accepted = Accepted();
  CloseDraw(0);
  v1::GiveOpinionRequest request;
  request.set_name(accepted.name());
  request.set_etag(accepted.etag());
  request.set_request_id(NewId());
  v1::Application answer;
  const rpc::Call call = As(province_, "GiveOpinion");
  EXPECT_EQ(Fields(service_->GiveOpinion(call, request, &answer)), "opinion:REQUIRED");
  request.set_opinion("内部意见：建议备案");
  EXPECT_TRUE(Refused(service_->GiveOpinion(call, request, &answer), Reason::kPaperRequired));
  *request.mutable_document() = ADocument("处室意见");
  ASSERT_TRUE(service_->GiveOpinion(call, request, &answer).ok());
  for (const domain::Caller& reader : {Lead(), Recommender(), Official(Role::kAuditor)}) {
    EXPECT_EQ(Get(accepted.name(), reader).SerializeAsString().find("内部意见"), std::string::npos);
  }
}

}  // namespace
}  // namespace alliance::filing
