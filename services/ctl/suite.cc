#include "services/ctl/suite.h"

#include <cstdlib>
#include <filesystem>

#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/process/config.h"

namespace alliance::ctl {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kLongestCommand = absl::Seconds(30);
constexpr char kUsualPlace[] = ".run/config/ctl.textproto";

absl::StatusOr<fs::path> FindConfig(const std::string& given) {
  if (!given.empty()) return fs::path(given);
  if (const char* set = std::getenv("ALLIANCE_CTL_CONFIG"); set != nullptr && *set != '\0') {
    return fs::path(set);
  }
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const fs::path& path : {fs::path(kUsualPlace), program / "../../.." / kUsualPlace}) {
    if (fs::exists(path, error)) return path;
  }
  return absl::NotFoundError(
      base::StrCat("no configuration: give --config FILE (deploy/up writes ", kUsualPlace, ")"));
}

absl::Status Missing(std::string_view key) {
  return absl::InvalidArgumentError(base::StrCat("configuration: ", key, " is missing"));
}

absl::StatusOr<std::unique_ptr<db::Pool>> OpenAs(const config::v1::Database& user,
                                                 std::string_view key, const std::string& schema) {
  if (user.user().empty()) return Missing(key);
  db::Options options = process::DatabaseOptions(user, /*connections=*/1);
  options.schema = schema;
  return db::Pool::Open(std::move(options));
}

}  // namespace

absl::Status CheckOperatorConfig(const config::v1::OperatorConfig& config) {
  if (config.environment() == config::v1::Config::ENVIRONMENT_UNSPECIFIED) {
    return Missing("environment (PRODUCTION or DEMO)");
  }
  if (config.environment() != config::v1::Config::DEMO && !config.clock_file().empty()) {
    return absl::InvalidArgumentError(
        "configuration: clock_file is for DEMO only; in PRODUCTION nobody sets the clock");
  }
  if (config.services().empty()) return Missing("services");
  for (const config::v1::ServiceUnderCare& service : config.services()) {
    if (service.name().empty()) return Missing("services.name");
    if (service.schema().empty()) return Missing("services.schema");
  }
  return absl::OkStatus();
}

absl::StatusOr<Suite> Suite::Load(const Context& context) {
  ASSIGN_OR_RETURN(const fs::path path, FindConfig(context.config_path));
  Suite suite;
  RETURN_IF_ERROR(process::ReadTextFile(path.string(), &suite.config_));
  RETURN_IF_ERROR(CheckOperatorConfig(suite.config_));
  std::error_code error;
  const fs::path folder = fs::canonical(path, error).parent_path().parent_path();
  if (!error) fs::current_path(folder, error);
  if (error) {
    return absl::UnavailableError(
        base::StrCat("cannot enter ", folder.string(), ": ", error.message()));
  }
  return suite;
}

absl::StatusOr<std::unique_ptr<db::Pool>> Suite::OpenAsAuditor(
    const config::v1::ServiceUnderCare& service) const {
  return OpenAs(config_.auditor(), "auditor.user", service.schema());
}

absl::StatusOr<std::unique_ptr<db::Pool>> Suite::OpenAsOwner(
    const config::v1::ServiceUnderCare& service) const {
  return OpenAs(config_.ddl(), "ddl.user", service.schema());
}

absl::Time Suite::Deadline() { return absl::Now() + kLongestCommand; }

}  // namespace alliance::ctl
