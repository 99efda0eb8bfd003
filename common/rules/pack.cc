#include "common/rules/pack.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "absl/time/civil_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/canonical.h"
#include "common/crypto/digest.h"
#include "common/domain/form_fields.h"
#include "common/rules/pack_node.h"

namespace alliance::rules {
namespace {

using domain::CivilDay;
using domain::Fen;

absl::StatusOr<absl::Time> ReadInstant(const Node& node, const char* field) {
  absl::Time time;
  std::string error;
  // RFC 3339 with an offset: a bare local time would mean whatever zone the machine is in.
  if (!absl::ParseTime(absl::RFC3339_sec, node.Text(field), &time, &error)) {
    return node.Wrong(field, "must be an instant with offset, as 2023-04-03T00:00:00+08:00");
  }
  return time;
}

absl::StatusOr<CivilDay> ReadDay(const Node& node, const char* field, int index = -1) {
  CivilDay day;
  const std::string text = node.Text(field, index);
  if (!absl::ParseCivilTime(text, &day) || domain::FormatDay(day) != text) {
    return node.Wrong(field, "must be a day that exists, as 2023-04-05", index);
  }
  return day;
}

absl::StatusOr<Fen> ReadWan(const Node& node, const char* field) {
  absl::StatusOr<Fen> amount = domain::ParseWan(node.Text(field), domain::Sign::kNotNegative);
  if (!amount.ok()) return node.Wrong(field, "must be an amount in 万元 with at most two decimals");
  return amount;
}

absl::Status Positive(const Node& node, const char* field) {
  return node.Number(field) > 0 ? absl::OkStatus() : node.Wrong(field, "must be above 0");
}

absl::Status Unique(const Node& node, const char* field, std::set<std::string>& seen) {
  return seen.insert(node.Text(field)).second ? absl::OkStatus()
                                              : node.Wrong(field, "stands twice");
}

}  // namespace

// Reads one pack from top to bottom; the first wrong value ends it.
class PackReader {
 public:
  static absl::StatusOr<Pack> Parse(std::string_view text, const std::string& name) {
    Pack pack;
    Lines lines;
    RETURN_IF_ERROR(ParseWithLines(text, name, &pack.proto_, &lines));
    const Node root(pack.proto_, lines, name);
    RETURN_IF_ERROR(PackReader(pack, root).Read());
    pack.digest_ = crypto::Sha256(crypto::Canonical(pack.proto_));
    pack.digest_hex_ = crypto::Hex(pack.digest_);
    return pack;
  }

 private:
  PackReader(Pack& pack, const Node& root) : pack_(pack), root_(root) {}

  absl::Status Read() {
    RETURN_IF_ERROR(root_.CheckFilled());
    RETURN_IF_ERROR(ReadRound());
    RETURN_IF_ERROR(ReadCalendar());
    RETURN_IF_ERROR(ReadRecommenders());
    RETURN_IF_ERROR(ReadForm());
    RETURN_IF_ERROR(ReadPapers());
    RETURN_IF_ERROR(ReadNotice(root_.Child("notice"), &pack_.notice_rule_));
    RETURN_IF_ERROR(ReadRest());
    RETURN_IF_ERROR(ReadEvaluation());
    return ReadSubsidy();
  }

  const v1::Pack& proto() const { return pack_.proto_; }

  absl::Status ReadRound();
  absl::Status ReadCalendar();
  absl::Status ReadRecommenders();
  absl::Status ReadForm();
  absl::Status ReadPapers();
  absl::Status ReadNotice(const Node& node, domain::NoticeRule* out);
  absl::Status ReadRest();
  absl::Status ReadEvaluation();
  absl::Status ReadSubsidy();
  absl::StatusOr<std::vector<domain::Interval>> ReadIntervals(const Node& parent,
                                                              const char* field);
  absl::Status KnownGrade(const Node& node, const char* field, int index = -1);
  static absl::Status WrongRow(const Node& subsidy, const std::string& finding);

