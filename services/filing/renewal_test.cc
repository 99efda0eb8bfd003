// Renewal: an alliance of an earlier round applies again.

#include "services/filing/renewal.h"

#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_replace.h"
#include "common/base/str.h"
#include "services/filing/case_fixture.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Role;

constexpr int64_t kWan = 1'000'000;

// The pack of a later round, made from that of 2023; `weekend` is some day of one in that year.
std::string PackOfYear(int year, const std::string& weekend, const std::string& folder) {
  std::ifstream in(ALLIANCE_SOURCE_DIR "/common/rules/2023.textproto");
  std::string text;
  for (std::string line; std::getline(in, line);) {
    if (line.find("makeup_work:") == std::string::npos) text += line + "\n";
  }
  const auto y = [&](int later) { return std::to_string(year + later); };
  text = absl::StrReplaceAll(
      text, {{"  year: 2023\n", "  year: " + y(0) + "\n  makeup_work: \"" + weekend + "\"\n"},
             {"2024-01-01T", y(1) + "-01-01T"},
             {"LN-TSL-2023", "LN-TSL-" + y(0)},
             {"2022-12-31", y(-1) + "-12-31"},
             {"form_year: 2022", "form_year: " + y(-1)},
             {"2023-", y(0) + "-"}});
  const std::string path = base::StrCat(folder, "/", year, ".textproto");
  std::ofstream(path) << text;
  return path;
}

class Renewal : public CaseFixture {
 protected:
  void SetUp() override {
    CaseFixture::SetUp();
    auto rounds = rules::Packs::Load({ALLIANCE_SOURCE_DIR "/common/rules/2023.textproto",
                                      PackOfYear(2024, "2024-04-28", folder_),
                                      PackOfYear(2027, "2027-04-24", folder_)});
    ASSERT_TRUE(rounds.ok()) << rounds.status();
    rounds_ = std::make_unique<rules::Packs>(*std::move(rounds));
    later_deps_ = std::make_unique<act::Deps>(act::Deps{
        .service = "filing", .pool = schema_->pool(), .clock = clock_, .packs = *rounds_});
    later_ = std::make_unique<FilingService>(*later_deps_, *papers_, kPortal);
  }

  static v1::CreateApplicationRequest RenewOf(const std::string& alliance, int year) {
    v1::CreateApplicationRequest request;
    request.set_round(base::StrCat("rounds/", year, "-tsl"));
    request.set_request_id(NewId());
    request.set_renew_from(alliance);
    request.mutable_application()->set_recommender_region(kDalian);
    return request;
  }

  absl::Status TryRenew(const v1::CreateApplicationRequest& request, const domain::Caller& caller,
                        v1::Application* answer) {
    return later_->CreateApplication(As(caller, "CreateApplication"), request, answer);
  }

  std::unique_ptr<rules::Packs> rounds_;
  std::unique_ptr<act::Deps> later_deps_;
  std::unique_ptr<FilingService> later_;
};

