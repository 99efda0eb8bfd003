#include "common/process/version.h"

#include "common/base/str.h"
#include "services/ctl/commands.h"

namespace alliance::ctl {

absl::StatusOr<int> PrintVersion(const Arguments& /*arguments*/, const Context& context) {
  if (context.json) {
    context.Print(Json::Object({{"version", process::Version()}}));
  } else {
    context.Say(base::StrCat("alliancectl ", process::Version()));
  }
  return 0;
}

}  // namespace alliance::ctl
