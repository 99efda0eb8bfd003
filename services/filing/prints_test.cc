// The printing methods on a real database: who gets which print of what, and whether a print is
// genuine. What the prints look like is tested in common/print.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "common/base/str.h"
#include "common/crypto/check_code.h"
#include "common/crypto/digest.h"
#include "common/print/test_reader.h"
#include "services/filing/case_fixture.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Role;
using Kind = v1::PrintApplicationRequest;

domain::Caller Public() { return {.account = "public", .role = Role::kPublic}; }

class PrintsTest : public CaseFixture {
 protected:
  absl::StatusOr<v1::Print> Form(const std::string& name, Kind::Kind kind,
                                 const domain::Caller& caller, int version = 0) {
    v1::PrintApplicationRequest request;
    request.set_name(name);
    request.set_kind(kind);
    request.set_version_number(version);
    v1::Print answer;
    const absl::Status status =
        service_->PrintApplication(As(caller, "PrintApplication"), request, &answer);
    if (!status.ok()) return status;
    EXPECT_EQ(answer.media_type(), "application/pdf");
    EXPECT_EQ(answer.sha256(), crypto::Sha256(answer.content()));
    return answer;
  }
  absl::StatusOr<v1::Print> ReceiptOf(const std::string& name, const domain::Caller& caller,
                                      int version = 0) {
    v1::PrintReceiptRequest request;
    request.set_name(name);
    request.set_version_number(version);
    v1::Print answer;
    const absl::Status status =
        service_->PrintReceipt(As(caller, "PrintReceipt"), request, &answer);
    if (!status.ok()) return status;
    return answer;
  }
  absl::StatusOr<v1::Print> Annex(int annex, const std::string& round = kRound) {
    v1::PrintAnnexRequest request;
    request.set_round(round);
    request.set_annex(annex);
    v1::Print answer;
    const absl::Status status = service_->PrintAnnex(As(Public(), "PrintAnnex"), request, &answer);
    if (!status.ok()) return status;
    return answer;
  }
  absl::StatusOr<v1::CheckPrintResponse> Check(const std::string& name, const std::string& code) {
    v1::CheckPrintRequest request;
    request.set_name(name);
    request.set_check_code(code);
    v1::CheckPrintResponse answer;
    const absl::Status status = service_->CheckPrint(As(Public(), "CheckPrint"), request, &answer);
    if (!status.ok()) return status;
    return answer;
  }

  // What a reader of the paper sees, without blanks.
  static std::string TextOf(const absl::StatusOr<v1::Print>& print) {
    EXPECT_TRUE(print.ok()) << print.status();
    if (!print.ok()) return "";
    const std::string path = base::StrCat(::testing::TempDir(), "/", NewId(), ".pdf");
    std::ofstream(path, std::ios::binary) << print->content();
    std::string text = print_testing::TextOfFile(path);
    std::filesystem::remove(path);
    return text;
  }

  // Changes a returned case as was asked, and submits it again.
  v1::Application SubmittedAgain(const v1::Application& returned) {
    v1::UpdateApplicationRequest request;
    request.mutable_application()->set_name(returned.name());
    request.mutable_application()->set_etag(returned.etag());
    request.mutable_application()->mutable_form()->mutable_lead()->mutable_staff()->set_y1(121);
    request.set_request_id(NewId());
    v1::Application saved;
    EXPECT_TRUE(service_->UpdateApplication(As(Lead(), "UpdateApplication"), request, &saved).ok());
    clock_.Advance(absl::Minutes(1));
    const auto again = Submit(saved.name(), saved.etag(), Lead());
    EXPECT_TRUE(again.ok()) << again.status();
    return *again;
  }
};

#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (part)
#define EXPECT_SILENT(text, part) EXPECT_EQ((text).find(part), std::string::npos) << (part)

//
TEST_F(PrintsTest, TheRoundShowsWhatTheNoticeSays) {
  v1::GetRoundRequest request;
  request.set_name(kRound);
  v1::Round round;
  ASSERT_TRUE(service_->GetRound(As(Public(), "GetRound"), request, &round).ok());
  EXPECT_EQ(round.issuer(), "辽宁省科学技术厅");
  EXPECT_EQ(round.notice_date(), "2023-03-31");
  EXPECT_EQ(round.guide(), "《辽宁省建设实质性产学研联盟工作指引（暂行）》");
  EXPECT_EQ(round.portal_name(), "辽宁省科技创新综合信息平台");
  EXPECT_EQ(round.portal_address(), kPortal);
  ASSERT_EQ(round.contacts_size(), 2);
  EXPECT_EQ(round.contacts(0).who(), "高照");
  EXPECT_EQ(round.contacts(0).numbers(0), "024-23983460");
  ASSERT_EQ(round.contacts(1).numbers_size(), 2);
  EXPECT_EQ(round.contacts(1).numbers(0), "024-23983158");
  EXPECT_EQ(round.contacts(1).numbers(1), "13614027066");
  ASSERT_EQ(round.annexes_size(), 3);
  EXPECT_EQ(round.annexes(0).title(),
            "辽宁省实质性产学研联盟科技型中小企业技术能力提升后补助计划实施细则");
  EXPECT_EQ(round.annexes(1).title(), "辽宁省科技型中小企业技术能力提升类联盟备案申请表");
  EXPECT_EQ(round.annexes(2).number(), 3);
}

