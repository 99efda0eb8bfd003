#include "common/rules/pack.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>
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

bool ReadInstant(const Node& node, const char* field, absl::Time* out) {
  std::string error;
  // RFC 3339 with an offset: a bare local time would mean whatever zone the machine is in.
  return absl::ParseTime(absl::RFC3339_sec, node.Text(field), out, &error) ||
         node.Wrong(field, "must be an instant with offset, as 2023-04-03T00:00:00+08:00");
}

bool ReadDay(const Node& node, const char* field, CivilDay* out, int index = -1) {
  const std::string text = node.Text(field, index);
  return (absl::ParseCivilTime(text, out) && domain::FormatDay(*out) == text) ||
         node.Wrong(field, "must be a day that exists, as 2023-04-05", index);
}

bool ReadWan(const Node& node, const char* field, Fen* out) {
  const absl::StatusOr<Fen> amount = domain::ParseWan(node.Text(field), domain::Sign::kNotNegative);
  if (!amount.ok()) return node.Wrong(field, "must be an amount in 万元 with at most two decimals");
  *out = *amount;
  return true;
}

bool Positive(const Node& node, const char* field) {
  return node.Number(field) > 0 || node.Wrong(field, "must be above 0");
}

bool Unique(const Node& node, const char* field, std::set<std::string>& seen) {
  return seen.insert(node.Text(field)).second || node.Wrong(field, "stands twice");
}

}  // namespace

// Reads one pack from top to bottom and collects every wrong value.
class PackReader {
 public:
  static std::optional<Pack> Parse(std::string_view text, PackProblems* problems) {
    v1::Pack proto;
    Lines lines;
    if (!ParseWithLines(text, &proto, &lines, problems)) return std::nullopt;
    return Read(std::move(proto), &lines, problems);
  }

  static std::optional<Pack> Read(v1::Pack proto, const Lines* lines, PackProblems* problems) {
    Pack pack;
    pack.proto_ = std::move(proto);
    PackReader(pack, Node(pack.proto_, lines, *problems), *problems).Read();
    if (!problems->empty()) return std::nullopt;
    pack.bytes_ = crypto::Canonical(pack.proto_);
    pack.digest_ = crypto::Sha256(pack.bytes_);
    pack.digest_hex_ = crypto::Hex(pack.digest_);
    return pack;
  }

 private:
  PackReader(Pack& pack, Node root, PackProblems& problems)
      : pack_(pack), root_(std::move(root)), problems_(problems) {}

  void Read() {
    root_.CheckFilled();
    // What is missing would be found wrong again by everything below.
    if (!problems_.empty()) return;
    ReadRound();
    ReadCalendar();
    ReadRecommenders();
    ReadRegionDeadlines();
    ReadForm();
    ReadPapers();
    ReadNotice(root_.Child("notice"), &pack_.notice_rule_);
    ReadRegionalNotices(root_.Child("notice"));
    ReadRest();
    ReadExtensions();
    ReadEvaluation();
    ReadSubsidy();
  }

  const v1::Pack& proto() const { return pack_.proto_; }

  void ReadRound();
  void ReadCalendar();
  void ReadRecommenders();
  void ReadDistricts(std::set<std::string>& codes);
  void ReadRegionDeadlines();
  void ReadForm();
  void ReadPapers();
  void ReadNotice(const Node& node, domain::NoticeRule* out);
  void ReadRegionalNotices(const Node& node);
  void ReadRest();
  void ReadExtensions();
  void ReadEvaluation();
  void ReadSubsidy();
  std::vector<domain::Interval> ReadIntervals(const Node& parent, const char* field);
  bool KnownGrade(const Node& node, const char* field, int index = -1);
  static void WrongRow(const Node& subsidy, const std::string& finding);

  Pack& pack_;
  const Node root_;
  PackProblems& problems_;
};

