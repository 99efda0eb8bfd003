#include "common/base/clock.h"

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/calendar.h"
#include "common/domain/errors.h"
#include "services/ctl/commands.h"
#include "services/ctl/suite.h"

namespace alliance::ctl {
namespace {

void Tell(const Context& context, absl::Time now, bool settable) {
  const std::string text = absl::FormatTime("%Y-%m-%dT%H:%M:%S%Ez", now, domain::Shanghai());
  if (context.json) {
    context.Print(Json::Object({{"now", text}, {"settable", settable}}));
  } else {
    context.Say(base::StrCat(text, settable ? " (can be set)" : " (the system's time)"));
  }
}

absl::StatusOr<absl::Time> ParseInstant(std::string_view text) {
  absl::Time instant;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, base::Absl(text), &instant, &error)) {
    return WrongValue("INSTANT", "须为 2023-04-20T09:00:00+08:00 形式，或 real。",
                      "must look like 2023-04-20T09:00:00+08:00, or be real.");
  }
  return instant;
}

}  // namespace

absl::StatusOr<int> ClockShow(const Arguments& /*arguments*/, const Context& context) {
  ASSIGN_OR_RETURN(const Suite suite, Suite::Load(context));
  if (suite.config().clock_file().empty()) {
    Tell(context, absl::Now(), /*settable=*/false);
    return 0;
  }
  ASSIGN_OR_RETURN(const auto clock, base::SharedOffsetClock::Open(suite.config().clock_file()));
  Tell(context, clock->Now(), /*settable=*/true);
  return 0;
}

absl::StatusOr<int> ClockSet(const Arguments& arguments, const Context& context) {
  if (arguments.names.empty()) return WrongUse("the instant is missing");
  ASSIGN_OR_RETURN(const Suite suite, Suite::Load(context));
  if (!suite.demo() || suite.config().clock_file().empty()) {
    return domain::Refuse(domain::Reason::kClockNotSettable);
  }
  absl::Time instant = absl::Now();
  absl::Duration offset;
  if (arguments.names[0] != "real") {
    ASSIGN_OR_RETURN(instant, ParseInstant(arguments.names[0]));
    offset = absl::Trunc(instant - absl::Now(), absl::Microseconds(1));
  }
  RETURN_IF_ERROR(base::SharedOffsetClock::WriteOffset(suite.config().clock_file(), offset));
  Tell(context, instant, /*settable=*/true);
  return 0;
}

}  // namespace alliance::ctl
