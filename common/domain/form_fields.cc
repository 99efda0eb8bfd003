#include "common/domain/form_fields.h"

#include <array>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "common/base/str.h"

namespace alliance::domain {
namespace {

using base::Absl;

// The words are the names of the enum values in alliance.filing.v1.
constexpr std::array kFields = std::to_array<FieldChoice>({
    {1, "ELECTRONIC_INFORMATION", "电子信息"},
    {2, "BIOLOGY_AND_NEW_MEDICINE", "生物与新医药"},
    {3, "AEROSPACE", "航空航天"},
    {4, "NEW_MATERIALS", "新材料"},
    {5, "HIGH_TECH_SERVICES", "高技术服务"},
    {6, "NEW_ENERGY_AND_SAVING", "新能源与节能"},
    {7, "RESOURCES_AND_ENVIRONMENT", "资源与环境"},
    {8, "ADVANCED_MANUFACTURING_AND_AUTOMATION", "先进制造与自动化"},
});
constexpr std::array kLeadTypes = std::to_array<FieldChoice>({
    {1, "GAZELLE", "瞪羚"},
    {2, "EAGLET", "雏鹰"},
    {3, "TECH_SME", "科技型中小企业"},
});
constexpr std::array kCooperationForms = std::to_array<FieldChoice>({
    {1, "AGREEMENT", "签署产学研合作协议"},
    {2, "PROJECT", "开展项目合作"},
    {3, "JOINT_TRAINING", "联合培养人才"},
    {4, "JOINT_RD_BODY", "共建研发机构"},
    {5, "OTHER_COOPERATION", "其他"},
});
constexpr std::array kMemberKinds = std::to_array<FieldChoice>({
    {1, "ENTERPRISE", "企业"},
    {2, "UNIVERSITY", "高校"},
    {3, "INSTITUTE", "研究机构"},
    {4, "TALENT_TEAM", "人才团队"},
    {5, "OTHER_ORGANISATION", "其他组织机构"},
});
// A text on the wire: the numbers stand for nothing.
constexpr std::array kEvidence = std::to_array<FieldChoice>({
    {0, "audit_report", "专项审计报告"},
    {0, "a107012_row40", "研发费用加计扣除明细表"},
});

#define K FieldKind
#define L TextLimit
// clang-format off
constexpr std::array kRows = std::to_array<FieldRow>({
// path                            kind             years  needed limit          zh                             en                                   unit   clause
{"alliance_name",                  K::kText,         false, true,  L::kName,      "联盟名称",                    "Alliance name",                     "",     "表 联盟名称"},
{"technical_field",                K::kOneOf,        false, true,  L::kNone,      "技术领域",                    "Technical field",                   "",     "表 技术领域", kFields},
{"high_tech_zone",                 K::kZone,         false, false, L::kNone,      "所属高新区",                  "High-tech zone",                    "",     "表 所属高新区"},
{"previous_registry_number",       K::kText,         false, false, L::kName,      "原备案编号",                  "Earlier registry number",           "",     "N4"},
{"lead.enterprise_name",           K::kText,         false, true,  L::kName,      "盟主企业名称",                "Name of the lead enterprise",       "",     "表 盟主企业情况"},
{"lead.credit_code",               K::kText,         false, true,  L::kName,      "统一社会信用代码",            "Unified social credit code",        "",     "Q20"},
{"lead.lead_types",                K::kSeveralOf,    false, true,  L::kNone,      "盟主单位类型",                "Kinds of the lead",                 "",     "表 盟主单位类型", kLeadTypes},
{"lead.registered_address",        K::kText,         false, true,  L::kName,      "注册地址",                    "Registered address",                "",     "细则4(1)"},
{"lead.domicile_explanation",      K::kText,         false, false, L::kText,      "注册地情况说明",              "Explanation of the domicile",       "",     "细则4(1)"},
{"lead.founded_date",              K::kDay,          false, true,  L::kNone,      "注册成立日期",                "Day of registration",               "",     "细则4(1)"},
{"lead.staff",                     K::kCount,        true,  true,  L::kNone,      "员工总数",                    "Staff",                             "人",   "表 员工总数"},
{"lead.tech_staff",                K::kCount,        true,  true,  L::kNone,      "科技人员",                    "Science and technology staff",      "人",   "表 科技人员"},
{"lead.rd_spend_fen",              K::kAmount,       true,  true,  L::kNone,      "研究开发费用",                "R&D cost",                          "万元", "表 研究开发费用"},
{"lead.evidenced_rd_fen",          K::kAmount,       false, false, L::kNone,      "证明材料所示研究开发费用",    "R&D cost as the evidence shows it", "万元", "Q7"},
{"lead.rd_evidence_kind",          K::kOneOf,        false, false, L::kNone,      "研究开发费用证明材料",        "Evidence of the R&D cost",          "",     "Q7", kEvidence},
{"lead.cooperation_spend_fen",     K::kAmount,       true,  true,  L::kNone,      "产学研合作经费",              "Cooperation spending",              "万元", "表 产学研合作经费"},
{"lead.sales_fen",                 K::kAmount,       true,  true,  L::kNone,      "销售收入",                    "Sales revenue",                     "万元", "表 销售收入"},
{"lead.hightech_income_fen",       K::kAmount,       true,  true,  L::kNone,      "高新技术产品（服务）收入",    "High-technology income",            "万元", "表 高新技术产品（服务）收入"},
{"lead.profit_fen",                K::kSignedAmount, true,  true,  L::kNone,      "利润总额",                    "Total profit",                      "万元", "表 利润总额"},
{"lead.ip_class1",                 K::kCount,        true,  true,  L::kNone,      "I类知识产权",                 "Class I intellectual property",     "项",   "表 知识产权情况"},
{"lead.ip_class2",                 K::kCount,        true,  true,  L::kNone,      "II类知识产权",                "Class II intellectual property",    "项",   "表 知识产权情况"},
{"lead.projects_and_platforms",    K::kText,         false, false, L::kText,      "承担省级以上重点项目及平台名称", "Key projects and platforms",     "",     "表 承担省级以上重点项目及平台名称"},
{"alliance.cooperations[].partner", K::kText,        false, true,  L::kName,      "单位或团队名称",              "Partner",                           "",     "表 产学研合作主要内容"},
{"alliance.cooperations[].content_and_goals", K::kText, false, true, L::kText,    "合作内容及阶段目标",          "Content and stage goals",           "",     "表 产学研合作主要内容"},
{"alliance.cooperation_forms",     K::kSeveralOf,    false, true,  L::kNone,      "产学研合作形式",              "Forms of cooperation",              "",     "表 产学研合作形式", kCooperationForms},
{"alliance.sales_fen",             K::kAmount,       true,  true,  L::kNone,      "联盟销售收入",                "Sales of the alliance",             "万元", "表 联盟销售收入"},
{"alliance.rd_spend_fen",          K::kAmount,       true,  true,  L::kNone,      "联盟研究开发费用",            "R&D cost of the alliance",          "万元", "表 联盟研究开发费用"},
{"alliance.member_count",          K::kCount,        false, true,  L::kNone,      "成员总数",                    "Members",                           "个",   "表 成员总数"},
{"alliance.enterprise_count",      K::kCount,        false, true,  L::kNone,      "成员企业数量",                "Enterprises among them",            "个",   "表 成员企业数量"},
{"alliance.university_count",      K::kCount,        false, true,  L::kNone,      "成员高校数量",                "Universities among them",           "个",   "表 成员高校数量"},
{"alliance.institute_count",       K::kCount,        false, true,  L::kNone,      "成员研究机构数量",            "Institutes among them",             "个",   "表 成员研究机构数量"},
{"alliance.cooperation_narrative", K::kText,         false, true,  L::kNarrative, "联盟开展产学研合作情况",      "Cooperation of the alliance",       "",     "表 限500字"},
{"alliance.goals",                 K::kText,         false, true,  L::kGoals,     "联盟发展目标任务",            "Goals of the alliance",             "",     "表 限500字"},
{"members[].member_name",          K::kText,         false, true,  L::kName,      "成员单位名称",                "Member",                            "",     "表 成员单位名称"},
{"members[].credit_code",          K::kText,         false, true,  L::kName,      "成员单位法人代码",            "Member's legal-person code",        "",     "表 成员单位法人代码, Q20"},
{"members[].kind",                 K::kOneOf,        false, true,  L::kNone,      "成员单位类别",                "What the member is",                "",     "细则4(1)", kMemberKinds},
{"members[].position",             K::kText,         false, true,  L::kText,      "在行业（或领域）中的地位",    "Standing in the field",             "",     "表 在行业（或领域）中的地位"},
{"contact.display_name",           K::kText,         false, true,  L::kName,      "联系人",                      "Contact",                           "",     "N"},
{"contact.phone",                  K::kText,         false, true,  L::kName,      "联系电话",                    "Contact's phone",                   "",     "N"},
});

// Parts of the form that marks and problems may name as a whole.
struct PartRow {
  std::string_view path;
  std::string_view zh;
  std::string_view en;
};
constexpr std::array kParts = std::to_array<PartRow>({
{"lead",                  "盟主企业情况",       "Lead enterprise"},
{"alliance",              "联盟情况",           "Alliance"},
{"alliance.cooperations", "产学研合作主要内容", "Cooperation"},
{"members",               "联盟成员单位",       "Members"},
{"contact",               "联系人",             "Contact"},
{"recommender_region",    "推荐单位",           "Recommender"},
});
// clang-format on
#undef K
#undef L

// Takes "[12]" out of `path` as "[]"; nothing for an index that is none. Only one may stand there.
struct Generic {
  std::string path;
  std::optional<int> index;
};
std::optional<Generic> Generalise(std::string_view path) {
  const size_t open = path.find('[');
  if (open == std::string_view::npos) return Generic{std::string(path), std::nullopt};
  const size_t close = path.find(']', open);
  if (close == std::string_view::npos || close == open + 1 || close - open > 6) return std::nullopt;
  int index = 0;
  for (const char c : path.substr(open + 1, close - open - 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    index = index * 10 + (c - '0');
  }
  return Generic{absl::StrCat(Absl(path.substr(0, open + 1)), Absl(path.substr(close))), index};
}

bool TakeSuffix(std::string_view& path, std::string_view suffix) {
  if (!path.ends_with(suffix)) return false;
  path.remove_suffix(suffix.size());
  return true;
}

const PartRow* FindPart(std::string_view path) {
  for (const PartRow& part : kParts) {
    if (part.path == path) return &part;
  }
  return nullptr;
}

// "联盟成员单位第3行"
FieldLabel RowLabel(std::string_view table, int index) {
  const PartRow* part = FindPart(table);
  if (part == nullptr) return {std::string(table), std::string(table)};
  return {absl::StrCat(Absl(part->zh), "第", index + 1, "行"),
          absl::StrCat(Absl(part->en), ", row ", index + 1)};
}

FieldLabel PaperLabel(std::string_view slot, const PaperRules& papers) {
  const std::optional<Generic> generic = Generalise(slot);
  if (!generic) return {std::string(slot), std::string(slot)};
  std::string_view id = generic->path;
  TakeSuffix(id, "[]");
  for (const PaperSlot& row : papers.slots) {
    if (row.id != id) continue;
    if (!generic->index) return {row.zh, row.en};
    const FieldLabel member = RowLabel("members", *generic->index);
    return {absl::StrCat(member.zh, "·", row.zh), absl::StrCat(member.en, ": ", row.en)};
  }
  return {std::string(slot), std::string(slot)};
}

}  // namespace

std::span<const FieldRow> FormFields() { return kRows; }

std::optional<FieldPlace> FindField(std::string_view path) {
  const std::optional<Generic> generic = Generalise(path);
  if (!generic) return std::nullopt;
  std::string_view wanted = generic->path;
  FieldPlace place{.index = generic->index};
  if (TakeSuffix(wanted, ".y1")) {
    place.year = 1;
  } else if (TakeSuffix(wanted, ".y2")) {
    place.year = 2;
  }
  for (const FieldRow& row : kRows) {
    // A choice among several is named by its place: lead.lead_types[1].
    const bool element = row.kind == FieldKind::kSeveralOf && wanted.ends_with("[]") &&
                         wanted.substr(0, wanted.size() - 2) == row.path;
    if (row.path != wanted && !element) continue;
    if (place.year != 0 && !row.two_years) return std::nullopt;
    place.row = &row;
    return place;
  }
  return std::nullopt;
}

int64_t LimitOf(TextLimit limit, const FormRules& rules) {
  switch (limit) {
    case TextLimit::kNone:
      return 0;
    case TextLimit::kName:
      return rules.name_limit;
    case TextLimit::kText:
      return rules.text_limit;
    case TextLimit::kNarrative:
      return rules.narrative_limit;
    case TextLimit::kGoals:
      return rules.goals_limit;
  }
  return 0;
}

FieldLabel LabelOf(std::string_view path, int form_year, const PaperRules& papers) {
  constexpr std::string_view kPapers = "papers.";
  if (path.starts_with(kPapers)) return PaperLabel(path.substr(kPapers.size()), papers);
  if (const PartRow* part = FindPart(path)) {
    return {std::string(part->zh), std::string(part->en)};
  }
  if (const std::optional<FieldPlace> place = FindField(path)) {
    FieldLabel label{std::string(place->row->zh), std::string(place->row->en)};
    if (place->year != 0) {
      const int year = form_year + 1 - place->year;
      absl::StrAppend(&label.zh, "（", year, "年）");
      absl::StrAppend(&label.en, " (", year, ")");
    }
    const size_t table = place->row->path.find("[]");
    if (table == std::string_view::npos || !place->index) return label;
    const FieldLabel row = RowLabel(place->row->path.substr(0, table), *place->index);
    return {absl::StrCat(row.zh, "·", label.zh), absl::StrCat(row.en, ": ", label.en)};
  }
  const std::optional<Generic> generic = Generalise(path);
  if (generic && generic->index && generic->path.ends_with("[]")) {
    return RowLabel(std::string_view(generic->path).substr(0, generic->path.size() - 2),
                    *generic->index);
  }
  return {std::string(path), std::string(path)};
}

}  // namespace alliance::domain
