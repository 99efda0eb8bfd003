#include "common/db/migrate.h"

#include <vector>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/process/config.h"
#include "services/ctl/commands.h"
#include "services/ctl/suite.h"

namespace alliance::ctl {

absl::StatusOr<int> Migrate(const Arguments& /*arguments*/, const Context& context) {
  ASSIGN_OR_RETURN(const Suite suite, Suite::Load(context));
  if (suite.config().ddl().user().empty()) {
    return absl::InvalidArgumentError("configuration: ddl.user is missing");
  }
  std::vector<Json> schemas;
  for (const config::v1::ServiceUnderCare& service : suite.config().services()) {
    const db::MigrateOptions options{
        .server = process::DatabaseOptions(suite.config().ddl(), /*connections=*/2),
        .schema = service.schema(),
        .folders = {service.migration_folders().begin(), service.migration_folders().end()},
        .grants_files = {service.grants_files().begin(), service.grants_files().end()},
        .user = "",
    };
    const absl::StatusOr<db::MigrateReport> report = db::Migrate(options);
    if (!report.ok()) {
      return absl::Status(
          report.status().code(),
          base::StrCat(service.schema(), ": ", base::Std(report.status().message())));
    }
    if (context.json) {
      schemas.push_back(Json::Object({{"schema", service.schema()},
                                      {"applied", Json::Array(report->applied)},
                                      {"already", report->already},
                                      {"granted", Json::Array(report->granted)}}));
      continue;
    }
    for (const std::string& file : report->applied) {
      context.Say(base::StrCat(service.schema(), ": applied ", file));
    }
    for (const std::string& right : report->granted) {
      context.Say(base::StrCat(service.schema(), ": ", right));
    }
    context.Say(base::StrCat(service.schema(), ": ", report->applied.size(), " applied, ",
                             report->already, " before"));
  }
  if (context.json) context.Print(Json::Object({{"schemas", Json::Array(schemas)}}));
  return 0;
}

}  // namespace alliance::ctl
