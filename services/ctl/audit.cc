#include <vector>

#include "absl/time/clock.h"
#include "common/audit/verify.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/signing.h"
#include "services/ctl/case_name.h"
#include "services/ctl/commands.h"
#include "services/ctl/suite.h"

namespace alliance::ctl {
namespace {

// Reading everything of a whole round takes minutes, not seconds.
constexpr absl::Duration kLongestVerify = absl::Minutes(30);

absl::StatusOr<audit::VerifyReport> VerifyService(const Suite& suite,
                                                  const config::v1::ServiceUnderCare& service,
                                                  const std::string& case_id) {
  ASSIGN_OR_RETURN(const crypto::Verifier key, crypto::Verifier::Load(service.audit_key_file()));
  ASSIGN_OR_RETURN(const auto pool, suite.OpenAsAuditor(service));
  const audit::VerifyOptions options{
      .outside_path = service.checkpoint_file(), .case_id = case_id, .sealed_tables = {}};
  return audit::Verify(*pool, key, options, absl::Now() + kLongestVerify);
}

}  // namespace

absl::StatusOr<int> AuditVerify(const Arguments& arguments, const Context& context) {
  std::string case_id;
  if (arguments.Has("--case")) {
    ASSIGN_OR_RETURN(case_id, CaseIdOf(*arguments.Get("--case")));
  }
  ASSIGN_OR_RETURN(const Suite suite, Suite::Load(context));
  std::vector<Json> services;
  size_t findings = 0;
  for (const config::v1::ServiceUnderCare& service : suite.config().services()) {
    const absl::StatusOr<audit::VerifyReport> report = VerifyService(suite, service, case_id);
    if (!report.ok()) {
      return absl::Status(report.status().code(),
                          base::StrCat(service.name(), ": ", base::Std(report.status().message())));
    }
    findings += report->findings.size();
    std::vector<Json> rows;
    for (const audit::Finding& finding : report->findings) {
      rows.push_back(Json::Object(
          {{"kind", Name(finding.kind)}, {"row", finding.row}, {"text", finding.text}}));
      if (!context.json) {
        context.Say(base::StrCat(service.name(), ": ", Name(finding.kind), " ", finding.row, ": ",
                                 finding.text));
      }
    }
    services.push_back(Json::Object({{"service", service.name()},
                                     {"cases", report->cases},
                                     {"history_rows", report->history_rows},
                                     {"sealed_rows", report->sealed_rows},
                                     {"checkpoints", report->checkpoints},
                                     {"outside_checkpoints", report->outside_checkpoints},
                                     {"findings", Json::Array(rows)}}));
    if (!context.json) {
      context.Say(base::StrCat(service.name(), ": ", report->cases, " cases, ",
                               report->history_rows, " acts, ", report->sealed_rows,
                               " sealed rows, ", report->checkpoints, " checkpoints, ",
                               report->findings.size(), " findings"));
    }
  }
  if (context.json) {
    context.Print(Json::Object({{"clean", findings == 0}, {"services", Json::Array(services)}}));
  } else {
    context.Say(findings == 0 ? "clean" : base::StrCat(findings, " findings"));
  }
  return findings == 0 ? 0 : 1;
}

}  // namespace alliance::ctl