// for everybody, and each page says which version of the texts it is.
TEST_F(PrintsTest, AnnexesAreForEverybodyAndVersioned) {
  const std::string digest = packs_->Latest()->digest_hex().substr(0, 16);
  const std::string rules = TextOf(Annex(1));
  for (const char* part : {"第一条为引导科技型中小企业", "第十条专项后补助", "10%—30%",
                           "最高不超过50万元", "第十一条"}) {
    EXPECT_SAYS(rules, part);
  }
  EXPECT_SAYS(rules, digest);

  const auto blank = Annex(2);
  const std::string form = TextOf(blank);
  for (const char* part :
       {"联盟名称", "xx市xx联盟", "高新技术产品（服务）收入（万元）", "2022年", "2021年", "限500字",
        "2."
        "技术领域：电子信息、生物与新医药、航空航天、新材料、高技术服务、新能源与节能、资源与环境、"
        "先进制造与自动化。",
        "3.所属高新区：**省级高新区或者沈大自创区。",
        "4.科技人员：是指直接从事研发和相关技术创新活动",
        "5.产学研合作经费：是指企业与科研院所、大专院校开展技术合作所发生的费用。",
        "6.高新技术产品（服务）收入：是指", "7.I类知识产权包括：发明专利（含国防专利）",
        "8.II类知识产权包括：实用新型专利、外观设计专利、软件著作权等（不含商标）。",
        "9.联盟销售收入：联盟全部成员的销售收入总和。",
        "10.联盟研究开发费用：联盟全部成员的研究开发费用总和。"}) {
    EXPECT_SAYS(form, part);
  }
  EXPECT_SAYS(form, digest);
  EXPECT_EQ(blank->file_name(), "2023-tsl-annex-2.pdf");
  EXPECT_EQ(blank->sha256(), crypto::Sha256(blank->content()));
  EXPECT_EQ(blank->check_code(), "");
  EXPECT_EQ(Annex(2)->content(), blank->content());

  const std::string directory = TextOf(Annex(3));
  EXPECT_SAYS(directory, "1沈阳市科技局沈阳市李永成024-22740339");
  EXPECT_SAYS(directory, "14葫芦岛市科技局葫芦岛市张婉婷0429-3114773");
  EXPECT_SAYS(directory, "152****4131");
  EXPECT_SILENT(directory, "15242304131");

  for (const int annex : {0, 4, -1}) {
    EXPECT_TRUE(Refused(Annex(annex).status(), Reason::kInvalidRequest)) << annex;
  }
  EXPECT_TRUE(Refused(Annex(1, "rounds/2099-tsl").status(), Reason::kRoundUnknown));
}

TEST_F(PrintsTest, ADraftIsPrintedForItsReadersOnly) {
  const v1::Application draft = Create();
  const auto own = Form(draft.name(), Kind::DRAFT, Lead());
  const std::string text = TextOf(own);
  for (const char* part : {"草稿DRAFT，不得作为正式材料", "大连市轴承智能制造产学研联盟",
                           "600.00500.00", "-20.00", "13812341234", "大连市科技局"}) {
    EXPECT_SAYS(text, part);
  }
  EXPECT_EQ(own->check_code(), "");
  // The phone: in full for the firm and its recommender, masked for the province.
  const std::string province = TextOf(Form(draft.name(), Kind::DRAFT, Official(Role::kProvince)));
  EXPECT_SAYS(province, "138****1234");
  EXPECT_SILENT(province, "13812341234");
  EXPECT_TRUE(Refused(Form(draft.name(), Kind::DRAFT, Recommender()).status(),
                      Reason::kConflictOfInterest));
  ASSERT_TRUE(Declare(draft.name(), Recommender()).ok());
  EXPECT_SAYS(TextOf(Form(draft.name(), Kind::DRAFT, Recommender())), "13812341234");

  for (const domain::Caller& other : {Lead(2), Recommender(kShenyang), Public()}) {
    EXPECT_TRUE(Refused(Form(draft.name(), Kind::DRAFT, other).status(), Reason::kNotPermitted));
    EXPECT_TRUE(Refused(Form(draft.name(), Kind::FINAL, other).status(), Reason::kNotPermitted));
    EXPECT_TRUE(Refused(ReceiptOf(draft.name(), other).status(), Reason::kNotPermitted));
  }
  const auto kindless = Form(draft.name(), Kind::KIND_UNSPECIFIED, Lead());
  EXPECT_TRUE(Refused(kindless.status(), Reason::kInvalidRequest));
  EXPECT_EQ(Fields(kindless.status()), "kind:NOT_IN_LIST");
  EXPECT_TRUE(
      Refused(Form(draft.name(), Kind::DRAFT, Lead(), 1).status(), Reason::kInvalidRequest));
  // Nothing is locked yet.
  for (const absl::Status& status : {Form(draft.name(), Kind::FINAL, Lead()).status(),
                                     ReceiptOf(draft.name(), Lead()).status()}) {
    EXPECT_TRUE(Refused(status, Reason::kInvalidRequest));
    EXPECT_EQ(Fields(status), "version_number:NOT_IN_LIST");
  }
}

