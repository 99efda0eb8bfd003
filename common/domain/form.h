// The filing application form, Annex 2 of the notice (R-040 … R-063), and all its checks.
//
// The structs mirror alliance.filing.v1.ApplicationForm field by field and share its enum values,
// so that a FieldProblem's path ("lead.rd_spend_fen.y1", "members[2].credit_code") is the portal's
// control id. Empty is not 0: numbers are optional. y1 is the year before the round, y2 the one
// before.

#ifndef ALLIANCE_COMMON_DOMAIN_FORM_H_
#define ALLIANCE_COMMON_DOMAIN_FORM_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/domain/calendar.h"
#include "common/domain/errors.h"
#include "common/domain/money.h"
#include "common/domain/problem.h"

namespace alliance::domain {

// 技术领域, the eight of the form's note 2.
enum class TechnicalField {
  kUnspecified = 0,
  kElectronicInformation = 1,
  kBiologyAndNewMedicine = 2,
  kAerospace = 3,
  kNewMaterials = 4,
  kHighTechServices = 5,
  kNewEnergyAndSaving = 6,
  kResourcesAndEnvironment = 7,
  kAdvancedManufacturingAndAutomation = 8,
};

// 盟主单位类型.
enum class LeadType { kUnspecified = 0, kGazelle = 1, kEaglet = 2, kTechSme = 3 };

// 产学研合作形式.
enum class CooperationForm {
  kUnspecified = 0,
  kAgreement = 1,
  kProject = 2,
  kJointTraining = 3,
  kJointRdBody = 4,
  kOther = 5,
};

// What a member is.
enum class MemberKind {
  kUnspecified = 0,
  kEnterprise = 1,
  kUniversity = 2,
  kInstitute = 3,
  kTalentTeam = 4,
  kOther = 5,
};

// The Chinese name as printed on the form; "" for a value outside the list.
std::string_view NameZh(TechnicalField field);
std::string_view NameZh(LeadType type);
std::string_view NameZh(CooperationForm form);
std::string_view NameZh(MemberKind kind);

template <typename T>
struct TwoYears {
  std::optional<T> y1;
  std::optional<T> y2;
};

struct LeadEnterprise {
  std::string enterprise_name;
  std::string credit_code;
  std::vector<LeadType> lead_types;
  std::string registered_address;
  std::string domicile_explanation;
  std::string founded_date;  // ISO 8601 day
  TwoYears<int64_t> staff;
  TwoYears<int64_t> tech_staff;
  TwoYears<Fen> rd_spend_fen;
  TwoYears<Fen> cooperation_spend_fen;
  TwoYears<Fen> sales_fen;
  TwoYears<Fen> hightech_income_fen;
  TwoYears<Fen> profit_fen;
  TwoYears<int64_t> ip_class1;
  TwoYears<int64_t> ip_class2;
  std::string projects_and_platforms;
  std::optional<Fen> evidenced_rd_fen;  // of y1, as the evidence shows it (Q7)
  std::string rd_evidence_kind;         // word of RdSource, without "form"
};

struct Cooperation {
  std::string partner;
  std::string content_and_goals;
};

struct AllianceSituation {
  std::vector<Cooperation> cooperations;
  std::vector<CooperationForm> cooperation_forms;
  TwoYears<Fen> sales_fen;
  TwoYears<Fen> rd_spend_fen;
  std::optional<int64_t> member_count;  // 成员总数, the lead included (Q17)
  std::optional<int64_t> enterprise_count;
  std::optional<int64_t> university_count;
  std::optional<int64_t> institute_count;
  std::string cooperation_narrative;  // 限500字
  std::string goals;                  // 限500字
};

struct Member {
  std::string member_name;
  std::string credit_code;
  MemberKind kind = MemberKind::kUnspecified;
  std::string position;
};

struct Contact {
  std::string display_name;
  std::string phone;
};

struct Form {
  std::string recommender_region;  // beside the form on the wire: the recommender the lead chose
  std::string alliance_name;
  TechnicalField technical_field = TechnicalField::kUnspecified;
  std::string high_tech_zone;  // zone code; empty: 不在高新区
  LeadEnterprise lead;
  AllianceSituation alliance;
  std::vector<Member> members;  // the lead included
  Contact contact;
  std::string previous_registry_number;  // of an alliance that this system does not know
};

// The numbers and choices of the round's pack. The defaults are those of 2023.
struct FormRules {
  int form_year = 0;                      // y1
  CivilDay reference_day;                 // ages of firms are counted on it: the round's opening
  std::vector<std::string> recommenders;  // region and zone codes that may be chosen
  std::vector<std::string> zones;         // high-tech zone codes
  std::vector<std::string> place_names;   // a domicile in the province names one of them
  std::string province_digits = "21";
  std::vector<std::string> lead_code_prefixes = {"91"};          // others: a warning
  std::vector<std::string> lead_blocked_code_prefixes = {"92"};  // not a legal person
  int64_t narrative_limit = 500;
  int64_t goals_limit = 500;
  int64_t name_limit = 200;
  int64_t text_limit = 2000;
  int64_t count_limit = 1'000'000;
  int64_t row_limit = 200;
  Fen amount_limit = Fen(1'000'000'000 * kFenPerWan);  // per field
  int64_t min_university_or_institute = 1;
  bool count_includes_lead = true;
  Fen unit_slip_fen = Fen(100'000 * kFenPerWan);
  int64_t unit_slip_ratio = 5'000;
  int64_t sme_staff_limit = 500;
  Fen sme_sales_limit = Fen(20'000 * kFenPerWan);
  int64_t eaglet_years = 10;
  int64_t gazelle_years = 20;
  int64_t rd_tolerance_percent = 5;
  std::map<Problem, Severity> severities;  // where the pack differs from the problem's own
};

// All problems, errors and warnings together, in the order of the form. Nothing stops at the first.
std::vector<FieldProblem> CheckForm(const Form& form, const FormRules& rules);

// What a draft must satisfy to be stored at all: text that is UTF-8 and without control characters,
// values inside their lists and ranges. A draft may be empty.
std::vector<FieldProblem> CheckDraft(const Form& form, const FormRules& rules);

// The overlapping year of two rounds of one lead: `now`'s y2 beside `last`'s y1, a warning with
// both figures for each that differs. `rules` are those of `now`.
std::vector<FieldProblem> CompareRounds(const Form& now, const Form& last, const FormRules& rules);

// One or several numbers such as "024-23983158", "13614027066", "+86 …" with an extension. The area
// code never tells the region: 024 is shared by four cities.
bool LooksLikePhone(std::string_view text);

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_FORM_H_
