// Pack: a round's rules, read from text, checked to the last value, and handed out as the plain
// structs of common/domain.
//
//   ASSIGN_OR_RETURN(rules::Pack pack, rules::LoadPack("common/rules/2023.textproto"));
//   domain::CheckForm(form, pack.form_rules());
//
// LoadPack refuses on any doubt and tells all that is wrong at once, each with its file and line:
// "common/rules/2023.textproto:212: subsidy.fixed[3]: …; common/rules/2023.textproto:230: …".

#ifndef ALLIANCE_COMMON_RULES_PACK_H_
#define ALLIANCE_COMMON_RULES_PACK_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "alliance/rules/v1/rules.pb.h"
#include "common/domain/calendar.h"
#include "common/domain/form.h"
#include "common/domain/money.h"
#include "common/domain/papers.h"
#include "common/domain/scoring.h"
#include "common/domain/subsidy.h"
#include "common/domain/window.h"
#include "common/rules/pack_problem.h"

namespace alliance::rules {

// A body that cases may be filed with: a city, 沈抚示范区, a high-tech zone, or a district office.
struct Recommender {
  std::string code;
  std::string name;
  std::string city;       // of a zone or district, which may read its cases (Q3); empty for cities
  bool shenda = false;    // 沈大自创区
  bool via_city = false;  // reviews, and its city recommends (Q3)
};

class Pack {
 public:
  const v1::Pack& proto() const { return proto_; }
  // The canonical serialisation; its SHA-256 names the pack: 32 bytes, and as 64 hexadecimal
  // digits.
  const std::string& bytes() const { return bytes_; }
  const std::string& digest() const { return digest_; }
  const std::string& digest_hex() const { return digest_hex_; }

  std::string round_name() const { return "rounds/" + proto_.round().id(); }
  int form_year() const { return proto_.round().form_year(); }
  // The round's own times, half-open (Q1) …
  absl::Time opens() const { return times_.opens; }
  absl::Time enterprise_deadline() const { return times_.enterprise_deadline; }
  absl::Time recommender_deadline() const { return times_.recommender_deadline; }
  // … and those of a region, which may close earlier, or of a case with what was granted to it.
  domain::CaseTimes times_of(std::string_view region, std::string_view case_id = "",
                             absl::Span<const domain::Grant> grants = {}) const;
  absl::Time report_opens() const { return report_opens_; }
  absl::Time report_deadline() const { return report_deadline_; }

  const domain::WorkCalendar& calendar() const { return calendar_; }
  const domain::FormRules& form_rules() const { return form_rules_; }
  const domain::PaperRules& paper_rules() const { return paper_rules_; }
  const domain::ScoringRules& scoring_rules() const { return scoring_rules_; }
  const domain::SubsidyRules& subsidy_rules() const { return subsidy_rules_; }
  // Working days for the review of one case; 0: no time limit.
  int case_workdays() const { return proto_.desk().case_workdays(); }
  // The round's, or that of a recommender with a rule of its own.
  const domain::NoticeRule& notice_rule(std::string_view region = "") const;
  const domain::NoticeRule& subsidy_notice_rule() const { return subsidy_notice_rule_; }

  // nullptr when the code may not recommend in this round.
  const Recommender* FindRecommender(std::string_view code) const;

 private:
  friend class PackReader;

  v1::Pack proto_;
  std::string bytes_;
  std::string digest_;
  std::string digest_hex_;
  domain::CaseTimes times_;
  std::map<std::string, domain::InnerDeadlines, std::less<>> inner_deadlines_;  // by region
  absl::Time report_opens_;
  absl::Time report_deadline_;
  domain::WorkCalendar calendar_;
  domain::FormRules form_rules_;
  domain::PaperRules paper_rules_;
  domain::ScoringRules scoring_rules_;
  domain::SubsidyRules subsidy_rules_;
  domain::NoticeRule notice_rule_;
  std::map<std::string, domain::NoticeRule, std::less<>> regional_notice_rules_;
  domain::NoticeRule subsidy_notice_rule_;
  std::map<std::string, Recommender, std::less<>> recommenders_;
};

absl::StatusOr<Pack> LoadPack(const std::string& path);

// The same for a text; `name` stands in errors. `problems` gets what is wrong, one by one.
absl::StatusOr<Pack> ParsePack(std::string_view text, std::string_view name,
                               PackProblems* problems = nullptr);

// Back from Pack::bytes().
absl::StatusOr<Pack> ReadPack(std::string_view bytes);

// A whole file, as LoadPack reads it.
absl::StatusOr<std::string> ReadText(const std::string& path);

}  // namespace alliance::rules

#endif  // ALLIANCE_COMMON_RULES_PACK_H_