void PackReader::ReadRound() {
  const Node round = root_.Child("round");
  const std::string id = round.Text("id");
  if (id.size() > 63 ||
      id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos) {
    round.Wrong("id", "must be lower-case letters, digits and hyphens, at most 63");
  }
  CivilDay notice_date;
  ReadDay(round, "notice_date", &notice_date);
  const bool year_is_one = round.Number("form_year") >= 2000 && round.Number("form_year") <= 2999;
  if (!year_is_one) round.Wrong("form_year", "must be a year");
  domain::CaseTimes& times = pack_.times_;
  const bool opens = ReadInstant(round, "open_time", &times.opens);
  const bool closes = ReadInstant(round, "enterprise_deadline_time", &times.enterprise_deadline);
  const bool ends = ReadInstant(round, "recommender_deadline_time", &times.recommender_deadline);
  if (opens && year_is_one && domain::DayOf(times.opens).year() != pack_.form_year() + 1) {
    round.Wrong("form_year", "must be the year before the round opens");
  }
  if (opens && closes && times.enterprise_deadline <= times.opens) {
    round.Wrong("enterprise_deadline_time", "must be after open_time");
  }
  if (closes && ends && times.recommender_deadline < times.enterprise_deadline) {
    round.Wrong("recommender_deadline_time", "must not be before enterprise_deadline_time");
  }
}

void PackReader::ReadCalendar() {
  std::vector<domain::YearDays> years;
  std::set<std::string> seen;
  for (int i = 0; i < proto().calendar_years_size(); ++i) {
    const Node node = root_.Child("calendar_years", i);
    domain::YearDays year{.year = static_cast<int>(node.Number("year"))};
    if (!seen.insert(std::to_string(year.year)).second) node.Wrong("year", "stands twice");
    for (int j = 0; j < proto().calendar_years(i).off_size(); ++j) {
      const Node days = node.Child("off", j);
      domain::DayRange range;
      const bool first = ReadDay(days, "first", &range.first);
      const bool last = ReadDay(days, "last", &range.last);
      if (!first || !last) continue;
      if (range.first < CivilDay(year.year - 1, 12, 1)) {
        days.Wrong("first", "must not be before the December before");
      } else if (range.last < range.first || range.last.year() != year.year) {
        days.Wrong("last", "must be in the year and not before first");
      } else {
        year.off.push_back(range);
      }
    }
    for (int j = 0; j < proto().calendar_years(i).makeup_work_size(); ++j) {
      CivilDay day;
      if (!ReadDay(node, "makeup_work", &day, j)) continue;
      const absl::Weekday weekday = absl::GetWeekday(day);
      if (weekday != absl::Weekday::saturday && weekday != absl::Weekday::sunday) {
        node.Wrong("makeup_work", "must be a Saturday or Sunday", j);
      }
      if (day.year() != year.year) node.Wrong("makeup_work", "must be in the year", j);
      year.makeup_work.push_back(day);
    }
    years.push_back(std::move(year));
  }
  pack_.calendar_ = domain::WorkCalendar(years);
  if (pack_.opens() == absl::InfiniteFuture()) return;  // told already
  const int round_year = static_cast<int>(domain::DayOf(pack_.opens()).year());
  if (!pack_.calendar_.Loaded(round_year)) {
    root_.Wrong("calendar_years", "has not the year of the round's opening");
  }
}

// Q1: inside the round's window, never later than the round's own.
void PackReader::ReadRegionDeadlines() {
  const Node round = root_.Child("round");
  const domain::CaseTimes& times = pack_.times_;
  std::set<std::string> regions;
  for (int i = 0; i < proto().round().region_deadlines_size(); ++i) {
    const Node node = round.Child("region_deadlines", i);
    Unique(node, "region", regions);
    if (!pack_.recommenders_.contains(node.Text("region"))) {
      node.Wrong("region", "is neither the region of an office nor the code of a zone or district");
    }
    domain::InnerDeadlines inner;
    const auto read = [&](const char* field, absl::Time latest, std::optional<absl::Time>* out) {
      absl::Time at;
      if (node.Text(field).empty() || !ReadInstant(node, field, &at)) return;
      if (at <= times.opens || at > latest) {
        node.Wrong(field, "must be after open_time and not after the round's deadline");
      }
      *out = at;
    };
    read("enterprise_deadline_time", times.enterprise_deadline, &inner.enterprise);
    read("recommender_deadline_time", times.recommender_deadline, &inner.recommender);
    if (!inner.enterprise && !inner.recommender) node.Wrong("region", "has no deadline of its own");
    const domain::CaseTimes own = domain::TimesOf(times, inner, {}, "", "");
    if (own.recommender_deadline < own.enterprise_deadline) {
      node.Wrong("recommender_deadline_time", "is before the region's enterprise deadline");
    }
    pack_.inner_deadlines_[node.Text("region")] = inner;
  }
}

