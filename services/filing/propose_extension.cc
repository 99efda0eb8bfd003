// ProposeExtension: the first of two people asks for more time.

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/text.h"
#include "common/base/uuid.h"
#include "services/filing/convert.h"
#include "services/filing/extension_act.h"
#include "services/filing/filing_service.h"
#include "services/filing/rounds.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Refuse;

// As google.protobuf.Timestamp says: of the years 1 to 9999.
bool IsInstant(const google::protobuf::Timestamp& time) {
  return time.seconds() >= -62'135'596'800 && time.seconds() <= 253'402'300'799 &&
         time.nanos() >= 0 && time.nanos() < 1'000'000'000;
}

// Everything about the request that needs no case.
absl::Status CheckShape(const v1::ProposeExtensionRequest& request, ExtensionRow* row) {
  act::Shape shape;
  row->round_id = shape.Slug("round", kRounds, request.round());
  shape.Check(request.region().empty() != request.application().empty(), "application", "ONE_OF",
              "application 与 region 须填且仅填一项", "give either application or region");
  if (!request.application().empty()) {
    row->application_id = shape.Name("application", kApplications, request.application());
  }
  row->region = request.region();
  const bool known = request.deadline() == v1::Extension::ENTERPRISE ||
                     request.deadline() == v1::Extension::RECOMMENDER;
  shape.Check(known, "deadline", "REQUIRED", "须为 ENTERPRISE 或 RECOMMENDER",
              "must be ENTERPRISE or RECOMMENDER");
  const bool timed = request.has_close_time() && IsInstant(request.close_time());
  shape.Check(timed, "close_time", "REQUIRED", "须为有效时间", "must be an instant");
  shape.Text("reason", request.reason());
  shape.Document("document", request.document());
  RETURN_IF_ERROR(shape.Done());
  row->deadline = request.deadline() == v1::Extension::ENTERPRISE ? domain::Deadline::kEnterprise
                                                                  : domain::Deadline::kRecommender;
  row->close = absl::FromUnixSeconds(request.close_time().seconds()) +
               absl::Microseconds(request.close_time().nanos() / 1000);
  row->reason = std::string(base::Trim(request.reason()));
  row->document = request.document().SerializeAsString();
  return absl::OkStatus();
}

// What the round's pack says about region and reason.
absl::Status CheckByPack(const rules::Pack& pack, const ExtensionRow& row) {
  act::Shape shape;
  if (row.application_id.empty()) {
    shape.Check(pack.FindRecommender(row.region) != nullptr, "region", "NOT_IN_LIST",
                "不是本批次的推荐单位", "is no recommender of this round");
  }
  const int least = pack.proto().extensions().reason_characters();
  shape.Check(static_cast<int64_t>(base::VisibleLength(row.reason)) >= least, "reason", "TOO_SHORT",
              base::StrCat("理由至少", least, "个字"),
              base::StrCat("needs at least ", least, " characters"));
  return shape.Done();
}

}  // namespace

absl::Status FilingService::ProposeExtension(const rpc::Call& call,
                                             const v1::ProposeExtensionRequest& request,
                                             v1::Extension* answer) {
  const bool region_asks = call.caller.role == domain::Role::kRecommender;
  if (!region_asks && call.caller.role != domain::Role::kProvince) {
    return Refuse(Reason::kNotPermitted);
  }
  ExtensionRow asked;
  RETURN_IF_ERROR(CheckShape(request, &asked));
  if (region_asks && asked.application_id.empty() && asked.region != call.caller.region) {
    return Refuse(Reason::kNotPermitted);
  }
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, asked.round_id));
  RETURN_IF_ERROR(CheckByPack(*pack, asked));

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ExtensionRow row = asked;
    ASSIGN_OR_RETURN(const std::optional<Application> application, LockExtended(step.txn(), row));
    if (application) {
      row.region = application->region;
      if (region_asks && row.region != call.caller.region) return Refuse(Reason::kNotPermitted);
    }
    ASSIGN_OR_RETURN(row.previous_close,
                     CheckExtension(deps_, step.txn(), step.now(), row, application));
    row.id = base::NewUuid7();
    row.proposer = call.caller.account;
    row.propose = step.now();
    audit::SealedRow sealed = InsertProposal(step.txn(), row);
    step.Record({.case_id = ChainOf(row),
                 .action = "propose_extension",
                 .to_state = "PROPOSED",
                 .reason = row.reason,
                 .paper_digest = request.document().sha256(),
                 .rules_digest = pack->digest(),
                 .sealed = {std::move(sealed)}});
    FillExtension(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
