// The checks of form.h: first field by field in the order of the form, then across fields.

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/str.h"
#include "common/base/text.h"
#include "common/domain/credit_code.h"
#include "common/domain/eligibility.h"
#include "common/domain/form.h"

namespace alliance::domain {
namespace {

using base::Absl;

enum class Depth { kDraft, kComplete };

std::string Year1(std::string_view field) { return absl::StrCat(Absl(field), ".y1"); }
std::string Year2(std::string_view field) { return absl::StrCat(Absl(field), ".y2"); }

std::string Row(std::string_view list, size_t index, std::string_view field) {
  return absl::StrCat(Absl(list), "[", index, "]", field.empty() ? "" : ".", Absl(field));
}

// Names are compared folded and without blanks, and stored as typed: "（有限公司）" is
// "(有限公司)".
std::string FoldedName(std::string_view name) {
  std::string folded;
  const std::string half = base::Nfc(base::FoldWidth(name));
  for (std::string_view rest = half; !rest.empty();) {
    const std::optional<char32_t> code_point = base::TakeCodePoint(rest);
    if (!code_point) return half;
    if (!base::IsWhiteSpace(*code_point) && !base::IsInvisible(*code_point)) {
      base::AppendCodePoint(*code_point, folded);
    }
  }
  return folded;
}

class FormChecker {
 public:
  FormChecker(const Form& form, const FormRules& rules, Depth depth)
      : form_(form), rules_(rules), complete_(depth == Depth::kComplete) {}

  std::vector<FieldProblem> Run() {
    Header();
    Lead();
    Alliance();
    MemberRows();
    ContactPerson();
    if (complete_) {
      CrossChecks();
      MemberRules();
      LeadRules();
    }
    return std::move(problems_);
  }

 private:
  void Find(Problem problem, std::string_view field, std::initializer_list<Hole> holes = {}) {
    const auto severity = rules_.severities.find(problem);
    problems_.push_back(MakeProblem(
        problem, field, holes,
        severity == rules_.severities.end() ? std::optional<Severity>() : severity->second));
  }

  // One field ---------------------------------------------------------------------------------

  void Required(bool given, std::string_view field) {
    if (complete_ && !given) Find(Problem::kRequired, field);
  }

  // Q18: blanks are free, but what is stored is bounded all the same.
  void Text(std::string_view text, std::string_view field, int64_t limit, bool required) {
    if (!base::IsUtf8(text)) return Find(Problem::kNotUtf8, field);
    const std::string normal = base::Nfc(base::NormaliseLineEnds(text));
    if (base::HasForbiddenCharacter(normal)) return Find(Problem::kForbiddenCharacter, field);
    int64_t count = static_cast<int64_t>(base::CountCharacters(normal));
    if (count > 0 && base::VisibleLength(normal) == 0) return Find(Problem::kInvisibleText, field);
    if (complete_ && base::HasPrivateUse(normal)) Find(Problem::kPrivateUse, field);
    int64_t stored = 0;
    for (std::string_view rest = normal; base::TakeCodePoint(rest);) ++stored;
    if (stored > 2 * limit) count = stored;
    if ((complete_ && count > limit) || stored > 2 * limit) {
      Find(Problem::kTooLong, field,
           {{"count", absl::StrCat(count)}, {"limit", absl::StrCat(limit)}});
    }
    Required(!required || base::VisibleLength(normal) > 0, field);
  }

  void Name(std::string_view text, std::string_view field, bool required = true) {
    Text(text, field, rules_.name_limit, required);
  }

  void Count(std::optional<int64_t> count, std::string_view field, bool required = true) {
    Required(!required || count.has_value(), field);
    if (!count) return;
    if (*count < 0) Find(Problem::kNegative, field);
    if (*count > rules_.count_limit) {
      Find(Problem::kOutOfRange, field, {{"limit", absl::StrCat(rules_.count_limit)}});
    }
  }