void PackReader::ReadRecommenders() {
  std::set<std::string> codes;
  for (int i = 0; i < proto().offices_size(); ++i) {
    const Node node = root_.Child("offices", i);
    Unique(node, "region", codes);
    const v1::Office& office = proto().offices(i);
    if (!domain::LooksLikePhone(office.phone())) node.Wrong("phone", "is not a phone number");
    pack_.recommenders_[office.region()] = {.code = office.region(), .name = office.office_name()};
  }
  for (int i = 0; i < proto().zones_size(); ++i) {
    const Node node = root_.Child("zones", i);
    Unique(node, "code", codes);
    const v1::Zone& zone = proto().zones(i);
    if (!pack_.recommenders_.contains(zone.city())) {
      node.Wrong("city", "is not the region of an office");
    }
    pack_.recommenders_[zone.code()] = {.code = zone.code(),
                                        .name = zone.zone_name(),
                                        .city = zone.city(),
                                        .shenda = zone.shenda(),
                                        .via_city = zone.route() == "via_city"};
    if (!zone.route().empty() && zone.route() != "direct" && zone.route() != "via_city") {
      node.Wrong("route", "must be direct or via_city");
    }
  }
  ReadDistricts(codes);
}

void PackReader::ReadDistricts(std::set<std::string>& codes) {
  for (int i = 0; i < proto().districts_size(); ++i) {
    const Node node = root_.Child("districts", i);
    Unique(node, "code", codes);
    const v1::District& district = proto().districts(i);
    const auto city = pack_.recommenders_.find(district.city());
    if (city == pack_.recommenders_.end() || !city->second.city.empty()) {
      node.Wrong("city", "is not the region of an office");
    }
    pack_.recommenders_[district.code()] = {.code = district.code(),
                                            .name = district.office_name(),
                                            .city = district.city(),
                                            .via_city = true};
  }
}

void PackReader::ReadForm() {
  const Node node = root_.Child("form");
  const v1::Form& form = proto().form();
  domain::FormRules& rules = pack_.form_rules_;
  for (const char* field :
       {"narrative_limit", "goals_limit", "min_university_or_institute", "unit_slip_ratio",
        "sme_staff_limit", "eaglet_years", "gazelle_years", "rd_tolerance_percent"}) {
    Positive(node, field);
  }
  rules.form_year = pack_.form_year();
  rules.reference_day = domain::DayOf(pack_.opens());
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
  ReadWan(node, "unit_slip_wan", &rules.unit_slip_fen);
  rules.unit_slip_ratio = form.unit_slip_ratio();
  rules.sme_staff_limit = form.sme_staff_limit();
  ReadWan(node, "sme_sales_limit_wan", &rules.sme_sales_limit);
  rules.eaglet_years = form.eaglet_years();
  rules.gazelle_years = form.gazelle_years();
  rules.rd_tolerance_percent = form.rd_tolerance_percent();
  std::set<std::string> noted;
  for (int i = 0; i < form.field_notes_size(); ++i) {
    const Node note = node.Child("field_notes", i);
    Unique(note, "field", noted);
    if (!domain::FindField(form.field_notes(i).field())) {
      note.Wrong("field", "is not a field of the form");
    }
  }
  for (int i = 0; i < form.severities_size(); ++i) {
    const Node severity = node.Child("severities", i);
    const auto problem = domain::ProblemOf(form.severities(i).problem());
    if (!problem) severity.Wrong("problem", "is not a problem that the checks know");
    const std::string& word = form.severities(i).severity();
    if (word != "error" && word != "override" && word != "warning") {
      severity.Wrong("severity", "must be error, override or warning");
    }
    if (!problem) continue;
    rules.severities[*problem] = word == "error"      ? domain::Severity::kError
                                 : word == "override" ? domain::Severity::kNeedsOverride
                                                      : domain::Severity::kWarning;
  }
}

