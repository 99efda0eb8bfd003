// round check: offline, what the department looks at before it publishes a round.

#include <optional>
#include <vector>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/rules/feasibility.h"
#include "services/ctl/commands.h"
#include "services/ctl/rule_packs.h"

namespace alliance::ctl {
namespace {

std::string DayText(const std::optional<domain::CivilDay>& day) {
  return day ? domain::FormatDay(*day) : "";
}

Json JsonOf(const rules::Feasibility& report) {
  std::vector<Json> notices;
  for (const rules::NoticeChoice& choice : report.notices) {
    const bool workday = choice.rule.unit == domain::DayUnit::kWorkday;
    notices.push_back(Json::Object({{"days", choice.rule.days},
                                    {"unit", workday ? "workday" : "calendar_day"},
                                    {"include_start", choice.rule.include_start},
                                    {"latest_start", DayText(choice.latest_start)},
                                    {"last_day", DayText(choice.last_day)}}));
  }
  std::vector<Json> warnings;
  for (const rules::FeasibilityWarning& warning : report.warnings) {
    warnings.push_back(Json::Object(
        {{"reason", warning.reason}, {"text_zh", warning.zh}, {"text_en", warning.en}}));
  }
  return Json::Object({{"region", report.region},
                       {"first_day", domain::FormatDay(report.first_day)},
                       {"last_day", domain::FormatDay(report.last_day)},
                       {"workdays", report.workdays.value_or(-1)},
                       {"notices", Json::Array(notices)},
                       {"warnings", Json::Array(warnings)}});
}

}  // namespace

absl::StatusOr<int> RoundCheck(const Arguments& arguments, const Context& context) {
  if (arguments.names.empty()) return WrongUse("the pack is missing");
  ASSIGN_OR_RETURN(const std::string path, PackPath(arguments.names[0]));
  ASSIGN_OR_RETURN(const std::string text, rules::ReadText(path));
  rules::PackProblems problems;
  const absl::StatusOr<rules::Pack> pack = rules::ParsePack(text, path, &problems);
  if (!pack.ok()) {
    std::vector<Json> wrong;
    for (const rules::PackProblem& problem : problems) {
      wrong.push_back(
          Json::Object({{"line", problem.line}, {"path", problem.path}, {"why", problem.why}}));
    }
    context.Print(Json::Object({{"problems", Json::Array(wrong)}}));
    return 1;
  }
  std::vector<Json> reports;
  for (const rules::Feasibility& report : rules::FeasibilityOf(*pack)) {
    reports.push_back(JsonOf(report));
  }
  context.Print(Json::Object({{"round", pack->round_name()},
                              {"rules_digest", pack->digest_hex()},
                              {"feasibility", Json::Array(reports)}}));
  return 0;
}

}  // namespace alliance::ctl