  void Amount(std::optional<Fen> amount, std::string_view field, Sign sign, bool required) {
    Required(!required || amount.has_value(), field);
    if (!amount) return;
    if (sign == Sign::kNotNegative && *amount < Fen()) Find(Problem::kNegative, field);
    // 万元 with two decimals at most: a third is refused, never rounded away.
    if (amount->value() % kFenPerHundredthWan != 0) {
      problems_.push_back(ProblemAt(field, Refuse(Reason::kAmountTooManyDecimals), "R-046"));
    }
    if (*amount > rules_.amount_limit || *amount < Fen(-rules_.amount_limit.value())) {
      Find(Problem::kOutOfRange, field, {{"limit", FormatWan(rules_.amount_limit)}});
    }
  }

  void Counts(const TwoYears<int64_t>& counts, std::string_view field) {
    Count(counts.y1, Year1(field));
    Count(counts.y2, Year2(field), ExistedInYear2());
  }

  void Amounts(const TwoYears<Fen>& amounts, std::string_view field,
               Sign sign = Sign::kNotNegative) {
    Amount(amounts.y1, Year1(field), sign, true);
    Amount(amounts.y2, Year2(field), sign, ExistedInYear2());
  }

  template <typename Enum>
  void Choices(const std::vector<Enum>& choices, std::string_view field) {
    Required(!choices.empty(), field);
    std::set<Enum> seen;
    for (size_t i = 0; i < choices.size(); ++i) {
      if (NameZh(choices[i]).empty()) Find(Problem::kNotInList, Row(field, i, ""));
      if (!seen.insert(choices[i]).second) Find(Problem::kDuplicate, Row(field, i, ""));
    }
  }

  void Code(std::string_view code, std::string_view field, bool required) {
    const bool given = base::VisibleLength(code) > 0;
    Required(!required || given, field);
    if (!given || !complete_) return Name(code, field, false);
    for (FieldProblem& problem :
         CodeProblems(CheckCreditCode(code, rules_.province_digits), field)) {
      problems_.push_back(std::move(problem));
    }
  }

  // False when there are too many: that is the answer then, not ten thousand more.
  bool Rows(size_t rows, std::string_view field) {
    Required(rows > 0, field);
    if (static_cast<int64_t>(rows) <= rules_.row_limit) return true;
    Find(Problem::kTooManyRows, field, {{"limit", absl::StrCat(rules_.row_limit)}});
    return false;
  }

  void FoundedDate() {
    constexpr std::string_view kField = "lead.founded_date";
    Required(!form_.lead.founded_date.empty(), kField);
    if (form_.lead.founded_date.empty()) return;
    const std::optional<CivilDay> day = ParseDay(form_.lead.founded_date);
    if (!day) return Find(Problem::kNotADay, kField);
    if (complete_ && *day > rules_.reference_day) Find(Problem::kFutureDay, kField);
  }

  // A firm founded after y2 has no figures of that year.
  bool ExistedInYear2() const {
    const std::optional<CivilDay> founded = ParseDay(form_.lead.founded_date);
    return !founded || founded->year() < rules_.form_year;
  }

  // The parts of the form -----------------------------------------------------------------------

  void Header() {
    const bool listed = std::find(rules_.recommenders.begin(), rules_.recommenders.end(),
                                  form_.recommender_region) != rules_.recommenders.end();
    Required(!form_.recommender_region.empty(), "recommender_region");
    if (!form_.recommender_region.empty() && !listed) {
      Find(Problem::kNotInList, "recommender_region");
    }
    Name(form_.alliance_name, "alliance_name");
    Required(form_.technical_field != TechnicalField::kUnspecified, "technical_field");
    if (form_.technical_field != TechnicalField::kUnspecified &&
        NameZh(form_.technical_field).empty()) {
      Find(Problem::kNotInList, "technical_field");
    }
    if (!form_.high_tech_zone.empty() && std::find(rules_.zones.begin(), rules_.zones.end(),
                                                   form_.high_tech_zone) == rules_.zones.end()) {
      Find(Problem::kNotInList, "high_tech_zone");
    }
    Name(form_.previous_registry_number, "previous_registry_number", false);
    if (complete_ && base::VisibleLength(form_.previous_registry_number) > 0) {
      Find(Problem::kPreviousRegistry, "previous_registry_number",
           {{"number", form_.previous_registry_number}});
    }
  }

