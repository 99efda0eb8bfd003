// The filing form, field by field in the order and with the words of Annex 2 (R-040 … R-063), its
// notes (R-070 … R-078), and for a case what the system holds beside the form.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/str.h"
#include "common/crypto/check_code.h"
#include "common/crypto/digest.h"
#include "common/domain/form_fields.h"
#include "common/domain/money.h"
#include "common/print/prints.h"
#include "common/print/sheet.h"
#include "common/print/wording.h"

namespace alliance::print {
namespace {

using domain::Fen;
using domain::Form;
using domain::TwoYears;

constexpr double kLabel = 172;
constexpr double kValue = kWidth - kLabel;
constexpr double kYear = kValue / 2;
constexpr double kTextField = 72;
constexpr double kTextByHand = 150;
constexpr int kBlankCooperations = 3;
constexpr int kBlankMembers = 6;

std::string Shown(const std::optional<int64_t>& number) {
  return number ? base::StrCat(*number) : std::string();
}
std::string Shown(const std::optional<Fen>& amount) {
  return amount ? domain::FormatWan(*amount) : std::string();
}
// "3 项" and on a blank "　项": the unit stands there whether a number does or not.
std::string WithUnit(const std::optional<int64_t>& number, std::string_view unit) {
  return base::StrCat(number ? Shown(number) : "　　", " ", unit);
}
std::string IpShown(const std::optional<int64_t>& class1, const std::optional<int64_t>& class2) {
  return base::StrCat("I 类 ", WithUnit(class1, "项"), "，II 类 ", WithUnit(class2, "项"));
}

// "☑ 瞪羚　□ 雏鹰": every choice of the list with its box, `a_line` on each line.
template <typename Choice>
std::string Choices(const std::vector<Choice>& all, const std::vector<Choice>& chosen,
                    size_t a_line) {
  std::string out;
  for (size_t i = 0; i < all.size(); ++i) {
    const bool ticked = std::find(chosen.begin(), chosen.end(), all[i]) != chosen.end();
    const char* gap = i == 0 ? "" : i % a_line == 0 ? "\n" : "　";
    base::StrAppend(&out, gap, ticked ? "☑  " : "□ ", domain::NameZh(all[i]));
  }
  return out;
}

// The words of the choice, as the form's field has them.
std::string_view EvidenceShown(std::string_view kind) {
  for (const domain::FieldChoice& choice :
       domain::FindField("lead.rd_evidence_kind")->row->choices) {
    if (choice.word == kind) return choice.zh;
  }
  return kind;
}

class FormSheet {
 public:
  FormSheet(const FormTexts& texts, const FilledForm* filled, Frame frame)
      : texts_(texts),
        filled_(filled),
        form_(filled != nullptr ? filled->form : empty_),
        sheet_(std::move(frame)) {}

  Sheet& sheet() { return sheet_; }

  void Draw() {
    if (filled_ == nullptr) sheet_.Paragraph("附件 2", 12);
    sheet_.Title(texts_.title);
    Header();
    Lead();
    Alliance();
    Members();
    Notes();
  }
  // Not part of Annex 2: what the system asks for beside it.
  void Registration();

 private:
  void Section(std::string_view text) {
    sheet_.Need(3 * kRowHeight);
    sheet_.Row({{.width = kWidth, .heading = std::string(text)}});
  }
  void Header();
  void Lead();
  void Alliance();
  void Members();
  void Notes();

  void Years() {
    sheet_.Row(
        {{.text = "年份", .width = kLabel, .label = true},
         {.text = base::StrCat(texts_.form_year, " 年"), .width = kYear, .label = true},
         {.text = base::StrCat(texts_.form_year - 1, " 年"), .width = kYear, .label = true}});
  }
  void TwoYearTexts(std::string_view label, std::string y1, std::string y2) {
    sheet_.Row({{.text = std::string(label), .width = kLabel, .label = true},
                {.text = std::move(y1), .width = kYear, .align = Align::kCentre},
                {.text = std::move(y2), .width = kYear, .align = Align::kCentre}});
  }
  template <typename Number>
  void TwoYearRow(std::string_view label, const TwoYears<Number>& values) {
    TwoYearTexts(label, Shown(values.y1), Shown(values.y2));
  }
  void Pair(std::string_view label, std::string text, std::string_view label2, std::string text2) {
    sheet_.Row({{.text = std::string(label), .width = 90, .label = true},
                {.text = std::move(text), .width = kWidth / 2 - 90},
                {.text = std::string(label2), .width = 90, .label = true},
                {.text = std::move(text2), .width = kWidth / 2 - 90}});
  }
  void TextField(std::string heading, const std::string& text) {
    sheet_.Row({{.text = text, .width = kWidth, .heading = std::move(heading)}},
               filled_ != nullptr ? kTextField : kTextByHand);
  }

