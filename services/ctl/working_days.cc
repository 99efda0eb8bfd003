#include "absl/time/civil_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/calendar.h"
#include "services/ctl/commands.h"
#include "services/ctl/rule_packs.h"

namespace alliance::ctl {
namespace {

absl::StatusOr<absl::CivilDay> ParseDay(std::string_view flag, std::string_view text) {
  absl::CivilDay day;
  // Written back, so that neither 2023-4-5 nor 2023-02-30 passes.
  if (!absl::ParseCivilTime(base::Absl(text), &day) || domain::FormatDay(day) != text) {
    return WrongValue(flag, "须为日期，如 2023-04-24。", "must be a day such as 2023-04-24.");
  }
  return day;
}

}  // namespace

absl::StatusOr<int> WorkingDays(const Arguments& arguments, const Context& context) {
  if (!arguments.Has("--from")) return WrongUse("--from is missing");
  if (arguments.Has("--days") == arguments.Has("--to")) {
    return WrongUse("give either --days or --to");
  }
  ASSIGN_OR_RETURN(const absl::CivilDay from, ParseDay("--from", *arguments.Get("--from")));

  if (arguments.Has("--days")) {
    ASSIGN_OR_RETURN(const int days, ParseInt("--days", *arguments.Get("--days")));
    if (days < 1 || days > 1000) {
      return WrongValue("--days", "须为 1 至 1000。", "must be 1 to 1000.");
    }
    ASSIGN_OR_RETURN(const domain::WorkCalendar calendar,
                     FindCalendar(arguments.Get("--pack"), from));
    ASSIGN_OR_RETURN(const absl::CivilDay last,
                     calendar.AddWorkdays(from, days, !arguments.Has("--exclude-start")));
    context.Print(Json::Object({{"last_day", domain::FormatDay(last)}}));
    return 0;
  }

  if (arguments.Has("--exclude-start")) return WrongUse("--exclude-start goes with --days");
  ASSIGN_OR_RETURN(const absl::CivilDay to, ParseDay("--to", *arguments.Get("--to")));
  if (to < from) {
    return WrongValue("--to", "不得早于 --from。", "must not be before --from.");
  }
  ASSIGN_OR_RETURN(const domain::WorkCalendar calendar,
                   FindCalendar(arguments.Get("--pack"), from));
  ASSIGN_OR_RETURN(const int count, calendar.CountWorkdays(from, to));
  context.Print(Json::Object({{"count", count}}));
  return 0;
}

}  // namespace alliance::ctl