// A final print shows a locked version, whatever is edited and submitted later.
TEST_F(PrintsTest, AFinalPrintShowsALockedVersion) {
  const v1::Application returned = Returned();
  const auto first = Form(returned.name(), Kind::FINAL, Lead());
  ASSERT_TRUE(first.ok()) << first.status();
  const std::string code = crypto::CheckCode(*crypto::Unhex(returned.version_digest()));
  EXPECT_EQ(first->check_code(), code);
  const std::string text = TextOf(first);
  EXPECT_SAYS(text, "版本1校验码" + code);
  EXPECT_SAYS(text, returned.version_digest());
  EXPECT_SAYS(text, "收到时间：2023-04-10");
  EXPECT_SILENT(text, "草稿");

  const v1::Application again = SubmittedAgain(returned);
  ASSERT_EQ(again.version_number(), 2);
  EXPECT_EQ(Form(again.name(), Kind::FINAL, Lead(), 1)->content(), first->content());
  const auto second = Form(again.name(), Kind::FINAL, Lead());
  EXPECT_EQ(second->file_name(), base::StrCat("application-", again.name().substr(13), "-v2.pdf"));
  EXPECT_EQ(second->check_code(), crypto::CheckCode(*crypto::Unhex(again.version_digest())));
  EXPECT_SAYS(TextOf(second), "员工总数（人）121110");
  EXPECT_EQ(Fields(Form(again.name(), Kind::FINAL, Lead(), 3).status()),
            "version_number:NOT_IN_LIST");
  EXPECT_TRUE(
      Refused(Form(again.name(), Kind::FINAL, Lead(), -1).status(), Reason::kInvalidRequest));

  // each receipt is of its own submission.
  const v1::Receipt receipt = Get(again.name(), Lead()).receipt();
  const std::string last = TextOf(ReceiptOf(again.name(), Lead()));
  EXPECT_SAYS(last, receipt.version_digest());
  EXPECT_SAYS(last, receipt.history_hash());
  EXPECT_SAYS(last, base::StrCat("历史记录序号", receipt.history_sequence()));
  EXPECT_SAYS(last, packs_->Latest()->digest_hex());
  EXPECT_SAYS(last, "第2版");
  const std::string former = TextOf(ReceiptOf(again.name(), Lead(), 1));
  EXPECT_SAYS(former, returned.receipt().history_hash());
  EXPECT_SAYS(former, returned.version_digest());
  EXPECT_SILENT(former, receipt.history_hash());

  // Whoever holds a print may ask whether it is genuine.
  const auto genuine = Check(again.name(), code);
  ASSERT_TRUE(genuine.ok()) << genuine.status();
  EXPECT_TRUE(genuine->matches());
  EXPECT_EQ(genuine->version_number(), 1);
  EXPECT_EQ(genuine->receive_time().seconds(), returned.receipt().receive_time().seconds());
  EXPECT_TRUE(genuine->superseded());
  const auto latest = Check(again.name(), second->check_code());
  EXPECT_EQ(latest->version_number(), 2);
  EXPECT_FALSE(latest->superseded());
  std::string typed = code;
  std::replace(typed.begin(), typed.end(), '-', ' ');
  EXPECT_TRUE(Check(again.name(), typed)->matches());
  // A code of nothing, and a case that nobody knows: the same answer.
  const auto forged = Check(again.name(), crypto::CheckCode(crypto::Sha256("forged")));
  const auto unknown = Check(base::StrCat("applications/", NewId()), code);
  EXPECT_FALSE(forged->matches());
  EXPECT_EQ(forged->SerializeAsString(), unknown->SerializeAsString());
  std::string slip = code;
  slip[0] = slip[0] == '0' ? '1' : '0';
  const auto mistyped = Check(again.name(), slip);
  EXPECT_TRUE(Refused(mistyped.status(), Reason::kInvalidRequest));
  EXPECT_EQ(Fields(mistyped.status()), "check_code:CHECK_CODE_MISTYPED");
}

}  // namespace
}  // namespace alliance::filing
