// ReadPaper: a piece of a paper, for those who may look into it. Each download leaves a row.

#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"
#include "services/filing/interest_store.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Refuse;

// A download that takes longer is another one.
constexpr absl::Duration kLongestDownload = absl::Hours(1);

// The lead, its recommender and the zone's city, the province and the auditor.
std::optional<Scope> ReaderScope(const domain::Caller& caller) {
  switch (caller.role) {
    case domain::Role::kApplicant:
    case domain::Role::kRecommender:
    case domain::Role::kProvince:
    case domain::Role::kAuditor:
      return ScopeOf(caller);
    default:
      return std::nullopt;
  }
}

// The paper as this reader may see it. The lead sees what it has attached, everybody else what it
// has last submitted: a draft, or a correction on its way, is the lead's alone.
absl::StatusOr<v1::Paper> FindFor(db::Txn& txn, const domain::Caller& reader,
                                  const Application& row, std::string_view paper_id) {
  const std::optional<PaperRow> paper = FindPaper(txn, row.id, paper_id);
  if (!paper) return Refuse(Reason::kNotPermitted);
  v1::Paper attached = ToProto(row.id, *paper);
  if (reader.role == domain::Role::kApplicant) return attached;
  if (row.version_number == 0) return Refuse(Reason::kNotPermitted);
  const auto content = FindVersion(txn, row.id, row.version_number);
  events::v1::ApplicationVersion version;
  if (!content || !version.ParseFromString(*content)) {
    return absl::InternalError("the last locked version cannot be read");
  }
  for (v1::Paper& submitted : *version.mutable_papers()) {
    if (submitted.slot() != paper->slot || submitted.member_credit_code() != paper->member_code) {
      continue;
    }
    submitted.set_name(attached.name());
    return std::move(submitted);
  }
  return Refuse(Reason::kNotPermitted);
}

}  // namespace

absl::Status FilingService::ReadPaper(const rpc::Call& call, const v1::ReadPaperRequest& request,
                                      v1::ReadPaperResponse* answer) {
  constexpr std::string_view kPapers = "/papers/";
  const std::string_view name = request.name();
  const size_t middle = name.find(kPapers);
  act::Shape shape;
  const std::string application_id = shape.Name("name", kApplications, name.substr(0, middle));
  const std::string paper_id(
      middle == std::string_view::npos ? "" : name.substr(middle + kPapers.size()));
  shape.Check(base::IsUuid(paper_id), "name", "NAME", "须为 applications/{uuid}/papers/{uuid}",
              "must be applications/{uuid}/papers/{uuid}");
  shape.Check(request.offset() >= 0, "offset", "NEGATIVE", "不能为负数", "must not be negative");
  shape.Between("limit", request.limit(), 0, kLargestPiece);
  RETURN_IF_ERROR(shape.Done());
  if (!base::IsUuid(request.request_id())) return Refuse(Reason::kRequestIdRequired);
  const std::optional<Scope> scope = ReaderScope(call.caller);
  if (!scope) return Refuse(Reason::kNotPermitted);

  const absl::Time now = deps_.clock.Now();
  bool first = false;
  RETURN_IF_ERROR(deps_.pool.Run(call.deadline, [&](db::Txn& txn) -> absl::Status {
    const auto drafted = FindDrafted(txn, application_id, *scope);
    if (!drafted) return Refuse(Reason::kNotPermitted);
    ASSIGN_OR_RETURN(*answer->mutable_paper(), FindFor(txn, call.caller, *drafted, paper_id));
    RETURN_IF_ERROR(CheckOpen(txn, *drafted, call.caller));
    AccessRow access{.id = request.request_id(),
                     .account = call.caller.account,
                     .paper_id = paper_id,
                     .application_id = application_id,
                     .role = std::string(domain::WordOf(call.caller.role)),
                     .organisation = call.caller.organisation,
                     .region = call.caller.region,
                     .sha256 = answer->paper().sha256(),
                     .read = now,
                     .trace_id = call.trace.trace_id};
    first = InsertAccess(txn, access);
    if (!first) {
      const std::optional<Access> before = FindAccess(txn, access);
      if (!before || before->read + kLongestDownload < now) {
        return Refuse(Reason::kRequestIdReused);
      }
      // Replaced while it was read: half of one and half of the other is neither.
      if (before->sha256 != access.sha256) return Refuse(Reason::kEtagStale);
      access.read = before->read;
    }
    act::SetTime(access.read, answer->mutable_access_time());
    return absl::OkStatus();
  }));
  const std::string& sha256 = answer->paper().sha256();
  if (first) RETURN_IF_ERROR(papers_.Verify(sha256));
  if (request.limit() > 0) {
    ASSIGN_OR_RETURN(*answer->mutable_content(),
                     papers_.Read(sha256, request.offset(), request.limit()));
  }
  return absl::OkStatus();
}

}  // namespace alliance::filing