  void Lead() {
    const LeadEnterprise& lead = form_.lead;
    Name(lead.enterprise_name, "lead.enterprise_name");
    Code(lead.credit_code, "lead.credit_code", true);
    Choices(lead.lead_types, "lead.lead_types");
    Name(lead.registered_address, "lead.registered_address");
    Text(lead.domicile_explanation, "lead.domicile_explanation", rules_.text_limit, false);
    FoundedDate();
    Counts(lead.staff, "lead.staff");
    Counts(lead.tech_staff, "lead.tech_staff");
    Amounts(lead.rd_spend_fen, "lead.rd_spend_fen");
    Evidence();
    Amounts(lead.cooperation_spend_fen, "lead.cooperation_spend_fen");
    Amounts(lead.sales_fen, "lead.sales_fen");
    Amounts(lead.hightech_income_fen, "lead.hightech_income_fen");
    Amounts(lead.profit_fen, "lead.profit_fen", Sign::kAny);
    Counts(lead.ip_class1, "lead.ip_class1");
    Counts(lead.ip_class2, "lead.ip_class2");
    Text(lead.projects_and_platforms, "lead.projects_and_platforms", rules_.text_limit, false);
  }

  // Q7: the figure that the evidence shows stands beside the declared one, with its kind.
  void Evidence() {
    const LeadEnterprise& lead = form_.lead;
    Amount(lead.evidenced_rd_fen, "lead.evidenced_rd_fen", Sign::kNotNegative, false);
    const std::optional<RdSource> source = RdSourceOf(lead.rd_evidence_kind);
    if (!lead.rd_evidence_kind.empty() && (!source || source == RdSource::kForm)) {
      return Find(Problem::kNotInList, "lead.rd_evidence_kind");
    }
    if (!complete_) return;
    if (lead.evidenced_rd_fen.has_value() != source.has_value()) {
      Find(Problem::kEvidenceIncomplete,
           source ? "lead.evidenced_rd_fen" : "lead.rd_evidence_kind");
    }
    if (!source || !lead.evidenced_rd_fen || !lead.rd_spend_fen.y1) return;
    const auto verified = VerifyRd(*lead.rd_spend_fen.y1, *source, *lead.evidenced_rd_fen,
                                   rules_.rd_tolerance_percent);
    if (verified.ok() && verified->differs) {
      Find(Problem::kX09, "lead.evidenced_rd_fen",
           {{"declared", FormatWan(*lead.rd_spend_fen.y1)},
            {"evidenced", FormatWan(*lead.evidenced_rd_fen)},
            {"percent", absl::StrCat(rules_.rd_tolerance_percent)}});
    }
  }

  void Alliance() {
    const AllianceSituation& alliance = form_.alliance;
    const bool checked = Rows(alliance.cooperations.size(), "alliance.cooperations");
    for (size_t i = 0; checked && i < alliance.cooperations.size(); ++i) {
      Name(alliance.cooperations[i].partner, Row("alliance.cooperations", i, "partner"));
      Text(alliance.cooperations[i].content_and_goals,
           Row("alliance.cooperations", i, "content_and_goals"), rules_.text_limit, true);
    }
    Choices(alliance.cooperation_forms, "alliance.cooperation_forms");
    Amounts(alliance.sales_fen, "alliance.sales_fen");
    Amounts(alliance.rd_spend_fen, "alliance.rd_spend_fen");
    Count(alliance.member_count, "alliance.member_count");
    Count(alliance.enterprise_count, "alliance.enterprise_count");
    Count(alliance.university_count, "alliance.university_count");
    Count(alliance.institute_count, "alliance.institute_count");
    Text(alliance.cooperation_narrative, "alliance.cooperation_narrative", rules_.narrative_limit,
         true);
    Text(alliance.goals, "alliance.goals", rules_.goals_limit, true);
  }

