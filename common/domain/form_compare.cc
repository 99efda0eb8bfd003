// CompareRounds of form.h.

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/str.h"
#include "common/domain/form.h"

namespace alliance::domain {
namespace {

std::string Shown(Fen amount) { return absl::StrCat(FormatWan(amount), "万元"); }
std::string Shown(int64_t count) { return absl::StrCat(count); }

class RoundComparer {
 public:
  explicit RoundComparer(const FormRules& rules) : rules_(rules) {}

  template <typename T>
  void Compare(const TwoYears<T>& now, const TwoYears<T>& last, std::string_view field) {
    if (!now.y2 || !last.y1 || *now.y2 == *last.y1) return;
    const auto severity = rules_.severities.find(Problem::kLastRoundDiffers);
    problems_.push_back(MakeProblem(
        Problem::kLastRoundDiffers, absl::StrCat(base::Absl(field), ".y2"),
        {{"year", absl::StrCat(rules_.form_year - 1)},
         {"before", Shown(*last.y1)},
         {"now", Shown(*now.y2)}},
        severity == rules_.severities.end() ? std::optional<Severity>() : severity->second));
  }

  std::vector<FieldProblem> Take() { return std::move(problems_); }

 private:
  const FormRules& rules_;
  std::vector<FieldProblem> problems_;
};

}  // namespace

std::vector<FieldProblem> CompareRounds(const Form& now, const Form& last, const FormRules& rules) {
  RoundComparer comparer(rules);
  comparer.Compare(now.lead.staff, last.lead.staff, "lead.staff");
  comparer.Compare(now.lead.tech_staff, last.lead.tech_staff, "lead.tech_staff");
  comparer.Compare(now.lead.rd_spend_fen, last.lead.rd_spend_fen, "lead.rd_spend_fen");
  comparer.Compare(now.lead.cooperation_spend_fen, last.lead.cooperation_spend_fen,
                   "lead.cooperation_spend_fen");
  comparer.Compare(now.lead.sales_fen, last.lead.sales_fen, "lead.sales_fen");
  comparer.Compare(now.lead.hightech_income_fen, last.lead.hightech_income_fen,
                   "lead.hightech_income_fen");
  comparer.Compare(now.lead.profit_fen, last.lead.profit_fen, "lead.profit_fen");
  comparer.Compare(now.lead.ip_class1, last.lead.ip_class1, "lead.ip_class1");
  comparer.Compare(now.lead.ip_class2, last.lead.ip_class2, "lead.ip_class2");
  comparer.Compare(now.alliance.sales_fen, last.alliance.sales_fen, "alliance.sales_fen");
  comparer.Compare(now.alliance.rd_spend_fen, last.alliance.rd_spend_fen, "alliance.rd_spend_fen");
  return comparer.Take();
}

}  // namespace alliance::domain
