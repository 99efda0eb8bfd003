// Every command of alliancectl, each in a file of its own.

#ifndef ALLIANCE_SERVICES_CTL_COMMANDS_H_
#define ALLIANCE_SERVICES_CTL_COMMANDS_H_

#include <span>
#include <string>
#include <string_view>

#include "services/ctl/command.h"

namespace alliance::ctl {

// Look-ups: no configuration, no running suite.
absl::StatusOr<int> CreditCode(const Arguments& arguments, const Context& context);
absl::StatusOr<int> WorkingDays(const Arguments& arguments, const Context& context);
absl::StatusOr<int> Quote(const Arguments& arguments, const Context& context);
absl::StatusOr<int> RoundCheck(const Arguments& arguments, const Context& context);
absl::StatusOr<int> KeysMake(const Arguments& arguments, const Context& context);
absl::StatusOr<int> PrintVersion(const Arguments& arguments, const Context& context);

// Through the gateway, as the person whose login it is.
absl::StatusOr<int> RoundPublish(const Arguments& arguments, const Context& context);

// Of a suite: its configuration names databases, services and files.
absl::StatusOr<int> Migrate(const Arguments& arguments, const Context& context);
absl::StatusOr<int> Status(const Arguments& arguments, const Context& context);
absl::StatusOr<int> CaseTimeline(const Arguments& arguments, const Context& context);
absl::StatusOr<int> AuditVerify(const Arguments& arguments, const Context& context);
absl::StatusOr<int> ClockShow(const Arguments& arguments, const Context& context);
absl::StatusOr<int> ClockSet(const Arguments& arguments, const Context& context);
absl::StatusOr<int> OutboxDead(const Arguments& arguments, const Context& context);
absl::StatusOr<int> OutboxRequeue(const Arguments& arguments, const Context& context);

std::span<const Command> AllCommands();

// The version label of alliance_build_info in a scrape; empty when it is not there.
std::string VersionIn(std::string_view metrics);

}  // namespace alliance::ctl

#endif  // ALLIANCE_SERVICES_CTL_COMMANDS_H_
