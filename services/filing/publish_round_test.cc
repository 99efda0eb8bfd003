// Publishing a round: what is checked, what freezes it, and how the other services come to it.

#include <fstream>
#include <iterator>

#include "common/act/published_packs.h"
#include "common/base/str.h"
#include "services/filing/case_fixture.h"
#include "services/filing/rounds.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Role;

std::string PackText() {
  std::ifstream in(ALLIANCE_SOURCE_DIR "/common/rules/2023.textproto");
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string With(std::string text, std::string_view right, std::string_view wrong) {
  const size_t at = text.find(right);
  EXPECT_NE(at, std::string::npos) << right;
  return text.replace(at, right.size(), wrong);
}

// The round after: published on 20 March 2023, opening on 3 April like the real one.
std::string NextRound() { return With(PackText(), "id: \"2023-tsl\"", "id: \"2023-next\""); }
constexpr char kNext[] = "rounds/2023-next";

class PublishRoundTest : public CaseFixture {
 protected:
  void SetUp() override {
    CaseFixture::SetUp();
    // Packs of its own: what is published here is not for other tests.
    packs_of_test_ = LoadInstalled();
    deps_ = std::make_unique<act::Deps>(act::Deps{
        .service = "filing", .pool = schema_->pool(), .clock = clock_, .packs = packs_of_test_});
    service_ = std::make_unique<FilingService>(*deps_, *papers_, kPortal);
    clock_.Set(At("2023-03-20 09:00:00"));
  }

  static rules::Packs LoadInstalled() {
    return rules::Packs::Load({ALLIANCE_SOURCE_DIR "/common/rules/2023.textproto"}).value();
  }

  absl::StatusOr<v1::Round> Publish(const std::string& text, const std::string& supersedes = "",
                                    const domain::Caller& caller = Official(Role::kProvince),
                                    bool check = false, const std::string& id = NewId()) {
    v1::PublishRoundRequest request;
    request.set_pack_text(text);
    request.set_supersedes(supersedes);
    request.set_validate_only(check);
    request.set_request_id(id);
    v1::Round round;
    const absl::Status status = service_->PublishRound(As(caller, "PublishRound"), request, &round);
    if (!status.ok()) return status;
    return round;
  }

  absl::Status CreateIn(const std::string& round, const std::string& region, int lead = 1) {
    v1::CreateApplicationRequest request;
    request.set_round(round);
    *request.mutable_application()->mutable_form() = GoodForm(LeadCode(lead));
    request.mutable_application()->set_recommender_region(region);
    request.set_request_id(NewId());
    v1::Application draft;
    return service_->CreateApplication(As(Lead(lead), "CreateApplication"), request, &draft);
  }
  absl::Status PrintAnnex(const std::string& round, int annex) {
    v1::PrintAnnexRequest request;
    request.set_round(round);
    request.set_annex(annex);
    v1::Print print;
    return service_->PrintAnnex(As({.account = "x", .role = Role::kPublic}, "PrintAnnex"), request,
                                &print);
  }

  v1::Round Round(const std::string& name) {
    v1::GetRoundRequest request;
    request.set_name(name);
    v1::Round round;
    EXPECT_TRUE(
        service_->GetRound(As({.account = "x", .role = Role::kPublic}, "GetRound"), request, &round)
            .ok());
    return round;
  }

  rules::Packs packs_of_test_;
};

// the notice's issuer, day and title; named by the digest of its pack, with a history.
TEST_F(PublishRoundTest, ARoundIsOpenedFromItsPack) {
  const auto published = Publish(NextRound());
  ASSERT_TRUE(published.ok()) << published.status() << Fields(published.status());
  EXPECT_EQ(published->name(), kNext);
  EXPECT_EQ(published->supersedes(), "");
  EXPECT_EQ(published->publish_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  const v1::Round round = Round(kNext);
  EXPECT_EQ(round.rules_digest(), published->rules_digest());
  EXPECT_EQ(round.issuer(), "辽宁省科学技术厅");
  EXPECT_EQ(round.notice_date(), "2023-03-31");
  EXPECT_EQ(round.title(), "关于组织申报科技型中小企业技术能力提升类实质性产学研联盟的通知");
  EXPECT_EQ(LastAct(kNext), base::StrCat("publish_round > ", absl::ToUnixMicros(clock_.Now())));
}

// cities, the Shenfu zone and high-tech zones recommend in it, and nobody else.
TEST_F(PublishRoundTest, ItsRecommendersAreThoseOfItsPack) {
  ASSERT_TRUE(Publish(NextRound()).ok());
  clock_.Set(At("2023-04-10 10:00:00"));
  int lead = 0;
  for (const char* region : {"210100", "21SF00", "HTZ-DL"}) {
    EXPECT_TRUE(CreateIn(kNext, region, ++lead).ok()) << region;
  }
  EXPECT_TRUE(Refused(CreateIn(kNext, "310100", ++lead), Reason::kInvalidRequest));
}

// the guide that governs every step.
TEST_F(PublishRoundTest, ItNamesTheGuide) {
  ASSERT_TRUE(Publish(NextRound()).ok());
  EXPECT_EQ(Round(kNext).guide(), "《辽宁省建设实质性产学研联盟工作指引（暂行）》");
}

// the portal's name by the pack, its address by the installation.
TEST_F(PublishRoundTest, ItNamesThePortal) {
  ASSERT_TRUE(Publish(NextRound()).ok());
  EXPECT_EQ(Round(kNext).portal_name(), "辽宁省科技创新综合信息平台");
  EXPECT_EQ(Round(kNext).portal_address(), kPortal);
}

// whom to ask.
TEST_F(PublishRoundTest, ItNamesTheContact) {
  ASSERT_TRUE(Publish(NextRound()).ok());
  EXPECT_EQ(Round(kNext).contacts(0).who(), "高照");
  EXPECT_EQ(Round(kNext).contacts(0).numbers(0), "024-23983460");
}

// several numbers of one entry, landline and mobile.
TEST_F(PublishRoundTest, ItNamesThePlatformsNumbers) {
  ASSERT_TRUE(Publish(NextRound()).ok());
  ASSERT_EQ(Round(kNext).contacts(1).numbers_size(), 2);
  EXPECT_EQ(Round(kNext).contacts(1).numbers(0), "024-23983158");
  EXPECT_EQ(Round(kNext).contacts(1).numbers(1), "13614027066");
}

// its three annexes, of the version that its digest names.
TEST_F(PublishRoundTest, ItHasItsAnnexes) {
  ASSERT_TRUE(Publish(NextRound()).ok());
  ASSERT_EQ(Round(kNext).annexes_size(), 3);
  EXPECT_EQ(PrintAnnex(kNext, 1), absl::OkStatus());
}

// the blank form of the round can be had by everybody.
TEST_F(PublishRoundTest, ItsBlankFormIsPrinted) {
  ASSERT_TRUE(Publish(NextRound()).ok());
  EXPECT_EQ(PrintAnnex(kNext, 2), absl::OkStatus());
  EXPECT_TRUE(Refused(PrintAnnex("rounds/1999", 2), Reason::kRoundUnknown));
}

// R-010, Q2: three working days for the recommenders, latest start of a notice 24 April.
TEST_F(PublishRoundTest, TheAnswerSaysWhatTheCalendarLeaves) {
  const auto published = Publish(NextRound());
  ASSERT_TRUE(published.ok());
  ASSERT_EQ(published->feasibility_size(), 1);
  const v1::Feasibility& report = published->feasibility(0);
  EXPECT_EQ(report.workdays(), 3);
  EXPECT_EQ(report.first_date(), "2023-04-26");
  EXPECT_EQ(report.last_date(), "2023-04-30");
  EXPECT_EQ(report.notices(0).latest_start_date(), "2023-04-24");
  EXPECT_EQ(report.notices(0).last_date(), "2023-04-28");
  EXPECT_EQ(report.warnings(0).reason(), "NOTICE_BEFORE_DEADLINE");
}

// it opens at its instant, and not a microsecond before.
TEST_F(PublishRoundTest, FirmsFileInItOnceItIsOpen) {
  ASSERT_TRUE(Publish(NextRound()).ok());
  clock_.Set(At("2023-04-03 00:00:00") - kTick);
  EXPECT_TRUE(Refused(CreateIn(kNext, kDalian), Reason::kWindowNotOpen));
  clock_.Set(At("2023-04-03 00:00:00"));
  EXPECT_TRUE(CreateIn(kNext, kDalian).ok());
}

// and it closes for them with the end of 25 April.
TEST_F(PublishRoundTest, ItClosesForFirms) {
  ASSERT_TRUE(Publish(NextRound()).ok());
  clock_.Set(At("2023-04-26 00:00:00"));
  EXPECT_TRUE(Refused(CreateIn(kNext, kDalian, 1), Reason::kWindowClosed));
  clock_.Set(At("2023-04-26 00:00:00") - kTick);
  EXPECT_TRUE(CreateIn(kNext, kDalian, 1).ok());
}

TEST_F(PublishRoundTest, OnlyTheProvincePublishes) {
  for (const domain::Caller& caller :
       {Lead(), Recommender(), Official(Role::kRecorder), Official(Role::kApprover),
        Official(Role::kFinance), Official(Role::kOperator), Official(Role::kAuditor)}) {
    EXPECT_TRUE(Refused(Publish(NextRound(), "", caller).status(), Reason::kNotPermitted));
    EXPECT_TRUE(Refused(Publish(NextRound(), "", caller, true).status(), Reason::kNotPermitted));
  }
}

TEST_F(PublishRoundTest, AWrongPackIsToldWhollyAndChangesNothing) {
  std::string text = With(NextRound(), "narrative_limit: 500", "narrative_limit: 0");
  text = With(text, "cap_wan: \"50\"", "cap_wan: \"much\"");
  const auto refused = Publish(text);
  EXPECT_TRUE(Refused(refused.status(), Reason::kPackRefused));
  EXPECT_EQ(Fields(refused.status()), "pack.form.narrative_limit:PACK pack.subsidy.cap_wan:PACK");
  EXPECT_EQ(domain::DetailsOf(refused.status())->metadata.at("count"), "2");
  EXPECT_TRUE(Refused(Publish("no pack").status(), Reason::kPackRefused));
  EXPECT_TRUE(Refused(Publish("").status(), Reason::kInvalidRequest));
  EXPECT_TRUE(Refused(Publish(std::string((1 << 20) + 1, ' ')).status(), Reason::kTooLarge));
  EXPECT_TRUE(Refused(Publish(NextRound(), "abc").status(), Reason::kInvalidRequest));
  EXPECT_EQ(Count("SELECT COUNT(*) FROM published_pack"), 0);
}

TEST_F(PublishRoundTest, ACheckSaysTheSameAndChangesNothing) {
  const auto checked = Publish(NextRound(), "", Official(Role::kProvince), true);
  ASSERT_TRUE(checked.ok()) << checked.status();
  EXPECT_EQ(checked->feasibility(0).workdays(), 3);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM published_pack"), 0);
  EXPECT_EQ(packs_of_test_.Find(kNext), nullptr);
  EXPECT_TRUE(Refused(Publish(With(PackText(), "min_experts: 3", "min_experts: 4"), "",
                              Official(Role::kProvince), true)
                          .status(),
                      Reason::kSupersedesMismatch));
}

// The same pack again: the same answer and nothing twice, whoever asks and however often.
TEST_F(PublishRoundTest, PublishingAgainChangesNothing) {
  const std::string id = NewId();
  const auto first = Publish(NextRound(), "", Official(Role::kProvince), false, id);
  ASSERT_TRUE(first.ok());
  clock_.Advance(absl::Hours(1));
  for (const auto& again : {Publish(NextRound(), "", Official(Role::kProvince), false, id),
                            Publish("# a comment\n" + NextRound())}) {
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  }
  EXPECT_EQ(Count("SELECT COUNT(*) FROM published_pack"), 1);
  EXPECT_EQ(Emitted("review").size(), 1u);
  // One that came with the installation is there as well.
  const auto installed = Publish(PackText());
  ASSERT_TRUE(installed.ok());
  EXPECT_FALSE(installed->has_publish_time());
  EXPECT_EQ(Count("SELECT COUNT(*) FROM published_pack"), 1);
}

TEST_F(PublishRoundTest, ARoundIsReplacedOnlyByNamingWhatItHas) {
  const std::string first = Publish(NextRound())->rules_digest();
  const std::string corrected = With(NextRound(), "min_experts: 3", "min_experts: 4");
  for (const std::string& wrong : {std::string(), std::string(64, '0')}) {
    const auto refused = Publish(corrected, wrong);
    EXPECT_TRUE(Refused(refused.status(), Reason::kSupersedesMismatch));
    EXPECT_EQ(domain::DetailsOf(refused.status())->metadata.at("current"), first);
  }
  // Nor may a round that nobody knows supersede anything.
  EXPECT_TRUE(Refused(Publish(With(NextRound(), "2023-next", "2023-other"), first).status(),
                      Reason::kSupersedesMismatch));
  const auto second = Publish(corrected, first);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->supersedes(), first);
  EXPECT_EQ(Round(kNext).rules_digest(), second->rules_digest());
  EXPECT_EQ(Round(kNext).supersedes(), first);
  // Back to what it was: published once, it is not published again.
  EXPECT_TRUE(
      Refused(Publish(NextRound(), second->rules_digest()).status(), Reason::kAlreadyExists));
  // The first is kept: what was decided under it can be computed again.
  EXPECT_NE(packs_of_test_.FindByDigest(packs_of_test_.Find(kNext)->digest()), nullptr);
  EXPECT_EQ(packs_of_test_.all().size(), 2u);
}

// One that came with the installation may be superseded just so.
TEST_F(PublishRoundTest, AnInstalledRoundIsReplacedLikewise) {
  const std::string installed = Round(kRound).rules_digest();
  const auto second = Publish(With(PackText(), "min_experts: 3", "min_experts: 4"), installed);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(Round(kRound).rules_digest(), second->rules_digest());
  EXPECT_TRUE(RecordRounds(*deps_).ok()) << "the next start finds the installed pack as before";
}

// From ten minutes before it opens a round is frozen for good.
TEST_F(PublishRoundTest, ARoundIsFrozenBeforeItOpens) {
  const std::string first = Publish(NextRound())->rules_digest();
  const std::string corrected = With(NextRound(), "min_experts: 3", "min_experts: 4");
  const absl::Time frozen = At("2023-04-02 23:50:00");
  for (const absl::Time now : {frozen, frozen + absl::Hours(1), At("2023-06-01 00:00:00")}) {
    clock_.Set(now);
    EXPECT_TRUE(Refused(Publish(corrected, first).status(), Reason::kRoundFrozen));
  }
  // Nor by one that would be open already.
  clock_.Set(frozen - kTick);
  EXPECT_TRUE(
      Refused(Publish(With(corrected, "open_time: \"2023-04-03", "open_time: \"2023-04-02"), first)
                  .status(),
              Reason::kRoundFrozen));
  EXPECT_TRUE(Publish(corrected, first).ok());
}

// A clock that was set back does not open what firms have begun to file under.
TEST_F(PublishRoundTest, ARoundWithApplicationsIsFrozenWhateverTheClockSays) {
  const std::string installed = Round(kRound).rules_digest();
  clock_.Set(At("2023-04-10 10:00:00"));
  Create();
  clock_.Set(At("2023-03-20 09:00:00"));
  EXPECT_TRUE(
      Refused(Publish(With(PackText(), "min_experts: 3", "min_experts: 4"), installed).status(),
              Reason::kRoundFrozen));
}

TEST_F(PublishRoundTest, EveryServiceIsTold) {
  const auto published = Publish(NextRound());
  ASSERT_TRUE(published.ok());
  for (const char* peer : {"review", "evaluation", "subsidy"}) {
    const auto events = Emitted(peer);
    ASSERT_EQ(events.size(), 1u) << peer;
    EXPECT_EQ(events[0].case_id(), kNext);
    const events::v1::RoundPublished& body = events[0].round_published();
    EXPECT_EQ(body.rules_digest(), published->rules_digest());
    EXPECT_EQ(body.number(), 1);
    const auto pack = rules::ReadPack(body.pack());
    ASSERT_TRUE(pack.ok()) << pack.status();
    EXPECT_EQ(pack->digest_hex(), published->rules_digest());
  }
}

// What another replica published is here after the next look at the table, newest first.
TEST_F(PublishRoundTest, AnotherReplicaFindsItInTheTable) {
  const std::string first = Publish(NextRound())->rules_digest();
  rules::Packs replica = LoadInstalled();
  ASSERT_TRUE(act::Refresh(schema_->pool(), testdb::Soon(), replica).ok());
  ASSERT_NE(replica.Find(kNext), nullptr);
  EXPECT_EQ(replica.Find(kNext)->digest_hex(), first);
  const auto second = Publish(With(NextRound(), "min_experts: 3", "min_experts: 4"), first);
  ASSERT_TRUE(second.ok());
  ASSERT_TRUE(act::Refresh(schema_->pool(), testdb::Soon(), replica).ok());
  EXPECT_EQ(replica.Find(kNext)->digest_hex(), second->rules_digest());
  // A start that finds both in the table, and one whose installation has the newer.
  rules::Packs started = LoadInstalled();
  ASSERT_TRUE(act::Refresh(schema_->pool(), testdb::Soon(), started).ok());
  EXPECT_EQ(started.Find(kNext)->digest_hex(), second->rules_digest());
}

// A row that was changed by hand is not served.
TEST_F(PublishRoundTest, AChangedRowIsNotServed) {
  ASSERT_TRUE(Publish(NextRound()).ok());
  schema_->Execute("UPDATE published_pack SET pack=CONCAT(pack, 'x')");
  rules::Packs replica = LoadInstalled();
  EXPECT_TRUE(
      Refused(act::Refresh(schema_->pool(), testdb::Soon(), replica), Reason::kFileDigestMismatch));
  EXPECT_EQ(replica.Find(kNext), nullptr);
}

TEST_F(PublishRoundTest, ThePackAndItsHistoryAreInsertOnly) {
  ASSERT_TRUE(Publish(NextRound()).ok());
  for (const char* text : {"UPDATE published_pack SET id=id", "DELETE FROM published_pack"}) {
    const db::Sql sql = {"test.forbidden", text};
    EXPECT_TRUE(db::Is(schema_->pool().Run(testdb::Soon(),
                                           [&](db::Txn& txn) {
                                             txn.Exec(sql);
                                             return absl::OkStatus();
                                           }),
                       db::ErrorWord::kDenied))
        << text;
  }
}

TEST_F(PublishRoundTest, ListRoundsGoesThroughAllOfThem) {
  ASSERT_TRUE(Publish(NextRound()).ok());
  const rpc::Call anybody = As({.account = "x", .role = Role::kPublic}, "ListRounds");
  v1::ListRoundsRequest request;
  request.set_page_size(1);
  std::vector<std::string> names;
  do {
    v1::ListRoundsResponse page;
    ASSERT_TRUE(service_->ListRounds(anybody, request, &page).ok());
    ASSERT_EQ(page.rounds_size(), 1);
    names.push_back(page.rounds(0).name());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{kNext, kRound}));
  request.set_page_token("nonsense");
  v1::ListRoundsResponse page;
  EXPECT_TRUE(Refused(service_->ListRounds(anybody, request, &page), Reason::kPageTokenInvalid));
}

}  // namespace
}  // namespace alliance::filing
