// GetAllianceYear and SubmitAnnualReport (article 7, R-090 … R-092).

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "alliance/events/v1/events.pb.h"
#include "common/act/shape.h"
#include "common/act/timeline.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/text.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "common/domain/eligibility.h"
#include "common/rules/packs.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"
#include "services/filing/registry_store.h"
#include "services/filing/rounds.h"
#include "services/filing/year_case.h"

namespace alliance::filing {
namespace {

using domain::Action;
using domain::Paper;
using domain::Reason;
using domain::Refuse;

constexpr size_t kUuidLength = 36;
constexpr std::string_view kYears = "/years/";
constexpr int64_t kMostActivities = 10'000;

// "alliances/{uuid}/years/{yyyy}" → "{uuid}-{yyyy}", the id of the yearly case; "" when wrong.
std::string YearIdOf(std::string_view name, act::Shape* shape) {
  std::string id;
  if (name.starts_with(kAlliances)) {
    name.remove_prefix(kAlliances.size());
    const std::string_view year = name.size() == kUuidLength + kYears.size() + 4
                                      ? name.substr(kUuidLength + kYears.size())
                                      : "";
    const bool digits = !year.empty() && std::all_of(year.begin(), year.end(),
                                                     [](char c) { return c >= '0' && c <= '9'; });
    if (digits && name.substr(kUuidLength, kYears.size()) == kYears &&
        base::IsUuid(name.substr(0, kUuidLength))) {
      id = base::StrCat(name.substr(0, kUuidLength), "-", year);
    }
  }
  shape->Check(!id.empty(), "name", "NAME", "名称应为 alliances/{uuid}/years/{yyyy}",
               "must be alliances/{uuid}/years/{yyyy}");
  return id;
}

// The shape of what is there; what is missing, the rule says as PAPER_REQUIRED.
void CheckReport(const v1::AnnualReport& report, int64_t text_limit, int64_t most_fen,
                 act::Shape* shape) {
  shape->OptionalText("report.summary", report.summary(), text_limit);
  shape->OptionalText("report.next_year_plan", report.next_year_plan(), text_limit);
  shape->Between("report.activity_count", report.activity_count(), 0, kMostActivities);
  shape->Between("report.rd_spend_fen", report.rd_spend_fen(), 0, most_fen);
  shape->Between("report.evidenced_rd_fen", report.evidenced_rd_fen(), 0, most_fen);
  const auto source = domain::RdSourceOf(report.rd_evidence_kind());
  shape->Check(source.has_value(), "report.rd_evidence_kind", "NOT_IN_LIST",
               "应为 audit_report、a107012_row40 或 form",
               "must be audit_report, a107012_row40 or form");
  shape->Check(!source || *source == domain::RdSource::kForm || report.has_evidenced_rd_fen(),
               "report.evidenced_rd_fen", "REQUIRED", "必填", "is required");
  if (report.has_rd_evidence()) shape->Document("report.rd_evidence", report.rd_evidence());
}

domain::PaperSet PapersIn(const v1::AnnualReport& report) {
  domain::PaperSet papers;
  if (base::VisibleLength(report.summary()) > 0) papers.Add(Paper::kActivitySummary);
  if (base::VisibleLength(report.next_year_plan()) > 0) papers.Add(Paper::kActivityPlan);
  if (report.has_activity_count() && report.has_rd_spend_fen()) papers.Add(Paper::kStatistics);
  if (report.has_rd_evidence()) papers.Add(Paper::kRdEvidence);
  return papers;
}

}  // namespace

absl::Status FilingService::GetAllianceYear(const rpc::Call& call,
                                            const v1::GetAllianceYearRequest& request,
                                            v1::AllianceYear* answer) {
  act::Shape shape;
  const std::string id = YearIdOf(request.name(), &shape);
  RETURN_IF_ERROR(shape.Done());
  const std::optional<Scope> scope = ScopeOf(call.caller);
  if (!scope) return Refuse(Reason::kNotPermitted);
  bool due = false;
  const auto read = [&](db::Txn& txn) -> absl::Status {
    const auto row = FindYear(txn, id, *scope);
    if (!row) return Refuse(Reason::kNotPermitted);
    due = cases::IsDue<YearCase>(*row, deps_.clock.Now());
    if (due) return absl::OkStatus();
    answer->Clear();
    FillYear(*row, call.caller, answer);
    if (row->report_number > 0) {
      const auto report = FindReport(txn, *row);
      if (!report || !answer->mutable_report()->ParseFromString(*report)) {
        return absl::InternalError("a stored report cannot be read");
      }
    }
    act::FillTimeline(audit::ReadTimeline(txn, row->id), call.caller, answer->mutable_timeline());
    HideInside(call.caller, answer->mutable_timeline());
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, read));
  if (!due) return absl::OkStatus();
  cases::Sweep<YearCase>(deps_, call, {id});
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, read));
  return due ? absl::InternalError("the clock did not act") : absl::OkStatus();
}

absl::Status FilingService::SubmitAnnualReport(const rpc::Call& call,
                                               const v1::SubmitAnnualReportRequest& request,
                                               v1::AllianceYear* answer) {
  const v1::AnnualReport& report = request.report();
  // The limits of the newest pack: shape only; what decides is the year's own deadline, in its row.
  const rules::Pack& newest = *deps_.packs.Latest();
  act::Shape shape;
  const std::string id = YearIdOf(request.name(), &shape);
  shape.Etag(request.etag());
  CheckReport(report, newest.proto().annual_report().text_limit(),
              newest.form_rules().amount_limit.value(), &shape);
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(YearRow row, cases::Lock<YearCase>(step, Action::kReport, id, request.etag()));
    const auto gather = [&](const YearRow& now, domain::Facts& facts) {
      facts.papers_given = PapersIn(report);
      facts.report_opens = now.report_opens;
      facts.report_closes = now.report_until;
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<YearCase>(step, Action::kReport, row, gather));
    const rules::Pack* pack = deps_.packs.ForYear(row.year);
    if (pack == nullptr) pack = &newest;
    ASSIGN_OR_RETURN(const domain::VerifiedRd verified,
                     domain::VerifyRd(domain::Fen(report.rd_spend_fen()),
                                      *domain::RdSourceOf(report.rd_evidence_kind()),
                                      domain::Fen(report.evidenced_rd_fen()),
                                      pack->proto().form().rd_tolerance_percent()));

    ++row.report_number;
    row.verified_rd_fen = verified.amount.value();
    const std::string content = report.SerializeAsString();
    cases::Note note{.paper_digest = report.rd_evidence().sha256()};
    // X09: further apart than the tolerance; the evaluation sees it with the report.
    if (verified.differs) note.reason = verified.differs->zh;
    note.sealed.push_back(
        InsertReport(step.txn(), row, crypto::Sha256(content), content, step.now()));
    events::v1::AnnualReportSubmitted* body =
        note.events.emplace_back().mutable_annual_report_submitted();
    body->set_alliance_id(row.alliance_id);
    body->set_year(row.year);
    *body->mutable_report() = report;
    body->set_verified_rd_fen(verified.amount.value());
    RETURN_IF_ERROR(cases::Move<YearCase>(step, decision, row, std::move(note)).status());

    FillYear(row, call.caller, answer);
    *answer->mutable_report() = report;
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