  const Form empty_;
  const FormTexts& texts_;
  const FilledForm* filled_;
  const Form& form_;
  Sheet sheet_;
};

void FormSheet::Header() {
  const auto label = [](std::string_view text, double width) {
    return Cell{.text = std::string(text), .width = width, .label = true};
  };
  const auto value = [](std::string text, double width) {
    return Cell{.text = std::move(text), .width = width, .align = Align::kCentre};
  };
  // The annex prints the pattern of a name where the name goes.
  std::string name = filled_ != nullptr ? form_.alliance_name : "xx 市 xx 联盟";
  sheet_.Row({label("联盟名称", 56), value(std::move(name), 132), label("技术领域", 56),
              value(std::string(domain::NameZh(form_.technical_field)), 84),
              label("所属高新区", 66), value(filled_ != nullptr ? filled_->zone_name : "", 88)},
             1.5 * kRowHeight);
}

void FormSheet::Lead() {
  const domain::LeadEnterprise& lead = form_.lead;
  using domain::LeadType;
  Section("一、盟主企业情况");
  sheet_.Row({{.text = "盟主单位类型", .width = kLabel, .label = true},
              {.text = Choices({LeadType::kGazelle, LeadType::kEaglet, LeadType::kTechSme},
                               lead.lead_types, 3),
               .width = kValue}});
  Years();
  TwoYearRow("员工总数（人）", lead.staff);
  TwoYearRow("科技人员（人）", lead.tech_staff);
  TwoYearRow("研究开发费用（万元）", lead.rd_spend_fen);
  TwoYearRow("产学研合作经费（万元）", lead.cooperation_spend_fen);
  TwoYearRow("销售收入（万元）", lead.sales_fen);
  TwoYearRow("高新技术产品（服务）收入（万元）", lead.hightech_income_fen);
  TwoYearRow("利润总额（万元）", lead.profit_fen);
  TwoYearTexts("知识产权情况\n（提供证明材料）", IpShown(lead.ip_class1.y1, lead.ip_class2.y1),
               IpShown(lead.ip_class1.y2, lead.ip_class2.y2));
  sheet_.Row({{.text = "承担省级以上重点项目及平台名称", .width = kLabel, .label = true},
              {.text = lead.projects_and_platforms, .width = kValue}},
             2 * kRowHeight);
}

void FormSheet::Alliance() {
  const domain::AllianceSituation& alliance = form_.alliance;
  using domain::CooperationForm;
  Section("二、联盟情况");
  sheet_.Group("产学研合作主要内容", kLabel);
  constexpr double kPartner = 120;
  sheet_.Row({{.text = "单位或团队名称", .width = kPartner, .label = true},
              {.text = "合作内容及阶段目标", .width = kValue - kPartner, .label = true}});
  std::vector<domain::Cooperation> rows = alliance.cooperations;
  rows.resize(std::max<size_t>(rows.size(), filled_ != nullptr ? 1 : kBlankCooperations));
  for (const domain::Cooperation& row : rows) {
    sheet_.Row({{.text = row.partner, .width = kPartner},
                {.text = row.content_and_goals, .width = kValue - kPartner}});
  }
  sheet_.EndGroup();
  sheet_.Row({{.text = "产学研合作形式", .width = kLabel, .label = true},
              {.text = Choices({CooperationForm::kAgreement, CooperationForm::kProject,
                                CooperationForm::kJointTraining, CooperationForm::kJointRdBody,
                                CooperationForm::kOther},
                               alliance.cooperation_forms, 3),
               .width = kValue}});
  Years();
  // The annex gives no unit here; the amounts carry theirs.
  const auto in_wan = [](const std::optional<Fen>& amount) {
    return amount ? base::StrCat(Shown(amount), " 万元") : std::string();
  };
  TwoYearTexts("联盟销售收入", in_wan(alliance.sales_fen.y1), in_wan(alliance.sales_fen.y2));
  TwoYearTexts("联盟研究开发费用", in_wan(alliance.rd_spend_fen.y1),
               in_wan(alliance.rd_spend_fen.y2));
  Pair("成员总数", WithUnit(alliance.member_count, "个"), "成员企业数量",
       WithUnit(alliance.enterprise_count, "个"));
  Pair("成员高校数量", WithUnit(alliance.university_count, "个"), "成员研究机构数量",
       WithUnit(alliance.institute_count, "个"));
  TextField(base::StrCat("联盟开展产学研合作情况（限 ", texts_.narrative_limit, " 字）："),
            base::StrCat("主要包括：联盟所在产业（行业）领域地位、产学研合作、人才团队、项目实施、"
                         "开展活动等内容。\n",
                         alliance.cooperation_narrative));
  TextField(base::StrCat("联盟发展目标任务（限 ", texts_.goals_limit, " 字）："), alliance.goals);
}

void FormSheet::Members() {
  Section("联盟成员单位在行业（或领域）中地位的简要说明：");
  constexpr double kNumber = 36;
  constexpr double kName = 160;
  constexpr double kCode = 128;
  constexpr double kPosition = kWidth - kNumber - kName - kCode;
  sheet_.Head({{.text = "序号", .width = kNumber, .label = true},
               {.text = "成员单位名称", .width = kName, .label = true},
               {.text = "成员单位法人代码", .width = kCode, .label = true},
               {.text = "在行业（或领域）中的地位", .width = kPosition, .label = true}});
  std::vector<domain::Member> rows = form_.members;
  if (filled_ == nullptr) rows.resize(kBlankMembers);
  int number = 0;
  for (const domain::Member& row : rows) {
    sheet_.Row({{.text = base::StrCat(++number), .width = kNumber, .align = Align::kCentre},
                {.text = row.member_name, .width = kName},
                {.text = row.credit_code, .width = kCode, .align = Align::kCentre},
                {.text = row.position, .width = kPosition}});
  }
  sheet_.EndTable();
}

void FormSheet::Notes() {
  sheet_.Space(8);
  sheet_.Need(4 * kRowHeight);
  // The annex numbers its heading too.
  int number = 1;
  sheet_.Paragraph(base::StrCat(number, ". 填表说明："), 9, true);
  for (const FormNote& note : texts_.notes) {
    const bool list = note.text.starts_with("包括");
    sheet_.Paragraph(base::StrCat(++number, ". ", note.term, list ? "" : "：", note.text), 9);
  }
}

void FormSheet::Registration() {
  sheet_.Space(8);
  sheet_.Need(8 * kRowHeight);
  Section("申报登记信息（申请表以外，由系统登记）");
  const domain::LeadEnterprise& lead = form_.lead;
  Pair("盟主企业名称", lead.enterprise_name, "统一社会信用代码", lead.credit_code);
  Pair("注册地址", lead.registered_address, "成立日期", lead.founded_date);
  Pair("联系人", form_.contact.display_name, "联系电话", filled_->phone);
  Pair("推荐单位", filled_->recommender_name, "注册地说明", lead.domicile_explanation);
  // Only of some applications: of a renewal whose alliance was registered elsewhere, and
  // where the evidence of the R&D was entered (Q7).
  const std::optional<Fen>& evidenced = lead.evidenced_rd_fen;
  if (form_.previous_registry_number.empty() && !evidenced) return;
  Pair("原备案编号", form_.previous_registry_number, "研发费用证明",
       evidenced
           ? base::StrCat(Shown(evidenced), " 万元（", EvidenceShown(lead.rd_evidence_kind), "）")
           : "");
}

}  // namespace

absl::StatusOr<std::string> PrintBlankForm(const FormTexts& texts) {
  FormSheet form(texts, nullptr,
                 {.title = texts.title,
                  .header_left = texts.title,
                  .header_right = texts.source,
                  .created = texts.released});
  form.Draw();
  return form.sheet().Pdf();
}

absl::StatusOr<std::string> PrintDraft(const FormTexts& texts, const FilledForm& filled,
                                       absl::Time saved) {
  FormSheet form(texts, &filled,
                 {.title = base::StrCat(texts.title, "（草稿）"),
                  .header_left = texts.title,
                  .header_right = "草稿 DRAFT，不得作为正式材料",
                  .footer = base::StrCat(filled.case_name, "　保存于 ", ToTheMicrosecond(saved)),
                  .watermark = "草稿 DRAFT",
                  .watermark_note = "不得作为正式材料",
                  .created = saved});
  form.Draw();
  form.Registration();
  return form.sheet().Pdf();
}

absl::StatusOr<std::string> PrintFinal(const FormTexts& texts, const FilledForm& filled,
                                       const Version& version) {
  const std::string code = crypto::CheckCode(version.digest);
  FormSheet form(texts, &filled,
                 {.title = texts.title,
                  .header_left = texts.title,
                  .header_right = base::StrCat("版本 ", version.number, "　校验码 ", code),
                  .footer = version.case_name,
                  .created = version.receive});
  form.Draw();
  form.Registration();
  form.sheet().Space(8);
  form.sheet().Stamp(QrText(version),
                     {base::StrCat("案件：", version.case_name),
                      base::StrCat("版本：", version.number, "　校验码：", code),
                      base::StrCat("收到时间：", ToTheMicrosecond(version.receive), "（北京时间）"),
                      base::StrCat("版本摘要（SHA-256）：", crypto::Hex(version.digest)),
                      "凭案件编号和校验码可在线核验本件；二维码内为案件编号和版本摘要。"});
  return form.sheet().Pdf();
}

}  // namespace alliance::print