  void MemberRows() {
    if (!Rows(form_.members.size(), "members")) return;
    for (size_t i = 0; i < form_.members.size(); ++i) {
      const Member& member = form_.members[i];
      Name(member.member_name, Row("members", i, "member_name"));
      // A talent team has no code of its own.
      Code(member.credit_code, Row("members", i, "credit_code"),
           member.kind != MemberKind::kTalentTeam);
      Required(member.kind != MemberKind::kUnspecified, Row("members", i, "kind"));
      if (member.kind != MemberKind::kUnspecified && NameZh(member.kind).empty()) {
        Find(Problem::kNotInList, Row("members", i, "kind"));
      }
      Text(member.position, Row("members", i, "position"), rules_.text_limit, true);
    }
  }

  void ContactPerson() {
    Name(form_.contact.display_name, "contact.display_name");
    Name(form_.contact.phone, "contact.phone");
    if (complete_ && base::VisibleLength(form_.contact.phone) > 0 &&
        !LooksLikePhone(form_.contact.phone)) {
      Find(Problem::kPhone, "contact.phone");
    }
  }

  // Across fields -------------------------------------------------------------------------------

  template <typename T>
  void Above(Problem problem, const std::optional<T>& a, const std::optional<T>& b,
             const std::string& field) {
    if (a && b && *a > *b) Find(problem, field);
  }

  template <typename T>
  void EachYearAbove(Problem problem, const TwoYears<T>& a, const TwoYears<T>& b,
                     std::string_view field) {
    Above(problem, a.y1, b.y1, Year1(field));
    Above(problem, a.y2, b.y2, Year2(field));
  }

  void CrossChecks() {
    const LeadEnterprise& lead = form_.lead;
    const AllianceSituation& alliance = form_.alliance;
    EachYearAbove(Problem::kX01, lead.tech_staff, lead.staff, "lead.tech_staff");
    EachYearAbove(Problem::kX02, lead.hightech_income_fen, lead.sales_fen,
                  "lead.hightech_income_fen");
    EachYearAbove(Problem::kX03, lead.cooperation_spend_fen, lead.rd_spend_fen,
                  "lead.cooperation_spend_fen");
    EachYearAbove(Problem::kX04, lead.sales_fen, alliance.sales_fen, "alliance.sales_fen");
    EachYearAbove(Problem::kX05, lead.rd_spend_fen, alliance.rd_spend_fen, "alliance.rd_spend_fen");
    if (lead.rd_spend_fen.y1 == Fen()) Find(Problem::kX06, "lead.rd_spend_fen.y1");
    EachYearAbove(Problem::kX07, lead.rd_spend_fen, lead.sales_fen, "lead.rd_spend_fen");
    UnitSlip(lead.rd_spend_fen, "lead.rd_spend_fen");
    UnitSlip(lead.cooperation_spend_fen, "lead.cooperation_spend_fen");
    UnitSlip(lead.sales_fen, "lead.sales_fen");
    UnitSlip(lead.hightech_income_fen, "lead.hightech_income_fen");
    UnitSlip(lead.profit_fen, "lead.profit_fen");
    UnitSlip(alliance.sales_fen, "alliance.sales_fen");
    UnitSlip(alliance.rd_spend_fen, "alliance.rd_spend_fen");
    KindsOfLead();
  }

  // X08: yuan typed as 万元 is 10,000 times too much.
  void UnitSlip(const TwoYears<Fen>& amounts, std::string_view field) {
    const auto slipped = [&](std::optional<Fen> amount, std::optional<Fen> other) {
      if (!amount) return false;
      if (*amount >= rules_.unit_slip_fen) return true;
      return other && *other > Fen() &&
             amount->value() >= static_cast<__int128>(other->value()) * rules_.unit_slip_ratio;
    };
    if (slipped(amounts.y1, amounts.y2)) Find(Problem::kX08, Year1(field));
    if (slipped(amounts.y2, amounts.y1)) Find(Problem::kX08, Year2(field));
  }

