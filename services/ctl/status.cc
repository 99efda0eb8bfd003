#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/outbox/outbox.h"
#include "services/ctl/commands.h"
#include "services/ctl/http_client.h"
#include "services/ctl/suite.h"

namespace alliance::ctl {
namespace {

constexpr absl::Duration kLongestAnswer = absl::Seconds(3);

constexpr db::Sql kLastCheckpoint = {"ctl.last_checkpoint",
                                     "SELECT at_us FROM audit_checkpoint ORDER BY n DESC LIMIT 1"};

struct Health {
  std::string not_ready_because;  // empty: ready
  std::string version;
  std::string database_error;  // empty: it answers
  outbox::Backlog outbox;
  std::optional<absl::Duration> checkpoint_age;  // nothing: none written yet

  bool well() const {
    return not_ready_because.empty() && database_error.empty() && outbox.dead == 0;
  }
};

std::string OneLine(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  return std::string(base::Std(absl::StripAsciiWhitespace(base::Absl(text))));
}

std::string AskReady(const std::string& address) {
  const absl::StatusOr<HttpAnswer> answer = HttpGet(address, "/readyz", kLongestAnswer);
  if (!answer.ok()) return OneLine(base::Std(answer.status().message()));
  return answer->code == 200 ? "" : OneLine(answer->body);
}

absl::Status AskDatabase(const Suite& suite, const config::v1::ServiceUnderCare& service,
                         Health& health) {
  ASSIGN_OR_RETURN(const auto pool, suite.OpenAsAuditor(service));
  return pool->Read(Suite::Deadline(), [&](db::Txn& txn) {
    const absl::Time now = absl::Now();
    health.outbox = outbox::ReadBacklog(txn, now);
    if (const auto row = txn.QueryOne(kLastCheckpoint); row.has_value()) {
      health.checkpoint_age = now - row->Get<absl::Time>(0);
    }
    return absl::OkStatus();
  });
}

Health Ask(const Suite& suite, const config::v1::ServiceUnderCare& service) {
  Health health{.not_ready_because = AskReady(service.admin_address())};
  if (const auto metrics = HttpGet(service.admin_address(), "/metrics", kLongestAnswer);
      metrics.ok()) {
    health.version = VersionIn(metrics->body);
  }
  if (const absl::Status status = AskDatabase(suite, service, health); !status.ok()) {
    health.database_error = OneLine(base::Std(status.message()));
  }
  return health;
}

Json JsonOf(const config::v1::ServiceUnderCare& service, const Health& health) {
  std::vector<Json::Member> members = {
      {"service", service.name()},
      {"ready", health.not_ready_because.empty()},
      {"not_ready_because", health.not_ready_because},
      {"version", health.version},
      {"database", health.database_error.empty()},
      {"database_error", health.database_error},
      {"outbox_waiting", health.outbox.waiting},
      {"outbox_dead", health.outbox.dead},
      {"outbox_oldest_seconds", absl::ToInt64Seconds(health.outbox.oldest_unsent)},
  };
  if (health.checkpoint_age.has_value()) {
    members.emplace_back("checkpoint_age_seconds", absl::ToInt64Seconds(*health.checkpoint_age));
  }
  return Json::Object(members);
}

std::string LineOf(const config::v1::ServiceUnderCare& service, const Health& health) {
  std::string line = base::StrCat(service.name(), ": ",
                                  health.not_ready_because.empty()
                                      ? "ready"
                                      : base::StrCat("NOT READY, ", health.not_ready_because));
  if (!health.version.empty()) base::StrAppend(&line, ", version ", health.version);
  if (!health.database_error.empty()) {
    return base::StrCat(line, ", database: ", health.database_error);
  }
  base::StrAppend(&line, ", outbox ", health.outbox.waiting, " waiting (oldest ",
                  absl::ToInt64Seconds(health.outbox.oldest_unsent), " s), ", health.outbox.dead,
                  " dead, last checkpoint ");
  if (!health.checkpoint_age.has_value()) return line + "none yet";
  base::StrAppend(&line, absl::ToInt64Seconds(*health.checkpoint_age), " s ago");
  return line;
}

}  // namespace

std::string VersionIn(std::string_view metrics) {
  constexpr std::string_view kSeries = "alliance_build_info{";
  constexpr std::string_view kLabel = "version=\"";
  size_t at = metrics.find(kSeries);
  if (at == std::string_view::npos) return "";
  at = metrics.find(kLabel, at);
  if (at == std::string_view::npos) return "";
  const std::string_view rest = metrics.substr(at + kLabel.size());
  return std::string(rest.substr(0, rest.find('"')));
}

absl::StatusOr<int> Status(const Arguments& /*arguments*/, const Context& context) {
  ASSIGN_OR_RETURN(const Suite suite, Suite::Load(context));
  std::vector<Json> services;
  bool well = true;
  for (const config::v1::ServiceUnderCare& service : suite.config().services()) {
    const Health health = Ask(suite, service);
    well = well && health.well();
    services.push_back(JsonOf(service, health));
    if (!context.json) context.Say(LineOf(service, health));
  }
  if (context.json) {
    context.Print(Json::Object({{"well", well}, {"services", Json::Array(services)}}));
  }
  return well ? 0 : 1;
}

}  // namespace alliance::ctl
