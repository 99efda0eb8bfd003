#include <algorithm>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/eligibility.h"
#include "services/review/case_facts.h"
#include "services/review/convert.h"
#include "services/review/review_case.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

using domain::RdSource;

constexpr int64_t kTextLimit = 2000;

// The paper that a verified figure rests on; the form needs none.
std::string_view SlotOf(RdSource source) {
  switch (source) {
    case RdSource::kAuditReport:
      return "A4B_AUDIT_REPORT";
    case RdSource::kA107012Row40:
      return "A4A_DEDUCTION_SHEET";
    case RdSource::kForm:
      return "";
  }
  return "";
}

void CheckShape(const v1::RecordConditionsRequest& request, act::Shape& shape) {
  shape.Etag(request.etag());
  std::vector<domain::ConditionRecord> records;
  for (const v1::ConditionRecord& record : request.conditions()) {
    records.push_back(FromWire(record));
  }
  for (const domain::FieldProblem& problem : domain::CheckConditions(records)) {
    shape.Check(false, problem.field, problem.reason, problem.zh, problem.en);
  }
  for (int i = 0; i < request.conditions_size(); ++i) {
    const std::string at = base::StrCat("conditions[", i, "]");
    shape.OptionalText(base::StrCat(at, ".reason"), request.conditions(i).reason(), kTextLimit);
    shape.OptionalText(base::StrCat(at, ".evidence"), request.conditions(i).evidence(), kTextLimit);
  }
  const bool rd_given = request.verified_rd_fen() != 0 || !request.verified_rd_evidence().empty();
  shape.Check(!rd_given || request.verified_rd_fen() > 0, "verified_rd_fen", "OUT_OF_RANGE",
              "核定数应大于 0", "must be above 0");
  shape.Check(!rd_given || domain::RdSourceOf(request.verified_rd_evidence()).has_value(),
              "verified_rd_evidence", "NOT_IN_LIST", "应为 audit_report、a107012_row40 或 form",
              "must be audit_report, a107012_row40 or form");
  shape.OptionalText("override_reason", request.override_reason(), kTextLimit);
  shape.Check(request.conditions_size() > 0 || rd_given ||
                  !cases::Written(request.override_reason()).empty(),
              "conditions", "REQUIRED", "没有需要记录的内容", "there is nothing to record");
}

// 核定数: at most what was declared, and the paper it is said to rest on is there (Q7).
absl::Status CheckVerifiedRd(act::Step& step, const v1::RecordConditionsRequest& request,
                             const CaseRow& row) {
  if (request.verified_rd_fen() == 0) return absl::OkStatus();
  act::Shape shape;
  shape.Check(request.verified_rd_fen() <= row.declared_rd_fen, "verified_rd_fen", "ABOVE_DECLARED",
              "核定数不得高于申报数", "must not be above the declared amount");
  const std::string_view slot = SlotOf(*domain::RdSourceOf(request.verified_rd_evidence()));
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(step.deps(), row.round_id));
  if (!slot.empty() && domain::KnowsSlot(pack->paper_rules(), slot)) {
    const std::optional<std::string> bytes =
        FindVersion(step.txn(), row.id, row.version_number, Scope::ToAct(step.caller()));
    events::v1::ApplicationVersion version;
    if (!bytes || !version.ParseFromString(*bytes)) {
      return absl::InternalError("the locked version cannot be read");
    }
    shape.Check(std::any_of(version.papers().begin(), version.papers().end(),
                            [&](const filing::v1::Paper& paper) { return paper.slot() == slot; }),
                "verified_rd_evidence", "PAPER_MISSING", base::StrCat("申请材料中没有 ", slot),
                base::StrCat("there is no paper ", slot));
  }
  return shape.Done();
}

// Verdicts are about one version: those given replace the earlier ones, the others stay.
std::vector<domain::ConditionRecord> Merged(std::vector<domain::ConditionRecord> present,
                                            const std::vector<domain::ConditionRecord>& given) {
  for (const domain::ConditionRecord& record : given) {
    const auto known = std::find_if(present.begin(), present.end(), [&](const auto& other) {
      return other.condition == record.condition;
    });
    if (known == present.end()) {
      present.push_back(record);
    } else {
      *known = record;
    }
  }
  std::sort(present.begin(), present.end(),
            [](const auto& a, const auto& b) { return a.condition < b.condition; });
  return present;
}

}  // namespace

// REVIEWING: the findings on article 4, the verified R&D and the answer to overridable problems
// (R-022 … R-027).
absl::Status ReviewService::RecordConditions(const rpc::Call& call,
                                             const v1::RecordConditionsRequest& request,
                                             v1::ReviewCase* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kCasePrefix, request.name());
  CheckShape(request, shape);
  RETURN_IF_ERROR(shape.Done());
  std::vector<domain::ConditionRecord> given;
  for (const v1::ConditionRecord& record : request.conditions()) given.push_back(FromWire(record));

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    constexpr domain::Action kAction = domain::Action::kRecord;
    ASSIGN_OR_RETURN(CaseRow row, cases::Lock<ReviewCase>(step, kAction, id, request.etag()));
    Desk desk;
    const auto gather = [&](const CaseRow& now, domain::Facts& facts) {
      return Gather(step, kAction, now, desk, facts);
    };
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     cases::Decide<ReviewCase>(step, kAction, row, gather));
    RETURN_IF_ERROR(CheckVerifiedRd(step, request, row));

    const DecidedBy by = {.case_id = row.id,
                          .version_number = row.version_number,
                          .account = call.caller.account,
                          .at = step.now()};
    std::vector<audit::SealedRow> sealed = InsertConditionDecisions(step.txn(), by, given);
    if (request.verified_rd_fen() > 0) {
      sealed.push_back(InsertRdDecision(step.txn(), by, request.verified_rd_fen(),
                                        request.verified_rd_evidence()));
      row.verified_rd_fen = request.verified_rd_fen();
      row.verified_rd_evidence = request.verified_rd_evidence();
    }
    row.conditions = PackConditions(Merged(UnpackConditions(row.conditions), given));
    const std::string override_reason = cases::Written(request.override_reason());
    if (!override_reason.empty()) row.override_reason = override_reason;
    RETURN_IF_ERROR(cases::Move<ReviewCase>(step, decision, row,
                                            {.reason = InWhosePlace(desk, override_reason),
                                             .sealed = std::move(sealed)})
                        .status());
    FillCase(row, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