  bool Ticked(LeadType type) const {
    const std::vector<LeadType>& types = form_.lead.lead_types;
    return std::find(types.begin(), types.end(), type) != types.end();
  }

  // X10, X11: limits of staff, sales and age; only a question, the status comes from the proof.
  void KindsOfLead() {
    const LeadEnterprise& lead = form_.lead;
    if (Ticked(LeadType::kTechSme) &&
        (lead.staff.y1.value_or(0) > rules_.sme_staff_limit ||
         lead.sales_fen.y1.value_or(Fen()) > rules_.sme_sales_limit)) {
      Find(Problem::kX10, "lead.lead_types",
           {{"staff", absl::StrCat(rules_.sme_staff_limit)},
            {"sales", FormatWan(rules_.sme_sales_limit)}});
    }
    const std::optional<CivilDay> founded = ParseDay(lead.founded_date);
    const auto older_than = [&](int64_t years) {
      return founded && CivilDay(founded->year() + years, founded->month(), founded->day()) <
                            rules_.reference_day;
    };
    for (const auto& [type, years] : {std::pair(LeadType::kEaglet, rules_.eaglet_years),
                                      std::pair(LeadType::kGazelle, rules_.gazelle_years)}) {
      if (Ticked(type) && older_than(years)) {
        Find(Problem::kX11, "lead.founded_date", {{"years", absl::StrCat(years)}});
      }
    }
  }

  int64_t RowsOf(MemberKind kind) const {
    return std::count_if(form_.members.begin(), form_.members.end(),
                         [&](const Member& member) { return member.kind == kind; });
  }

  // A4.1, readings Q16 and Q17.
  void MemberRules() {
    if (static_cast<int64_t>(form_.members.size()) > rules_.row_limit) return;
    const std::string lead_code = NormaliseCode(form_.lead.credit_code);
    std::set<std::string> seen;
    bool lead_listed = false;
    for (size_t i = 0; i < form_.members.size(); ++i) {
      const Member& member = form_.members[i];
      const std::string code = NormaliseCode(member.credit_code);
      lead_listed |= !code.empty() && code == lead_code;
      const std::string identity = code.empty() ? "name:" + FoldedName(member.member_name) : code;
      if (identity != "name:" && !seen.insert(identity).second) {
        Find(Problem::kDuplicate, Row("members", i, code.empty() ? "member_name" : "credit_code"));
      }
    }
    SameNames(lead_code);
    if (rules_.count_includes_lead && !lead_listed && !form_.members.empty()) {
      Find(Problem::kLeadNotAmongMembers, "members");
    }
    const int64_t researchers = RowsOf(MemberKind::kUniversity) + RowsOf(MemberKind::kInstitute);
    if (researchers < rules_.min_university_or_institute) {
      Find(RowsOf(MemberKind::kTalentTeam) > 0 ? Problem::kTalentTeamOnly
                                               : Problem::kNoUniversityOrInstitute,
           "members");
    }
    MemberCounts(lead_listed);
  }

  // One name with two codes: a mistyped code, or the lead once more under another.
  void SameNames(const std::string& lead_code) {
    struct First {
      std::string code;
      std::string zh;
      std::string en;
    };
    std::map<std::string, First> first;
    if (!lead_code.empty()) {
      first[FoldedName(form_.lead.enterprise_name)] = {lead_code, "盟主企业", "The lead"};
    }
    for (size_t i = 0; i < form_.members.size(); ++i) {
      const std::string name = FoldedName(form_.members[i].member_name);
      const std::string code = NormaliseCode(form_.members[i].credit_code);
      if (name.empty() || code.empty()) continue;
      const auto [same, added] = first.try_emplace(
          name, First{code, absl::StrCat("第", i + 1, "行"), absl::StrCat("Row ", i + 1)});
      if (added || same->second.code == code) continue;
      Find(Problem::kSameName, Row("members", i, "member_name"),
           {{"other", same->second.en}, {"other_zh", same->second.zh}});
    }
  }

