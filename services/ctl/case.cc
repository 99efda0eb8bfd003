#include <algorithm>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/time/time.h"
#include "common/audit/history.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/calendar.h"
#include "services/ctl/case_name.h"
#include "services/ctl/commands.h"
#include "services/ctl/suite.h"

namespace alliance::ctl {
namespace {

constexpr int kPage = 500;

struct Entry {
  std::string service;
  audit::HistoryRow row;
};

// An alliance's years are cases of their own; asked for the alliance, they belong to its story.
constexpr db::Sql kYearsOf = {"ctl.years_of",
                              "SELECT DISTINCT case_id FROM history "
                              "WHERE case_id LIKE CONCAT(?, '-____') ORDER BY case_id LIMIT 50"};

void ReadAll(db::Txn& txn, const std::string& service, const std::string& case_id,
             std::vector<Entry>& entries) {
  int32_t after = 0;
  while (true) {
    std::vector<audit::HistoryRow> page = audit::ReadHistory(txn, case_id, after, kPage);
    if (page.empty()) return;
    after = page.back().seq;
    for (audit::HistoryRow& row : page) entries.push_back({service, std::move(row)});
  }
}

absl::Status ReadService(const Suite& suite, const config::v1::ServiceUnderCare& service,
                         const std::string& case_id, std::vector<Entry>& entries) {
  ASSIGN_OR_RETURN(const auto pool, suite.OpenAsAuditor(service));
  return pool->Snapshot(Suite::Deadline(), [&](db::Txn& txn) {
    std::vector<Entry> found;
    ReadAll(txn, service.name(), case_id, found);
    for (const db::Row& row : txn.Query(kYearsOf, case_id)) {
      ReadAll(txn, service.name(), row.Get<std::string>(0), found);
    }
    entries.insert(entries.end(), found.begin(), found.end());
    return absl::OkStatus();
  });
}

std::string InstantOf(const audit::Act& act, const char* format) {
  return absl::FormatTime(format, act.at, domain::Shanghai());
}

Json JsonOf(const Entry& entry) {
  const audit::Act& act = entry.row.act;
  return Json::Object(
      {{"at", InstantOf(act, "%Y-%m-%dT%H:%M:%E6S%Ez")},
       {"service", entry.service},
       {"case_id", act.case_id},
       {"seq", entry.row.seq},
       {"action", act.action},
       {"from", act.from_state},
       {"to", act.to_state},
       {"actor", act.actor},
       {"role", act.role},
       {"region", act.region},
       {"organisation", act.organisation},
       {"reason", act.reason},
       {"trace_id", act.trace_id},
       {"hash", std::string_view(absl::BytesToHexString(base::Absl(entry.row.hash)))}});
}

std::string LineOf(const Entry& entry) {
  const audit::Act& act = entry.row.act;
  std::string line = base::StrCat(InstantOf(act, "%Y-%m-%d %H:%M:%S"), "  ", entry.service, "  ",
                                  act.action, "  ", act.from_state);
  if (act.to_state != act.from_state) base::StrAppend(&line, " -> ", act.to_state);
  base::StrAppend(&line, "  by ", act.actor, " (", act.role,
                  act.region.empty() ? "" : base::StrCat(" ", act.region), ")");
  if (!act.reason.empty()) base::StrAppend(&line, "  ", act.reason);
  return line;
}

}  // namespace

absl::StatusOr<int> CaseTimeline(const Arguments& arguments, const Context& context) {
  if (arguments.names.empty()) return WrongUse("the case's name is missing");
  ASSIGN_OR_RETURN(const std::string case_id, CaseIdOf(arguments.names[0]));
  ASSIGN_OR_RETURN(const Suite suite, Suite::Load(context));
  std::vector<Entry> entries;
  for (const config::v1::ServiceUnderCare& service : suite.config().services()) {
    RETURN_IF_ERROR(ReadService(suite, service, case_id, entries));
  }
  if (entries.empty()) {
    return absl::NotFoundError(base::StrCat("no service has a history of ", case_id));
  }
  // Entries of one chain come in its order; at one instant the services keep theirs.
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.row.act.at < b.row.act.at; });
  if (!context.json) {
    for (const Entry& entry : entries) context.Say(LineOf(entry));
    return 0;
  }
  std::vector<Json> timeline;
  for (const Entry& entry : entries) timeline.push_back(JsonOf(entry));
  context.Print(Json::Object({{"case_id", case_id}, {"timeline", Json::Array(timeline)}}));
  return 0;
}

}  // namespace alliance::ctl