  Pack& pack_;
  const Node& root_;
};

absl::Status PackReader::ReadRound() {
  const Node round = root_.Child("round");
  const std::string id = round.Text("id");
  if (id.size() > 63 ||
      id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos) {
    return round.Wrong("id", "must be lower-case letters, digits and hyphens, at most 63");
  }
  RETURN_IF_ERROR(ReadDay(round, "notice_date").status());
  if (round.Number("form_year") < 2000 || round.Number("form_year") > 2999) {
    return round.Wrong("form_year", "must be a year");
  }
  ASSIGN_OR_RETURN(pack_.opens_, ReadInstant(round, "open_time"));
  ASSIGN_OR_RETURN(pack_.enterprise_deadline_, ReadInstant(round, "enterprise_deadline_time"));
  ASSIGN_OR_RETURN(pack_.recommender_deadline_, ReadInstant(round, "recommender_deadline_time"));
  if (domain::DayOf(pack_.opens_).year() != pack_.form_year() + 1) {
    return round.Wrong("form_year", "must be the year before the round opens");
  }
  if (pack_.enterprise_deadline_ <= pack_.opens_) {
    return round.Wrong("enterprise_deadline_time", "must be after open_time");
  }
  if (pack_.recommender_deadline_ < pack_.enterprise_deadline_) {
    return round.Wrong("recommender_deadline_time", "must not be before enterprise_deadline_time");
  }
  return absl::OkStatus();
}

absl::Status PackReader::ReadCalendar() {
  std::vector<domain::YearDays> years;
  std::set<std::string> seen;
  for (int i = 0; i < proto().calendar_years_size(); ++i) {
    const Node node = root_.Child("calendar_years", i);
    domain::YearDays year{.year = static_cast<int>(node.Number("year"))};
    if (!seen.insert(std::to_string(year.year)).second) return node.Wrong("year", "stands twice");
    for (int j = 0; j < proto().calendar_years(i).off_size(); ++j) {
      const Node days = node.Child("off", j);
      ASSIGN_OR_RETURN(const CivilDay first, ReadDay(days, "first"));
      ASSIGN_OR_RETURN(const CivilDay last, ReadDay(days, "last"));
      if (last < first || last.year() != year.year) {
        return days.Wrong("last", "must be in the year and not before first");
      }
      if (first < CivilDay(year.year - 1, 12, 1)) {
        return days.Wrong("first", "must not be before the December before");
      }
      year.off.push_back({first, last});
    }
    for (int j = 0; j < proto().calendar_years(i).makeup_work_size(); ++j) {
      ASSIGN_OR_RETURN(const CivilDay day, ReadDay(node, "makeup_work", j));
      const absl::Weekday weekday = absl::GetWeekday(day);
      if (weekday != absl::Weekday::saturday && weekday != absl::Weekday::sunday) {
        return node.Wrong("makeup_work", "must be a Saturday or Sunday", j);
      }
      if (day.year() != year.year) return node.Wrong("makeup_work", "must be in the year", j);
      year.makeup_work.push_back(day);
    }
    years.push_back(std::move(year));
  }
  pack_.calendar_ = domain::WorkCalendar(years);
  const int round_year = static_cast<int>(domain::DayOf(pack_.opens_).year());
  if (!pack_.calendar_.Loaded(round_year)) {
    return root_.Wrong("calendar_years", "has not the year of the round's opening");
  }
  return absl::OkStatus();
}

absl::Status PackReader::ReadRecommenders() {
  std::set<std::string> codes;
  for (int i = 0; i < proto().offices_size(); ++i) {
    const Node node = root_.Child("offices", i);
    RETURN_IF_ERROR(Unique(node, "region", codes));
    const v1::Office& office = proto().offices(i);
    if (!domain::LooksLikePhone(office.phone())) {
      return node.Wrong("phone", "is not a phone number");
    }
    pack_.recommenders_[office.region()] = {.code = office.region(), .name = office.office_name()};
  }
  for (int i = 0; i < proto().zones_size(); ++i) {
    const Node node = root_.Child("zones", i);
    RETURN_IF_ERROR(Unique(node, "code", codes));
    const v1::Zone& zone = proto().zones(i);
    if (!pack_.recommenders_.contains(zone.city())) {
      return node.Wrong("city", "is not the region of an office");
    }
    pack_.recommenders_[zone.code()] = {.code = zone.code(),
                                        .name = zone.zone_name(),
                                        .city = zone.city(),
                                        .shenda = zone.shenda()};
  }
  return absl::OkStatus();
}

absl::Status PackReader::ReadForm() {
  const Node node = root_.Child("form");
  const v1::Form& form = proto().form();
  domain::FormRules& rules = pack_.form_rules_;
  for (const char* field :
       {"narrative_limit", "goals_limit", "min_university_or_institute", "unit_slip_ratio",
        "sme_staff_limit", "eaglet_years", "gazelle_years", "rd_tolerance_percent"}) {
    RETURN_IF_ERROR(Positive(node, field));
  }
  rules.form_year = pack_.form_year();
  rules.reference_day = domain::DayOf(pack_.opens_);
  for (const auto& [code, recommender] : pack_.recommenders_) rules.recommenders.push_back(code);
  for (const v1::Zone& zone : proto().zones()) rules.zones.push_back(zone.code());
  rules.place_names = {"辽宁"};
  for (const v1::Office& office : proto().offices()) rules.place_names.push_back(office.place());
  rules.province_digits = form.province_digits();
  rules.lead_code_prefixes = {form.lead_code_prefixes().begin(), form.lead_code_prefixes().end()};
  rules.lead_blocked_code_prefixes = {form.lead_blocked_code_prefixes().begin(),
                                      form.lead_blocked_code_prefixes().end()};
  rules.narrative_limit = form.narrative_limit();
  rules.goals_limit = form.goals_limit();
  rules.min_university_or_institute = form.min_university_or_institute();
  rules.count_includes_lead = form.count_includes_lead();
  ASSIGN_OR_RETURN(rules.unit_slip_fen, ReadWan(node, "unit_slip_wan"));
  rules.unit_slip_ratio = form.unit_slip_ratio();
  rules.sme_staff_limit = form.sme_staff_limit();
  ASSIGN_OR_RETURN(rules.sme_sales_limit, ReadWan(node, "sme_sales_limit_wan"));
  rules.eaglet_years = form.eaglet_years();
  rules.gazelle_years = form.gazelle_years();
  rules.rd_tolerance_percent = form.rd_tolerance_percent();
  std::set<std::string> noted;
  for (int i = 0; i < form.field_notes_size(); ++i) {
    const Node note = node.Child("field_notes", i);
    RETURN_IF_ERROR(Unique(note, "field", noted));
    if (!domain::FindField(form.field_notes(i).field())) {
      return note.Wrong("field", "is not a field of the form");
    }
  }
  for (int i = 0; i < form.severities_size(); ++i) {
    const Node severity = node.Child("severities", i);
    const auto problem = domain::ProblemOf(form.severities(i).problem());
    if (!problem) return severity.Wrong("problem", "is not a problem that the checks know");
    const std::string& word = form.severities(i).severity();
    if (word != "error" && word != "override" && word != "warning") {
      return severity.Wrong("severity", "must be error, override or warning");
    }
    rules.severities[*problem] = word == "error"      ? domain::Severity::kError
                                 : word == "override" ? domain::Severity::kNeedsOverride
                                                      : domain::Severity::kWarning;
  }
  return absl::OkStatus();
}

absl::Status PackReader::ReadPapers() {
  const Node node = root_.Child("papers");
  std::set<std::string> slots;
  for (int i = 0; i < proto().papers().slots_size(); ++i) {
    RETURN_IF_ERROR(Unique(node.Child("slots", i), "id", slots));
    const v1::Slot& slot = proto().papers().slots(i);
    pack_.paper_rules_.slots.push_back({slot.id(), slot.zh(), slot.en(), slot.clause()});
  }
  const std::map<std::string, domain::PaperNeed> needs = {
      {"always", domain::PaperNeed::kAlways},
      {"per_member", domain::PaperNeed::kPerMember},
      {"if_intellectual_property", domain::PaperNeed::kIfIntellectualProperty},
      {"generated", domain::PaperNeed::kGenerated}};
  std::set<std::string> ids;
  for (int i = 0; i < proto().papers().requirements_size(); ++i) {
    const Node requirement_node = node.Child("requirements", i);
    const v1::Requirement& requirement = proto().papers().requirements(i);
    RETURN_IF_ERROR(Unique(requirement_node, "id", ids));
    const auto need = needs.find(requirement.need());
    if (need == needs.end()) return requirement_node.Wrong("need", "is not a known need");
    domain::PaperRequirement out{
        .id = requirement.id(), .need = need->second, .clause = requirement.clause()};
    for (int j = 0; j < requirement.any_of_size(); ++j) {
      const auto& alternative = requirement.any_of(j).slots();
      for (int k = 0; k < alternative.size(); ++k) {
        if (!slots.contains(alternative[k])) {
          return requirement_node.Child("any_of", j).Wrong("slots", "is not one of the slots", k);
        }
      }
      out.any_of.push_back({alternative.begin(), alternative.end()});
    }
    pack_.paper_rules_.requirements.push_back(std::move(out));
  }
  for (const char* field :
       {"pdf_bytes", "image_bytes", "image_pixels", "files", "bytes", "upload_hours"}) {
    RETURN_IF_ERROR(Positive(node.Child("limits"), field));
  }
  const v1::PaperLimits& limits = proto().papers().limits();
  pack_.paper_rules_.limits = {.pdf_bytes = limits.pdf_bytes(),
                               .image_bytes = limits.image_bytes(),
                               .image_pixels = limits.image_pixels(),
                               .files = limits.files(),
                               .bytes = limits.bytes(),
                               .upload_hours = limits.upload_hours()};
  return absl::OkStatus();
}

absl::Status PackReader::ReadNotice(const Node& node, domain::NoticeRule* out) {
  RETURN_IF_ERROR(Positive(node, "days"));
  const std::string unit = node.Text("unit");
  if (unit != "workday" && unit != "calendar_day") {
    return node.Wrong("unit", "must be workday or calendar_day");
  }
  out->days = static_cast<int>(node.Number("days"));
  out->unit = unit == "workday" ? domain::DayUnit::kWorkday : domain::DayUnit::kCalendarDay;
  out->include_start = node.Flag("include_start");
  return absl::OkStatus();
}

absl::Status PackReader::ReadRest() {
  if (!proto().correction().until_recommender_deadline()) {
    return root_.Child("correction")
        .Wrong("until_recommender_deadline", "must be true: no other rule is known");
  }
  RETURN_IF_ERROR(Positive(root_.Child("registration"), "construction_years"));
  const Node report = root_.Child("annual_report");
  RETURN_IF_ERROR(Positive(report, "text_limit"));
  ASSIGN_OR_RETURN(pack_.report_opens_, ReadInstant(report, "open_time"));
  ASSIGN_OR_RETURN(pack_.report_deadline_, ReadInstant(report, "deadline_time"));
  if (pack_.report_deadline_ <= pack_.report_opens_) {
    return report.Wrong("deadline_time", "must be after open_time");
  }
  return absl::OkStatus();
}

absl::Status PackReader::KnownGrade(const Node& node, const char* field, int index) {
  const std::string grade = node.Text(field, index);
  return domain::GradeRank(grade, pack_.scoring_rules_) >= 0
             ? absl::OkStatus()
             : node.Wrong(field, "is not one of evaluation.grades", index);
}

absl::Status PackReader::ReadEvaluation() {
  const Node node = root_.Child("evaluation");
  const v1::Evaluation& evaluation = proto().evaluation();
  domain::ScoringRules& rules = pack_.scoring_rules_;
  for (const char* field : {"min_experts", "outlier_hundredths", "appeal_days"}) {
    RETURN_IF_ERROR(Positive(node, field));
  }
  int64_t full = 0;
  for (int i = 0; i < evaluation.heads_size(); ++i) {
    const v1::Head& head = evaluation.heads(i);
    domain::ScoreHead out{.name = head.head_name()};
    int64_t sum = 0;
    for (int j = 0; j < head.items_size(); ++j) {
      RETURN_IF_ERROR(Positive(node.Child("heads", i).Child("items", j), "max_hundredths"));
      sum += head.items(j).max_hundredths();
      out.items.push_back({head.items(j).item_name(), head.items(j).max_hundredths()});
    }
    if (sum != head.weight_hundredths()) {
      return node.Child("heads", i)
          .Wrong("weight_hundredths", base::StrCat("is not the sum of its items, ", sum));
    }
    full += sum;
    rules.heads.push_back(std::move(out));
  }
  if (full != rules.full_hundredths) {
    return node.Wrong("heads",
                      base::StrCat("weigh ", full, " together, not ", rules.full_hundredths));
  }
  for (int i = 0; i < evaluation.grades_size(); ++i) {
    const v1::Grade& grade = evaluation.grades(i);
    const bool last = i + 1 == evaluation.grades_size();
    const bool falls = i == 0 || grade.min_hundredths() < evaluation.grades(i - 1).min_hundredths();
    if (!falls || grade.min_hundredths() < 0 || (last && grade.min_hundredths() != 0)) {
      return node.Child("grades", i)
          .Wrong("min_hundredths", "must fall from grade to grade and end at 0");
    }
    rules.grades.push_back({grade.grade(), grade.grade_en(), grade.min_hundredths()});
  }
  std::set<std::string> vetoes;
  for (int i = 0; i < evaluation.vetoes_size(); ++i) {
    RETURN_IF_ERROR(Unique(node.Child("vetoes", i), "id", vetoes));
    RETURN_IF_ERROR(KnownGrade(node.Child("vetoes", i), "grade"));
    rules.vetoes.push_back(
        {evaluation.vetoes(i).id(), evaluation.vetoes(i).when(), evaluation.vetoes(i).grade()});
  }
  rules.min_experts = evaluation.min_experts();
  rules.outlier_hundredths = evaluation.outlier_hundredths();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<domain::Interval>> PackReader::ReadIntervals(const Node& parent,
                                                                        const char* field) {
  std::vector<domain::Interval> out;
  for (int i = 0; i < parent.Size(field); ++i) {
    const Node node = parent.Child(field, i);
    domain::Interval interval{.rate_bp = node.Number("rate_bp")};
    ASSIGN_OR_RETURN(interval.lo, ReadWan(node, "lo_wan"));
    if (!node.Text("hi_wan").empty()) {
      ASSIGN_OR_RETURN(const Fen hi, ReadWan(node, "hi_wan"));
      interval.hi = hi;
    }
    if (!node.Text("sum_wan").empty()) {
      ASSIGN_OR_RETURN(interval.sum, ReadWan(node, "sum_wan"));
    }
    out.push_back(interval);
  }
  return out;
}

// Points at the row that a finding such as "matrix[1].intervals[0]: why" names.
absl::Status PackReader::WrongRow(const Node& subsidy, const std::string& finding) {
  const size_t bracket = finding.find('[');
  const std::string table = finding.substr(0, std::min(bracket, finding.find_first_of(":.")));
  for (const char* field : {"fixed", "rates", "slices", "grade_rates", "matrix"}) {
    if (table != field) continue;
    int row = 0;  // our own digits: they can be read
    std::from_chars(finding.data() + bracket + 1, finding.data() + finding.size(), row);
    return subsidy.Wrong(field, finding, std::min(row, subsidy.Size(field) - 1));
  }
  return subsidy.Wrong(table == "score_rate" ? "score_rate" : "method", finding);
}

absl::Status PackReader::ReadSubsidy() {
  const Node node = root_.Child("subsidy");
  const v1::Subsidy& subsidy = proto().subsidy();
  domain::SubsidyRules& rules = pack_.subsidy_rules_;
  const auto method = domain::MethodOf(subsidy.method());
  if (!method) return node.Wrong("method", "is not a known method");
  rules.method = *method;
  for (const domain::Grade& grade : pack_.scoring_rules_.grades) rules.grades.push_back(grade.name);
  rules.floor_bp = subsidy.floor_bp();
  rules.ceiling_bp = subsidy.ceiling_bp();
  ASSIGN_OR_RETURN(rules.cap, ReadWan(node, "cap_wan"));
  ASSIGN_OR_RETURN(rules.unit, ReadWan(node, "unit_wan"));
  for (int i = 0; i < subsidy.paid_grades_size(); ++i) {
    RETURN_IF_ERROR(KnownGrade(node, "paid_grades", i));
    rules.paid_grades.push_back(subsidy.paid_grades(i));
  }
  for (int i = 0; i < subsidy.budget_policies_size(); ++i) {
    const auto policy = domain::BudgetPolicyOf(subsidy.budget_policies(i));
    if (!policy) return node.Wrong("budget_policies", "is not a known policy", i);
    rules.policies.push_back(*policy);
  }
  ASSIGN_OR_RETURN(rules.fixed, ReadIntervals(node, "fixed"));
  ASSIGN_OR_RETURN(rules.rates, ReadIntervals(node, "rates"));
  ASSIGN_OR_RETURN(rules.slices, ReadIntervals(node, "slices"));
  for (int i = 0; i < subsidy.grade_rates_size(); ++i) {
    RETURN_IF_ERROR(KnownGrade(node.Child("grade_rates", i), "grade"));
    rules.grade_rates.push_back({subsidy.grade_rates(i).grade(), subsidy.grade_rates(i).rate_bp()});
  }
  const v1::ScoreRate& line = subsidy.score_rate();
  rules.score_rate = {line.from_hundredths(), line.from_bp(), line.to_hundredths(), line.to_bp()};
  for (int i = 0; i < subsidy.matrix_size(); ++i) {
    const Node row = node.Child("matrix", i);
    RETURN_IF_ERROR(KnownGrade(row, "grade"));
    ASSIGN_OR_RETURN(std::vector<domain::Interval> intervals, ReadIntervals(row, "intervals"));
    rules.matrix.push_back({subsidy.matrix(i).grade(), std::move(intervals)});
  }
  RETURN_IF_ERROR(ReadNotice(node.Child("notice"), &pack_.subsidy_notice_rule_));
  // Every method's table must hold, not only the chosen one's: a trial run may try any.
  const domain::RuleFindings findings = domain::CheckSubsidyRules(rules);
  if (!findings.errors.empty()) return WrongRow(node, findings.errors.front());
  return absl::OkStatus();
}

const Recommender* Pack::FindRecommender(std::string_view code) const {
  const auto found = recommenders_.find(code);
  return found == recommenders_.end() ? nullptr : &found->second;
}

absl::StatusOr<Pack> ParsePack(std::string_view text, const std::string& name) {
  return PackReader::Parse(text, name);
}

absl::StatusOr<Pack> LoadPack(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(base::StrCat(path, ": ", std::strerror(errno)));
  std::stringstream text;
  text << file.rdbuf();
  return ParsePack(text.str(), path);
}

}  // namespace alliance::rules