//
TEST_F(Renewal, AnAllianceInItsConstructionPeriodAppliesAgain) {
  const v1::Alliance alliance = Registered();
  clock_.Set(At("2024-04-10 10:00:00"));
  v1::CreateApplicationRequest request = RenewOf(alliance.name(), 2024);
  request.mutable_application()->mutable_form()->set_alliance_name("大连市轴承产学研联盟");
  v1::Application draft;
  ASSERT_TRUE(TryRenew(request, Lead(), &draft).ok());
  EXPECT_EQ(draft.renews(), alliance.name());
  const v1::ApplicationForm& form = draft.form();
  EXPECT_EQ(form.alliance_name(), "大连市轴承产学研联盟");  // what the request fills in stands
  EXPECT_EQ(form.lead().rd_spend_fen().y2(), 600 * kWan);   // last round's y1
  EXPECT_FALSE(form.lead().rd_spend_fen().has_y1());
  EXPECT_EQ(form.lead().profit_fen().y2(), 700 * kWan);
  EXPECT_EQ(form.lead().ip_class1().y2(), 3);
  EXPECT_EQ(form.alliance().sales_fen().y2(), 9'500 * kWan);
  EXPECT_EQ(form.members_size(), 2);
  EXPECT_EQ(form.contact().phone(), "13812341234");
  // Linked both ways.
  v1::GetApplicationRequest get;
  get.set_name(draft.name());
  v1::Application read;
  ASSERT_TRUE(later_->GetApplication(As(Recommender(), "GetApplication"), get, &read).ok());
  EXPECT_EQ(read.renews(), alliance.name());
  v1::GetAllianceRequest old;
  old.set_name(alliance.name());
  v1::Alliance renewed;
  ASSERT_TRUE(later_->GetAlliance(As(Recommender(), "GetAlliance"), old, &renewed).ok());
  ASSERT_EQ(renewed.renewed_by_size(), 1);
  EXPECT_EQ(renewed.renewed_by(0), draft.name());
  EXPECT_TRUE(
      Refused(TryRenew(RenewOf(alliance.name(), 2024), Lead(), &read), Reason::kAlreadyApplied));

  // The link is sealed like all that an act writes.
  ASSERT_EQ(FirstFinding(), "");
  const std::string id = draft.name().substr(13);
  const std::string link = base::StrCat("application_renewal id=", id);
  schema_->Execute("CREATE TABLE kept AS SELECT * FROM application_renewal");
  schema_->Execute("UPDATE application_renewal SET alliance_id=id");
  EXPECT_EQ(FirstFinding(), "ROW_CHANGED " + link);
  schema_->Execute("DELETE FROM application_renewal");
  EXPECT_EQ(FirstFinding(), "ROW_MISSING " + link);
  schema_->Execute("INSERT INTO application_renewal SELECT * FROM kept");
  schema_->Execute("DROP TABLE kept");
  ASSERT_EQ(FirstFinding(), "");

  // The year that both forms name must agree.
  v1::UpdateApplicationRequest update;
  update.mutable_application()->set_name(draft.name());
  update.mutable_application()->set_etag(draft.etag());
  update.set_request_id(NewId());
  v1::FieldEntry* entry = update.add_entries();
  entry->set_field("lead.rd_spend_fen.y2");
  entry->set_text("599.5");
  ASSERT_TRUE(later_->UpdateApplication(As(Lead(), "UpdateApplication"), update, &draft).ok());
  v1::ValidateApplicationRequest validate;
  validate.set_name(draft.name());
  v1::ValidateApplicationResponse checked;
  ASSERT_TRUE(
      later_->ValidateApplication(As(Lead(), "ValidateApplication"), validate, &checked).ok());
  std::string text;
  for (const v1::FormProblem& problem : checked.warnings()) {
    if (problem.reason() == "LAST_ROUND_DIFFERS") text += problem.field() + problem.text_zh();
  }
  EXPECT_EQ(text,
            "lead.rd_spend_fen.y2上一批次申请表填报的2022年数据为600.00万元，本次为599.50万元，"
            "请核对。");
}

TEST_F(Renewal, WhatCannotBeContinued) {
  const v1::Alliance alliance = Registered();
  v1::Application answer;
  // Its own round, another lead's, an unknown one, no name.
  EXPECT_TRUE(
      Refused(TryRenew(RenewOf(alliance.name(), 2023), Lead(), &answer), Reason::kRenewalRefused));
  clock_.Set(At("2024-04-10 10:00:00"));
  EXPECT_TRUE(
      Refused(TryRenew(RenewOf(alliance.name(), 2024), Lead(2), &answer), Reason::kNotPermitted));
  EXPECT_TRUE(Refused(TryRenew(RenewOf(base::StrCat("alliances/", NewId()), 2024), Lead(), &answer),
                      Reason::kNotPermitted));
  EXPECT_TRUE(
      Refused(TryRenew(RenewOf("alliances/x", 2024), Lead(), &answer), Reason::kInvalidRequest));
  // Its construction period is over, whether or not the clock has looked.
  clock_.Set(At("2027-04-10 00:00:00"));
  const absl::Status over = TryRenew(RenewOf(alliance.name(), 2027), Lead(), &answer);
  EXPECT_TRUE(Refused(over, Reason::kRenewalRefused));
  EXPECT_EQ(domain::DetailsOf(over)->metadata.at("state_zh"), "建设期满");
  // It left the registry.
  clock_.Set(At("2024-04-10 10:00:00"));
  v1::DeregisterAllianceRequest deregister;
  deregister.set_name(alliance.name());
  deregister.set_etag(alliance.etag());
  deregister.set_request_id(NewId());
  deregister.set_reason("盟主企业注销");
  *deregister.mutable_decision() = ADocument("取消备案决定");
  v1::Alliance gone;
  ASSERT_TRUE(service_
                  ->DeregisterAlliance(As(Official(Role::kRecorder), "DeregisterAlliance"),
                                       deregister, &gone)
                  .ok());
  EXPECT_TRUE(
      Refused(TryRenew(RenewOf(alliance.name(), 2024), Lead(), &answer), Reason::kRenewalRefused));
  EXPECT_EQ(Count("SELECT COUNT(*) FROM application_renewal"), 0);
}

TEST(ShiftYears, AfterTwoRoundsNothingOverlaps) {
  v1::ApplicationForm form = GoodForm(LeadCode());
  form.mutable_lead()->set_evidenced_rd_fen(1);
  form.mutable_lead()->set_rd_evidence_kind("audit_report");
  form.set_previous_registry_number("辽联2022-017");
  ShiftYears(2, &form);
  EXPECT_FALSE(form.lead().staff().has_y1());
  EXPECT_FALSE(form.lead().staff().has_y2());
  EXPECT_FALSE(form.alliance().rd_spend_fen().has_y2());
  EXPECT_FALSE(form.lead().has_evidenced_rd_fen());
  EXPECT_EQ(form.lead().rd_evidence_kind(), "");
  EXPECT_EQ(form.previous_registry_number(), "");
  EXPECT_EQ(form.members_size(), 2);
}

}  // namespace
}  // namespace alliance::filing