void PackReader::ReadPapers() {
  const Node node = root_.Child("papers");
  std::set<std::string> slots;
  for (int i = 0; i < proto().papers().slots_size(); ++i) {
    Unique(node.Child("slots", i), "id", slots);
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
    Unique(requirement_node, "id", ids);
    const auto need = needs.find(requirement.need());
    if (need == needs.end()) {
      requirement_node.Wrong("need", "is not a known need");
      continue;
    }
    domain::PaperRequirement out{
        .id = requirement.id(), .need = need->second, .clause = requirement.clause()};
    for (int j = 0; j < requirement.any_of_size(); ++j) {
      const auto& alternative = requirement.any_of(j).slots();
      for (int k = 0; k < alternative.size(); ++k) {
        if (!slots.contains(alternative[k])) {
          requirement_node.Child("any_of", j).Wrong("slots", "is not one of the slots", k);
        }
      }
      out.any_of.push_back({alternative.begin(), alternative.end()});
    }
    pack_.paper_rules_.requirements.push_back(std::move(out));
  }
  for (const char* field :
       {"pdf_bytes", "image_bytes", "image_pixels", "files", "bytes", "upload_hours"}) {
    Positive(node.Child("limits"), field);
  }
  const v1::PaperLimits& limits = proto().papers().limits();
  pack_.paper_rules_.limits = {.pdf_bytes = limits.pdf_bytes(),
                               .image_bytes = limits.image_bytes(),
                               .image_pixels = limits.image_pixels(),
                               .files = limits.files(),
                               .bytes = limits.bytes(),
                               .upload_hours = limits.upload_hours()};
}

void PackReader::ReadNotice(const Node& node, domain::NoticeRule* out) {
  Positive(node, "days");
  const std::string unit = node.Text("unit");
  if (unit != "workday" && unit != "calendar_day") {
    node.Wrong("unit", "must be workday or calendar_day");
  }
  out->days = static_cast<int>(node.Number("days"));
  out->unit = unit == "workday" ? domain::DayUnit::kWorkday : domain::DayUnit::kCalendarDay;
  out->include_start = node.Flag("include_start");
  out->early_close_asks = node.Flag("early_close_asks");
}

void PackReader::ReadRegionalNotices(const Node& node) {
  std::set<std::string> regions;
  for (int i = 0; i < node.Size("regions"); ++i) {
    const Node own = node.Child("regions", i);
    Unique(own, "region", regions);
    const std::string region = own.Text("region");
    if (!pack_.recommenders_.contains(region)) {
      own.Wrong("region", "may not recommend in this round");
    }
    ReadNotice(own, &pack_.regional_notice_rules_[region]);
  }
}

void PackReader::ReadRest() {
  if (proto().has_desk()) Positive(root_.Child("desk"), "case_workdays");
  if (!proto().correction().until_recommender_deadline()) {
    root_.Child("correction")
        .Wrong("until_recommender_deadline", "must be true: no other rule is known");
  }
  Positive(root_.Child("registration"), "construction_years");
  const Node report = root_.Child("annual_report");
  Positive(report, "text_limit");
  const bool opens = ReadInstant(report, "open_time", &pack_.report_opens_);
  const bool closes = ReadInstant(report, "deadline_time", &pack_.report_deadline_);
  if (opens && closes && pack_.report_deadline_ <= pack_.report_opens_) {
    report.Wrong("deadline_time", "must be after open_time");
  }
}

void PackReader::ReadExtensions() {
  if (!proto().has_extensions()) return;
  const Node node = root_.Child("extensions");
  Positive(node, "reason_characters");
  Positive(node, "most_days");
}

bool PackReader::KnownGrade(const Node& node, const char* field, int index) {
  return domain::GradeRank(node.Text(field, index), pack_.scoring_rules_) >= 0 ||
         node.Wrong(field, "is not one of evaluation.grades", index);
}