  void MemberCounts(bool lead_listed) {
    const AllianceSituation& alliance = form_.alliance;
    int64_t rows = static_cast<int64_t>(form_.members.size());
    if (!rules_.count_includes_lead && lead_listed) --rows;
    if (alliance.member_count && *alliance.member_count != rows) {
      Find(Problem::kTotalNotRows, "alliance.member_count",
           {{"total", absl::StrCat(*alliance.member_count)}, {"rows", absl::StrCat(rows)}});
    }
    const auto capped = [&](std::optional<int64_t> count) {
      return std::clamp<int64_t>(count.value_or(0), 0, rules_.count_limit);
    };
    if (alliance.member_count && *alliance.member_count < capped(alliance.enterprise_count) +
                                                              capped(alliance.university_count) +
                                                              capped(alliance.institute_count)) {
      Find(Problem::kTotalBelowKinds, "alliance.member_count");
    }
    KindCount(alliance.enterprise_count, MemberKind::kEnterprise, "alliance.enterprise_count");
    KindCount(alliance.university_count, MemberKind::kUniversity, "alliance.university_count");
    KindCount(alliance.institute_count, MemberKind::kInstitute, "alliance.institute_count");
  }

  void KindCount(std::optional<int64_t> count, MemberKind kind, std::string_view field) {
    if (!count || *count == RowsOf(kind)) return;
    Find(Problem::kKindsNotRows, field,
         {{"count", absl::StrCat(*count)}, {"rows", absl::StrCat(RowsOf(kind))}});
  }

  // The digits of a code are a hint: they ask for an explanation, the licence decides.
  void LeadRules() {
    const LeadEnterprise& lead = form_.lead;
    const CodeCheck code = CheckCreditCode(lead.credit_code, rules_.province_digits);
    if (code.verdict != CodeVerdict::kError) {
      const std::string prefix = code.code.substr(0, 2);
      const auto listed = [&](const std::vector<std::string>& prefixes) {
        return std::find(prefixes.begin(), prefixes.end(), prefix) != prefixes.end();
      };
      if (listed(rules_.lead_blocked_code_prefixes)) {
        Find(Problem::kLeadNotLegalPerson, "lead.credit_code");
      } else if (!listed(rules_.lead_code_prefixes)) {
        Find(Problem::kLeadKindUnusual, "lead.credit_code");
      }
      if (code.out_of_province) {
        const bool explained = base::VisibleLength(lead.domicile_explanation) > 0;
        Find(explained ? Problem::kOutOfProvince : Problem::kDomicileUnexplained,
             explained ? "lead.credit_code" : "lead.domicile_explanation");
      }
    }
    const bool names_a_place = std::any_of(
        rules_.place_names.begin(), rules_.place_names.end(), [&](const std::string& place) {
          return lead.registered_address.find(place) != std::string::npos;
        });
    if (!lead.registered_address.empty() && !rules_.place_names.empty() && !names_a_place) {
      Find(Problem::kDomicileElsewhere, "lead.registered_address");
    }
    // the form prints the pattern "xx市xx联盟".
    const std::string& name = form_.alliance_name;
    constexpr std::string_view kEnding = "联盟";
    const bool pattern = name.size() > kEnding.size() &&
                         name.compare(name.size() - kEnding.size(), kEnding.size(), kEnding) == 0 &&
                         name.find("市") != std::string::npos;
    if (!name.empty() && !pattern) Find(Problem::kNamePattern, "alliance_name");
  }

  const Form& form_;
  const FormRules& rules_;
  const bool complete_;
  std::vector<FieldProblem> problems_;
};

}  // namespace

std::vector<FieldProblem> CheckForm(const Form& form, const FormRules& rules) {
  return FormChecker(form, rules, Depth::kComplete).Run();
}

std::vector<FieldProblem> CheckDraft(const Form& form, const FormRules& rules) {
  return FormChecker(form, rules, Depth::kDraft).Run();
}

}  // namespace alliance::domain