void PackReader::ReadEvaluation() {
  const Node node = root_.Child("evaluation");
  const v1::Evaluation& evaluation = proto().evaluation();
  domain::ScoringRules& rules = pack_.scoring_rules_;
  for (const char* field : {"min_experts", "outlier_hundredths", "appeal_days"}) {
    Positive(node, field);
  }
  int64_t full = 0;
  for (int i = 0; i < evaluation.heads_size(); ++i) {
    const v1::Head& head = evaluation.heads(i);
    domain::ScoreHead out{.name = head.head_name()};
    int64_t sum = 0;
    for (int j = 0; j < head.items_size(); ++j) {
      Positive(node.Child("heads", i).Child("items", j), "max_hundredths");
      sum += head.items(j).max_hundredths();
      out.items.push_back({head.items(j).item_name(), head.items(j).max_hundredths()});
    }
    if (sum != head.weight_hundredths()) {
      node.Child("heads", i)
          .Wrong("weight_hundredths", base::StrCat("is not the sum of its items, ", sum));
    }
    full += sum;
    rules.heads.push_back(std::move(out));
  }
  if (full != rules.full_hundredths) {
    node.Wrong("heads", base::StrCat("weigh ", full, " together, not ", rules.full_hundredths));
  }
  for (int i = 0; i < evaluation.grades_size(); ++i) {
    const v1::Grade& grade = evaluation.grades(i);
    const bool last = i + 1 == evaluation.grades_size();
    const bool falls = i == 0 || grade.min_hundredths() < evaluation.grades(i - 1).min_hundredths();
    if (!falls || grade.min_hundredths() < 0 || (last && grade.min_hundredths() != 0)) {
      node.Child("grades", i).Wrong("min_hundredths", "must fall from grade to grade and end at 0");
    }
    rules.grades.push_back({grade.grade(), grade.grade_en(), grade.min_hundredths()});
  }
  std::set<std::string> vetoes;
  for (int i = 0; i < evaluation.vetoes_size(); ++i) {
    Unique(node.Child("vetoes", i), "id", vetoes);
    KnownGrade(node.Child("vetoes", i), "grade");
    rules.vetoes.push_back(
        {evaluation.vetoes(i).id(), evaluation.vetoes(i).when(), evaluation.vetoes(i).grade()});
  }
  rules.min_experts = evaluation.min_experts();
  rules.outlier_hundredths = evaluation.outlier_hundredths();
}

std::vector<domain::Interval> PackReader::ReadIntervals(const Node& parent, const char* field) {
  std::vector<domain::Interval> out;
  for (int i = 0; i < parent.Size(field); ++i) {
    const Node node = parent.Child(field, i);
    domain::Interval interval{.rate_bp = node.Number("rate_bp")};
    ReadWan(node, "lo_wan", &interval.lo);
    Fen hi;
    if (!node.Text("hi_wan").empty() && ReadWan(node, "hi_wan", &hi)) interval.hi = hi;
    if (!node.Text("sum_wan").empty()) ReadWan(node, "sum_wan", &interval.sum);
    out.push_back(interval);
  }
  return out;
}

// Points at the row that a finding such as "matrix[1].intervals[0]: why" names.
void PackReader::WrongRow(const Node& subsidy, const std::string& finding) {
  const size_t bracket = finding.find('[');
  const std::string table = finding.substr(0, std::min(bracket, finding.find_first_of(":.")));
  for (const char* field : {"fixed", "rates", "slices", "grade_rates", "matrix"}) {
    if (table != field) continue;
    int row = 0;  // our own digits: they can be read
    std::from_chars(finding.data() + bracket + 1, finding.data() + finding.size(), row);
    subsidy.Wrong(field, finding, std::min(row, subsidy.Size(field) - 1));
    return;
  }
  subsidy.Wrong(table == "score_rate" ? "score_rate" : "method", finding);
}

void PackReader::ReadSubsidy() {
  const Node node = root_.Child("subsidy");
  const size_t before = problems_.size();
  const v1::Subsidy& subsidy = proto().subsidy();
  domain::SubsidyRules& rules = pack_.subsidy_rules_;
  const auto method = domain::MethodOf(subsidy.method());
  if (!method) node.Wrong("method", "is not a known method");
  rules.method = method.value_or(domain::Method::kMatrix);
  for (const domain::Grade& grade : pack_.scoring_rules_.grades) rules.grades.push_back(grade.name);
  rules.floor_bp = subsidy.floor_bp();
  rules.ceiling_bp = subsidy.ceiling_bp();
  ReadWan(node, "cap_wan", &rules.cap);
  ReadWan(node, "unit_wan", &rules.unit);
  for (int i = 0; i < subsidy.paid_grades_size(); ++i) {
    KnownGrade(node, "paid_grades", i);
    rules.paid_grades.push_back(subsidy.paid_grades(i));
  }
  for (int i = 0; i < subsidy.budget_policies_size(); ++i) {
    const auto policy = domain::BudgetPolicyOf(subsidy.budget_policies(i));
    if (!policy) node.Wrong("budget_policies", "is not a known policy", i);
    if (policy) rules.policies.push_back(*policy);
  }
  rules.fixed = ReadIntervals(node, "fixed");
  rules.rates = ReadIntervals(node, "rates");
  rules.slices = ReadIntervals(node, "slices");
  for (int i = 0; i < subsidy.grade_rates_size(); ++i) {
    KnownGrade(node.Child("grade_rates", i), "grade");
    rules.grade_rates.push_back({subsidy.grade_rates(i).grade(), subsidy.grade_rates(i).rate_bp()});
  }
  const v1::ScoreRate& line = subsidy.score_rate();
  rules.score_rate = {line.from_hundredths(), line.from_bp(), line.to_hundredths(), line.to_bp()};
  for (int i = 0; i < subsidy.matrix_size(); ++i) {
    const Node row = node.Child("matrix", i);
    KnownGrade(row, "grade");
    rules.matrix.push_back({subsidy.matrix(i).grade(), ReadIntervals(row, "intervals")});
  }
  ReadNotice(node.Child("notice"), &pack_.subsidy_notice_rule_);
  if (node.Child("notice").Size("regions") > 0) {
    node.Child("notice").Wrong("regions", "must be empty: the province gives this notice");
  }
  // A table with unreadable values would be found wrong once more.
  if (problems_.size() > before) return;
  // Every method's table must hold, not only the chosen one's: a trial run may try any.
  for (const std::string& finding : domain::CheckSubsidyRules(rules).errors) {
    WrongRow(node, finding);
  }
}

const domain::NoticeRule& Pack::notice_rule(std::string_view region) const {
  const auto own = regional_notice_rules_.find(region);
  return own == regional_notice_rules_.end() ? notice_rule_ : own->second;
}

const Recommender* Pack::FindRecommender(std::string_view code) const {
  const auto found = recommenders_.find(code);
  return found == recommenders_.end() ? nullptr : &found->second;
}

domain::CaseTimes Pack::times_of(std::string_view region, std::string_view case_id,
                                 absl::Span<const domain::Grant> grants) const {
  const auto inner = inner_deadlines_.find(region);
  return domain::TimesOf(times_,
                         inner == inner_deadlines_.end() ? domain::InnerDeadlines() : inner->second,
                         grants, region, case_id);
}

absl::StatusOr<Pack> ParsePack(std::string_view text, std::string_view name,
                               PackProblems* problems) {
  PackProblems own;
  if (problems == nullptr) problems = &own;
  std::optional<Pack> pack = PackReader::Parse(text, problems);
  if (!pack) return absl::InvalidArgumentError(TextOf(*problems, name));
  return *std::move(pack);
}

absl::StatusOr<Pack> ReadPack(std::string_view bytes) {
  v1::Pack proto;
  if (!proto.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InvalidArgumentError("a pack's bytes are no Pack");
  }
  PackProblems problems;
  std::optional<Pack> pack = PackReader::Read(std::move(proto), nullptr, &problems);
  if (!pack) return absl::InvalidArgumentError(TextOf(problems, "a published pack"));
  return *std::move(pack);
}

absl::StatusOr<std::string> ReadText(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(base::StrCat(path, ": ", std::strerror(errno)));
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

absl::StatusOr<Pack> LoadPack(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadText(path));
  return ParsePack(text, path);
}

}  // namespace alliance::rules
